"""What addresses of agreements take and tell."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, model_validator

from yanzhen.api.fields import SAYS_SOMETHING
from yanzhen.exchange.settlement.declared import MOST_ROWS
from yanzhen.exchange.settlement.differences import DeclaredRow, differences
from yanzhen.exchange.settlement.issuing import KeptStatement
from yanzhen.exchange.settlement.journal import Entry
from yanzhen.exchange.settlement.kept import KeptAgreement

Party = Literal["home", "host", "third"]
Owing = Literal["home", "host", "third", "company"]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=SAYS_SOMETHING)]
Identity = Annotated[str, Field(min_length=1, max_length=32)]
BY_HAND = ("reference", "home", "host", "home_organisation", "host_organisation", "terms")
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Note = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class Strict(BaseModel):
    """What is sent, without anything that is not known."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class EnteredAgreement(Strict):
    """An agreement as it is registered by one of its parties.

    Of a deal of this server, terms and parties are those that were signed and need not be said;
    otherwise a reference, the regions, their organisations and the terms are.
    """

    deal: Annotated[Identity | None, Field(description="Identity of a deal on this server")] = None
    reference: Annotated[Name | None, Field(description="What the parties call it")] = None
    home: Name | None = None
    host: Name | None = None
    home_organisation: Identity | None = None
    host_organisation: Identity | None = None
    third_organisation: Identity | None = None
    start_year: Annotated[int, Field(ge=1900, le=2200)]
    terms: Annotated[
        str | None, Field(min_length=1, max_length=100_000, description="TOML, as signed")
    ] = None
    synthetic: bool = False

    @model_validator(mode="after")
    def of_a_deal_or_whole(self) -> Self:
        """Refuse what is neither of a deal nor said in full."""
        if self.deal is not None and self.reference is not None:
            raise ValueError("reference: only where there is no deal")
        lacking = [name for name in BY_HAND if self.deal is None and not getattr(self, name)]
        if lacking:
            raise ValueError(f"without a deal, there have to be: {', '.join(lacking)}")
        return self


class EnteredAnswer(Strict):
    """What a party says to an agreement as it was registered."""

    party: Party
    answer: Literal["accept", "decline"]
    sha256: Annotated[
        str, Field(pattern=r"^[0-9a-f]{64}$", description="Of the agreement that was read")
    ]


class EnteredRows(Strict):
    """What projects paid: a row for each project and year or quarter, cells by column as text."""

    rows: Annotated[
        list[dict[str, Annotated[str, Field(max_length=400)] | None]],
        Field(min_length=1, max_length=MOST_ROWS),
    ]


class EnteredPeriod(Strict):
    """A period to be settled: 2025 or 2025Q1."""

    period: Annotated[str, Field(pattern=r"^(19[0-9]{2}|2[01][0-9]{2}|2200)(Q[1-4])?$")]


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


class AnswerTold(BaseModel):
    """Whether a party accepted an agreement or declined it."""

    party: str
    answer: Literal["accept", "decline"]
    name: str
    at: str


class AgreementTold(BaseModel):
    """An agreement."""

    id: str
    deal: str | None = Field(description="Identity of the deal whose signed terms it is on")
    reference: str | None = Field(description="What the parties call it where it is of no deal")
    state: Literal["registered", "accepted", "declined"] = Field(
        description="Accepted once all parties have; nothing is settled before"
    )
    sha256: str = Field(
        description="Of all that is accepted: terms, parties, names, first year, SYNTHETIC"
    )
    answers: list[AnswerTold]
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
    organisation: str = Field(description="That declared it, and alone replaces or withdraws it")
    cells: dict[str, str] = Field(description="None where it withdraws the row that it replaces")
    replaces: int | None
    replaced: bool
    differs: list[str] = Field(
        description="Columns in which a row of another party that holds says otherwise"
    )
    made_at: str


class SignatureTold(BaseModel):
    """What a party said to a statement."""

    party: str
    act: str
    name: str
    at: str
    note: str


class StatementTold(BaseModel):
    """A statement; its lines are lists in the order of `docs/en/how-to/exchange-settlement.md`."""

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


def agreement_told(kept: KeptAgreement) -> AgreementTold:
    """Return an agreement as the API tells it."""
    agreement = kept.agreement
    return AgreementTold(
        id=kept.id,
        deal=kept.deal,
        reference=kept.reference,
        state=kept.standing,
        sha256=kept.sha256,
        answers=[AnswerTold(**vars(each)) for each in kept.answers],
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


def rows_told(rows: Sequence[DeclaredRow]) -> list[RowTold]:
    """Return declared rows as the API tells them."""
    differing: dict[int, list[str]] = {}
    for each in differences(rows):
        for saying in each.said:
            columns = differing.setdefault(saying.number, [])
            columns += [each.column] if each.column not in columns else []
    return [RowTold(**vars(row), differs=differing.get(row.number, [])) for row in rows]


def statement_told(found: KeptStatement) -> StatementTold:
    """Return a statement as the API tells it."""
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


def entry_told(entry: Entry) -> EntryTold:
    """Return an entry as the API tells it."""
    return EntryTold(
        number=entry.number,
        kind=entry.kind,
        period=entry.period,
        reverses=entry.reverses,
        hash=entry.hash,
    )
