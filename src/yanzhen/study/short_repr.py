"""Results that print in a few lines: what tables they hold, not the tables."""

from dataclasses import fields
from textwrap import fill

import polars as pl

WIDTH = 100


class ShortRepr:
    """A dataclass that prints its frames by their number of rows.

    To be inherited by a dataclass of `repr=False`, or the frames are printed after all.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, repr=False)
    ... class Found(ShortRepr):
    ...     year: int
    ...     moves: pl.DataFrame
    >>> Found(2017, pl.DataFrame({"origin": ["A", "B"]}))
    Found(year=2017, moves: 2 rows)
    """

    def __repr__(self) -> str:
        told = [_told(each.name, getattr(self, each.name)) for each in fields(self)]  # type: ignore[arg-type]
        return fill(f"{type(self).__name__}({', '.join(told)})", WIDTH, subsequent_indent="    ")


def _told(name: str, value: object) -> str:
    if isinstance(value, pl.DataFrame):
        return f"{name}: {value.height:,} rows"
    if value is None or isinstance(value, str | int | float):
        return f"{name}={value!r}"
    if isinstance(value, tuple) and len(value) <= 3:
        return f"{name}={value!r}" if all(isinstance(each, int) for each in value) else name
    return f"{name}: {type(value).__name__}"
