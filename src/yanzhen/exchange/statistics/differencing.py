"""What attackers get to know by setting a publication beside those before it.

A cell whose contributions are the same in two publications is one unknown: what one hides the other
may show. Where they differ, the difference is a figure of those enterprises alone that are new,
gone or changed, and it needs what the rule asks of a cell of theirs.

Every point that a programme finds is a way from the truth that the attacker cannot exclude, and is
kept: what it proves of other figures needs no programme. First some programmes move as many figures
at once as they can, each as far as it must.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
import polars as pl

from yanzhen.exchange.statistics.attack_solver import AttackSolver, NoTruth
from yanzhen.exchange.statistics.audit import KNOWN_LEAST, TOLERANCE, wide_enough
from yanzhen.exchange.statistics.cells import Table
from yanzhen.exchange.statistics.equations import Equations, equations_of, shown_within
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.rules import SafetyRule
from yanzhen.exchange.statistics.truth import Key, Need, Truth, truth_of

BEYOND = 10.0
"""Largest true figures that no cell is taken to be more than."""
ROUNDS = 6
"""Times that as many figures as possible are moved at once."""
WAYS = 400
"""Ways that are kept, the newest."""


@dataclass(frozen=True)
class Version:
    """Tables as they were published once, and what they were made of.

    Attributes
    ----------
    name : by which messages name it
    published, contributions : see `audit.audit`
    hierarchies, tables : as they were declared then
    unit : to which values were rounded
    """

    name: str
    published: Mapping[str, pl.DataFrame]
    contributions: pl.DataFrame
    hierarchies: Mapping[str, Hierarchy]
    tables: Sequence[Table]
    unit: float


@dataclass(frozen=True)
class Difference:
    """What two publications tell together.

    Attributes
    ----------
    cell : a code in each dimension
    measure : `value` or `records`
    since : name of the earlier publication whose difference tells it, empty where a cell itself is
        told by all of them together
    low, high : the interval that an outsider gets, of the difference or of the cell
    true : the difference or the cell
    need : what the interval must hold
    """

    cell: Key
    measure: str
    since: str
    low: float
    high: float
    true: float
    need: Need


def audit_versions(
    earlier: Sequence[Version], now: Version, rule: SafetyRule
) -> tuple[Difference, ...]:
    """Attack a publication together with all before it.

    Parameters
    ----------
    earlier : the oldest first, of the same dimensions

    Raises
    ------
    yanzhen.exchange.statistics.attack_solver.NoTruth
        Publications contradict each other.
    """
    versions = [*earlier, now]
    truths = [truth_of(each.contributions, each.hierarchies, each.tables) for each in versions]
    since = _first_alike(truths)
    found: list[Difference] = []
    for measure in KNOWN_LEAST:
        attack = _Attack(versions, truths, since, measure)
        found += attack.cells(rule)
        found += attack.differences(rule)
    return tuple(found)


def _first_alike(truths: Sequence[Truth]) -> list[dict[Key, int]]:
    """For each version and cell, the first version in which it had the same contributions."""
    found: list[dict[Key, int]] = []
    for number, truth in enumerate(truths):
        alike = {}
        for key, parts in truth.parts.items():
            same = (
                before
                for before in range(number)
                if truths[before].parts.get(key) == parts
                and truths[before].records.get(key) == truth.records[key]
            )
            alike[key] = next(same, number)
        found.append(alike)
    return found


class _Attack:
    """An outsider's attack on one measure of several publications."""

    def __init__(
        self,
        versions: Sequence[Version],
        truths: Sequence[Truth],
        since: Sequence[Mapping[Key, int]],
        measure: str,
    ) -> None:
        self._versions, self._truths, self._since = versions, truths, since
        self._measure = measure
        self._parts = [each.parts if measure == "value" else each.records for each in truths]
        self._equations = self._joined()
        largest = max(fsum(each.values()) for parts in self._parts for each in parts.values())
        self._solver = AttackSolver(self._equations, BEYOND * largest)
        self._places = {key: place for place, key in enumerate(self._equations.unknowns)}
        figures: dict[Key, float] = {}
        for number, version in enumerate(versions):
            for table in version.tables:
                for key in version.published[table.name].select(*version.hierarchies).iter_rows():
                    figures.setdefault(self._name(number, key), self._figure(number, key))
        self._true = np.array([figures[name] for name in self._equations.unknowns])
        self._ways = np.zeros((0, self._true.size))

    def _joined(self) -> Equations:
        """The equations of all publications, a cell with the same contributions once."""
        bounds: dict[Key, tuple[float, float]] = {}
        rows: list[tuple[list[tuple[Key, float]], float]] = []
        for number, version in enumerate(self._versions):
            unit = version.unit if self._measure == "value" else 0.0
            least = KNOWN_LEAST[self._measure]
            each = equations_of(
                version.published,
                *(self._measure, version.hierarchies, version.tables, unit, least),
            )
            names = [self._name(number, key) for key in each.unknowns]
            shown = shown_within(
                *(version.published, self._measure, version.hierarchies, version.tables, unit)
            )
            known = [*zip(each.unknowns, each.bounds, strict=True), *shown.items()]
            for key, (low, high) in known:
                name = self._name(number, key)
                before = bounds.get(name, (low, high))
                low, high = max(before[0], low), min(before[1], high)
                if low > (1 + TOLERANCE) * high:
                    raise NoTruth(f"no figure of {', '.join(key)} is what all publications show")
                bounds[name] = low, max(low, high)
            rows += [
                ([(names[column], sign) for column, sign in terms], right)
                for terms, right in each.rows
            ]
        places = {name: place for place, name in enumerate(bounds)}
        return Equations(
            list(bounds),
            list(bounds.values()),
            [([(places[name], sign) for name, sign in terms], right) for terms, right in rows],
            places,
        )

    def _name(self, number: int, key: Key) -> Key:
        return (str(self._since[number].get(key, number)), *key)

    def _figure(self, number: int, key: Key) -> float:
        return fsum(self._parts[number].get(key, {}).values())

    def cells(self, rule: SafetyRule) -> list[Difference]:
        """Attack every cell that may not be shown, in every version, by all versions."""
        wanted: dict[Key, tuple[int, Key, Need]] = {}
        for number, truth in enumerate(self._truths):
            for key, need in truth.needs(rule)[self._measure].items():
                wanted.setdefault(self._name(number, key), (number, key, need))
        self._move_together({self._places[name]: need for name, (*_, need) in wanted.items()})
        found = []
        for name, (number, key, need) in wanted.items():
            true = self._figure(number, key)
            if told := self._told({self._places[name]: 1.0}, true, need):
                found.append(Difference(key, self._measure, "", *told, true, need))
        return found

    def differences(self, rule: SafetyRule) -> list[Difference]:
        """Attack what changed between the last version and each before it."""
        found = []
        last = len(self._versions) - 1
        for number in range(last):
            for key in self._since[last]:
                if key not in self._since[number] or self._since[last][key] <= number:
                    continue
                changed = _changes(self._parts[number][key], self._parts[last][key])
                if not changed:
                    continue
                need = Truth({key: changed}, {key: changed}).needs(rule)["value"].get(key)
                if need is None:
                    continue
                names = [self._name(each, key) for each in (last, number)]
                terms = {self._places[names[0]]: 1.0, self._places[names[1]]: -1.0}
                true = self._figure(last, key) - self._figure(number, key)
                if told := self._told(terms, true, need):
                    since = self._versions[number].name
                    found.append(Difference(key, self._measure, since, *told, true, need))
        return found

    def _move_together(self, needs: Mapping[int, Need]) -> None:
        """Find ways that move as many figures as they can, each as far up or down as it must."""
        left = dict(needs)
        for _ in range(ROUNDS):
            if not left:
                return
            columns = list(left)
            true = self._true[columns]
            high = np.array([max(need.upper, need.width - need.lower) for need in left.values()])
            lower = np.array([need.lower for need in left.values()])
            low, most = self._solver.low[columns], self._solver.high[columns]
            before = len(left)
            # No figure is moved further than it must: the others have the room.
            self._solver.bound(columns, low, np.minimum(true + high, most))
            self._seek({column: 1.0 / far for column, far in zip(columns, high, strict=True)})
            self._solver.bound(columns, np.maximum(true - np.maximum(lower, high), low), most)
            self._seek({column: -1.0 / far for column, far in zip(columns, high, strict=True)})
            self._solver.bound(columns, low, most)
            left = {c: need for c, need in left.items() if not self._proved({c: 1.0}, need)}
            if len(left) == before:
                return

    def _told(self, terms: dict[int, float], true: float, need: Need) -> tuple[float, float] | None:
        """Return the interval that the attacker gets of a sum, None where it is wide enough."""
        if self._proved(terms, need):
            return None
        less = {column: -sign for column, sign in terms.items()}
        low, high = -self._seek(less), self._seek(terms)
        return None if wide_enough(high - true, true - low, need) else (low, high)

    def _proved(self, terms: dict[int, float], need: Need) -> bool:
        """Whether ways found before prove that the interval of a sum is wide enough."""
        if not len(self._ways):
            return False
        far = sum(sign * self._ways[:, column] for column, sign in terms.items())
        return wide_enough(float(np.max(far)), float(-np.min(far)), need)

    def _seek(self, terms: dict[int, float]) -> float:
        """Return the most that a sum can be, and keep the way there."""
        most, point = self._solver.most(terms)
        if np.isfinite(most):
            self._ways = np.vstack([self._ways, point - self._true])[-WAYS:]
        return most


def _changes(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """By how much each enterprise's part changed, of those for which it did."""
    every = {**before, **after}
    changes = {name: abs(after.get(name, 0.0) - before.get(name, 0.0)) for name in every}
    return {name: change for name, change in changes.items() if change > 0}
