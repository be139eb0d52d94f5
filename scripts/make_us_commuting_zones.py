"""Make the embedded study `us-commuting-zones` from the panel of United States commuting zones.

Usage: python scripts/make_us_commuting_zones.py PARQUET LICENCE [EXAMPLES_FOLDER]

The panel gives, for 722 zones and 228 industries in 1980 and 1990, an industry's share of the
zone's employment, and the zone's share of the nation's population in 1980. It gives no persons
employed, no names, no coordinates, no hierarchy and no sectors, and none are added: names are the
codes, and every industry may move.

The size of a cell is the product of the two shares, in millionths of the nation: what employment
would be if every zone employed the same part of its people and grew as the nation did. That is an
estimate and marked so. Shares of industries within a zone are those of the panel.
"""

import shutil
import sys
from pathlib import Path

import polars as pl

EXAMPLES = Path(__file__).parents[1] / "src/yanzhen/study/examples"
FOLDER = "us_commuting_zones"
MILLION = 1e6
DIGITS = 6
"""Kept of a size behind the decimal point."""


def activity(panel: pl.DataFrame) -> pl.DataFrame:
    """Every cell's size; the table `activity`."""
    size = MILLION * pl.col("population") * pl.col("employment_share")
    return panel.select(
        "region",
        "industry",
        "year",
        employment=size.round(DIGITS),
        employment_status=pl.lit("estimated"),
    ).sort("year", "region", "industry")


def population(panel: pl.DataFrame) -> pl.DataFrame:
    """Every zone's share of the nation's population; the table `indicators`."""
    return (
        panel.filter(pl.col("year") == pl.col("year").min())
        .unique("region")
        .select(
            "region",
            "year",
            indicator=pl.lit("population"),
            value=(MILLION * pl.col("population")).round(DIGITS),
        )
        .sort("region")
    )


def named(codes: pl.Series, key: str, zh: str, en: str) -> pl.DataFrame:
    """Codes with names that say no more than the codes."""
    code = pl.col(key)
    return pl.DataFrame({key: codes.unique().sort()}).with_columns(
        name_zh=pl.lit(zh) + code, name_en=pl.lit(f"{en} ") + code
    )


def main(source: Path, licence: Path, examples: Path) -> None:
    panel = pl.read_parquet(source)
    folder = examples / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    zones = named(panel["region"], "region", "通勤区", "Commuting zone")
    industries = named(panel["industry"], "industry", "行业", "Industry")
    zones.write_csv(folder / "regions.csv")
    industries.with_columns(sector=pl.lit("manufacturing")).write_csv(folder / "industries.csv")
    population(panel).write_csv(folder / "indicators.csv")
    activity(panel).write_parquet(
        folder / "activity.parquet", compression="zstd", compression_level=19
    )
    shutil.copyfile(licence, folder / "LICENSE.md")
    print(f"{zones.height} zones, {industries.height} industries")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sources = Path(sys.argv[1]), Path(sys.argv[2])
    main(*sources, Path(sys.argv[3]) if len(sys.argv) == 4 else EXAMPLES)
