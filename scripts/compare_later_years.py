"""Set the plan's industries of 2017 beside what the nation made of them in 2018 and 2020.

Usage: python scripts/compare_later_years.py REFERENCE_FOLDER

REFERENCE_FOLDER holds national_input_output_2017.csv, …_2018.csv, …_2020.csv and
national_manufacturing_employment.csv. Prints the table of
`docs/en/reference/example.md`: output at current prices, employment, and the share of output that
leaves its province in the plan of `china-provinces` for 2018 to 2022.
"""

import sys
from pathlib import Path

import polars as pl

from yanzhen.market.problem.formulation import formulate
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.study import Study, read_study
from yanzhen.study.movable import movable_industries

FIRST_DIVISION = 12
"""The employment table numbers the divisions C13 to C43 from C01 on."""
REPAIR = 43
"""Sector 23 of the input-output tables, no manufacturing there."""


def national_output(reference: Path, year: int) -> pl.DataFrame:
    """Industry and gross output, 100 million CNY at current prices."""
    table = pl.read_csv(
        reference / f"national_input_output_{year}.csv", schema_overrides={"code": pl.String}
    )
    return table.filter(pl.col("origin") == "Domestic").select(
        ("IO42-" + pl.col("code")).alias("industry"),
        (pl.col("GO") / 1e4).alias(f"output_{year}"),
    )


def employment(reference: Path, industries: pl.DataFrame, year: int) -> pl.DataFrame:
    """Industry and national employment, 10,000 persons, added up over its divisions."""
    ends = pl.col("division").str.extract_all(r"\d+").list.eval(pl.element().cast(pl.Int64))
    divisions = industries.select(
        "industry", number=pl.int_ranges(ends.list.first(), ends.list.last() + 1)
    ).explode("number")
    known = pl.read_csv(reference / "national_manufacturing_employment.csv").filter(
        pl.col("year") == year, pl.col("code") != "C"
    )
    numbered = known.with_columns(
        number=pl.col("code").str.tail(2).cast(pl.Int64) + FIRST_DIVISION
    ).filter(pl.col("number") != REPAIR)
    return (
        divisions.join(numbered, on="number")
        .group_by("industry")
        .agg(pl.col("employment").sum().alias(f"employment_{year}"))
    )


def leaving(study: Study) -> pl.DataFrame:
    """Industry and share of its output that the plan has leave its province."""
    return (
        formulate(study_inputs(study))
        .departures.group_by("industry")
        .agg(leaving=pl.col("departures").sum() / pl.col("output").sum())
    )


def comparison(reference: Path, study: Study) -> pl.DataFrame:
    """One row for each industry of manufacturing."""
    industries = movable_industries(study.tables["industries"])
    found = industries.select("industry", "name_en")
    for year in (2017, 2018, 2020):
        found = found.join(national_output(reference, year), on="industry", how="left")
    for year in (2017, 2018):
        found = found.join(employment(reference, industries, year), on="industry", how="left")
    return found.join(leaving(study), on="industry", how="left").sort("industry")


def rows(found: pl.DataFrame) -> list[str]:
    """The rows of the table in the documentation, manufacturing as a whole last."""
    whole = found.select(pl.col("^(output|employment)_.*$").sum()).with_columns(
        name_en=pl.lit("Manufacturing"), leaving=pl.lit(None, pl.Float64)
    )
    return [
        "| "
        + " | ".join(
            (
                row["name_en"],
                f"{row['output_2017']:,.0f}",
                _change(row["output_2018"], row["output_2017"]),
                _change(row["output_2020"], row["output_2017"]),
                _change(row["employment_2018"], row["employment_2017"]),
                "—" if row["leaving"] is None else f"{100 * row['leaving']:.1f} %",
            )
        )
        + " |"
        for row in pl.concat([found, whole], how="diagonal").iter_rows(named=True)
    ]


def _change(later: float, earlier: float) -> str:
    return f"{100 * (later / earlier - 1):+.1f} %".replace("-", "−")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print("\n".join(rows(comparison(Path(sys.argv[1]), read_study("china-provinces")))))
