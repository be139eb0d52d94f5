"""Trade between regions estimated by gravity from what each sends out and takes in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.balancing import Balanced, ras
from yanzhen.accounts.panel import Floats
from yanzhen.study import Problem, StudyError
from yanzhen.study.problem import Words
from yanzhen.study.result_columns import columns
from yanzhen.study.statuses import ESTIMATED

TOLERANCE = 1e-9
MARGIN = 0.01
"""Part of all flows that is left unallocated beyond what has to be where one region trades with
nobody known: at the least that is possible, flows between the others are nothing."""
FLOWS = columns("industry origin destination amount status", destination="region")
UNALLOCATED = columns("industry region inflow outflow", inflow="money", outflow="money")
"""What a region takes in from nobody known, and sends to nobody known."""
FIT = columns(
    "industry outflow inflow no_supplier no_buyer rounds residual kilometres",
    outflow="money", inflow="money", no_buyer="money",
)  # fmt: skip
"""`no_supplier` is inflow from nobody known, `no_buyer` outflow to nobody known; `residual` is the
largest sum missed over the largest sum; `kilometres` the mean distance that the flows go."""


@dataclass(frozen=True)
class EstimatedTrade:
    """Flows between regions that add up to what they send out and take in.

    Attributes
    ----------
    regions, industries : codes
    trade : (S, N, N) what the row's region buys of the column's, zero on the diagonal
    flows : the same as a table, every flow marked estimated
    unallocated : of each region
    fit : of each industry
    elasticity : (S,) by which trade falls with distance, as stated
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    trade: Floats
    flows: Annotated[pl.DataFrame, FLOWS]
    unallocated: Annotated[pl.DataFrame, UNALLOCATED]
    fit: Annotated[pl.DataFrame, FIT]
    elasticity: Floats


# Kept whole: each industry's flows, what is beyond them and their fit come of one balancing.
def estimated_trade(
    regions: tuple[str, ...],
    industries: tuple[str, ...],
    outflow: Floats,
    inflow: Floats,
    kilometres: Floats,
    elasticity: Floats,
) -> EstimatedTrade:
    """Estimate flows by gravity, balanced to known sums by signed RAS.

    For each industry the seed is T_nk = inflow_n outflow_k km_nk^−δ (Wilson 1970), nothing within a
    region, brought to the sums by RAS. Tables of regions made apart do not agree: what all inflows
    are beyond all outflows comes from nobody known, or goes to nobody known, and so does what one
    region takes in or sends beyond what the others can; the less of it the better. It is spread
    over regions by their sums. Signs: a negative outflow, as of regions that book net flows, counts
    as inflow and the other way round, so that no flow is negative.

    Parameters
    ----------
    outflow, inflow : (N, S) to and from all other regions, in one unit of money
    kilometres : (N, N) between regions, above zero between two of them
    elasticity : (S,) δ ≥ 0

    Raises
    ------
    StudyError
        With everything that is wrong: figures missing, distances not above zero, δ below zero.
    """
    problems = list(_faults(regions, industries, outflow, inflow, kilometres, elasticity))
    if problems:
        raise StudyError(problems)
    sent = np.maximum(outflow, 0.0) + np.maximum(-inflow, 0.0)
    taken = np.maximum(inflow, 0.0) + np.maximum(-outflow, 0.0)
    n = len(regions)
    apart = np.where(np.eye(n) > 0, 1.0, kilometres)
    trade, beyond, fits = np.zeros((len(industries), n, n)), [], []
    for s, industry in enumerate(industries):
        weight = np.where(np.eye(n) > 0, 0.0, apart ** -elasticity[s])
        balanced = gravity_between(sent[:, s], taken[:, s], weight)
        trade[s] = balanced.table[:n, :n].T
        from_nobody, to_nobody = balanced.table[n, :n], balanced.table[:n, n]
        beyond += [
            (industry, region, float(from_nobody[k]), float(to_nobody[k]))
            for k, region in enumerate(regions)
        ]
        moved = float(trade[s].sum())
        mean = float((trade[s] * apart).sum()) / moved if moved > 0 else None
        fits.append(
            (
                *(industry, float(sent[:, s].sum()), float(taken[:, s].sum())),
                *(float(from_nobody.sum()), float(to_nobody.sum())),
                *(balanced.iterations, balanced.error, mean),
            )
        )
    return EstimatedTrade(
        regions,
        industries,
        trade,
        flow_table(regions, industries, trade, ESTIMATED),
        UNALLOCATED.frame(beyond),
        FIT.frame(fits),
        elasticity,
    )


def gravity_between(sent: Floats, taken: Floats, weight: Floats) -> Balanced:
    """(N + 1, N + 1) flows of sellers in rows, the last row and column of nobody known.

    Parameters
    ----------
    sent, taken : (N,) at least zero
    weight : (N, N) of distance, zero on the diagonal
    """
    n, size = len(sent), max(float(sent.sum()), float(taken.sum()))
    if size == 0:
        return Balanced(np.zeros((n + 1, n + 1)), 0, 0.0)
    sent, taken = sent / size, taken / size
    gap = float(taken.sum() - sent.sum())
    # A region k can trade with the others if taken_k + sent_k ≤ Σ sent + what nobody known sends.
    needed = float((sent + taken).max() - sent.sum())
    unknown = max(gap, 0.0)
    if needed > unknown + TOLERANCE:
        unknown = needed + min(MARGIN, (float(taken.sum()) - needed) / 2)
    seed = np.zeros((n + 1, n + 1))
    seed[:n, :n] = sent[:, None] * taken * weight / weight.max(initial=0.0)
    seed[n, :n], seed[:n, n] = unknown * taken, (unknown - gap) * sent
    rows, columns = np.append(sent, unknown), np.append(taken, unknown - gap)
    found = ras(seed, rows, columns, tolerance=TOLERANCE)
    return Balanced(found.table * size, found.iterations, found.error)


def flow_table(
    regions: tuple[str, ...], industries: tuple[str, ...], trade: Floats, status: str
) -> pl.DataFrame:
    """List (S, N, N) trade, buyers in rows, as flows between regions, largest first."""
    s, to, out = np.nonzero(trade)
    return pl.DataFrame(
        {
            "industry": np.array(industries)[s],
            "origin": np.array(regions)[out],
            "destination": np.array(regions)[to],
            "amount": trade[s, to, out],
            "status": [status] * s.size,
        },
        schema=FLOWS.types,
    ).sort("amount", "industry", "origin", "destination", descending=[True, False, False, False])


# Kept wide: everything given is checked at once.
def _faults(
    regions: tuple[str, ...],
    industries: tuple[str, ...],
    outflow: Floats,
    inflow: Floats,
    kilometres: Floats,
    elasticity: Floats,
) -> Iterator[Problem]:
    for name, flows in (("outflow", outflow), ("inflow", inflow)):
        missing = np.argwhere(~np.isfinite(flows))
        if len(missing):
            n, s = missing[0]
            yield _problem(
                name,
                (
                    f"{len(missing)} missing, the first of {regions[n]} / {industries[s]}",
                    f"{len(missing)} 个缺失，首个为 {regions[n]} / {industries[s]}",
                ),
                ("a figure for every region and industry", "各地区各行业均有数值"),
            )
    near = ~((kilometres > 0) & np.isfinite(kilometres)) & ~np.eye(len(regions), dtype=np.bool_)
    if near.any():
        n, k = np.argwhere(near)[0]
        yield _problem(
            "kilometres",
            (
                f"{int(near.sum())} distances not above zero, the first from {regions[n]} to "
                f"{regions[k]}",
                f"{int(near.sum())} 个距离不大于零，首个为 {regions[n]} 至 {regions[k]}",
            ),
            ("distances above zero between any two regions", "任意两地区间的距离大于零"),
        )
    for s in np.flatnonzero(~((elasticity >= 0) & np.isfinite(elasticity))):
        yield _problem(
            "elasticity",
            (f"{elasticity[s]:g} of {industries[s]}", f"{industries[s]} 为 {elasticity[s]:g}"),
            ("δ ≥ 0", "δ ≥ 0"),
        )


def _problem(column: str, found: Words, expected: Words) -> Problem:
    return Problem.at("trade", "trade", None, column, found, expected)
