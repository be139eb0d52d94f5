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
    happened : (n,) whether it happened, in that order
    """

    order: NDArray[np.int64]
    last: NDArray[np.int64]
    happened: Booleans


def rank(score: Floats, y: Booleans) -> Ranking:
    """Rank cases by score.

    Parameters
    ----------
    score : (n,)
    y : (n,) whether it happened
    """
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.diff(score[order]) != 0)
    return Ranking(order, np.append(ends, score.size - 1), y[order])


@dataclass(frozen=True)
class Cumulated:
    """Events and non-events with at least each distinct score, from the highest down.

    Attributes
    ----------
    hits, misses : (ties,)
    """

    hits: Floats
    misses: Floats


def cumulated(ranking: Ranking, weight: Floats) -> Cumulated:
    """Count events and non-events down the ranking.

    Parameters
    ----------
    weight : (n,) times each case is counted
    """
    counted = weight[ranking.order]
    both = np.cumsum(counted)[ranking.last]
    hits = np.cumsum(counted * ranking.happened)[ranking.last]
    return Cumulated(hits, both - hits)


def auc_roc(counted: Cumulated) -> float:
    """Chance that an event scores above a non-event, ties half (Hanley and McNeil 1982)."""
    hits, misses = counted.hits, counted.misses
    width = np.diff(misses, prepend=0.0)
    height = hits - np.diff(hits, prepend=0.0) / 2
    total = hits[-1] * misses[-1]
    return float(width @ height / total) if total > 0 else float("nan")


def auc_pr(counted: Cumulated) -> float:
    """Average precision Σ (R_k − R_{k−1}) P_k over the distinct scores."""
    hits, misses = counted.hits, counted.misses
    if hits[-1] == 0:
        return float("nan")
    precision = hits / np.maximum(hits + misses, 1e-300)
    return float(np.diff(hits, prepend=0.0) @ precision / hits[-1])


def top_k(counted: Cumulated) -> float:
    """Share of events among the k cases scored highest, k = number of events.

    Of the tie that the k-th case falls in the part that fits is taken at its mean.
    """
    hits, misses = counted.hits, counted.misses
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
    return with_intervals(lambda times: np.array([figure(times)]), regions, draws, seed)[0]


def with_intervals(
    figures: Callable[[Floats], Floats], regions: int, draws: int, seed: int
) -> list[Measured | None]:
    """Several figures of the same draws of regions, each as by `with_interval`.

    Parameters
    ----------
    figures : (F,) of (N,) times that each region is counted, NaN where undefined
    """
    random = np.random.default_rng(seed)
    value = figures(np.ones(regions))
    known = np.isfinite(value)
    if not known.any():
        return [None] * value.size
    drawn = np.array(
        [
            figures(
                np.bincount(random.integers(regions, size=regions), minlength=regions).astype(
                    np.float64
                )
            )
            for _ in range(draws)
        ]
    )
    tail = (1 - LEVEL) / 2
    measured: list[Measured | None] = [None] * value.size
    for f in np.flatnonzero(known & np.isfinite(drawn).any(axis=0)):
        low, high = np.nanquantile(drawn[:, f], [tail, 1 - tail])
        measured[f] = Measured(float(value[f]), float(low), float(high))
    return measured
