"""A pattern that protects every sensitive cell, found one cell after the other.

Cells are taken by the amount that their interval must reach, the largest first (Kelly, Golden and
Assad 1992), each against an outsider and then against every enterprise that could undo what
protects it. A deviation found for one protects others that it moves, as far as it can be repeated.
Then cells are shown again that turn out not to be needed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import monotonic

import numpy as np

from yanzhen.exchange.statistics.arrays import Flags
from yanzhen.exchange.statistics.blocks import Block
from yanzhen.exchange.statistics.deviations import CheapestDeviation, Deviation
from yanzhen.exchange.statistics.hypercubes import Hypercubes
from yanzhen.exchange.statistics.problem import OUTSIDER, Measure, Problem
from yanzhen.exchange.statistics.proofs import Proofs

Progress = Callable[[float], None]
TRIED = 12
"""Deviations, the newest first, of which it is tried whether they protect a cell already."""
BY_LOOKING = 2000
"""Cells from which on hypercubes are taken where there are any, which hide some more cells."""
STEPS = 8
"""Programmes at most for one cell against one attacker."""


@dataclass(frozen=True)
class Pattern:
    """Cells to hide, and why they are enough.

    Attributes
    ----------
    hidden : (C,)
    deviations : measure to what was found to protect its sensitive cells
    """

    hidden: Flags
    deviations: Mapping[str, tuple[Deviation, ...]]


class Unprotectable(ValueError):
    """A sensitive cell that nothing which may still be hidden protects."""

    def __init__(self, measure: str, cell: int) -> None:
        super().__init__(f"{measure} of cell {cell} cannot be protected")
        self.measure, self.cell = measure, cell


def protect(
    problem: Problem,
    until: float = float("inf"),
    update: Progress = lambda _: None,
    by_looking: int = BY_LOOKING,
) -> Pattern:
    """Return the cells to hide, so that every sensitive one is protected against everybody.

    Parameters
    ----------
    by_looking : cells from which on hypercubes are taken where there are any
    until : moment (`time.monotonic`) after which no cell is tried for being shown again
    update : told the part that is done

    Raises
    ------
    Unprotectable
        A cell cannot be protected.
    """
    hidden = problem.primary.copy()
    looking = problem.size >= by_looking
    searches = [_Search(problem, measure, hidden, looking) for measure in problem.measures]
    for number, search in enumerate(searches):
        for part in search.protect_all():
            update((number + part) / (len(searches) + 1))
    further = np.flatnonzero(hidden & ~problem.primary)
    for cell in further[np.argsort(-problem.weights[further], kind="stable")].tolist():
        if monotonic() > until:
            break
        hidden[cell] = False
        changes = [search.without(cell) for search in searches]
        if any(change is None for change in changes):
            hidden[cell] = True
            continue
        for search, change in zip(searches, changes, strict=True):
            search.take(cell, change or {})
    update(1.0)
    found = zip(problem.measures, searches, strict=True)
    return Pattern(hidden, {measure.name: search.deviations() for measure, search in found})


class _Search:
    """Protects the cells of one measure, hiding more of them as it goes."""

    def __init__(self, problem: Problem, measure: Measure, hidden: Flags, looking: bool) -> None:
        self._problem, self._measure, self._hidden = problem, measure, hidden
        self._cheapest: dict[tuple[Block | None, bool], CheapestDeviation] = {}
        self._hypercubes = Hypercubes(problem, measure, hidden) if looking else None
        self._proofs = Proofs(problem, measure)
        self._used: dict[int, set[int]] = {}
        self._rests_on: dict[int, set[int]] = defaultdict(set)

    def protect_all(self) -> Iterator[float]:
        """Protect every sensitive cell, the one with the highest level first."""
        upper = self._measure.levels.upper
        order = np.argsort(-upper, kind="stable")[: int((upper > 0).sum())]
        for place, target in enumerate(order.tolist()):
            used = self._protection(target, ())
            if used is None:
                raise Unprotectable(self._measure.name, target)
            self._rest(target, used)
            yield place / order.size

    def without(self, cell: int) -> dict[int, set[int]] | None:
        """Return what protects instead those whose protection moves a cell, None where nothing may.

        Nothing further is hidden for it.
        """
        lost = set(self._proofs.moving(cell))
        bare = sorted(set().union(*(self._rests_on[number] for number in lost)))
        found: dict[int, set[int]] = {}
        for target in bare:
            used = self._protection(target, lost, hide=False)
            if used is None:
                return None
            found[target] = used
        return found

    def take(self, cell: int, found: dict[int, set[int]]) -> None:
        """Let protections be those found by `without`, and forget what moves a cell."""
        for target, used in found.items():
            self._rest(target, used)
        for number in self._proofs.moving(cell):
            self._proofs.drop(number)
            self._rests_on.pop(number, None)

    def deviations(self) -> tuple[Deviation, ...]:
        """Return those that protect a cell."""
        numbers = sorted(set().union(*self._used.values()))
        return tuple(self._proofs[number].deviation for number in numbers)

    def _rest(self, target: int, used: set[int]) -> None:
        for number in self._used.get(target, ()):
            self._rests_on[number].discard(target)
        self._used[target] = used
        for number in used:
            self._rests_on[number].add(target)

    def _protection(
        self, target: int, banned: set[int] | tuple[()], hide: bool = True
    ) -> set[int] | None:
        """Return deviations that protect a cell against everybody, None where there are none."""
        used = self._against(target, OUTSIDER, banned, hide)
        if used is None:
            return None
        for attacker in list(self._proofs.attackers(used, target)):
            each = [self._proofs[number].reach(target, attacker) for number in used]
            reach = max(up for up, _ in each), max(down for _, down in each)
            if self._proofs.missing(target, reach, attacker) is not None:
                more = self._against(target, attacker, banned, hide)
                if more is None:
                    return None
                used |= more
        return used

    def _against(
        self, target: int, attacker: int, banned: set[int] | tuple[()], hide: bool
    ) -> set[int] | None:
        """Return deviations that protect a cell against one attacker, found where need be."""
        used: set[int] = set()
        high = low = 0.0
        known = [number for number in self._proofs.moving(target) if number not in banned]
        for number in known[:TRIED]:
            up, down = self._proofs[number].reach(target, attacker)
            if up > high or down > low:
                high, low = max(high, up), max(low, down)
                used.add(number)
                if self._proofs.missing(target, (high, low), attacker) is None:
                    return used
        for _ in range(STEPS):
            amount = self._proofs.missing(target, (high, low), attacker)
            if amount is None:
                return used
            deviation = self._find(target, amount, attacker, hide)
            if deviation is None:
                return None
            self._hidden[deviation.cells] = True
            number = self._proofs.add(deviation)
            up, down = self._proofs[number].reach(target, attacker)
            high, low = max(high, up), max(low, down)
            used.add(number)
        return None

    def _find(self, target: int, amount: float, attacker: int, hide: bool) -> Deviation | None:
        """Look for a deviation in the block around a cell, and where there is none, everywhere.

        Parameters
        ----------
        hide : whether further cells may be hidden for it
        """
        if self._hypercubes is not None:
            for careful in (True, False):
                deviation = self._hypercubes.find(target, amount, attacker, careful, hide)
                if deviation is not None:
                    return deviation
            if not hide:
                return None
        around = self._problem.blocks.block_of(target)
        for way in ((around, True), (around, False), (None, True), (None, False)):
            deviation = self._within(*way).find(target, amount, attacker)
            if deviation is not None and (hide or self._hidden[deviation.cells].all()):
                return deviation
            if deviation is not None:
                return None
        return None

    def _within(self, block: Block | None, careful: bool) -> CheapestDeviation:
        way = block, careful
        if way not in self._cheapest:
            every = np.arange(self._problem.size)
            cells = every if block is None else self._problem.blocks.cells_in(block)
            self._cheapest[way] = CheapestDeviation(
                self._problem, self._measure, self._hidden, cells, careful
            )
        return self._cheapest[way]
