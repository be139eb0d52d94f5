"""A need that no achievement serves is told from one that some does."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from tests.modes.technology.small_study import rows, small_study
from yanzhen.modes.technology.matching.matching import match
from yanzhen.modes.technology.matching.parameters import match_weights
from yanzhen.modes.technology.search.evaluation import (
    HALVES,
    Half,
    answerability,
    area_interval,
    area_under_curve,
    unanswered_needs,
)


def sides(half: Half) -> tuple[np.ndarray, np.ndarray]:
    found = answerability(half)
    most = found["evidence"].to_numpy()
    answerable = found["answerable"].to_numpy()
    return most[answerable], most[~answerable]


@pytest.mark.parametrize("half", HALVES)
def test_evidence_tells_needs_with_an_answer_from_those_without(half: Half) -> None:
    served, alone = sides(half)
    assert served.size == 21 and alone.size == 24
    area = area_under_curve(served, alone)
    labels = np.r_[np.ones(served.size), np.zeros(alone.size)]
    assert area == pytest.approx(roc_auc_score(labels, np.r_[served, alone]))
    assert area >= 0.85
    low, high = area_interval(served, alone, 500, 0)
    assert low < area < high


def test_the_least_evidence_is_the_best_of_the_development_half() -> None:
    """Within a hundredth of where sensitivity plus specificity is largest (Youden 1950)."""
    served, alone = sides("development")
    labels = np.r_[np.ones(served.size), np.zeros(alone.size)]
    fall_out, recall, bound = roc_curve(labels, np.r_[served, alone])
    best = bound[np.argmax(recall - fall_out)]
    assert match_weights().evidence == pytest.approx(best, abs=0.01)


def test_needs_without_an_answer_are_kept_apart_and_even() -> None:
    halves = [unanswered_needs(half) for half in HALVES]
    assert pl.concat(halves)["text"].is_unique().all()
    for half in halves:
        assert half["language"].value_counts()["count"].to_list() == [12, 12]


def test_a_need_that_shares_one_word_alone_is_not_filled() -> None:
    """And is said to have no suitable achievement; without a bound it is filled as before."""
    study = small_study()
    need = rows("technology_needs", "need title region", [("N9", "机器人焊枪清枪站", "360000")])
    study = replace(study, tables={**study.tables, "technology_needs": need})
    matching = match(study, "needs")
    alone = matching.partners.row(0, named=True)
    assert alone["suitable"] == 0 and alone["expected"] == 0 and matching.pairs.is_empty()
    assert matching.unmatched["share"].to_list() == [1.0] * 4
    assert matching.certificate.passed
    unbound = match(study, "needs", weights=match_weights({"evidence": 0.0}))
    assert unbound.partners["expected"].item() > 0
