"""Deviations from the true cells that an attacker cannot exclude: the programmes that find them.

A deviation f keeps all sums, M f = 0, leaves every hidden cell at no less than is known of it, and
is zero in every cell shown. If one moves a cell by an amount, the attacker's interval reaches that
far (Kelly, Golden and Assad 1992; Fischetti and Salazar 2001). The cheapest deviation that moves a
cell says which further cells to hide:

    min Σ c_k (f⁺_k + f⁻_k)   M (f⁺ − f⁻) = 0,   f_i = ± amount,   f⁻ ≤ room

An enterprise that attacks knows its own part of each cell, and the whole of one in which it is
alone: there the room is less, or none.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array, hstack

from yanzhen.exchange.statistics.arrays import Flags, Floats, Integers
from yanzhen.exchange.statistics.problem import OUTSIDER, Measure, Problem
from yanzhen.exchange.statistics.solver import quiet_solver

NEGLIGIBLE = 1e-6
"""Part of the amount below which a deviation is the solver's rounding."""
HIDDEN = 1e-3
"""Price of a hidden cell beside that of one still shown: short ways are sought."""
HIDDEN_ALONE = 2.0
"""Price of a hidden cell that somebody knows: what moves it protects nothing from that one."""


@dataclass(frozen=True)
class Deviation:
    """A deviation, sought for one cell and against one attacker.

    Attributes
    ----------
    cells : those that it moves, sorted
    moves : by how much, of the same length
    """

    cells: Integers
    moves: Floats


class CheapestDeviation:
    """Finds the cheapest deviations of one measure within a block, each from the last one.

    Parameters
    ----------
    hidden : (C,) which cells are hidden, as it is whenever one is sought
    cells : (n,) of the block, sorted; the others do not move
    careful : whether no cell that several are in may fall by more than its largest contributor
        leaves
    """

    def __init__(
        self,
        problem: Problem,
        measure: Measure,
        hidden: Flags,
        cells: Integers,
        careful: bool,
    ) -> None:
        self._problem, self._measure = problem, measure
        self._hidden, self._cells = hidden, cells
        self._priced = np.zeros(cells.size, bool)
        self._scale = float(np.median(measure.values[cells]))
        # Ways that no contributor undoes are sought first: those within what the largest leaves.
        largest = measure.own[cells].max(axis=1).toarray().ravel()
        left = np.where(problem.owner[cells] < 0, measure.values[cells] - largest, np.inf)
        safe = np.minimum(left, measure.room[cells]) if careful else measure.room[cells]
        self._upper = np.concatenate([np.full(cells.size, np.inf), safe / self._scale])
        self._upper[np.tile(problem.shown[cells], 2)] = 0.0
        costs = np.tile(problem.weights[cells] + NEGLIGIBLE, 2)
        self._solver = quiet_solver()
        self._solver.passModel(_model(problem.relations[:, cells], costs, self._upper))

    def _price(self) -> None:
        """Let cells cost what they do as they are hidden or shown now."""
        hidden = self._hidden[self._cells]
        places = np.flatnonzero(hidden != self._priced)
        if places.size == 0:
            return
        cells = self._cells[places]
        alone = self._problem.owner[cells] >= 0
        price = np.where(hidden[places], np.where(alone, HIDDEN_ALONE, HIDDEN), 1.0)
        costs = price * (self._problem.weights[cells] + NEGLIGIBLE)
        both = np.concatenate([places, places + self._cells.size]).astype(np.int32)
        self._solver.changeColsCost(both.size, both, np.tile(costs, 2))
        self._priced = hidden

    def find(self, target: int, amount: float, attacker: int) -> Deviation | None:
        """Return the cheapest deviation that moves a cell by an amount, None where there is none.

        Parameters
        ----------
        attacker : number of the enterprise that attacks, or `OUTSIDER`
        """
        self._price()
        size, wanted = self._cells.size, amount / self._scale
        up, down = self._known_to(attacker)
        place = int(np.searchsorted(self._cells, target))
        self._bound(
            {**up, place: max(wanted, 0.0)},
            {**down, place: max(-wanted, 0.0)},
            fixed=place,
        )
        self._solver.run()
        solved = self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        both = np.array(self._solver.getSolution().col_value) if solved else None
        back = [*up, place]
        self._bound(
            {each: float(self._upper[each]) for each in back},
            {each: float(self._upper[each + size]) for each in back},
        )
        if both is None:
            return None
        moves = both[:size] - both[size:]
        moved = np.flatnonzero(np.abs(moves) > NEGLIGIBLE * abs(wanted))
        return Deviation(self._cells[moved], moves[moved] * self._scale)

    def _places(self, cells: Integers) -> Integers:
        """Return where cells are in the block, of those that are."""
        places = np.minimum(np.searchsorted(self._cells, cells), self._cells.size - 1)
        return np.asarray(places[self._cells[places] == cells], np.int64)

    def _known_to(self, attacker: int) -> tuple[dict[int, float], dict[int, float]]:
        """Return how far cells that an attacker is in may rise and fall, by their places."""
        if attacker == OUTSIDER:
            return {}, {}
        cells, room = self._problem.rooms_of(self._measure, attacker)
        inside = np.isin(cells, self._cells)
        cells, room = cells[inside], room[inside]
        places = self._places(cells)
        known = self._problem.owner[cells] == attacker
        rises = np.where(known, 0.0, self._upper[places])
        falls = np.minimum(room / self._scale, self._upper[places + self._cells.size])
        listed = places.tolist()
        return (
            dict(zip(listed, rises.tolist(), strict=True)),
            dict(zip(listed, falls.tolist(), strict=True)),
        )

    def _bound(
        self, rises: dict[int, float], falls: dict[int, float], fixed: int | None = None
    ) -> None:
        """Set how far cells may rise and fall, and that one does."""
        size = self._cells.size
        highest = {**rises, **{cell + size: each for cell, each in falls.items()}}
        places = np.array(sorted(highest), np.int32)
        upper = np.array([highest[place] for place in places.tolist()])
        lower = np.zeros(places.size)
        if fixed is not None:
            theirs = np.isin(places, [fixed, fixed + size])
            lower[theirs] = upper[theirs]
        self._solver.changeColsBounds(places.size, places, lower, upper)


def _model(relations: csr_array, costs: Floats, upper: Floats) -> highspy.HighsLp:
    relations = relations[np.diff(relations.indptr) > 0]
    rows = relations.shape[0]
    matrix = csc_array(hstack([relations, -relations], format="csc"))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = costs.size, rows
    model.col_cost_, model.col_lower_, model.col_upper_ = costs, np.zeros(costs.size), upper
    model.row_lower_ = model.row_upper_ = np.zeros(rows)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data
    return model
