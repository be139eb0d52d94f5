"""Short names of places, what became of prefectures, and the divisions of GB/T 4754."""

import re
from importlib.resources import files

import polars as pl
import pytest

from yanzhen.study.gazetteer import places
from yanzhen.study.gazetteer.changes import changes
from yanzhen.study.gazetteer.short_names import short_names
from yanzhen.study.importing.known_names import divisions, groups


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("济南市", ["济南"]),
        ("内蒙古自治区", ["内蒙古", "内蒙古区"]),
        ("宁夏回族自治区", ["宁夏", "宁夏区"]),
        ("恩施土家族苗族自治州", ["恩施", "恩施州"]),
        ("大兴安岭地区", ["大兴安岭"]),
        ("兴安盟", ["兴安"]),
        ("赵县", []),
    ],
)
def test_what_a_place_is_called_for_short(name: str, others: list[str]) -> None:
    assert list(short_names(name)) == [name, *others]


def test_no_two_provinces_and_no_two_prefectures_have_a_name_in_common() -> None:
    for level in ("province", "prefecture"):
        names = [
            short
            for name in places().filter(pl.col("level") == level)["name_zh"]
            for short in short_names(name)
        ]
        assert len(names) == len(set(names))


def test_what_prefectures_became_is_there_and_each_change_has_its_source() -> None:
    codes = set(places()["code"])
    for change in changes().iter_rows(named=True):
        into = change["into"].split(";")
        assert set(into) <= codes
        assert change["source"]
        assert (change["change"] == "divided") == (len(into) > 1)
        # A code that was given up names no prefecture of 2018, save one merged since.
        if change["change"] in ("recoded", "divided"):
            assert change["code"] not in codes
        if change["change"] == "merged":
            assert change["year"] > 2018 and change["code"] in codes


def test_groups_and_classes_lie_in_each_other_and_have_names_of_their_own() -> None:
    """179 groups in the 31 divisions; each of them is divided or is a class itself: 609 classes."""
    codes = groups()["code"].to_list()
    of_group = {code[:4] for code in codes if len(code) == 5}
    alone = [code for code in codes if len(code) == 4 and code not in of_group]
    assert len([code for code in codes if len(code) == 4]) == 179
    assert len([code for code in codes if len(code) == 5]) + len(alone) == 609
    assert of_group <= set(codes) and {code[:3] for code in codes} == set(divisions()["code"]) - {
        "C"
    }
    assert groups()["name_zh"].is_unique().all() and codes == sorted(codes)


def test_divisions_agree_with_those_of_the_national_input_output_table() -> None:
    """Industries of the embedded study that stand for one division of GB/T 4754-2017."""
    table = files("yanzhen.study").joinpath("examples/china_provinces/industries.csv")
    cited = pl.read_csv(table.read_bytes(), infer_schema=False).drop_nulls("division")
    alone = cited.filter(pl.col("division").str.contains(r"^C\d\d$"))
    name_of = dict(divisions().select("code", "name_zh").iter_rows())
    assert alone.height >= 8
    for division, name in alone.select("division", "name_zh").iter_rows():
        assert _stem(name)[:2] == _stem(name_of[division])[:2], (division, name)
    assert list(name_of) == ["C", *(f"C{number}" for number in range(13, 44))]


def _stem(name: str) -> str:
    return re.sub("^通信设备、", "", name)
