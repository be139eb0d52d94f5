"""Deviations kept as proofs of how wide an attacker's interval of each cell is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from yanzhen.exchange.statistics.deviations import Deviation
from yanzhen.exchange.statistics.problem import OUTSIDER, Measure, Problem

SLACK = 1e-7
"""Part of a level that may be missing by rounding."""
Reach = tuple[float, float]
"""How far a cell is proved to rise and to fall, or how often a deviation can be added and taken."""


@dataclass(frozen=True)
class Proof:
    """A deviation and how often it can be added to the true cells and taken away from them.

    Attributes
    ----------
    times : for an outsider
    times_for : enterprise to the same, where that is less
    """

    deviation: Deviation
    times: Reach
    times_for: dict[int, Reach]

    def move(self, cell: int) -> float:
        """Return by how much it moves one of its cells."""
        return float(self.deviation.moves[np.searchsorted(self.deviation.cells, cell)])

    def reach(self, target: int, attacker: int) -> Reach:
        """Return how far it moves a cell up and down, whatever an attacker knows."""
        added, taken = self.times_for.get(attacker, self.times)
        move = self.move(target)
        up, down = (added, taken) if move > 0 else (taken, added)
        return abs(move) * up, abs(move) * down


class Proofs:
    """What is proved of the cells of one measure; what is not used any more is forgotten."""

    def __init__(self, problem: Problem, measure: Measure) -> None:
        self._problem, self._measure = problem, measure
        self._kept: dict[int, Proof] = {}
        self._moving: dict[int, dict[int, None]] = defaultdict(dict)
        self._number = 0

    def add(self, deviation: Deviation) -> int:
        """Keep a deviation; return its number."""
        self._number += 1
        self._kept[self._number] = self._proof(deviation)
        for cell in deviation.cells.tolist():
            self._moving[cell][self._number] = None
        return self._number

    def drop(self, number: int) -> None:
        """Forget a deviation."""
        for cell in self._kept.pop(number).deviation.cells.tolist():
            del self._moving[cell][number]

    def moving(self, cell: int) -> list[int]:
        """Return the numbers of the deviations that move a cell, the newest first."""
        return list(reversed(self._moving[cell]))

    def __getitem__(self, number: int) -> Proof:
        return self._kept[number]

    def _proof(self, deviation: Deviation) -> Proof:
        cells, moves = deviation.cells, deviation.moves
        limits = self._measure.room[cells] / np.abs(moves)
        falls = moves < 0
        times = (
            float(limits[falls].min(initial=np.inf)),
            float(limits[~falls].min(initial=np.inf)),
        )
        own = self._measure.own
        starts, ends = own.indptr[cells], own.indptr[cells + 1]
        entries = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])
        rows = np.repeat(np.arange(cells.size), ends - starts)
        who = own.indices[entries]
        room = self._measure.values[cells[rows]] - np.maximum(
            own.data[entries], self._measure.least
        )
        most = room / np.abs(moves[rows])
        alone = self._problem.owner[cells[rows]] == who
        # One that is alone in a cell knows it: it neither rises nor falls.
        added = np.where(alone, 0.0, np.where(falls[rows], most, np.inf))
        taken = np.where(alone, 0.0, np.where(falls[rows], np.inf, most))
        less = (added < times[0]) | (taken < times[1])
        times_for: dict[int, Reach] = {}
        for each, up, down in zip(
            who[less].tolist(), added[less].tolist(), taken[less].tolist(), strict=True
        ):
            before = times_for.get(each, times)
            times_for[each] = (min(before[0], up), min(before[1], down))
        return Proof(deviation, times, times_for)

    def missing(self, target: int, reach: Reach, attacker: int = OUTSIDER) -> float | None:
        """Return by how much a cell must still be moved, None where its interval is wide enough."""
        levels, enough = self._measure.levels, 1 - SLACK
        (high, low), lower = reach, float(levels.lower[target])
        if attacker != OUTSIDER:
            lower = min(lower, self._room_for(target, attacker))
        upper = max(float(levels.upper[target]), float(levels.sliding[target]) - max(low, lower))
        if high < enough * upper:
            return upper
        if low < enough * lower:
            return -lower
        return None

    def _room_for(self, target: int, attacker: int) -> float:
        own = self._measure.own
        part = slice(own.indptr[target], own.indptr[target + 1])
        theirs = own.data[part][own.indices[part] == attacker].sum()
        return float(self._measure.values[target] - max(theirs, self._measure.least))

    def attackers(self, numbers: Iterable[int], target: int) -> Iterator[int]:
        """Give the enterprises against which deviations prove less, the cell's owner excepted."""
        seen = {int(self._problem.owner[target])}
        for number in numbers:
            for attacker in self._kept[number].times_for:
                if attacker not in seen:
                    seen.add(attacker)
                    yield attacker
