"""Where each industry of an origin would be best off in cash, and how sure that is over the draws.

Yearly cash at site j is the sum of the terms of ū_ij − ū_i0 that are paid or received each year
(all but `yanzhen.market.plan.moves.NOT_CASH`), the gain the sum of all; both are shares of output,
means over the enterprises of the industry in the origin by their output.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats
from yanzhen.market.plan.moves import NOT_CASH, TERMS, terms_at
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Prices
from yanzhen.study.result_columns import columns

SHORTLISTED = 8
"""Sites that are kept of each industry and origin: the best in cash."""
OWN = columns(
    """order site region cash cash_low cash_high first_share rank gain probability weighted
    own_order"""
)
"""`order` by yearly cash, `rank` by the gain; `weighted` is the sum of the terms of yearly cash,
each times a weight of the reader's, `own_order` the order by it."""
BLOCKS_AT_A_TIME = 1024
CASH = np.array([term not in NOT_CASH for term in TERMS])
SHORTLISTS = columns(
    "industry origin site cash cash_low cash_high gain gain_low gain_high first_share"
)
"""Best first. `low` and `high` are the 5 and 95 per cent quantiles over the draws that cleared,
`first_share` the share of them in which the site has most cash of those listed; null without
draws."""


@dataclass(frozen=True)
class Shortlist:
    """Sites kept of each pair of industry and origin, and the flows that they are means of.

    Attributes
    ----------
    industry, origin, site : (K,) of each place on a list, lists one after another
    pair : (K,) number of the list
    block, at, place : (F,) a block, a site that its list holds, and which of the K that is
    weight : (F,) share of the block in the output of its list
    """

    industry: NDArray[np.int64]
    origin: NDArray[np.int64]
    site: NDArray[np.intp]
    pair: NDArray[np.intp]
    block: NDArray[np.intp]
    at: NDArray[np.intp]
    place: NDArray[np.intp]
    weight: Floats


def nobody() -> Shortlist:
    """Return the lists of a market too large for them: none."""
    none = np.zeros(0, dtype=np.intp)
    return Shortlist(none, none, none, none, none, none, none, np.zeros(0))


def shortlist(formulation: Formulation, prices: Prices) -> Shortlist:
    """Return the best sites in cash of every industry and origin that makes something."""
    market, sites = formulation.market, np.arange(formulation.place.size)
    making = np.flatnonzero(market.mass > 0)
    labels = np.stack([formulation.industry[making], formulation.origin[making]])
    pairs, of_block = np.unique(labels, axis=1, return_inverse=True)
    whole = np.bincount(of_block, market.mass[making], minlength=pairs.shape[1])
    cash = np.zeros((pairs.shape[1], sites.size))
    admitted = np.zeros(cash.shape, dtype=bool)
    for first in range(0, making.size, BLOCKS_AT_A_TIME):
        some, of_some = (each[first : first + BLOCKS_AT_A_TIME] for each in (making, of_block))
        terms = terms_at(
            formulation, prices, np.repeat(some, sites.size), np.tile(sites, some.size)
        )
        share = market.mass[some] / whole[of_some]
        in_cash = terms[:, CASH].sum(axis=1).reshape(some.size, sites.size)
        np.add.at(cash, of_some, share[:, None] * in_cash)
        admitted[of_some] |= np.isfinite(market.base[market.cell[some]])
    ordered = np.argsort(np.where(admitted, -cash, np.inf), axis=1, kind="stable")
    ordered = ordered[:, :SHORTLISTED]
    kept = np.take_along_axis(admitted, ordered, axis=1)
    pair, _ = np.nonzero(kept)
    site = ordered[kept]
    begin, end = (np.searchsorted(pair, of_block, side) for side in ("left", "right"))
    block = np.repeat(making, end - begin)
    place = np.arange(block.size) + np.repeat(end - np.cumsum(end - begin), end - begin)
    weight = market.mass[block] / whole[pair[place]]
    return Shortlist(pairs[0, pair], pairs[1, pair], site, pair, block, site[place], place, weight)


def cash_and_gain(formulation: Formulation, prices: Prices, kept: Shortlist) -> Floats:
    """(2, K) yearly cash and gain of each place on the lists, shares of output."""
    terms = terms_at(formulation, prices, kept.block, kept.at)
    found: Floats = np.stack(
        [
            np.bincount(kept.place, kept.weight * each, minlength=kept.site.size)
            for each in (terms[:, CASH].sum(axis=1), terms.sum(axis=1))
        ]
    )
    return found


def shortlist_table(
    kept: Shortlist,
    names: tuple[Sequence[str], Sequence[str], Sequence[str]],
    figures: Floats,
    ends: tuple[float, float],
) -> pl.DataFrame:
    """Return the lists with their intervals.

    Parameters
    ----------
    names : of industries, regions and sites
    figures : (1 + draws, 2, K) of `cash_and_gain`, of the plan and then of each draw
    ends : shares of the draws below the two ends of an interval

    Returns
    -------
    pl.DataFrame
        `SHORTLISTS`
    """
    if not kept.site.size:
        return SHORTLISTS.frame()
    plan, drawn = figures[0], figures[1:]
    low, high = (
        np.quantile(drawn, ends, axis=0) if drawn.shape[0] else np.full((2, *plan.shape), np.nan)
    )
    labels = {
        name: pl.Series(known, dtype=pl.String).gather(which)
        for name, known, which in zip(
            ("industry", "origin", "site"),
            names,
            (kept.industry, kept.origin, kept.site),
            strict=True,
        )
    }
    of_figures = {
        f"{name}{end}": pl.Series(values[k], dtype=pl.Float64)
        for k, name in enumerate(("cash", "gain"))
        for end, values in (("", plan), ("_low", low), ("_high", high))
    }
    first = pl.Series(_first_share(kept.pair, drawn[:, 0]), dtype=pl.Float64)
    found = pl.DataFrame({**labels, **of_figures, "first_share": first})
    return found.with_columns(pl.selectors.float().fill_nan(None))


def own_shortlist(
    ranked: pl.DataFrame, lists: pl.DataFrame, weights: Mapping[str, float]
) -> pl.DataFrame:
    """The best sites in yearly cash for one enterprise.

    Its figures of its own move a site's interval as far as they move its cash.

    Parameters
    ----------
    ranked : of `yanzhen.market.plan.destinations.destinations`
    lists : `SHORTLISTS` of its industry and origin
    weights : of terms; one that is not named has the weight one

    Returns
    -------
    pl.DataFrame
        `OWN` with the terms of each site; the columns of draws are null where the site is not
        listed
    """
    in_cash = [term for term in TERMS if term not in NOT_CASH]
    listed = lists.select("site", "first_share", usual="cash", low="cash_low", high="cash_high")
    moved = pl.col("cash") - pl.col("usual")
    return (
        ranked.drop_nulls("rank")
        .with_columns(
            cash=pl.sum_horizontal(in_cash),
            weighted=pl.sum_horizontal(
                pl.col(term) * float(weights.get(term, 1.0)) for term in in_cash
            ),
        )
        .sort("cash", "site", descending=[True, False])
        .head(SHORTLISTED)
        .join(listed, on="site", how="left", maintain_order="left")
        .with_columns(
            cash_low=pl.col("low") + moved,
            cash_high=pl.col("high") + moved,
            order=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
            own_order=pl.col("weighted").rank("ordinal", descending=True).cast(pl.Int64),
        )
        .select(*OWN, *TERMS)
    )


def _first_share(pair: NDArray[np.intp], cash: Floats) -> Floats:
    """(K,) share of the draws in which a place is the first of its list; NaN without draws."""
    if not cash.shape[0]:
        return np.full(pair.size, np.nan)
    begins = np.diff(pair, prepend=-1) != 0
    # Pairs to which every site is closed have no place, and their numbers are not there.
    best = np.maximum.reduceat(cash, np.flatnonzero(begins), axis=1)[:, np.cumsum(begins) - 1]
    share: Floats = (cash >= best).mean(axis=0)
    return share
