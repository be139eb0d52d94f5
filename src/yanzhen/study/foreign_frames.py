"""Frames of other libraries as Polars frames, without importing those libraries."""

from typing import Any

import polars as pl


def polars_frame(given: Any) -> pl.DataFrame:
    """Return a frame of Polars or pandas, or what Polars makes one of, as a Polars frame.

    The cells of a pandas frame are read one by one, so that pyarrow need not be there; its index
    is no column.

    Examples
    --------
    >>> polars_frame({"region": ["A"], "output": [1.0]}).columns
    ['region', 'output']
    """
    if isinstance(given, pl.DataFrame):
        return given
    if hasattr(given, "iloc") and hasattr(given, "columns"):
        places = range(len(given.columns))
        return pl.DataFrame([_column(given.iloc[:, place]) for place in places])
    return pl.DataFrame(given)


def _column(given: Any) -> pl.Series:
    """A pandas column, its missing cells null."""
    missing = given.isna().tolist()
    cells = [None if empty else cell for cell, empty in zip(given.tolist(), missing, strict=True)]
    return pl.Series(str(given.name), cells, strict=False)
