"""The least and the most of sums of unknowns that equations leave open."""

from collections.abc import Mapping, Sequence

import highspy
import numpy as np

from yanzhen.exchange.statistics.arrays import Floats
from yanzhen.exchange.statistics.equations import Equations
from yanzhen.exchange.statistics.solver import quiet_solver
from yanzhen.exchange.statistics.truth import Key

UNLIMITED = (
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


LARGEST = 2.0**23
"""About the largest figure that the solver is given, in a power of two of the figures' own unit.

So large that its tolerance (1e-7) is a part of 1e-14, and so small that what doubles round sums by
is within it.
"""


class NoTruth(ArithmeticError):
    """Equations that nothing solves: what is published contradicts itself."""


class AttackSolver:
    """Programmes over the same equations, each from the solution of the last.

    Parameters
    ----------
    beyond : what no unknown is more than
    """

    def __init__(self, equations: Equations, beyond: float) -> None:
        self.low = np.array([low for low, _ in equations.bounds])
        self.high = np.minimum([high for _, high in equations.bounds], beyond)
        rights = [right for _, right in equations.rows]
        figures = np.abs(np.concatenate([self.low, self.high, rights]))
        largest = figures[np.isfinite(figures)].max(initial=0.0)
        self._scale = 2.0 ** np.ceil(np.log2(largest / LARGEST)) if largest > 0 else 1.0
        self._solver = quiet_solver()
        self._solver.addVars(self.low.size, self.low / self._scale, self.high / self._scale)
        for terms, right in equations.rows:
            columns = np.array([column for column, _ in terms], np.int32)
            signs = np.array([sign for _, sign in terms])
            scaled = right / self._scale
            self._solver.addRow(scaled, scaled, columns.size, columns, signs)
        self.solved = 0

    def most(self, terms: Mapping[int, float]) -> tuple[float, Floats]:
        """Return the most that a sum of unknowns, column to coefficient, can be, and where.

        Raises
        ------
        NoTruth
            Nothing solves the equations.
        """
        self.solved += 1
        for column, coefficient in terms.items():
            self._solver.changeColCost(column, -coefficient)
        self._solver.run()
        status = self._solver.getModelStatus()
        point = np.array(self._solver.getSolution().col_value) * self._scale
        for column in terms:
            self._solver.changeColCost(column, 0.0)
        if status in UNLIMITED:
            return np.inf, point
        if status != highspy.HighsModelStatus.kOptimal:
            raise NoTruth(str(status))
        return float(sum(each * point[column] for column, each in terms.items())), point

    def bound(self, columns: Sequence[int], low: Floats, high: Floats) -> None:
        """Set what is known of unknowns."""
        order = np.argsort(columns)
        places = np.array(columns, np.int32)[order]
        self._solver.changeColsBounds(
            places.size, places, low[order] / self._scale, high[order] / self._scale
        )


def intervals(equations: Equations) -> dict[Key, tuple[float, float]]:
    """Return the least and the most that each hidden cell can be, as an outsider finds."""
    solver = AttackSolver(equations, np.inf)
    return {
        key: (-solver.most({column: -1.0})[0], solver.most({column: 1.0})[0])
        for key, column in equations.hidden.items()
    }
