"""Industries that may move: the one rule for panels, pages and checks."""

import polars as pl


def movable_industries(industries: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of industries that may move: of manufacturing, without parts of their own.

    An industry that is another's parent stands for its parts in tables that don't tell them apart.
    """
    parents = industries["parent"].drop_nulls().implode()
    return industries.filter(
        pl.col("sector") == "manufacturing", ~pl.col("industry").is_in(parents)
    )
