"""Proofs that an interval is wide enough, checked by arithmetic instead of sought by a programme.

A witness is a deviation from the true figures, said by whoever hid them to be one that no attacker
can exclude. Nothing of it is believed. It counts only if it moves nothing but unknowns, if every
equation of the published tables holds for it (the rows are summed without rounding; whole steps
hold exactly), and only as often as it leaves each unknown within what an attacker knows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import fsum, inf

from yanzhen.exchange.statistics.equations import Equations
from yanzhen.exchange.statistics.truth import Key, Need

RESIDUAL = 1e-9
"""Part of its largest move by which a witness that is not of whole steps may miss a sum."""
Moves = Mapping[Key, float]
"""By how much a deviation moves each cell."""
Reach = tuple[float, float]
"""How far a figure is proved to reach above and below, or how often a deviation may be added."""


@dataclass(frozen=True)
class _Witness:
    """A deviation that was checked.

    Attributes
    ----------
    moves : column to how far it moves
    times : how often it may be added and taken away, for all that an outsider knows
    times_for : contributor to the same, where that is less
    """

    moves: dict[int, float]
    times: Reach
    times_for: dict[str, Reach]

    def reach(self, column: int, attacker: str = "") -> Reach:
        added, taken = self.times_for.get(attacker, self.times)
        move = self.moves[column]
        up, down = (added, taken) if move > 0 else (taken, added)
        return abs(move) * up, abs(move) * down


class Witnesses:
    """Deviations of one measure that were checked; those that fail the check are left out.

    Parameters
    ----------
    parts : what each enterprise contributes to each cell
    wholes, high : of each column, the true figure and the most that it is taken to be
    """

    def __init__(
        self,
        equations: Equations,
        parts: Mapping[Key, Mapping[str, float]],
        wholes: list[float],
        high: list[float],
    ) -> None:
        self._equations, self._parts = equations, parts
        self._wholes, self._high = wholes, high
        self._columns = {key: column for column, key in enumerate(equations.unknowns)}
        self._rows: dict[int, list[int]] = defaultdict(list)
        for number, (terms, _) in enumerate(equations.rows):
            for column, _ in terms:
                self._rows[column].append(number)
        self._ranked: dict[int, list[tuple[float, str]]] = {}
        self._moving: dict[int, list[_Witness]] = defaultdict(list)
        self.refused = 0

    def add(self, given: Iterable[Moves]) -> None:
        """Take deviations as witnesses, those that hold."""
        for moves in given:
            columns = {self._columns.get(key, -1): move for key, move in moves.items() if move}
            if columns and min(columns) >= 0 and self._holds(columns):
                witness = self._witness(columns)
                for column in columns:
                    self._moving[column].append(witness)
            else:
                self.refused += 1

    def _holds(self, moves: dict[int, float]) -> bool:
        """Whether every equation holds as well with a deviation as without."""
        largest = max(map(abs, moves.values()))
        whole = all(move.is_integer() for move in moves.values())
        most = 0.0 if whole else RESIDUAL * largest
        return all(
            abs(
                fsum(sign * moves.get(column, 0.0) for column, sign in self._equations.rows[row][0])
            )
            <= most
            for row in {row for column in moves for row in self._rows[column]}
        )

    def _witness(self, moves: dict[int, float]) -> _Witness:
        added = taken = inf
        for column, move in moves.items():
            above = max(self._high[column] - self._wholes[column], 0.0) / abs(move)
            below = max(self._wholes[column] - self._low(column), 0.0) / abs(move)
            up, down = (above, below) if move > 0 else (below, above)
            added, taken = min(added, up), min(taken, down)
        times_for: dict[str, Reach] = {}
        for column, move in moves.items():
            ranked = self._ranks(column)
            for part, name in ranked:
                room = self._wholes[column] - max(part, self._low(column))
                most = max(room, 0.0) / abs(move)
                up, down = (inf, most) if move > 0 else (most, inf)
                if len(ranked) == 1:
                    # One that is alone in a cell knows it: it neither rises nor falls.
                    up = down = 0.0
                if up >= added and down >= taken:
                    # The others have less of the cell and know less of it.
                    break
                before = times_for.get(name, (added, taken))
                times_for[name] = min(before[0], up), min(before[1], down)
        return _Witness(moves, (added, taken), times_for)

    def _low(self, column: int) -> float:
        return self._equations.bounds[column][0]

    def _ranks(self, column: int) -> list[tuple[float, str]]:
        """Contributions to a cell, the largest first."""
        if column not in self._ranked:
            parts = self._parts.get(self._equations.unknowns[column], {})
            self._ranked[column] = sorted(
                ((part, name) for name, part in parts.items()), reverse=True
            )
        return self._ranked[column]

    def proved(self, column: int, need: Need, part: float) -> float | None:
        """Return how wide everybody's interval of a cell is proved to be, None if it is not enough.

        Parameters
        ----------
        part : of what is needed that counts as all of it
        """
        whole = self._wholes[column]
        owners = dict((name, own) for own, name in self._ranks(column))
        reach, used = self._best(column, need, part, "", ())
        if not used:
            return None
        width = sum(reach)
        for attacker in self._attackers(used):
            if len(owners) == 1 and attacker in owners:
                continue
            lower = need.lower
            if attacker in owners:
                lower = min(lower, whole - owners[attacker])
            own = Need(need.upper, lower, need.width)
            theirs, enough = self._best(column, own, part, attacker, used)
            if not enough:
                return None
            width = min(width, sum(theirs))
        return width

    def _best(
        self, column: int, need: Need, part: float, attacker: str, first: Iterable[_Witness]
    ) -> tuple[Reach, list[_Witness]]:
        """Return how far witnesses reach together, and which of them; none where not enough."""
        up = down = 0.0
        used = []
        for witness in (*first, *reversed(self._moving[column])):
            above, below = witness.reach(column, attacker)
            if above > up or below > down:
                up, down = max(up, above), max(down, below)
                used.append(witness)
                if (
                    up >= part * need.upper
                    and down >= part * need.lower
                    and up + down >= part * need.width
                ):
                    return (up, down), used
        return (up, down), []

    def _attackers(self, used: Iterable[_Witness]) -> Iterator[str]:
        seen: set[str] = set()
        for witness in used:
            for attacker in witness.times_for:
                if attacker not in seen:
                    seen.add(attacker)
                    yield attacker
