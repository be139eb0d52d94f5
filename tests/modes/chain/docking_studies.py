"""Small made-up studies for docking, in memory."""

from dataclasses import replace
from functools import cache
from types import MappingProxyType

import numpy as np
import polars as pl

from yanzhen.study import Study, read_study
from yanzhen.study.tables import TABLES

REGIONS = ("110000", "130000", "320000", "440000", "510000")
INDUSTRIES = ("IO42-07", "IO42-08", "IO42-12", "IO42-14", "IO42-15")


@cache
def example() -> Study:
    """The example, read once."""
    return read_study("china-provinces")


def with_enterprises(rows: pl.DataFrame) -> Study:
    """The example's regions and input-output table with a list of enterprises."""
    study = example()
    lacking = {
        name: pl.lit(None, column.dtype)
        for name, column in TABLES["enterprises"].columns().items()
        if name not in rows.columns
    }
    return replace(
        study,
        tables=MappingProxyType({**study.tables, "enterprises": rows.with_columns(**lacking)}),
    )


def drawn_enterprises(count: int, seed: int, spare: float = 0.3, most: int = 1) -> Study:
    """A list drawn over a few regions and industries; some spare nothing, some sizes are equal."""
    random = np.random.default_rng(seed)
    output = np.round(np.exp(random.normal(0, 1, count)), 1) + 0.1
    return with_enterprises(
        pl.DataFrame(
            {
                "enterprise": [f"E{number:03}" for number in range(count)],
                "industry": random.choice(INDUSTRIES, count),
                "origin": random.choice(REGIONS, count),
                "count": random.integers(1, most + 1, count),
                "output": output,
                "spare_output": np.round(output * spare * random.random(count), 2)
                * (random.random(count) < 0.8),
            }
        )
    )
