"""A report as its parts, whatever it is then written to: a page, a workbook, Word, files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from yanzhen.report.document.parts import View, view
from yanzhen.report.figures.theme import Chart
from yanzhen.report.tables.table import Kind, Table
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.stamps import Status, stamp, status_of


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a section; its manner is told by its look."""

    text: str
    manner: Literal["", "reading", "caveat", "verdict", "subheading", "note"] = ""


@dataclass(frozen=True)
class Drawing:
    """A chart, by the key of its picture."""

    key: str
    chart: Chart


@dataclass(frozen=True)
class Definitions:
    """Terms, each with what it means."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class InFiles:
    """A table too long for a sheet of a workbook, which the files hold.

    Attributes
    ----------
    rows : how many it has
    file : its place in the folder of the result
    """

    title: str
    rows: int
    file: str


Part = Paragraph | Drawing | Definitions | View | Table


@dataclass(frozen=True)
class Section:
    """A section of a report.

    Attributes
    ----------
    key : anchor on the page; `page.KEY` of `words.toml` is its heading, none where it is empty
    parts : in the order of reading; a `Table` is shown whole
    findings : sentences before the parts
    caveats : sentences after them
    heading : in place of that of `words.toml`
    """

    key: str
    parts: Sequence[Part] = ()
    findings: Sequence[str] = ()
    caveats: Sequence[str] = ()
    heading: str = ""


@dataclass(frozen=True)
class Document:
    """A report in one language.

    Attributes
    ----------
    reader : the study that it is about and the language of all its texts; a synthetic study is
        named so everywhere
    title, lead : above everything, and what was reckoned from what
    year : of the workbook's date, which is its first day whenever it is written
    findings : sentences
    sections : between the findings and the limits
    opening : the first page, before the findings; none for most reports
    limits : what the findings cannot be taken for
    after_limits : tables that stand with the limits
    tables : sheets of the workbook
    in_files : long tables that have no sheet, named on the workbook's first
    notes : lines on the workbook's first sheet, below those on units and estimates
    frames : files for other programs, by name
    kinds : what each column of a frame holds, where that is known
    status : how most of its figures came about
    named_in : groups of `words.toml` that name the columns of frames, the first that has one
    poster : a picture that says it all on one page, which is also written as PDF
    data_until : year of its last data, where that is not the study's base year
    """

    reader: Reader
    title: str
    lead: str
    year: int
    findings: Sequence[str]
    sections: Sequence[Section]
    limits: Sequence[str]
    opening: Section | None = None
    after_limits: Sequence[View] = ()
    tables: Sequence[Table] = ()
    in_files: Sequence[InFiles] = ()
    notes: Sequence[str] = ()
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    kinds: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    named_in: Sequence[str] = ("column",)
    status: Status = "modelled"
    poster: Drawing | None = None
    data_until: int | None = None

    def stamp(self, key: str) -> str:
        """Return the line under a picture or table: study, date, source and status."""
        return stamp(self.reader, status_of(self.reader, key, self.status), self.data_until)


def tables_of(sections: Iterable[Section]) -> list[Table]:
    """Return the tables that stand whole in some sections."""
    return [part for section in sections for part in section.parts if isinstance(part, Table)]


def there(views: Mapping[str, View], *keys: str) -> list[View]:
    """Return those of some tables that there are."""
    return [views[key] for key in keys if key in views]


def with_rows(tables: Iterable[Table]) -> list[Table]:
    """Return the tables that are not empty."""
    return [table for table in tables if table.rows]


def filled_view(shown: Table, frame: pl.DataFrame, columns: Iterable[str]) -> View:
    """Return a table without the columns that are empty throughout: these say nothing."""
    kept = tuple(name for name in columns if frame[name].null_count() < frame.height)
    return view(shown, columns=kept)
