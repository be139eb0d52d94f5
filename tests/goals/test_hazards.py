"""Cox models against a partial likelihood written out, and where none is made."""

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize

from tests.goals.made_up import Truth, tracked
from yanzhen.goals.hazards import cox
from yanzhen.goals.incidence import Spells
from yanzhen.goals.tracking import tracking


def spells(seed: int, size: int) -> tuple[Spells, np.ndarray]:
    """Drawn spells with many ties, late entries on days of events, and two terms."""
    generator = np.random.default_rng(seed)
    values = np.stack([generator.normal(size=size), generator.integers(0, 2, size)], axis=1)
    rate = np.exp(values @ np.array([0.5, -0.7])) / 10
    end = np.ceil(generator.exponential(1 / rate)) + 1
    entry = np.where(generator.random(size) < 0.4, np.floor(end * generator.random(size)), 0.0)
    return Spells(entry, end, generator.integers(0, 3, size)), values


def efron(beta: np.ndarray, of: Spells, cause: int, values: np.ndarray) -> float:
    """Minus the logarithm of Efron's partial likelihood, time by time."""
    risk, total = np.exp(values @ beta), 0.0
    for time in np.unique(of.end[of.cause == cause]):
        events = (of.end == time) & (of.cause == cause)
        at_risk = (of.entry < time) & (of.end >= time)
        count = int(events.sum())
        parts = np.arange(count) / count
        total += float((values[events] @ beta).sum())
        total -= float(np.log(risk[at_risk].sum() - parts * risk[events].sum()).sum())
    return -total


def test_it_is_the_maximum_of_the_likelihood_written_out() -> None:
    pytest.importorskip("statsmodels")
    of, values = spells(4, 200)
    found = cox(of, 1, values)
    assert found is not None
    best = minimize(efron, np.zeros(2), (of, 1, values), method="BFGS", tol=1e-10)
    np.testing.assert_allclose(found.coefficients, best.x, atol=1e-5)


def test_it_is_the_library_on_data_without_ties_and_late_entry() -> None:
    regression = pytest.importorskip("statsmodels.duration.hazard_regression")
    of, values = spells(8, 150)
    of = Spells(np.zeros(150), of.end + np.arange(150) / 1000, of.cause)
    found = cox(of, 2, values)
    peer = regression.PHReg(of.end, values, status=(of.cause == 2).astype(int)).fit()
    assert found is not None
    np.testing.assert_allclose(found.coefficients, peer.params, atol=1e-8)
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)), peer.bse, atol=1e-8)


def test_a_term_that_tells_every_event_has_no_maximum() -> None:
    pytest.importorskip("statsmodels")
    size = 60
    cause = (np.arange(size) < 20).astype(np.int64)
    end = np.where(cause == 1, 1.0 + np.arange(size), 500.0)
    of = Spells(np.zeros(size), end, cause)
    assert cox(of, 1, cause[:, None].astype(np.float64)) is None


def test_what_ends_projects_is_found_and_who_is_at_risk() -> None:
    pytest.importorskip("statsmodels")
    found = tracking(tracked(600, seed=3, truth=Truth(doubling=0.4)))
    row = found.hazards.filter(origin="signed", cause="ended", term="capital").row(0, named=True)
    assert row["low"] < np.exp(0.4) < row["high"]
    assert found.at_risk["relative_hazard"].is_sorted(descending=True)
    assert (found.at_risk.head(5)["by_capital"] > 1).sum() >= 3
    assert not set(found.at_risk["state"]) & {"closed", "moved_away", "in_production"}


def test_of_too_few_events_nothing_is_claimed_and_the_number_needed_is_said() -> None:
    found = tracking(tracked(30))
    assert set(found.models["outcome"]) == {"too_few"}
    assert found.hazards.is_empty() and found.at_risk.is_empty()
    assert (found.models["events"] < found.models["events_needed"]).all()


def test_without_the_library_the_rest_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "statsmodels.duration.hazard_regression", None)
    found = tracking(tracked(400))
    assert set(found.models["outcome"]) == {"no_library"}
    assert found.incidence.height and found.funnel["reached"].to_list()[0] > 300
    assert isinstance(found.at_risk, pl.DataFrame)
