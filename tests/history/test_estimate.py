from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from yanzhen.accounts.completion import filled, national_totals
from yanzhen.accounts.panel import output_panel
from yanzhen.accounts.share_shift_projection import project_share_shifts
from yanzhen.advantage.attraction import locational_advantage
from yanzhen.history.estimate import DISTANCE, PLACE, SIZE, Estimate, estimate, with_estimates
from yanzhen.market.problem.choice import payoff_before_prices
from yanzhen.market.problem.formulation import formulate
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import Study, StudyError, read_study
from yanzhen.study.assumptions import parameter_values, used_parameters


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study("china-provinces")


@pytest.fixture(scope="module")
def found(study: Study) -> Estimate:
    return estimate(study)


def test_from_stocks_only_what_destinations_offer_is_estimated(found: Estimate) -> None:
    assert found.seen == "stocks"
    assert set(found.parameters["parameter"]) <= set(PLACE)
    assert {DISTANCE, "sigma", "moving_cost"} <= set(found.assumed)


def test_a_single_year_without_moves_is_refused(study: Study) -> None:
    activity = study.tables["activity"].filter(pl.col("year") == 2017)
    with pytest.raises(StudyError, match="output of 2017 alone"):
        estimate(replace(study, tables={**study.tables, "activity": activity}))


def test_a_parameter_is_sigma_times_its_taste(study: Study, found: Estimate) -> None:
    sigma = parameter_values(used_parameters(study))["sigma"]
    tastes = dict(zip(found.fitted.names, found.fitted.estimates, strict=True))
    for name, value in found.parameters.select("parameter", "value").iter_rows():
        assert value == pytest.approx(sigma * tastes[name])


def test_intervals_come_from_the_covariance(found: Estimate) -> None:
    own = found.covariance.filter(pl.col("parameter_a") == pl.col("parameter_b"))
    half = 1.959963984540054 * np.sqrt(own["covariance"].to_numpy())
    width = (found.parameters["high"] - found.parameters["low"]).to_numpy()
    np.testing.assert_allclose(width, 2 * half)


def test_the_plan_uses_the_estimates(study: Study, found: Estimate) -> None:
    used = parameter_values(used_parameters(with_estimates(study, found)))
    for name, value in found.parameters.select("parameter", "value").iter_rows():
        assert used[name] == value


def test_the_payoffs_of_the_plan_are_those_of_the_estimates(study: Study, found: Estimate) -> None:
    """v_ij by the estimates less v_ij by the assumptions is Σ (estimate − assumption) · term."""
    panel = output_panel(study)
    year = filled(panel.output, national_totals(panel))[:, :, -1]
    parameters = used_parameters(study)
    before = parameter_values(parameters)
    after = parameter_values(used_parameters(with_estimates(study, found)))
    offered = locational_advantage(study, panel, year, before["access_decay"])
    inputs = StudyInputs(study, panel, project_share_shifts(panel), offered, parameters)
    assumed, estimated = (formulate(inputs), formulate(inputs.with_values(after)))
    terms = {
        "relatedness_weight": offered.relatedness_density,
        "supplier_access_weight": offered.supplier_access,
        "market_access_weight": offered.market_access,
    }
    assert set(found.parameters["parameter"]) == set(terms)
    expected = sum((after[name] - before[name]) * term for name, term in terms.items())
    own, other = (payoff_before_prices(each.market) for each in (estimated, assumed))
    admitted = np.isfinite(own) & np.isfinite(other)
    change = np.where(admitted, own, 0.0) - np.where(admitted, other, 0.0)
    there = np.asarray(expected)[assumed.place[None], assumed.industry[:, None]]
    np.testing.assert_allclose(change[admitted], there[admitted], atol=1e-9)
    at_home = np.asarray(expected)[assumed.origin, assumed.industry]
    np.testing.assert_allclose(estimated.market.stay - assumed.market.stay, at_home, atol=1e-9)
    assert np.abs(change[admitted]).max() > 1e-3


def synthetic_moves(study: Study, cost_per_1000_km: float) -> Study:
    """SYNTHETIC moves, nearer regions likelier, in the study's own geography."""
    from yanzhen.advantage.attraction import distances

    random = np.random.default_rng(5)
    panel = output_panel(study)
    payoff = -cost_per_1000_km / 0.03 * distances(study, panel.regions) / 1000.0
    np.fill_diagonal(payoff, -np.inf)
    chance = np.exp(payoff)
    chance /= chance.sum(axis=1, keepdims=True)
    rows = [
        (f"{origin}-{industry}-{end}", industry, origin, panel.regions[end], 2017, int(times))
        for n, origin in enumerate(panel.regions)
        for industry in panel.industries[:6]
        for end, times in enumerate(random.multinomial(40, chance[n]))
        if times
    ]
    names = ("move", "industry", "origin", "destination", "year", "count")
    empty = study.tables["moves"]
    drawn = pl.DataFrame(rows, schema=list(names), orient="row")
    moves = pl.concat(
        [empty, drawn.cast({name: empty.schema[name] for name in names})], how="diagonal"
    )
    return replace(study, tables={**study.tables, "moves": moves})


def test_from_moves_the_cost_of_distance_that_made_them_is_recovered(study: Study) -> None:
    found = estimate(synthetic_moves(study, 0.02))
    assert found.seen == "moves"
    row = found.parameters.row(by_predicate=pl.col("parameter") == DISTANCE, named=True)
    assert row["low"] < 0.02 < row["high"]
    assert row["high"] - row["low"] < 0.01


def test_the_size_of_regions_is_no_parameter(found: Estimate) -> None:
    assert SIZE in found.fitted.names
    assert SIZE not in found.parameters["parameter"]
