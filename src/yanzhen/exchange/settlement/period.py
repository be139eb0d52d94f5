"""Periods that are settled: years, and quarters of them."""

import re
from dataclasses import dataclass

_PERIOD = re.compile(r"(\d{4})(?:\s*[-]?\s*[Qq]([1-4]))?")
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Period:
    """A year, or a quarter of it.

    Attributes
    ----------
    year : calendar year
    quarter : 1 to 4; None for the whole year
    """

    year: int
    quarter: int | None = None

    def __str__(self) -> str:
        """Return `2025` or `2025Q1`."""
        return str(self.year) if self.quarter is None else f"{self.year}Q{self.quarter}"

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the order of statements: a year comes after its quarters."""
        return self.year, 5 if self.quarter is None else self.quarter

    @classmethod
    def of(cls, written: str) -> "Period":
        """Read a period such as `2025` or `2025Q1`.

        Raises
        ------
        ValueError
            It is none.
        """
        match = _PERIOD.fullmatch(written.strip())
        if match is None or not 1900 <= int(match[1]) <= 2200:
            raise ValueError(written)
        return cls(int(match[1]), None if match[2] is None else int(match[2]))
