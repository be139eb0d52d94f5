"""A small SYNTHETIC study: 5 regions × 4 industries × 2 years, below one nation."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from yanzhen.study import About, Source, Study, Units, write_study
from yanzhen.study.tables import all_tables

NATION = "100000"
REGIONS = ("110000", "320000", "410000", "520000", "610000")
# Codes with a leading zero are what spreadsheets damage first.
INDUSTRIES = ("06", "13", "20", "30")
YEARS = (2012, 2017)

_MACRO_REGIONS = ("East", "East", "Central", "West", "West")
_LONGITUDES = (116.4, 118.8, 113.7, 106.7, 108.9)
_LATITUDES = (39.9, 32.1, 34.8, 26.6, 34.3)
_SECTORS = ("manufacturing", "manufacturing", "manufacturing", "producer_services")
_CLASSES = ("labour", "energy", "technology", None)
_EMPTY = all_tables({})


def small_study(folder: Path) -> Path:
    """Write the small study to a folder of CSV files and return the folder."""
    write_study(small(), folder)
    return folder


def small() -> Study:
    """Return the small study; all its figures are made up."""
    return Study(_about(), dict(_tables()), "small")


@cache
def _tables() -> dict[str, pl.DataFrame]:
    regions = pl.DataFrame(
        {
            "region": [NATION, *REGIONS],
            "name_zh": ["合成国", *(f"合成区{letter}" for letter in "甲乙丙丁戊")],
            "name_en": ["SYNTHETIC nation", *(f"SYNTHETIC region {n}" for n in range(1, 6))],
            "macro_region": [None, *_MACRO_REGIONS],
            "parent": [None, *[NATION] * len(REGIONS)],
            "longitude": [None, *_LONGITUDES],
            "latitude": [None, *_LATITUDES],
        }
    )
    industries = pl.DataFrame(
        {
            "industry": INDUSTRIES,
            "name_zh": [f"合成行业{letter}" for letter in "甲乙丙丁"],
            "name_en": [f"SYNTHETIC industry {n}" for n in range(1, 5)],
            "sector": _SECTORS,
            "class": _CLASSES,
        }
    )
    filled = {"regions": regions, "industries": industries, "activity": _activity()}
    return all_tables({name: complete(name, frame) for name, frame in filled.items()})


def _about() -> About:
    return About(
        title_zh="小型合成研究（SYNTHETIC）",
        title_en="Small SYNTHETIC study",
        currency="CNY",
        units=Units(),
        base_year=YEARS[-1],
        region_classification="SYNTHETIC",
        industry_classification="SYNTHETIC",
        licence="Apache-2.0",
        synthetic=True,
        sources=(
            Source(
                key="made-up",
                title="SYNTHETIC: drawn by a seeded generator",
                table="activity",
                columns=("output", "value_added", "employment", "emissions"),
            ),
        ),
    )


def _activity() -> pl.DataFrame:
    """Figures of every region and industry, and the nation's sums."""
    generator = np.random.default_rng(2022)
    cells = pl.DataFrame({"region": REGIONS}).join(
        pl.DataFrame({"industry": INDUSTRIES}), how="cross"
    )
    years = []
    start = generator.uniform(200.0, 3000.0, cells.height)
    for year in YEARS:
        output = start * (1.0 if year == YEARS[0] else generator.uniform(0.7, 2.0, cells.height))
        years.append(
            cells.with_columns(
                year=pl.lit(year, pl.Int64),
                output=pl.Series(np.round(output, 1)),
                value_added=pl.Series(np.round(output * 0.25, 1)),
                employment=pl.Series(np.round(output * 0.01, 2)),
                emissions=pl.Series(np.round(output * 0.002, 3)),
            )
        )
    below = pl.concat(years)
    nation = (
        below.group_by("industry", "year", maintain_order=True)
        .agg(pl.col("output", "value_added", "employment", "emissions").sum())
        .with_columns(region=pl.lit(NATION))
    )
    measured = ("output", "value_added", "employment", "emissions")
    return pl.concat([nation.select(below.columns), below]).with_columns(
        pl.lit("synthetic").alias(f"{measure}_status") for measure in measured
    )


def complete(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Add the columns that a table leaves out, as null."""
    schema = _EMPTY[table].schema
    return frame.with_columns(
        pl.lit(None, dtype).alias(name)
        for name, dtype in schema.items()
        if name not in frame.columns
    ).select(schema.names())


def small_in(size: str) -> Study:
    """Return the small study with its output as employment or another measure, and no output.

    A hundredth of it, so that nothing but the unit and the name differs.
    """
    study = small()
    activity = study.tables["activity"].with_columns(
        (pl.col("output") / 100).alias(size), pl.lit("synthetic").alias(f"{size}_status")
    )
    gone = [name for name in ("output", "value_added", "employment", "emissions") if name != size]
    activity = activity.with_columns(
        *(pl.lit(None, pl.Float64).alias(name) for name in gone),
        *(pl.lit(None, pl.String).alias(f"{name}_status") for name in gone),
    )
    about = replace(study.about, size=size, sources=())
    return replace(study, about=about, tables={**study.tables, "activity": activity})
