"""How far an attacker's interval of a cell reaches, and which cuts that gives.

    max ± d_i   M d = 0,   −room_k x_k ≤ d_k ≤ U x_k

By duality no pattern x is enough unless Σ_k (α_k U + β_k room_k) x_k ≥ level, with α and β the
positive and negative parts of the reduced costs (Fischetti and Salazar 2001, capacity
constraints). x is binary, so that a coefficient beyond the level is the level: U can be beyond all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array

from yanzhen.exchange.statistics.arrays import Flags, Floats
from yanzhen.exchange.statistics.deviations import NEGLIGIBLE, Deviation
from yanzhen.exchange.statistics.problem import OUTSIDER, Measure, Problem
from yanzhen.exchange.statistics.proofs import SLACK, Proofs
from yanzhen.exchange.statistics.solver import quiet_solver

BEYOND = 10.0
"""How far a cell may rise, in largest values of the measure: beyond what any level asks."""


@dataclass(frozen=True)
class Cut:
    """Σ a_k x_k ≥ least, which a pattern does not hold: a (C,)."""

    coefficients: Floats
    least: float


@dataclass(frozen=True)
class _Reached:
    """How far a cell moves in one direction; with which deviation; and what each cell adds to it.

    Attributes
    ----------
    gains : (C,) α U + β room, infinite where α is positive
    """

    far: float
    deviation: Deviation
    gains: Floats


class Attacks:
    """Attacks on patterns by way of one measure."""

    def __init__(self, problem: Problem, measure: Measure) -> None:
        self._problem, self._measure = problem, measure
        self._scale = float(np.median(measure.values))
        self._beyond = BEYOND * float(measure.values.max()) / self._scale
        self._solver = quiet_solver()
        model = highspy.HighsLp()
        relations = csc_array(problem.relations)
        rows = relations.shape[0]
        model.num_col_, model.num_row_ = problem.size, rows
        model.col_cost_ = model.col_lower_ = model.col_upper_ = np.zeros(problem.size)
        model.row_lower_ = model.row_upper_ = np.zeros(rows)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = relations.indptr.astype(np.int32)
        model.a_matrix_.index_ = relations.indices.astype(np.int32)
        model.a_matrix_.value_ = relations.data
        self._solver.passModel(model)

    def cuts(self, hidden: Flags) -> Iterator[Cut]:
        """Give a cut for every sensitive cell that a pattern leaves unprotected."""
        for target in np.flatnonzero(self._measure.levels.upper > 0).tolist():
            cut, found = self._against(hidden, target, OUTSIDER)
            if cut is not None:
                yield cut
                continue
            proofs = Proofs(self._problem, self._measure)
            numbers = [proofs.add(each) for each in found if each.cells.size]
            for attacker in list(proofs.attackers(numbers, target)):
                cut, _ = self._against(hidden, target, attacker)
                if cut is not None:
                    yield cut
                    break

    def _against(
        self, hidden: Flags, target: int, attacker: int
    ) -> tuple[Cut | None, tuple[Deviation, Deviation]]:
        levels = self._measure.levels
        room = self._measure.room.copy()
        known = np.zeros(room.size, bool)
        lower = float(levels.lower[target])
        if attacker != OUTSIDER:
            cells, theirs = self._problem.rooms_of(self._measure, attacker)
            room[cells] = theirs
            known = self._problem.owner == attacker
            lower = min(lower, float(room[target]))
        most = max(levels.upper[target], levels.sliding[target])
        self._bound(hidden & ~known, room, target, float(most))
        up, down = (self._reach(target, sign, room, known, hidden) for sign in (1.0, -1.0))
        enough = 1 - SLACK
        cut = None
        if up.far < enough * levels.upper[target]:
            cut = _cut(up.gains, float(levels.upper[target]))
        elif down.far < enough * lower:
            cut = _cut(down.gains, lower)
        elif up.far + down.far < enough * levels.sliding[target]:
            cut = _cut(up.gains + down.gains, float(levels.sliding[target]))
        return cut, (up.deviation, down.deviation)

    def _bound(self, moving: Flags, room: Floats, target: int, most: float) -> None:
        every = np.arange(moving.size, dtype=np.int32)
        lower = np.where(moving, -room / self._scale, 0.0)
        upper = np.where(moving, self._beyond, 0.0)
        upper[target] = most / self._scale
        self._solver.changeColsBounds(every.size, every, lower, upper)

    def _reach(
        self, target: int, sign: float, room: Floats, known: Flags, hidden: Flags
    ) -> _Reached:
        self._solver.changeColCost(target, -sign)
        self._solver.run()
        solution = self._solver.getSolution()
        self._solver.changeColCost(target, 0.0)
        moves = np.array(solution.col_value) * self._scale
        moved = np.flatnonzero(np.abs(moves) > NEGLIGIBLE * max(abs(moves[target]), self._scale))
        gained = -np.array(solution.col_dual)
        gained[np.abs(gained) < SLACK] = 0.0
        gains = np.where(gained > 0, np.inf, -np.minimum(gained, 0.0) * room)
        gains[known] = 0.0
        # What a hidden cell may rise is beyond all and not what limits.
        gains[hidden & (gained > 0)] = 0.0
        return _Reached(float(sign * moves[target]), Deviation(moved, moves[moved]), gains)


def _cut(gains: Floats, least: float) -> Cut:
    return Cut(np.minimum(gains, least), least)
