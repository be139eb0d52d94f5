"""What is wrong or unclear in a file is told in one sentence, with file, sheet, row and column."""

from pathlib import Path

import pytest

from tests.study.importing.layouts import write_text, write_workbook
from tests.study.importing.published_files import saved_system
from yanzhen.study.importing.mapping import Mapped, read_mapping
from yanzhen.study.importing.understanding import Understanding, understood
from yanzhen.study.importing.writing import write_import
from yanzhen.study.problem import StudyError

HEAD = ["地区", "行业", "年份", "工业总产值(亿元)"]
ROWS = [
    ["济南市", "纺织业", "2017", "100"],
    ["济南市", "食品制造业", "2017", "80"],
    ["青岛市", "纺织业", "2017", "60"],
    ["青岛市", "食品制造业", "2017", "50"],
]


def of_rows(
    tmp_path: Path, rows: list[list[object]], mapped: Mapped | None = None, sheet: str = "甲"
) -> Understanding:
    path = write_workbook(tmp_path / "年鉴.xlsx", {sheet: rows})
    return understood([path], tmp_path / "study", mapped or Mapped())


def only_problem(found: Understanding) -> tuple[str, str]:
    """The one sentence, in English and in Chinese."""
    (problem,) = found.problems
    return problem.text("en"), problem.text("zh")


def test_a_misspelt_place_is_offered_and_not_taken(tmp_path: Path) -> None:
    rows = [HEAD, *ROWS, ["菏则市", "纺织业", "2017", "40"]]
    en, zh = only_problem(of_rows(tmp_path, rows))
    assert en.startswith(
        "年鉴.xlsx, table 甲, row 6, column A: found '菏则市', which may be 371700 菏泽市"
    )
    assert '[regions] "菏则市" = "371700"' in en
    assert "第 6 行 列 A：发现“菏则市”，可能是371700 菏泽市" in zh
    mapped = Mapped(regions={"菏则市": "371700"})
    settled = of_rows(tmp_path, rows, mapped)
    assert settled.problems == ()
    assert "371700" in settled.tables["activity"]["region"]


def test_a_misspelt_industry_is_offered_and_not_taken(tmp_path: Path) -> None:
    rows = [HEAD, *ROWS, ["青岛市", "纺识业", "2017", "40"]]
    en, _ = only_problem(of_rows(tmp_path, rows))
    assert "row 6, column B: found '纺识业', which may be C17 纺织业" in en
    left_out = of_rows(tmp_path, rows, Mapped(industries={"纺识业": ""}))
    assert left_out.problems == ()
    assert left_out.tables["activity"].height == 4


def test_a_name_of_two_places_is_asked(tmp_path: Path) -> None:
    rows = [
        ["区县", *HEAD[1:]],
        ["鼓楼区", "纺织业", "2017", "1"],
        ["玄武区", "纺织业", "2017", "2"],
    ]
    en, _ = only_problem(of_rows(tmp_path, rows))
    assert "row 2, column A: found '鼓楼区', which may be 320106 鼓楼区 or 320302 鼓楼区" in en


def test_a_divided_prefecture_is_asked(tmp_path: Path) -> None:
    rows = [HEAD, ["合肥市", "纺织业", "2010", "10"], ["巢湖市", "纺织业", "2010", "5"]]
    en, _ = only_problem(of_rows(tmp_path, rows))
    for name in ("340100 合肥市", "340200 芜湖市", "340500 马鞍山市"):
        assert name in en


def test_a_code_beside_another_s_name_is_asked(tmp_path: Path) -> None:
    head = ["行政区划代码", *HEAD]
    rows = [head, ["370100", *ROWS[0]], ["370200", "淄博市", "纺织业", "2017", "3"]]
    en, _ = only_problem(of_rows(tmp_path, rows))
    assert "370200 青岛市 or 370300 淄博市" in en


def test_a_figure_that_is_none(tmp_path: Path) -> None:
    en, zh = only_problem(of_rows(tmp_path, [HEAD, *ROWS[:3], [*ROWS[3][:3], "五十"]]))
    assert en == (
        "年鉴.xlsx, table 甲, row 5, column D: found '五十', which is no figure; "
        "expected a number, or nothing where it is not known."
    )
    assert zh == "年鉴.xlsx 表 甲 第 5 行 列 D：发现“五十”，不是数据；应为数字；未知则留空。"


@pytest.mark.parametrize(
    ("heads", "name"),
    [
        (["企业名称", "所在地", "行业", "营业收入（万元）", "年产值（万元）"], "output"),
        (["园区名称", "所在地", "级别", "可用面积（亩）", "可供用地（公顷）"], "land.capacity"),
    ],
)
def test_two_headings_that_mean_one_column(tmp_path: Path, heads: list[str], name: str) -> None:
    """Neither is taken, and none of them silently replaces the other."""
    rows: list[list[object]] = [heads, ["甲", "济南市", "纺织业", "1200", "1300"]]
    en, zh = only_problem(of_rows(tmp_path, rows))
    second = heads[4].split("（")[0]
    assert f"row 1, column E: found {heads[3]}".replace("（", "(").replace("）", ")") in en
    assert f"both mean {name}" in en and f"都表示 {name}" in zh
    table = "enterprises" if name == "output" else "sites"
    assert f'[headings.{table}] "{second}" = ""' in en
    settled = of_rows(tmp_path, rows, Mapped(headings={table: {second: ""}}))
    assert settled.problems == ()


def test_no_unit(tmp_path: Path) -> None:
    rows = [[*HEAD[:3], "工业总产值"], *ROWS]
    en, _ = only_problem(of_rows(tmp_path, rows))
    assert "row 2, column D: found output of which no heading, title or corner names the unit" in en
    settled = of_rows(tmp_path, rows, Mapped(units={"output": "万元"}))
    assert settled.tables["activity"]["output"].to_list() == [0.01, 0.008, 0.006, 0.005]


def test_a_unit_of_another_kind(tmp_path: Path) -> None:
    en, _ = only_problem(of_rows(tmp_path, [[*HEAD[:3], "工业总产值(万人)"], *ROWS]))
    assert "output in '万人', which is no unit of money" in en


def test_no_year(tmp_path: Path) -> None:
    rows = [[*HEAD[:2], HEAD[3]], *([*row[:2], row[3]] for row in ROWS)]
    en, _ = only_problem(of_rows(tmp_path, rows))
    assert "row 2, column C: found a figure of no year" in en
    assert of_rows(tmp_path, rows, Mapped(year=2017)).problems == ()


def test_no_measure(tmp_path: Path) -> None:
    rows = [["地区", "行业", "2016", "2017"], ["济南市", "纺织业", "1", "2"]]
    en, _ = only_problem(of_rows(tmp_path, rows))
    assert "row 2, column C: found figures of which no heading" in en
    assert 'column = "output"' in en


def test_no_industry(tmp_path: Path) -> None:
    rows = [["地区", "2016", "2017"], ["济南市", "1", "2"]]
    found = of_rows(tmp_path, [["工业总产值（亿元）"], *rows], Mapped(table="activity"))
    en, _ = only_problem(found)
    assert "found a figure of no industry" in en


def test_two_figures_for_one_cell(tmp_path: Path) -> None:
    en, _ = only_problem(of_rows(tmp_path, [HEAD, *ROWS, [*ROWS[0][:3], "101"]]))
    assert (
        "row 6, column D: found 101 for 济南市 纺织业 2017 output, "
        "for which 年鉴.xlsx 甲 D2 has 100" in en
    )


def test_rows_that_a_further_column_tells_apart(tmp_path: Path) -> None:
    head = [*HEAD, "登记类型"]
    rows = [head, [*ROWS[0], "全部"], [*ROWS[0][:3], "30", "外资"], [*ROWS[2], "全部"]]
    en, _ = only_problem(of_rows(tmp_path, rows))
    assert '[only] "登记类型" = "全部" (or "外资")' in en
    settled = of_rows(tmp_path, rows, Mapped(only={"登记类型": ("全部",)}))
    assert settled.problems == ()
    assert settled.tables["activity"]["output"].to_list() == [100.0, 60.0]


def test_an_overlap_that_is_no_total_is_refused(tmp_path: Path) -> None:
    head = ["geo", "nace_r2", "2016", "2017"]
    rows = [
        ["Value added (million CNY)"],
        head,
        ["X1", "C10-C12", "90", "95"],
        ["X1", "C10", "40", "41"],
        ["X1", "C13", "20", "21"],
    ]
    en, _ = only_problem(of_rows(tmp_path, rows))
    assert "row 3" in en
    assert "C10-C12 beside C10, which it contains" in en
    kept = of_rows(tmp_path, rows, Mapped(industries={"C10-C12": ""}))
    assert kept.problems == ()
    assert set(kept.tables["activity"]["industry"]) == {"C10", "C13"}


def test_a_total_that_differs_from_its_parts_is_left_out_and_said(tmp_path: Path) -> None:
    rows = [HEAD, ["合计", "纺织业", "2017", "165"], ["合计", "食品制造业", "2017", "130"], *ROWS]
    found = of_rows(tmp_path, rows)
    assert found.problems == ()
    (total,) = found.totals
    assert (total.label, total.is_kept, total.cells) == ("合计", False, 2)
    assert total.largest == pytest.approx(5 / 165)
    assert (total.total, total.parts, total.where.row) == (165.0, 160.0, 1)
    assert "合计" not in set(found.tables["regions"]["name_zh"])


def test_parts_of_which_are_left_out_and_said(tmp_path: Path) -> None:
    rows = [HEAD, *ROWS, ["其中：国有", "纺织业", "2017", "7"]]
    found = of_rows(tmp_path, rows)
    assert found.problems == ()
    (sheet,) = found.sheets
    assert sheet.cells is not None
    (left_out,) = sheet.cells.left_out
    assert (left_out.row, left_out.label) == (5, "其中:国有")


def panel(years: tuple[int, ...] = (2016, 2017, 2018)) -> list[list[object]]:
    """Output in 亿元 and employment in 万人 of four cities and three industries."""
    cities, industries = (
        ("济南市", "青岛市", "淄博市", "烟台市"),
        ("纺织业", "食品制造业", "医药制造业"),
    )
    return [
        [city, industry, year, (at + 3) * (other + 2) * 11, (at + 3) * (other + 2) * 0.1]
        for year in years
        for at, city in enumerate(cities)
        for other, industry in enumerate(industries)
    ]


def test_a_whole_year_in_another_unit_is_one_problem(tmp_path: Path) -> None:
    rows = [[*row[:3], row[3] * (10_000 if row[2] == 2018 else 1)] for row in panel()]
    en, zh = only_problem(of_rows(tmp_path, [HEAD, *rows]))
    assert en.startswith("年鉴.xlsx, table 甲, row 26, column D: found ")
    assert "2018" in en
    assert "perhaps given in 10,000 CNY" in en
    assert zh.startswith("年鉴.xlsx 表 甲 第 26 行 列 D：发现")


def test_a_whole_column_in_another_unit_is_one_problem(tmp_path: Path) -> None:
    head = [*HEAD, "从业人员(万人)"]
    rows = [[*row[:4], row[4] * 10_000] for row in panel()]
    en, _ = only_problem(of_rows(tmp_path, [head, *rows]))
    assert en.startswith("年鉴.xlsx, table 甲, row 2, column D, E: found ")
    assert "CNY per person" in en


def test_a_column_in_another_unit_than_the_study_has_it_in_is_one_problem(tmp_path: Path) -> None:
    write_import(of_rows(tmp_path, [HEAD, *(row[:4] for row in panel())]))
    rows = [[*row[:3], row[3] * 10_000] for row in panel()]
    en, zh = only_problem(of_rows(tmp_path, [HEAD, *rows], sheet="乙"))
    assert en.startswith(
        "年鉴.xlsx, table 乙, row 2, column D: found output of which 36 figures are about "
        "10,000 times those that the study has"
    )
    assert "36 个数据约为研究中相同数据的 10,000 倍" in zh
    revised = [[*row[:3], row[3] * 1.3] for row in panel()]
    assert of_rows(tmp_path, [HEAD, *revised], sheet="乙").problems == ()


def test_a_percentage_among_amounts(tmp_path: Path) -> None:
    en, zh = only_problem(of_rows(tmp_path, [HEAD, *ROWS[:3], [*ROWS[3][:3], "5.2%"]]))
    assert en.startswith("年鉴.xlsx, table 甲, row 5, column D: found '5.2%', a percentage")
    assert "第 5 行 列 D：发现“5.2%”，为百分数" in zh


def test_an_enterprise_larger_than_its_industry_is_told_in_its_list(tmp_path: Path) -> None:
    yearbook = write_workbook(tmp_path / "年鉴.xlsx", {"甲": [HEAD, *ROWS]})
    rows = [
        ["企业名称", "所在市", "行业", "营业收入（亿元）"],
        ["甲厂", "青岛市", "纺织业", "6000"],
    ]
    listed = write_text(tmp_path / "名单.csv", rows, "gb18030")
    en, _ = only_problem(understood([yearbook, listed], tmp_path / "study", Mapped()))
    assert en.startswith("名单.csv, row 2, column D: found ")


def test_a_folder_that_is_no_system(tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    with pytest.raises(StudyError) as refused:
        understood([tmp_path / "office"], tmp_path / "study", Mapped())
    assert "a folder" in refused.value.problems[0].found


def test_a_system_is_whole_or_not_at_all(tmp_path: Path) -> None:
    path = saved_system(tmp_path).path
    with pytest.raises(StudyError) as refused:
        understood([path], tmp_path / "study", Mapped(regions={"FR": ""}))
    assert [problem.found for problem in refused.value.problems] == [
        "'FR', which the mapping leaves out"
    ]
    together = Mapped(industries={"C10": "C10-C13", "C13": "C10-C13"})
    found = understood([path], tmp_path / "study", together)
    assert found.problems == ()
    flows, apart = (
        understood([path], tmp_path / "study", mapped).tables["input_output"]["value"].sum()
        for mapped in (together, Mapped())
    )
    assert flows == pytest.approx(apart)
    assert set(found.tables["activity"]["industry"]) == {"C10-C13", "F"}


def test_a_formula_without_a_stored_result(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "年鉴.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("甲")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["济南市", "纺织业", 2017])
        sheet.write_formula(1, 3, "=1+1")
        sheet.write_row(2, 0, ["青岛市", "纺织业", 2017, 3])
    en, _ = only_problem(understood([path], tmp_path / "study", Mapped()))
    assert "row 2, column D: found a formula without a stored result" in en


def test_a_file_that_is_none_and_one_that_is_missing_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "bytes.csv").write_bytes(b"\x00\x01\x02\x03" * 9)
    with pytest.raises(StudyError) as refused:
        understood([tmp_path / "bytes.csv", tmp_path / "gone.csv"], tmp_path / "study", Mapped())
    assert len(refused.value.problems) == 2


def test_nothing_is_written_while_anything_is_open(tmp_path: Path) -> None:
    found = of_rows(tmp_path, [HEAD, *ROWS, ["菏则市", "纺织业", "2017", "40"]])
    with pytest.raises(StudyError):
        write_import(found)
    assert not found.into.exists()


def test_next_year_s_file_goes_in_by_its_mapping(tmp_path: Path) -> None:
    rows = [["城市", "行业", "2017年"], ["菏则市", "纺织业", "4"], ["济南市", "纺织业", "10"]]
    first = write_text(tmp_path / "2017.csv", rows, "gb18030")
    decided = Mapped(column="output", units={"output": "万元"}, regions={"菏则市": "371700"})
    write_import(understood([first], tmp_path / "study", decided))
    rows[0][2] = "2018年"
    rows[1][2] = "5"
    again = write_text(tmp_path / "2018.csv", rows, "gb18030")
    mapped = read_mapping(tmp_path / "study" / "mapping.toml")
    found = understood([again], tmp_path / "study", mapped)
    assert found.problems == ()
    write_import(found)
    activity = understood([again], tmp_path / "study", mapped).tables["activity"]
    assert sorted(activity.select("region", "year", "output").rows()) == [
        ("370100", 2017, 0.001),
        ("370100", 2018, 0.001),
        ("371700", 2017, 0.0004),
        ("371700", 2018, 0.0005),
    ]


def test_a_mapping_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text('yeer = 2017\n[units]\noutput = "万"\n', encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        read_mapping(path)
    assert [problem.column for problem in refused.value.problems] == ["yeer", "units.output"]
