"""What one party declared no other overwrites; where they differ it is said, and not settled."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.exchange.settlement.agreed import STRANGER, add_agreement, add_declared_agreement, cells
from tests.exchange.settlement.example import ROWS
from tests.store.ownership.organisations import OTHERS, OURS
from yanzhen.exchange.settlement.declaring import declare, declared_of, withdraw_row
from yanzhen.exchange.settlement.differences import Difference, as_one, differences
from yanzhen.exchange.settlement.issuing import issue_statement
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.refusals import NoSuchAgreement, NotAsItStands, NotYourParty
from yanzhen.exchange.settlement.statement import Statement
from yanzhen.modes.coconstruction import ContractError
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit

FIRST = cells(ROWS[:1])[0]


def other(**changed: str | None) -> list[dict[str, str | None]]:
    """The first row of the example, as somebody else says it."""
    return [{**FIRST, **changed}]


def told(database: Database, key: str) -> tuple[Difference, ...]:
    return differences(declared_of(database, OURS, key))


def settled(database: Database, key: str, period: Period) -> Statement:
    return issue_statement(database, OURS, key, period).statement


def test_a_party_replaces_no_row_of_another(database: Database) -> None:
    key = add_declared_agreement(database)
    (number,) = declare(database, OURS, key, other(value_added_tax="5"))
    rows = declared_of(database, OTHERS, key)
    assert [row.replaced for row in rows if row.replaced] == []
    assert (rows[0].organisation, rows[number - 1].organisation) == ("others", "ours")
    (difference,) = told(database, key)
    assert (difference.project, difference.period) == ("合肥钢构件厂", "2024Q1")
    assert difference.column == "value_added_tax"
    assert [(each.organisation, each.number, each.text) for each in difference.said] == [
        ("others", 1, "1200000.37"),
        ("ours", number, "5"),
    ]


def test_what_differs_is_settled_once_it_does_not(database: Database) -> None:
    key = add_declared_agreement(database)
    declare(database, OURS, key, other(value_added_tax="5", gdp="7"))
    with pytest.raises(ContractError) as refused:
        settled(database, key, Period(2024, 1))
    assert [(each.row, each.column) for each in refused.value.problems] == [
        (len(ROWS) + 1, "value_added_tax"),
        (len(ROWS) + 1, "gdp"),
    ]
    first = refused.value.problems[0]
    assert "1200000.37 (host, row 1), 5 (home, row 17)" in first.text("en")
    assert "迁入地" in first.text("zh")
    # Each corrects its own: the amounts are the same, however they are written.
    declare(database, OURS, key, other(value_added_tax="1200000.370"))
    assert told(database, key) == ()
    assert settled(database, key, Period(2024, 1)).taxes[0].paid == 1_200_000_37


def test_what_both_declare_counts_once(database: Database) -> None:
    key = add_declared_agreement(database)
    alone = settled(database, key, Period(2024, 1))
    declare(database, OURS, key, cells())
    assert told(database, key) == ()
    assert settled(database, key, Period(2024, 2)).corrections == ()
    assert alone.taxes[0].paid == 1_200_000_37


def test_what_differs_later_keeps_nothing_before_from_being_settled(database: Database) -> None:
    key = add_declared_agreement(database)
    later = cells([row for row in ROWS if ",2024,3," in row])
    declare(database, OURS, key, [{**row, "outlay": "1"} for row in later])
    assert {each.period for each in told(database, key)} == {"2024Q3"}
    assert settled(database, key, Period(2024, 2)).number == 1
    with pytest.raises(ContractError, match="2024Q3"):
        settled(database, key, Period(2024, 3))


def test_days_that_overlap_differ_until_a_party_withdraws(database: Database) -> None:
    key = add_agreement(database)
    (whole,) = declare(database, OURS, key, other(quarter=None))
    # What home declared keeps host from nothing.
    declare(database, OTHERS, key, cells(ROWS[:4]))
    found = told(database, key)
    assert {each.column for each in found} == {"quarter"} and len(found) == 4
    with pytest.raises(ContractError, match="2024-01-01 – 2024-12-31"):
        settled(database, key, Period(2024))
    withdraw_row(database, OURS, key, whole)
    assert told(database, key) == ()
    assert [line.paid for line in settled(database, key, Period(2024)).taxes] == [
        12_000_001_48,
        4_800_000_20,
    ]


def test_a_row_is_withdrawn_once_and_by_its_own_party(database: Database) -> None:
    key = add_declared_agreement(database)
    with pytest.raises(NotYourParty, match="host"):
        withdraw_row(database, OURS, key, 1)
    with pytest.raises(NoSuchAgreement, match="row 99"):
        withdraw_row(database, OTHERS, key, 99)
    with pytest.raises(NoSuchAgreement):
        withdraw_row(database, STRANGER, key, 1)
    withdrawal = withdraw_row(database, OTHERS, key, 1)
    for gone, error in ((1, NotAsItStands), (withdrawal, NoSuchAgreement)):
        with pytest.raises(error):
            withdraw_row(database, OTHERS, key, gone)
    rows = declared_of(database, OURS, key)
    assert (rows[0].replaced, rows[-1].cells, rows[-1].replaces) == (True, {}, 1)
    with database.reading() as connection:
        done = connection.execute(select(audit).order_by(audit.c.sequence)).all()[-2:]
    assert [(row.person, row.action) for row in done] == [("ann", "refuse"), ("bo", "remove")]


def test_what_is_fixed_of_a_project_differs_too(database: Database) -> None:
    key = add_declared_agreement(database)
    declare(database, OTHERS, key, other(stock_home="5"))
    declare(database, OURS, key, other(quarter="2", value_added_tax="2400000.37", stock_home="6"))
    (difference,) = told(database, key)
    assert [each.text for each in difference.said] == ["5", "6"]
    with pytest.raises(ContractError, match="stock_home"):
        settled(database, key, Period(2024, 1))


def test_a_party_contradicts_itself_as_before(database: Database) -> None:
    key = add_agreement(database)
    rows = [*other(stock_home="5"), *other(quarter="2", stock_home="6")]
    with pytest.raises(ContractError, match="same in all rows"):
        declare(database, OURS, key, rows)


def test_what_several_say_beside_each_other_is_one_row() -> None:
    one: dict[str, Any] = {"project": "a", "year": "2024", "value_added_tax": "1"}
    rows = [("ours", one), ("others", {"project": "a", "year": "2024", "gdp": "3"})]
    assert as_one(rows) == [{**one, "gdp": "3"}]
    again = ("ours", {"project": "a", "year": "2024", "value_added_tax": "2"})
    assert len(as_one([*rows, again])) == 2
