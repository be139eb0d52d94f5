"""Whatever a file holds, checking answers with problems and never breaks."""

import tempfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.study.small import small_study
from yanzhen.study import Problem, check_study

FILES = ("study.toml", "regions.csv", "industries.csv", "activity.csv")

ODD_VALUES: dict[str, object] = {
    "binary": b"\xff\x00",
    "list": [1, 2],
    "structure": {"a": 1},
    "date": date(2012, 1, 1),
    "moment": datetime(2012, 1, 1, 12),
    "duration": timedelta(days=1),
    "decimal": Decimal("2012.5"),
    "truth": True,
    "infinity": float("inf"),
    "largest": 2**63 - 1,
    "nothing": None,
}


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_torn_and_overwritten_bytes_are_no_crash(file: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = small_study(Path(folder) / "study") / file
        sound = path.read_bytes()
        at = data.draw(st.integers(0, len(sound)))
        until = data.draw(st.integers(at, len(sound)))
        path.write_bytes(sound[:at] + data.draw(st.binary(max_size=40)) + sound[until:])
        assert all(isinstance(problem, Problem) for problem in check_study(path.parent))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(FILES[1:]), st.data())
def test_any_text_in_any_cell_is_no_crash(file: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = small_study(Path(folder) / "study") / file
        cells = pl.read_csv(path, infer_schema=False)
        column = data.draw(st.sampled_from(cells.columns))
        texts = st.text(max_size=12) | st.sampled_from(
            ["1e400", "-0", "9" * 30, "２０１７", "=1+1"]
        )
        odd = data.draw(st.lists(texts, min_size=cells.height, max_size=cells.height))
        cells.with_columns(pl.Series(column, odd)).write_csv(path)
        assert all(isinstance(problem, Problem) for problem in check_study(path.parent))


def test_endless_quotation_is_no_crash(tmp_path: Path) -> None:
    path = small_study(tmp_path / "study") / "regions.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write('"' + "x" * 200_000)
    assert any(
        "quotation marks in pairs" in problem.expected for problem in check_study(path.parent)
    )


@pytest.mark.parametrize(
    "content", [b"\n", b"\n\n,,\n", b"\r", b",", b'"', b"\x00", b"\xef\xbb\xbf"]
)
def test_files_of_almost_nothing_are_no_crash(tmp_path: Path, content: bytes) -> None:
    path = small_study(tmp_path / "study") / "regions.csv"
    path.write_bytes(content)
    assert check_study(path.parent)
    path.write_bytes(content + b"region,name_zh,name_en\n")
    assert check_study(path.parent)


@pytest.mark.parametrize("kind", ODD_VALUES)
@pytest.mark.parametrize("table", ["regions", "activity"])
def test_columns_of_odd_types_are_no_crash(tmp_path: Path, table: str, kind: str) -> None:
    folder = small_study(tmp_path / "study")
    cells = pl.read_csv(folder / f"{table}.csv", infer_schema=False)
    odd = pl.Series([ODD_VALUES[kind]] * cells.height)
    (folder / f"{table}.csv").unlink()
    every = cells.select(odd.alias(column) for column in cells.columns)
    every.write_parquet(folder / f"{table}.parquet")
    assert all(isinstance(problem, Problem) for problem in check_study(folder))


@pytest.mark.parametrize(
    "said",
    [
        "sources = 3",
        "sources = [1]",
        "units = 3",
        "[units]\nmoney = 3",
        "title_zh = 1979-05-27",
        "base_year = true",
        "flagged_regions = 3",
        "missing_years = ['x']",
        "[[sources]]\ncolumns = 'x'",
    ],
)
def test_settings_of_odd_types_are_problems(tmp_path: Path, said: str) -> None:
    folder = small_study(tmp_path / "study")
    (folder / "study.toml").write_text(said, encoding="utf-8")
    key = said.partition(" =")[0].strip("[]").split("\n")[-1].split("]")[-1]
    assert any(key in problem.column for problem in check_study(folder))
