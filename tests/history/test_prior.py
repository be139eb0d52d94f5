"""The prior of entry and exit: what it holds, how far a panel leaves it, and that nothing leaks."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.history.conftest import synthetic_record
from yanzhen.history import foresight
from yanzhen.history.backtest import as_json, backtest
from yanzhen.history.foresight import EVENTS, WITHOUT_PRIOR, foresee
from yanzhen.history.logit import maximum_posterior
from yanzhen.history.prior import (
    COVARIATES,
    EventPrior,
    candidates,
    fit_with_prior,
    normal_scores,
    priors,
)
from yanzhen.history.record import Record

FIRST, SECOND = (2000, 2005), (2005, 2010)
PRIOR = EventPrior(("a", "b"), np.array([-2.0, 1.0, -0.5]), np.diag([0.3, 0.04, 0.04]))


@pytest.fixture(scope="module")
def small_panel() -> Record:
    """SYNTHETIC: 20 regions and 10 industries, in which little happens."""
    return synthetic_record(seed=5, regions=20, industries=10)


@pytest.fixture(autouse=True)
def no_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boosted trees take most of the time and are no part of the prior."""
    monkeypatch.setattr(foresight, "_boosted", lambda *_: None)


def made_up(cases: int, b: tuple[float, ...], seed: int = 0) -> tuple[np.ndarray, ...]:
    """SYNTHETIC scores, outcomes by known coefficients, and regions."""
    random = np.random.default_rng(seed)
    z = random.normal(size=(cases, 2))
    p = 1 / (1 + np.exp(-(b[0] + z @ b[1:])))
    return z, random.random(cases) < p, np.arange(cases) % 25


def test_the_prior_alone_speaks_where_nothing_was_seen() -> None:
    nothing = fit_with_prior(
        np.zeros((0, 2)), np.zeros(0, dtype=bool), np.zeros(0, dtype=int), PRIOR, 6
    )
    np.testing.assert_allclose(nothing.coefficients, np.tile(PRIOR.mean, (5, 1)), atol=1e-9)
    assert nothing.spread == pytest.approx(1)
    z = np.array([[1.0, 0.0], [0.0, 1.0]])
    expected = 1 / (1 + np.exp(-(PRIOR.mean[0] + z @ PRIOR.mean[1:])))
    np.testing.assert_allclose(nothing.probability(z), expected)


def test_a_panel_that_agrees_stays_and_one_that_does_not_leaves() -> None:
    agrees = fit_with_prior(*made_up(400, (-1.0, 1.0, -0.5)), PRIOR, 6)
    differs = fit_with_prior(*made_up(400, (-1.0, -1.0, 1.5)), PRIOR, 6)
    assert agrees.spread < 1.2 < 4 < differs.spread
    assert (differs.weights @ differs.coefficients)[1] < 0


def test_many_events_leave_nothing_of_the_prior() -> None:
    true = (-1.0, 0.2, 0.8)
    fitted = fit_with_prior(*made_up(40_000, true), PRIOR, 6)
    np.testing.assert_allclose(fitted.weights @ fitted.coefficients, true, atol=0.05)


def test_a_few_events_move_the_coefficients_less_than_a_fit_without_a_prior() -> None:
    z, y, region = made_up(60, (-2.0, -1.0, 1.0), seed=3)
    flat = maximum_posterior(
        np.column_stack([np.ones(60), z]), y.astype(float), np.zeros(3), 1e-6 * np.eye(3)
    )
    fitted = fit_with_prior(z, y, region, PRIOR, 6)
    own = fitted.weights @ fitted.coefficients
    assert np.linalg.norm(own[1:] - PRIOR.mean[1:]) < np.linalg.norm(flat[1:] - PRIOR.mean[1:])


def test_scores_are_places_among_the_candidates_in_any_unit() -> None:
    values = np.array([[[1.0], [2.0]], [[2.0], [7.0]]])
    among = np.array([[True, True], [True, False]])
    scores = normal_scores(values, among)[:, :, 0]
    assert scores[0, 1] == scores[1, 0] == pytest.approx(-scores[0, 0] / 2, abs=0.2)
    assert scores[1, 1] > scores[0, 1]
    np.testing.assert_allclose(normal_scores(np.exp(3 * values), among)[:, :, 0], scores)
    assert not normal_scores(np.ones((2, 2, 1)), among).any()
    assert not normal_scores(values, np.zeros((2, 2), dtype=bool)).any()


def test_candidates_follow_from_the_start_alone() -> None:
    quotient = np.array([[0.2, 0.5, 1.0, 1.0 - 1e-13, np.nan]])
    assert candidates(quotient, "entry").tolist() == [[True, False, False, False, False]]
    assert candidates(quotient, "exit").tolist() == [[False, False, True, True, False]]


def test_what_is_shipped_has_a_source_and_a_proper_covariance() -> None:
    held = priors()
    assert held.source_en and held.source_zh and held.panels == 144
    for event in EVENTS:
        prior = held.events[event]
        assert prior.covariates == COVARIATES
        assert np.linalg.eigvalsh(prior.covariance).min() > 0
        np.testing.assert_allclose(prior.covariance, prior.covariance.T)
    entry, leaving = (dict(zip(COVARIATES, held.events[e].mean[1:], strict=True)) for e in EVENTS)
    assert entry["density"] > 0 > leaving["density"]
    assert entry["location_quotient"] > 0 > leaving["location_quotient"]


def test_the_shipped_prior_is_what_the_script_makes(reference_data: Path, tmp_path: Path) -> None:
    panel = reference_data / "us-commuting-zones" / "employment_shares_1980_1990.parquet"
    if not panel.is_file():
        pytest.skip("the panel of commuting zones is not there")
    import runpy
    import sys

    script = Path(__file__).parents[2] / "scripts" / "make_event_priors.py"
    made, given = tmp_path / "made.json", sys.argv
    try:
        sys.argv = [str(script), str(panel), str(made)]
        runpy.run_path(str(script), run_name="__main__")
    finally:
        sys.argv = given
    held, again = priors(), json.loads(made.read_text("utf-8"))
    assert held.regions == set(again["regions"])
    for event in EVENTS:
        for key in ("mean", "covariance"):
            np.testing.assert_allclose(
                getattr(held.events[event], key), again["events"][event][key], atol=2e-6
            )


def test_a_panel_cut_from_the_source_is_known_and_gets_no_prior(small_panel: Record) -> None:
    held = priors()
    regions, industries = sorted(held.regions)[:20], sorted(held.industries)[:10]
    assert held.learnt_from(regions, industries, (1980, 1990))
    assert not held.learnt_from(regions, industries, (2000, 2005))
    assert not held.learnt_from([*regions, "R"], industries, (1980, 1990))
    american = replace(
        small_panel,
        regions=tuple(regions),
        industries=tuple(industries),
        years=(1980, 1985, 1990),
    )
    report = backtest(american, (1980, 1985), (1985, 1990), "none", draws=2)
    assert report.prior is None and report.entry.spread is None
    assert WITHOUT_PRIOR not in report.entry.metrics
    assert as_json(report)["prior"] is None


def test_a_small_panel_leans_on_the_prior_and_says_so(small_panel: Record) -> None:
    report = backtest(small_panel, FIRST, SECOND, "none", draws=5)
    for outlook in (report.entry, report.exit):
        assert outlook.spread is not None and 1 / 16 < outlook.spread < 16
        assert WITHOUT_PRIOR in outlook.metrics
        assert outlook.cells["probability"].null_count() == 0
    plain = json.loads(json.dumps(as_json(report)))
    assert plain["prior"] == priors().source_en
    assert math.isclose(plain["prior_spread"], report.entry.spread or 0)
    assert set(plain) >= {"model", WITHOUT_PRIOR, "baselines"}


def test_a_panel_in_which_enough_happens_speaks_for_itself(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foresight, "ENOUGH", 15)
    with_one = backtest(record, FIRST, SECOND, "none", draws=2)
    none = np.full((60, 60), np.nan)
    alone = foresee(
        record.of_year(2000), record.of_year(2005), record.of_year(2005), "none", none, seed=6
    )
    assert with_one.entry.spread is None
    own = with_one.entry.cells["probability"].to_numpy()
    quotient = candidates_of(record)
    np.testing.assert_array_equal(own, alone.events["entry"].probability["model"][quotient])


def candidates_of(record: Record) -> np.ndarray:
    from yanzhen.advantage.specialisation import location_quotient

    return candidates(location_quotient(record.of_year(2005)), "entry")


@pytest.mark.parametrize("folds", ["none", "regions"])
def test_the_end_of_the_test_changes_no_prediction_under_the_prior(
    small_panel: Record, folds: str
) -> None:
    amount = small_panel.amount.copy()
    amount[:, :, -1] = np.random.default_rng(9).lognormal(size=amount.shape[:2])
    other = replace(small_panel, amount=amount)
    told = [
        backtest(panel, FIRST, SECOND, folds, draws=2).entry  # type: ignore[arg-type]
        for panel in (small_panel, other)
    ]
    both = told[0].cells.join(told[1].cells, on=["region", "industry"])
    assert both.height > 0
    assert (both["probability"] == both["probability_right"]).all()
    assert (both["happened"] != both["happened_right"]).any()
    assert told[0].spread == told[1].spread


def test_the_prior_helps_many_small_panels() -> None:
    """SYNTHETIC panels in which relatedness rules: over all of them the prior does not hurt."""
    gained = []
    for seed in range(6):
        report = backtest(synthetic_record(seed, 30, 20), FIRST, SECOND, "none", draws=2)
        for outlook in (report.entry, report.exit):
            own, plain = (outlook.metrics.get(name) for name in ("model", WITHOUT_PRIOR))
            if own and plain and own.auc_roc and plain.auc_roc:
                gained.append(own.auc_roc.value - plain.auc_roc.value)
    assert len(gained) >= 5 and np.mean(gained) > 0
