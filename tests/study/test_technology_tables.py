"""Achievements, needs and incubators as technology markets hand them over, hostile text and all."""

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from tests.study.small import REGIONS, complete, small, small_study
from yanzhen.study import Problem, Study, check_study, read_study, write_study
from yanzhen.study.columns import LONGEST_TEXT

ACHIEVEMENTS = pl.DataFrame(
    {
        "technology": ["T1", "T2"],
        "title": ["退役电池 LFP 回收：mixed 文字 и кириллица", "Laser cladding"],
        "abstract": ["第一行\n第二行\t制表", None],
        "language": ["zh", "en"],
        "ipc": ["H01M 10/54;C22B 26/12", "C23C"],
        "trl": [8, None],
        "region": [REGIONS[0], None],
        "industry": ["06", "13"],
    }
)
INCUBATORS = pl.DataFrame(
    {
        "incubator": ["P1", "P2"],
        "title": ["SYNTHETIC 中试基地", "SYNTHETIC reverse enclave"],
        "region": [REGIONS[3], REGIONS[0]],
        "home_region": [None, REGIONS[3]],
        "stage_low": [4, 3],
        "stage_high": [8, None],
        "capacity": [12, None],
        "industries": ["06;13", "20"],
    }
)
NEEDS = pl.DataFrame(
    {"need": ["N1"], "title": ["去除六价铬"], "region": [REGIONS[2]], "trl_low": [7]}
)


def study_with(**frames: pl.DataFrame) -> Study:
    whole = small()
    filled = {name: complete(name, frame) for name, frame in frames.items()}
    return Study(whole.about, {**whole.tables, **filled}, whole.path)


def problems_of(folder: Path, table: str, **cells: str) -> list[Problem]:
    """Problems of a table whose first row has the given cells, beside a sound study."""
    path = small_study(folder / "study")
    frame = {"technologies": ACHIEVEMENTS, "incubators": INCUBATORS, "technology_needs": NEEDS}[
        table
    ]
    text = frame.with_columns(pl.all().cast(pl.String)).with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(cell)).otherwise(pl.col(name)).alias(name)
        for name, cell in cells.items()
    )
    text.write_csv(path / f"{table}.csv")
    return list(check_study(path))


@pytest.mark.parametrize("name", ["study", "study.xlsx"])
def test_the_tables_come_in_from_csv_and_excel(tmp_path: Path, name: str) -> None:
    given = study_with(technologies=ACHIEVEMENTS, incubators=INCUBATORS, technology_needs=NEEDS)
    write_study(given, tmp_path / name)
    assert check_study(tmp_path / name) == ()
    again = read_study(tmp_path / name)
    for table in ("technologies", "incubators", "technology_needs"):
        assert again.tables[table].equals(given.tables[table]), table


def test_a_megabyte_abstract_is_named_and_not_quoted(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "technologies", abstract="长" * 1_000_000)
    assert [(p.file, p.table, p.row, p.column) for p in found] == [
        ("technologies.csv", "technologies", 2, "abstract")
    ]
    assert found[0].found == "a text of 1,000,000 characters"
    assert f"{LONGEST_TEXT:,}" in found[0].expected_zh


def test_the_longest_text_that_a_workbook_holds_is_sound(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "technologies", abstract="长" * LONGEST_TEXT) == []


@pytest.mark.parametrize(
    ("hostile", "code", "place"),
    [
        ("a\x00b", "U+0000", "2"),
        ("\x1b[31m红", "U+001B", "1"),
        ("钢\u202eleets", "U+202E", "2"),
        ("钢\uffff", "U+FFFF", "2"),
    ],
)
@pytest.mark.parametrize("column", ["title", "abstract", "technology"])
def test_control_characters_are_named(
    tmp_path: Path, column: str, hostile: str, code: str, place: str
) -> None:
    found = problems_of(tmp_path, "technologies", **{column: hostile})
    assert [(p.row, p.column) for p in found] == [(2, column)]
    assert found[0].found == f"the control character {code} as character {place}"
    assert f"第 {place} 个字符为控制字符 {code}" == found[0].found_zh
    assert hostile not in found[0].text("zh") + found[0].text("en")


def test_control_characters_of_a_workbook_are_named(tmp_path: Path) -> None:
    path = tmp_path / "study.xlsx"
    write_study(study_with(technologies=ACHIEVEMENTS), path)
    assert check_study(path) == ()
    sheets = pl.read_excel(path, sheet_id=0, infer_schema_length=None)
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        for name, frame in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate([frame.columns, *frame.iter_rows()]):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write(row, column, cell)
        technologies = book.get_worksheet_by_name("technologies")
        assert technologies is not None
        technologies.write_string(1, 1, "bell \x07 in the title")
    found = [p for p in check_study(path) if p.column == "title"]
    assert [(p.file, p.table, p.row) for p in found] == [("study.xlsx", "technologies", 2)]
    assert "U+0007" in found[0].found


def test_an_achievement_without_a_title_is_named(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "technologies", title="   ")
    assert [(p.row, p.column, p.found_zh) for p in found] == [(2, "title", "空白")]


@pytest.mark.parametrize(
    "wrong", ["H01M 10-54", "battery", "H01M 10/54,C22B", "I01M", "H01M;;C22B"]
)
def test_what_is_no_patent_class_is_named(tmp_path: Path, wrong: str) -> None:
    found = problems_of(tmp_path, "technologies", ipc=wrong)
    assert [(p.row, p.column, p.found) for p in found] == [(2, "ipc", wrong)]
    assert "H01M 10/54" in found[0].expected


def test_lists_may_have_space_and_full_width_semicolons(tmp_path: Path) -> None:
    path = small_study(tmp_path / "study")
    INCUBATORS.with_columns(industries=pl.lit(" 06 ； 13; ")).write_csv(path / "incubators.csv")
    assert read_study(path).tables["incubators"]["industries"].to_list() == ["06;13"] * 2


def test_every_code_of_a_list_must_exist(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "incubators", industries="06;77;13")
    assert [(p.row, p.column, p.found) for p in found] == [(2, "industries", "the unknown code 77")]


def test_stages_of_an_incubator_are_an_interval(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "incubators", stage_low="9")
    assert [(p.row, p.column, p.found) for p in found] == [
        (2, "stage_low", "stage_low 9, stage_high 8")
    ]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("technologies", "trl", "10"),
        ("technology_needs", "trl_low", "0"),
        ("technologies", "language", "fr"),
        ("technology_needs", "region", "999999"),
        ("incubators", "home_region", "999999"),
    ],
)
def test_values_beyond_their_scale_are_named(
    tmp_path: Path, table: str, column: str, value: str
) -> None:
    found = problems_of(tmp_path, table, **{column: value})
    assert [(p.table, p.row, p.column) for p in found] == [(table, 2, column)]
    assert value in found[0].found


def test_every_problem_of_every_table_comes_at_once(tmp_path: Path) -> None:
    path = small_study(tmp_path / "study")
    ACHIEVEMENTS.with_columns(title=pl.lit("a\x01")).write_csv(path / "technologies.csv")
    NEEDS.with_columns(trl_low=pl.lit(11)).write_csv(path / "technology_needs.csv")
    INCUBATORS.with_columns(region=pl.lit("1")).write_csv(path / "incubators.csv")
    found = {(p.table, p.column) for p in check_study(path)}
    assert found == {
        ("technologies", "title"),
        ("technology_needs", "trl_low"),
        ("incubators", "region"),
    }
