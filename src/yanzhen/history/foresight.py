"""Predictions of entry, exit and shares, made without anything that the test would tell.

The amounts at the end of the test are no argument of `foresee`. Where one period is cut into folds
its end is both what is learnt from and what is tested: then each fold's predictions come from the
ends of the other folds' cells alone, location quotients and shares included.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.advantage.entry import entry
from yanzhen.advantage.specialisation import location_quotient
from yanzhen.history.covariates import Covariates, covariates
from yanzhen.history.logit import affordable, fit_logit, platt
from yanzhen.history.prior import (
    ENOUGH,
    EVENTS,
    Event,
    EventPrior,
    candidates,
    fit_with_prior,
    normal_scores,
)
from yanzhen.history.shares import fit_shares, shares

Folds = Literal["none", "regions", "double"]
FOLDS: dict[Folds, tuple[int, int]] = {"none": (1, 1), "regions": (5, 1), "double": (4, 4)}
"""Parts that the regions, and the industries, are dealt into."""
SCORES = ("ubiquity", "density", "initial_lq", "gravity")
FEWEST = 10
"""Cases that did, and cases that did not, below which nothing is learnt without a prior."""
WITHOUT_PRIOR = "model_without_prior"
REACH_KM = 100.0


@dataclass(frozen=True)
class Foretold:
    """An event of the test period as foreseen, NaN where nothing was.

    Attributes
    ----------
    score : (N, S) by name: model, the single indicators, gravity and boosting; the higher the
        likelier. Where the model has a prior, model_without_prior stands beside it
    probability : (N, S) by the same names
    spreads : of each fold whose model has a prior, how far it was let go from it (κ of
        `history.prior`); empty where none has
    """

    score: dict[str, Floats]
    probability: dict[str, Floats]
    spreads: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Foresight:
    """What was foreseen of the test period.

    Attributes
    ----------
    events : by name: entry, of a location quotient below 0.5 that becomes 1 or more, and exit, the
        reverse
    share : (N, S) by name: model, persistence and gravity
    """

    events: dict[Event, Foretold]
    share: dict[str, Floats]


def foresee(
    train_start: Floats,
    train_end: Floats,
    test_start: Floats,
    folds: Folds,
    distance: Floats,
    seed: int,
    progress: Callable[[float], None] = lambda share: None,
    priors: Mapping[Event, EventPrior] | None = None,
) -> Foresight:
    """Learn entries, exits and shares from one period and foretell those of another.

    Parameters
    ----------
    train_start, train_end, test_start : (N, S) amounts, NaN where missing
    folds : `none` learns from every cell; `regions` and `double` only from those of other regions,
        or of other regions and other industries
    distance : (N, N) km, NaN where not known
    seed : how regions and industries are dealt
    progress : told the share of the folds that is done
    priors : of the coefficients of each event; used where fewer than `ENOUGH` cases did, or did
        not. None where there are none, or they were learnt from the panel itself
    """
    with threadpool_limits(1):
        return _foreseen(
            train_start, train_end, test_start, folds, distance, seed, progress, priors or {}
        )


# Kept whole: folds and events fill the same arrays, and each stage takes most of them.
def _foreseen(
    train_start: Floats,
    train_end: Floats,
    test_start: Floats,
    folds: Folds,
    distance: Floats,
    seed: int,
    progress: Callable[[float], None],
    priors: Mapping[Event, EventPrior],
) -> Foresight:
    """One thread: threads of small products wait for one another, tenfold on a busy machine."""
    learnt_from, tested_on = covariates(train_start), covariates(test_start)
    singles = (
        _single_indicators(learnt_from, train_start, distance),
        _single_indicators(tested_on, test_start, distance),
    )
    there = np.isfinite(test_start)
    placed = {
        event: (_placed(learnt_from, event, prior), _placed(tested_on, event, prior))
        for event, prior in priors.items()
    }
    events = {event: _blank(singles[1], event) for event in EVENTS}
    share = {
        "model": np.full(there.shape, np.nan),
        "persistence": np.where(there, shares(test_start, there), np.nan),
        "gravity": np.where(there, shares(singles[1]["gravity"], there), np.nan),
    }
    for fold, (rows, columns) in enumerate(dealt(there.shape, folds, seed)):
        progress(fold / np.prod(FOLDS[folds]))
        kept_rows, kept_columns = (~rows, ~columns) if folds == "double" else (~rows, columns)
        if folds == "none":
            kept_rows = rows
        cell = np.ix_(rows, columns)
        kept = np.ix_(kept_rows, kept_columns)
        share["model"][cell] = _foreseen_shares(
            train_start, train_end[kept], kept, test_start, learnt_from, tested_on
        )[cell]
        seen = entry(learnt_from.quotient[kept], location_quotient(train_end[kept]))
        known, asked = learnt_from.values[kept], tested_on.values[cell]
        single = {name: (singles[0][name][kept], singles[1][name][cell]) for name in SCORES}
        cases: dict[Event, tuple[Booleans, Booleans]] = {
            "entry": (seen.could_enter, seen.entered),
            "exit": (seen.could_leave, seen.left),
        }
        for event, (could, did) in cases.items():
            happened = did[could]
            seldom = int(min(happened.sum(), (~happened).sum()))
            own = "model"
            if event in priors and seldom < ENOUGH:
                own = WITHOUT_PRIOR
                before, now = placed[event]
                origin = np.broadcast_to(np.flatnonzero(kept_rows)[:, None], could.shape)
                fitted = fit_with_prior(
                    before[kept][could], happened, origin[could], priors[event], seed
                )
                asked_scores = now[cell].reshape(-1, now.shape[2])
                foretold = fitted.probability(asked_scores).reshape(now[cell].shape[:2])
                _write(events[event], "model", cell, foretold)
                events[event].spreads.append(fitted.spread)
            if seldom < FEWEST:
                continue
            past = {name: (before[could], now) for name, (before, now) in single.items()}
            told = _learnt(known[could], happened, asked, past, seed)
            for name, probability in told.items():
                name = own if name == "model" else name
                if name in SCORES:
                    events[event].probability[name][cell] = probability
                else:
                    _write(events[event], name, cell, probability)
    return Foresight(events, share)


def _placed(described: Covariates, event: Event, prior: EventPrior) -> Floats:
    """(N, S, K) the prior's covariates by their places among the candidates of the year."""
    values = np.stack([described.named(name) for name in prior.covariates], axis=2)
    return normal_scores(values, candidates(described.quotient, event))


def _write(
    foretold: Foretold, name: str, cell: tuple[NDArray[np.generic], ...], probability: Floats
) -> None:
    """A probability that is its own score, in the cells of a fold."""
    for figures in (foretold.score, foretold.probability):
        figures.setdefault(name, np.full(foretold.score["density"].shape, np.nan))
        figures[name][cell] = probability


def _blank(single: dict[str, Floats], event: Event) -> Foretold:
    """Nothing foretold but the scores that need no learning.

    What speaks for an entry speaks against an exit.
    """
    shape = single["density"].shape
    names = ("model", *SCORES, "boosting")
    score = {name: np.full(shape, np.nan) for name in names}
    sign = 1.0 if event == "entry" else -1.0
    score.update({name: sign * single[name] for name in SCORES})
    return Foretold(score, {name: np.full(shape, np.nan) for name in names})


def _learnt(
    known: Floats,
    happened: Booleans,
    asked: Floats,
    single: dict[str, tuple[Floats, Floats]],
    seed: int,
) -> dict[str, Floats]:
    """Probabilities (n, s) of an event in the cells asked, by name.

    Parameters
    ----------
    known : (cases, K) covariates of the cases learnt from
    happened : (cases,)
    asked : (n, s, K) covariates of the cells asked
    single : by name, the score of each case learnt from and of the cells asked
    """
    flat = asked.reshape(-1, asked.shape[2])
    used, crossed = affordable(int(min(happened.sum(), (~happened).sum())), known.shape[1])
    model = fit_logit(known[:, :used], happened, crossed)
    found = {"model": model.probability(flat[:, :used])}
    trees = _boosted(known, happened, flat, seed)
    if trees is not None:
        found["boosting"] = trees
    for name, (before, now) in single.items():
        found[name] = platt(before, happened).probability(now.reshape(-1, 1))
    return {name: probability.reshape(asked.shape[:2]) for name, probability in found.items()}


def dealt(shape: tuple[int, ...], folds: Folds, seed: int) -> Iterator[tuple[Booleans, Booleans]]:
    """Deal regions and industries at random; give the rows and columns of each fold in turn."""
    random = np.random.default_rng(seed)
    parts = FOLDS[folds]
    hands = [random.permutation(np.arange(shape[axis]) % parts[axis]) for axis in (0, 1)]
    for first in range(parts[0]):
        for second in range(parts[1]):
            yield hands[0] == first, hands[1] == second


def _single_indicators(
    described: Covariates, amount: Floats, distance: Floats
) -> dict[str, Floats]:
    """Scores that need no learning.

    gravity is the region's total times the industry's, each of the industry's regions counting by
    1 / (1 + km / 100) where distances are known.
    """
    known = np.nan_to_num(amount)
    reach = 1 / (1 + distance / REACH_KM) if np.isfinite(distance).all() else np.ones_like(distance)
    quotient = described.quotient
    return {
        "ubiquity": described.named("ubiquity"),
        "density": described.named("density"),
        "initial_lq": np.nan_to_num(quotient),
        "gravity": known.sum(axis=1)[:, None] * (reach @ known),
    }


def _foreseen_shares(
    train_start: Floats,
    kept_end: Floats,
    kept: tuple[NDArray[np.generic], ...],
    test_start: Floats,
    learnt_from: Covariates,
    tested_on: Covariates,
) -> Floats:
    """(N, S) shares of every cell by a model of the kept ones."""
    known = Covariates(learnt_from.names, learnt_from.values[kept], learnt_from.quotient[kept])
    return fit_shares(train_start[kept], kept_end, known).predict(test_start, tested_on)


def _boosted(known: Floats, happened: Booleans, asked: Floats, seed: int) -> Floats | None:
    """Probabilities by boosted trees of the same covariates; None without scikit-learn."""
    try:
        from sklearn.ensemble import (  # type: ignore[import-untyped]
            HistGradientBoostingClassifier,
        )
    except ModuleNotFoundError:
        return None
    trees = HistGradientBoostingClassifier(
        max_leaf_nodes=15, l2_regularization=5.0, early_stopping=False, random_state=seed
    )
    probability: Floats = trees.fit(known, happened).predict_proba(asked)[:, 1]
    return probability
