"""Where the advantage is: what all measures of this room say about one study and year."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.completion import completed as completed_output
from yanzhen.accounts.panel import Floats, Panel, output_panel, require_output, whole_panel
from yanzhen.accounts.supply_gaps import GAPS
from yanzhen.advantage.attraction import LocationalAdvantage, locational_advantage
from yanzhen.advantage.autocorrelation import autocorrelations, nearest_neighbours
from yanzhen.advantage.changes import CENTRES, MACRO_SHIFTS, SHIFT_SHARE, Changes, changes
from yanzhen.advantage.complexity import (
    complexity,
    industry_complexity,
    outlook_gain,
    region_complexity,
)
from yanzhen.advantage.concentration import (
    concentration,
    ellison_glaeser,
    enterprise_herfindahl,
)
from yanzhen.advantage.cross_table import cross_table, long_frame
from yanzhen.advantage.gradient import gradients
from yanzhen.advantage.opportunities import opportunities
from yanzhen.advantage.pressure import pressure_to_leave
from yanzhen.advantage.ranking import CAPACITY, GROUPS, WEIGHTS, ranking
from yanzhen.advantage.relatedness import PROXIMITIES, proximities, proximity
from yanzhen.advantage.specialisation import presence, specialisation
from yanzhen.advantage.supply import supply
from yanzhen.advantage.undefined import (
    NOT_DEFINED,
    not_defined,
    of_autocorrelation,
    of_change,
    of_complexity,
    of_gradient,
    of_nothing,
    of_plants,
)
from yanzhen.study import Study, require_checked
from yanzhen.study.assumptions import parameter_values, used_parameters
from yanzhen.study.result_columns import NOT_EVALUATED, Columns, columns
from yanzhen.study.short_repr import ShortRepr
from yanzhen.study.statuses import ESTIMATED, MISSING

NEIGHBOURS = 4
"""Nearest regions that count as neighbours of each."""
FEWEST_REGIONS = 10
"""Among fewer regions nearly all are neighbours, and their likeness says nothing."""
REGIONS = columns(
    """region macro_region output krugman hachman herfindahl effective_industries diversity eci
    fitness outlook observed estimated missing""",
    fractional="diversity",
)
"""`observed`, `estimated` and `missing` count cells."""
INDUSTRIES = columns(
    """industry output herfindahl hoover locational_gini gini ellison_glaeser ubiquity pci
    complexity observed estimated missing""",
    fractional="ubiquity",
)
"""`complexity` is of the fitness method; `observed`, `estimated` and `missing` count cells."""
SPECIALISATION = columns(
    "region industry output output_status location_quotient density outlook_gain gradient"
)
"""`output_status` is observed, estimated, synthetic or missing."""
AUTOCORRELATION = columns("industry moran expected z p regions", expected="index")
"""Of location quotients."""
RANKED = Columns({"region": "region", "macro_region": "macro_region", **CAPACITY})
PRESSURE = columns(
    """region industry cost emission_intensity share_lost gradient cost_percentile
    emission_intensity_percentile share_lost_percentile gradient_percentile pressure pressure_low
    pressure_high known output_status"""
)
OPPORTUNITIES = columns(
    """region industry location_quotient relatedness outlook_gain supply_gap supplier_access
    market_access cost pci national_output relatedness_percentile outlook_gain_percentile
    supply_gap_percentile supplier_access_percentile market_access_percentile cost_percentile
    mean_percentile known output_status"""
)


@dataclass(frozen=True, repr=False)
class Diagnosis(ShortRepr):
    """Specialisation, relatedness, change, capacity, pressure and opportunities of regions.

    Levels use output completed as in `accounts.completion`; change uses cells observed in both
    years only. Null is not known. Amounts are in the study's units.

    Attributes
    ----------
    study : what it is about
    year : of the levels
    first_year : from which change is measured; null where no earlier year is observed
    not_defined : what the data are there for and the indicator's own definition does not cover: see
        `advantage.undefined`
    """

    study: Study
    year: int
    first_year: int | None
    regions: Annotated[pl.DataFrame, REGIONS]
    industries: Annotated[pl.DataFrame, INDUSTRIES]
    specialisation: Annotated[pl.DataFrame, SPECIALISATION]
    proximities: Annotated[pl.DataFrame, PROXIMITIES]
    shift_share: Annotated[pl.DataFrame, SHIFT_SHARE]
    macro_shifts: Annotated[pl.DataFrame, MACRO_SHIFTS]
    centres: Annotated[pl.DataFrame, CENTRES]
    autocorrelation: Annotated[pl.DataFrame, AUTOCORRELATION]
    capacity: Annotated[pl.DataFrame, RANKED]
    capacity_groups: Annotated[pl.DataFrame, GROUPS]
    capacity_weights: Annotated[pl.DataFrame, WEIGHTS]
    pressure: Annotated[pl.DataFrame, PRESSURE]
    opportunities: Annotated[pl.DataFrame, OPPORTUNITIES]
    supply_gaps: Annotated[pl.DataFrame, GAPS]
    not_evaluated: Annotated[pl.DataFrame, NOT_EVALUATED]
    not_defined: Annotated[pl.DataFrame, NOT_DEFINED]


# Kept whole: a line for each table, in the order in which one rests on another.
def diagnose(study: Study, year: int | None = None, seed: int = 0) -> Diagnosis:
    """Diagnose every region and manufacturing industry of a study.

    Parameters
    ----------
    study : a checked study
    year : one with observed output; the last one if none is given
    seed : of permutations, rank intervals and intervals of pressure

    Raises
    ------
    WantOfData
        If the study holds no output of manufacturing.
    ValueError
        If it holds none of that year.
    StudyError
        If the study has a parameter that nothing uses.
    """
    study = require_checked(study)
    whole = output_panel(study)
    require_output(study, whole)
    year = whole.base_year if year is None else year
    if year < whole.years[0]:
        whole = whole_panel(study)
    if year not in whole.years:
        known = ", ".join(str(each) for each in whole.years)
        raise ValueError(f"no output is observed in {year}; years with output: {known}")
    reach = parameter_values(used_parameters(study))["access_decay"]
    # A later year helps to complete an earlier one, but what follows must not look ahead.
    completed = completed_output(whole)
    last = whole.years.index(year)
    panel = whole.of_years(range(last + 1))
    output = completed[:, :, last]
    found = locational_advantage(study, panel, output, reach)
    cells = _cells(panel, output)
    changed = changes(study, panel)
    gaps = supply(study, panel, output, found.distance, reach)
    graded, gradient = _gradients(study, panel)
    ranked = ranking(study, panel, completed[:, :, : last + 1], reach, seed)
    neighbours, unplaced = _autocorrelation(cells, panel, found, seed)
    industries, plants = _industries(study, cells)
    specialised = _specialisation(cells, panel, found, gradient)
    off = pl.concat(
        [
            found.not_evaluated.filter(pl.col("term") != "distance"),
            *(each.not_evaluated for each in (changed, gaps, ranked)),
            NOT_EVALUATED.frame([*graded, *unplaced, *plants]),
        ]
    )
    return Diagnosis(
        study=study,
        year=year,
        first_year=changed.first_year,
        regions=_regions(study, cells),
        industries=industries,
        specialisation=specialised,
        proximities=proximities(cells, "output"),
        shift_share=changed.shift_share,
        macro_shifts=changed.macro_shifts,
        centres=changed.centres,
        autocorrelation=neighbours.drop("undefined"),
        capacity=_with_macro_region(ranked.capacity, study),
        capacity_groups=ranked.groups,
        capacity_weights=ranked.weights,
        pressure=_pressure(cells, panel, found, changed, gradient, seed),
        opportunities=_opportunities(cells, panel, found, gaps.share_open),
        supply_gaps=gaps.gaps,
        not_evaluated=off.unique(maintain_order=True),
        not_defined=not_defined(
            [
                *of_nothing(panel.regions, panel.industries, output),
                *of_complexity(panel.regions, found.location_quotient),
                *([] if unplaced else of_autocorrelation(neighbours)),
                *of_plants(
                    enterprise_herfindahl(study.tables["enterprises"], "output"), industries
                ),
                *of_gradient(_of_year(study, panel), specialised),
                *of_change(changed.shift_share, changed.macro_shifts),
                *((term, None, None, reason) for term, reason in ranked.undefined),
            ]
        ),
    )


def _cells(panel: Panel, output: Floats) -> pl.DataFrame:
    """Every pair of region and industry with its output and where it comes from."""
    given = panel.status[:, :, -1]
    completed = np.isfinite(output) & (given == MISSING)
    status = np.where(completed, ESTIMATED, given)
    return long_frame(panel.regions, panel.industries, {"output": output}).with_columns(
        pl.Series("output_status", status.ravel().tolist(), dtype=pl.String)
    )


def _counts(cells: pl.DataFrame, by: str) -> pl.DataFrame:
    """Sum of output and number of cells by where they come from."""
    status = pl.col("output_status")
    return cells.group_by(by, maintain_order=True).agg(
        output=pl.when(pl.col("output").count() > 0).then(pl.col("output").sum()),
        observed=status.is_in(["observed", "synthetic"]).sum().cast(pl.Int64),
        estimated=(status == "estimated").sum().cast(pl.Int64),
        missing=(status == "missing").sum().cast(pl.Int64),
    )


def _with_macro_region(frame: pl.DataFrame, study: Study) -> pl.DataFrame:
    macro = study.tables["regions"].select("region", "macro_region")
    rest = [name for name in frame.columns if name != "region"]
    return frame.join(macro, on="region", how="left", maintain_order="left").select(
        "region", "macro_region", *rest
    )


def _regions(study: Study, cells: pl.DataFrame) -> pl.DataFrame:
    joined = (
        _counts(cells, "region")
        .join(specialisation(cells, "output").drop("cells"), on="region", how="left")
        .join(region_complexity(cells, "output"), on="region", how="left")
        .sort("region")
    )
    return _with_macro_region(joined, study).select(*REGIONS)


def _industries(study: Study, cells: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[str, str]]]:
    """Concentration, set against the regions' whole manufacturing, and complexity."""
    reference = _counts(cells, "region").select("region", reference="output").drop_nulls()
    joined = (
        _counts(cells, "industry")
        .join(concentration(cells, "output", reference).drop("cells"), on="industry", how="left")
        .join(industry_complexity(cells, "output"), on="industry", how="left")
        .join(_ellison_glaeser(study, cells, reference), on="industry", how="left")
        .sort("industry")
    )
    known = joined["ellison_glaeser"].count() > 0
    off = [] if known else [("ellison_glaeser", "enterprises.output")]
    return joined.select(*INDUSTRIES), off


def _ellison_glaeser(study: Study, cells: pl.DataFrame, reference: pl.DataFrame) -> pl.DataFrame:
    """Of the industries whose enterprises all have an output."""
    sizes = enterprise_herfindahl(study.tables["enterprises"], "output").drop_nulls()
    x = cross_table(
        cells.join(reference, on="region", how="semi").join(sizes, on="industry", how="semi"),
        "output",
    )
    labels = pl.DataFrame({"industry": x.industries}, schema={"industry": pl.String})
    if labels.is_empty():
        return labels.with_columns(ellison_glaeser=pl.lit(None, pl.Float64))
    regions = pl.DataFrame({"region": x.regions})
    a = regions.join(reference, on="region", how="left", maintain_order="left")["reference"]
    h = labels.join(sizes, on="industry", how="left", maintain_order="left")["herfindahl"]
    gamma = ellison_glaeser(x.values, a.to_numpy(), h.cast(pl.Float64).to_numpy())
    return labels.with_columns(pl.Series("ellison_glaeser", gamma, nan_to_null=True))


def _specialisation(
    cells: pl.DataFrame, panel: Panel, found: LocationalAdvantage, gradient: Floats
) -> pl.DataFrame:
    measures = long_frame(
        panel.regions,
        panel.industries,
        {
            "location_quotient": found.location_quotient,
            "density": found.relatedness_density,
            "outlook_gain": _outlook_gain(found),
            "gradient": gradient,
        },
    )
    return cells.join(measures, on=["region", "industry"], how="left", maintain_order="left")


def _outlook_gain(found: LocationalAdvantage) -> Floats:
    m = presence(found.location_quotient)
    return outlook_gain(m, proximity(m), complexity(m).pci)


def _of_year(study: Study, panel: Panel) -> pl.DataFrame:
    """Rows of the table `activity` of the panel's cells in its last year."""
    return study.tables["activity"].filter(
        pl.col("year") == panel.base_year,
        pl.col("region").is_in(panel.regions),
        pl.col("industry").is_in(panel.industries),
    )


def _gradients(study: Study, panel: Panel) -> tuple[list[tuple[str, str]], Floats]:
    """(N, S) gradient coefficients of the year, NaN where value added or employment is missing."""
    rows = _of_year(study, panel)
    nothing = np.full((len(panel.regions), len(panel.industries)), np.nan)
    if rows.drop_nulls(["value_added", "employment"]).is_empty():
        return [("gradient", "activity.value_added, activity.employment")], nothing
    found = cross_table(gradients(rows), "gradient", panel.regions, panel.industries)
    return [], found.values


def _autocorrelation(
    cells: pl.DataFrame, panel: Panel, found: LocationalAdvantage, seed: int
) -> tuple[pl.DataFrame, list[tuple[str, str]]]:
    quotients = long_frame(
        panel.regions, panel.industries, {"location_quotient": found.location_quotient}
    )
    n = len(panel.regions)
    lacking = []
    if n < FEWEST_REGIONS:
        lacking.append(f"regions (≥ {FEWEST_REGIONS})")
    if not np.isfinite(found.distance).all():
        lacking.append("regions.longitude, regions.latitude, distances")
    w = np.zeros((n, n)) if lacking else nearest_neighbours(found.distance, NEIGHBOURS)
    frame = autocorrelations(quotients, "location_quotient", panel.regions, w, seed)
    return frame, [("autocorrelation", ", ".join(lacking))] if lacking else []


def _pressure(
    cells: pl.DataFrame,
    panel: Panel,
    found: LocationalAdvantage,
    changed: Changes,
    gradient: Floats,
    seed: int,
) -> pl.DataFrame:
    own = np.where(found.own_emissions, found.emissions_per_output, np.nan)
    reasons = {
        "cost": np.broadcast_to(found.relative_cost[:, None], found.output.shape),
        "emission_intensity": own,
        "share_lost": changed.share_lost,
        "gradient": gradient,
    }
    frame = pressure_to_leave(panel.regions, panel.industries, found.output, reasons, seed=seed)
    return _with_status(frame, cells)


def _opportunities(
    cells: pl.DataFrame, panel: Panel, found: LocationalAdvantage, share_open: Floats
) -> pl.DataFrame:
    market = np.where(np.isnan(found.output).all(axis=0), np.nan, np.nansum(found.output, axis=0))
    reasons = {
        "relatedness": found.relatedness_density,
        "outlook_gain": _outlook_gain(found),
        "supply_gap": share_open,
        "supplier_access": found.supplier_access,
        "market_access": found.market_access,
        "cost": np.broadcast_to(found.relative_cost[:, None], found.output.shape),
        "pci": complexity(presence(found.location_quotient)).pci,
        "national_output": market,
    }
    frame = opportunities(
        panel.regions, panel.industries, found.location_quotient, reasons, against={"cost"}
    )
    return _with_status(frame, cells)


def _with_status(frame: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    return frame.join(
        cells.select("region", "industry", "output_status"),
        on=["region", "industry"],
        how="left",
        maintain_order="left",
    )
