"""Make the embedded SYNTHETIC study `china-technology-synthetic`.

Usage: python scripts/make_china_technology_synthetic.py [STUDY_FOLDER]

Achievements and needs are the SYNTHETIC graded set of `yanzhen.modes.technology` (its development
half: the held-out needs stay out of sight); the incubators of the table beside this script are
invented. Regions, industries and the output of 2017 are carried over from `china-provinces`.
"""

import sys
from pathlib import Path

import polars as pl

from yanzhen.study import About, Source, Study, read_study, write_study
from yanzhen.study.tables import TABLES

PACKAGE = Path(__file__).parents[1] / "src/yanzhen"
GRADED = PACKAGE / "modes/technology/search/graded"
STUDY = PACKAGE / "study/examples/china_technology_synthetic"
BASE_YEAR = 2017

INCUBATORS = Path(__file__).with_name("china_technology_synthetic_incubators.csv")


def incubators() -> pl.DataFrame:
    invented = pl.read_csv(INCUBATORS, infer_schema=False)
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(2)
    return invented.with_columns(
        incubator=pl.lit("P") + number,
        language=pl.when(pl.col("title").str.contains("虚构"))
        .then(pl.lit("zh"))
        .otherwise(pl.lit("en")),
        status=pl.lit("synthetic"),
    )


def graded(name: str, **renamed: str) -> pl.DataFrame:
    """Return a table of the graded set as a table of the study."""
    found = pl.read_csv(GRADED / f"synthetic_{name}.csv", infer_schema=False)
    return found.rename(renamed).with_columns(status=pl.lit("synthetic"))


def complete(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    schema = TABLES[table].create_empty().schema
    return frame.with_columns(
        pl.lit(None, dtype).alias(name)
        for name, dtype in schema.items()
        if name not in frame.columns
    ).select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def about(sources: tuple[Source, ...]) -> About:
    return About(
        title_zh="中国科技成果转移转化演示（SYNTHETIC，成果、需求与载体均为虚构）",
        title_en="China: transfer of achievements, demonstration (SYNTHETIC, all texts invented)",
        currency="CNY",
        units=read_study("china-provinces").about.units,
        base_year=BASE_YEAR,
        region_classification="GB/T 2260",
        industry_classification=read_study("china-provinces").about.industry_classification,
        licence="Apache-2.0; figures of output carried over from china-provinces with citation",
        synthetic=True,
        sources=sources,
    )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else STUDY
    provinces = read_study("china-provinces")
    output = (
        provinces.tables["activity"]
        .filter((pl.col("year") == BASE_YEAR) & pl.col("output").is_not_null())
        .select("region", "industry", "year", "output")
    )
    industries = provinces.tables["industries"]
    wholes = industries["parent"].drop_nulls()
    invented = [
        Source(
            key=f"synthetic-{table}",
            title="SYNTHETIC: invented texts",
            url_or_doc="yanzhen/modes/technology/search/graded/README.md",
            table=table,
            licence="Apache-2.0",
            note="No achievement, owner, enterprise or incubator is real",
        )
        for table in ("technologies", "technology_needs", "incubators")
    ]
    carried = [
        source
        for source in provinces.about.sources
        if source.table in ("regions", "industries", "activity")
        and not source.key.endswith("_2007")
    ]
    frames = {
        "regions": provinces.tables["regions"],
        "industries": industries.filter(~pl.col("industry").is_in(wholes.implode())).drop("parent"),
        "activity": output,
        "technologies": graded("achievements", achievement="technology"),
        "technology_needs": graded("needs_development"),
        "incubators": incubators(),
    }
    tables = {name: schema.create_empty() for name, schema in TABLES.items()} | {
        name: complete(name, frame) for name, frame in frames.items()
    }
    write_study(Study(about((*invented, *carried)), tables, str(folder)), folder)


if __name__ == "__main__":
    main()
