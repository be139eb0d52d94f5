"""A worked example of every preset, computed by hand, with its edges."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from yanzhen.modes.coconstruction.contract.consistency import ContractError, contradictions
from yanzhen.modes.coconstruction.contract.terms import Contract, Exit, Split, Terms
from yanzhen.modes.coconstruction.contract.terms_toml import parse_terms, write_terms
from yanzhen.modes.coconstruction.settlement.ledger import Ledger, settle
from yanzhen.modes.coconstruction.settlement.presets import (
    PRESETS,
    Given,
    preset,
    received,
    side_by_side,
)
from yanzhen.modes.coconstruction.settlement.projects import Projects, one_contract
from yanzhen.modes.coconstruction.settlement.yearly_sharing import HOME, HOST

GIVEN = Given(
    tax_kinds=("value_added_tax", "enterprise_income_tax"),
    top_up_share=Fraction(1, 2),
    equity_split=Split(60, 40),
    payout=Fraction(3, 10),
)
VAT = "value_added_tax"
INCOME_TAX = "enterprise_income_tax"
MILLION = 100_000_000
"""A million yuan in fen."""


def fen(*amounts: int) -> np.ndarray:
    return np.array([amounts], dtype=np.int64)


def terms_of(key: str) -> Terms:
    return preset(key).complete(GIVEN)


def settled(terms: Terms, projects: Projects, notice: int | None = None) -> Ledger:
    return settle([Contract("c", "home", "host", 2020, terms, notice)], projects)


def home_of(ledger: Ledger) -> list[int]:
    found: list[int] = ledger.tax[HOME, 0].tolist()
    return found


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_completed_has_no_contradiction_and_survives_toml(key: str) -> None:
    terms = terms_of(key)
    assert contradictions(terms, key) == ()
    assert parse_terms(write_terms(terms), key) == terms


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_names_its_sources(key: str) -> None:
    assert all(document and "." in address for document, address in preset(key).sources)


@pytest.mark.parametrize("key", PRESETS)
def test_what_the_source_leaves_open_must_be_given(key: str) -> None:
    with pytest.raises(ContractError) as caught:
        preset(key).complete(Given())
    assert {problem.column for problem in caught.value.problems} == set(preset(key).open)


def moved(
    *tax: int, before: int = 20 * MILLION, led: bool = True, production: int = 2020
) -> Projects:
    """An enterprise that paid `before` of value-added tax, its local part, in each of 3 years."""
    return one_contract(
        ("p",),
        2020,
        {VAT: fen(*tax)},
        tax_before={VAT: fen(before, before, before)},
        conditions={"government_led": np.array([led])},
        production_year=np.array([production]),
    )


class TestBeijingTianjinHebei:
    terms = preset("beijing_tianjin_hebei_2015").complete(GIVEN)

    def test_exactly_20_million_a_year_on_average_is_eligible(self) -> None:
        assert settled(self.terms, moved(100)).eligible.tolist() == [True]

    def test_a_fen_less_over_the_three_years_is_not(self) -> None:
        rows = moved(100)
        rows.tax_before[0, 0, 0] -= 1
        assert settled(self.terms, rows).eligible.tolist() == [False]

    def test_the_average_is_over_the_three_taxes_together(self) -> None:
        rows = moved(100, before=8 * MILLION)
        rows.tax_before[1, 0] = 7 * MILLION
        rows.tax_before[2, 0] = 5 * MILLION
        assert settled(self.terms, rows).eligible.tolist() == [True]

    def test_other_taxes_do_not_count(self) -> None:
        rows = moved(100, before=19 * MILLION)
        rows.tax_before[3, 0] = 5 * MILLION
        assert settled(self.terms, rows).eligible.tolist() == [False]

    def test_a_free_move_of_the_market_is_not_shared(self) -> None:
        ledger = settled(self.terms, moved(10 * MILLION, led=False))
        assert home_of(ledger) == [0]
        assert ledger.tax[HOST, 0].tolist() == [10 * MILLION]

    def test_years_before_production_are_the_hosts_and_three_years_are_halved(self) -> None:
        rows = moved(*[10 * MILLION] * 4, production=2021)
        assert home_of(settled(self.terms, rows)) == [0, 5 * MILLION, 5 * MILLION, 5 * MILLION]

    def test_the_cap_is_the_total_of_three_years_and_reached_in_mid_year(self) -> None:
        # Cap 60 million. Half of 50 each year: 25, 25, then only 10 of 25, then nothing more.
        ledger = settled(self.terms, moved(*[50 * MILLION] * 6))
        assert home_of(ledger) == [25 * MILLION, 25 * MILLION, 10 * MILLION, 0, 0, 0]
        assert ledger.tax[HOST, 0, 2] == 40 * MILLION
        assert ledger.top_up.sum() == 0

    def test_reached_exactly_at_the_end_of_year_three_it_is_not_extended(self) -> None:
        ledger = settled(self.terms, moved(*[40 * MILLION] * 6))
        assert home_of(ledger) == [20 * MILLION] * 3 + [0] * 3
        assert ledger.top_up.sum() == 0

    def test_not_reached_it_is_extended_by_two_years_and_topped_up_once(self) -> None:
        # Half of 10 in five years is 25 of 60 million; half of the missing 35 is 17.5 million.
        ledger = settled(self.terms, moved(*[10 * MILLION] * 8))
        assert home_of(ledger) == [5 * MILLION] * 5 + [0] * 3
        assert ledger.top_up[0].tolist() == [0] * 5 + [35 * MILLION // 2, 0, 0]

    def test_reached_in_the_extension_it_ends_there(self) -> None:
        # 3 x 15 = 45 million, then 15 more in the fourth year.
        ledger = settled(self.terms, moved(*[30 * MILLION] * 6))
        assert home_of(ledger) == [15 * MILLION] * 4 + [0, 0]
        assert ledger.top_up.sum() == 0

    def test_of_an_odd_fen_the_home_has_the_larger_half(self) -> None:
        ledger = settled(self.terms, moved(10 * MILLION + 1))
        assert ledger.tax[:, 0, 0].tolist() == [5 * MILLION + 1, 5 * MILLION, 0]

    def test_the_supplement_is_paid_by_the_third_party(self) -> None:
        flows = received(settled(self.terms, moved(*[10 * MILLION] * 6)))
        assert flows[:, 0, 5].tolist() == [35 * MILLION // 2, 10 * MILLION, -35 * MILLION // 2]


def park(*tax: int, outlay: tuple[int, ...]) -> Projects:
    return one_contract(
        ("p",), 2020, {VAT: fen(*tax)}, types=("capital_linked",), outlay=fen(*outlay)
    )


class TestZibo:
    terms = preset("zibo").complete(GIVEN)

    def test_the_outlay_is_repaid_first_and_the_rest_of_that_year_shared(self) -> None:
        # 250 of outlay: 100, 100, then 50 repaid and 60 % of the other 50.
        ledger = settled(self.terms, park(100, 100, 100, 100, outlay=(250, 0, 0, 0)))
        assert ledger.recovered[0].tolist() == [100, 100, 50, 0]
        assert home_of(ledger) == [100, 100, 80, 60]
        assert ledger.tax[HOST, 0].tolist() == [0, 0, 20, 40]

    def test_the_year_of_repayment_counts_as_the_first_of_twenty(self) -> None:
        ledger = settled(self.terms, park(*[100] * 23, outlay=(150, *[0] * 22)))
        assert home_of(ledger) == [100, 80, *[60] * 19, 0, 0]

    def test_repaid_to_the_fen_at_a_years_end_the_twenty_years_begin_in_the_next(self) -> None:
        ledger = settled(self.terms, park(*[100] * 23, outlay=(200, *[0] * 22)))
        assert home_of(ledger) == [100, 100, *[60] * 20, 0]

    def test_outlay_is_repaid_before_sharing_again_when_more_is_spent(self) -> None:
        ledger = settled(self.terms, park(100, 100, 100, outlay=(50, 70, 0)))
        assert ledger.recovered[0].tolist() == [50, 70, 0]
        assert home_of(ledger) == [50 + 30, 70 + 18, 60]

    def test_repayment_is_drawn_from_the_projects_in_proportion(self) -> None:
        rows = one_contract(
            ("a", "b", "c"),
            2020,
            {VAT: np.array([[10], [20], [70]])},
            types=("capital_linked",) * 3,
            outlay=np.array([[55], [0], [0]]),
        )
        # 5.5, 11 and 38.5: the fen left over goes to the first of two equal remainders.
        assert settled(self.terms, rows).recovered[:, 0].tolist() == [6, 11, 38]

    def test_other_types_of_project_are_not_covered(self) -> None:
        rows = replace(park(100, outlay=(50,)), type=("resource",))
        assert home_of(settled(self.terms, rows)) == [0]

    def test_on_exit_the_host_repays_the_part_of_the_outlay_not_yet_covered(self) -> None:
        terms = replace(self.terms, exit=Exit(2, 1, Fraction(1, 3)))
        rows = park(100, 100, 100, 100, outlay=(400, 0, 0, 0))
        ledger = settled(terms, rows, notice=2021)
        # Notice in 2021, in force to the end of 2022: 300 repaid, a third of the other 100.
        assert home_of(ledger) == [100, 100, 100, 0]
        assert ledger.exit_payment[0].tolist() == [0, 0, 33, 0]
        assert received(ledger)[:, 0, 2].tolist() == [133, -33, 0]


class TestLiaoning:
    terms = preset("liaoning").complete(GIVEN)

    def test_ten_years_are_halved_and_the_eleventh_is_the_hosts(self) -> None:
        rows = one_contract(("p",), 2020, {VAT: fen(*[11] * 11)})
        assert home_of(settled(self.terms, rows)) == [6] * 10 + [0]

    def test_a_sixth_park_of_a_city_is_refused(self) -> None:
        rows = one_contract(("p",), 2020, {VAT: fen(1)})
        parks = [Contract(f"park {k}", "city", "host", 2020, self.terms) for k in range(6)]
        with pytest.raises(ContractError, match="at most 5"):
            settle(parks, rows)


class TestGaozhu:
    terms = preset("gaozhu").complete(GIVEN)

    def test_the_stock_stays_where_it_was_and_the_increment_is_halved(self) -> None:
        rows = one_contract(
            ("p",),
            2020,
            {VAT: fen(100, 160)},
            stock_home=np.array([30]),
            stock_host=np.array([50]),
        )
        ledger = settled(self.terms, rows)
        assert home_of(ledger) == [30 + 10, 30 + 40]
        assert ledger.tax[HOST, 0].tolist() == [50 + 10, 50 + 40]

    def test_less_tax_than_the_stock_is_divided_as_the_stock_was(self) -> None:
        rows = one_contract(
            ("p",), 2020, {VAT: fen(41)}, stock_home=np.array([30]), stock_host=np.array([50])
        )
        # 15.375 and 25.625.
        assert settled(self.terms, rows).tax[:, 0, 0].tolist() == [15, 26, 0]

    def test_investment_and_statistics_are_halved(self) -> None:
        rows = one_contract(
            ("p",),
            2020,
            {VAT: fen(1)},
            statistics={"investment": fen(7), "gdp": fen(4)},
        )
        ledger = settled(self.terms, rows)
        assert ledger.statistics[:, :, 0, 0].tolist() == [[2, 2], [0, 0], [0, 0], [4, 3]]


class TestSongjiangLuan:
    terms = preset("songjiang_luan").complete(GIVEN)

    def test_five_years_of_forty_per_cent_of_tax_and_statistics_for_recommended_projects(
        self,
    ) -> None:
        rows = one_contract(
            ("recommended", "other"),
            2020,
            {VAT: np.full((2, 6), 99), INCOME_TAX: np.full((2, 6), 3)},
            conditions={"recommended_by_home": np.array([True, False])},
            statistics={"gdp": np.full((2, 6), 1000)},
        )
        ledger = settled(self.terms, rows)
        # 40 % of 102 is 40.8.
        assert ledger.tax[HOME].tolist() == [[41] * 5 + [0], [0] * 6]
        assert ledger.statistics[0, HOME].tolist() == [[400] * 5 + [0], [0] * 6]


class TestEquityVenture:
    terms = preset("equity_venture").complete(GIVEN)

    def test_dividends_follow_the_shares_and_tax_stays_with_the_host(self) -> None:
        rows = one_contract(("p",), 2020, {VAT: fen(100, 100)}, profit=fen(105, -40))
        ledger = settled(self.terms, rows)
        # 30 % of 105 is 31.5, rounded up to 32: 19.2 and 12.8.
        assert ledger.dividends[:, 0].tolist() == [[19, 0], [13, 0], [0, 0]]
        assert ledger.tax[:, 0].tolist() == [[0, 0], [100, 100], [0, 0]]


def test_the_six_schemes_lie_side_by_side_on_the_same_project() -> None:
    rows = one_contract(
        ("p",),
        2020,
        {VAT: fen(*[60 * MILLION] * 12)},
        tax_before={VAT: fen(*[30 * MILLION] * 3)},
        types=("capital_linked",),
        outlay=fen(100 * MILLION, *[0] * 11),
        conditions={
            "government_led": np.array([True]),
            "recommended_by_home": np.array([True]),
        },
        profit=fen(*[50 * MILLION] * 12),
    )
    laid = side_by_side({key: terms_of(key) for key in PRESETS}, rows, 2020)
    totals = dict(zip(laid.totals["contract"], laid.totals["tax_home"], strict=True))
    # In million yuan: capped at 90; 100 repaid, then 60 % of 620; half of 600; half of 720;
    # 40 % of 300; no tax.
    assert [totals[key] // MILLION for key in PRESETS] == [90, 472, 300, 360, 120, 0]
    assert laid.totals["dividend_home"].to_list()[-1] == 108 * MILLION
    assert laid.totals["last_year_home"].to_list() == [2022, 2031, 2029, 2031, 2024, 2031]
    tax_and_dividends = laid.yearly.group_by("contract", maintain_order=True).sum()
    whole = tax_and_dividends["home"] + tax_and_dividends["host"] + tax_and_dividends["third"]
    assert whole.to_list() == [720 * MILLION] * 5 + [900 * MILLION]
