"""Demand of enterprises in shards: sums of each, wherever they were made, added in their order."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import numpy as np

from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.large.curvature import ChoiceModel, SparseChoiceModel
from yanzhen.market.large.demand_pass import Demand, added_up
from yanzhen.market.large.demand_provider import DemandProvider, Quote
from yanzhen.market.large.population import Moments, Precision, Rows
from yanzhen.market.large.shard_store import Choosers, ShardSums
from yanzhen.market.large.shards import ShardedNation, checked, read_outputs, read_rows
from yanzhen.market.problem.market import Floats, Market, Prices

ROW_BYTES, ENTRY_BYTES = 36, 16
"""Memory that choices kept take for each enterprise and each entry, while they are gathered."""


Watch = Callable[[int, int, int], None]
"""Told the number of the pass, how many shards are done, and of how many."""


def unwatched(number: int, done: int, total: int) -> None:
    """Nobody is told."""


class ShardedDemand(ABC):
    """All enterprises of a nation in shards; a subclass says where each shard is summed."""

    def __init__(
        self, nation: ShardedNation, market: Market, precision: Precision, watch: Watch
    ) -> None:
        self.nation = nation
        self.market = market
        self.names = [shard.name for shard in nation.shards]
        self._watch = watch
        self._passes = 0
        self.count = nation.count
        self.precision = float(np.finfo(precision).eps)
        self._kept: tuple[Quote, Demand, list[Choosers]] | None = None

    keeps_choices: bool

    @abstractmethod
    def sums(self, quote: Quote, keep: float) -> list[ShardSums]:
        """Sums of every shard, in the order of the nation."""

    def evaluate(self, quote: Quote, keep: float) -> Demand:
        """Pass over all pairs of enterprises and sites."""
        self._kept = None
        self._passes += 1
        found = self.sums(quote, keep)
        demand = added_up([each.sums for each in found], quote.sigma, keep)
        choosers = [each.choosers for each in found if each.choosers is not None]
        self._kept = (quote, demand, choosers)
        return demand

    def told(self, done: int) -> None:
        """Tell how many shards of this pass are done."""
        self._watch(self._passes, done, len(self.names))

    def choice_model(self) -> ChoiceModel:
        """Choices kept by the last pass, and how they answer to a change of prices."""
        assert self._kept is not None
        quote, demand, choosers = self._kept
        mass = np.concatenate([each.mass for each in choosers])
        return SparseChoiceModel(
            demand.choices,
            np.concatenate([each.needs for each in choosers]),
            (mass / quote.sigma).astype(np.float32),
            np.concatenate([each.calibration for each in choosers]),
            quote.sigma,
            self.market.capacity.shape[1],
            self.market.capacity.shape[0],
            self.market.stayers.size,
        )


class ShardedPopulation(ABC):
    """Enterprises of a nation in shards, which are never together in memory.

    `watch` is told how far each pass is.
    """

    def __init__(self, nation: ShardedNation) -> None:
        self.nation = nation
        self.market = nation.market()
        self.count = nation.count
        self.watch: Watch = unwatched

    @property
    def moments(self) -> Moments:
        """Sums over the enterprises, written down with the shards."""
        return self.nation.moments

    def outputs(self) -> Floats:
        """(N,) output of every enterprise."""
        outputs, start = np.empty(self.count), 0
        for shard in self.nation.shards:
            path = checked(self.nation.folder / shard.name)
            outputs[start : start + shard.count] = read_outputs(path)
            start += shard.count
        return outputs

    def rows(self, wanted: Sequence[Rows]) -> list[Market]:
        """Markets of some of the enterprises, each given by ascending positions."""
        parts: list[list[Market]] = [[] for _ in wanted]
        start = 0
        for shard in self.nation.shards:
            bounds = [np.searchsorted(each, [start, start + shard.count]) for each in wanted]
            if any(first < last for first, last in bounds):
                rows = read_rows(self.nation.folder / shard.name, self.market)
                for part, each, (first, last) in zip(parts, wanted, bounds, strict=True):
                    part.append(rows.of_rows(each[first:last] - start))
            start += shard.count
        return [_joined(part) for part in parts]

    @abstractmethod
    def demand(self, precision: Precision) -> DemandProvider:
        """What passes over all of them."""

    @abstractmethod
    def certified(self, prices: Prices, tolerance: float) -> Certificate:
        """How far prices are from clearing the market, by code of its own."""


def _joined(parts: Sequence[Market]) -> Market:
    """The market of all rows of several."""
    names = ("mass", "needs", "stay", "cell", "intensities", "calibration")
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    first = parts[0]
    return Market(
        **columns,
        base=first.base,
        qualities=first.qualities,
        capacity=first.capacity,
        floor=first.floor,
        group_member=first.group_member,
        group_resource=first.group_resource,
        group_capacity=first.group_capacity,
        group_floor=first.group_floor,
        stayers=first.stayers,
        sigma=first.sigma,
    )
