"""A sheet that takes the rows of a table at once.

XlsxWriter takes a cell at a time, some six millionths of a second each; here a row is one text.
What is written is the same, byte for byte. It rests on methods of XlsxWriter's own:
`_check_dimensions`, `_calculate_spans`, `_write_rows` and the table of shared strings.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from yanzhen.report.tables.table import Cell

ROWS_OF_A_SPAN = 16
TEXT = ' t="s"'
"""What marks a cell as a text."""
LONGEST = 32_767
"""Units of UTF-16 that a cell holds."""


@dataclass(frozen=True)
class _Row:
    """A row that holds anything.

    Attributes
    ----------
    number : of the row, from 0
    first, last : columns of its first and its last cell
    ends : of each column, what follows the style of its cell; None without one
    marked : columns of the cells that have the second style
    """

    number: int
    first: int
    last: int
    ends: list[str | None]
    marked: Sequence[int]


class TableSheet(Worksheet):  # type: ignore[misc]
    """A sheet, whose last rows are those of a table."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[_Row] = []
        self._styles: tuple[Sequence[Format], Sequence[Format]] = ((), ())

    def write_table(
        self,
        first: int,
        rows: Sequence[Sequence[Cell]],
        styles: tuple[Sequence[Format], Sequence[Format]],
        marked: Collection[tuple[int, int]],
    ) -> None:
        """Write rows below all others; empty cells are left out.

        Parameters
        ----------
        first : row of the first of them
        rows : texts and numbers
        styles : of each column, of cells that are not marked and of those that are
        marked : row and column of marked cells, counted within the table

        Raises
        ------
        TypeError
            For a number that is not finite.
        """
        self._styles = styles
        texts = _Texts(self.str_table._get_shared_string_index)
        marks: dict[int, list[int]] = {}
        for i, j in sorted(marked):
            marks.setdefault(i, []).append(j)
        strings = 0
        for i, cells in enumerate(rows):
            ends = [
                None
                if cell is None
                else texts[cell]
                if isinstance(cell, str)
                # What is not finite is not itself less itself.
                else f"><v>{cell if cell - cell == 0 else _refuse(cell):.16G}</v></c>"
                for cell in cells
            ]
            held = [j for j, end in enumerate(ends) if end is not None]
            if held:
                strings += "".join(filter(None, ends)).count(TEXT)
                row = _Row(first + i, held[0], held[-1], ends, marks.get(i, ()))
                self._check_dimensions(row.number, row.first)
                self._check_dimensions(row.number, row.last)
                self._rows.append(row)
        # Each text counts as often as it stands in the workbook.
        self.str_table.count += strings - len(texts)

    def _calculate_spans(self) -> None:
        """Note the first and last column of every sixteen rows."""
        super()._calculate_spans()
        for block, rows in groupby(self._rows, lambda row: row.number // ROWS_OF_A_SPAN):
            ends = [column + 1 for row in rows for column in (row.first, row.last)]
            if block in self.row_spans:
                ends += map(int, self.row_spans[block].split(":"))
            self.row_spans[block] = f"{min(ends)}:{max(ends)}"

    def _write_rows(self) -> None:
        """Write what was written cell by cell, then the table."""
        super()._write_rows()
        names = [xl_col_to_name(column) for column in range(self.dim_colmax + 1)]
        plain, second = ([-1] * len(each) for each in self._styles)
        for row in self._rows:
            # Excel's numbers of styles are given in the order in which they are first asked for.
            marked = set(row.marked)
            if marked or -1 in plain:
                for column, end in enumerate(row.ends):
                    of = second if column in marked else plain
                    if end is not None and of[column] < 0:
                        of[column] = self._styles[column in marked][column]._get_xf_index()
            styles = plain
            if marked:
                styles = [(second if j in marked else plain)[j] for j in range(len(plain))]
            number = row.number + 1
            cells = "".join(
                [
                    f'<c r="{name}{number}" s="{style}"{end}'
                    for name, style, end in zip(names, styles, row.ends, strict=False)
                    if end is not None
                ]
            )
            span = self.row_spans[row.number // ROWS_OF_A_SPAN]
            self.fh.write(f'<row r="{number}" spans="{span}">{cells}</row>')


class _Texts(dict[str, str]):
    """What follows the style of each text's cell, by the number of the text in the workbook."""

    def __init__(self, index: Callable[[str], int]) -> None:
        super().__init__()
        self._index = index

    def __missing__(self, text: str) -> str:
        self[text] = end = f"{TEXT}><v>{self._index(_that_fits(text))}</v></c>"
        return end


def _refuse(number: float) -> float:
    raise TypeError(f"{number} is no number that a sheet holds")


def _that_fits(text: str) -> str:
    """Return a text that a cell holds; Excel counts signs beyond the first plane twice."""
    if len(text) <= LONGEST // 2:
        return text
    return text.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", "ignore")
