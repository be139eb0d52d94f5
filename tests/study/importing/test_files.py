"""Files of the kinds that offices have, made up here, go in without an edit. All SYNTHETIC."""

from pathlib import Path

import polars as pl
import pytest

from tests.study.importing.layouts import write_text, write_workbook
from tests.study.importing.read_back import KEY, assert_holds, read
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.telling import changes_told
from yanzhen.study.importing.understanding import understood
from yanzhen.study.importing.writing import write_import
from yanzhen.study.reading import read_study


def test_a_yearbook_with_a_sheet_a_year_titles_corners_notes_and_a_total(tmp_path: Path) -> None:
    sheets = {
        f"{year}年": [
            ["表13-5 各地区按行业分规模以上工业总产值"],
            ["", "", "单位：万元"],
            ["地  区", "农副食品加工业", "纺织业"],
            ["全  国", 60000 * times, 90000 * times],
            ["北  京", 10000 * times, 20000 * times],
            ["内蒙古", "２００００" if times == 1 else 40000, "40,000①" if times == 1 else "…"],
            ["西藏自治区", 30000 * times, 30000 * times],
            ["注：本表为编造数据。"],
            ["资料来源：无"],
        ]
        for year, times in ((2016, 1), (2017, 2))
    }
    found = read(write_workbook(tmp_path / "年鉴.xlsx", sheets))
    assert_holds(
        found.tables["activity"],
        (*KEY, "output"),
        [
            (region, industry, year, None if output == "…" else output * times)
            for year, times in ((2016, 1), (2017, 2))
            for region, outputs in (
                ("100000", (6.0, 9.0)),
                ("110000", (1.0, 2.0)),
                ("150000", (2.0, 4.0 if times == 1 else "…")),
                ("540000", (3.0, 3.0)),
            )
            for industry, output in zip(("C13", "C17"), outputs, strict=True)
        ],
    )
    (total,) = found.totals
    assert (total.label, total.is_kept, total.largest) == ("全国", True, 0.0)
    assert found.about.base_year == 2017
    assert set(found.tables["regions"]["parent"].drop_nulls()) == {"100000"}


def test_a_workbook_of_excel_97(tmp_path: Path) -> None:
    """Made once with xlwt 1.3.0: a sheet 2016年, a merged title, the unit in a corner."""
    path = Path(__file__).with_name("made_by_excel_97.xls")
    found = understood([path], tmp_path / "study", Mapped())
    assert found.problems == ()
    assert_holds(
        found.tables["activity"],
        (*KEY, "output"),
        [("110000", "C17", 2016, 1.5), ("120000", "C17", 2016, 2.25)],
    )


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("gb18030", ","), ("utf-8-sig", ","), ("utf-16", "\t"), ("utf-8", ";")],
)
def test_text_of_any_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [
        ["各地区分行业从业人员平均人数（单位：千人）"],
        ["地区", "行业代码", "2016年", "2017年"],
        ["山东省", "C13", "12.5", "1,300"],
        ["山东省", "C14", "-", "13.5"],
        ["广东", "C13", "20", "x"],
        ["广东", "C14", "30", "31"],
    ]
    found = read(write_text(tmp_path / "employment.csv", rows, encoding, separator))
    assert_holds(
        found.tables["activity"],
        (*KEY, "employment"),
        [
            ("370000", "C13", 2016, 1.25),
            ("370000", "C13", 2017, 130.0),
            ("370000", "C14", 2016, None),
            ("370000", "C14", 2017, 1.35),
            ("440000", "C13", 2016, 2.0),
            ("440000", "C13", 2017, None),
            ("440000", "C14", 2016, 3.0),
            ("440000", "C14", 2017, 3.1),
        ],
    )


def test_decimal_commas_between_semicolons(tmp_path: Path) -> None:
    rows = [
        ["Region", "Industry", "Year", "Output (million CNY)"],
        ["Haven", "Food", "2017", "1.234,5"],
        ["Haven", "Steel", "2017", "12,25"],
    ]
    found = read(write_text(tmp_path / "german.csv", rows, separator=";"))
    assert_holds(
        found.tables["activity"],
        (*KEY, "output"),
        [("Haven", "Food", 2017, 12.345), ("Haven", "Steel", 2017, 0.1225)],
    )


def test_lists_of_enterprises_and_of_parks(tmp_path: Path) -> None:
    yearbook = write_workbook(
        tmp_path / "年鉴.xlsx",
        {
            "工业总产值(亿元)": [
                ["地区", "行业", 2016, 2017],
                ["济南市", "纺织业", 100, 120],
                ["济南市", "食品制造业", 80, 90],
                ["青岛市", "纺织业", 70, 60],
                ["青岛市", "食品制造业", 50, 55],
            ]
        },
    )
    enterprises = write_workbook(
        tmp_path / "企业名单.xlsx",
        {
            "名单": [
                ["某区重点企业名单"],
                [
                    "序号",
                    "企业名称",
                    "统一社会信用代码",
                    "所在地",
                    "所属行业",
                    "营业收入(万元)",
                    "从业人数(人)",
                    "占地(亩)",
                ],
                [1, "甲公司", "91370100MA00000001", "山东省济南市历城区", "纺织业", 12000, 300, 45],
                [2, "乙公司", "91370200MA00000002", "青岛市", "C14", "—", 40, 9],
                ["合计", "", "", "", "", 12000, 340, 54],
            ]
        },
    )
    parks = write_text(
        tmp_path / "园区.csv",
        [
            ["园区名称", "所在地", "级别", "剩余可用面积(亩)", "地价(万元/亩)"],
            ["历城一园", "济南市历城区", "省级", "1500", "20"],
            ["城阳二园", "青岛市城阳区", "国家级", "300", ""],
        ],
        "gb18030",
    )
    found = read(yearbook, enterprises, parks)
    assert_holds(
        found.tables["enterprises"],
        ("enterprise", "origin", "industry", "count", "output", "jobs", "land", "name_zh"),
        [
            ("91370100MA00000001", "370100", "C17", 1, 1.2, 0.03, 3.0, "甲公司"),
            ("91370200MA00000002", "370200", "C14", 1, None, 0.004, 0.6, "乙公司"),
        ],
    )
    assert_holds(
        found.tables["sites"],
        ("site", "region", "kind"),
        [("历城一园", "370100", "省级"), ("城阳二园", "370200", "国家级")],
    )
    assert_holds(
        found.tables["resources"],
        ("place", "resource", "capacity", "posted_price", "one_off"),
        # 20 万元 a mu are 0.002 亿元 times 15 a hectare.
        [("历城一园", "land", 100.0, 0.03, True), ("城阳二园", "land", 20.0, None, None)],
    )


def test_figures_of_whole_regions_are_indicators(tmp_path: Path) -> None:
    rows = [
        ["地区", "地区生产总值（亿元）", "", "常住人口（千人）", ""],
        ["", "2016", "2017", "2016", "2017"],
        ["北京", "25669.13", "28014.94", "21729", "21707"],
        ["天津", "17885.39", "18549.19", "15621", "15568"],
    ]
    found = read(write_text(tmp_path / "gdp.csv", rows))
    assert_holds(
        found.tables["indicators"],
        ("region", "indicator", "year", "value"),
        [
            ("110000", "gdp", 2016, 25669.13),
            ("110000", "gdp", 2017, 28014.94),
            ("110000", "population", 2016, 2172.9),
            ("110000", "population", 2017, 2170.7),
            ("120000", "gdp", 2016, 17885.39),
            ("120000", "gdp", 2017, 18549.19),
            ("120000", "population", 2016, 1562.1),
            ("120000", "population", 2017, 1556.8),
        ],
    )


def test_old_names_and_a_merger(tmp_path: Path) -> None:
    rows = [
        ["城市", "行业", "工业总产值(亿元)", "", ""],
        ["", "", "2017", "2018", "2019"],
        ["济南市", "纺织业", "100", "102", "131"],
        ["莱芜市", "纺织业", "20", "21", ""],
        ["襄樊市", "纺织业", "40", "41", "42"],
    ]
    found = read(write_text(tmp_path / "城市.csv", rows))
    regions = found.tables["regions"].select("region", "name_zh", "successor", "successor_from")
    assert ("371200", "莱芜市", "370100", 2019) in regions.rows()
    assert ("420600", "襄阳市", None, None) in regions.rows()
    write_import(found)
    activity = read_study(found.into).tables["activity"].filter(pl.col("region") == "370100")
    assert dict(activity.select("year", "output").iter_rows()) == {
        2017: 120.0,
        2018: 123.0,
        2019: 131.0,
    }


def test_groups_and_classes_of_a_national_classification_by_their_codes(tmp_path: Path) -> None:
    rows = [
        ["城市", "行业代码", "行业名称", "2016年产值（亿元）", "2017年产值（亿元）"],
        ["济南市", "13", "农副食品加工业", "30", "33"],
        ["济南市", "1351", "牲畜屠宰", "10", "11"],
        ["济南市", "1352", "禽类屠宰", "20", "22"],
        ["济南市", "171", "棉纺织及印染精加工", "7", "8"],
    ]
    found = read(write_text(tmp_path / "小类.csv", rows))
    assert_holds(
        found.tables["industries"],
        ("industry", "name_zh", "sector"),
        [
            ("C1351", "牲畜屠宰", "manufacturing"),
            ("C1352", "禽类屠宰", "manufacturing"),
            ("C171", "棉纺织及印染精加工", "manufacturing"),
        ],
    )
    assert found.about.industry_classification == "GB/T 4754-2017"
    (total,) = found.totals
    assert (total.label, total.largest) == ("13 = 农副食品加工业", 0.0)


def test_groups_and_classes_of_the_national_classification_by_their_names(tmp_path: Path) -> None:
    rows = [
        ["城市", "行业", "2016年产值（亿元）", "2017年产值（亿元）"],
        ["济南市", "牲畜屠宰", "10", "11"],
        ["济南市", "工业机器人制造", "20", "22"],
        ["济南市", "1340", "5", "6"],
        ["济南市", "3612", "7", "8"],
    ]
    found = read(write_text(tmp_path / "小类.csv", rows))
    assert_holds(
        found.tables["industries"],
        ("industry", "name_zh", "sector"),
        [
            ("C1340", "制糖业", "manufacturing"),
            ("C1351", "牲畜屠宰", "manufacturing"),
            ("C3491", "工业机器人制造", "manufacturing"),
            ("C3612", "新能源车整车制造", "manufacturing"),
        ],
    )
    assert found.about.industry_classification == "GB/T 4754-2017"
    (source,) = [each for each in found.about.sources if each.table == "industries"]
    assert "groups and classes" in source.title


def test_the_study_s_own_headings(tmp_path: Path) -> None:
    found = read(
        write_text(
            tmp_path / "regions.csv", [["region", "name_zh", "name_en"], ["HA", "海文", "Haven"]]
        ),
        write_text(
            tmp_path / "industries.csv",
            [
                ["industry", "name_zh", "name_en", "sector"],
                ["FOOD", "食品", "Food", "manufacturing"],
            ],
        ),
        write_text(
            tmp_path / "activity.csv",
            [["region", "industry", "year", "output"], ["HA", "FOOD", "2017", "12.5"]],
        ),
    )
    assert found.tables["regions"].select("region", "name_en").rows() == [("HA", "Haven")]
    assert_holds(found.tables["activity"], (*KEY, "output"), [("HA", "FOOD", 2017, 12.5)])


def test_a_yearbook_of_employment_makes_a_study_measured_by_it(tmp_path: Path) -> None:
    head = ["地区", "行业", "年份", "从业人员(万人)"]
    rows = [
        ["济南市", "纺织业", "2017", "1.5"],
        ["济南市", "食品制造业", "2017", "2"],
        ["青岛市", "纺织业", "2017", "3"],
        ["青岛市", "食品制造业", "2017", "4"],
    ]
    path = write_workbook(tmp_path / "年鉴.xlsx", {"甲": [head, *rows]})
    found = understood([path], tmp_path / "study", Mapped())
    assert found.about.size == "employment"
    told = changes_told(found, "en")
    assert 'Sizes are measured by employment (size = "employment"), for there is no output.' in told
    write_import(found)
    study = read_study(tmp_path / "study")
    assert study.about.size == "employment"
    assert study.tables["activity"]["employment"].sum() == 10.5


def test_a_list_of_parks_says_their_area_their_land_and_its_price(tmp_path: Path) -> None:
    """Headings as development zones write them, each with a unit of its own."""
    parks = write_text(
        tmp_path / "园区.csv",
        [
            ["园区名称", "所在市", "面积（亩）", "可供用地(公顷)", "工业用地价格（万元/亩）"],
            ["合成一园", "合肥市", "12,000", "120", "38.5"],
            ["合成二园", "芜湖市", "７５００", "80", "—"],
        ],
    )
    found = read(parks)
    assert_holds(
        found.tables["sites"],
        ("site", "region", "area"),
        [("合成一园", "340100", 800.0), ("合成二园", "340200", 500.0)],
    )
    assert_holds(
        found.tables["resources"],
        ("place", "resource", "capacity", "posted_price"),
        [("合成一园", "land", 120.0, 0.05775), ("合成二园", "land", 80.0, None)],
    )


@pytest.mark.parametrize("sign", [" ", "/", "_", "："])
def test_a_unit_may_stand_behind_a_heading_without_brackets(tmp_path: Path, sign: str) -> None:
    yearbook = write_text(
        tmp_path / "年鉴.csv",
        [
            [
                "地市",
                "产业",
                "年度",
                f"工业产值{sign}万元",
                f"就业人数{sign}人",
                f"税金总额{sign}亿元",
            ],
            ["合肥", "纺织业", "2020", "10000", "12000", "0.5"],
            ["芜湖", "纺织业", "2020", "9000", "11000", "0.4"],
        ],
    )
    found = read(yearbook)
    assert_holds(
        found.tables["activity"],
        ("region", "industry", "year", "output", "employment", "tax"),
        [("340100", "C17", 2020, 1.0, 1.2, 0.5), ("340200", "C17", 2020, 0.9, 1.1, 0.4)],
    )
