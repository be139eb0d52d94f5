"""The audit of tables before they are published: what attackers get to know of hidden cells.

For every cell that may not be shown, linear programmes give the least and the most that it can be
for all that the tables say: for an outsider, and for every contributor, who knows his own part of
each cell and the whole of one in which he is alone. A point found for one attack serves as a
witness for others, as far as the way to it from the truth leads past nothing that they know.

Whoever hid the cells may hand over deviations that show why they are safe. Each is checked by
arithmetic against what is published (`witnesses`); a cell that they don't prove safe against
everybody is attacked by programmes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from types import MappingProxyType

import numpy as np
import polars as pl

from yanzhen.exchange.statistics.arrays import Floats
from yanzhen.exchange.statistics.attack_solver import AttackSolver
from yanzhen.exchange.statistics.cells import Table
from yanzhen.exchange.statistics.equations import Equations, equations_of
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.rules import SafetyRule
from yanzhen.exchange.statistics.truth import Key, Need, Truth, truth_of
from yanzhen.exchange.statistics.witnesses import Moves, Witnesses

TOLERANCE = 1e-6
"""Part of what is needed that may be missing by rounding."""
KNOWN_LEAST = {"value": 0.0, "records": 1.0}
"""What a hidden figure is known to be at least."""
BEYOND = 10.0
"""Largest true figures that no cell is taken to be more than: no rule asks for as much."""
WITNESSES = 300
"""Points kept as witnesses for other attacks, the newest."""
OUTSIDE = ""
"""The attacker without a contribution of his own."""


@dataclass(frozen=True)
class Finding:
    """What an attacker gets to know of a cell, where that is more than the rule allows.

    Attributes
    ----------
    cell : a code in each dimension
    measure : `value` or `records`
    attacker : enterprise, empty for an outsider
    low, high : the interval he gets; both the true value where the cell is simply shown
    true : the value
    need : what the interval must hold
    """

    cell: Key
    measure: str
    attacker: str
    low: float
    high: float
    true: float
    need: Need


@dataclass(frozen=True)
class Audit:
    """What attacks on tables found.

    Attributes
    ----------
    findings : cells that are told too closely; nothing may be published while there are any
    sensitive : cells that may not be shown, of all measures
    witnessed : those of them that deviations handed over prove safe
    programmes : linear programmes solved
    narrowest : of all sensitive values that are told by nobody, the least width that is proved of
        any attacker's interval, part of the value; None where there is none
    """

    findings: tuple[Finding, ...]
    sensitive: int
    witnessed: int
    programmes: int
    narrowest: float | None


def audit(
    published: Mapping[str, pl.DataFrame],
    contributions: pl.DataFrame,
    hierarchies: Mapping[str, Hierarchy],
    tables: Sequence[Table],
    rule: SafetyRule,
    unit: float = 0.0,
    update: Callable[[float], None] = lambda _: None,
    witnesses: Mapping[str, Sequence[Moves]] = MappingProxyType({}),
) -> Audit:
    """Attack tables with all that they say, as an outsider and as each contributor.

    Parameters
    ----------
    published : name of each table to its cells: a column for each dimension, `records` and `value`,
        null where hidden
    contributions : see `cells.cells_of`
    unit : to which values are rounded, 0 where they are not
    update : told the part that is done
    witnesses : measure to deviations that are said to prove cells safe

    Raises
    ------
    yanzhen.exchange.statistics.equations.Contradiction
        Tables differ where they share a cell.
    yanzhen.exchange.statistics.attack_solver.NoTruth
        No figures are what the tables say.
    """
    truth = truth_of(contributions, hierarchies, tables)
    needs = truth.needs(rule)
    findings: list[Finding] = []
    programmes = witnessed = done = 0
    narrowest: list[float] = []
    every = sum(map(len, needs.values()))
    for measure, of_cells in needs.items():
        rounded = unit if measure == "value" else 0.0
        least = KNOWN_LEAST[measure]
        equations = equations_of(published, measure, hierarchies, tables, rounded, least)
        attack = _Attack(equations, truth, measure, witnesses.get(measure, ()))
        for key, need in of_cells.items():
            findings += attack.told(key, need)
            done += 1
            update(done / every)
        programmes += attack.programmes
        witnessed += attack.witnessed
        if measure == "value":
            narrowest = attack.widths
    return Audit(tuple(findings), every, witnessed, programmes, min(narrowest, default=None))


class _Attack:
    """Attacks on the hidden cells of one measure."""

    def __init__(
        self, equations: Equations, truth: Truth, measure: str, given: Sequence[Moves]
    ) -> None:
        self._equations, self._measure = equations, measure
        self._parts = truth.parts if measure == "value" else truth.records
        self._true = np.array([self._whole(key) for key in equations.unknowns])
        self._beyond = BEYOND * float(self._true.max(initial=1.0))
        high = [min(high, self._beyond) for _, high in equations.bounds]
        self._given = Witnesses(equations, self._parts, self._true.tolist(), high)
        self._given.add(given)
        self.witnessed = 0
        self.widths: list[float] = []
        self._witnesses: list[Floats] = []
        self._known: dict[str, tuple[list[int], Floats, list[bool]]] = {}
        self._inside = _cells_by_enterprise(equations, truth)

    @cached_property
    def _solver(self) -> AttackSolver:
        return AttackSolver(self._equations, self._beyond)

    @property
    def programmes(self) -> int:
        """Linear programmes solved."""
        return self._solver.solved if "_solver" in self.__dict__ else 0

    def _whole(self, key: Key) -> float:
        return fsum(self._parts.get(key, {}).values())

    def told(self, key: Key, need: Need) -> Iterator[Finding]:
        """Give what is told of a cell too closely, by the first attacker who finds it out."""
        whole = self._whole(key)
        column = self._equations.hidden.get(key)
        if column is None:
            yield Finding(key, self._measure, OUTSIDE, whole, whole, whole, need)
            return
        width = self._given.proved(column, need, 1 - TOLERANCE)
        if width is not None:
            self.witnessed += 1
            self.widths.append(width / whole)
            return
        owners = self._parts[key]
        for attacker in self._attackers(column, need, owners):
            lower = need.lower
            if attacker in owners:
                lower = min(lower, whole - self._parts[key][attacker])
            own_need = Need(need.upper, lower, need.width)
            if self._witnessed(column, own_need, attacker):
                continue
            low, high = self._interval(column, attacker)
            if not wide_enough(high - whole, whole - low, own_need):
                yield Finding(key, self._measure, attacker, low, high, whole, own_need)
                return

    def _attackers(self, column: int, need: Need, owners: Mapping[str, float]) -> Iterator[str]:
        """Give the outsider, then those contributors whom the witnesses against him do not fool."""
        yield OUTSIDE
        used = self._best(column, need)
        moved = np.flatnonzero(np.abs(used).max(axis=0) > TOLERANCE * need.upper)
        seen = set()
        for place in moved.tolist():
            parts = self._parts.get(self._equations.unknowns[place], {})
            fall = float(-used[:, place].min())
            for enterprise in parts:
                near = self._true[place] - parts[enterprise]
                if enterprise not in seen and (len(parts) == 1 or near < fall):
                    seen.add(enterprise)
                    if not (len(owners) == 1 and enterprise in owners):
                        yield enterprise

    def _best(self, column: int, need: Need) -> Floats:
        """Deviations from the truth (2, n) that prove most of a cell, no longer than needed."""
        ways = np.array(self._witnesses) - self._true
        above = _longest(ways, column, max(need.upper, need.width - need.lower))
        # What it cannot rise to be wide enough, it must fall.
        below = _longest(-ways, column, max(need.lower, need.width - above[column]))
        return np.array([above, -below])

    def _witnessed(self, column: int, need: Need, attacker: str) -> bool:
        """Whether points found before prove that the interval is wide enough."""
        if not self._witnesses:
            return False
        ways = np.array(self._witnesses) - self._true
        times = np.ones(len(ways))
        if attacker != OUTSIDE:
            columns, own, alone = self._knowledge(attacker)
            steps = ways[:, columns]
            room = self._true[columns] - own
            with np.errstate(divide="ignore", invalid="ignore"):
                most = np.where(steps < 0, room / -steps, np.inf)
            moved = np.abs(steps) > TOLERANCE * self._true[columns]
            most[:, alone] = np.where(moved[:, alone], 0.0, np.inf)
            times = np.minimum(times, most.min(axis=1, initial=np.inf))
        far = times * ways[:, column]
        return wide_enough(float(far.max()), float(-far.min()), need)

    def _knowledge(self, attacker: str) -> tuple[list[int], Floats, list[bool]]:
        """Columns that an enterprise is in, its part of each, and whether it is alone there."""
        if attacker not in self._known:
            columns = self._inside[attacker]
            keys = [self._equations.unknowns[column] for column in columns]
            own = np.array([self._parts[key][attacker] for key in keys])
            alone = [len(self._parts[key]) == 1 for key in keys]
            self._known[attacker] = columns, own, alone
        return self._known[attacker]

    def _interval(self, column: int, attacker: str) -> tuple[float, float]:
        """Return what an attacker gets of a cell, by two programmes."""
        columns: list[int] = []
        if attacker != OUTSIDE:
            columns, own, alone = self._knowledge(attacker)
            low = np.maximum(self._solver.low[columns], own)
            high = np.where(alone, own, self._solver.high[columns])
            self._solver.bound(columns, low, high)
        (low_most, lowest), (high_most, highest) = (
            self._solver.most({column: sign}) for sign in (-1.0, 1.0)
        )
        if columns:
            self._solver.bound(columns, self._solver.low[columns], self._solver.high[columns])
        self._witnesses += [lowest, highest]
        del self._witnesses[:-WITNESSES]
        return -low_most, high_most


def _longest(ways: Floats, column: int, wanted: float) -> Floats:
    """Return the way (n,) that raises a cell most, no longer than wanted."""
    far = ways[:, column]
    best = int(np.argmax(far))
    part = min(1.0, wanted / far[best]) if far[best] > 0 else 0.0
    return np.asarray(part * ways[best], np.float64)


def _cells_by_enterprise(equations: Equations, truth: Truth) -> dict[str, list[int]]:
    inside: dict[str, list[int]] = {}
    for column, key in enumerate(equations.unknowns):
        for enterprise in truth.parts.get(key, ()):
            inside.setdefault(enterprise, []).append(column)
    return inside


def wide_enough(above: float, below: float, need: Need) -> bool:
    """Whether an interval, so far above and below the true value, holds what is needed."""
    part = 1 - TOLERANCE
    return (
        above >= part * need.upper
        and below >= part * need.lower
        and above + below >= part * need.width
    )
