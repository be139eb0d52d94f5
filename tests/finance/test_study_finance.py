"""Every product of every project of a study, and its parks."""

from dataclasses import replace

import polars as pl
import pytest

from tests.declared import undeclared
from tests.study.small import YEARS, small
from tests.study.small_finance import small_finance
from yanzhen.accounts.panel import base_year
from yanzhen.finance.products.cash_flows import unbalanced
from yanzhen.finance.rates import finance_parameters
from yanzhen.finance.study_finance import Finance, offers_of, require_finance, study_finance
from yanzhen.study import Study, StudyError, WantOfData
from yanzhen.study.assumptions import used_parameters


def reckoned(study: Study, **changed: float) -> Finance:
    return study_finance(study, finance_parameters(used_parameters(study), changed))


@pytest.fixture(scope="module")
def finance() -> Finance:
    return reckoned(small_finance())


def test_every_offer_is_reckoned_and_every_table_declared(finance: Finance) -> None:
    assert undeclared(finance) == []
    assert finance.offers.select("project", "product").rows() == [
        *(("A", product) for product in "LGSEQP"), ("B", "L"), ("B", "P"), ("Z-park", "R"),
    ]  # fmt: skip
    assert finance.offers["amount"].to_list() == pytest.approx(
        [3.0, 2.4, 0.6, 1.8, 1.2, 0.6, 1.0, 0.2, 10.0]
    )


def test_it_starts_with_the_plan_after_the_last_year_of_manufacturing() -> None:
    """Not after the year that the settings name, of which nothing that may move is known."""
    study = small_finance()
    unknown = (pl.col("year") == YEARS[1]) & pl.col("industry").is_in(["13", "20", "06"])
    activity = study.tables["activity"].with_columns(
        output=pl.when(unknown).then(None).otherwise("output")
    )
    study = replace(study, tables={**study.tables, "activity": activity})
    assert reckoned(study).year == base_year(study) == YEARS[0] < study.about.base_year


def test_cash_flows_sum_to_zero_over_the_parties(finance: Finance) -> None:
    assert unbalanced(finance.flows.drop("project")).is_empty()
    by_year = finance.yearly.group_by("project", "product", "year").agg(pl.col("amount").sum())
    assert by_year["amount"].abs().max() == pytest.approx(0, abs=1e-9)
    # A unit of money is 100 million, of 100 fen each.
    fen = finance.flows.group_by("project", "product", "party").agg(pl.col("amount").sum())
    both = finance.values.join(fen, on=["project", "product", "party"])
    net = both["received"] - both["paid"] - both["amount"] / 1e10
    assert both.height > 20 and net.abs().max() == pytest.approx(0, abs=1e-9)


def test_rates_are_the_studys_own_or_set_by_hand(finance: Finance) -> None:
    cheap = reckoned(small_finance(), finance_market_loan=0.03)
    saved, nothing = (found.offers.filter(product="L")["support"] for found in (finance, cheap))
    assert (saved > 0.05).all() and nothing.to_list() == pytest.approx([0.0, 0.0])
    row = cheap.parameters.filter(parameter="finance_market_loan").row(0, named=True)
    assert (row["value"], row["source"]) == (0.03, "user")


def test_a_rate_of_return_or_the_reason_stands_in_every_row(finance: Finance) -> None:
    assert (finance.values["irr"].is_null() == finance.values["irr_reason"].is_not_null()).all()
    lease = finance.values.filter(product="E", party="lender").row(0, named=True)
    assert lease["irr_reason"] == "several_changes"


def test_a_study_without_offers_says_what_it_needs() -> None:
    with pytest.raises(WantOfData, match="park_finance"):
        require_finance(small())


def test_a_park_alone_is_enough() -> None:
    study = small_finance()
    bare = {name: small().tables[name] for name in ("products", "projects")}
    found = reckoned(replace(study, tables={**study.tables, **bare}))
    assert found.offers.is_empty() and found.park_years.height == 20


def test_amounts_beyond_what_is_reckoned_are_refused() -> None:
    study = small_finance()
    projects = study.tables["projects"].with_columns(investment=pl.lit(1e9))
    with pytest.raises(StudyError) as refused:
        require_finance(replace(study, tables={**study.tables, "projects": projects}))
    assert len(refused.value.problems) == projects.height


def test_terms_that_grow_beyond_what_is_reckoned_are_refused() -> None:
    study = small_finance()
    products = study.tables["products"].with_columns(
        tenor_months=pl.when(pl.col("product") == "Q").then(600).otherwise("tenor_months"),
        rate=pl.when(pl.col("product") == "Q").then(0.5).otherwise("rate"),
    )
    with pytest.raises(StudyError) as refused:
        require_finance(replace(study, tables={**study.tables, "products": products}))
    assert [problem.column for problem in refused.value.problems] == ["Q"]


def test_offers_stand_in_the_order_of_the_tables() -> None:
    assert [offer.terms.product for offer in offers_of(small_finance())][:3] == ["L", "G", "S"]
