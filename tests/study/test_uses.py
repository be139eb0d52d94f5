"""Tables and columns that nothing uses: said by check, and true of the code."""

import re
from pathlib import Path

import polars as pl
import pytest

from tests.study.small import REGIONS, complete, small, small_study
from yanzhen.study import TABLES, write_study
from yanzhen.study.checking import checked
from yanzhen.study.uses import UNUSED_COLUMNS, UNUSED_TABLES

CHECKED_ONLY = ("accepted",)
"""Tables that only the checks themselves use."""
RULES = ("study/distances.py", "study/formulas.py", "study/goal_indicators.py")
"""Modules beside the checks that results are made by."""


@pytest.fixture(scope="module")
def modules(repository: Path) -> dict[str, str]:
    """Text of every module that makes results of a study, by path."""
    package = repository / "src" / "yanzhen"
    return {
        str(path.relative_to(package)): path.read_text(encoding="utf-8")
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0] != "study"
        or path.relative_to(package).as_posix() in RULES
    }


def reads(text: str, table: str) -> bool:
    """Whether a module takes a table of a study by its name."""
    return re.search(rf'(?:tables|study)\[\s*"{table}"|\bof\("{table}"\)', text) is not None


@pytest.mark.parametrize("table", UNUSED_TABLES)
def test_no_module_reads_a_table_said_to_be_unused(table: str, modules: dict[str, str]) -> None:
    assert [path for path, text in modules.items() if reads(text, table)] == []


@pytest.mark.parametrize("table", [t for t in TABLES if t not in (*UNUSED_TABLES, *CHECKED_ONLY)])
def test_some_module_names_a_table_that_is_used(table: str, modules: dict[str, str]) -> None:
    assert any(f'"{table}"' in text for text in modules.values())


@pytest.mark.parametrize(
    ("table", "column"), [(name, column) for name, own in UNUSED_COLUMNS.items() for column in own]
)
def test_no_module_that_reads_the_table_names_an_unused_column(
    table: str, column: str, modules: dict[str, str]
) -> None:
    named = re.compile(rf"[\"']{column}[\"']")
    reading = {path: text for path, text in modules.items() if reads(text, table)}
    assert [path for path, text in reading.items() if named.search(text)] == []


def test_what_nothing_uses_is_said_and_refuses_nothing(tmp_path: Path) -> None:
    study = small()
    trade = pl.DataFrame({"region": REGIONS[:1], "industry": ["13"], "exports": [3.0]})
    trade = trade.with_columns(year=pl.lit(2017, pl.Int64), status=pl.lit("synthetic"))
    regions = study.tables["regions"].with_columns(tier=pl.lit("central city"))
    tables = {**study.tables, "trade": complete("trade", trade), "regions": regions}
    write_study(type(study)(study.about, tables, "memory"), tmp_path / "study")
    found = checked(tmp_path / "study")
    assert found.problems == ()
    assert [(w.table, w.column, w.found) for w in found.warnings] == [
        ("regions", "tier", "6 cells that nothing uses yet"),
        ("trade", "exports", "1 cell that nothing uses yet"),
    ]


def test_nothing_is_said_of_what_is_used(tmp_path: Path) -> None:
    assert checked(small_study(tmp_path / "study")).warnings == ()
