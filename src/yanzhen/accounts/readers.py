"""Input-output tables from outside: pymrio's parsers and the CEADs provincial layout."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import Floats, InputOutputTable
from yanzhen.study.encoding import text_of
from yanzhen.study.importing.systems import ParsedSystem, parsed

CEADS_USES = {
    "rural household consumption": "consumption",
    "urban household consumption": "consumption",
    "government consumption": "consumption",
    "gross fixed capital formation": "capital_formation",
    "fixed capital formation": "capital_formation",
    "inventory increase": "capital_formation",
    "changes in inventories": "capital_formation",
    "capital formation": "capital_formation",
    "consumption": "consumption",
}
CEADS_PRIMARY = {
    "compensation of employees": "compensation",
    "net taxes on production": "taxes",
    "depreciation of fixed capital": "depreciation",
    "operating surplus": "surplus",
    "imports": "imports",
}
CEADS_TOTALS = ("total", "tiu", "tfu", "tii", "tva")


def read_with_pymrio(
    path: str | Path, parser: str, year: int, uses: Mapping[str, str] | None = None
) -> InputOutputTable:
    """A multi-regional table from a file that pymrio can parse.

    Parameters
    ----------
    path : file or folder as the parser wants it
    parser : one of `yanzhen.study.importing.mapping.PARSERS`
    year : of the table
    uses : as in `from_pymrio`

    Raises
    ------
    ValueError
        If the parser is unknown.
    ImportError
        If pymrio is not there: it comes with the extra `io`.
    """
    return from_pymrio(parsed(Path(path), parser, year), year, uses)


def from_pymrio(
    system: ParsedSystem, year: int, uses: Mapping[str, str] | None = None
) -> InputOutputTable:
    """A pymrio system as a multi-regional table.

    Such systems have no imports from outside, and what is not bought from any sector is one item
    of value added, `surplus`, whatever it is made of.

    Parameters
    ----------
    system : with Z and Y, sectors by region in rows
    year : of the table
    uses : final use for each of the system's categories; those not named keep their own name
    """
    z: Floats = system.Z.to_numpy(dtype=np.float64)
    y: Floats = system.Y.to_numpy(dtype=np.float64)
    names = uses or {}
    final = [(str(region), names.get(str(use), str(use))) for region, use in system.Y.columns]
    columns, demand = _added_by_label(final, y)
    output: Floats = z.sum(axis=1) + y.sum(axis=1)
    cells = [(str(region), str(sector)) for region, sector in system.Z.index]
    surplus = (output - z.sum(axis=0))[None, :]
    return _without_imports(year, cells, z, columns, demand, ("surplus",), surplus, output)


def read_ceads(path: str | Path, year: int, sheet: str | None = None) -> InputOutputTable:
    """A provincial multi-regional table in the layout of Mi et al. (2018, table 5).

    Two header rows and two label columns give region and sector; every province has its block
    of rows and columns, then come final uses by province, one column of exports and one of
    errors (`others`), and below one row of imports and the items of value added. Totals are
    skipped and made again. Imports by using sector without their product are an item of
    `value_added`, `imports`; those for final use are left out.

    Parameters
    ----------
    path : .xlsx or .csv
    year : of the table
    sheet : of the workbook, else its first

    Raises
    ------
    ValueError
        If a label is unknown, a figure is not one, or the table does not balance.
    yanzhen.study.StudyError
        If a CSV file is no text in an encoding that is read.
    """
    columns, lines, figures = _sheet(Path(path), sheet)
    cells = [label for label in lines if label in set(columns)]
    if not cells:
        raise ValueError(f"{path}: no region and sector is both in the rows and in the columns")
    of_row, of_column = _places(lines), _places(columns)
    at = [of_row[cell] for cell in cells]
    regions = tuple(dict.fromkeys(region for region, _ in cells))
    z = figures[np.ix_(at, [of_column[cell] for cell in cells])]
    final, demand = _ceads_final(columns, cells, regions, figures[at], str(path))
    items, primary = _ceads_primary(lines, set(cells), figures, str(path))
    value_added = primary[:, [of_column[cell] for cell in cells]]
    output = z.sum(axis=1) + demand.sum(axis=1)
    _require_balance(output, z.sum(axis=0) + value_added.sum(axis=0), cells, str(path))
    return _without_imports(year, cells, z, final, demand, items, value_added, output)


Label = tuple[str, str]


def _without_imports(
    year: int,
    cells: Sequence[Label],
    flows: Floats,
    final: Sequence[Label],
    demand: Floats,
    items: tuple[str, ...],
    value_added: Floats,
    output: Floats,
) -> InputOutputTable:
    """A table of regions and sectors, all of whose supplies come from one of them."""
    return InputOutputTable(
        year=year,
        status="observed",
        regions=tuple(region for region, _ in cells),
        sectors=tuple(sector for _, sector in cells),
        domestic=flows,
        imported=np.zeros_like(flows),
        final_regions=tuple(region for region, _ in final),
        final_uses=tuple(use for _, use in final),
        final_domestic=demand,
        final_imported=np.zeros_like(demand),
        value_added_items=items,
        value_added=value_added,
        output=output,
    )


def _sheet(path: Path, sheet: str | None) -> tuple[list[Label], list[Label], Floats]:
    """Labels of columns and rows, and the figures between them; an empty cell is zero."""
    if path.suffix.casefold() == ".csv":
        try:
            records = list(csv.reader(io.StringIO(text_of(path), newline="")))
        except csv.Error as error:
            raise ValueError(f"{path}: {error}") from None
        while records and not any(cell.strip() for cell in records[-1]):
            records.pop()
        width = max(map(len, records), default=0)
        text = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in records]
    else:
        text = _workbook_texts(path, sheet)
    if len(text) < 3 or len(text[0]) < 3:
        raise ValueError(f"{path}: no table with two rows of heads and two columns of labels")
    columns = _labels(text[0][2:], text[1][2:])
    lines = _labels([row[0] for row in text[2:]], [row[1] for row in text[2:]])
    figures = np.zeros((len(lines), len(columns)))
    for at, row in enumerate(text[2:]):
        for to, cell in enumerate(row[2:]):
            if cell:
                try:
                    figures[at, to] = float(cell)
                except ValueError:
                    raise ValueError(
                        f"{path}: row {at + 3}, column {to + 3}: {cell!r} is not a figure"
                    ) from None
    return columns, lines, figures


def _workbook_texts(path: Path, sheet: str | None) -> list[list[str]]:
    options = {"header_row": None, "dtypes": "string"}
    frame = (
        pl.read_excel(path, sheet_name=sheet, has_header=False, read_options=options)
        if sheet
        else pl.read_excel(path, has_header=False, read_options=options)
    )
    return [[(cell or "").strip() for cell in row] for row in frame.rows()]


def _labels(regions: Sequence[str], sectors: Sequence[str]) -> list[Label]:
    """Region and sector of each line; a region stands for the lines below it too."""
    labels, region = [], ""
    for own, sector in zip(regions, sectors, strict=True):
        region = own or region
        labels.append((region, sector) if sector else (region, region))
    return labels


def _places(labels: Sequence[Label]) -> dict[Label, int]:
    return {label: position for position, label in enumerate(labels)}


def _ceads_final(
    columns: Sequence[Label],
    cells: Sequence[Label],
    regions: Sequence[str],
    figures: Floats,
    path: str,
) -> tuple[list[Label], Floats]:
    """Final uses by region; exports and errors booked in the region that makes the product."""
    home = np.array([[region == name for name in regions] for region, _ in cells])
    labels: list[Label] = []
    parts: list[Floats] = []
    sectors = set(cells)
    for position, (region, name) in enumerate(columns):
        key, amounts = name.lower(), figures[:, position]
        if (region, name) in sectors or key.startswith(CEADS_TOTALS):
            continue
        if key in ("exports", "export", "others", "other", "error"):
            use = "exports" if key.startswith("export") else "statistical_error"
            labels += [(name, use) for name in regions]
            parts.append(home * amounts[:, None])
        elif key in CEADS_USES:
            labels.append((region, CEADS_USES[key]))
            parts.append(amounts[:, None])
        else:
            raise ValueError(f"{path}: unknown column {region} / {name}")
    return _added_by_label(labels, np.hstack(parts))


def _ceads_primary(
    lines: Sequence[Label], cells: set[Label], figures: Floats, path: str
) -> tuple[tuple[str, ...], Floats]:
    items: dict[str, Floats] = {}
    for position, (region, name) in enumerate(lines):
        key = name.lower()
        if (region, name) in cells or key.startswith(CEADS_TOTALS):
            continue
        if key not in CEADS_PRIMARY:
            raise ValueError(f"{path}: unknown row {region} / {name}")
        items[CEADS_PRIMARY[key]] = figures[position]
    return tuple(items), np.stack(list(items.values()))


def _added_by_label(labels: Sequence[Label], values: Floats) -> tuple[list[Label], Floats]:
    """Columns of the same label added up, in order of first appearance."""
    distinct = list(dict.fromkeys(labels))
    place = _places(distinct)
    total = np.zeros((len(values), len(distinct)))
    for position, label in enumerate(labels):
        total[:, place[label]] += values[:, position]
    return distinct, total


def _require_balance(sold: Floats, made: Floats, cells: Sequence[Label], path: str) -> None:
    wrong = np.flatnonzero(np.abs(sold - made) > 1e-4 * np.maximum(np.abs(sold), np.abs(made)))
    if wrong.size:
        k = int(wrong[0])
        raise ValueError(
            f"{path}: {wrong.size} sectors do not balance, the first {'/'.join(cells[k])}: sells "
            f"{sold[k]:.6g} and uses {made[k]:.6g}"
        )
