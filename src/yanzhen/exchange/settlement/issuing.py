"""Statements in the store: issued, signed by each party for itself, disputed, paid.

Whatever is done is in the record of changes, in the same transaction; so is the attempt to act for
a party that one is not of.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, insert, select

from yanzhen.exchange.settlement.books import Books
from yanzhen.exchange.settlement.declaring import table_of
from yanzhen.exchange.settlement.folder import settle_period
from yanzhen.exchange.settlement.journal import DEBTS, Draft, Entry, reversed_draft, transferred
from yanzhen.exchange.settlement.kept import KeptAgreement, books_of, kept_agreement
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.refusals import NoSuchAgreement, NotAsItStands, SettlementError
from yanzhen.exchange.settlement.registering import require_accepted
from yanzhen.exchange.settlement.rights import require_party
from yanzhen.exchange.settlement.signing import (
    Act,
    Signature,
    State,
    disputes,
    has_signed,
    state_of,
)
from yanzhen.exchange.settlement.statement import Statement, read_statement, sha256_of, written
from yanzhen.exchange.settlement.telling import tell_debtors, tell_parties
from yanzhen.modes.coconstruction.contract.consistency import check_contracts, require
from yanzhen.modes.coconstruction.contract.rounding import LARGEST
from yanzhen.modes.coconstruction.contract.terms import Contract
from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.settlement_tables import (
    exit_notices,
    journal_entries,
    statement_signatures,
    statements,
)
from yanzhen.store.database.tables import persons
from yanzhen.store.outbox.telling import Facts
from yanzhen.store.people.viewer import Viewer

TOLD_AS: Mapping[Act, str] = MappingProxyType(
    {
        "sign": "statement_signed",
        "dispute": "statement_disputed",
        "resolve": "dispute_resolved",
    }
)
"""The kind of notice of what a party says."""
MOST_NOTE = 2000
"""Characters of a reason, a resolution or a note."""


@dataclass(frozen=True)
class KeptStatement:
    """A statement of the store, with what the parties said to it.

    Attributes
    ----------
    statement : as it was issued
    sha256 : of its text
    signatures : in their order
    state : issued, disputed or final
    """

    statement: Statement
    sha256: str
    signatures: tuple[Signature, ...]
    state: State


def issue_statement(
    database: Database, viewer: Viewer, agreement: str, period: Period
) -> KeptStatement:
    """Book a period on what is declared now, and issue its statement.

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    NotNext
        A statement of this period cannot follow the last.
    ContractError
        Something is missing for the period, or the parties declared different things up to it.
    NotAsItStands
        Not every party has accepted the agreement.
    SettlementError
        Nothing is declared.
    """
    with database.writing() as connection:
        kept = kept_agreement(connection, viewer, agreement, to_change=True)
        require_accepted(kept)
        books = books_of(connection, kept)
        before = len(books.entries)
        table = table_of(connection, kept, period)
        statement = settle_period(books, table, period)
        _add_entries(connection, viewer, kept, books.entries[before:])
        text, sha256 = written(statement), sha256_of(statement)
        made = {"made_by": viewer.person, "made_at": now()}
        row = {"number": statement.number, "period": statement.period, "text": text}
        connection.execute(
            insert(statements).values(agreement=kept.id, sha256=sha256, **row, **made)
        )
        told = {"period": statement.period, "sha256": sha256, "entries": len(books.entries)}
        facts: Facts = {"number": statement.number, "period": statement.period}
        tell_parties(connection, viewer, kept, "statement_issued", facts)
        _record(connection, viewer, "make", "statement", f"{kept.id}/{statement.number}", told)
    return KeptStatement(statement, sha256, (), "issued")


def list_statements(
    database: Database, viewer: Viewer, agreement: str
) -> tuple[KeptStatement, ...]:
    """Return the statements of an agreement, the first first.

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    """
    with database.reading() as connection:
        kept = kept_agreement(connection, viewer, agreement)
        rows = connection.execute(
            select(statements)
            .where(statements.c.agreement == kept.id)
            .order_by(statements.c.number)
        )
        return tuple(_statement(connection, kept, row) for row in rows.all())


def find_statement(
    database: Database, viewer: Viewer, agreement: str, number: int
) -> KeptStatement:
    """Return a statement.

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    """
    with database.reading() as connection:
        kept = kept_agreement(connection, viewer, agreement)
        return _found(connection, kept, number)


def say(
    database: Database,
    viewer: Viewer,
    agreement: str,
    number: int,
    party: str,
    act: Act,
    note: str = "",
) -> KeptStatement:
    """Sign a statement for one's own party, dispute it, or say how one's dispute was resolved.

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    NotYourParty
        The viewer's organisation is not that party; the attempt is recorded.
    SettlementError
        The party has said so already, has no dispute to resolve, or gives no reason.
    """
    require_party(database, viewer, agreement, party, f"{act} statement {number}")
    with database.writing() as connection:
        kept = kept_agreement(connection, viewer, agreement, to_change=True)
        found = _found(connection, kept, number)
        _require_may(found, party, act, note)
        row = {"agreement": kept.id, "statement": number, "party": party, "act": act}
        made = {"note": note.strip(), "sha256": found.sha256, "made_by": viewer.person}
        connection.execute(insert(statement_signatures).values(**row, **made, made_at=now()))
        told = {"act": act, "party": party, "note": note.strip(), "sha256": found.sha256}
        facts: Facts = {"number": number, "period": found.statement.period}
        tell_parties(connection, viewer, kept, TOLD_AS[act], facts)
        said = _found(connection, kept, number)
        if said.state == "final":
            tell_debtors(connection, kept, said.statement)
        _record(connection, viewer, "change", "statement", f"{kept.id}/{number}", told)
        return said


# Kept wide: a transfer is who, to whom, how much, when and why.
def record_transfer(
    database: Database,
    viewer: Viewer,
    agreement: str,
    debtor: str,
    creditor: str,
    fen: int,
    on: date,
    note: str = "",
) -> Entry:
    """Book what a debtor paid a creditor; either of them records it.

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    NotYourParty
        The viewer's organisation is neither; the attempt is recorded.
    NotAsItStands
        Not every party has accepted the agreement.
    SettlementError
        Nobody owes so, or the amount is none.
    """
    with database.reading() as connection:
        kept_agreement(connection, viewer, agreement)
    if (debtor, creditor) not in DEBTS:
        raise SettlementError("no_debt", debtor=debtor, creditor=creditor)
    if not 0 < fen <= LARGEST:
        raise SettlementError("amount", fen=fen)
    _require_note(note)
    draft = Draft("transfer", on.isoformat(), "", transferred(debtor, creditor, fen), None, note)
    return _booked(database, viewer, agreement, (debtor, creditor), lambda books: draft)


def take_back_transfer(database: Database, viewer: Viewer, agreement: str, number: int) -> Entry:
    """Reverse a transfer that was recorded in error.

    Raises
    ------
    NoSuchAgreement, NotYourParty
        As `record_transfer`.
    NotAsItStands
        The entry is no transfer that stands.
    """
    with database.reading() as connection:
        kept = kept_agreement(connection, viewer, agreement)
        parties = _parties_of_transfer(books_of(connection, kept), number)

    def reversal(books: Books) -> Draft:
        _parties_of_transfer(books, number)
        return reversed_draft(books.entries[number - 1])

    return _booked(database, viewer, agreement, parties, reversal)


def give_notice(
    database: Database, viewer: Viewer, agreement: str, party: str, year: int
) -> KeptAgreement:
    """Give notice that a party leaves an agreement; once, and in its year.

    Raises
    ------
    NoSuchAgreement, NotYourParty
        As `say`.
    ContractError
        The terms have no exit, or not yet.
    NotAsItStands
        Not every party has accepted the agreement.
    SettlementError
        Notice was given already, or the year is settled.
    """
    require_party(database, viewer, agreement, party, f"notice {year}")
    with database.writing() as connection:
        kept = kept_agreement(connection, viewer, agreement, to_change=True)
        require_accepted(kept)
        settled = kept.agreement
        if settled.exit_notice is not None:
            raise SettlementError("notice_given", year=settled.exit_notice)
        last = books_of(connection, kept).last
        if last is not None and year < last.year:
            raise SettlementError("year_settled", year=year)
        leaving = Contract(
            settled.id, settled.home, settled.host, settled.start_year, settled.terms, year
        )
        require(check_contracts([leaving]))
        made = {"made_by": viewer.person, "made_at": now()}
        row = {"agreement": kept.id, "year": year, "party": party}
        connection.execute(insert(exit_notices).values(**row, **made))
        told = {"notice": year, "party": party}
        _record(connection, viewer, "change", "agreement", kept.id, told)
        return kept_agreement(connection, viewer, agreement)


def _booked(
    database: Database,
    viewer: Viewer,
    agreement: str,
    parties: Sequence[str],
    drafted: Callable[[Books], Draft],
) -> Entry:
    """Book an entry of one of two parties, drafted once nobody else books."""
    require_party(database, viewer, agreement, parties, "transfer")
    with database.writing() as connection:
        kept = kept_agreement(connection, viewer, agreement, to_change=True)
        require_accepted(kept)
        books = books_of(connection, kept)
        entry = books.record(drafted(books))
        _add_entries(connection, viewer, kept, [entry])
        told = {"entry": entry.number, "hash": entry.hash, "reverses": entry.reverses}
        on = {"on": entry.period}
        tell_parties(connection, viewer, kept, "transfer_recorded", on, parties)
        _record(connection, viewer, "make", "transfer", f"{kept.id}/{entry.number}", told)
    return entry


def _parties_of_transfer(books: Books, number: int) -> tuple[str, str]:
    """Return debtor and creditor of a transfer that stands."""
    entry = books.entries[number - 1] if 0 < number <= len(books.entries) else None
    taken = {each.reverses for each in books.entries}
    if entry is None or entry.kind != "transfer" or entry.reverses or number in taken:
        raise NotAsItStands("no_transfer", number=number)
    creditor, debtor = (each.account.split(":")[1] for each in entry.postings[:2])
    return debtor, creditor


def _require_may(found: KeptStatement, party: str, act: Act, note: str) -> None:
    """Refuse what a party cannot say to a statement as it stands."""
    if party not in found.statement.signers:
        raise SettlementError("no_signer", party=party)
    disputed = disputes(party, found.signatures)
    if act == "sign" and disputed:
        raise SettlementError("sign_disputed")
    if act == "sign" and has_signed(party, found.signatures):
        raise SettlementError("signed_already")
    if act == "dispute" and disputed:
        raise SettlementError("disputed_already")
    if act == "dispute" and found.state == "final":
        raise SettlementError("final")
    if act == "resolve" and not disputed:
        raise SettlementError("no_dispute")
    if act != "sign" and not note.strip():
        raise SettlementError("no_reason")
    _require_note(note)


def _require_note(note: str) -> None:
    if len(note) > MOST_NOTE or "\0" in note:
        raise SettlementError("note", most=MOST_NOTE)


def _add_entries(
    connection: Connection, viewer: Viewer, kept: KeptAgreement, entries: Sequence[Entry]
) -> None:
    made = {"agreement": kept.id, "made_by": viewer.person, "made_at": now()}
    rows = [{**made, **entry._asdict(), "postings": list(entry.postings)} for entry in entries]
    if rows:
        connection.execute(insert(journal_entries), rows)


def _found(connection: Connection, kept: KeptAgreement, number: int) -> KeptStatement:
    asked = select(statements).where(
        statements.c.agreement == kept.id, statements.c.number == number
    )
    row = connection.execute(asked).first()
    if row is None:
        raise NoSuchAgreement("no_statement", number=number)
    return _statement(connection, kept, row)


def _statement(connection: Connection, kept: KeptAgreement, row: Any) -> KeptStatement:
    asked = (
        select(statement_signatures, persons.c.name)
        .join(persons, persons.c.id == statement_signatures.c.made_by)
        .where(
            statement_signatures.c.agreement == kept.id,
            statement_signatures.c.statement == row.number,
        )
        .order_by(statement_signatures.c.place)
    )
    said = tuple(
        Signature(each.party, each.act, each.name, each.made_at, each.note)
        for each in connection.execute(asked)
    )
    statement = read_statement(row.text)
    return KeptStatement(statement, row.sha256, said, state_of(statement.signers, said))


def _record(
    connection: Connection, viewer: Viewer, action: str, resource: str, subject: str, told: Any
) -> None:
    record(connection, viewer.actor, action, resource, subject, told)
