"""When a party is reminded of a task that is not done."""

from datetime import date, timedelta
from typing import Literal

SOON = timedelta(days=7)
Reminded = Literal["overdue", "due_soon"]


def reminded(due: str, today: date) -> Reminded:
    """Return what a reminder of an open task says."""
    return "overdue" if due < today.isoformat() else "due_soon"
