"""Which cells to hide at least, as a mixed-integer programme of what is known to be necessary.

    min Σ w_k x_k,   x_i = 1 for sensitive cells,   x binary

with the bridge inequalities of Fischetti and Salazar (2001), that in no sum one cell is hidden
alone, Σ_{k ≠ i} x_k ≥ x_i, and the cuts that attacks show (`attacks`).
"""

from dataclasses import dataclass

import highspy
import numpy as np

from yanzhen.exchange.statistics.arrays import Flags, Floats
from yanzhen.exchange.statistics.problem import Problem
from yanzhen.exchange.statistics.solver import quiet_solver


@dataclass(frozen=True)
class Necessary:
    """Cells to hide (C,), and the loss below which no pattern can be."""

    hidden: Flags
    bound: float


class Master:
    """The programme, to which cuts are added.

    Parameters
    ----------
    whole : whether x is binary, or may lie between
    """

    def __init__(self, problem: Problem, whole: bool) -> None:
        self._problem, self._whole = problem, whole
        self._solver = quiet_solver()
        self._solver.setOptionValue("mip_rel_gap", 0.0)
        self._solver.setOptionValue("mip_abs_gap", 1e-9)
        size = problem.size
        lower = problem.primary.astype(float)
        upper = np.where(problem.shown, 0.0, 1.0)
        self._solver.addVars(size, lower, upper)
        every = np.arange(size, dtype=np.int32)
        self._solver.changeColsCost(size, every, problem.weights.astype(float))
        if whole:
            kinds = np.full(size, int(highspy.HighsVarType.kInteger), np.uint8)
            self._solver.changeColsIntegrality(size, every, kinds)
        self._bridges()

    def _bridges(self) -> None:
        relations = self._problem.relations
        starts, index, value = [0], [], []
        for row in range(relations.shape[0]):
            cells = relations.indices[relations.indptr[row] : relations.indptr[row + 1]].tolist()
            for cell in cells:
                index += cells
                value += [-1.0 if each == cell else 1.0 for each in cells]
                starts.append(len(index))
        rows = len(starts) - 1
        self._solver.addRows(
            *(rows, np.zeros(rows), np.full(rows, np.inf), len(index)),
            *(np.array(starts[:-1], np.int32), np.array(index, np.int32), np.array(value)),
        )

    def add(self, coefficients: Floats, least: float) -> None:
        """Add a cut Σ a_k x_k ≥ least, a (C,)."""
        cells = np.flatnonzero(coefficients).astype(np.int32)
        self._solver.addRow(1.0, np.inf, cells.size, cells, coefficients[cells] / least)

    def solve(self, seconds: float) -> Necessary | None:
        """Return what is necessary, None where nothing is found in the time or at all."""
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + max(seconds, 0.0))
        self._solver.run()
        info = self._solver.getInfo()
        done = self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if not done and not self._whole:
            return None
        found = np.array(self._solver.getSolution().col_value)
        if found.size == 0:
            return None
        bound = info.mip_dual_bound if self._whole else info.objective_function_value
        return Necessary(found > 0.5, float(bound))
