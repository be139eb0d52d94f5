"""Addresses of agreements that are settled: payments, statements, signatures, transfers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import CONFLICT, FILE, LACKING, REFUSALS, UNREAD, Spoken, Tags
from yanzhen.api.statement_files import statement_file
from yanzhen.api.workbench import Workbench
from yanzhen.exchange.settlement.agreement_files import docx_of, markdown_of
from yanzhen.exchange.settlement.books import NotNext
from yanzhen.exchange.settlement.issuing import (
    KeptStatement,
    find_statement,
    give_notice,
    issue_statement,
    list_statements,
    record_transfer,
    say,
    take_back_transfer,
)
from yanzhen.exchange.settlement.journal import Entry
from yanzhen.exchange.settlement.kept import (
    KeptAgreement,
    NewAgreement,
    declare,
    declared_of,
    find_agreement,
    list_agreements,
    register_agreement,
)
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.refusals import NoSuchAgreement, NotYourParty, SettlementError
from yanzhen.store.people.viewing import current_viewer
from yanzhen.study import StudyError

TAGS: Tags = ["agreements"]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_ROWS_DECLARED = 5000
Party = Literal["home", "host", "third"]
Owing = Literal["home", "host", "third", "company"]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Identity = Annotated[str, Field(min_length=1, max_length=32)]
Note = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class Strict(BaseModel):
    """What is sent, without anything that is not known."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class EnteredAgreement(Strict):
    """An agreement as it is registered by one of its parties."""

    deal: Name
    home: Name
    host: Name
    home_organisation: Identity
    host_organisation: Identity
    third_organisation: Identity | None = None
    start_year: Annotated[int, Field(ge=1900, le=2200)]
    terms: Annotated[str, Field(min_length=1, max_length=100_000, description="TOML, as signed")]
    synthetic: bool = False


class EnteredRows(Strict):
    """What projects paid: a row for each project and year or quarter, cells by column as text."""

    rows: Annotated[
        list[dict[str, Annotated[str, Field(max_length=400)] | None]],
        Field(min_length=1, max_length=MOST_ROWS_DECLARED),
    ]


class EnteredPeriod(Strict):
    """A period to be settled: 2025 or 2025Q1."""

    period: Annotated[str, Field(pattern=r"^[0-9]{4}(Q[1-4])?$")]


class Said(Strict):
    """What a party says to a statement."""

    party: Party
    act: Literal["sign", "dispute", "resolve"]
    note: Note = ""


class EnteredTransfer(Strict):
    """What a debtor paid a creditor, in fen."""

    debtor: Owing
    creditor: Owing
    fen: Annotated[int, Field(gt=0, le=2**50)]
    on: date
    note: Note = ""


class EnteredNotice(Strict):
    """Notice that a party leaves."""

    party: Party
    year: Annotated[int, Field(ge=1900, le=2200)]


class AgreementTold(BaseModel):
    """An agreement."""

    id: str
    deal: str
    title_zh: str
    title_en: str
    home: str
    host: str
    third: str
    parties: dict[str, str] = Field(description="Organisation of each party that signs")
    start_year: int
    exit_notice: int | None
    terms: str
    terms_sha256: str
    synthetic: bool
    made_at: str


class RowTold(BaseModel):
    """A row that was declared."""

    number: int
    cells: dict[str, str]
    replaces: int | None
    replaced: bool
    made_at: str


class SignatureTold(BaseModel):
    """What a party said to a statement."""

    party: str
    act: str
    name: str
    at: str
    note: str


class StatementTold(BaseModel):
    """A statement; its lines are lists in the order of `docs/exchange-settlement.md`."""

    number: int
    period: str
    state: Literal["issued", "disputed", "final"]
    sha256: str
    terms_sha256: str
    synthetic: bool
    signatures: list[SignatureTold]
    balances: list[list[str | int]] = Field(
        description="Debtor, creditor, opening, accrued, paid, closing in fen"
    )
    shares: list[list[str | int]] = Field(description="Project, part, due, before, now in fen")
    corrections: list[list[str | int]] = Field(
        description="Period, project, part, before, now in fen"
    )
    entries: list[list[Any]] = Field(
        description="Number, kind, period, project, postings, reverses, note, previous, hash"
    )


class EntryTold(BaseModel):
    """An entry that was booked."""

    number: int
    kind: str
    period: str
    reverses: int | None
    hash: str


class RowsAdded(BaseModel):
    """Numbers of the rows that were added."""

    rows: list[int]


# Kept whole: a list of routes, none of them over fifteen lines.
def add_settlement(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of agreements and their statements."""
    agreed = "/api/v1/exchange/agreements"
    written_to = {**REFUSALS, **UNREAD}

    @app.get(agreed, responses=REFUSALS, tags=TAGS)
    def list_settled_agreements() -> list[AgreementTold]:
        """Return the agreements of which one's organisation is a party, the newest first."""
        return [_told(each) for each in list_agreements(bench.database, current_viewer())]

    @app.post(agreed, status_code=201, responses=written_to, tags=TAGS)
    def register_settled_agreement(asked: EnteredAgreement) -> AgreementTold:
        """Register an agreement of which one's organisation is a party."""
        with refused_by_settlement():
            new = NewAgreement(**asked.model_dump())
            return _told(register_agreement(bench.database, current_viewer(), new))

    @app.get(f"{agreed}/{{agreement}}", responses=REFUSALS, tags=TAGS)
    def get_settled_agreement(agreement: str) -> AgreementTold:
        """Return an agreement."""
        with refused_by_settlement():
            return _told(find_agreement(bench.database, current_viewer(), agreement))

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
        """Return every row that was declared, those replaced among them."""
        with refused_by_settlement():
            rows = declared_of(bench.database, current_viewer(), agreement)
        return [RowTold(**vars(row)) for row in rows]

    @app.post(f"{agreed}/{{agreement}}/declared", status_code=201, responses=written_to, tags=TAGS)
    def declare_rows(agreement: str, asked: EnteredRows) -> RowsAdded:
        """Declare what was paid, all rows or none; a row of a period that is there replaces it."""
        with refused_by_settlement():
            return RowsAdded(
                rows=list(declare(bench.database, current_viewer(), agreement, asked.rows))
            )

    @app.post(f"{agreed}/{{agreement}}/notices", status_code=201, responses=written_to, tags=TAGS)
    def give_exit_notice(agreement: str, asked: EnteredNotice) -> AgreementTold:
        """Give notice for one's own party that it leaves the agreement."""
        with refused_by_settlement():
            who = current_viewer()
            return _told(give_notice(bench.database, who, agreement, asked.party, asked.year))

    @app.post(f"{agreed}/{{agreement}}/transfers", status_code=201, responses=written_to, tags=TAGS)
    def record_paid_transfer(agreement: str, asked: EnteredTransfer) -> EntryTold:
        """Record what a debtor paid a creditor, as either of them."""
        with refused_by_settlement():
            said = (asked.debtor, asked.creditor, asked.fen, asked.on, asked.note)
            return _entry(record_transfer(bench.database, current_viewer(), agreement, *said))

    @app.delete(
        f"{agreed}/{{agreement}}/transfers/{{number}}",
        responses=written_to,
        tags=TAGS,
    )
    def reverse_transfer(agreement: str, number: int) -> EntryTold:
        """Take back a transfer that was recorded in error, by an entry that reverses it."""
        with refused_by_settlement():
            return _entry(take_back_transfer(bench.database, current_viewer(), agreement, number))

    statements = f"{agreed}/{{agreement}}/statements"

    @app.get(statements, responses=REFUSALS, tags=TAGS)
    def list_agreement_statements(agreement: str) -> list[StatementTold]:
        """Return the statements of an agreement, the first first."""
        with refused_by_settlement():
            found = list_statements(bench.database, current_viewer(), agreement)
        return [_statement(each) for each in found]

    @app.post(statements, status_code=201, responses={**written_to, **CONFLICT}, tags=TAGS)
    def issue_agreement_statement(agreement: str, asked: EnteredPeriod) -> StatementTold:
        """Book a period on what is declared now, and issue its statement."""
        with refused_by_settlement():
            period = Period.of(asked.period)
            return _statement(issue_statement(bench.database, current_viewer(), agreement, period))

    @app.get(f"{statements}/{{number}}", responses=REFUSALS, tags=TAGS)
    def get_agreement_statement(agreement: str, number: int) -> StatementTold:
        """Return a statement with its lines, entries and signatures."""
        with refused_by_settlement():
            return _statement(find_statement(bench.database, current_viewer(), agreement, number))

    @app.get(
        f"{statements}/{{number}}/file",
        responses={**FILE, **LACKING},
        response_class=Response,
        tags=TAGS,
    )
    def get_statement_file(
        agreement: str,
        number: int,
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
    def sign_agreement_statement(agreement: str, number: int, asked: Said) -> StatementTold:
        """Sign a statement for one's own party, dispute it, or say how that was resolved."""
        with refused_by_settlement():
            said = (asked.party, asked.act, asked.note)
            return _statement(say(bench.database, current_viewer(), agreement, number, *said))


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
        statuses = {NoSuchAgreement: 404, NotYourParty: 403, NotNext: 409}
        raise Refusal(statuses.get(type(error), 422), *error.words) from None


def _file(content: bytes, name: str, media: str, kept: KeptAgreement) -> Response:
    mark = "SYNTHETIC_" if kept.agreement.synthetic else ""
    headers = {"Content-Disposition": f'attachment; filename="{mark}{name}"'}
    return Response(content, media_type=media, headers=headers)


def _told(kept: KeptAgreement) -> AgreementTold:
    agreement = kept.agreement
    return AgreementTold(
        id=kept.id,
        deal=kept.deal,
        title_zh=agreement.terms.title_zh,
        title_en=agreement.terms.title_en,
        home=agreement.home,
        host=agreement.host,
        third=agreement.terms.third_party,
        parties=dict(kept.parties),
        start_year=agreement.start_year,
        exit_notice=agreement.exit_notice,
        terms=agreement.terms_toml,
        terms_sha256=agreement.terms_sha256,
        synthetic=agreement.synthetic,
        made_at=kept.made_at,
    )


def _statement(found: KeptStatement) -> StatementTold:
    statement = found.statement
    return StatementTold(
        number=statement.number,
        period=statement.period,
        state=found.state,
        sha256=found.sha256,
        terms_sha256=statement.terms_sha256,
        synthetic=statement.synthetic,
        signatures=[SignatureTold(**vars(each)) for each in found.signatures],
        balances=[list(each) for each in statement.balances],
        shares=[list(each) for each in statement.shares],
        corrections=[list(each) for each in statement.corrections],
        entries=[list(each) for each in statement.entries],
    )


def _entry(entry: Entry) -> EntryTold:
    return EntryTold(
        number=entry.number,
        kind=entry.kind,
        period=entry.period,
        reverses=entry.reverses,
        hash=entry.hash,
    )
