"""Costs of labour, electricity and land by the prices of factors."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.market.stages import stages
from tests.study.small import REGIONS, complete, small
from yanzhen.accounts.panel import output_panel
from yanzhen.advantage.attraction import costs_of
from yanzhen.advantage.factor_check import check_factor_costs
from yanzhen.advantage.factor_costs import regions_by_price
from yanzhen.market.plan.moves import moves_and_reasons
from yanzhen.market.problem.capacity import annuity
from yanzhen.study import Study, read_study

Price = tuple[str, str, int, float, str]
Need = tuple[str, str, float, str]


def priced(study: Study, prices: list[Price], needs: list[Need] = ()) -> Study:
    """The study with prices of factors and intensities of industries, SYNTHETIC."""
    table = pl.DataFrame(prices, schema=["place", "factor", "year", "price", "unit"], orient="row")
    stated = pl.DataFrame(
        needs,
        schema={
            "industry": pl.String,
            "resource": pl.String,
            "amount": pl.Float64,
            "unit": pl.String,
        },
        orient="row",
    )
    tables = {
        **study.tables,
        "factor_prices": complete("factor_prices", table),
        "intensities": complete("intensities", stated),
    }
    return replace(study, tables=tables)


def measured(study: Study):
    panel = output_panel(study)
    return panel, costs_of(study, panel, panel.output[:, :, -1])


def test_wages_cost_by_the_jobs_of_each_industry() -> None:
    study = priced(
        small(),
        [
            (REGIONS[0], "wage", 2017, 9.0, "10,000 CNY per person-year"),
            (REGIONS[1], "工资", 2017, 5000.0, "元/人·月"),
            (REGIONS[2], "wage", 2012, 1.0, "10,000 CNY per person-year"),
        ],
    )
    panel, costs = measured(study)
    nation = study.tables["activity"].filter(region="100000", year=2017)
    for s, industry in enumerate(panel.industries):
        cell = nation.row(by_predicate=pl.col("industry") == industry, named=True)
        jobs = cell["employment"] * 1e4 / (cell["output"] * 1e8)
        assert costs.wages[0, s] == pytest.approx(90_000 * jobs)
        assert costs.wages[1, s] == pytest.approx(60_000 * jobs)
        # Its own nearest year, older than the others'.
        assert costs.wages[2, s] == pytest.approx(10_000 * jobs)
    assert np.isnan(costs.wages[3:]).all()
    assert regions_by_price(study, panel).rows() == [
        *(
            ("wage", region, year)
            for region, year in zip(REGIONS, (2017, 2017, 2012), strict=False)
        ),
        *(("wage", region, None) for region in REGIONS[3:]),
    ]
    without, older = (each.found for each in check_factor_costs(study))
    assert without == f"no price of wages for these regions (2): {', '.join(REGIONS[3:])}"
    assert older == f"prices of wages of other years than 2017 (1): {REGIONS[2]} (2012)"


def test_a_price_of_the_nation_holds_where_a_region_has_none() -> None:
    unit = "CNY per person-year"
    study = priced(
        small(), [("100000", "wage", 2017, 6e4, unit), (REGIONS[0], "wage", 2017, 9e4, unit)]
    )
    _, costs = measured(study)
    np.testing.assert_allclose(costs.wages[0], 1.5 * costs.wages[1])
    np.testing.assert_array_equal(costs.wages[1], costs.wages[4])


def test_electricity_needs_to_know_how_much_is_used() -> None:
    prices = [(region, "electricity", 2017, 0.6, "CNY per kWh") for region in REGIONS]
    _, unknown = measured(priced(small(), prices))
    assert unknown.not_evaluated["term"].to_list() == ["electricity_cost"]
    assert np.isnan(unknown.electricity).all()
    needs = [("13", "electricity", 500.0, "kWh per 10,000 CNY")]
    panel, costs = measured(priced(small(), prices, needs))
    assert costs.not_evaluated.is_empty()
    np.testing.assert_allclose(costs.electricity[:, panel.industries.index("13")], 0.03)


def test_land_is_paid_once_or_rented() -> None:
    needs = [("13", "land", 400.0, "万元/亩")]
    prices = [
        (REGIONS[0], "land", 2017, 20.0, "万元/亩"),
        (REGIONS[1], "land", 2017, 0.8, "10,000 CNY per mu per year"),
    ]
    panel, costs = measured(priced(small(), prices, needs))
    s = panel.industries.index("13")
    assert costs.land[0, s] == pytest.approx(20 / 400)
    assert np.isnan(costs.land[1, s])
    assert costs.rent[1, s] == pytest.approx(0.8 / 400)


def test_each_cost_is_a_reason_of_its_own_and_they_add_up() -> None:
    study = read_study("china-provinces")
    regions = [r for r in study.tables["regions"]["region"] if r != "100000"]
    rng = np.random.default_rng(15)
    prices: list[Price] = []
    for region in regions:
        prices += [
            (region, "wage", 2017, float(rng.uniform(5, 12)), "万元/人·年"),
            (region, "electricity", 2017, float(rng.uniform(0.4, 0.8)), "元/千瓦时"),
            (region, "land", 2017, float(rng.uniform(10, 60)), "万元/亩"),
        ]
    industries = study.tables["industries"].filter(sector="manufacturing")["industry"]
    needs: list[Need] = []
    for k, industry in enumerate(industries):
        needs += [
            (industry, "electricity", 300.0 + 50 * k, "千瓦时/万元"),
            (industry, "land", 200.0 + 20 * k, "万元/亩"),
        ]
    ran = stages(priced(study, prices, needs))
    values = dict(ran.parameters.select("parameter", "value").iter_rows())
    wage = {(place, factor): price for place, factor, _, price, _ in prices}
    moves, reasons = moves_and_reasons(ran.study, ran.formulation, ran.clearing)
    spread = annuity(values["annualisation_rate"], values["annualisation_years"])
    number = {industry: k for k, industry in enumerate(industries)}
    route = ["industry", "origin", "destination"]
    found = moves.head(40)
    wide = found.join(
        reasons.pivot(on="term", index=route, values="size"), on=route, how="left"
    ).fill_null(0.0)
    terms = reasons["term"].unique().to_list()
    assert {"labour_cost", "electricity_cost", "land_cost"} <= set(terms)
    for row in wide.iter_rows(named=True):
        k = number[row["industry"]]
        start, end = row["origin"], row["destination"]
        gap = wage[start, "electricity"] - wage[end, "electricity"]
        assert row["electricity_cost"] == pytest.approx((300.0 + 50 * k) / 1e4 * gap)
        gap = wage[start, "land"] - wage[end, "land"]
        assert row["land_cost"] == pytest.approx(spread * gap / (200.0 + 20 * k))
        assert sum(row[term] for term in terms) == pytest.approx(row["gain"])
    cells = ran.advantage.costs.wages
    np.testing.assert_array_equal(ran.advantage.labour_cost, cells)
