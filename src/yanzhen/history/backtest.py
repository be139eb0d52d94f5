"""Would it have foreseen what happened? Entries, exits and shares of one period, with baselines."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.advantage.entry import entry
from yanzhen.advantage.specialisation import location_quotient
from yanzhen.history import accuracy
from yanzhen.history.accuracy import Measured, with_interval
from yanzhen.history.foresight import Folds, foresee
from yanzhen.history.left_out import LEFT_OUT, industries_left_out
from yanzhen.history.outlook import BASELINES, Outlook, event_as_json, judged
from yanzhen.history.periods import Period, require_periods
from yanzhen.history.prior import Priors
from yanzhen.history.prior import priors as held_priors
from yanzhen.history.record import Record
from yanzhen.history.shares import shares
from yanzhen.study import Study
from yanzhen.study.result_columns import columns

DRAWS = 200
SEED = 6
REGIONS = columns("region")
SHARES = columns("region industry size", size="number") | columns("before model actual").of_kind(
    "share"
)
"""`size` is of the industry at the end of the test."""


@dataclass(frozen=True)
class BacktestReport:
    """What was foreseen and what happened.

    Attributes
    ----------
    study : what the panel says about itself
    measure, train, test, folds : what was asked
    regions : those of the panel
    industries : number of them
    entry, exit : industries that regions gained and lost
    prior : of the coefficients, used where too little happened to learn from it alone; None where
        it was learnt from this very panel, whose outcome it knows
    missing : cells without a figure at the start or the end of the test: neither foretold nor
        counted as nothing
    share_cells : cells there in every year used, of the industries whose shares are compared
    left_out : industries whose shares are not compared
    share_error : by name, of the model and every baseline, ½ Σ |predicted − actual share of the
        industry|, averaged by industry size; None where a method foretells no share
    share_error_unweighted : the same, each industry counting alike
    shares : the cells compared
    """

    study: Study
    measure: str
    train: Period
    test: Period
    folds: Folds
    regions: Annotated[pl.DataFrame, REGIONS]
    industries: int
    entry: Outlook
    exit: Outlook
    prior: Priors | None
    missing: int
    share_cells: int
    left_out: Annotated[pl.DataFrame, LEFT_OUT]
    share_error: dict[str, Measured | None]
    share_error_unweighted: dict[str, Measured | None]
    shares: Annotated[pl.DataFrame, SHARES]


# Kept whole: a line for each figure of the report, all of the same foresight.
def backtest(
    panel: Record,
    train: Period,
    test: Period,
    folds: Folds,
    draws: int = DRAWS,
    progress: Callable[[str, float], None] | None = None,
) -> BacktestReport:
    """Learn from the period `train`, foretell `test`, and compare.

    Parameters
    ----------
    panel : amounts by region, industry and year
    train, test : first and last year; the same period only in folds
    folds : none, regions or double
    draws : of the bootstrap over regions
    progress : told what is being done, and the share of it that is done

    Raises
    ------
    StudyError
        If a year is not in the panel, a period does not go forward, or what is to be foretold would
        be learnt from.
    """
    require_periods(panel.study.path, panel.years, train, test, folds != "none")
    start, end = panel.of_year(test[0]), panel.of_year(test[1])
    train_start, train_end = panel.of_year(train[0]), panel.of_year(train[1])
    told = progress or (lambda stage, share: None)
    prior: Priors | None = held_priors()
    if prior is not None and prior.learnt_from(panel.regions, panel.industries, (*train, *test)):
        prior = None
    foreseen = foresee(
        train_start,
        train_end,
        start,
        folds,
        panel.distance,
        SEED,
        lambda share: told("foretelling", share),
        None if prior is None else prior.events,
    )
    told("accuracy", 0.9)
    happened = entry(location_quotient(start), location_quotient(end))
    labels = panel.regions, panel.industries
    cells: Booleans = np.isfinite(train_start + train_end + start + end)
    kept = _compared(foreseen.share["model"], cells, end)
    errors = {
        name: _share_errors(foreseen.share.get(name), cells, end, draws)
        for name in ("model", *BASELINES)
    }
    return BacktestReport(
        study=panel.study,
        measure=panel.measure,
        train=train,
        test=test,
        folds=folds,
        regions=pl.DataFrame({"region": panel.regions}, schema=REGIONS.types),
        industries=len(panel.industries),
        entry=judged(
            foreseen.events["entry"], happened.could_enter, happened.entered, *labels, draws, SEED
        ),
        exit=judged(
            foreseen.events["exit"], happened.could_leave, happened.left, *labels, draws, SEED
        ),
        prior=prior,
        missing=int((~np.isfinite(start + end)).sum()),
        share_cells=int(cells[:, kept].sum()),
        left_out=industries_left_out(
            panel.industries, cells, foreseen.share["model"], kept, np.zeros(len(kept))
        ),
        share_error={name: by_size for name, (by_size, _) in errors.items()},
        share_error_unweighted={name: alike for name, (_, alike) in errors.items()},
        shares=_shares(panel, cells, start, foreseen.share["model"], end),
    )


def as_json(report: BacktestReport) -> dict[str, object]:
    """The report as plain values, without the frames of all candidates.

    Entries and shares stand at the top, exits under `exit`.
    """
    entries = event_as_json(report.entry, "entered")
    figures = {
        name: asdict(report.entry.metrics[name]) | _errors(report, name)
        for name in ("model", *BASELINES)
    }
    return {
        "measure": report.measure,
        "synthetic": report.study.about.synthetic,
        "folds": report.folds,
        "regions": report.regions.height,
        "industries": report.industries,
        "candidates": report.entry.candidates,
        "entries": report.entry.happened,
        "exit_candidates": report.exit.candidates,
        "exits": report.exit.happened,
        "missing_cells": report.missing,
        "share_cells": report.share_cells,
        "industries_left_out": report.left_out.to_dicts(),
        "prior": None if report.prior is None else report.prior.source_en,
        "train": list(report.train),
        "test": list(report.test),
        **entries,
        "model": figures.pop("model"),
        "baselines": {name: figures[name] for name in BASELINES},
        "exit": event_as_json(report.exit, "left"),
    }


def _errors(report: BacktestReport, name: str) -> dict[str, object]:
    found = {
        "share_error": report.share_error[name],
        "share_error_unweighted": report.share_error_unweighted[name],
    }
    return {key: None if each is None else asdict(each) for key, each in found.items()}


def _shares(
    panel: Record, cells: Booleans, start: Floats, foreseen: Floats, end: Floats
) -> pl.DataFrame:
    """Shares of the cells compared, of industries with more than one of them."""
    found = {
        "before": shares(start, cells),
        "model": shares(foreseen, cells),
        "actual": shares(end, cells),
    }
    several = cells & (cells.sum(axis=0) > 1)
    for share in found.values():
        several &= np.isfinite(share).all(axis=0)
    n, s = np.nonzero(several)
    size = np.where(cells, np.nan_to_num(end), 0.0).sum(axis=0)
    return pl.DataFrame(
        {
            "region": np.array(panel.regions, dtype=object)[n],
            "industry": np.array(panel.industries, dtype=object)[s],
            "size": size[s],
            **{name: share[several] for name, share in found.items()},
        },
        schema=SHARES.types,
    )


def _compared(predicted: Floats, cells: Booleans, end: Floats) -> Booleans:
    """(S,) industries whose shares are foretold and known in more than one cell."""
    known = np.isfinite(shares(predicted, cells)) & np.isfinite(shares(end, cells))
    compared: Booleans = known.all(axis=0) & (cells.sum(axis=0) > 1)
    return compared


def _share_errors(
    predicted: Floats | None, cells: Booleans, end: Floats, draws: int
) -> tuple[Measured | None, Measured | None]:
    """Share errors with industries weighted by their size, and alike."""
    if predicted is None:
        return None, None
    over, actual = shares(predicted, cells), shares(end, cells)
    kept = _compared(predicted, cells, end)
    if not kept.any():
        return None, None
    size = np.where(cells, np.nan_to_num(end), 0.0).sum(axis=0)[kept]
    over, actual = over[:, kept], actual[:, kept]

    def measured(by: Floats) -> Measured | None:
        return with_interval(
            lambda times: accuracy.share_error(over, actual, by, times), len(cells), draws, SEED
        )

    return measured(size), measured(np.ones_like(size))
