"""Make the gazetteer of the package from the reference figures.

Usage: python scripts/make_gazetteer.py REFERENCE_FOLDER [GAZETTEER_FOLDER]

REFERENCE_FOLDER holds provinces.csv, prefectures_2018.csv and counties_2018.csv. Each unit stands
once, at its own level: the source also lists counties directly under a province among the
prefectures, and cities without counties, provinces and special administrative regions among the
counties (kind 不统计, not counted); those rows are left out.
"""

import sys
from pathlib import Path

import polars as pl

NOT_COUNTED = "不统计"
NO_PREFECTURE = "0"
GAZETTEER = Path(__file__).parents[1] / "src/yanzhen/study/gazetteer"
ENGLISH = {"710000": "Taiwan", "810000": "Hong Kong", "820000": "Macao"}


def _province_code(code: str) -> pl.Expr:
    return pl.col(code).str.head(2) + "0000"


def provinces(listed: pl.DataFrame, prefectures: pl.DataFrame) -> pl.DataFrame:
    """Provinces at their capitals; without a capital in the source, at their centre."""
    full_names = prefectures.select(
        _province_code("code").alias("code"), pl.col("province_zh").alias("name_zh")
    ).unique()
    at_capital = listed.select(
        pl.col("region").alias("code"),
        "name_en",
        pl.col("capital_lon").alias("longitude"),
        pl.col("capital_lat").alias("latitude"),
    )
    at_centre = prefectures.filter(pl.col("code").is_in(list(ENGLISH))).select(
        "code",
        pl.col("code").replace_strict(ENGLISH).alias("name_en"),
        pl.col("lon").alias("longitude"),
        pl.col("lat").alias("latitude"),
    )
    return pl.concat([at_capital, at_centre]).join(full_names, on="code", validate="1:1")


def _centred(units: pl.DataFrame, parent: pl.Expr) -> pl.DataFrame:
    counted = units.filter(pl.col("kind") != NOT_COUNTED)
    return counted.select(
        "code",
        "name_zh",
        "kind",
        parent.alias("parent"),
        pl.col("lon").alias("longitude"),
        pl.col("lat").alias("latitude"),
    )


def places(listed: pl.DataFrame, prefectures: pl.DataFrame, counties: pl.DataFrame) -> pl.DataFrame:
    """Units of the three levels, each once, in the order of their codes."""
    of_county = (
        pl.when(pl.col("prefecture_code") == NO_PREFECTURE)
        .then(_province_code("code"))
        .otherwise("prefecture_code")
    )
    levels = {
        "province": provinces(listed, prefectures),
        "prefecture": _centred(prefectures, _province_code("code")),
        "county": _centred(counties, of_county),
    }
    every = [units.with_columns(level=pl.lit(level)) for level, units in levels.items()]
    return (
        pl.concat(every, how="diagonal")
        .select("code", "level", "name_zh", "name_en", "kind", "parent", "longitude", "latitude")
        .sort("code")
    )


def main(reference: Path, gazetteer: Path) -> None:
    codes = {"region": pl.String, "code": pl.String, "prefecture_code": pl.String}
    listed, prefectures, counties = (
        pl.read_csv(reference / f"{name}.csv", schema_overrides=codes)
        for name in ("provinces", "prefectures_2018", "counties_2018")
    )
    table = places(listed, prefectures, counties)
    gazetteer.mkdir(parents=True, exist_ok=True)
    table.write_csv(gazetteer / "places_2018.csv")
    print(table.group_by("level").len())


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else GAZETTEER)
