"""Statements of an agreement from files alone, written into a folder."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.agreement_files import write_agreement
from yanzhen.exchange.settlement.books import Books, NotNext
from yanzhen.exchange.settlement.declared import DeclaredTable, declared_periods
from yanzhen.exchange.settlement.dues import dues
from yanzhen.exchange.settlement.journal import faults
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.printed import write_pdf, write_xlsx
from yanzhen.exchange.settlement.statement import Statement, written
from yanzhen.report.document.writing import write_text
from yanzhen.report.text.words import Lang
from yanzhen.study.replacing import unfinished


def settle_period(books: Books, declared: DeclaredTable, period: Period) -> Statement:
    """Issue the statement of a period on what is declared.

    Raises
    ------
    NotNext
        It cannot follow the last.
    StudyError
        Something is missing for it.
    """
    agreement = books.agreement
    if not books.follows(period):
        raise NotNext(period, books.last)
    return books.issue(
        dues([agreement], [declared.until(period)], period)[0],
        [
            dues([agreement], [declared.until(quarter)], quarter)[0]
            for quarter in books.quarters_of(period.year)
        ],
    )


# Kept wide: what is settled, into which files, and who hears of it.
def write_statements(
    agreement: Agreement,
    declared: DeclaredTable,
    folder: Path,
    lang: Lang,
    quarterly: bool,
    with_pdf: bool,
    update: Callable[[str, float], None],
) -> list[Statement]:
    """Issue and write a statement of every period that is declared; the agreement's text too.

    Parameters
    ----------
    quarterly : whether quarters have statements of their own
    with_pdf : whether PDF is written beside workbook and JSON
    update : called with a stage and the share done

    Raises
    ------
    NotNext, StudyError
        As `settle_period`.
    """
    books = Books(agreement)
    periods = declared_periods(declared, quarterly)
    statements = [settle_period(books, declared, period) for period in periods]
    wrong = faults(books.entries)
    if wrong:
        raise ArithmeticError("; ".join(wrong))
    mark = "SYNTHETIC_" if agreement.synthetic else ""
    with unfinished(folder):
        for place, statement in enumerate(statements):
            update("statements", place / len(statements))
            path = folder / f"{mark}statement_{statement.period}"
            write_text(path.with_suffix(".json"), written(statement) + "\n")
            write_xlsx(statement, (), path.with_suffix(".xlsx"), lang)
            if with_pdf:
                write_pdf(statement, (), path.with_suffix(".pdf"), lang)
        write_text(folder / f"{mark}journal.csv", journal_csv(books))
        for each in ("zh", "en"):
            write_agreement(agreement, folder, each)
    return statements


def journal_csv(books: Books) -> str:
    """Return every posting of a journal as CSV, in fen."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ("number", "kind", "period", "project", "account", "fen", "reverses", "note", "hash")
    )
    for entry in books.entries:
        for account, fen in entry.postings:
            reverses = "" if entry.reverses is None else entry.reverses
            row = (entry.number, entry.kind, entry.period, entry.project, account, fen, reverses)
            writer.writerow((*row, entry.note, entry.hash))
    return text.getvalue()
