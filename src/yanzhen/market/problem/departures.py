"""How much of each industry leaves each macro-region over the period of the plan."""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats, Panel
from yanzhen.accounts.share_shift_projection import ShareShiftProjection
from yanzhen.study import Problem, Study, WantOfData
from yanzhen.study.coverage import years_of_moves

WHOLE = "all"
"""Macro-region of regions that have none."""

MOST_LEAVING = 0.99
"""Largest share that leaves of those to whom a site is open: some stays to be calibrated."""


def macro_regions(study: Study, regions: tuple[str, ...]) -> list[str]:
    """Macro-region of each region."""
    found = pl.DataFrame({"region": regions}).join(
        study.tables["regions"], on="region", how="left", maintain_order="left"
    )
    return found["macro_region"].fill_null(WHOLE).to_list()


def observed_rates(study: Study, panel: Panel, past: ShareShiftProjection) -> pl.DataFrame:
    """Share of its output that each macro-region's industry lost over the panel's years.

    Σ_o max(0, Y_o,first G − Y_o,last) / Σ_o Y_o,first G over the balanced cells of the
    macro-region: its regions' negative share shifts over the share it had. Columns macro_region,
    industry, rate; null where it had no balanced cell.
    """
    macro = np.array(macro_regions(study, panel.regions))
    balanced = panel.balanced_output
    first = balanced[:, :, 0].sum(axis=0)
    growth = balanced[:, :, -1].sum(axis=0) / np.where(first > 0, first, np.nan)
    carried = balanced[:, :, 0] * np.nan_to_num(growth)[None]
    frames = []
    for name in sorted(set(macro)):
        inside = macro == name
        had = carried[inside].sum(axis=0)
        rate = past.losses[inside].sum(axis=0) / np.where(had > 0, had, np.nan)
        frames.append(
            pl.DataFrame({"macro_region": name, "industry": panel.industries, "rate": rate})
        )
    return pl.concat(frames).with_columns(pl.col("rate").fill_nan(None))


def departures(
    study: Study,
    mass: pl.DataFrame,
    rates: pl.DataFrame | None,
    parameters: dict[str, float],
    years: int,
) -> pl.DataFrame:
    """Departing output of each macro-region and industry, and where the figure comes from.

    Observed moves come first (their mean over the years that they cover, times the plan's years;
    where none was seen, none left), then the rates carried forward, then the parameter
    `departure_share`. Where less was seen to leave than the share `departure_floor`, that is
    assumed; no more than `MOST_LEAVING` leaves of those of an industry to whom a site is open.

    Parameters
    ----------
    mass : macro_region, industry, output, open_output (of those to whom some site is open)
    rates : of `observed_rates`, None with fewer than two years
    parameters : values by name
    years : of the plan

    Returns
    -------
    pl.DataFrame
        macro_region, industry, output, departures, departures_assumed (the floor or nothing
        seen), departures_clipped (more was found than can leave)

    Raises
    ------
    WantOfData
        When the study gives none of the three.
    """
    keys = ["macro_region", "industry"]
    moved = _observed_moves(study, years)
    if moved is not None:
        found = mass.join(moved, on=keys, how="left", maintain_order="left").with_columns(
            pl.col("departures").fill_null(0.0)
        )
    elif rates is not None:
        found = mass.join(rates, on=keys, how="left", maintain_order="left").with_columns(
            departures=pl.col("rate") * pl.col("output")
        )
    elif "departure_share" in parameters:
        share = parameters["departure_share"]
        found = mass.with_columns(departures=share * pl.col("output"))
    else:
        raise WantOfData([_nothing_leaves(study)])
    least = parameters["departure_floor"] * pl.col("output")
    most = MOST_LEAVING * pl.col("open_output")
    leaving = pl.max_horizontal(pl.col("departures").fill_null(0.0), least)
    return (
        found.with_columns(
            departures_assumed=pl.col("departures").is_null() | (pl.col("departures") < least),
            departures_clipped=leaving > most,
            departures=pl.min_horizontal(leaving, most),
        )
        .select(*keys, "output", "departures", "departures_assumed", "departures_clipped")
        .sort(keys)
    )


def stayers(found: pl.DataFrame) -> Floats:
    """(M,) output that stays, in the order of the departures."""
    return (found["output"] - found["departures"]).to_numpy()


def _observed_moves(study: Study, years: int) -> pl.DataFrame | None:
    """Output that the observed moves take away over the plan; None without observed moves."""
    size = study.about.measured_by
    covered = years_of_moves(study.about.coverage, size, study.tables)
    if covered is None:
        return None
    first, last = covered
    regions = study.tables["regions"].select(
        pl.col("region").alias("origin"), pl.col("macro_region").fill_null(WHOLE)
    )
    return (
        study.tables["moves"]
        .filter(pl.col(size.moved).is_not_null(), pl.col("year").is_between(first, last))
        .join(regions, on="origin", maintain_order="left")
        .group_by("macro_region", "industry", maintain_order=True)
        .agg(departures=pl.col(size.moved).sum() * years / (last - first + 1))
    )


def _nothing_leaves(study: Study) -> Problem:
    return Problem(
        file=study.path,
        table="activity",
        row=None,
        column="year",
        found="output of a single year and no observed moves",
        expected="output of two years or more, a table `moves`, or the parameter departure_share",
        found_zh="仅有一个年份的产值且没有观察到的转移",
        expected_zh="两个及以上年份的产值，或 moves 表，或参数 departure_share",
    )
