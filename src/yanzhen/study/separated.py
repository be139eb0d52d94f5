"""Reading a table from comma-separated values, whatever a spreadsheet program made of them."""

import csv
import io
from pathlib import Path

import polars as pl

from yanzhen.study.problem import Problem
from yanzhen.study.raw import FIRST_ROW, RawTable, headers, row_numbers, under_headers

_SEPARATORS = {
    ";": ("semicolons", "分号"),
    "\t": ("tabs", "制表符"),
    "，": ("full-width commas", "全角逗号"),
}


def read_csv(path: Path) -> tuple[RawTable | None, list[Problem]]:
    """Read the cells of a CSV file as text, with all that is wrong with its form."""
    file, table = path.name, path.stem
    content, problems = _decoded(path.read_bytes(), file, table)
    if content is None:
        return None, problems
    if not content.strip():
        problems.append(
            Problem.at(
                file,
                table,
                1,
                "",
                ("an empty file", "空文件"),
                ("a header row with the names of the columns", "第一行为列名"),
            )
        )
        return None, problems
    if "\n" not in content:
        content = content.replace("\r", "\n")
    separator = _separator(content.split("\n", 1)[0])
    if separator != ",":
        en, zh = _SEPARATORS[separator]
        problems.append(
            Problem.at(
                file,
                table,
                1,
                "",
                (f"columns separated by {en}", f"以{zh}分列"),
                ("columns separated by commas", "以英文逗号分列"),
            )
        )
    names = next(csv.reader(io.StringIO(content), delimiter=separator))
    tidy, repeated = headers(names, file, table)
    cells, ragged = _body(content, separator, len(names), file, table)
    problems += repeated + ragged
    problems += _unnamed(tidy, names, cells, file, table)
    framed = under_headers(cells, tidy)
    return RawTable(file, table, framed, row_numbers(framed.height)), problems


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


def _separator(header: str) -> str:
    if "," in header:
        return ","
    return max((",", *_SEPARATORS), key=header.count)


def _body(
    content: str, separator: str, width: int, file: str, table: str
) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the cells below the header, and the rows that have too many or too few."""
    if _rectangular(content, separator, width):
        try:
            cells = pl.read_csv(
                io.BytesIO(content.encode()),
                separator=separator,
                has_header=False,
                infer_schema=False,
            )
            return cells.slice(1), []
        except pl.exceptions.PolarsError:
            pass  # Quotes out of place; read row by row below, which says where.
    return _row_by_row(content, separator, width, file, table)


def _rectangular(content: str, separator: str, width: int) -> bool:
    """Whether every line has as many cells as the header, seen without parsing."""
    if len(separator.encode()) > 1:
        return False
    lines = pl.Series(content.split("\n"))
    if '"' in content:
        lines = lines.str.replace_all('"[^"]*"', "")
    counts = lines.str.count_matches(separator, literal=True)
    filled = lines.str.strip_chars("\r") != ""
    return bool((counts.filter(filled) == width - 1).all()) and not lines.str.contains('"').any()


def _row_by_row(
    content: str, separator: str, width: int, file: str, table: str
) -> tuple[pl.DataFrame, list[Problem]]:
    problems = []
    kept: list[list[str | None]] = []
    records = csv.reader(io.StringIO(content, newline=""), delimiter=separator)
    next(records)
    for row, record in enumerate(records, start=FIRST_ROW):
        extra = [cell for cell in record[width:] if cell.strip()]
        if record and (len(record) < width or extra):
            problems.append(
                Problem.at(
                    file,
                    table,
                    row,
                    "",
                    (f"{len(record)} cells", f"{len(record)} 个单元格"),
                    (f"{width} cells, as in the header", f"与表头相同的 {width} 个单元格"),
                )
            )
        cells: list[str | None] = [cell or None for cell in record[:width]]
        kept.append(cells + [None] * (width - len(cells)))
    schema = {f"column_{position}": pl.String for position in range(1, width + 1)}
    return pl.DataFrame(kept, schema=schema, orient="row"), problems


def _unnamed(
    tidy: list[str], names: list[str], cells: pl.DataFrame, file: str, table: str
) -> list[Problem]:
    """Columns with figures and no header; empty ones beyond the table are of no account."""
    problems = []
    for position, name in enumerate(names):
        if tidy[position] or name.strip():
            continue
        column = cells.to_series(position)
        if (column.str.strip_chars().str.len_bytes() > 0).any():
            problems.append(
                Problem.at(
                    file,
                    table,
                    1,
                    f"({position + 1})",
                    ("a column with cells and no name", "有数据而无列名的列"),
                    ("a name in the header", "表头写明列名"),
                )
            )
    return problems
