"""Make the embedded study `china-provinces` from the reference figures.

Usage: python scripts/make_china_provinces.py REFERENCE_FOLDER [STUDY_FOLDER]

REFERENCE_FOLDER holds provinces.csv, industries.csv, province_industry_output.csv and
national_input_output_2017.csv. Figures are carried over unchanged except for units (10,000 CNY to
100 million CNY); nothing is filled in, so a cell missing there is missing here.
"""

import sys
from pathlib import Path

import polars as pl

NATION = "100000"
TABLE_YEAR = 2017
STUDY = Path(__file__).parents[1] / "src/yanzhen/study/examples/china_provinces"
FINAL_USES = {
    "TC": "consumption",
    "FU201": "capital_formation",
    "FU202": "capital_formation",
    "EX": "exports",
}
VALUE_ADDED = {
    "VA001": "compensation",
    "VA002": "taxes",
    "VA003": "depreciation",
    "VA004": "surplus",
}
SECTORS_OUTSIDE_MANUFACTURING = {
    "agriculture": ["01"],
    "mining": ["02", "03", "04", "05"],
    "utilities": ["24", "25", "26"],
    "construction": ["27"],
    "producer_services": ["29", "31", "32", "34", "35", "36"],
    "other_services": ["23", "28", "30", "33", "37", "38", "39", "40", "41", "42"],
}


def regions(provinces: pl.DataFrame) -> pl.DataFrame:
    nation = pl.DataFrame({"region": [NATION], "name_zh": ["中国"], "name_en": ["China"]})
    listed = provinces.select(
        "region",
        "name_zh",
        "name_en",
        "macro_region",
        pl.lit(NATION).alias("parent"),
        pl.col("capital_lon").alias("longitude"),
        pl.col("capital_lat").alias("latitude"),
        pl.when("municipality")
        .then(pl.lit("municipality"))
        .otherwise(pl.lit("province"))
        .alias("tier"),
    )
    return pl.concat([nation, listed], how="diagonal").select(listed.columns)


def industries(manufacturing: pl.DataFrame, national: pl.DataFrame) -> pl.DataFrame:
    sector_of = {
        code: sector for sector, codes in SECTORS_OUTSIDE_MANUFACTURING.items() for code in codes
    }
    others = national.filter(
        pl.col("origin") == "Domestic", pl.col("code").is_in(list(sector_of))
    ).select(
        (pl.lit("IO42-") + pl.col("code")).alias("industry"),
        "name_zh",
        "name_en",
        pl.col("code").replace_strict(sector_of).alias("sector"),
    )
    own = manufacturing.select(
        "industry",
        "name_zh",
        "name_en",
        pl.col("gbt4754_2017").alias("division"),
        pl.lit("manufacturing").alias("sector"),
        "class",
    )
    return pl.concat([own, others], how="diagonal").sort("industry")


def activity(cells: pl.DataFrame, manufacturing: pl.DataFrame) -> pl.DataFrame:
    listed = cells.rename({"co2": "emissions"})
    employment = manufacturing.unpivot(
        pl.selectors.starts_with("employment_"), index="industry", value_name="employment"
    ).select(
        pl.lit(NATION).alias("region"),
        "industry",
        pl.col("variable").str.tail(4).cast(pl.Int64).alias("year"),
        "employment",
    )
    output = manufacturing.select(
        "industry",
        pl.lit(TABLE_YEAR, pl.Int64).alias("year"),
        pl.col("national_output_2017").alias("output"),
    )
    nation = employment.join(output, on=["industry", "year"], how="left")
    return (
        pl.concat([listed, nation], how="diagonal")
        .select("region", "industry", "year", "output", "value_added", "employment", "emissions")
        .sort("region", "industry", "year")
    )


def indicators(provinces: pl.DataFrame) -> pl.DataFrame:
    units = {"gdp": "100 million CNY", "population": "10,000 persons"}
    return (
        provinces.unpivot(pl.selectors.matches(r"^(gdp|population)_\d{4}$"), index="region")
        .select(
            "region",
            pl.col("variable").str.tail(4).cast(pl.Int64).alias("year"),
            pl.col("variable").str.head(-5).alias("indicator"),
            "value",
        )
        .with_columns(pl.col("indicator").replace_strict(units).alias("unit"))
        .sort("region", "year", "indicator")
    )


def input_output(national: pl.DataFrame) -> pl.DataFrame:
    sectors = [f"{k:02d}" for k in range(1, 43)]
    flows = national.filter(pl.col("origin").is_in(["Domestic", "Imports"])).select(
        (pl.lit("IO42-") + pl.col("code")).alias("supplier"),
        pl.col("origin").replace_strict({"Domestic": "domestic", "Imports": "imported"}),
        *sectors,
        *FINAL_USES,
    )
    value_added = national.filter(pl.col("code").is_in(list(VALUE_ADDED))).select(
        pl.col("code").replace_strict(VALUE_ADDED).alias("supplier"),
        pl.lit("value_added").alias("origin"),
        *sectors,
    )
    users = {code: f"IO42-{code}" for code in sectors} | FINAL_USES
    return (
        pl.concat(
            [
                wide.unpivot(index=["supplier", "origin"], variable_name="user")
                for wide in (flows, value_added)
            ]
        )
        .with_columns(pl.col("user").replace_strict(users))
        .group_by("supplier", "user", "origin")
        .agg((pl.col("value").sum() / 1e4).round(6))
        .select(
            pl.lit(TABLE_YEAR, pl.Int64).alias("year"),
            pl.lit(NATION).alias("supplier_region"),
            "supplier",
            pl.lit(NATION).alias("user_region"),
            "user",
            "origin",
            "value",
        )
        .sort("origin", "supplier", "user")
    )


def main(reference: Path, study: Path) -> None:
    codes = {"region": pl.String, "code": pl.String}
    provinces = pl.read_csv(reference / "provinces.csv", schema_overrides=codes)
    manufacturing = pl.read_csv(reference / "industries.csv")
    cells = pl.read_csv(reference / "province_industry_output.csv", schema_overrides=codes)
    national = pl.read_csv(reference / "national_input_output_2017.csv", schema_overrides=codes)
    tables = {
        "regions": regions(provinces),
        "industries": industries(manufacturing, national),
        "activity": activity(cells, manufacturing),
        "indicators": indicators(provinces),
        "input_output": input_output(national),
    }
    study.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_csv(study / f"{name}.csv")
        print(f"{name}: {table.height} rows")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else STUDY)
