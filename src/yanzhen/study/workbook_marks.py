"""What the cells of a workbook's sheet alone don't tell, read from its parts.

Reading a sheet leaves a cell empty without a word where it holds an error, where a formula's result
was never stored, and where it is covered by merged cells. They are looked for in the parts of the
package (ECMA-376: SpreadsheetML), which may be written in the transitional or the strict
namespaces, with any prefix and with or without the addresses of cells.
"""

import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

from yanzhen.study.figure_words import EMPTY_CELL
from yanzhen.study.problem import Problem, Words

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
# A part without any of these holds nothing to be told, and is not parsed.
_WORTH_PARSING = re.compile(rb"""\bt\s*=\s*["'][be]["']|<(?:[\w.-]+:)?(?:f[\s/>]|mergeCell\b)""")
_SAVE: Words = (
    "its result; open the file once in Excel or WPS, save it, and bring it again",
    "公式的结果；请先在 Excel 或 WPS 中打开该文件并保存一次",
)


@dataclass
class Marks:
    """What a sheet holds that its cells don't tell, each with its column's letters and its row.

    Attributes
    ----------
    errors : letters, row and the error shown
    merged : letters and row of the first cell of each merged range
    unstored : letters and row of each formula whose result is not stored
    truths : letters and row of each TRUE or FALSE, which would be read as 1 or 0
    """

    errors: list[tuple[str, int, str]] = field(default_factory=list)
    merged: list[tuple[str, int]] = field(default_factory=list)
    unstored: list[tuple[str, int]] = field(default_factory=list)
    truths: list[tuple[str, int]] = field(default_factory=list)

    def problems(
        self, named: dict[str, str], file: str, table: str, figures: Collection[str] = ()
    ) -> list[Problem]:
        """Return them as problems.

        Parameters
        ----------
        named : the column under the letters of each
        file, table : what they are problems of
        figures : columns in which no TRUE and no FALSE has a meaning
        """

        def at(letters: str, row: int, found: Words, expected: Words) -> Problem:
            return Problem.at(file, table, row, named.get(letters, letters), found, expected)

        return [
            *(
                at(
                    letters,
                    row,
                    (f"the error {shown}", f"错误值 {shown}"),
                    ("a value, or an empty cell where it is not known", "数值；未知则留空"),
                )
                for letters, row, shown in self.errors
            ),
            *(
                at(
                    letters,
                    row,
                    ("merged cells", "合并单元格"),
                    ("single cells, each with its own value", "不合并的单元格，各有其值"),
                )
                for letters, row in self.merged
            ),
            *(
                at(letters, first, _without_result(first, last), _SAVE)
                for letters, first, last in _runs(self.unstored)
            ),
            *(
                at(letters, row, ("TRUE or FALSE", "TRUE 或 FALSE"), EMPTY_CELL)
                for letters, row in self.truths
                if named.get(letters) in figures
            ),
        ]


def marks(path: Path) -> dict[str, Marks]:
    """Return what each sheet of a workbook holds that its cells don't tell.

    Raises
    ------
    KeyError
        A part is missing.
    xml.etree.ElementTree.ParseError
        A part is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        workbook = ElementTree.fromstring(archive.read(_WORKBOOK))
        # Excel computes everything anew when it opens such a file. Programs that write it store
        # nothing, or a zero, in place of each result.
        anew = any(
            _local(each.tag) == "calcPr" and each.get("fullCalcOnLoad") in ("1", "true")
            for each in workbook
        )
        return {
            name: _marks_of(archive.read(part), anew)
            for name, part in _sheet_parts(workbook, archive)
        }


def _sheet_parts(
    workbook: ElementTree.Element, archive: zipfile.ZipFile
) -> Iterator[tuple[str, str]]:
    relations = ElementTree.fromstring(archive.read(_RELATIONS))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    known = set(archive.namelist())
    for sheet in workbook.iter():
        if _local(sheet.tag) != "sheet":
            continue
        named = next((value for key, value in sheet.items() if _is_relation(key)), None)
        target = targets.get(named, "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in known:
            yield sheet.get("name", ""), part


def _is_relation(key: str) -> bool:
    """Whether an attribute is the `id` of the relationships' namespace, transitional or strict."""
    return key.startswith("{") and key.endswith("/relationships}id")


def _marks_of(content: bytes, anew: bool) -> Marks:
    found = Marks()
    is_eight_bit = content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"\0" not in content
    if is_eight_bit and not _WORTH_PARSING.search(content):
        return found
    row = column = 0
    for event, element in ElementTree.iterparse(BytesIO(content), events=("start", "end")):
        name = _local(element.tag)
        if event == "start":
            if name == "row":
                # Addresses may be left out; a cell then follows the one before.
                row, column = int(element.get("r") or row + 1), 0
        elif name == "c":
            address = re.fullmatch(r"([A-Z]+)(\d+)", element.get("r", ""))
            column = _index(address.group(1)) if address else column + 1
            _mark(found, element, letters_of(column), row, anew)
        elif name == "row":
            element.clear()
        elif name == "mergeCell":
            place = re.match(r"\$?([A-Z]+)\$?(\d+)", element.get("ref", ""))
            if place:
                found.merged.append((place.group(1), int(place.group(2))))
    return found


def _mark(found: Marks, cell: ElementTree.Element, letters: str, row: int, anew: bool) -> None:
    inside = {_local(each.tag): each for each in cell}
    value = inside.get("v")
    kind = cell.get("t", "n")
    stored = "" if value is None else value.text or ""
    is_stored = kind in ("str", "e") if not stored else not (anew and stored == "0")
    if "f" in inside and not (is_stored and value is not None):
        found.unstored.append((letters, row))
    elif kind == "b":
        found.truths.append((letters, row))
    elif kind == "e":
        found.errors.append((letters, row, stored))


def _runs(cells: list[tuple[str, int]]) -> Iterator[tuple[str, int, int]]:
    """Return cells of one column that stand below one another as a first and a last row."""
    ordered = sorted(cells, key=lambda cell: (len(cell[0]), cell))
    numbered = enumerate(ordered)
    for _, run in groupby(numbered, key=lambda each: (each[1][0], each[1][1] - each[0])):
        rows = [cell for _, cell in run]
        yield rows[0][0], rows[0][1], rows[-1][1]


def _without_result(first: int, last: int) -> Words:
    if first == last:
        return "a formula without a stored result", "未存有结果的公式"
    return (
        f"formulas without stored results (rows {first} to {last})",
        f"未存有结果的公式（第 {first} 至 {last} 行）",
    )


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _index(letters: str) -> int:
    """Return the number of a column, A being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def letters_of(column: int) -> str:
    """Return the letters of a column, 1 being A: A, B, …, Z, AA, …."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
