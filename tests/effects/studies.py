"""The small SYNTHETIC study with an input-output table, GDP and population."""

from dataclasses import replace

import polars as pl

from tests.study.small import REGIONS, YEARS, complete
from tests.study.small_modes import small_modes
from yanzhen.study import Study

ADDED = 0.52
"""What the input-output table says that industries add to what they buy, per unit of output."""
PEOPLE = (900.0, 1000.0, 800.0, 700.0, 650.0)


def small_economy() -> Study:
    """Return the study; all its figures are made up, and fit one another."""
    study = small_modes()
    activity = study.tables["activity"].with_columns(
        value_added=(pl.col("output") * ADDED).round(2)
    )
    gdp = gdp_of(study)
    rows = [
        (region, YEARS[-1], code, value)
        for code, values in (("gdp", gdp), ("population", PEOPLE))
        for region, value in zip(REGIONS, values, strict=True)
    ]
    indicators = pl.DataFrame(
        rows, schema=["region", "year", "indicator", "value"], orient="row"
    ).with_columns(status=pl.lit("synthetic"))
    return with_tables(study, indicators=indicators, activity=activity)


def gdp_of(study: Study) -> list[float]:
    """What all industries of each region add."""
    made = (
        study.tables["activity"]
        .filter(year=YEARS[-1])
        .group_by("region")
        .agg(pl.col("output").sum())
    )
    output = dict(made.iter_rows())
    return [round(ADDED * output[region], 2) for region in REGIONS]


def with_tables(study: Study, **tables: pl.DataFrame) -> Study:
    """The study with other tables."""
    given = {name: complete(name, frame) for name, frame in tables.items()}
    return replace(study, tables={**study.tables, **given})
