"""Agreements in a store: their parties alone see them, and nothing that was written changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from tests.exchange.meeting import meeting, together
from tests.exchange.settlement.agreed import (
    NEW,
    STRANGER,
    accepted,
    add_agreement,
    add_declared_agreement,
    cells,
)
from tests.exchange.settlement.example import ROWS
from tests.store.ownership.organisations import OTHERS, OURS
from yanzhen.exchange.settlement import issuing
from yanzhen.exchange.settlement.declaring import declare, declared_of
from yanzhen.exchange.settlement.issuing import (
    find_statement,
    give_notice,
    issue_statement,
    list_statements,
    record_transfer,
    say,
    take_back_transfer,
)
from yanzhen.exchange.settlement.journal import Entry, faults, totals
from yanzhen.exchange.settlement.kept import (
    books_of,
    entries_of,
    find_agreement,
    kept_agreement,
    list_agreements,
)
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.refusals import (
    NoSuchAgreement,
    NotAsItStands,
    NotYourParty,
    SettlementError,
)
from yanzhen.exchange.settlement.registering import register_agreement
from yanzhen.exchange.settlement.statement import written
from yanzhen.modes.coconstruction import ContractError
from yanzhen.store.audit.verifying import verify
from yanzhen.store.database.connection import Database
from yanzhen.store.database.settlement_tables import KEPT, exit_notices
from yanzhen.store.database.tables import METADATA, audit

PLAIN = """tax_kinds = ["value_added_tax"]
[[periods]]
years = 5
split = "1:1"
"""
YEAR = [*(Period(2024, quarter) for quarter in (1, 2, 3, 4)), Period(2024)]


def test_a_year_is_issued_signed_paid_and_corrected_in_the_next(database: Database) -> None:
    key = add_declared_agreement(database)
    issued = [issue_statement(database, OTHERS, key, period) for period in YEAR]
    assert [each.statement.number for each in issued] == [1, 2, 3, 4, 5]
    for viewer, party, state in ((OURS, "home", "issued"), (OTHERS, "host", "final")):
        assert say(database, viewer, key, 5, party, "sign").state == state
    record_transfer(database, OTHERS, key, "host", "home", 100, date(2025, 1, 7), "预拨")
    taken = record_transfer(database, OURS, key, "host", "home", 9, date(2025, 1, 8))
    take_back_transfer(database, OURS, key, taken.number)
    with pytest.raises(NotAsItStands, match="no transfer"):
        take_back_transfer(database, OURS, key, taken.number)

    changed = [row for row in ROWS if row.startswith("合肥钢构件厂,2024,2")]
    wrong = [row.replace("2400000.37", "2300000.37") for row in changed]
    (number,) = declare(database, OTHERS, key, cells(wrong))
    rows = declared_of(database, OURS, key)
    assert [row.number for row in rows if row.replaced] == [rows[number - 1].replaces]
    after = issue_statement(database, OURS, key, Period(2025, 1))
    assert {line.period for line in after.statement.corrections} == {"2024"}
    assert sum(balance.paid for balance in after.statement.balances) == 100
    kept = list_statements(database, OURS, key)
    assert [written(each.statement) for each in kept[:5]] == [
        written(each.statement) for each in issued
    ]
    assert kept[4].state == "final"
    with database.reading() as connection:
        books = books_of(connection, kept_agreement(connection, OURS, key))
        assert verify(connection).broken == ()
    assert faults(books.entries) == []
    claim = totals(books.entries)["receivable:home:host"]
    assert claim == after.statement.balances[0].closing


def test_of_two_who_take_a_transfer_back_at_once_one_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = add_agreement(database)
    paid = record_transfer(database, OURS, key, "host", "home", 9, date(2025, 1, 8))
    monkeypatch.setattr(issuing, "require_party", meeting(issuing.require_party))
    done = together(
        *(partial(take_back_transfer, database, each, key, paid.number) for each in (OURS, OTHERS))
    )
    assert {type(each) for each in done} == {Entry, NotAsItStands}
    assert [each.reverses for each in entries_of(database, OURS, key)] == [None, paid.number]


def test_strangers_see_no_agreement_nor_what_lies_in_it(database: Database) -> None:
    key = add_declared_agreement(database)
    issue_statement(database, OURS, key, Period(2024, 1))
    assert [each.id for each in list_agreements(database, OTHERS)] == [key]
    assert list_agreements(database, STRANGER) == ()
    asked: list[Callable[[], Any]] = [
        lambda: find_agreement(database, STRANGER, key),
        lambda: declare(database, STRANGER, key, cells()),
        lambda: declared_of(database, STRANGER, key),
        lambda: issue_statement(database, STRANGER, key, Period(2024, 2)),
        lambda: list_statements(database, STRANGER, key),
        lambda: find_statement(database, STRANGER, key, 1),
        lambda: say(database, STRANGER, key, 1, "home", "sign"),
        lambda: record_transfer(database, STRANGER, key, "host", "home", 1, date(2025, 1, 1)),
        lambda: take_back_transfer(database, STRANGER, key, 1),
        lambda: give_notice(database, STRANGER, key, "home", 2025),
    ]
    for ask in asked:
        with pytest.raises(NoSuchAgreement):
            ask()


def test_who_signs_for_another_party_is_refused_and_recorded(database: Database) -> None:
    key = add_declared_agreement(database)
    issue_statement(database, OURS, key, Period(2024, 1))
    for act in ("sign", "dispute"):
        with pytest.raises(NotYourParty, match="host"):
            say(database, OURS, key, 1, "host", act, "x")  # type: ignore[arg-type]
    with pytest.raises(NotYourParty):
        record_transfer(database, OURS, key, "host", "third", 5, date(2025, 1, 1))
    assert find_statement(database, OURS, key, 1).signatures == ()
    with database.reading() as connection:
        refused = connection.execute(select(audit).where(audit.c.action == "refuse")).all()
    assert [(row.person, row.subject) for row in refused] == [("ann", key)] * 3


def test_a_dispute_has_a_reason_and_a_resolution(database: Database) -> None:
    key = add_declared_agreement(database)
    issue_statement(database, OURS, key, Period(2024, 1))

    def said(viewer: Any, party: str, act: Any, note: str = "") -> str:
        return say(database, viewer, key, 1, party, act, note).state

    assert said(OTHERS, "host", "sign") == "issued"
    with pytest.raises(SettlementError, match="reason"):
        said(OURS, "home", "dispute", " ")
    assert said(OURS, "home", "dispute", "退库未计") == "disputed"
    for act, key_said in (("sign", "Resolve"), ("dispute", "already")):
        with pytest.raises(SettlementError, match=key_said):
            said(OURS, "home", act, "x")
    with pytest.raises(SettlementError, match="no dispute"):
        said(OTHERS, "host", "resolve", "x")
    assert said(OURS, "home", "resolve", "列入下期") == "issued"
    assert said(OURS, "home", "sign") == "final"
    with pytest.raises(SettlementError, match="final"):
        said(OTHERS, "host", "dispute", "x")
    notes = [each.note for each in find_statement(database, OTHERS, key, 1).signatures]
    assert notes == ["", "退库未计", "列入下期", ""]


@pytest.mark.parametrize("table", KEPT)
def test_no_row_is_changed_or_deleted(database: Database, table: str) -> None:
    key = add_declared_agreement(database)
    issue_statement(database, OURS, key, Period(2024, 1))
    say(database, OURS, key, 1, "home", "sign")
    notice = {"agreement": key, "year": 2025, "party": "home"}
    with database.writing() as connection:
        made = {"made_by": "ann", "made_at": "2025-01-01T00:00:00.000000Z"}
        connection.execute(exit_notices.insert().values(**notice, **made))
    rows = METADATA.tables[table]
    for change in (update(rows).values(made_at="never"), delete(rows)):
        with pytest.raises(DBAPIError, match="only added"), database.writing() as connection:
            connection.execute(change)
    with database.reading() as connection:
        found = connection.execute(select(rows)).all()
    assert found and all(row.made_at != "never" for row in found)


def test_what_is_wrong_with_an_agreement_is_told(database: Database) -> None:
    add_agreement(database)
    for new, said in (
        (replace(NEW, home_organisation="strangers"), "home or its host"),
        (replace(NEW, host_organisation="nobody"), "not on this server"),
        (replace(NEW, reference=" "), "1 to 200"),
        (replace(NEW, terms="x" * 100_001), "longer"),
        (replace(NEW, terms=PLAIN, third_organisation="strangers"), "no third party"),
    ):
        with pytest.raises(SettlementError, match=said):
            register_agreement(database, OURS, new)
    with pytest.raises(ContractError, match="base"):
        register_agreement(database, OURS, replace(NEW, terms=f'base = "some"\n{NEW.terms}'))


def test_wrong_rows_are_told_by_their_place_and_nothing_is_kept(database: Database) -> None:
    key = add_declared_agreement(database)
    wrong = cells(["封测,2024,1,1.234,x,0,0,0"])
    with pytest.raises(ContractError) as refused:
        declare(database, OURS, key, wrong)
    places = [(each.row, each.column) for each in refused.value.problems]
    assert places == [(2, "value_added_tax"), (2, "enterprise_income_tax")]
    assert len(declared_of(database, OURS, key)) == len(ROWS)


def test_notice_is_given_once_by_a_party_where_the_terms_allow_it(database: Database) -> None:
    add_agreement(database)
    terms = f'{NEW.terms}\n[exit]\nearliest_year = 2\nnotice_years = 1\noutlay_repaid = "50%"\n'
    key = accepted(database, replace(NEW, terms=terms))
    with pytest.raises(ContractError, match="2025"):
        give_notice(database, OURS, key, "home", 2024)
    with pytest.raises(NotYourParty):
        give_notice(database, OURS, key, "host", 2025)
    assert give_notice(database, OURS, key, "home", 2025).agreement.exit_notice == 2025
    with pytest.raises(SettlementError, match="already"):
        give_notice(database, OTHERS, key, "host", 2026)
