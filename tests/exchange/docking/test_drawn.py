"""The intervals of a shortlist are those of the market cleared again under each draw."""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from tests.exchange.docking.cleared import DAY, cleared, identity
from yanzhen.advantage.attraction import locational_advantage_by_decay
from yanzhen.exchange.docking.clearing import ExchangeClearing, clear_listed
from yanzhen.exchange.docking.drawn import LEAST, MOST, draws_for
from yanzhen.exchange.docking.shortlists import Shortlist, shortlist
from yanzhen.exchange.listings.kinds import Project
from yanzhen.market.problem.study_inputs import StudyInputs

PROJECT = identity("project", 0)


def project() -> Project:
    found = cleared().listed[PROJECT]
    assert isinstance(found, Project)
    return found


@cache
def listed() -> Shortlist:
    return shortlist(cleared().clearing, cleared().inputs, PROJECT, project())


def under_draw(inputs: StudyInputs, number: int) -> StudyInputs:
    """The study's inputs at the parameters of a draw."""
    rows = cleared().clearing.drawn.parameters.filter(draw=number)
    values = dict(rows.select("parameter", "value").iter_rows())
    decayed = locational_advantage_by_decay(inputs.study, inputs.panel, inputs.advantage)
    return replace(inputs, advantage=decayed(values["access_decay"])).with_values(values)


def test_intervals_are_of_the_market_cleared_anew_under_each_draw() -> None:
    """All draws cleared from the listings, another way than by what the clearing kept."""
    given = cleared()
    drawn = given.clearing.drawn
    assert drawn.premium.shape[0] == drawn.draws == MOST
    gains: dict[str, list[float]] = {each: [] for each in listed().sites["site"]}
    chances: dict[str, list[float]] = {each: [] for each in gains}
    staying, first = [], []
    for number in range(MOST):
        there = under_draw(given.inputs, number)
        alone = replace(there, parameters=there.parameters.with_columns(low=None, high=None))
        found = shortlist(once(alone), alone, PROJECT, project())
        for site, gain, chance in found.sites.select("site", "gain", "probability").iter_rows():
            gains[site].append(gain)
            chances[site].append(chance)
        staying.append(found.staying)
        first.append(found.sites["site"][0])
    for row in listed().sites.iter_rows(named=True):
        for name, said in (("gain", gains), ("probability", chances)):
            ends = np.quantile(said[row["site"]], (0.05, 0.95))
            np.testing.assert_allclose([row[f"{name}_low"], row[f"{name}_high"]], ends, atol=2e-4)
        assert row["first_share"] == pytest.approx(first.count(row["site"]) / MOST, abs=1 / MOST)
    ends = np.quantile(staying, (0.05, 0.95))
    np.testing.assert_allclose((listed().staying_low, listed().staying_high), ends, atol=2e-4)
    assert listed().draws == MOST


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clearing under a draw is not drawn for itself."""
    cleared()
    monkeypatch.setattr("yanzhen.exchange.docking.clearing.draws_for", lambda projects, sites: 0)


def once(inputs: StudyInputs) -> ExchangeClearing:
    return clear_listed(inputs, list(cleared().listed.items()), DAY)


def test_an_interval_is_of_what_is_uncertain() -> None:
    sites = listed().sites
    assert (sites["gain_low"] < sites["gain_high"]).all()
    assert sites["first_share"].sum() == pytest.approx(1)
    assert listed().staying_low < listed().staying_high
    within = sites.select(pl.col("probability").is_between("probability_low", "probability_high"))
    assert within.to_series().mean() > 0.5  # type: ignore[operator]


def test_without_draws_nothing_is_said_of_intervals() -> None:
    inputs = cleared().inputs
    found = shortlist(once(inputs), inputs, PROJECT, project())
    assert found.draws == 0 and np.isnan(found.staying_low)
    for column in ("gain_low", "gain_high", "probability_low", "probability_high", "first_share"):
        assert found.sites[column].null_count() == found.sites.height
    assert found.sites["gain"].null_count() == 0


def test_the_larger_a_market_the_fewer_its_draws() -> None:
    assert [draws_for(*size) for size in ((10, 5), (1000, 200), (5000, 200), (50_000, 200))] == [
        *(MOST, 30, LEAST, 0)
    ]
