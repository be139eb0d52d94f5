"""Conditions of rules as data: whom a rule concerns, and what must hold at the place.

    class = energy and macro_region = West: clean_energy_share >= 0.4 and eco_zone_open >= 1

Before the colon stands the scope, after it the requirements; both are joined by `and`. The scope
compares `class`, `industry`, `macro_region`, `region` or `site` with one value or several separated
by `|`; without a colon the rule concerns everyone. A requirement compares an indicator with a
number by >=, <=, >, < or =.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

SCOPES = ("class", "industry", "macro_region", "region", "site")
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_REQUIREMENT = re.compile(
    r"(?P<indicator>[^\W\d]\w*)\s*(?P<comparison>>=|<=|>|<|=)\s*(?P<number>-?\d+(?:\.\d+)?)"
)
_SCOPE = re.compile(r"(?P<field>[a-z_]+)\s*=\s*(?P<values>[^=<>]+)")
_AND = re.compile(r"\s+and\s+")


class NotACondition(Exception):
    """A condition that cannot be read; carries the part that could not."""


@dataclass(frozen=True)
class Requirement:
    """An indicator that must compare with a number."""

    indicator: str
    comparison: str
    number: float

    def holds(self, value: float) -> bool:
        """Whether a value of the indicator satisfies it."""
        return COMPARISONS[self.comparison](value, self.number)

    def __str__(self) -> str:
        return f"{self.indicator} {self.comparison} {self.number:g}"


@dataclass(frozen=True)
class Condition:
    """Whom a rule concerns and what it requires of them.

    Attributes
    ----------
    scope : values of each of `SCOPES` that it names
    requirements : all of which must hold
    """

    scope: Mapping[str, frozenset[str]]
    requirements: tuple[Requirement, ...]

    def concerns(self, labels: Mapping[str, str | None]) -> bool:
        """Whether a pair of industry and site with these labels is in scope."""
        return all(labels.get(field) in values for field, values in self.scope.items())


def read_condition(text: str) -> Condition:
    """Read a condition.

    Raises
    ------
    NotACondition
        When some part is none.
    """
    scope, colon, requirements = text.partition(":")
    if not colon:
        scope, requirements = "", text
    return Condition(
        dict(_scope(part) for part in _AND.split(scope.strip()) if part),
        tuple(_requirement(part) for part in _AND.split(requirements.strip())),
    )


def _scope(part: str) -> tuple[str, frozenset[str]]:
    found = _SCOPE.fullmatch(part.strip())
    if found is None or found["field"] not in SCOPES:
        raise NotACondition(part)
    return found["field"], frozenset(value.strip() for value in found["values"].split("|"))


def _requirement(part: str) -> Requirement:
    found = _REQUIREMENT.fullmatch(part.strip())
    if found is None:
        raise NotACondition(part)
    return Requirement(found["indicator"], found["comparison"], float(found["number"]))
