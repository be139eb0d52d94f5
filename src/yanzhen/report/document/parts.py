"""What pages are made of: pictures, tables, sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yanzhen.report.figures.theme import Chart
from yanzhen.report.tables.table import NUMBERS, Column, Table
from yanzhen.report.text.reader import Reader


@dataclass(frozen=True)
class Picture:
    """A chart on the page: its texts stand in HTML, where they wrap and can be read aloud.

    Attributes
    ----------
    aspect : breadth to height of what shrinks as a whole, empty for the rest
    broad : whether its labels need more breadth than a telephone has
    spec : of Vega-Lite, without texts and breadth
    """

    key: str
    title: str
    reading: str
    aspect: str
    broad: bool
    spec: dict[str, Any]


@dataclass(frozen=True)
class Head:
    text: str
    unit: str
    number: bool


@dataclass(frozen=True)
class Cell:
    text: str
    classes: str = ""


@dataclass(frozen=True)
class View:
    """A table on the page, every cell as text.

    Attributes
    ----------
    first : rows of a long one that are shown before anybody searches
    """

    key: str
    title: str
    note: str
    heads: list[Head]
    rows: list[list[Cell]]
    has_estimates: bool = False
    first: int = 60

    @property
    def is_long(self) -> bool:
        """Whether its first rows are shown and the others found by a search."""
        return len(self.rows) > 2 * self.first


def picture(key: str, chart: Chart) -> Picture:
    """Return a chart for the page: texts taken out, width that of the column it stands in."""
    spec = chart.to_dict(validate=False)
    title = spec.pop("title")
    title = {"text": title} if isinstance(title, str) else title
    spec["width"] = "container"
    aspect = ""
    if "projection" in spec or any("projection" in layer for layer in spec.get("layer", [])):
        aspect = f"{chart.width} / {chart.height}"
        spec["height"] = "container"
        spec["autosize"] = {"type": "fit", "contains": "padding"}
    else:
        spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    # A sentence that says why there is nothing to draw is as broad as a telephone.
    said_alone = spec.get("mark", {}).get("type") == "text"
    return Picture(
        key,
        _joined(title["text"]),
        _joined(title.get("subtitle", "")),
        aspect,
        not aspect and not said_alone,
        spec,
    )


def view(
    shown: Table, rows: list[int] | None = None, columns: tuple[str, ...] | None = None
) -> View:
    """Return a table, or some of its rows and columns, by names without codes.

    A column that the study's table does not show, as what is money of one without output, is left
    out.
    """
    kept = [shown.index(name) for name in columns or shown.names if name in shown.names]
    chosen = range(len(shown.rows)) if rows is None else rows
    return View(
        shown.key,
        shown.title,
        shown.note,
        [head(shown.columns[i]) for i in kept],
        [[cell(shown, row, column) for column in kept] for row in chosen],
        any(row in chosen and column in kept for row, column in shown.estimated),
    )


def head(column: Column) -> Head:
    """Return the head of a column; per cent stands in the cells."""
    return Head(column.head, "" if column.unit == "%" else column.unit, column.kind in NUMBERS)


def cell(shown: Table, row: int, column: int) -> Cell:
    """Return a cell as text, with how it looks."""
    classes = ["number"] if shown.columns[column].kind in NUMBERS else []
    if (row, column) in shown.estimated:
        classes.append("estimated")
    if shown.columns[column].kind in ("region", "place", "macro_region"):
        classes.append("name")
    if shown.columns[column].name in ("industry", "note", "check"):
        classes.append("wide")
    return Cell(shown.text(row, column), " ".join(classes))


def _joined(lines: str | list[str]) -> str:
    if isinstance(lines, str):
        return lines
    text = lines[0]
    for line in lines[1:]:
        text += line if ord(text[-1]) > 0x2E7F or ord(line[0]) > 0x2E7F else f" {line}"
    return text


def sources(reader: Reader) -> list[dict[str, str]]:
    """Return the study's sources; only an address of the web becomes a link."""
    return [
        {
            "title": source.title_in(reader.lang),
            "link": source.link,
            "document": source.url_or_doc,
            "covers": _covers(source.table, source.columns, reader) if source.table else "",
            "licence": source.licence,
            "note": source.note,
        }
        for source in reader.study.about.sources
    ]


def _covers(table: str, columns: Sequence[str], reader: Reader) -> str:
    if not columns:
        return reader.word("page.covers_table", table=table)
    return reader.word("page.covers", table=table, columns=reader.word("comma").join(columns))
