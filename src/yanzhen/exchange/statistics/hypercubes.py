"""Deviations on the corners of a hypercube: found by looking, without a programme.

In each dimension the target's code rises and another one falls by the same, or all of them rise up
to the total; codes above and below move along on one way down to a lowest code. The product of such
steps keeps every sum exactly:

    f = ⊗_d (Σ_{k ∈ way(a_d)} e_k − Σ_{k ∈ way(b_d)} e_k)

with the ways from the lowest codes a_d and b_d up to below the code that both lie under. Giessing
and Repsilber (2002) hide cells so; here a hypercube is one more way that may be taken, and what it
proves is proved as of any other deviation. Where there is none, programmes look (`deviations`).
"""

from dataclasses import dataclass

import numpy as np

from yanzhen.exchange.statistics.arrays import Flags, Floats, Integers
from yanzhen.exchange.statistics.deviations import HIDDEN, HIDDEN_ALONE, NEGLIGIBLE, Deviation
from yanzhen.exchange.statistics.problem import OUTSIDER, Measure, Problem

LOOKED_AT = 512
"""Hypercubes at most that are compared for one target."""
ALIKE = 2
"""Steps at most in a dimension in which all cost the same."""
ONE_WAY = 2.0
"""How much dearer one may be that reaches both up and down."""


@dataclass(frozen=True)
class Steps:
    """Steps in one dimension that raise a code: O of them, of at most L codes.

    Attributes
    ----------
    codes : (O, L)
    signs : (O, L) 1 or -1, 0 beyond the end
    """

    codes: Integers
    signs: Integers

    def chosen(self, which: Integers) -> "Steps":
        """Return some of them, no wider than they are."""
        signs = self.signs[which]
        width = int((signs != 0).sum(axis=1).max(initial=1))
        return Steps(self.codes[which, :width], signs[:, :width])


class Hypercubes:
    """Finds the cheapest hypercubes of one measure.

    Parameters
    ----------
    hidden : (C,) which cells are hidden, as it is whenever one is sought
    """

    def __init__(self, problem: Problem, measure: Measure, hidden: Flags) -> None:
        self._problem, self._measure, self._hidden = problem, measure, hidden
        self._blocks = problem.blocks
        self._steps: dict[tuple[int, int], Steps] = {}
        largest = measure.own.max(axis=1).toarray().ravel()
        left = np.where(problem.owner < 0, measure.values - largest, np.inf)
        self._safe = np.minimum(left, measure.room)

    def find(
        self, target: int, amount: float, attacker: int, careful: bool, hide: bool
    ) -> Deviation | None:
        """Return the cheapest hypercube that moves a cell by an amount, None where there is none.

        Parameters
        ----------
        attacker : number of the enterprise that attacks, or `OUTSIDER`
        careful : whether no cell that several are in may fall by more than its largest contributor
            leaves
        hide : whether further cells may be hidden for it
        """
        price, room = self._prices(target, attacker, careful, hide)
        chosen = self._edges(target, amount, price, room)
        if chosen is None:
            return None
        cells, signs, costs, rises, falls = self._corners(chosen, price, room)
        wanted = abs(amount) * (1 - NEGLIGIBLE)
        reaches, back = (rises, falls) if amount > 0 else (falls, rises)
        costs = np.where(reaches >= wanted, costs, np.inf)
        best = int(np.argmin(costs))
        if not np.isfinite(costs[best]):
            return None
        both = np.where(back >= wanted, costs, np.inf)
        if both.min() <= ONE_WAY * costs[best]:
            best = int(np.argmin(both))
        moved = signs[best] != 0
        order = np.argsort(cells[best][moved])
        moves = signs[best][moved][order].astype(float)
        return Deviation(cells[best][moved][order], moves)

    def _prices(
        self, target: int, attacker: int, careful: bool, hide: bool
    ) -> tuple[Floats, Floats]:
        """Return what moving each cell costs, and how far it may fall (C,)."""
        problem = self._problem
        weights = problem.weights + NEGLIGIBLE
        known = np.where(problem.owner >= 0, HIDDEN_ALONE, HIDDEN) * weights
        still_shown = np.where(problem.shown | (not hide), np.inf, weights)
        price = np.where(self._hidden, known, still_shown)
        room = (self._safe if careful else self._measure.room).copy()
        if attacker != OUTSIDER:
            cells, theirs = problem.rooms_of(self._measure, attacker)
            room[cells] = np.minimum(room[cells], theirs)
            price[problem.owner == attacker] = np.inf
        price[target] = 0.0
        return price, room

    def _edges(self, target: int, amount: float, price: Floats, room: Floats) -> list[Steps] | None:
        """Return the best steps in each dimension, the other dimensions standing at the target."""
        at = self._blocks.codes[target]
        wanted = abs(amount) * (1 - NEGLIGIBLE)
        found: list[tuple[Steps, Integers]] = []
        for place in range(at.size):
            steps = self._steps_of(place, int(at[place]))
            keys = np.broadcast_to(at, (*steps.codes.shape, at.size)).copy()
            keys[..., place] = steps.codes
            cells, lost = self._blocks.find(keys)
            moving = (steps.signs != 0) & (cells >= 0)
            falling = steps.signs < 0 if amount > 0 else steps.signs > 0
            narrow = moving & falling & (room[cells] < wanted)
            costs = np.where(moving, price[cells], 0.0).sum(axis=1)
            costs[((lost & (steps.signs != 0)) | narrow).any(axis=1)] = np.inf
            able = np.flatnonzero(np.isfinite(costs))
            if able.size == 0:
                return None
            if np.ptp(costs[able]) == 0:
                # Nothing lies beside the target that a table shows: they seldom differ.
                able = able[:ALIKE]
            found.append((steps, able[np.argsort(costs[able], kind="stable")]))
        left, chosen = LOOKED_AT, {}
        for rank, place in enumerate(sorted(range(at.size), key=lambda each: found[each][1].size)):
            steps, able = found[place]
            most = max(1, int(left ** (1 / (at.size - rank))))
            chosen[place] = steps.chosen(able[:most])
            left //= min(most, able.size)
        return [chosen[place] for place in range(at.size)]

    def _corners(
        self, steps: list[Steps], price: Floats, room: Floats
    ) -> tuple[Integers, Integers, Floats, Floats, Floats]:
        """Return all products of steps: cells and signs (N, P), costs and reaches (N,)."""
        keys = np.zeros((1, 1, 0), np.int64)
        signs = np.ones((1, 1), np.int64)
        for each in steps:
            options, width = each.codes.shape
            size, corners, dimensions = keys.shape
            shape = (size, options, corners, width)
            grown = np.broadcast_to(keys[:, None, :, None, :], (*shape, dimensions))
            more = np.broadcast_to(each.codes[None, :, None, :, None], (*shape, 1))
            keys = np.concatenate([grown, more], axis=-1)
            keys = keys.reshape(size * options, corners * width, dimensions + 1)
            signs = signs[:, None, :, None] * each.signs[None, :, None, :]
            signs = signs.reshape(size * options, corners * width)
        cells, lost = self._blocks.find(keys)
        impossible = (lost & (signs != 0)).any(axis=1)
        signs = np.where(cells >= 0, signs, 0)
        costs = np.where(signs != 0, price[cells], 0.0).sum(axis=1)
        costs[impossible] = np.inf
        rises = np.where(signs < 0, room[cells], np.inf).min(axis=1)
        falls = np.where(signs > 0, room[cells], np.inf).min(axis=1)
        return cells, signs, costs, rises, falls

    def _steps_of(self, place: int, code: int) -> Steps:
        if (place, code) not in self._steps:
            self._steps[place, code] = _steps(self._blocks.ways[place], code)
        return self._steps[place, code]


def _steps(ways: dict[int, tuple[int, ...]], code: int) -> Steps:
    """Return the steps that raise a code.

    Parameters
    ----------
    ways : each lowest code to the codes from itself up to that of all
    """
    inside = [way for way in ways.values() if code in way]
    outside = [way for way in ways.values() if code not in way]
    found: list[tuple[list[int], list[int]]] = []
    for up in inside:
        found.append((list(up), [1] * len(up)))
        for down in outside:
            rising = [each for each in up if each not in down]
            falling = [each for each in down if each not in up]
            found.append((rising + falling, [1] * len(rising) + [-1] * len(falling)))
    # Short ones first: pads at the end are then cut off where only short ones are chosen.
    width = max(len(codes) for codes, _ in found)
    pad = [[0] * (width - len(codes)) for codes, _ in found]
    return Steps(
        np.array([codes + more for (codes, _), more in zip(found, pad, strict=True)], np.int64),
        np.array([signs + more for (_, signs), more in zip(found, pad, strict=True)], np.int64),
    )
