"""The multi-regional table of a study: its own, or one estimated from the nation's and regions'."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.indicators import indicator_of, indicators_of
from yanzhen.accounts.input_output import Floats, InputOutputTable
from yanzhen.accounts.multiregional import Technology, gravity_table
from yanzhen.accounts.panel import Panel, no_output, require_money
from yanzhen.accounts.regional_inputs import RegionalInputs, regional_inputs
from yanzhen.accounts.study_table import in_order, study_table, with_sectors
from yanzhen.advantage.access import decayed
from yanzhen.study import Study, WantOfData
from yanzhen.study.result_columns import columns

OTHER_SECTORS = "other_sectors"
"""Final use that stands for the purchases of sectors without output by region."""
LEAST_NEARNESS = 1e-200
"""What remains of nearness where exp(−d / reach) would be nothing: all can trade with all."""
WITHOUT_OUTPUT = columns("region industry")


@dataclass(frozen=True)
class SupplyTable:
    """A table of regions, and the nation's table with every sector.

    Attributes
    ----------
    table : of the regions; estimated unless the study has one
    nation : of all sectors, also those that no region's figures are known of
    without_output : cells whose output is not known, zero in the table
    own_year : of the regions' own tables that their inputs rest on; None without such tables
    """

    table: InputOutputTable
    nation: InputOutputTable
    without_output: Annotated[pl.DataFrame, WITHOUT_OUTPUT]
    own_year: int | None


def supply_table(
    study: Study, panel: Panel, output: Floats, distance: Floats, reach_km: float
) -> SupplyTable:
    """The multi-regional table of a study nearest to the panel's last year.

    Where the study has only a national table, it is cut to the panel's industries (`condensed`)
    and spread over the regions by `gravity_table`: output by the regions' shares of the completed
    output, final demand by GDP (by output where GDP is missing), trade by gravity with nearness
    exp(−d / reach), which is one for all where no distance is known. Where regions have tables of
    their own, inputs and the share that a region supplies itself rest on them
    (`accounts.regional_inputs`). Such a table is ESTIMATED, and single flows of it are no findings.

    Parameters
    ----------
    output : (N, S) completed output of the panel's last year
    distance : (N, N) km, NaN where no distance is known
    reach_km : over which nearness falls by the factor e

    Raises
    ------
    WantOfData
        When the study has no input-output table, its sizes are no money, or no region has an output
        in the panel's last year.
    StudyError
        When its table is none of an economy's.
    """
    require_money(study)
    found = study_table(study, panel.base_year)
    if found.regions is not None:
        return SupplyTable(found.regions, found.nation, WITHOUT_OUTPUT.frame(), None)
    nation = with_sectors(found.nation, panel.industries)
    located = np.nansum(output, axis=0) > 0
    made = tuple(code for code, known in zip(panel.industries, located, strict=True) if known)
    if not made:
        raise WantOfData([no_output(study)])
    cut = in_order(with_sectors(condensed(nation, made), panel.industries), panel.industries)
    inputs = regional_inputs(study, panel, output, nation)
    estimated = gravity_table(
        cut,
        panel.regions,
        regional_output(output, cut.output),
        market_size(study, panel, output),
        nearness(distance, reach_km),
        None if inputs is None else _technology(cut, inputs, located),
        None if inputs is None else inputs.own_share,
    )
    n, s = np.nonzero(~np.isfinite(output))
    unknown = pl.DataFrame(
        {
            "region": np.array(panel.regions, dtype=object)[n].tolist(),
            "industry": np.array(panel.industries, dtype=object)[s].tolist(),
        },
        schema=WITHOUT_OUTPUT.types,
    )
    own_year = None if inputs is None else inputs.year
    return SupplyTable(estimated, nation, unknown, own_year)


def _technology(
    cut: InputOutputTable, inputs: RegionalInputs, located: NDArray[np.bool_]
) -> Technology:
    """Regions' inputs in the items of a cut table, imported in the nation's share of each.

    Parameters
    ----------
    located : (S,) whose output is known in some region; the others are among the other sectors
    """
    bought, added = cut.intermediate, cut.value_added[:-1]
    home = np.divide(cut.domestic, bought, out=np.zeros_like(bought), where=bought > 0)
    total = added.sum(axis=0)
    parts = np.divide(added, total, out=np.zeros_like(added), where=total > 0)
    others = inputs.others + inputs.products[:, ~located].sum(axis=1)
    products = inputs.products * located[:, None]
    return Technology(
        domestic=products * home,
        imported=products * (1 - home),
        value_added=np.concatenate([inputs.value_added[:, None] * parts, others[:, None]], axis=1),
    )


def nearness(distance: Floats, reach_km: float) -> Floats:
    """(N, N) exp(−d / reach) > 0; one for all where no distance is known."""
    near: Floats = np.maximum(decayed(np.nan_to_num(distance), reach_km), LEAST_NEARNESS)
    return near


def condensed(nation: InputOutputTable, kept: tuple[str, ...]) -> InputOutputTable:
    """A national table of some of its sectors, in the order given.

    What the others buy of a kept sector becomes the final use `other_sectors`, what a kept sector
    buys of the others an item of value added of that name. The table balances as the nation's.
    """
    at = [nation.sectors.index(sector) for sector in kept]
    rest = [k for k in range(len(nation.sectors)) if k not in at]
    bought = nation.intermediate[np.ix_(rest, at)].sum(axis=0)
    return InputOutputTable(
        year=nation.year,
        status=nation.status,
        regions=tuple(nation.regions[k] for k in at),
        sectors=kept,
        domestic=nation.domestic[np.ix_(at, at)],
        imported=nation.imported[np.ix_(at, at)],
        final_regions=(*nation.final_regions, nation.regions[0]),
        final_uses=(*nation.final_uses, OTHER_SECTORS),
        final_domestic=np.column_stack(
            [nation.final_domestic[at], nation.domestic[np.ix_(at, rest)].sum(axis=1)]
        ),
        final_imported=np.column_stack(
            [nation.final_imported[at], nation.imported[np.ix_(at, rest)].sum(axis=1)]
        ),
        value_added_items=(*nation.value_added_items, OTHER_SECTORS),
        value_added=np.vstack([nation.value_added[:, at], bought]),
        output=nation.output[at],
    )


def regional_output(output: Floats, total: Floats) -> Floats:
    """(N, S) output brought to the (S,) totals of a table; a cell not known counts as nothing."""
    known: Floats = np.nan_to_num(output)
    sums = known.sum(axis=0)
    scale: Floats = np.divide(total, sums, out=np.zeros_like(total), where=sums > 0)
    return known * scale


def market_size(study: Study, panel: Panel, output: Floats) -> Floats:
    """(N,) weight of each region in final demand: its GDP, otherwise its output."""
    gdp = indicator_of(indicators_of(study), "gdp", panel.regions, panel.base_year)
    return gdp if np.isfinite(gdp).all() else np.nansum(output, axis=1)
