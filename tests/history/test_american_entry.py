"""The bars of entry on a third of the commuting zones; the benchmark holds all, and boosting."""

from pathlib import Path

import numpy as np
import pytest

from yanzhen.advantage.specialisation import location_quotient
from yanzhen.history import foresight
from yanzhen.history.accuracy import auc_roc, cumulated, rank
from yanzhen.history.backtest import SEED
from yanzhen.history.covariates import ABSENT
from yanzhen.history.foresight import SCORES, Folds, foresee
from yanzhen.history.record import read_record


@pytest.mark.parametrize(("folds", "bar"), [("regions", 0.05), ("double", 0.06)])
def test_entry_is_foreseen_better_than_by_any_single_indicator(
    reference_data: Path, monkeypatch: pytest.MonkeyPatch, folds: Folds, bar: float
) -> None:
    folder = reference_data / "us-commuting-zones"
    if not folder.is_dir():
        pytest.skip("the panel of commuting zones is not there")
    monkeypatch.setattr(foresight, "_boosted", lambda *_: None)
    monkeypatch.setitem(foresight.FOLDS, folds, (2, 1) if folds == "regions" else (2, 2))
    panel = read_record(folder / "employment_shares_1980_1990.parquet")
    # Every third region, which the whole panel's bars must survive: a part of the time.
    start, end = panel.of_year(1980)[::3], panel.of_year(1990)[::3]
    nowhere = np.full((len(start),) * 2, np.nan)
    foreseen = foresee(start, end, start, folds, nowhere, SEED)
    score = foreseen.events["entry"].score
    could = location_quotient(start) < ABSENT
    entered = location_quotient(end)[could] >= 1.0
    alike = np.ones(entered.size)
    area = {
        name: auc_roc(cumulated(rank(score[name][could], entered), alike))
        for name in ("model", *SCORES)
    }
    assert area["model"] - max(area[name] for name in SCORES) >= bar
