"""The example of development zones holds the catalogue's totals, and its room adds up."""

import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import polars as pl
import pytest

from yanzhen.accounts.panel import output_panel
from yanzhen.accounts.share_shift_projection import project_share_shifts
from yanzhen.study import Study, read_study
from yanzhen.study.example import example_folder
from yanzhen.study.gazetteer import places

KINDS = {
    ("national", "经济技术开发区"): 219,
    ("national", "高新技术产业开发区"): 156,
    ("national", "海关特殊监管区域"): 135,
    ("national", "边境/跨境经济合作区"): 19,
    ("national", "其他类型开发区"): 23,
    ("provincial", "经济开发区"): 986,
    ("provincial", "工业园区"): 848,
    ("provincial", "高新技术产业开发区"): 157,
}
"""Zones of the whole catalogue."""
PROVINCES = {
    **{"11": 19, "12": 33, "13": 153, "14": 27, "15": 81, "21": 88, "22": 62, "23": 90},
    **{"31": 59, "32": 170, "33": 120, "34": 117, "35": 97, "36": 99, "37": 174, "41": 150},
    **{"42": 103, "43": 129, "44": 132, "45": 65, "46": 7, "50": 49, "51": 134, "52": 64},
    **{"53": 78, "54": 5, "61": 56, "62": 66, "63": 15, "64": 17, "65": 84},
}
CODES = ("site", "region", "prefecture", "county")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study("china-zones")


@pytest.fixture(scope="module")
def folder() -> Path:
    found = example_folder("china-zones")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def left_out(folder: Path) -> pl.DataFrame:
    path = folder.parent / "catalogue_2018" / "zones_left_out.csv"
    return pl.read_csv(path, schema_overrides=dict.fromkeys(CODES, pl.String))


@pytest.fixture(scope="module")
def whole(study: Study, left_out: pl.DataFrame) -> pl.DataFrame:
    """The catalogue: the sites of the example and the zones that are none."""
    shared = (
        "site",
        "region",
        "name_zh",
        "level",
        "kind",
        "approved",
        "area",
        "leading_industries",
    )
    return pl.concat([study.tables["sites"].select(shared), left_out.select(shared)])


@pytest.fixture(scope="module")
def meaning(folder: Path) -> dict[str, tuple[int, list[str]]]:
    """Zones that have a phrase, and industries that it stands for."""
    table = pl.read_csv(folder.parent / "catalogue_2018" / "leading_industries.csv")
    return {
        phrase: (zones, industries.split(";") if industries else [])
        for phrase, zones, industries in table.select("phrase", "zones", "industries").iter_rows()
    }


def test_the_whole_catalogue_is_there_by_level_kind_and_province(whole: pl.DataFrame) -> None:
    counted = Counter(whole.select("level", "kind").iter_rows())
    assert counted == KINDS
    assert sum(counted[key] for key in KINDS if key[0] == "national") == 552
    assert sum(counted[key] for key in KINDS if key[0] == "provincial") == 1991
    assert Counter(whole["region"].str.head(2)) == PROVINCES
    assert whole["site"].is_unique().all()


@pytest.mark.parametrize(
    ("region", "national", "provincial"), [("230000", 16, 74), ("310000", 20, 39)]
)
def test_provinces_agree_with_other_prints(
    whole: pl.DataFrame, region: str, national: int, provincial: int
) -> None:
    of_region = whole.filter(pl.col("region") == region)["level"]
    assert Counter(of_region) == {"national": national, "provincial": provincial}


def test_what_is_left_out_says_why(left_out: pl.DataFrame) -> None:
    kinds = Counter(left_out.filter(reason="kind")["kind"])
    assert kinds == {"海关特殊监管区域": 135, "其他类型开发区": 23}
    assert (left_out["reason"] == "leading_industries").sum() == 24


def test_misprints_of_the_source_are_kept_and_told_apart(whole: pl.DataFrame) -> None:
    twice = whole.filter(pl.col("site").str.starts_with("S377018")).sort("site")
    assert twice.select("site", "name_zh").rows() == [
        ("S377018-370302", "山东淄川经济开发区"),
        ("S377018-370305", "山东临淄经济开发区"),
    ]
    assert whole.filter(site="G372026")["name_zh"].item() == "湽博高新技术产业开发区"
    assert whole["approved"].str.contains("/").sum() == 2


def test_what_the_catalogue_does_not_say_stays_missing(study: Study) -> None:
    sites, resources = study.tables["sites"], study.tables["resources"]
    assert sites["name_en"].null_count() == sites.height == 2361
    assert resources["posted_price"].null_count() == resources.height == 2361
    assert sites.filter(pl.col("longitude").is_null())["point"].null_count() == 24
    assert sites.filter(pl.col("longitude").is_not_null())["point"].null_count() == 0


def test_points_are_those_of_units_of_the_gazetteer(study: Study) -> None:
    level = dict(places().select("code", "level").iter_rows())
    for unit in ("county", "prefecture"):
        of_unit = study.tables["sites"].drop_nulls(unit)
        assert {level[code] for code in of_unit[unit]} == {unit}
        assert (of_unit[unit].str.head(2) == of_unit["region"].str.head(2)).all()
    assert (study.tables["sites"]["point"] == "county").sum() == 2134


def test_every_phrase_of_the_catalogue_has_its_meaning(
    study: Study, whole: pl.DataFrame, meaning: dict[str, tuple[int, list[str]]]
) -> None:
    printed = Counter(
        phrase for phrases in whole["leading_industries"] for phrase in phrases.split("、")
    )
    assert len(printed) == 1075
    assert {phrase: zones for phrase, (zones, _) in meaning.items()} == printed
    manufacturing = study.tables["industries"].filter(sector="manufacturing")["industry"]
    assert {one for _, industries in meaning.values() for one in industries} == {*manufacturing}


@pytest.mark.parametrize(
    ("phrase", "divisions"),
    [
        ("食品", ["06"]),
        ("纺织服装", ["07", "08"]),
        ("林浆纸", ["09", "10"]),
        ("煤化工", ["11", "12"]),
        ("新能源汽车及零部件", ["18"]),
        ("有色金属冶炼加工", ["14"]),
        ("医疗器械", ["17"]),
        ("装备制造", ["15", "16", "17", "18", "19", "20", "21"]),
        ("物流", []),
        ("有色金属矿采选", []),
        ("在建", [f"{k:02d}" for k in range(6, 23)]),
    ],
)
def test_phrases_mean_what_a_reader_expects(
    meaning: dict[str, tuple[int, list[str]]], phrase: str, divisions: list[str]
) -> None:
    assert meaning[phrase][1] == [f"IO42-{division}" for division in divisions]


def test_room_is_dealt_by_hectares_for_each_industry(
    study: Study, meaning: dict[str, tuple[int, list[str]]]
) -> None:
    """Zone by zone in a plain loop, from the tables that are shipped."""
    national = dict(
        study.tables["activity"]
        .filter(region="100000", year=2017)
        .drop_nulls("output")
        .select("industry", "output")
        .iter_rows()
    )
    hectares: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    area: dict[str, dict[str, float]] = defaultdict(dict)
    for site, region, size, printed, named in (
        study.tables["sites"]
        .select("site", "region", "area", "leading_industries", "industries")
        .iter_rows()
    ):
        area[region][site] = size
        meant = [meaning[phrase][1] for phrase in printed.split("、") if meaning[phrase][1]]
        assert sorted({one for industries in meant for one in industries}) == named.split(";")
        for industries in meant:
            total = sum(national[one] for one in industries)
            for one in industries:
                there = hectares[region, one]
                part = size / len(meant) * national[one] / total
                there[site] = there.get(site, 0.0) + part
    panel = output_panel(study)
    past = project_share_shifts(panel)
    room: dict[str, float] = defaultdict(float)
    for n, region in enumerate(panel.regions):
        for s, industry in enumerate(panel.industries):
            by = hectares.get((region, industry)) or area[region]
            for site, size in by.items():
                shown = past.gains[n, s] + past.idle[n, s]
                room[site] += shown * size / sum(by.values())
    stated = dict(study.tables["resources"].select("place", "capacity").iter_rows())
    assert stated == pytest.approx(room, abs=1e-6)


def test_a_provinces_zones_have_its_room(study: Study) -> None:
    panel = output_panel(study)
    past = project_share_shifts(panel)
    of_province = dict(zip(panel.regions, past.room_growth + past.room_idle, strict=True))
    sums = (
        study.tables["resources"]
        .join(study.tables["sites"], left_on="place", right_on="site")
        .group_by("region")
        .agg(pl.col("capacity").sum())
    )
    assert dict(sums.iter_rows()) == pytest.approx(of_province, abs=1e-3)


def test_the_tables_of_the_economy_are_those_of_the_provinces_from_2012_on(study: Study) -> None:
    provinces = read_study("china-provinces").tables
    for name in ("regions", "activity", "indicators", "input_output"):
        known = provinces[name]
        if "year" in known.columns:
            known = known.filter(pl.col("year") >= 2012)
        assert study.tables[name].equals(known)
    whole = provinces["industries"]["parent"].drop_nulls().unique()
    parts = provinces["industries"].filter(~pl.col("industry").is_in(whole.implode()))
    assert whole.to_list() == ["IO42-16-17"]
    assert study.tables["industries"].drop("parent").equals(parts.drop("parent"))


def test_the_script_makes_the_example_from_the_catalogue(
    reference_data: Path, repository: Path, folder: Path, tmp_path: Path
) -> None:
    script = repository / "scripts" / "make_china_zones.py"
    catalogue = reference_data / "china-zones" / "zones.csv"
    subprocess.run([sys.executable, str(script), str(catalogue), str(tmp_path)], check=True)
    made = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*.csv")}
    assert len(made) == 9
    for name, path in made.items():
        assert path.read_bytes() == (folder.parent / name).read_bytes(), name
