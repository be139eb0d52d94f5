"""Both ledgers of a pair of the embedded study, and the schemes side by side on it."""

from dataclasses import replace
from fractions import Fraction

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.declared import undeclared
from yanzhen.market.equilibrium.cleared_study import ClearedStudy, clear_study
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.modes.coconstruction.contract.consistency import ContractError
from yanzhen.modes.coconstruction.contract.declarations import turned
from yanzhen.modes.coconstruction.contract.terms import Contract, Split, Terms
from yanzhen.modes.coconstruction.gains.appraisal import appraise_terms
from yanzhen.modes.coconstruction.gains.pair_ledger import (
    PairLedger,
    pair_ledger,
    schemes_on_pair,
    with_own,
)
from yanzhen.modes.coconstruction.gains.prospect import Prospect, prospect_of
from yanzhen.modes.coconstruction.settlement.agreements import Agreement
from yanzhen.modes.coconstruction.settlement.presets import PRESETS, Given, preset
from yanzhen.study import read_study

GIVEN = Given(("value_added_tax",), Fraction(1, 2), Split(60, 40), Fraction(1, 2))
NOT_GIVEN = Given(("value_added_tax",))


@pytest.fixture(scope="module")
def cleared() -> ClearedStudy:
    return clear_study(study_inputs(read_study("china-provinces")))


@pytest.fixture(scope="module")
def agreement(cleared: ClearedStudy) -> Agreement:
    terms = turned(preset("songjiang_luan").complete(GIVEN), {"third": 10, "recovery": 100})
    start = cleared.inputs.period[0]
    return Agreement(Contract("own", "310000", "340000", start, terms), (), "own")


@pytest.fixture(scope="module")
def prospect(cleared: ClearedStudy, agreement: Agreement) -> Prospect:
    return prospect_of(cleared, agreement)


@pytest.fixture(scope="module")
def ledger(cleared: ClearedStudy, agreement: Agreement, prospect: Prospect) -> PairLedger:
    return pair_ledger(cleared, agreement, prospect)


def under(agreement: Agreement, terms: Terms, scheme: str = "own") -> Agreement:
    contract = replace(agreement.contract, terms=terms)
    return replace(agreement, contract=contract, scheme=scheme)


def test_tables_are_as_declared(ledger: PairLedger) -> None:
    assert undeclared(ledger) == []


def test_every_years_tax_is_shared_out_whole(ledger: PairLedger) -> None:
    yearly = ledger.yearly
    shared = yearly["tax_home"] + yearly["tax_host"] + yearly["tax_third"]
    assert shared.to_list() == pytest.approx(yearly["tax_paid"].to_list(), rel=1e-12)
    assert (yearly["recovered"] <= yearly["tax_home"]).all()
    assert yearly["tax_third"].sum() > 0


def test_the_host_keeps_all_after_the_last_year_of_sharing(ledger: PairLedger) -> None:
    last = ledger.yearly.row(-1, named=True)
    assert last["tax_home"] == 0
    assert last["tax_host"] == last["tax_paid"]
    assert last["output_home"] == 0 < last["output_host"]


def test_statistics_go_by_their_own_ratio(ledger: PairLedger) -> None:
    first = ledger.yearly.row(0, named=True)
    assert first["output_home"] == pytest.approx(first["output_host"] * 40 / 60)


def test_industries_and_years_add_up_to_the_same(ledger: PairLedger) -> None:
    for column in ("tax_paid", "tax_home", "tax_host", "output_home"):
        assert ledger.by_industry[column].sum() == pytest.approx(ledger.yearly[column].sum())


def test_the_terms_stand_first_and_gain_what_their_appraisal_says(
    cleared: ClearedStudy, agreement: Agreement, prospect: Prospect
) -> None:
    table = schemes_on_pair(cleared, agreement, prospect, map(preset, PRESETS), GIVEN)
    found = appraise_terms(cleared, agreement, prospect)
    first = table.row(0, named=True)
    assert table["scheme"].to_list() == ["own", *PRESETS]
    assert (first["home"], first["host"]) == pytest.approx((found.home_gain, found.host_gain))


def test_other_terms_take_the_first_place_as_if_all_were_put_anew(
    cleared: ClearedStudy, agreement: Agreement, prospect: Prospect
) -> None:
    table = schemes_on_pair(cleared, agreement, prospect, map(preset, PRESETS), GIVEN)
    terms = preset("beijing_tianjin_hebei_2015").complete(GIVEN)
    other = under(agreement, turned(terms, {"exit_from": 1, "outlay_repaid": 80}))
    found = appraise_terms(cleared, other, prospect)
    ledger = pair_ledger(cleared, other, prospect)
    anew = schemes_on_pair(cleared, other, prospect, map(preset, PRESETS), GIVEN)
    assert_frame_equal(with_own(table, found, ledger), anew)


def test_each_scheme_gains_what_it_would_alone(
    cleared: ClearedStudy, agreement: Agreement, prospect: Prospect
) -> None:
    table = schemes_on_pair(cleared, agreement, prospect, map(preset, PRESETS), GIVEN)
    for key in ("zibo", "beijing_tianjin_hebei_2015"):
        alone = under(agreement, preset(key).complete(GIVEN), key)
        found = appraise_terms(cleared, alone, prospect_of(cleared, alone))
        row = table.row(by_predicate=pl.col("scheme") == key, named=True)
        assert row["home"] == pytest.approx(found.home_gain)
        assert row["third"] == pytest.approx(found.third_gain)


def test_a_scheme_that_needs_more_says_what(
    cleared: ClearedStudy, agreement: Agreement, prospect: Prospect
) -> None:
    table = schemes_on_pair(cleared, agreement, prospect, map(preset, PRESETS), NOT_GIVEN)
    missing = dict(table.filter(table["missing"] != "").select("scheme", "missing").iter_rows())
    assert set(missing) == {"beijing_tianjin_hebei_2015", "equity_venture"}
    assert table.filter(scheme="equity_venture")["home"].to_list() == [None]


def test_a_joint_company_needs_a_margin_and_pays_dividends_of_it(
    cleared: ClearedStudy, agreement: Agreement, prospect: Prospect
) -> None:
    venture = under(agreement, preset("equity_venture").complete(GIVEN))
    with pytest.raises(ContractError, match="profit"):
        pair_ledger(cleared, venture, prospect)
    yearly = pair_ledger(cleared, replace(venture, profit_margin=0.1), prospect).yearly
    last = yearly.row(-1, named=True)
    output = last["output_home"] + last["output_host"]
    # Half of the profit is paid out, 60:40.
    assert last["dividend_home"] == pytest.approx(output * 0.1 * 0.5 * 0.6)
    assert last["tax_host"] == last["tax_paid"]
