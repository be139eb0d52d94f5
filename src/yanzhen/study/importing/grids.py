"""Any file as grids of cells: sheets of a workbook, new or old, and text of whatever encoding."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import fastexcel
import polars as pl
from xlsxwriter.utility import xl_col_to_name

from yanzhen.study.compound_file import require_modest_workbook
from yanzhen.study.encoding import NotText, decoded
from yanzhen.study.problem import Problem, StudyError, Words
from yanzhen.study.table_file import damaged, form_of
from yanzhen.study.unreadable import Unreadable, reading_file
from yanzhen.study.workbook import is_compound
from yanzhen.study.workbook_marks import Marks, marks

_SEPARATORS = (",", ";", "\t", "，")
_FIRST_LINES = 40
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,3}(\.\d{3})*,\d+|[+-]?\d+,\d+")
_THOUSANDS_COMMA = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_FOOTNOTES = re.compile(
    r"(?<=[^\s\d/kmKM])[\u00b9\u00b2\u00b3\u2070-\u2079\u2460-\u2473]+$|[\u2460-\u2473*†‡]+$|"
    r"\[\d{1,2}\]$"
)
_SYNTHETIC = re.compile(r"\bSYNTHETIC\b|合成数据")
_WIDE_SPACE = re.compile(r"[\s\u3000\u00a0]+")
_BETWEEN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet or text file, as they are written; an empty cell is "".

    Attributes
    ----------
    file : name of the file
    sheet : name of the sheet, empty for a text file
    cells : rows of equal width; the first is row 1 of the file
    unreadable : what is wrong with single cells, by row and column counted from 0
    separator : of a text file
    split : columns that the first one of the file was split into, less one
    """

    file: str
    sheet: str
    cells: tuple[tuple[str, ...], ...]
    unreadable: Mapping[tuple[int, int], tuple[Words, Words]] = field(default_factory=dict)
    separator: str = ","
    split: int = 0

    def letters(self, column: int) -> str:
        """The letters of a column, as a spreadsheet shows the file."""
        return str(xl_col_to_name(max(column - self.split, 0)))

    def problem(
        self, row: int | None, column: int | None, found: Words, expected: Words
    ) -> Problem:
        """Say what is wrong with a cell, of which row and column are counted from 0."""
        return Problem.at(
            self.file,
            self.sheet,
            None if row is None else row + 1,
            "" if column is None else self.letters(column),
            found,
            expected,
        )


def read_grids(path: Path) -> list[Grid]:
    """Read every sheet of a workbook that shows, or a text file.

    Raises
    ------
    StudyError
        The file cannot be read at all.
    OSError
        There is no such file.
    """
    content = path.read_bytes()
    form = form_of(content)
    if form == ".xlsx":
        return _workbook(path)
    if form == ".parquet":
        try:
            with reading_file():
                frame = pl.read_parquet(path)
                rows = [[_shown(cell) for cell in row] for row in frame.rows()]
        except Unreadable as error:
            raise StudyError([damaged(path, "", "Parquet", error)]) from None
        return [_grid(path.name, "", [list(frame.columns), *rows])]
    try:
        text = decoded(content)
    except NotText as error:
        raise StudyError([error.problem(path.name, "")]) from None
    return [_text(path.name, text)]


def says_synthetic(grid: Grid) -> bool:
    """Whether a sheet says that its figures are made up."""
    return any(_SYNTHETIC.search(cell) for row in grid.cells for cell in row)


def tidy(cell: str) -> str:
    """Return a label without footnote signs, full-width letters and space among its characters."""
    bare = _FOOTNOTES.sub("", cell.strip())
    plain = _WIDE_SPACE.sub(" ", unicodedata.normalize("NFKC", bare)).strip()
    return _BETWEEN_CHINESE.sub("", plain)


def _text(file: str, text: str) -> Grid:
    text = text if "\n" in text else text.replace("\r", "\n")
    top = "\n".join(text.splitlines()[:_FIRST_LINES])
    # A tab or a semicolon in a table is a separator; commas stand in headings and figures as well.
    first = next((sign for sign in "\t;" if _is_even(top, sign)), None)
    separator = first or max(_SEPARATORS, key=top.count)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = [list(record) for record in records]
    except csv.Error as error:
        wrong = Problem.of("quotes_out_of_place", file, "", records.line_num, "", error=error)
        raise StudyError([wrong]) from None
    if separator != "," and _has_decimal_commas(rows):
        rows = [[_with_point(cell) for cell in row] for row in rows]
    return _dimensions_apart(_grid(file, "", rows, separator=separator))


def _dimensions_apart(grid: Grid) -> Grid:
    """Split the first column of Eurostat's TSV, which holds all dimensions."""
    corner = grid.cells[0][0] if grid.cells and grid.cells[0] else ""
    if grid.separator != "\t" or "\\" not in corner:
        return grid
    names = corner.partition("\\")[0].split(",")
    rows = [
        tuple([*cells[0].split(","), *[""] * len(names)][: len(names)]) + cells[1:]
        for cells in grid.cells[1:]
    ]
    return replace(grid, cells=(tuple(names) + grid.cells[0][1:], *rows), split=len(names) - 1)


def _is_even(top: str, sign: str) -> bool:
    """Whether most of the first lines have the sign as often as the one that has it most."""
    counts = [line.count(sign) for line in top.splitlines() if line.strip()]
    return bool(counts) and max(counts) > 0 and 2 * counts.count(max(counts)) > len(counts)


def _has_decimal_commas(rows: list[list[str]]) -> bool:
    """Whether commas among the figures are decimal ones, which one of them alone tells."""
    figures = [
        cell.strip() for row in rows for cell in row if _DECIMAL_COMMA.fullmatch(cell.strip())
    ]
    return any(not _THOUSANDS_COMMA.fullmatch(figure) for figure in figures)


def _with_point(cell: str) -> str:
    plain = cell.strip()
    return plain.replace(".", "").replace(",", ".") if _DECIMAL_COMMA.fullmatch(plain) else cell


def _grid(
    file: str,
    sheet: str,
    rows: list[list[str]],
    unreadable: Mapping[tuple[int, int], tuple[Words, Words]] | None = None,
    separator: str = ",",
) -> Grid:
    width = max((len(row) for row in rows), default=0)
    even = tuple(tuple(row + [""] * (width - len(row))) for row in rows)
    return Grid(file, sheet, even, unreadable or {}, separator)


def _workbook(path: Path) -> list[Grid]:
    try:
        with reading_file():
            if is_compound(path):
                require_modest_workbook(path.read_bytes())
            # First what is looked through part by part, so that nothing takes all memory.
            marked = {} if is_compound(path) else marks(path)
            reader = fastexcel.read_excel(path)
            return [
                _sheet(reader, path.name, name, marked.get(name, Marks()))
                for name in reader.sheet_names
                if reader.load_sheet(name, n_rows=0, header_row=None).visible == "visible"
            ]
    except Unreadable as error:
        wrong = Problem.of("import.not_excel", path.name, "", None, "", reason=error)
        raise StudyError([wrong]) from None


def _sheet(reader: fastexcel.ExcelReader, file: str, name: str, marked: Marks) -> Grid:
    """Cells as text, numbers with every digit.

    Read as booleans numbers stay and text is lost, so that the two can be told apart; read as
    numbers they keep what the text of a cell rounds off.
    """

    def load(dtype: fastexcel.DType) -> fastexcel.ExcelSheet:
        return reader.load_sheet(
            name, header_row=None, skip_rows=0, dtypes=dtype, schema_sample_rows=None
        )

    sheet = load("string")
    texts = sheet.to_polars()
    if texts.is_empty():
        return Grid(file, name, ())
    numbers, is_number = load("float").to_polars(), load("boolean").to_polars()
    columns = [
        [
            _shown(number) if known is not None and cell not in ("true", "false") else cell or ""
            for cell, number, known in zip(
                texts.to_series(at), numbers.to_series(at), is_number.to_series(at), strict=True
            )
        ]
        for at in range(texts.width)
    ]
    # Empty columns before the first are not among those that are read.
    before = [""] * sheet.selected_columns[0].absolute_index
    rows = [before + list(row) for row in zip(*columns, strict=True)]
    places = {xl_col_to_name(at): at for at in range(len(rows[0]))}
    unreadable = {
        (problem.row - 1, places[problem.column]): (
            (problem.found, problem.found_zh),
            (problem.expected, problem.expected_zh),
        )
        for problem in Marks(errors=marked.errors, unstored=marked.unstored).problems(
            {}, file, name
        )
        if problem.row is not None and problem.column in places
    }
    return _grid(file, name, rows, unreadable)


def _shown(cell: object) -> str:
    """A number without a point where it is whole, with all its digits where not."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
