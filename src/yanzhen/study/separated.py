"""Reading a table from comma-separated values, whatever a spreadsheet program made of them."""

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yanzhen.study.problem import Problem
from yanzhen.study.raw import (
    FIRST_ROW,
    HEADER_WITHIN,
    RawTable,
    header_below,
    header_position,
    headers,
    row_numbers,
    under_headers,
)

_SEPARATORS = {
    ";": ("semicolons", "分号"),
    "\t": ("tabs", "制表符"),
    "，": ("full-width commas", "全角逗号"),
}


@dataclass(frozen=True)
class _Body:
    """The lines of a file below its header, whose row is the one before `first`."""

    file: str
    table: str
    content: str
    separator: str
    names: list[str]
    first: int


def read_csv(path: Path) -> tuple[RawTable | None, list[Problem]]:
    """Read the cells of a CSV file as text, with all that is wrong with its form."""
    file, table = path.name, path.stem
    content, problems = _decoded(path.read_bytes(), file, table)
    if content is None:
        return None, problems
    if "\n" not in content:
        content = content.replace("\r", "\n")
    separator = _separator(content)
    body = _below_header(content, separator, file, table)
    if body is None:
        found = ("an empty file", "空文件")
        expected = ("a header row with the names of the columns", "第一行为列名")
        return None, [*problems, Problem.at(file, table, 1, "", found, expected)]
    problems += header_below(body.first - FIRST_ROW, file, table)
    if separator != ",":
        en, zh = _SEPARATORS[separator]
        found = (f"columns separated by {en}", f"以{zh}分列")
        expected = ("columns separated by commas", "以英文逗号分列")
        problems.append(Problem.at(file, table, 1, "", found, expected))
    tidy, repeated = headers(body.names, file, table)
    cells, ragged = _cells(body)
    problems += repeated + ragged + _unnamed(body, tidy, cells)
    framed = under_headers(cells, tidy)
    return RawTable(file, table, framed, row_numbers(framed.height, body.first)), problems


def _decoded(raw: bytes, file: str, table: str) -> tuple[str | None, list[Problem]]:
    """Decode a file as UTF-8, or as what it is instead, saying so."""
    if raw.startswith(b"PK\x03\x04"):
        found = (
            "an Excel workbook or ZIP file named .csv",
            "扩展名为 .csv 的 Excel 工作簿或 ZIP 文件",
        )
        return None, [_encoding_problem(file, table, None, found)]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        found = ("text in UTF-16", "UTF-16 编码的文本")
        return raw.decode("utf-16", errors="replace"), [_encoding_problem(file, table, None, found)]
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
    try:
        content = raw.decode("gb18030")
        found = ("text in GB18030 (GBK)", "GB18030（GBK）编码的文本")
    except UnicodeDecodeError:
        content = raw.decode("utf-8", errors="replace")
        found = ("bytes that are no text in UTF-8", "不是 UTF-8 文本的字节")
    return content, [_encoding_problem(file, table, row, found)]


def _encoding_problem(file: str, table: str, row: int | None, found: tuple[str, str]) -> Problem:
    return Problem.at(
        file,
        table,
        row,
        "",
        (found[0], found[1]),
        (
            "UTF-8; in Excel or WPS save it again as “CSV UTF-8”, "
            f"or run: iconv -f GB18030 -t UTF-8 {file} > utf8.csv",
            "UTF-8；请在 Excel 或 WPS 中另存为“CSV UTF-8”，"
            f"或运行：iconv -f GB18030 -t UTF-8 {file} > utf8.csv",
        ),
    )


def _separator(content: str) -> str:
    """Return the comma, or what separates the columns of the first lines instead."""
    top = content[: _end_of_line(content, HEADER_WITHIN)]
    if "," in top:
        return ","
    return max((",", *_SEPARATORS), key=top.count)


def _below_header(content: str, separator: str, file: str, table: str) -> _Body | None:
    """Find the header, which should stand in the first row, and what is below."""
    start = content[: _end_of_line(content, HEADER_WITHIN)]
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
    top, ends = [], []
    with suppress(csv.Error):  # told where the rows are read
        for record in reader:
            top.append(record)
            ends.append(reader.line_num)
    header = header_position(top, table)
    if header is None:
        return None
    below = content[_end_of_line(content, ends[header]) :]
    return _Body(file, table, below, separator, top[header], header + FIRST_ROW)


def _end_of_line(content: str, number: int) -> int:
    """Return where the line of a number ends, or the text before it."""
    end = 0
    for _ in range(number):
        end = content.find("\n", end) + 1
        if not end:
            return len(content)
    return end


def _cells(body: _Body) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the cells below the header, and the rows that have too many or too few."""
    if not body.content:
        return _frame([], len(body.names)), []
    if _is_rectangular(body):
        try:
            cells = pl.read_csv(
                io.BytesIO(body.content.encode()),
                separator=body.separator,
                has_header=False,
                infer_schema=False,
            )
            return cells, []
        except pl.exceptions.PolarsError:
            pass  # Quotes out of place; read row by row below, which says where.
    return _row_by_row(body)


def _is_rectangular(body: _Body) -> bool:
    """Whether every line has as many cells as the header, seen without parsing."""
    if len(body.separator.encode()) > 1:
        return False
    lines = pl.Series(body.content.split("\n"))
    if '"' in body.content:
        lines = lines.str.replace_all('"[^"]*"', "")
    counts = lines.str.count_matches(body.separator, literal=True)
    filled = lines.str.strip_chars("\r") != ""
    even = counts.filter(filled) == len(body.names) - 1
    return filled.any() and even.all() and not lines.str.contains('"').any()


def _row_by_row(body: _Body) -> tuple[pl.DataFrame, list[Problem]]:
    """Read rows of uneven length one by one, filling short ones with empty cells."""
    width = len(body.names)
    problems = []
    kept: list[list[str | None]] = []
    records = csv.reader(io.StringIO(body.content, newline=""), delimiter=body.separator)
    try:
        for row, record in enumerate(records, start=body.first):
            extra = [cell for cell in record[width:] if cell.strip()]
            if record and (len(record) < width or extra):
                found = (f"{len(record)} cells", f"{len(record)} 个单元格")
                expected = (f"{width} cells, as in the header", f"与表头相同的 {width} 个单元格")
                problems.append(Problem.at(body.file, body.table, row, "", found, expected))
            cells: list[str | None] = [cell or None for cell in record[:width]]
            kept.append(cells + [None] * (width - len(cells)))
    except csv.Error as error:
        found = (f"cells that cannot be told apart ({error})", f"无法分辨的单元格（{error}）")
        expected = ("quotation marks in pairs", "成对的引号")
        row = body.first + len(kept)
        problems.append(Problem.at(body.file, body.table, row, "", found, expected))
    return _frame(kept, width), problems


def _frame(rows: list[list[str | None]], width: int) -> pl.DataFrame:
    schema = {f"column_{position}": pl.String for position in range(1, width + 1)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _unnamed(body: _Body, tidy: list[str], cells: pl.DataFrame) -> list[Problem]:
    """Columns with cells and no header; empty ones beside the table are of no account."""
    found = ("a column with cells and no name", "有数据而无列名的列")
    expected = ("a name in the header", "表头写明列名")
    return [
        Problem.at(body.file, body.table, body.first - 1, f"({position})", found, expected)
        for position, (header, name) in enumerate(zip(tidy, body.names, strict=True), start=1)
        if not header
        and not name.strip()
        and (cells.to_series(position - 1).str.strip_chars() != "").any()
    ]
