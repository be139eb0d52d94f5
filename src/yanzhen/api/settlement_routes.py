"""Addresses of agreements that are settled: payments, statements, signatures, transfers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from fastapi import FastAPI, Response, UploadFile

from yanzhen.api.deal_refusals import refused_by_deals
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import CONFLICT, FILE, LACKING, REFUSALS, UNREAD, UNUSABLE, Spoken, Tags
from yanzhen.api.settlement_bodies import (
    AgreementTold,
    EnteredAgreement,
    EnteredAnswer,
    EnteredNotice,
    EnteredPeriod,
    EnteredRows,
    EnteredTransfer,
    EntryTold,
    Number,
    RowsAdded,
    RowTold,
    Said,
    StatementTold,
    agreement_told,
    entry_told,
    rows_told,
    statement_told,
)
from yanzhen.api.statement_files import statement_file
from yanzhen.api.study_archives import LARGEST_UPLOAD, too_large
from yanzhen.api.unpacked_size import require_modest
from yanzhen.api.workbench import Workbench
from yanzhen.exchange.settlement.agreement_files import docx_of, markdown_of
from yanzhen.exchange.settlement.books import NotNext
from yanzhen.exchange.settlement.declared import rows_of_file
from yanzhen.exchange.settlement.declaring import declare, declared_of, withdraw_row
from yanzhen.exchange.settlement.issuing import (
    find_statement,
    give_notice,
    issue_statement,
    list_statements,
    record_transfer,
    say,
    take_back_transfer,
)
from yanzhen.exchange.settlement.kept import KeptAgreement, find_agreement, list_agreements
from yanzhen.exchange.settlement.of_deal import OfDeal, register_of_deal
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.refusals import (
    NoSuchAgreement,
    NotAsItStands,
    NotYourParty,
    SettlementError,
)
from yanzhen.exchange.settlement.registering import (
    NewAgreement,
    answer_agreement,
    register_agreement,
)
from yanzhen.store.people.viewing import current_viewer
from yanzhen.study import StudyError

TAGS: Tags = ["agreements"]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


# Kept whole: a list of routes, none of them over fifteen lines.
def add_settlement(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of agreements and their statements."""
    agreed = "/api/v1/exchange/agreements"
    written_to = {**REFUSALS, **UNREAD, **CONFLICT}

    @app.get(agreed, responses=REFUSALS, tags=TAGS)
    def list_settled_agreements() -> list[AgreementTold]:
        """Return the agreements of which one's organisation is a party, the newest first."""
        return [agreement_told(each) for each in list_agreements(bench.database, current_viewer())]

    @app.post(agreed, status_code=201, responses=written_to, tags=TAGS)
    def register_settled_agreement(asked: EnteredAgreement) -> AgreementTold:
        """Register an agreement as its home or host, of a deal or by hand; one accepts with it."""
        with refused_by_deals(), refused_by_settlement():
            if asked.deal is not None:
                said = asked.model_dump(exclude={"reference", "home", "host"})
                of_deal = OfDeal(**said, home=asked.home or "", host=asked.host or "")
                return agreement_told(register_of_deal(bench.database, current_viewer(), of_deal))
            new = NewAgreement(**asked.model_dump(exclude={"deal"}))
            return agreement_told(register_agreement(bench.database, current_viewer(), new))

    @app.get(f"{agreed}/{{agreement}}", responses=REFUSALS, tags=TAGS)
    def get_settled_agreement(agreement: str) -> AgreementTold:
        """Return an agreement."""
        with refused_by_settlement():
            return agreement_told(find_agreement(bench.database, current_viewer(), agreement))

    @app.post(f"{agreed}/{{agreement}}/answers", status_code=201, responses=written_to, tags=TAGS)
    def answer_settled_agreement(agreement: str, asked: EnteredAnswer) -> AgreementTold:
        """Accept an agreement for one's own party or decline it, with the hash of what was read."""
        with refused_by_settlement():
            said = (asked.party, asked.answer, asked.sha256)
            return agreement_told(
                answer_agreement(bench.database, current_viewer(), agreement, *said)
            )

    @app.get(
        f"{agreed}/{{agreement}}/text",
        responses={**FILE, **LACKING},
        response_class=Response,
        tags=TAGS,
    )
    def get_agreement_text(
        agreement: str, form: Literal["md", "docx"] = "docx", lang: Spoken = "zh"
    ) -> Response:
        """Return the agreement's text, clause by clause, as Markdown or for Word."""
        with refused_by_settlement():
            kept = find_agreement(bench.database, current_viewer(), agreement)
        if form == "md":
            content = markdown_of(kept.agreement, lang).encode()
            return _file(content, f"agreement_{lang}.md", "text/markdown; charset=utf-8", kept)
        return _file(docx_of(kept.agreement, lang), f"agreement_{lang}.docx", WORD, kept)

    @app.get(f"{agreed}/{{agreement}}/declared", responses=REFUSALS, tags=TAGS)
    def list_declared_rows(agreement: str) -> list[RowTold]:
        """Return every row that was declared, by whom, those replaced or withdrawn among them."""
        with refused_by_settlement():
            rows = declared_of(bench.database, current_viewer(), agreement)
        return rows_told(rows)

    @app.post(f"{agreed}/{{agreement}}/declared", status_code=201, responses=written_to, tags=TAGS)
    def declare_rows(agreement: str, asked: EnteredRows) -> RowsAdded:
        """Declare what was paid, all rows or none; a row of a period replaces one's own of it."""
        with refused_by_settlement():
            return RowsAdded(
                rows=list(declare(bench.database, current_viewer(), agreement, asked.rows))
            )

    @app.delete(f"{agreed}/{{agreement}}/declared/{{number}}", responses=written_to, tags=TAGS)
    def withdraw_declared_row(agreement: str, number: Number) -> RowsAdded:
        """Withdraw a row that one's own organisation declared, by a row without cells."""
        with refused_by_settlement():
            added = withdraw_row(bench.database, current_viewer(), agreement, number)
        return RowsAdded(rows=[added])

    @app.post(
        f"{agreed}/{{agreement}}/declared/files",
        status_code=201,
        responses={**written_to, **UNUSABLE},
        tags=TAGS,
    )
    def declare_file(agreement: str, file: UploadFile) -> RowsAdded:
        """Declare what was paid by a file (CSV, XLSX, Parquet), all rows or none."""
        content = require_modest(file.file.read(LARGEST_UPLOAD + 1))
        if len(content) > LARGEST_UPLOAD:
            raise too_large()
        name = file.filename or "file.csv"
        with refused_by_settlement():
            rows = rows_of_file(content, name)
            added = declare(bench.database, current_viewer(), agreement, rows, name)
        return RowsAdded(rows=list(added))

    @app.post(f"{agreed}/{{agreement}}/notices", status_code=201, responses=written_to, tags=TAGS)
    def give_exit_notice(agreement: str, asked: EnteredNotice) -> AgreementTold:
        """Give notice for one's own party that it leaves the agreement."""
        with refused_by_settlement():
            who = current_viewer()
            return agreement_told(
                give_notice(bench.database, who, agreement, asked.party, asked.year)
            )

    @app.post(f"{agreed}/{{agreement}}/transfers", status_code=201, responses=written_to, tags=TAGS)
    def record_paid_transfer(agreement: str, asked: EnteredTransfer) -> EntryTold:
        """Record what a debtor paid a creditor, as either of them."""
        with refused_by_settlement():
            said = (asked.debtor, asked.creditor, asked.fen, asked.on, asked.note)
            return entry_told(record_transfer(bench.database, current_viewer(), agreement, *said))

    @app.delete(
        f"{agreed}/{{agreement}}/transfers/{{number}}",
        responses=written_to,
        tags=TAGS,
    )
    def reverse_transfer(agreement: str, number: Number) -> EntryTold:
        """Take back a transfer that was recorded in error, by an entry that reverses it."""
        with refused_by_settlement():
            return entry_told(
                take_back_transfer(bench.database, current_viewer(), agreement, number)
            )

    statements = f"{agreed}/{{agreement}}/statements"

    @app.get(statements, responses=REFUSALS, tags=TAGS)
    def list_agreement_statements(agreement: str) -> list[StatementTold]:
        """Return the statements of an agreement, the first first."""
        with refused_by_settlement():
            found = list_statements(bench.database, current_viewer(), agreement)
        return [statement_told(each) for each in found]

    @app.post(statements, status_code=201, responses=written_to, tags=TAGS)
    def issue_agreement_statement(agreement: str, asked: EnteredPeriod) -> StatementTold:
        """Book a period on what is declared now, and issue its statement."""
        with refused_by_settlement():
            period = Period.of(asked.period)
            return statement_told(
                issue_statement(bench.database, current_viewer(), agreement, period)
            )

    @app.get(f"{statements}/{{number}}", responses=REFUSALS, tags=TAGS)
    def get_agreement_statement(agreement: str, number: Number) -> StatementTold:
        """Return a statement with its lines, entries and signatures."""
        with refused_by_settlement():
            return statement_told(
                find_statement(bench.database, current_viewer(), agreement, number)
            )

    @app.get(
        f"{statements}/{{number}}/file",
        responses={**FILE, **LACKING},
        response_class=Response,
        tags=TAGS,
    )
    def get_statement_file(
        agreement: str,
        number: Number,
        form: Literal["pdf", "xlsx", "json"] = "pdf",
        lang: Spoken = "zh",
    ) -> Response:
        """Return a statement as PDF, as workbook, or as the text that its hash is of."""
        with refused_by_settlement():
            kept = find_agreement(bench.database, current_viewer(), agreement)
            found = find_statement(bench.database, current_viewer(), agreement, number)
        return _file(*statement_file(found, form, lang), kept)

    @app.post(
        f"{statements}/{{number}}/signatures", status_code=201, responses=written_to, tags=TAGS
    )
    def sign_agreement_statement(agreement: str, number: Number, asked: Said) -> StatementTold:
        """Sign a statement for one's own party, dispute it, or say how that was resolved."""
        with refused_by_settlement():
            said = (asked.party, asked.act, asked.note)
            return statement_told(say(bench.database, current_viewer(), agreement, number, *said))


@contextmanager
def refused_by_settlement() -> Iterator[None]:
    """Turn what settlement refuses into problem details."""
    try:
        yield
    except StudyError as error:
        count = len(error.problems)
        raise Refusal(
            422, f"{count} thing(s) are wrong.", f"有{count}处须改正。", error.problems
        ) from None
    except SettlementError as error:
        statuses = {NoSuchAgreement: 404, NotYourParty: 403, NotNext: 409, NotAsItStands: 409}
        raise Refusal(statuses.get(type(error), 422), *error.words) from None


def _file(content: bytes, name: str, media: str, kept: KeptAgreement) -> Response:
    mark = "SYNTHETIC_" if kept.agreement.synthetic else ""
    headers = {"Content-Disposition": f'attachment; filename="{mark}{name}"'}
    return Response(content, media_type=media, headers=headers)
