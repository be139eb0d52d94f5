"""What is kept of each draw: sums of its cleared market by labels that all draws share."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats, Panel
from yanzhen.market.equilibrium.newton_dense import Clearing
from yanzhen.market.large.separable import CellChoices, Cells, cells_of, choose_cells
from yanzhen.market.large.study_clearing import clear_by_size, held_whole, priced
from yanzhen.market.plan.moves import MOST_MOVES
from yanzhen.market.plan.shortlists import cash_and_gain, nobody, shortlist
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.departures import WHOLE
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Market, Prices
from yanzhen.study import Study


@dataclass(frozen=True)
class Sums:
    """Sums of one cleared market.

    Attributes
    ----------
    arrivals : (S, J) output
    leaving : (N, S) output
    moves : (kept,) output of the plan's largest moves
    routes : (M, M) output between macro-regions
    departures : (N,) output
    premiums : (limits,) of limited resources at sites, then of groups
    listed : (2, K) cash and gain of each place on the shortlists
    """

    arrivals: Floats
    leaving: Floats
    moves: Floats
    routes: Floats
    departures: Floats
    premiums: Floats
    listed: Floats


class DrawSums:
    """Sums of cleared markets by the labels of a plan's market, `plan` those of the plan itself.

    `sites` and `macro` are names, `places` the region of each site, `inside` (N, M) whether a
    region lies in a macro-region, `price_labels` and `floors` those of the premiums, `shortlist`
    the best sites of each industry and origin where the market is held whole.
    """

    def __init__(
        self, study: Study, panel: Panel, formulation: Formulation, clearing: Clearing
    ) -> None:
        macro = dict(
            study.tables["regions"].select("region", pl.col("macro_region").fill_null(WHOLE)).rows()
        )
        self.panel = panel
        self.sites = formulation.room.sites["site"].to_list()
        self.places = formulation.place
        of_region = np.array([macro[region] for region in panel.regions])
        self.macro = sorted(set(of_region))
        self.inside = (of_region[:, None] == np.array(self.macro)[None]).astype(np.float64)
        self.limited = np.isfinite(formulation.room.capacity)
        self.price_labels = _price_labels(formulation)
        self.floors = np.concatenate(
            [formulation.room.floor[self.limited], formulation.room.group_floor]
        )
        self.pairs, self.pair = np.unique(
            np.stack([formulation.industry, formulation.origin]), axis=1, return_inverse=True
        )
        market, prices = formulation.market, clearing.prices
        cells = None if held_whole(market) else cells_of(market)
        if cells is None:
            moved = self._by_pair(formulation, clearing)
            largest = np.argsort(-moved, axis=None, kind="stable")[:MOST_MOVES]
            pair, site = np.divmod(largest[moved.ravel()[largest] > 0], max(len(self.sites), 1))
            self.kept = self.pairs[0, pair], self.pairs[1, pair], site
            self.shortlist = shortlist(formulation, prices)
            self.plan = self._of_clearing(formulation, clearing)
        else:
            self.kept = _largest(cells, _chosen(market, cells, prices))
            self.shortlist = nobody()
            self.plan = self._of_cells(formulation, cells, prices)

    def move_labels(self) -> pl.DataFrame:
        """Industry, origin and destination of the moves that are kept."""
        industry, origin, site = self.kept
        return pl.DataFrame(
            {
                "industry": pl.Series(self.panel.industries, dtype=pl.String).gather(industry),
                "origin": pl.Series(self.panel.regions, dtype=pl.String).gather(origin),
                "destination": pl.Series(self.sites, dtype=pl.String).gather(site),
            }
        )

    def cleared(self, formulation: Formulation, tolerance: float, start: Prices) -> Sums:
        """Clear another market of the same blocks and sites, and sum it up.

        Raises
        ------
        yanzhen.market.equilibrium.newton_dense.NotCleared
            When prices that clear it were not found.
        """
        market, labels = formulation.market, formulation.labels
        if not held_whole(market):
            found = priced(market, tolerance, start, labels)
            if found.cells is not None:
                return self._of_cells(formulation, found.cells, found.prices)
        return self._of_clearing(formulation, clear_by_size(market, tolerance, start, labels))

    def region_arrivals(self, arrivals: Floats) -> Floats:
        """(…, N) arrivals at the regions' sites, of (…, J)."""
        in_region = self.places[:, None] == np.arange(len(self.panel.regions))[None]
        total: Floats = arrivals @ in_region.astype(np.float64)
        return total

    def _by_pair(self, formulation: Formulation, clearing: Clearing) -> Floats:
        """(pairs of industry and origin, J) output that moves."""
        moving = formulation.market.mass[:, None] * clearing.choice.probability
        total = np.zeros((self.pairs.shape[1], moving.shape[1]))
        np.add.at(total, self.pair, moving)
        return total

    def _of_clearing(self, formulation: Formulation, clearing: Clearing) -> Sums:
        moved = self._by_pair(formulation, clearing)
        arrivals = np.zeros((len(self.panel.industries), len(self.sites)))
        np.add.at(arrivals, self.pairs[0], moved)
        from_region = np.zeros((len(self.panel.regions), len(self.sites)))
        np.add.at(from_region, self.pairs[1], moved)
        leaving = np.zeros((len(self.panel.regions), len(self.panel.industries)))
        np.add.at(leaving, (self.pairs[1], self.pairs[0]), moved.sum(axis=1))
        pair = np.full((len(self.panel.industries), len(self.panel.regions)), -1)
        pair[self.pairs[0], self.pairs[1]] = np.arange(self.pairs.shape[1])
        industry, origin, site = self.kept
        moves = moved[pair[industry, origin], site]
        listed = cash_and_gain(formulation, clearing.prices, self.shortlist)
        return self._sums(arrivals, leaving, moves, from_region, clearing.prices, listed)

    def _of_cells(self, formulation: Formulation, cells: Cells, prices: Prices) -> Sums:
        found = _chosen(formulation.market, cells, prices)
        moving = cells.mass * found.share
        industry, origin, site = self.kept
        moves = moving[origin, industry] * found.near[origin, site] * found.wanted[industry, site]
        leaving = moving * (found.near @ found.wanted.T)
        from_region = found.near * (moving @ found.wanted)
        listed = cash_and_gain(formulation, prices, self.shortlist)
        return self._sums(found.arrivals, leaving, moves, from_region, prices, listed)

    def _sums(
        self,
        arrivals: Floats,
        leaving: Floats,
        moves: Floats,
        from_region: Floats,
        prices: Prices,
        listed: Floats,
    ) -> Sums:
        return Sums(
            arrivals,
            leaving,
            moves,
            self.inside.T @ from_region @ self.inside[self.places],
            from_region.sum(axis=1),
            np.concatenate([prices.site[self.limited], prices.group]),
            listed,
        )


def _chosen(market: Market, cells: Cells, prices: Prices) -> CellChoices:
    return choose_cells(cells, total_premium(market, prices), prices.constants, market.sigma)


def _largest(
    cells: Cells, found: CellChoices
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Industry, origin and site of the largest moves, at most `MOST_MOVES`, largest first."""
    best = np.zeros(0)
    labels = np.zeros((3, 0), dtype=np.intp)
    for industry, moving in _by_industry(cells, found):
        least = best.min() if best.size == MOST_MOVES else 0.0
        origin, site = np.nonzero(moving > least)
        best = np.concatenate([best, moving[origin, site]])
        own = np.stack([np.full(origin.size, industry, dtype=np.intp), origin, site])
        labels = np.concatenate([labels, own], axis=1)
        if best.size > MOST_MOVES:
            kept = np.argpartition(-best, MOST_MOVES)[:MOST_MOVES]
            best, labels = best[kept], labels[:, kept]
    order = np.lexsort((labels[2], labels[1], labels[0], -best))
    return labels[0][order], labels[1][order], labels[2][order]


def _by_industry(cells: Cells, found: CellChoices) -> Iterator[tuple[int, Floats]]:
    """Each industry with its (N, J) output that moves."""
    moving = cells.mass * found.share
    for industry, wanted in enumerate(found.wanted):
        yield industry, moving[:, industry, None] * found.near * wanted


def _price_labels(formulation: Formulation) -> pl.DataFrame:
    """Place, kind of place and resource of every premium."""
    room = formulation.room
    j, r = np.nonzero(np.isfinite(room.capacity))
    at_sites = pl.DataFrame(
        {
            "place": room.sites["site"].to_numpy()[j],
            "resource": np.array(room.resources, dtype=object)[r],
        },
        schema={"place": pl.String, "resource": pl.String},
    )
    return pl.concat(
        [
            at_sites.select("place", pl.lit("site").alias("place_kind"), "resource"),
            room.groups.select("place", pl.lit("group").alias("place_kind"), "resource"),
        ]
    )
