"""What the regions of a study make, of what: the panel's industries and one remainder."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.accounts.indicators import indicator_of, indicators_of
from yanzhen.accounts.input_output import InputOutputTable
from yanzhen.accounts.panel import Floats, positions
from yanzhen.accounts.regional_inputs import RegionalInputs, regional_inputs
from yanzhen.accounts.study_table import with_sectors
from yanzhen.effects.words import message
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import Problem, Study, StudyError, WantOfData

REMAINDER = "remainder"
"""Code of everything that is not among the panel's industries."""
MOST_NAMED = 10


@dataclass(frozen=True)
class Production:
    """What N regions make in S industries, the last being the remainder.

    Attributes
    ----------
    output : (N, S)
    value_added_share : (N, S) γ
    input_share : (N, S, S) γ_nks, inputs of the row's industry, from the nation and from abroad
    domestic : (S,) part of the inputs of each product that the nation itself makes
    own_share : (N, S) part of what a region uses of a product that it makes itself, by its own
        table; NaN where not known
    assumptions : keys of what is assumed
    """

    output: Floats
    value_added_share: Floats
    input_share: Floats
    domestic: Floats
    own_share: Floats
    assumptions: tuple[str, ...]


def production(inputs: StudyInputs, nation: InputOutputTable) -> Production:
    """Put a study's output, GDP and input-output coefficients together.

    The remainder's value added is GDP less that of the panel's industries, its output that over the
    nation's share of value added. What an industry buys is in the proportions of its region's own
    table where there is one (`yanzhen.accounts.regional_inputs`), otherwise in the nation's, as is
    what the remainder buys. Its share of value added is its region's own of the panel's last year
    where both figures are known. Inputs of a product beyond all that is made of it come from abroad
    and count with value added.

    Parameters
    ----------
    nation : table of one region with all sectors

    Raises
    ------
    WantOfData
        When the GDP of a region is not known, or not above what its industries add.
    StudyError
        When industries' inputs are all their output or more.
    """
    study, panel = inputs.study, inputs.panel
    gdp = indicator_of(indicators_of(study), "gdp", panel.regions, panel.base_year)
    unknown = [code for code, each in zip(panel.regions, gdp, strict=True) if not np.isfinite(each)]
    if unknown:
        raise WantOfData([_of_gdp(study, "no_gdp", unknown, panel.base_year)])
    added, used, domestic = national_shares(nation, panel.industries)
    problems = list(_exhausted(study, panel.industries, added))
    if problems:
        raise StudyError(problems)
    made = np.nan_to_num(inputs.advantage.output)
    tables = regional_inputs(study, panel, made, with_sectors(nation, panel.industries))
    added, used = _of_regions(tables, len(gdp), added, used)
    own = _own_shares(inputs)
    share = np.where(np.isfinite(own), own, added[:, :-1])
    rest = gdp - (share * made).sum(axis=1)
    beyond = [code for code, each in zip(panel.regions, rest, strict=True) if not each > 0]
    if beyond:
        raise WantOfData([_of_gdp(study, "beyond_gdp", beyond, panel.base_year)])
    output = np.column_stack([made, rest / added[:, -1]])
    share = np.column_stack([share, added[:, -1]])
    scale = np.divide(1 - share, 1 - added, out=np.zeros_like(share), where=added < 1)
    bought = used * scale[:, None, :]
    needed = np.einsum("nks,ns->k", bought, output)
    total = output.sum(axis=0)
    at_home = np.divide(total, needed, out=np.ones_like(total), where=needed > total)
    bought = bought * at_home[None, :, None]
    of_tables = "national_coefficients" if tables is None else "own_coefficients"
    assumed = ["remainder", of_tables, "closed"]
    assumed += ["own_value_added"] if np.isfinite(own).any() else []
    assumed += ["without_output"] if not np.isfinite(inputs.advantage.output).all() else []
    assumed += ["imports_beyond_output"] if (at_home < 1).any() else []
    return Production(
        output, 1 - bought.sum(axis=1), bought, domestic, _made_there(tables, share), tuple(assumed)
    )


def _of_regions(
    tables: RegionalInputs | None, regions: int, added: Floats, used: Floats
) -> tuple[Floats, Floats]:
    """(N, S) value added and (N, S, S) inputs per unit of output, by own tables where they tell."""
    shares = np.tile(added, (regions, 1))
    inputs = np.tile(used, (regions, 1, 1))
    if tables is None:
        return shares, inputs
    bought = np.concatenate([tables.products, tables.others[:, None]], axis=1)
    told = bought.sum(axis=1) > 0
    shares[:, :-1] = np.where(told, tables.value_added, shares[:, :-1])
    inputs[:, :, :-1] = np.where(told[:, None], bought, inputs[:, :, :-1])
    return shares, inputs


def _made_there(tables: RegionalInputs | None, share: Floats) -> Floats:
    """(N, S) own shares, in the shape of another array."""
    if tables is None:
        return np.full_like(share, np.nan)
    return np.column_stack([tables.own_share, tables.others_own_share])


def national_shares(
    nation: InputOutputTable, industries: tuple[str, ...]
) -> tuple[Floats, Floats, Floats]:
    """(S + 1,) value added and (S + 1, S + 1) inputs per unit of output, the rest added up.

    And (S + 1,) the part of the inputs of each product that the nation makes.

    An industry that the table does not list has the shares of all the listed ones together.
    """
    table = with_sectors(nation, industries)
    place = {code: k for k, code in enumerate(industries)}
    at = np.array([place.get(code, len(industries)) for code in table.sectors])
    member = (at[None] == np.arange(len(industries) + 1)[:, None]).astype(np.float64)
    flows, output = member @ table.intermediate @ member.T, member @ table.output
    listed = output > 0
    used = np.divide(flows, output, out=np.zeros_like(flows), where=listed)
    mean = flows[:, :-1].sum(axis=1) / max(float(output[:-1].sum()), np.finfo(float).tiny)
    used[:, :-1] = np.where(listed[:-1], used[:, :-1], mean[:, None])
    bought, at_home = flows.sum(axis=1), (member @ table.domestic @ member.T).sum(axis=1)
    domestic = np.divide(at_home, bought, out=np.ones_like(bought), where=bought > 0)
    return 1 - used.sum(axis=0), used, domestic


def _own_shares(inputs: StudyInputs) -> Floats:
    """(N, S) value added over output where both are a region's own and fit, otherwise NaN."""
    panel = inputs.panel
    rows = inputs.study.tables["activity"].filter(
        pl.col("year") == panel.base_year,
        pl.col("region").is_in(panel.regions),
        pl.col("industry").is_in(panel.industries),
        pl.col("output") > 0,
        (pl.col("value_added") > 0) & (pl.col("value_added") < pl.col("output")),
    )
    own = np.full((len(panel.regions), len(panel.industries)), np.nan)
    at = positions(rows["region"], panel.regions), positions(rows["industry"], panel.industries)
    own[at] = (rows["value_added"] / rows["output"]).to_numpy()
    return own


def _exhausted(study: Study, industries: tuple[str, ...], added: Floats) -> Iterator[Problem]:
    for code, share in zip((*industries, REMAINDER), added, strict=True):
        if not share > 0:
            words = message("inputs_beyond_output", industry=code, share=1 - share)
            yield Problem.at(study.path, "input_output", None, "value", *words)


def _of_gdp(study: Study, key: str, regions: list[str], year: int) -> Problem:
    more = f" (+ {len(regions) - MOST_NAMED})" if len(regions) > MOST_NAMED else ""
    named = (", ".join(regions[:MOST_NAMED]) + more, "、".join(regions[:MOST_NAMED]) + more)
    words = message(key, regions=named, year=year)
    return Problem.at(study.path, "indicators", None, "value", *words)
