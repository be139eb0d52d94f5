"""What each place offers, on the embedded example and on a study that knows little."""

import numpy as np
import polars as pl
import pytest

from tests.study.small import small
from yanzhen.accounts.completion import complete
from yanzhen.accounts.panel import Panel, output_panel
from yanzhen.advantage.attraction import LocationalAdvantage, locational_advantage
from yanzhen.advantage.cost import relative_cost
from yanzhen.study import Study, read_study


def measured(study: Study) -> tuple[Panel, LocationalAdvantage]:
    panel = output_panel(study)
    output = complete(panel, 1).output[:, :, -1]
    return panel, locational_advantage(study, panel, output, 500.0)


@pytest.fixture(scope="module")
def example() -> tuple[Panel, LocationalAdvantage]:
    return measured(read_study("china-provinces"))


def test_every_term_of_the_example_is_evaluated(example: tuple[Panel, LocationalAdvantage]) -> None:
    _, offered = example
    assert offered.not_evaluated.is_empty()
    for measure in (offered.relatedness_density, offered.supplier_access, offered.market_access):
        assert np.isfinite(measure).all()
        assert (measure > 0).all()
        assert (measure < 1).all()


def test_jobs_of_the_example_add_up_to_the_national_employment(
    example: tuple[Panel, LocationalAdvantage],
) -> None:
    panel, offered = example
    jobs = (offered.jobs_per_output * offered.output).sum(axis=0)
    activity = read_study("china-provinces").tables["activity"]
    nation = activity.filter(pl.col("region") == "100000", pl.col("year") == 2017)
    employment = dict(nation.select("industry", "employment").iter_rows())
    for s, industry in enumerate(panel.industries):
        assert jobs[s] == pytest.approx(employment[industry], rel=2e-4)


def test_beijing_is_dear_and_gansu_is_not(example: tuple[Panel, LocationalAdvantage]) -> None:
    panel, offered = example
    cost = dict(zip(panel.regions, offered.relative_cost, strict=True))
    assert max(cost, key=lambda region: cost[region]) == "110000"
    assert min(cost, key=lambda region: cost[region]) == "620000"


def test_a_study_without_prices_and_tables_says_which_terms_are_off() -> None:
    _, offered = measured(small())
    assert set(offered.not_evaluated["term"]) == {
        "labour_cost",
        "supplier_access",
        "market_access",
    }


def test_relative_cost_is_one_on_average() -> None:
    per_head, people = np.array([2.0, 1.0, np.nan]), np.array([1.0, 3.0, 5.0])
    cost = relative_cost(per_head, people)
    assert np.average(cost[:2], weights=people[:2]) == pytest.approx(1)
    assert np.isnan(cost[2])
