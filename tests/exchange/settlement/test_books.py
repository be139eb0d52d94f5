"""Statements: they add up to the contract's settlement, and stay as they were issued."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.settlement.drawn import Drawn, drawn, settled
from tests.modes.naive_ledger import naive_settle
from yanzhen.exchange.settlement.books import Books, NotNext
from yanzhen.exchange.settlement.declared import through
from yanzhen.exchange.settlement.journal import (
    DEBTS,
    Draft,
    faults,
    totals,
    transferred,
)
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.statement import read_statement, written

FIRST = 2020
YEARS = [Period(year) for year in range(FIRST, FIRST + 6)]
ALL = [
    period
    for year in (FIRST, FIRST + 1)
    for period in (*(Period(year, q) for q in (1, 2, 3, 4)), Period(year))
]


def expected_claims(case: Drawn, year: int) -> dict[str, int]:
    """What each owes the other, by the naive second ledger over the years up to one."""
    rows = through(case.until(Period(year)), year).projects
    naive = naive_settle(case.contract, rows)
    home, _, third = naive["tax"].sum(axis=(1, 2))
    dividends = naive["dividends"].sum(axis=(1, 2))
    owed = {
        "host:home": home + naive["exit_payment"].sum(),
        "host:third": third,
        "third:home": naive["top_up"].sum(),
        "company:home": dividends[0],
        "company:host": dividends[1],
        "company:third": dividends[2],
    }
    return {debt: int(fen) for debt, fen in owed.items()}


def claims(books: Books) -> dict[str, int]:
    sums = totals(books.entries)
    return {
        f"{debtor}:{creditor}": sums.get(f"receivable:{creditor}:{debtor}", 0)
        for debtor, creditor in DEBTS
    }


@settings(max_examples=8)
@given(drawn())
def test_every_ledger_balances_and_equals_the_naive_second_one(case: Drawn) -> None:
    books = Books(case.agreement)
    for period in YEARS:
        settled(books, case, [period])
        assert claims(books) == expected_claims(case, period.year)
    assert faults(books.entries) == []
    sums = totals(books.entries)
    rows = case.rows
    until = slice(0, len(YEARS))
    assert sums.get("treasury:host", 0) == rows.local_tax[..., until].sum()
    assert sums.get("treasury:central", 0) == case.central[..., until].sum()


@settings(max_examples=6)
@given(drawn())
def test_instalments_are_settled_against_the_year(case: Drawn) -> None:
    by_quarter, by_year = Books(case.agreement), Books(case.agreement)
    settled(by_quarter, case, ALL)
    settled(by_year, case, [Period(FIRST), Period(FIRST + 1)])
    assert totals(by_quarter.entries) == totals(by_year.entries)
    assert faults(by_quarter.entries) == []


@settings(max_examples=8)
@given(drawn(), st.integers(0, 2), st.integers(-40, 40))
def test_a_correction_changes_only_later_statements(case: Drawn, year: int, fen: int) -> None:
    books = Books(case.agreement)
    before = settled(books, case, YEARS[:3])
    kept = [written(statement) for statement in before]
    tax = case.rows.local_tax.copy()
    tax[0, :, year] = (tax[0, :, year] + fen) * (case.rows.arrival <= FIRST + year)
    corrected = replace(case, rows=replace(case.rows, local_tax=tax))
    (after,) = settled(books, corrected, [YEARS[3]])
    assert [written(statement) for statement in before] == kept
    assert claims(books) == expected_claims(corrected, FIRST + 3)
    assert faults(books.entries) == []
    changed = bool((tax != case.rows.local_tax).any())
    assert any(line.period == str(YEARS[year]) for line in after.corrections) == changed
    for entry in after.entries:
        if entry.reverses is not None:
            assert books.entries[entry.reverses - 1].period == entry.period < after.period
    # As if it had been right from the start.
    anew = Books(case.agreement)
    settled(anew, corrected, YEARS[:4])
    assert totals(anew.entries) == totals(books.entries)


@settings(max_examples=6)
@given(drawn())
def test_a_statement_read_again_is_the_same_and_books_go_on_from_it(case: Drawn) -> None:
    books = Books(case.agreement)
    statements = settled(books, case, [*ALL[:4]])
    assert [read_statement(written(each)) for each in statements] == statements
    again = Books(case.agreement, books.entries, [read_statement(written(s)) for s in statements])
    transfer = Draft("transfer", "2020-12-31", "", transferred("host", "home", 5))
    assert books.record(transfer) == again.record(transfer)
    (one,), (other,) = (settled(each, case, [ALL[4]]) for each in (books, again))
    assert written(one) == written(other)
    paid = {(b.debtor, b.creditor): b.paid for b in one.balances}
    assert paid["host", "home"] == 5


@settings(max_examples=6)
@given(drawn())
def test_statistics_told_last_are_those_of_the_settlement(case: Drawn) -> None:
    books = Books(case.agreement)
    told = {}
    for statement in settled(books, case, YEARS):
        for line in statement.counted:
            told[line.statistic, line.project, line.year] = (line.home, line.host)
    naive = naive_settle(case.contract, through(case.until(YEARS[-1]), FIRST + 5).projects)
    whole = np.array(
        [sum(home for home, _ in told.values()), sum(host for _, host in told.values())]
    )
    np.testing.assert_array_equal(whole, naive["statistics"].sum(axis=(0, 2, 3)))


@given(drawn())
@settings(max_examples=1)
def test_a_period_out_of_its_order_is_refused(case: Drawn) -> None:
    books = Books(case.agreement)
    settled(books, case, [Period(FIRST, 2)])
    for wrong in (Period(FIRST, 2), Period(FIRST, 1), Period(FIRST + 1), Period(FIRST + 1, 1)):
        with pytest.raises(NotNext):
            settled(books, case, [wrong])
    settled(books, case, [Period(FIRST), Period(FIRST + 1)])
    with pytest.raises(NotNext):
        settled(books, case, [Period(FIRST + 1, 4)])


@given(drawn())
@settings(max_examples=1)
def test_every_fault_of_a_journal_is_found(case: Drawn) -> None:
    books = Books(case.agreement)
    record = [
        books.record(
            Draft("transfer", "2020-01-0" + str(day), "", transferred("host", "home", day))
        )
        for day in (1, 2, 3)
    ]
    assert faults(record) == []
    assert faults(record[1:])[0] == "entry 2: number 1 is missing"
    broken = [record[0], record[1]._replace(note="x"), record[2]]
    assert faults(broken) == ["entry 2: the chain is broken"]
    postings = (record[1].postings[0]._replace(fen=7), *record[1].postings[1:])
    said = faults([record[0], record[1]._replace(postings=postings)])
    assert "entry 2: the postings do not sum to zero" in said
    assert any(each.startswith("all accounts sum to") for each in said)
    with pytest.raises(ValueError, match="do not sum to zero"):
        books.record(Draft("transfer", "2020-01-04", "", postings))
