import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from yanzhen.history.backtest import as_json, backtest
from yanzhen.history.foresight import dealt, foresee
from yanzhen.history.record import Record, read_record

METRICS = {"auc_roc", "auc_pr", "brier", "top_k", "share_error"}


def with_other_end(record: Record, where: np.ndarray) -> Record:
    """The record with the last year of some cells made up anew."""
    amount = record.amount.copy()
    other = np.random.default_rng(9).lognormal(size=amount.shape[:2]) * 5
    amount[:, :, -1] = np.where(where, other, amount[:, :, -1])
    return replace(record, amount=amount)


def test_what_happens_in_the_test_period_changes_no_prediction(record: Record) -> None:
    changed = with_other_end(record, np.ones(record.amount.shape[:2], dtype=bool))
    first, second = (
        backtest(panel, (2000, 2005), (2005, 2010), "none", draws=2).cells
        for panel in (record, changed)
    )
    both = first.join(second, on=["region", "industry"])
    assert both.height == first.height
    assert (both["probability"] == both["probability_right"]).all()


@pytest.mark.parametrize("folds", ["regions", "double"])
def test_the_end_of_a_fold_changes_none_of_its_own_predictions(record: Record, folds: str) -> None:
    start, none = record.of_year(2005), np.full((60, 60), np.nan)
    rows, columns = next(dealt(start.shape, folds, seed=6))
    inside = np.ix_(rows, columns)
    other = with_other_end(record, rows[:, None] & columns[None])
    first, second = (
        foresee(start, panel.of_year(2010), start, folds, none, seed=6) for panel in (record, other)
    )
    for kind in ("score", "probability", "share"):
        for name, values in getattr(first, kind).items():
            found = getattr(second, kind)[name]
            np.testing.assert_array_equal(values[inside], found[inside], err_msg=name)
    model = first.probability["model"]
    assert np.isfinite(model[inside]).all()
    assert np.nanmax(np.abs(model - second.probability["model"])) > 0


def test_the_model_finds_entries_that_follow_the_abilities_of_regions(record: Record) -> None:
    report = backtest(record, (2000, 2005), (2005, 2010), "none", draws=20)
    assert report.model.auc_roc is not None
    assert report.baselines["ubiquity"].auc_roc is not None
    assert report.model.auc_roc.low > report.baselines["ubiquity"].auc_roc.value


def test_metrics_that_are_not_defined_are_null(record: Record) -> None:
    report = json.loads(
        json.dumps(as_json(backtest(record, (2000, 2005), (2005, 2010), "none", draws=2)))
    )
    assert {name for name in METRICS if report["baselines"]["persistence"][name] is not None} == {
        "share_error"
    }
    assert report["baselines"]["ubiquity"]["share_error"] is None
    assert set(report["model"]["auc_roc"]) == {"value", "low", "high"}


def test_a_test_that_begins_within_train_is_refused(record: Record) -> None:
    with pytest.raises(ValueError, match="would be known"):
        backtest(record, (2000, 2010), (2005, 2010), "none")


def test_one_period_without_folds_is_refused(record: Record) -> None:
    with pytest.raises(ValueError, match="folds"):
        backtest(record, (2000, 2005), (2000, 2005), "none")


def test_entries_between_two_american_censuses_are_counted_as_published(
    reference_data: Path,
) -> None:
    from yanzhen.advantage.entry import entry
    from yanzhen.advantage.specialisation import location_quotient

    folder = reference_data / "us-commuting-zones"
    if not folder.is_dir():
        pytest.skip("the panel of commuting zones is not there")
    panel = read_record(folder / "employment_shares_1980_1990.parquet")
    found = entry(*(location_quotient(panel.of_year(year)) for year in (1980, 1990)))
    assert (int(found.could_enter.sum()), int(found.entered.sum())) == (69_849, 6_903)
