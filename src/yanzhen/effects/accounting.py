"""The ledger of a plan: what each region and industry has of it, year by year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats
from yanzhen.advantage.specialisation import location_quotient
from yanzhen.effects.words import words
from yanzhen.study.problem import Words
from yanzhen.study.ratios import ROUNDING
from yanzhen.study.result_columns import columns

OUTPUT = "output"
LEDGER = columns(
    "year region industry measure before departures arrivals after kept",
    before="number", departures="number", arrivals="number", after="number", kept="share",
)  # fmt: skip
"""Departures and arrivals are cumulated to the year. `kept` is the part of what was there before
that has not left. Null where a figure is not known."""
REGIONS = columns(
    "year region measure before departures arrivals after kept",
    before="number", departures="number", arrivals="number", after="number", kept="share",
)  # fmt: skip
"""Null where it is not known of some industry of the region that is made there or moves."""
HOLLOWING = columns("region industry reason lost limit", lost="share")
"""`industry` is null where the whole region is meant; `lost` and `limit` are shares of output."""


@dataclass(frozen=True)
class HollowingLimits:
    """Net losses of output beyond which a place is flagged; assumptions, not rules of law.

    Attributes
    ----------
    region : part of the output of all industries of a region
    industry : part of an industry in which the region is specialised
    specialised : location quotient from which on it is
    """

    region: float = 0.1
    industry: float = 0.3
    specialised: float = 1.0


def rules_of(limits: HollowingLimits) -> Mapping[str, Words]:
    """The rules by which places are flagged, in words."""
    return {
        "region": words("hollowing.region", share=limits.region),
        "specialised_industry": words(
            "hollowing.specialised_industry", quotient=limits.specialised, share=limits.industry
        ),
    }


@dataclass(frozen=True)
class Accounting:
    """What a plan brings and takes, by region, industry and year.

    Attributes
    ----------
    ledger : of every cell with output or moves
    regions : the same over industries
    hollowing : places flagged in the last year, by `rules_of(limits)`, largest loss first
    limits : of the flags
    """

    ledger: Annotated[pl.DataFrame, LEDGER]
    regions: Annotated[pl.DataFrame, REGIONS]
    hollowing: Annotated[pl.DataFrame, HOLLOWING]
    limits: HollowingLimits


def accounting(
    regions: tuple[str, ...],
    industries: tuple[str, ...],
    before: Mapping[str, Floats],
    schedule: pl.DataFrame,
    limits: HollowingLimits,
) -> Accounting:
    """Keep the books of a plan.

    What leaves takes along the measure per output of its region's industry. What arrives brings the
    mean of what leaves of the industry over the whole plan, so that nothing is lost on the way.

    Parameters
    ----------
    before : (N, S) by measure, in the base year, NaN where not known; one is `output`
    schedule : year, industry, region, departures, arrivals of output in each year alone

    Raises
    ------
    ValueError
        If `output` is not among the measures, or moves are of a region or industry that is not.
    """
    if OUTPUT not in before:
        raise ValueError(f"no output among the measures {', '.join(before)}")
    years, arrivals, departures = _moves(regions, industries, schedule)
    rows = [
        row
        for measure, level in before.items()
        for row in _booked(measure, level, before[OUTPUT], arrivals, departures)
    ]
    there = (np.nan_to_num(before[OUTPUT]) > 0) | (arrivals + departures > 0).any(axis=0)
    flows = _flows(regions, industries, years, there, rows)
    ledger = _with_balance(flows)
    amounts = ("before", "departures", "arrivals")
    summed = flows.group_by("year", "region", "measure", maintain_order=True).agg(
        pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)
        for name in amounts
    )
    net = (departures - arrivals).sum(axis=0)
    return Accounting(
        ledger.select(*LEDGER),
        _with_balance(summed).select(*REGIONS),
        _hollowing(regions, industries, before[OUTPUT], net, limits),
        limits,
    )


def _flows(
    regions: tuple[str, ...],
    industries: tuple[str, ...],
    years: list[int],
    there: NDArray[np.bool_],
    rows: list[tuple[str, int, Floats, Floats, Floats]],
) -> pl.DataFrame:
    """The ledger before its sums, with the rows of what is there; what is not known is null."""
    n, s = np.nonzero(there)
    frames = [
        pl.DataFrame(
            {
                "year": np.full(n.size, years[t], dtype=np.int64),
                "region": np.array(regions)[n],
                "industry": np.array(industries)[s],
                "measure": [measure] * n.size,
                "before": level[n, s],
                "departures": gone[n, s],
                "arrivals": come[n, s],
            },
            schema={name: LEDGER.types[name] for name in [*LEDGER][:7]},
        )
        for measure, t, level, gone, come in rows
    ]
    flows = pl.concat(frames) if frames else LEDGER.frame().drop("after", "kept")
    return flows.with_columns(pl.col(pl.Float64).fill_nan(None))


def _moves(
    regions: tuple[str, ...], industries: tuple[str, ...], schedule: pl.DataFrame
) -> tuple[list[int], Floats, Floats]:
    """Years, and (T, N, S) arrivals and departures of each alone."""
    years = sorted(schedule["year"].unique().to_list())
    places = {code: n for n, code in enumerate(regions)}
    kinds = {code: s for s, code in enumerate(industries)}
    unknown = sorted(
        {*schedule["region"]} - places.keys() | ({*schedule["industry"]} - kinds.keys())
    )
    if unknown:
        raise ValueError(f"moves of what is not among regions and industries: {unknown[:5]}")
    shape = (len(years), len(regions), len(industries))
    arrivals, departures = np.zeros(shape), np.zeros(shape)
    at = (
        [years.index(year) for year in schedule["year"]],
        [places[code] for code in schedule["region"]],
        [kinds[code] for code in schedule["industry"]],
    )
    np.add.at(arrivals, at, schedule["arrivals"].fill_null(0.0).to_numpy())
    np.add.at(departures, at, schedule["departures"].fill_null(0.0).to_numpy())
    return years, arrivals, departures


def _booked(
    measure: str, level: Floats, output: Floats, arrivals: Floats, departures: Floats
) -> list[tuple[str, int, Floats, Floats, Floats]]:
    """Of each year: its position, the level before, and what has left and come since."""
    gone, come = departures.cumsum(axis=0), arrivals.cumsum(axis=0)
    each = np.divide(level, output, out=np.full(level.shape, np.nan), where=output > 0)
    leaving = departures.sum(axis=0)
    left = np.where(leaving > 0, leaving * each, 0.0).sum(axis=0)
    total = leaving.sum(axis=0)
    mean = np.divide(left, total, out=np.full(total.shape, np.nan), where=total > 0)
    return [
        (
            measure,
            t,
            level,
            np.where(gone[t] > 0, gone[t] * each, 0.0),
            np.where(come[t] > 0, come[t] * mean, 0.0),
        )
        for t in range(len(gone))
    ]


def _with_balance(flows: pl.DataFrame) -> pl.DataFrame:
    there = pl.col("before")
    left = pl.when(there > 0).then(1 - pl.col("departures") / there)
    return flows.with_columns(after=there - pl.col("departures") + pl.col("arrivals"), kept=left)


def _hollowing(
    regions: tuple[str, ...],
    industries: tuple[str, ...],
    output: Floats,
    lost: Floats,
    limits: HollowingLimits,
) -> pl.DataFrame:
    """Places whose net loss over the plan is beyond a limit."""
    made = np.nan_to_num(output)
    whole = made.sum(axis=1)
    rows: list[tuple[str, str | None, str, float, float]] = []
    for n in np.flatnonzero(lost.sum(axis=1) > (limits.region + ROUNDING) * whole):
        if whole[n] > 0:
            share = float(lost[n].sum() / whole[n])
            rows.append((regions[n], None, "region", share, limits.region))
    quotient = np.nan_to_num(location_quotient(output))
    beyond = (made > 0) & (lost > (limits.industry + ROUNDING) * made)
    for n, s in np.argwhere(beyond & (quotient >= limits.specialised)):
        share = float(lost[n, s] / made[n, s])
        rows.append((regions[n], industries[s], "specialised_industry", share, limits.industry))
    return HOLLOWING.frame(rows).sort(
        "lost", "region", "industry", descending=[True, False, False], maintain_order=True
    )
