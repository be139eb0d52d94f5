"""The ledger against a second implementation, and what it conserves."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.modes.naive_ledger import naive_settle
from tests.modes.random_contracts import projects, sound_contracts
from yanzhen.modes.coconstruction.contract.consistency import ContractError
from yanzhen.modes.coconstruction.contract.term_values import with_home_share
from yanzhen.modes.coconstruction.contract.terms import (
    Cap,
    Contract,
    Eligibility,
    Period,
    Recovery,
    Split,
    Terms,
    TopUp,
)
from yanzhen.modes.coconstruction.settlement.ledger import (
    Ledger,
    ledger_frame,
    settle,
    settle_alternatives,
)
from yanzhen.modes.coconstruction.settlement.projects import Projects, one_contract
from yanzhen.modes.coconstruction.settlement.yearly_sharing import HOME, HOST, THIRD

PARTS = ("tax", "recovered", "top_up", "dividends", "statistics", "room")


def joined(several: list[Projects]) -> Projects:
    """Projects of contracts one after another."""
    arrays = {
        name: np.concatenate([getattr(each, name) for each in several], axis=axis)
        for name, axis in {
            "local_tax": 1,
            "tax_before": 1,
            "stock_home": 0,
            "stock_host": 0,
            "outlay": 0,
            "departure": 0,
            "production_year": 0,
            "arrival": 0,
            "exit": 0,
            "conditions": 1,
            "profit": 0,
            "statistics": 1,
        }.items()
    }
    number = np.repeat(np.arange(len(several)), [len(each.name) for each in several])
    names = tuple(name for each in several for name in each.name)
    types = tuple(kind for each in several for kind in each.type)
    return Projects(
        contract=number,
        name=names,
        type=types,
        first_year=several[0].first_year,
        known_from=several[0].known_from,
        **arrays,
    )


cases = st.lists(st.tuples(sound_contracts, projects()), min_size=1, max_size=4)


@settings(deadline=None, max_examples=150)
@given(cases)
def test_the_ledger_equals_a_second_naive_implementation(
    several: list[tuple[Contract, Projects]],
) -> None:
    contracts = [contract for contract, _ in several]
    ledger = settle(contracts, joined([rows for _, rows in several]))
    for c, (contract, rows) in enumerate(several):
        expected = naive_settle(contract, rows)
        own = ledger.projects.contract == c
        for name in PARTS:
            found = getattr(ledger, name)[..., own, :]
            np.testing.assert_array_equal(found, expected[name], err_msg=f"{name} {contract}")
        np.testing.assert_array_equal(ledger.exit_payment[c], expected["exit_payment"])
        np.testing.assert_array_equal(ledger.owed[c], expected["owed"])


@settings(deadline=None, max_examples=60)
@given(sound_contracts, projects())
def test_alternatives_settle_as_each_does_alone(contract: Contract, rows: Projects) -> None:
    share = "equity" if contract.terms.equity is not None else "all periods"
    parts = ((0, 1), (1, 3), (70, 100), (1, 1))
    several = [with_home_share(contract.terms, share, *part) for part in parts]
    together, count = settle_alternatives(contract, several, rows), len(rows.name)
    for c, each in enumerate(several):
        alone = settle([replace(contract, terms=each)], rows)
        own = slice(c * count, (c + 1) * count)
        for name in ("tax", "recovered", "top_up", "dividends", "room"):
            found, expected = getattr(together, name)[..., own, :], getattr(alone, name)
            np.testing.assert_array_equal(found, expected, err_msg=f"{name} {each}")
        np.testing.assert_array_equal(together.exit_payment[c], alone.exit_payment[0])
        np.testing.assert_array_equal(together.owed[c], alone.owed[0])


@settings(deadline=None, max_examples=40)
@given(sound_contracts, projects())
def test_every_fen_and_unit_is_conserved_project_by_project_and_year_by_year(
    contract: Contract, rows: Projects
) -> None:
    ledger = settle([contract], rows)
    np.testing.assert_array_equal(ledger.tax.sum(axis=0), rows.local_tax.sum(axis=0))
    np.testing.assert_array_equal(ledger.statistics.sum(axis=1), rows.statistics)
    assert (ledger.tax[[HOME, THIRD]] >= 0).all()
    for amounts in (ledger.recovered, ledger.top_up, ledger.dividends):
        assert (amounts >= 0).all()


@settings(deadline=None, max_examples=40)
@given(sound_contracts, projects())
def test_the_home_never_receives_more_than_the_cap(contract: Contract, rows: Projects) -> None:
    cap = contract.terms.cap
    if cap is None or cap.amount is None or contract.terms.base == "increment":
        return
    assert settle([contract], rows).tax[HOME].sum() <= cap.amount


@settings(deadline=None, max_examples=40)
@given(sound_contracts, projects())
def test_repayment_never_exceeds_the_outlay(contract: Contract, rows: Projects) -> None:
    ledger = settle([contract], rows)
    repaid, spent = ledger.recovered.sum(axis=0).cumsum(), rows.outlay.sum(axis=0).cumsum()
    assert (repaid <= spent).all()


def plain(rows: Projects) -> Ledger:
    terms = Terms("无", "plain", tax_kinds=("value_added_tax",), periods=(Period(1, Split(1, 1)),))
    return settle([Contract("c", "h", "g", rows.first_year, terms)], rows)


@given(projects(contract=1))
@settings(max_examples=1)
def test_rows_that_name_no_contract_are_refused(rows: Projects) -> None:
    with pytest.raises(ContractError, match="contract"):
        plain(rows)


@given(projects())
@settings(max_examples=5, deadline=None)
def test_the_table_has_a_row_for_every_project_and_year(rows: Projects) -> None:
    ledger = plain(rows)
    table = ledger_frame(ledger)
    assert table.height == rows.outlay.size
    assert table["tax_home"].sum() == ledger.tax[HOME].sum()


def test_a_top_up_without_any_tax_is_shared_alike_by_the_projects_covered_alone() -> None:
    terms = Terms(
        "无税",
        "no tax",
        tax_kinds=("value_added_tax",),
        periods=(Period(1, Split(1, 1)),),
        eligibility=Eligibility(types=("a",)),
        cap=Cap(amount=7),
        top_up=TopUp(share_of_shortfall=Fraction(1)),
        third_party="centre",
    )
    rows = one_contract(
        ("p", "q", "r"),
        2020,
        {"value_added_tax": np.zeros((3, 2), dtype=np.int64)},
        types=("b", "a", "a"),
    )
    ledger = settle([Contract("c", "h", "g", 2020, terms)], rows)
    assert ledger.top_up.tolist() == [[0, 0], [0, 4], [0, 3]]


def halves(**changed: Any) -> Terms:
    usual = {"tax_kinds": ("value_added_tax",), "periods": (Period(3, Split(1, 1)),)}
    return Terms("对半", "halves", **{**usual, **changed})


def one_project(*tax: int, **known: Any) -> Projects:
    return one_contract(("p",), 2020, {"value_added_tax": np.array([tax])}, **known)


def test_a_refund_is_the_hosts_and_taken_off_what_is_shared_later() -> None:
    ledger = settle([Contract("c", "h", "g", 2020, halves())], one_project(100, -30, 20, 60))
    # Carried 30, of which 20 in the third year; what is then left is beyond the years of sharing.
    assert ledger.tax[HOME, 0].tolist() == [50, 0, 0, 0]
    assert ledger.tax[HOST, 0].tolist() == [50, -30, 20, 60]
    ledger = settle([Contract("c", "h", "g", 2020, halves())], one_project(100, -30, 90))
    assert ledger.tax[HOME, 0].tolist() == [50, 0, 30]


def test_a_refund_counts_in_the_cap_and_in_the_threshold() -> None:
    before = {"value_added_tax": np.array([[50, -20, 30]])}
    capped = halves(cap=Cap(tax_before_years=3), eligibility=Eligibility(20, 3))
    rows = one_project(100, 100, tax_before=before)
    ledger = settle([Contract("c", "h", "g", 2020, capped)], rows)
    assert ledger.tax[HOME, 0].tolist() == [50, 10]
    dearer = halves(eligibility=Eligibility(21, 3))
    assert not settle([Contract("c", "h", "g", 2020, dearer)], rows).eligible.any()


def test_a_project_that_invests_less_than_the_least_shares_nothing() -> None:
    invested = {"investment": np.array([[60, 40], [60, 39]])}
    rows = one_contract(
        ("p", "q"), 2020, {"value_added_tax": np.full((2, 2), 10)}, statistics=invested
    )
    terms = halves(eligibility=Eligibility(least_investment=100))
    ledger = settle([Contract("c", "h", "g", 2020, terms)], rows)
    assert ledger.tax[HOME].tolist() == [[5, 5], [0, 0]]


def test_a_project_shares_from_its_arrival_to_its_exit() -> None:
    rows = one_project(0, 0, 10, 10, 10, 10, arrival=np.array([2022]), exit_year=np.array([2023]))
    terms = halves(periods=(Period(None, Split(1, 1)),))
    ledger = settle([Contract("c", "h", "g", 2020, terms)], rows)
    assert ledger.tax[HOME, 0].tolist() == [0, 0, 5, 5, 0, 0]
    assert ledger.tax[HOST, 0].tolist() == [0, 0, 5, 5, 10, 10]


def test_outlay_before_the_arrival_is_repaid_after_it() -> None:
    rows = one_project(0, 0, 10, arrival=np.array([2022]), outlay=np.array([[4, 0, 0]]))
    terms = halves(recovery=Recovery())
    ledger = settle([Contract("c", "h", "g", 2020, terms)], rows)
    assert ledger.recovered[0].tolist() == [0, 0, 4]
    assert ledger.tax[HOME, 0].tolist() == [0, 0, 7]


def test_amounts_before_the_arrival_are_refused() -> None:
    rows = one_project(1, 1, arrival=np.array([2021]))
    with pytest.raises(ContractError, match="before the arrival"):
        settle([Contract("c", "h", "g", 2020, halves())], rows)


def test_a_year_that_began_short_of_the_cap_keeps_the_third_partys_ratio() -> None:
    terms = halves(
        periods=(Period(1, Split(0, 1, 1)),),
        recovery=Recovery(),
        cap=Cap(amount=1),
        extension_years=1,
        third_party="centre",
    )
    rows = one_project(0, 21, 20, outlay=np.array([[0, 1, 0]]))
    ledger = settle([Contract("c", "h", "g", 2020, terms)], rows)
    # The second year extends the first, because the cap is not reached as it begins.
    assert ledger.tax[:, 0].T.tolist() == [[0, 0, 0], [1, 10, 10], [0, 20, 0]]
