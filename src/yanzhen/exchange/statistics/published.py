"""Tables as they are published: cells shown, hidden and known zeros."""

from collections.abc import Mapping, Sequence

import polars as pl

from yanzhen.exchange.statistics.arrays import Flags
from yanzhen.exchange.statistics.cells import Cells, Table, every_combination
from yanzhen.exchange.statistics.hierarchy import Hierarchy


def published_tables(
    cells: Cells,
    hidden: Flags,
    hierarchies: Mapping[str, Hierarchy],
    tables: Sequence[Table],
    unit: float,
) -> dict[str, pl.DataFrame]:
    """Return each table by its name: its dimensions, `records` and `value`, null where hidden.

    Parameters
    ----------
    hidden : (C,)
    unit : to which values are rounded, half up; 0 where they are not
    """
    figures = cells.keys.with_columns(
        pl.Series("records", cells.records),
        pl.Series("value", cells.total),
        pl.Series("hidden", hidden),
    )
    if unit > 0:
        figures = figures.with_columns((pl.col("value") / unit + 0.5).floor() * unit)
    found = {}
    for table in tables:
        every = every_combination(hierarchies, table)
        filled = every.join(figures, on=list(hierarchies), how="left", maintain_order="left")
        # A cell without a contribution is a zero that everybody may know.
        filled = filled.with_columns(
            pl.col("hidden").fill_null(False),
            pl.col("records").fill_null(0),
            pl.col("value").fill_null(0.0),
        )
        found[table.name] = filled.with_columns(
            pl.when(~pl.col("hidden")).then(pl.col(name)).alias(name)
            for name in ("records", "value")
        ).drop("hidden")
    return found
