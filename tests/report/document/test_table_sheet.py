"""A sheet that takes a table at once, against XlsxWriter's own way of a cell at a time."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from yanzhen.report.document.table_sheet import LONGEST, TableSheet
from yanzhen.report.tables.table import Cell

FIRST = 5
cells = st.one_of(
    st.none(),
    st.sampled_from(["安徽", "a & <b>", " led by a space", "=1+1", "", "又"]),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
)


@st.composite
def drawn_tables(draw: st.DrawFn) -> tuple[list[tuple[Cell, ...]], set[tuple[int, int]]]:
    """Rows of several columns, some empty, and which cells are marked."""
    width = draw(st.integers(1, 30))
    row = st.one_of(st.tuples(*[cells] * width), st.just((None,) * width))
    rows = draw(st.lists(row, max_size=40))
    place = st.tuples(st.integers(0, max(len(rows) - 1, 0)), st.integers(0, width - 1))
    return rows, draw(st.sets(place, max_size=20))


def written(
    path: Path, tables: list[tuple[list[tuple[Cell, ...]], set[tuple[int, int]]]], at_once: bool
) -> bytes:
    book = Workbook(str(path))
    book.set_properties({"created": datetime(2026, 1, 1)})
    styles = [book.add_format({"italic": marked, "num_format": "0.0"}) for marked in (False, True)]
    own = [book.add_format({"bold": True, "font_size": 7 + j}) for j in range(30)]
    for rows, marked in tables:
        sheet = book.add_worksheet(None, TableSheet if at_once else Worksheet)
        sheet.write_string(0, 1, "安徽", styles[1])
        sheet.write_string(3, 0, "head")
        if at_once:
            sheet.write_table(FIRST, rows, (own, [styles[1]] * 30), marked)
            continue
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                style = styles[1] if (i, j) in marked else own[j]
                if isinstance(cell, str):
                    sheet.write_string(FIRST + i, j, cell, style)
                elif cell is not None:
                    sheet.write_number(FIRST + i, j, cell, style)
    book.close()
    return path.read_bytes()


@settings(deadline=None, max_examples=40)
@given(st.lists(drawn_tables(), min_size=1, max_size=3))
def test_the_bytes_are_those_of_writing_cell_by_cell(
    tmp_path_factory: pytest.TempPathFactory,
    tables: list[tuple[list[tuple[Cell, ...]], set[tuple[int, int]]]],
) -> None:
    folder = tmp_path_factory.mktemp("books")
    assert written(folder / "a.xlsx", tables, True) == written(folder / "b.xlsx", tables, False)


def test_a_text_longer_than_a_cell_is_cut_as_excel_counts(tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [("𠀀" * LONGEST,), ("x" * (LONGEST + 1),), ("x" * LONGEST,)]
    tables = [(rows, set[tuple[int, int]]())]
    assert written(tmp_path / "a.xlsx", tables, True) == written(tmp_path / "b.xlsx", tables, False)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_refused(tmp_path: Path, number: float) -> None:
    book = Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet(None, TableSheet)
    style = book.add_format()
    with pytest.raises(TypeError, match="no number that a sheet holds"):
        sheet.write_table(0, [(number,)], ([style], [style]), set())
