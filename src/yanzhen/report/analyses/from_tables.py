"""The work of an analysis that is shown as its declared tables stand, with what it finds."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from yanzhen.report.analyses.analysis import Asked, Tell, Work
from yanzhen.report.document.document import Document, Section
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.focus import focus_of, narrowed
from yanzhen.report.text.protocols import Result
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.stamps import Status
from yanzhen.study import Study
from yanzhen.study.result_columns import columns_of


class Dated(Result, Protocol):
    """A result that says which year it is of."""

    @property
    def year(self) -> int: ...


Found = TypeVar("Found", bound=Dated)


def work_from_tables(
    name: str,
    result: type[Found],
    run: Callable[[Study, Asked, Tell], Found],
    findings: Callable[[Found, Reader], list[str]],
    status: Status = "modelled",
) -> Work[Found]:
    """Return the work of an analysis whose tables declare their columns.

    Parameters
    ----------
    name : of the analysis; `NAME.title`, `NAME.lead`, `NAME.limit` and the tables' titles and
        notes are in `words.toml`
    result : dataclass of frames with declared columns, its `study` and its `year`
    run, findings : as of a `Work`
    status : how its figures came about
    """
    tables = columns_of(result)  # type: ignore[arg-type]

    def table(found: Found, key: str, asked: Asked, reader: Reader) -> Table:
        frame = narrowed(getattr(found, key), focus_of(asked))
        return shown_table(reader, key, frame, tables[key])

    def document(found: Found, asked: Asked, reader: Reader) -> Document:
        title = reader.word(f"{name}.title")
        shown = [table(found, key, asked, reader) for key in tables]
        said = [reader.word(f"{name}.limit"), reader.word("limit.absence")]
        return Document(
            reader=reader,
            title=reader.report_title(title, found.year),
            lead=reader.word(f"{name}.lead"),
            year=found.year,
            findings=findings(found, reader),
            sections=[Section(name, shown, heading=title)],
            limits=said,
            tables=[*shown, source_table(reader)],
            notes=said,
            frames={key: getattr(found, key) for key in tables},
            kinds=tables,
            status=status,
        )

    def values(found: Found, asked: Asked) -> dict[str, Any]:
        frames = {key: narrowed(getattr(found, key), focus_of(asked)).to_dicts() for key in tables}
        about = found.study.about
        return {"synthetic": about.synthetic, "year": found.year, "tables": frames}

    return Work(
        result,
        run,
        findings=lambda found, asked, reader: findings(found, reader),
        document=document,
        year=lambda found: found.year,
        tables=tuple(tables),
        table=table,
        figures={},
        table_of={},
        values=values,
    )
