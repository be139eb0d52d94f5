"""The gazetteer holds every unit of the administrative division of the end of 2017, once."""

import polars as pl

from yanzhen.study.gazetteer import LEVELS, places

UNITS_OF_2017 = {
    "prefecture": {"地级市": 294, "地区": 7, "自治州": 30, "盟": 3},
    "county": {
        **{"市辖区": 962, "县级市": 363, "县": 1355, "自治县": 117},
        **{"旗": 49, "自治旗": 3, "特区": 1, "林区": 1},
    },
}


def named(name: str, parent: str | None = None) -> list[str]:
    found = places().filter(pl.col("name_zh") == name)
    if parent is not None:
        found = found.filter(pl.col("parent") == parent)
    return found["code"].to_list()


def test_every_unit_of_the_official_division_is_there_by_kind() -> None:
    """Ministry of Civil Affairs, administrative division at the end of 2017."""
    for level, kinds in UNITS_OF_2017.items():
        counted = places().filter(pl.col("level") == level)["kind"].value_counts()
        assert dict(counted.iter_rows()) == kinds
    assert (places()["level"] == "province").sum() == 34


def test_a_code_stands_once_and_in_order() -> None:
    codes = places()["code"]
    assert codes.is_unique().all()
    assert codes.is_sorted()
    assert set(codes.str.len_bytes()) == {6}
    assert set(places()["level"]) == set(LEVELS)


def test_a_unit_lies_in_one_of_a_higher_level() -> None:
    level = dict(places().select("code", "level").iter_rows())
    for code, own, parent in places().select("code", "level", "parent").iter_rows():
        if own == "province":
            assert parent is None
        else:
            assert LEVELS.index(level[parent]) < LEVELS.index(own)
            assert parent[:2] == code[:2]


def test_places_are_found_by_name_within_their_parent() -> None:
    assert named("苏州市") == ["320500"]
    assert named("昆山市", "320500") == ["320583"]
    assert named("仙桃市") == ["429004"]
    assert named("东莞市") == ["441900"]
    assert len(named("鼓楼区")) == 4
    assert named("鼓楼区", "320100") == ["320106"]


def test_names_and_points_are_given_for_all() -> None:
    assert places().select("name_zh", "longitude", "latitude").null_count().row(0) == (0, 0, 0)
    assert places()["longitude"].is_between(73, 136).all()
    assert places()["latitude"].is_between(3, 54).all()
    assert places().filter(pl.col("level") == "province")["name_en"].null_count() == 0
