"""Writing a study, and getting the same study back."""

import tempfile
from dataclasses import replace
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest
from hypothesis import given, settings

from tests.study.samples import abouts, studies
from tests.study.small import small, small_study
from yanzhen.study import TABLES, About, Study, StudyError, read_study, write_study
from yanzhen.study.checking import checked
from yanzhen.study.settings import read_settings
from yanzhen.study.study_toml import flatten, read_toml, unflatten, write_toml
from yanzhen.study.writing import FileForm

FORMS: list[tuple[str, FileForm]] = [
    ("study", "csv"),
    ("study", "parquet"),
    ("study.xlsx", "csv"),
    ("study.duckdb", "csv"),
]


def same_tables(one: Study, other: dict[str, pl.DataFrame]) -> bool:
    return all(one.tables[name].equals(other[name]) for name in TABLES)


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_small_study_comes_back_the_same(tmp_path: Path, name: str, form: FileForm) -> None:
    write_study(small(), tmp_path / name, form)
    again = read_study(tmp_path / name)
    assert again.about == small().about
    assert same_tables(small(), dict(again.tables))


@settings(max_examples=4, deadline=None)
@given(study=studies())
def test_nothing_is_lost_in_any_form(study: Study) -> None:
    for name, form in FORMS:
        with tempfile.TemporaryDirectory() as folder:
            write_study(study, Path(folder) / name, form)
            again = checked(Path(folder) / name)
        assert again.about == study.about, (name, form)
        assert same_tables(study, dict(again.frames)), (name, form)


@settings(max_examples=30, deadline=None)
@given(about=abouts)
def test_settings_come_back_from_toml(about: About) -> None:
    assert read_toml(write_toml(about), "study.toml") == (about, [])


@settings(max_examples=30, deadline=None)
@given(about=abouts)
def test_settings_come_back_from_keys_and_values(about: About) -> None:
    assert read_settings(unflatten(flatten(about)), "study", lambda key: None) == (about, [])


@pytest.mark.parametrize("name", ["study.xlsx", "study"])
def test_same_study_makes_the_same_bytes(tmp_path: Path, name: str) -> None:
    for place in ("one", "two"):
        write_study(small(), tmp_path / place / name)
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / place).rglob("*") if path.is_file()}
        for place in ("one", "two")
    )
    assert one == two


def test_nothing_is_left_beside_a_written_study(tmp_path: Path) -> None:
    write_study(small(), tmp_path / "study.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["study.xlsx"]


def test_table_that_breaks_its_schema_leaves_the_old_study(tmp_path: Path) -> None:
    folder = small_study(tmp_path / "study")
    before = (folder / "activity.csv").read_bytes()
    negative = small().tables["activity"].with_columns(output=-pl.col("output"))
    with pytest.raises(dy.exc.ValidationError):
        write_study(replace(small(), tables={**small().tables, "activity": negative}), folder)
    assert (folder / "activity.csv").read_bytes() == before


def test_writing_again_removes_tables_that_are_gone(tmp_path: Path) -> None:
    folder = small_study(tmp_path / "study")
    write_study(small(), folder, "parquet")
    assert not list(folder.glob("*.csv"))


def test_writing_leaves_other_files_of_a_folder_alone(tmp_path: Path) -> None:
    folder = small_study(tmp_path / "study")
    (folder / "notes.txt").write_text("ours", encoding="utf-8")
    write_study(small(), folder)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "ours"


def test_database_without_duckdb_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(StudyError, match="pip install 'yanzhen"):
        write_study(small(), tmp_path / "study.duckdb")
