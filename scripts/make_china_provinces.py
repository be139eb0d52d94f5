"""Make the embedded study `china-provinces` from the reference figures.

Usage: python scripts/make_china_provinces.py REFERENCE_FOLDER [STUDY_FOLDER]

REFERENCE_FOLDER holds provinces.csv, industries.csv, province_industry_output.csv,
national_input_output_2017.csv and provincial_input_output_2007.parquet. Figures are carried over
unchanged except for units (10,000 CNY to 100 million CNY); nothing is filled in, so a cell missing
there is missing here.

The provinces' tables of 2007 have 42 sectors of an older division. What it divides further is added
up (27 transport and 28 post; 21 crafts and other manufacturing and 22 scrap). What it does not
divide is an industry of its own, the parent of its parts: general and special machinery. Its output
is in no part, so that both parts are missing in `activity` of 2007; nothing is split. Three
negative purchases, of 2.4 million CNY at most, are booked as statistical error of the row and as
surplus of the column, which keeps both sums. A negative value added is missing in `activity`.
"""

import sys
from pathlib import Path

import polars as pl

NATION = "100000"
TABLE_YEAR = 2017
PROVINCES_YEAR = 2007
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
MACHINERY = "IO42-16-17"
"""General and special machinery, which the tables of 2007 do not divide."""
OF_2007 = (
    {str(k): f"IO42-{k:02d}" for k in range(1, 16)}
    | {"16": MACHINERY, "17": "IO42-18", "18": "IO42-19", "19": "IO42-20", "20": "IO42-21"}
    | {"21": "IO42-22", "22": "IO42-22", "23": "IO42-24", "24": "IO42-25", "25": "IO42-26"}
    | {"26": "IO42-27", "27": "IO42-29", "28": "IO42-29", "29": "IO42-31", "30": "IO42-28"}
    | {"31": "IO42-30"}
    | {str(k): f"IO42-{k:02d}" for k in range(32, 43)}
)
"""Industry of each sector of the tables of 2007."""
USES_2007 = {
    "rural_consumption": "consumption",
    "urban_consumption": "consumption",
    "government": "consumption",
    "capital_formation": "capital_formation",
    "inventories": "capital_formation",
    "other": "statistical_error",
}
VALUE_ADDED_2007 = {
    "compensation": "compensation",
    "net_taxes": "taxes",
    "depreciation": "depreciation",
    "surplus": "surplus",
}
BORDER_2007 = {"exports": "exports", "imports": "imports", "outflow": "outflow", "inflow": "inflow"}


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
        pl.when(pl.col("industry").is_in(("IO42-16", "IO42-17")))
        .then(pl.lit(MACHINERY))
        .alias("parent"),
        pl.lit("manufacturing").alias("sector"),
        "class",
    )
    machinery = pl.DataFrame(
        {
            "industry": [MACHINERY],
            "name_zh": ["通用、专用设备"],
            "name_en": ["General and special machinery"],
            "division": ["C34-C35"],
            "sector": ["manufacturing"],
        }
    )
    return pl.concat([own, machinery, others], how="diagonal").sort("industry")


def activity(
    cells: pl.DataFrame, manufacturing: pl.DataFrame, provinces: pl.DataFrame, book: pl.DataFrame
) -> pl.DataFrame:
    listed = cells.rename({"co2": "emissions"})
    earlier = activity_2007(provinces["region"], manufacturing["industry"], book)
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
        pl.concat([earlier, listed, nation], how="diagonal")
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


def tables_2007(reference: Path) -> pl.DataFrame:
    """The provinces' tables by region, row and column of the study, in 100 million CNY."""
    book = pl.read_parquet(reference / "provincial_input_output_2007.parquet").select(
        (pl.col("region").cast(pl.String) + "0000").alias("region"), "row", "column", "value"
    )
    users = OF_2007 | USES_2007 | BORDER_2007 | {"output": "output"}
    wrong = book.filter(
        pl.col("row").is_in(list(OF_2007)),
        pl.col("column").is_in(list(OF_2007)),
        pl.col("value") < 0,
    )
    moved = [
        wrong.with_columns(value=-pl.col("value")),
        wrong.with_columns(column=pl.lit("other")),
        wrong.with_columns(row=pl.lit("surplus")),
    ]
    return (
        pl.concat([book, *moved])
        .with_columns(
            pl.col("row").replace_strict(OF_2007 | VALUE_ADDED_2007),
            pl.col("column").replace_strict(users),
        )
        .group_by("region", "row", "column")
        .agg((pl.col("value").sum() / 1e4).round(6))
        .filter(pl.col("value") != 0)
    )


def activity_2007(regions: pl.Series, industries: pl.Series, book: pl.DataFrame) -> pl.DataFrame:
    """Output and value added of every province and industry; empty where the tables have none."""
    cells = pl.DataFrame({"region": regions}).join(
        pl.DataFrame({"industry": industries}), how="cross"
    )
    keys = ["region", "industry"]
    output = book.filter(pl.col("column") == "output").select(
        "region", industry="row", output="value"
    )
    added = (
        book.filter(pl.col("row").is_in(list(VALUE_ADDED_2007.values())))
        .group_by("region", industry="column")
        .agg(value_added=pl.col("value").sum().round(6))
    )
    told = pl.col("region").is_in(book["region"].unique().implode()) & pl.col("industry").is_in(
        list(OF_2007.values())
    )
    known = cells.join(output, on=keys, how="left").join(added, on=keys, how="left")
    return known.select(
        *keys,
        pl.lit(PROVINCES_YEAR, pl.Int64).alias("year"),
        pl.when(told).then(pl.col("output").fill_null(0.0)).alias("output"),
        pl.when(told & (pl.col("value_added").fill_null(0.0) >= 0))
        .then(pl.col("value_added").fill_null(0.0))
        .alias("value_added"),
    )


def trade(book: pl.DataFrame) -> pl.DataFrame:
    """What crosses each province's border, by product."""
    return (
        book.filter(pl.col("column").is_in(list(BORDER_2007)))
        .pivot(on="column", index=["region", "row"], values="value")
        .select(
            "region",
            pl.col("row").alias("industry"),
            pl.lit(PROVINCES_YEAR, pl.Int64).alias("year"),
            *(pl.col(name).fill_null(0.0) for name in BORDER_2007),
        )
        .sort("region", "industry")
    )


def input_output_2007(book: pl.DataFrame) -> pl.DataFrame:
    """The provinces' purchases, which their tables do not tell by origin, and value added."""
    return (
        book.filter(~pl.col("column").is_in([*BORDER_2007, "output"]))
        .select(
            pl.lit(PROVINCES_YEAR, pl.Int64).alias("year"),
            pl.col("region").alias("supplier_region"),
            pl.col("row").alias("supplier"),
            pl.col("region").alias("user_region"),
            pl.col("column").alias("user"),
            pl.when(pl.col("row").is_in(list(VALUE_ADDED_2007.values())))
            .then(pl.lit("value_added"))
            .otherwise(pl.lit("any"))
            .alias("origin"),
            "value",
        )
        .sort("user_region", "origin", "supplier", "user")
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


def without_2007(name: str) -> str:
    """A table of the embedded study as text, without 2007 and what only that year needs."""
    rows = pl.read_csv(STUDY / f"{name}.csv", infer_schema=False)
    if "year" in rows.columns:
        rows = rows.filter(pl.col("year") != str(PROVINCES_YEAR))
    if "parent" in rows.columns and name == "industries":
        rows = rows.filter(pl.col("industry") != MACHINERY).drop("parent")
    return rows.write_csv()


def main(reference: Path, study: Path) -> None:
    codes = {"region": pl.String, "code": pl.String}
    provinces = pl.read_csv(reference / "provinces.csv", schema_overrides=codes)
    manufacturing = pl.read_csv(reference / "industries.csv")
    cells = pl.read_csv(reference / "province_industry_output.csv", schema_overrides=codes)
    national = pl.read_csv(reference / "national_input_output_2017.csv", schema_overrides=codes)
    book = tables_2007(reference)
    tables = {
        "regions": regions(provinces),
        "industries": industries(manufacturing, national),
        "activity": activity(cells, manufacturing, provinces, book),
        "indicators": indicators(provinces),
        "input_output": pl.concat([input_output_2007(book), input_output(national)]),
        "trade": trade(book),
    }
    study.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_csv(study / f"{name}.csv")
        print(f"{name}: {table.height} rows")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else STUDY)
