"""A statement as PDF and as workbook, in Chinese or English; the same one gives the same bytes."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.shown import cell_said, facts_of, tables_of, title_of
from yanzhen.exchange.settlement.signing import Signature
from yanzhen.exchange.settlement.statement import Statement
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.report.document.brief import families
from yanzhen.report.document.workbook import Book, write_book
from yanzhen.report.document.writing import beside
from yanzhen.report.text.words import Lang
from yanzhen.report.text.words import word as report_word

BREADTHS = {"account": 6, "kind": 2, "note": 3}
"""Of columns of text beside each other, where they are not alike."""


def write_pdf(statement: Statement, said: Sequence[Signature], path: Path, lang: Lang) -> None:
    """Write a statement as PDF, tagged for screen readers (PDF/UA-1).

    Raises
    ------
    NoChineseFont
        When the text is Chinese and none of the fonts that are known by name is there.
    ModuleNotFoundError
        Without the extra `pdf`.
    """
    with beside(path) as part:
        part.write_bytes(pdf_of(statement, said, lang))


def pdf_of(statement: Statement, said: Sequence[Signature], lang: Lang) -> bytes:
    """Return a statement as PDF; raises as `write_pdf`."""
    import typst

    found = typst.Fonts()
    tables = [
        {
            "title": table.title,
            "note": table.note,
            "heads": [
                report_word(lang, "in_unit", what=column.head, unit=column.unit)
                if column.unit
                else column.head
                for column in table.columns
            ],
            "numbers": [column.kind in ("money", "count") for column in table.columns],
            "breadths": [BREADTHS.get(column.name, 3) for column in table.columns],
            "rows": [
                [cell_said(table, row, column) for column in range(len(table.columns))]
                for row in range(len(table.rows))
            ],
        }
        for table in tables_of(statement, said, lang)
    ]
    content = {
        "lang": lang,
        "fonts": families(lang, frozenset(found.families())),
        "synthetic": report_word(lang, "synthetic_mark") if statement.synthetic else "",
        "title": title_of(statement, lang),
        "facts": facts_of(statement, said, lang),
        "tables": tables,
        "imprint": PHRASES.word(lang, "statement.imprint"),
        "page": PHRASES.word(lang, "statement.page"),
    }
    year = Period.of(statement.period).year
    made: bytes = typst.compile(  # type: ignore[call-overload]  # it takes files by name
        {
            "main.typ": _template(),
            "statement.json": json.dumps(content, ensure_ascii=False).encode(),
        },
        font_paths=found,
        format="pdf",
        timestamp=datetime(year, 12, 31, tzinfo=UTC),
        pdf_standards=["ua-1"],
    )
    return made


def write_xlsx(statement: Statement, said: Sequence[Signature], path: Path, lang: Lang) -> None:
    """Write a statement as an Excel workbook, a sheet a table."""
    lines = [f"{name}: {value}" for name, value in facts_of(statement, said, lang)]
    book = Book(
        title_of(statement, lang),
        statement.synthetic,
        Period.of(statement.period).year,
        [*lines, PHRASES.word(lang, "statement.imprint")],
        [],
        tables_of(statement, said, lang),
    )
    write_book(book, path, lang)


@cache
def _template() -> bytes:
    return files("yanzhen.exchange.settlement").joinpath("statement.typ").read_bytes()
