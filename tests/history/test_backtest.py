import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.declared import undeclared
from yanzhen.history.backtest import as_json, backtest
from yanzhen.history.foresight import EVENTS, dealt, foresee
from yanzhen.history.record import Record, read_record
from yanzhen.study import StudyError

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
        backtest(panel, (2000, 2005), (2005, 2010), "none", draws=2) for panel in (record, changed)
    )
    for before, after in ((first.entry, second.entry), (first.exit, second.exit)):
        both = before.cells.join(after.cells, on=["region", "industry"])
        assert both.height == before.cells.height > 0
        assert (both["probability"] == both["probability_right"]).all()
        assert (both["happened"] != both["happened_right"]).any()


@pytest.mark.parametrize("folds", ["regions", "double"])
def test_the_end_of_a_fold_changes_none_of_its_own_predictions(record: Record, folds: str) -> None:
    start, none = record.of_year(2005), np.full((60, 60), np.nan)
    rows, columns = next(dealt(start.shape, folds, seed=6))
    inside = np.ix_(rows, columns)
    other = with_other_end(record, rows[:, None] & columns[None])
    first, second = (
        foresee(start, panel.of_year(2010), start, folds, none, seed=6) for panel in (record, other)
    )
    pairs = [(first.share, second.share)]
    for event in EVENTS:
        own, changed = first.events[event], second.events[event]
        pairs += [(own.score, changed.score), (own.probability, changed.probability)]
        model = own.probability["model"]
        assert np.isfinite(model[inside]).all()
        assert np.nanmax(np.abs(model - changed.probability["model"])) > 0
    for before, after in pairs:
        for name, values in before.items():
            np.testing.assert_array_equal(values[inside], after[name][inside], err_msg=name)


def test_the_model_finds_entries_and_exits_that_follow_the_abilities_of_regions(
    record: Record,
) -> None:
    report = backtest(record, (2000, 2005), (2005, 2010), "none", draws=20)
    for outlook in (report.entry, report.exit):
        model, single = (outlook.metrics[name].auc_roc for name in ("model", "ubiquity"))
        assert model is not None and single is not None
        assert model.low > single.value


def test_what_foretells_an_entry_speaks_against_an_exit(record: Record) -> None:
    report = backtest(record, (2000, 2005), (2005, 2010), "none", draws=2)
    assert undeclared(report) == undeclared(report.entry) == undeclared(report.exit) == []
    for outlook in (report.entry, report.exit):
        found = outlook.metrics["initial_lq"].auc_roc
        assert found is not None and found.value > 0.5


def test_exits_are_pairs_present_at_the_start_and_absent_at_the_end(record: Record) -> None:
    from yanzhen.advantage.specialisation import location_quotient

    before, after = (location_quotient(record.of_year(year)) for year in (2005, 2010))
    report = backtest(record, (2000, 2005), (2005, 2010), "none", draws=2)
    assert report.exit.candidates == (before >= 1).sum()
    assert report.exit.happened == ((before >= 1) & (after < 0.5)).sum() > 0


def test_hits_and_misses_of_regions_add_up_to_those_of_all(record: Record) -> None:
    outlook = backtest(record, (2000, 2005), (2005, 2010), "none", draws=2).entry
    sums = outlook.by_region.drop("region").sum().row(0, named=True)
    assert sums["candidates"] == outlook.candidates
    assert sums["happened"] == sums["foretold"] == outlook.happened
    top = outlook.metrics["model"].top_k
    assert top is not None and sums["hits"] == pytest.approx(top.value * outlook.happened)


def test_the_tenths_of_the_probability_hold_every_candidate(record: Record) -> None:
    outlook = backtest(record, (2000, 2005), (2005, 2010), "none", draws=50).entry
    tenths = outlook.reliability
    assert tenths["candidates"].sum() == outlook.candidates
    assert (tenths["observed"] * tenths["candidates"]).sum() == pytest.approx(outlook.happened)
    assert (tenths["low"] <= tenths["observed"]).all()
    assert (tenths["observed"] <= tenths["high"]).all()
    assert tenths["foreseen"].is_sorted()


def test_metrics_that_are_not_defined_are_null(record: Record) -> None:
    report = json.loads(
        json.dumps(as_json(backtest(record, (2000, 2005), (2005, 2010), "none", draws=2)))
    )
    assert {name for name in METRICS if report["baselines"]["persistence"][name] is not None} == {
        "share_error"
    }
    assert report["baselines"]["ubiquity"]["share_error"] is None
    assert set(report["model"]["auc_roc"]) == {"value", "low", "high"}
    assert set(report["exit"]["model"]) == METRICS - {"share_error"}
    assert report["exit_candidates"] > report["exits"] > 0


def test_a_test_that_begins_within_train_is_refused(record: Record) -> None:
    with pytest.raises(StudyError, match="would be known"):
        backtest(record, (2000, 2010), (2005, 2010), "none")


def test_one_period_without_folds_is_refused(record: Record) -> None:
    with pytest.raises(StudyError, match="folds"):
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
