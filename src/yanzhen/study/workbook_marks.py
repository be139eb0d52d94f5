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

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from yanzhen.study.problem import Problem
from yanzhen.study.sheet_extent import extent_of, require_modest_extents

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_OTHERS = ("content.xml", "xl/workbook.bin")
"""Parts of an ODS file and of a binary workbook."""
# A part without any of these holds nothing to be told, and is not parsed.
_WORTH_PARSING = re.compile(rb"""\bt\s*=\s*["'][be]["']|<(?:[\w.-]+:)?(?:f[\s/>]|mergeCell\b)""")


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

        def at(key: str, letters: str, row: int, **values: object) -> Problem:
            return Problem.of(key, file, table, row, named.get(letters, letters), **values)

        formulas = "unstored_formula", "unstored_formulas"
        return [
            *(at("shown_error", letters, row, shown=shown) for letters, row, shown in self.errors),
            *(at("merged_cells", letters, row) for letters, row in self.merged),
            *(
                at(formulas[first < last], letters, first, first=first, last=last)
                for letters, first, last in _runs(self.unstored)
            ),
            *(
                at("true_or_false", letters, row)
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
    yanzhen.study.sheet_extent.TooFar
        Reading the sheets would take very much memory for little.
    """
    with zipfile.ZipFile(path) as archive:
        _require_modest(archive)
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


def _require_modest(archive: zipfile.ZipFile) -> None:
    """Refuse what is no such workbook, though readers may take it for another, or is too large."""
    others = [name for name in _OTHERS if name in archive.namelist()]
    if others:
        raise NotImplementedError(f"{others[0]}, which is no part of an .xlsx file")
    # A sheet may have any name; without this element no reader finds cells in it.
    parts = (archive.read(entry) for entry in archive.infolist())
    require_modest_extents(extent_of(part) for part in parts if b"sheetData" in part)


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
    row, column = 0, -1
    for event, element in ElementTree.iterparse(BytesIO(content), events=("start", "end")):
        name = _local(element.tag)
        if event == "start":
            if name == "row":
                # Addresses may be left out; a cell then follows the one before.
                row, column = int(element.get("r") or row + 1), -1
        elif name == "c":
            address = re.fullmatch(r"[A-Z]{1,3}\d+", element.get("r", ""))
            column = xl_cell_to_rowcol(address.group())[1] if address else column + 1
            _mark(found, element, xl_col_to_name(column), row, anew)
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


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
