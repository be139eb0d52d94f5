"""Where a sheet's headings end, and what each of its columns is.

Above a table stand titles and corners; a table's heading has one line or several, of which upper
ones may stand over more columns than one. Columns beside the figures say of which region, industry,
year or measure a row is; headings of figures say the same of a column.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from yanzhen.study.importing.figures import figure_of, is_missing
from yanzhen.study.importing.formats import Format, format_of
from yanzhen.study.importing.grids import Grid, tidy
from yanzhen.study.importing.headings import Heading, heading_of
from yanzhen.study.importing.naming import Register
from yanzhen.study.importing.units import NamedUnit, unit_of
from yanzhen.study.raw import HEADER_WITHIN

MOST_LINES = 4
_SAMPLE = 200
_MOSTLY = 0.5
_NEARLY_ALL = 0.9
_CODES = ("代码", "编码", "code", "codes")
_DEFAULT_SHEETS = ("sheet", "工作表")
REGION_LABELS = ("region", "region_code", "region_code_head", "region_code_tail")
INDUSTRY_LABELS = ("industry", "industry_code")


@dataclass(frozen=True)
class Names:
    """Registers in which names of places and industries are looked up."""

    places: tuple[Register, ...]
    industries: tuple[Register, ...]

    def is_place(self, label: str) -> bool:
        return any(register.candidates(label) for register in self.places)

    def is_industry(self, label: str) -> bool:
        return any(register.candidates(label) for register in self.industries)


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    at : counted from 0
    heading : all lines of it, the words of each joined
    label : one of `headings.LABELS`, where it says something of the row
    region, industry : what its heading says of the column, as written
    """

    at: int
    heading: Heading
    label: str | None = None
    region: str = ""
    industry: str = ""

    @property
    def unit(self) -> NamedUnit | None:
        return self.heading.units[0] if len(self.heading.units) == 1 else None


@dataclass(frozen=True)
class Layout:
    """How a sheet is to be read.

    Attributes
    ----------
    grid : the sheet
    first : first row below the heading, counted from 0
    columns : one for each column of the sheet
    title : what titles, corner and the sheet's name say of the whole
    region, industry : what the sheet's name or title says of the whole, as written
    format : of files that are documented once for all, None where it is none of them
    """

    grid: Grid
    first: int
    columns: tuple[Column, ...]
    title: Heading
    region: str = ""
    industry: str = ""
    format: Format | None = None

    def labelled(self, *labels: str) -> list[Column]:
        return [column for column in self.columns if column.label in labels]


def layout_of(grid: Grid, names: Names) -> Layout | None:
    """How a sheet is to be read; None where no heading stands above any row."""
    lines = _heading_lines(grid)
    if lines is None:
        return None
    start, end = lines
    columns = [_column(grid, start, end, at, names) for at in range(len(grid.cells[0]))]
    columns = [
        _by_content(grid, end, column, names) if _is_unnamed(column) else column
        for column in columns
    ]
    columns = _with_labels_by_content(grid, end, columns, names)
    title, region, industry = _title(grid, start, names)
    layout = Layout(grid, end, tuple(columns), title, region, industry)
    known = format_of([column.heading.text for column in columns])
    return layout if known is None else _of_format(layout, known)


def _of_format(layout: Layout, known: Format) -> Layout:
    """A layout with what the documentation of its format says and the file leaves unsaid."""
    columns = []
    for column in layout.columns:
        unit = unit_of(known.units.get(column.heading.text.casefold(), ""))
        heading = column.heading if unit is None else replace(column.heading, units=(unit,))
        columns.append(replace(column, heading=heading))
    year = layout.title.year or known.year_of(layout.grid.file)
    title = replace(layout.title, year=year)
    return replace(layout, columns=tuple(columns), title=title, format=known)


def _heading_lines(grid: Grid) -> tuple[int, int] | None:
    """First row of the heading, and the row after its last."""
    start = next((row for row, cells in enumerate(grid.cells) if _may_begin(cells)), None)
    if start is None or start + 1 >= len(grid.cells) or start > HEADER_WITHIN:
        return None
    end = start + 1
    while end < min(start + MOST_LINES, len(grid.cells)) and _is_heading_line(grid, start, end):
        end += 1
    return (start, end) if end < len(grid.cells) else None


def _may_begin(cells: Sequence[str]) -> bool:
    """Whether a row may be a heading's first: two cells at least, no titles and no corners."""
    filled = [cell for cell in map(tidy, cells) if cell and not _is_corner(cell)]
    return len(filled) >= 2 and not any(_is_plain_figure(cell) for cell in filled)


def _is_corner(cell: str) -> bool:
    return "单位:" in cell.replace("：", ":").replace(" ", "") or cell.casefold().startswith("unit")


def _is_plain_figure(cell: str) -> bool:
    """Whether a cell is a figure, and no year."""
    figure = figure_of(cell)
    if not cell.strip() or figure is None or figure.value is None:
        return False
    return heading_of(cell).year is None


def _is_heading_line(grid: Grid, start: int, row: int) -> bool:
    cells = grid.cells[row]
    filled = [at for at, cell in enumerate(cells) if cell.strip()]
    if len(filled) < 2 or any(_is_plain_figure(cells[at]) for at in filled):
        return False
    if any(is_missing(cells[at]) for at in filled):
        return False
    headed = [heading_of(grid.cells[start][at]) for at in range(len(cells))]
    return all(
        _is_known(heading_of(cells[at]))
        for at in filled
        if headed[at].label in ("region", "industry", "region_code", "industry_code", "year")
        or (headed[at].terms and not _spreads(grid, start, at, row))
    )


def _spreads(grid: Grid, start: int, at: int, row: int) -> bool:
    """Whether a heading stands over further columns: nothing beside it, and cells below that."""
    cells = grid.cells[start]
    return (
        at + 1 < len(cells) and not cells[at + 1].strip() and bool(grid.cells[row][at + 1].strip())
    )


def _is_known(heading: Heading) -> bool:
    return bool(heading.year or heading.units or heading.label or heading.terms)


def _column(grid: Grid, start: int, end: int, at: int, names: Names) -> Column:
    """A column by all lines of its heading."""
    parts = [heading_of(_spread(grid, start, end, row, at)) for row in range(start, end)]
    parts = [part for row, part in enumerate(parts) if part.text and part not in parts[:row]]
    heading = joined(parts)
    column = Column(at, heading, heading.label)
    if heading.label or heading.terms:
        rest = [part for part in parts if part.words and not (part.label or part.terms)]
    else:
        rest = [part for part in parts if part.words]
    for words in (part.words for part in rest):
        if not column.region and names.is_place(words):
            column = replace(column, region=words)
        elif not column.industry and names.is_industry(words):
            column = replace(column, industry=words)
    return column


def joined(parts: Sequence[Heading]) -> Heading:
    """One heading of several lines: the first that says something says it for all."""
    return Heading(
        text=" ".join(part.text for part in parts),
        year=next((part.year for part in parts if part.year), None),
        units=next((part.units for part in reversed(parts) if part.units), ()),
        label=next((part.label for part in parts if part.label), None),
        terms={table: term for part in reversed(parts) for table, term in part.terms.items()},
        words=" ".join(
            part.words for part in parts if part.words and not (part.label or part.terms)
        ),
        name=" ".join(part.words for part in parts if part.words),
    )


def _spread(grid: Grid, start: int, end: int, row: int, at: int) -> str:
    """A cell of the heading; an empty one over a filled one belongs to the cell before it."""
    cells = grid.cells[row]
    if cells[at].strip() or row == end - 1:
        return cells[at]
    if not any(grid.cells[below][at].strip() for below in range(row + 1, end)):
        return ""
    before = next((place for place in range(at - 1, -1, -1) if cells[place].strip()), None)
    if before is None or heading_of(cells[before]).label is not None:
        return ""
    # What stands over columns stands over the first of them too.
    over_first = any(grid.cells[below][before].strip() for below in range(row + 1, end))
    return cells[before] if over_first else ""


def _is_unnamed(column: Column) -> bool:
    heading = column.heading
    return not (heading.label or heading.terms or heading.year or column.region or column.industry)


def _by_content(grid: Grid, first: int, column: Column, names: Names) -> Column:
    """A column whose heading says nothing, by what its cells are."""
    cells = [tidy(row[column.at]) for row in grid.cells[first:] if row[column.at].strip()]
    cells = cells[:_SAMPLE]
    if not cells or (column.heading.words and not _says_nothing(column.heading.words)):
        return column
    if all(heading_of(cell).year and not heading_of(cell).words for cell in cells):
        return replace(column, label="year")
    # Bare digits are codes only under a heading that says so.
    texts = [cell for cell in cells if column.heading.words or not _is_plain_figure(cell)]
    if len(texts) < _MOSTLY * len(cells) or not texts:
        return column
    places = sum(map(names.is_place, texts)) / len(texts)
    industries = sum(map(names.is_industry, texts)) / len(texts)
    if max(places, industries) >= _MOSTLY:
        label = "region" if places >= industries else "industry"
        is_code = column.heading.words.casefold() in _CODES
        return replace(column, label=f"{label}_code" if is_code else label)
    return column


def _with_labels_by_content(
    grid: Grid, first: int, columns: list[Column], names: Names
) -> list[Column]:
    """Columns of which the first that names nothing but places, or industries, is labelled so.

    Only where no heading says which column does.
    """
    for label, known in (("region", names.is_place), ("industry", names.is_industry)):
        if any((each.label or "").startswith(label) or getattr(each, label) for each in columns):
            continue
        for at, column in enumerate(columns):
            if column.heading.label or column.heading.terms or column.label:
                continue
            cells = {tidy(row[column.at]) for row in grid.cells[first:] if row[column.at].strip()}
            texts = [cell for cell in cells if not _is_plain_figure(cell)]
            if len(texts) >= 2 and sum(map(known, texts)) >= _NEARLY_ALL * len(cells):
                columns = [*columns[:at], replace(column, label=label), *columns[at + 1 :]]
                break
    return columns


def _says_nothing(words: str) -> bool:
    return words.casefold() in (*_CODES, "名称", "name", "项目", "item")


def _title(grid: Grid, start: int, names: Names) -> tuple[Heading, str, str]:
    """What the sheet's name and the cells above the heading say of the whole table."""
    cells = [cell for row in grid.cells[:start] for cell in row if cell.strip()]
    sheet = "" if grid.sheet.casefold().startswith(_DEFAULT_SHEETS) else grid.sheet
    parts = [heading_of(text, is_title=True) for text in (sheet, *cells) if text]
    region = next((part.words for part in parts if names.is_place(part.words)), "")
    industry = next((part.words for part in parts if names.is_industry(part.words)), "")
    units = tuple(unit for part in parts for unit in part.units)
    return replace(joined(parts), units=units), region, industry
