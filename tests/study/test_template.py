"""The empty study that a newcomer fills in."""

from pathlib import Path

import fastexcel
import polars as pl
import pytest

from tests.study.small import small
from yanzhen.study import (
    REQUIRED_TABLES,
    TABLES,
    StudyError,
    check_study,
    new_study,
    read_study,
    write_study,
)
from yanzhen.study.checking import checked
from yanzhen.study.sources import OPTIONAL
from yanzhen.study.tables import meanings
from yanzhen.study.template import WORKBOOK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_study(tmp_path / "mine")
    return tmp_path / "mine"


def test_required_tables_are_at_hand_and_others_aside(folder: Path) -> None:
    assert {path.stem for path in folder.glob("*.csv")} == set(REQUIRED_TABLES)
    assert {path.stem for path in (folder / OPTIONAL).iterdir()} == set(TABLES) - set(
        REQUIRED_TABLES
    )


def test_empty_study_asks_for_what_must_be_filled_in(folder: Path) -> None:
    asked = {(problem.table, problem.column) for problem in check_study(folder)}
    assert asked == {
        ("study", "title_zh"),
        ("study", "title_en"),
        ("study", "base_year"),
        ("regions", ""),
        ("industries", ""),
        ("activity", ""),
    }


def test_empty_template_asks_for_the_same(folder: Path) -> None:
    def asked(path: Path) -> set[tuple[str, str]]:
        return {(problem.table, problem.column) for problem in check_study(path)}

    assert asked(folder / WORKBOOK) == asked(folder)


def test_empty_folder_points_to_the_workbook_beside(folder: Path) -> None:
    assert any(str(folder / WORKBOOK) in str(problem) for problem in check_study(folder))


def test_filled_in_study_can_be_read(folder: Path) -> None:
    said = (folder / "study.toml").read_text(encoding="utf-8")
    said = said.replace('title_zh = ""', 'title_zh = "合成"').replace(
        'title_en = ""', 'title_en = "SYNTHETIC"'
    )
    said = said.replace("base_year = 0", "base_year = 2020")
    (folder / "study.toml").write_text(said, encoding="utf-8")
    for table, row in {
        "regions": "110000,甲,A,East,,116.4,39.9,,,",
        "industries": "06,乙,B,,,manufacturing,labour",
        "activity": "110000,06,2020,500" + "," * 13,
    }.items():
        with (folder / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")
    assert read_study(folder).tables["activity"]["output"].to_list() == [500.0]


def test_optional_table_moved_up_empty_is_no_fault(folder: Path) -> None:
    before = check_study(folder)
    (folder / OPTIONAL / "sites.csv").rename(folder / "sites.csv")
    assert check_study(folder) == before


def test_template_has_a_sheet_for_every_table(folder: Path) -> None:
    names = fastexcel.read_excel(folder / WORKBOOK).sheet_names
    assert names == ["README", "study", *TABLES]


@pytest.mark.parametrize("table", TABLES)
def test_sheet_has_the_columns_of_its_table(folder: Path, table: str) -> None:
    sheet = fastexcel.read_excel(folder / WORKBOOK).load_sheet(table).to_polars()
    assert sheet.columns == list(meanings(table))


def test_read_me_is_in_both_languages(folder: Path) -> None:
    notes = fastexcel.read_excel(folder / WORKBOOK).load_sheet("README").to_polars()
    assert notes.columns == ["中文", "English"]
    assert notes.select(pl.all().is_null().any()).row(0) == (False, False)


def test_columns_of_codes_are_text_in_the_template(folder: Path) -> None:
    import zipfile

    with zipfile.ZipFile(folder / WORKBOOK) as archive:
        sheet = archive.read(
            f"xl/worksheets/sheet{3 + list(TABLES).index('activity')}.xml"
        ).decode()
        styles = archive.read("xl/styles.xml").decode()
    first = sheet[sheet.index("<col ") :]
    style = int(first[first.index('style="') + 7 :].split('"')[0])
    formats = styles[styles.index("<cellXfs") :].split("<xf ")[1:]
    assert 'numFmtId="49"' in formats[style]


def test_choices_are_offered_as_lists(folder: Path) -> None:
    import zipfile

    with zipfile.ZipFile(folder / WORKBOOK) as archive:
        sheet = archive.read(f"xl/worksheets/sheet{3 + list(TABLES).index('industries')}.xml")
    assert b"labour,capital,technology,resource,energy" in sheet


def test_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError, match="a new or empty folder"):
        new_study(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    new_study(tmp_path / "mine")
    assert (tmp_path / "mine" / "study.toml").is_file()


def test_filled_tables_left_in_optional_are_named(tmp_path: Path) -> None:
    study = small()
    targets = pl.DataFrame({"region": ["110000"], "year": [2020], "indicator": ["gdp"]})
    folder = tmp_path / "study"
    write_study(study, folder)
    (folder / OPTIONAL).mkdir()
    targets.write_csv(folder / OPTIONAL / "targets.csv")
    study.tables["activity"].write_csv(folder / OPTIONAL / "activity.csv")
    (folder / OPTIONAL / "funds.csv").write_text("fund\n")
    found = checked(folder)
    aside = {each.file: each for each in found.warnings if each.file.startswith(OPTIONAL)}
    assert found.problems == () and set(aside) == {"optional/activity.csv", "optional/targets.csv"}
    rows = study.tables["activity"].height
    assert aside["optional/activity.csv"].found == f"{rows} rows that are not read"
    assert "activity.csv beside study.toml is read" in aside["optional/activity.csv"].expected
    assert "move optional/targets.csv up" in aside["optional/targets.csv"].expected
