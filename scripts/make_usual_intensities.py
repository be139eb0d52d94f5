"""Make the usual intensities of China's manufacturing from the national rows of `china-provinces`.

Usage: python scripts/make_usual_intensities.py

Jobs per output of 2017, by the divisions of GB/T 4754-2017 that each industry covers: national
employment by division over the gross output of the national input-output table, both of the
National Bureau of Statistics. For land, energy and electricity by industry no published figure is
at hand, and none is written.
"""

from pathlib import Path

import polars as pl

from yanzhen.study import read_study
from yanzhen.study.units import factor

TABLE = Path(__file__).parents[1] / "src/yanzhen/study/usual_intensities.csv"
NATION, YEAR = "100000", 2017
UNIT = "persons per million CNY"
SOURCE = (
    "National Bureau of Statistics of China: national employment by division and national "
    "input-output table, 2017"
)
SOURCE_ZH = "国家统计局：2017年分行业全国就业与全国投入产出表"


def main() -> None:
    study = read_study("china-provinces")
    units = study.about.units
    scale = factor(units.persons) / (factor(units.money) / 1e6)
    usual = (
        study.tables["activity"]
        .filter(region=NATION, year=YEAR)
        .drop_nulls(["employment", "output"])
        .join(study.tables["industries"].drop_nulls("division"), on="industry")
        .select(
            "division",
            resource=pl.lit("jobs"),
            amount=(pl.col("employment") / pl.col("output") * scale).round(4),
            unit=pl.lit(UNIT),
            year=pl.lit(YEAR),
            source=pl.lit(SOURCE),
            source_zh=pl.lit(SOURCE_ZH),
        )
        .sort("division")
    )
    usual.write_csv(TABLE)
    print(f"{usual.height} rows")


if __name__ == "__main__":
    main()
