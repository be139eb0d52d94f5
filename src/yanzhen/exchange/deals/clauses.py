"""What changed between two versions of a contract's terms, clause by clause."""

from dataclasses import dataclass

from yanzhen.modes.coconstruction.contract.declarations import stated
from yanzhen.modes.coconstruction.contract.terms import Terms


@dataclass(frozen=True)
class Clause:
    """A clause that is not the same in two versions.

    Attributes
    ----------
    clause : where it stands in the terms: `periods.2.split`, `cap.amount`
    before, after : as the terms say it; empty where they don't
    """

    clause: str
    before: str
    after: str


def changed_clauses(before: Terms, after: Terms) -> tuple[Clause, ...]:
    """Return the clauses that differ, in the order of the terms.

    What is added between two periods shows as a change of all that follow: periods are counted.
    """
    old, new = _said(before), _said(after)
    order = [*new, *(clause for clause in old if clause not in new)]
    return tuple(
        Clause(clause, old.get(clause, ""), new.get(clause, ""))
        for clause in order
        if old.get(clause, "") != new.get(clause, "")
    )


def clauses_of(terms: Terms) -> tuple[tuple[str, str], ...]:
    """Return each clause that is stated, with what it says."""
    return tuple(_said(terms).items())


def _said(terms: Terms) -> dict[str, str]:
    return {path: _value(value) for path, _, value in stated(terms) if value not in ((), "")}


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)
