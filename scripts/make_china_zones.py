"""Make the embedded study `china-zones` from the catalogue of development zones of 2018.

Usage: python scripts/make_china_zones.py ZONES_CSV [EXAMPLES_FOLDER]

The tables of `china-provinces` are taken over from 2012 on; `sites` and `resources` are made here.
The concordance of the catalogue's phrases to industries and the zones that are no sites are written
beside the examples, in `catalogue_2018`.

Sites are the zones that take manufacturing: not of the kinds 海关特殊监管区域 (under customs
supervision, working for export) and 其他类型开发区 (resorts, finance, border markets), and with at
least one leading industry that is manufacturing, or not said which.

A phrase stands for the industries of the longest keywords of `china_zones_phrases.csv` in it, one
in which no keyword stands for every industry; what it says nothing of (制造, 加工, 在建, under
construction) too. A zone's hectares are divided over its phrases in equal parts, and over the
industries of a phrase by the nation's output of 2017. The room that a province has shown for an
industry from 2012 to 2017 (growth beyond the industry's, and idle capacity, as in
`china-provinces`) goes to its zones by these hectares; where no zone of a province names the
industry, by all hectares.
"""

import sys
from pathlib import Path

import polars as pl
from make_china_provinces import without_2007

from yanzhen.accounts.panel import output_panel
from yanzhen.accounts.share_shift_projection import project_share_shifts
from yanzhen.study import Study, read_study
from yanzhen.study.gazetteer import places

EXAMPLES = Path(__file__).parents[1] / "src/yanzhen/study/examples"
KEYWORDS = Path(__file__).parent / "china_zones_phrases.csv"
NOT_FOR_MANUFACTURING = ("海关特殊监管区域", "其他类型开发区")
NATION = "100000"
BETWEEN_PHRASES = "、"
SHARED = ("regions", "industries", "activity", "indicators", "input_output")


def keywords() -> dict[str, frozenset[str]]:
    """Industries of each keyword, the longest keyword first; none where it is not manufacturing."""
    table = pl.read_csv(KEYWORDS).sort(pl.col("keyword").str.len_chars(), descending=True)
    return {
        keyword: frozenset(industries.split(";") if industries else ())
        for keyword, industries in table.select("keyword", "industries").iter_rows()
    }


def industries_of(
    phrase: str, known: dict[str, frozenset[str]], every: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Industries that a phrase stands for, in order, and the keywords that say so."""
    found, rest = [], phrase
    for keyword in known:
        if keyword in rest:
            found.append(keyword)
            rest = rest.replace(keyword, BETWEEN_PHRASES)
    if not found:
        return sorted(every), []
    narrow = [keyword for keyword in found if known[keyword] and known[keyword] != every]
    telling = narrow or [keyword for keyword in found if known[keyword]] or found
    return sorted(frozenset[str]().union(*(known[keyword] for keyword in telling))), telling


def concordance(phrases: pl.Series, every: frozenset[str]) -> pl.DataFrame:
    """Every phrase of the catalogue with how often it stands there and what it stands for."""
    known = keywords()
    counted = phrases.value_counts(name="zones").sort(
        ["zones", "industries_zh"], descending=[True, False]
    )
    meant = [industries_of(phrase, known, every) for phrase in counted["industries_zh"]]
    return counted.select(
        pl.col("industries_zh").alias("phrase"),
        "zones",
        pl.Series("industries", [";".join(industries) for industries, _ in meant]),
        pl.Series("keywords", [";".join(telling) for _, telling in meant]),
    )


def located(zones: pl.DataFrame) -> pl.DataFrame:
    """County and prefecture as the gazetteer has them, and what the point is the centre of."""
    level = dict(places().select("code", "level").iter_rows())

    def at(column: str, level_of_column: str) -> pl.Expr:
        known = pl.col(column).replace_strict(level, default=None) == level_of_column
        return pl.when(known).then(pl.col(column))

    units = zones.with_columns(
        county=at("county", "county"),
        prefecture=pl.coalesce(at("prefecture", "prefecture"), at("county", "prefecture")),
    )
    point = (
        pl.when(pl.col("longitude").is_null())
        .then(None)
        .when(pl.col("county").is_not_null())
        .then(pl.lit("county"))
        .when(pl.col("prefecture").is_not_null())
        .then(pl.lit("prefecture"))
        .otherwise(pl.lit("province"))
    )
    return units.with_columns(point=point)


def catalogue(path: Path) -> pl.DataFrame:
    """The catalogue with codes that are unique: one that stands twice has its county's added."""
    codes = ("code", "province", "approved", "county", "prefecture")
    zones = pl.read_csv(path, schema_overrides=dict.fromkeys(codes, pl.String))
    site = (
        pl.when(pl.col("code").is_duplicated())
        .then(pl.col("code") + "-" + pl.col("county"))
        .otherwise("code")
    )
    return located(zones).with_columns(
        site=site,
        region=pl.col("province") + "0000",
        approved=pl.col("approved").str.replace_all(r"\.", "-"),
    )


def hectares_by_industry(
    zones: pl.DataFrame, meaning: pl.DataFrame, national: pl.DataFrame
) -> pl.DataFrame:
    """Hectares of each zone for each industry that its leading industries stand for."""
    phrases = (
        zones.select(
            "site", "region", "hectares", phrase=pl.col("industries_zh").str.split(BETWEEN_PHRASES)
        )
        .explode("phrase")
        .join(meaning.select("phrase", "industries"), on="phrase")
        .filter(pl.col("industries") != "")
        .with_columns(part=pl.col("hectares") / pl.len().over("site"))
        .with_row_index("line")
        .with_columns(industry=pl.col("industries").str.split(";"))
        .explode("industry")
        .join(national, on="industry")
        .with_columns(pl.col("part") * pl.col("output") / pl.col("output").sum().over("line"))
    )
    return phrases.group_by("site", "region", "industry").agg(pl.col("part").sum())


def past_room(study: Study) -> pl.DataFrame:
    """Room that each region has shown for each industry: growth and idle capacity."""
    panel = output_panel(study)
    past = project_share_shifts(panel)
    room = past.gains + past.idle
    return pl.DataFrame(
        {
            "region": [region for region in panel.regions for _ in panel.industries],
            "industry": panel.industries * len(panel.regions),
            "room": room.reshape(-1),
        }
    )


def dealt(room: pl.DataFrame, zones: pl.DataFrame, hectares: pl.DataFrame) -> pl.DataFrame:
    """Room of each zone, money: what its province has shown, by hectares for each industry."""
    sites = zones.select("site", "region", "hectares")
    shares = (
        room.join(sites, on="region")
        .join(hectares, on=["site", "region", "industry"], how="left")
        .with_columns(pl.col("part").fill_null(0.0))
        .with_columns(named=pl.col("part").sum().over("region", "industry"))
        .with_columns(weight=pl.when(pl.col("named") > 0).then("part").otherwise("hectares"))
        .with_columns(share=pl.col("weight") / pl.col("weight").sum().over("region", "industry"))
    )
    return shares.group_by("site").agg(capacity=(pl.col("room") * pl.col("share")).sum().round(6))


def site_table(zones: pl.DataFrame, *further: str) -> pl.DataFrame:
    """Columns of `sites` and further ones, in the order of the zones' codes."""
    return zones.select(
        "site",
        "region",
        "name_zh",
        "longitude",
        "latitude",
        "point",
        "prefecture",
        "county",
        "level",
        pl.col("kind_zh").alias("kind"),
        "approved",
        pl.col("hectares").alias("area"),
        pl.col("industries_zh").alias("leading_industries"),
        "industries",
        *further,
    ).sort("site")


def main(catalogue_file: Path, examples: Path) -> None:
    provinces = read_study("china-provinces")
    national = (
        provinces.tables["activity"]
        .filter(pl.col("region") == NATION)
        .drop_nulls("output")
        .select("industry", "output")
    )
    zones = catalogue(catalogue_file)
    every = frozenset(national["industry"])
    phrases = zones.select(pl.col("industries_zh").str.split(BETWEEN_PHRASES)).explode(pl.all())
    meaning = concordance(phrases["industries_zh"], every)
    hectares = hectares_by_industry(zones, meaning, national)
    named = hectares.sort("industry").group_by("site").agg(pl.col("industry").str.join(";"))
    taking = (
        zones.filter(~pl.col("kind_zh").is_in(NOT_FOR_MANUFACTURING))
        .join(named.rename({"industry": "industries"}), on="site")
        .sort("site")
    )
    room = dealt(
        past_room(provinces),
        taking,
        hectares.filter(pl.col("site").is_in(taking["site"].implode())),
    )
    resources = room.sort("site").select(
        pl.col("site").alias("place"),
        pl.lit("output").alias("resource"),
        "capacity",
        pl.lit("locality").alias("rent_recipient"),
        pl.lit("estimated").alias("status"),
    )
    left_out = zones.join(taking, on="site", how="anti").with_columns(
        industries=pl.lit(None, pl.String),
        reason=pl.when(pl.col("kind_zh").is_in(NOT_FOR_MANUFACTURING))
        .then(pl.lit("kind"))
        .otherwise(pl.lit("leading_industries")),
    )
    study, beside = examples / "china_zones", examples / "catalogue_2018"
    for folder in (study, beside):
        folder.mkdir(parents=True, exist_ok=True)
    for name in SHARED:
        (study / f"{name}.csv").write_text(without_2007(name), encoding="utf-8")
    site_table(taking).write_csv(study / "sites.csv")
    resources.write_csv(study / "resources.csv")
    meaning.write_csv(beside / "leading_industries.csv")
    site_table(left_out, "reason").drop("industries").write_csv(beside / "zones_left_out.csv")
    print(f"{taking.height} of {zones.height} zones take manufacturing")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else EXAMPLES)
