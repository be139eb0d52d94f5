"""How good scores, probabilities and predicted shares were, with intervals over regions."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yanzhen.accounts.panel import Booleans, Floats

LEVEL = 0.95


@dataclass(frozen=True)
class Measured:
    """A figure with the interval that the bootstrap over regions gives it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Ranking:
    """Cases from the highest score down, tied scores together.

    Attributes
    ----------
    order : (n,) cases by falling score
    last : (ties,) place of the last case of each tie in that order
    """

    order: NDArray[np.int64]
    last: NDArray[np.int64]


def rank(score: Floats) -> Ranking:
    """Rank cases by score."""
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.diff(score[order]) != 0)
    return Ranking(order, np.append(ends, score.size - 1))


def auc_roc(ranking: Ranking, y: Booleans, weight: Floats) -> float:
    """Chance that an entry scores above a non-entry, ties half (Hanley and McNeil 1982)."""
    hits, misses = _cumulated(ranking, y, weight)
    width = np.diff(misses, prepend=0.0)
    height = hits - np.diff(hits, prepend=0.0) / 2
    total = hits[-1] * misses[-1]
    return float(width @ height / total) if total > 0 else float("nan")


def auc_pr(ranking: Ranking, y: Booleans, weight: Floats) -> float:
    """Average precision Σ (R_k − R_{k−1}) P_k over the distinct scores."""
    hits, misses = _cumulated(ranking, y, weight)
    if hits[-1] == 0:
        return float("nan")
    precision = hits / np.maximum(hits + misses, 1e-300)
    return float(np.diff(hits, prepend=0.0) @ precision / hits[-1])


def top_k(ranking: Ranking, y: Booleans, weight: Floats) -> float:
    """Share of entries among the k cases scored highest, k = number of entries.

    Of the tie that the k-th case falls in the part that fits is taken at its mean.
    """
    hits, misses = _cumulated(ranking, y, weight)
    k = hits[-1]
    if k == 0:
        return float("nan")
    return float(np.interp(k, np.append(0.0, hits + misses), np.append(0.0, hits)) / k)


def brier(probability: Floats, y: Booleans, weight: Floats) -> float:
    """Mean of (p − y)² (Brier 1950)."""
    total = weight.sum()
    return float(weight @ (probability - y) ** 2 / total) if total > 0 else float("nan")


def share_error(predicted: Floats, actual: Floats, size: Floats, weight: Floats) -> float:
    """½ Σ_r |predicted − actual share of the industry|, averaged over industries by their size.

    Parameters
    ----------
    predicted, actual : (N, S) shares of each industry over regions
    size : (S,) weight of each industry
    weight : (N,) times each region is counted
    """
    error: Floats = weight @ np.abs(predicted - actual) / 2
    return float(error @ size / size.sum()) if size.sum() > 0 else float("nan")


def with_interval(
    figure: Callable[[Floats], float], regions: int, draws: int, seed: int
) -> Measured | None:
    """A figure and its percentile interval, regions drawn with replacement; None where undefined.

    Parameters
    ----------
    figure : of (N,) times that each region is counted
    """
    value = figure(np.ones(regions))
    if not np.isfinite(value):
        return None
    random = np.random.default_rng(seed)
    drawn = np.array(
        [
            figure(
                np.bincount(random.integers(regions, size=regions), minlength=regions).astype(
                    np.float64
                )
            )
            for _ in range(draws)
        ]
    )
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    return Measured(value, float(low), float(high))


def _cumulated(ranking: Ranking, y: Booleans, weight: Floats) -> tuple[Floats, Floats]:
    """Entries and non-entries with at least each distinct score, from the highest down."""
    entered = y[ranking.order]
    counted = weight[ranking.order]
    hits = np.cumsum(np.where(entered, counted, 0.0))[ranking.last]
    misses = np.cumsum(np.where(entered, 0.0, counted))[ranking.last]
    return hits, misses
