"""Prefectures that were renamed, given another code, merged or divided."""

from functools import lru_cache
from importlib.resources import files

import polars as pl


@lru_cache(maxsize=1)
def changes() -> pl.DataFrame:
    """Return changes of prefectures by year, each with its source.

    Returns
    -------
    code, name_zh before the change; change (renamed | recoded | merged | divided); year, the first
    whose figures follow it; into, the code after it, several separated by a semicolon; source.
    """
    table = files("yanzhen.study.gazetteer").joinpath("changes.csv")
    return pl.read_csv(table.read_bytes(), schema_overrides={"code": pl.String, "into": pl.String})
