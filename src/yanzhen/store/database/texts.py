"""Which texts columns of the store hold: identities, days, and signs that every database takes."""

import re
from datetime import date

IDENTITY = re.compile("[0-9a-f]{32}")
UNFIT = re.compile("[\0\ud800-\udfff]")
"""Halves of characters, and the end of a text: no database takes them."""


def is_day(said: str) -> bool:
    """Whether a text is a day of the calendar, YYYY-MM-DD."""
    try:
        return date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False
