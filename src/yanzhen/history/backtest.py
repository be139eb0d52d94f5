"""Would it have foreseen what happened? Entry and shares of one period, beside baselines."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.advantage.entry import entry
from yanzhen.advantage.specialisation import location_quotient
from yanzhen.history import accuracy
from yanzhen.history.accuracy import Measured, rank, with_interval
from yanzhen.history.foresight import Folds, Foresight, foresee
from yanzhen.history.record import Record
from yanzhen.history.shares import shares

BASELINES = ("ubiquity", "density", "initial_lq", "persistence", "gravity", "boosting")
DRAWS = 200
SEED = 6
LARGEST = 20
Period = tuple[int, int]


@dataclass(frozen=True)
class Metrics:
    """Figures of one way of foreseeing, None where one is not defined.

    Attributes
    ----------
    auc_roc, auc_pr : areas under the curves of its score over the candidates
    brier : mean squared error of its probability
    top_k : share of entries among the k scored highest, k = number of entries
    share_error : ½ Σ |predicted − actual share of the industry|, averaged by industry size
    share_error_unweighted : the same, each industry counting alike
    """

    auc_roc: Measured | None
    auc_pr: Measured | None
    brier: Measured | None
    top_k: Measured | None
    share_error: Measured | None
    share_error_unweighted: Measured | None


@dataclass(frozen=True)
class BacktestReport:
    """What was foreseen and what happened.

    Attributes
    ----------
    measure, train, test, folds : what was asked
    regions, industries : numbers of each
    candidates, entries : numbers of pairs that could enter and that did
    share_cells : cells there in every year used, over which shares are compared
    model : the model's figures
    baselines : figures by name, in the order of `BASELINES`
    auc_difference : area under the curve of the model less that of each baseline, by paired
        draws of regions
    cells : region, industry, probability, entered: every candidate
    reliability : foreseen (mean probability), observed (share entered), candidates: by tenths of
        the probability
    largest_misses : the entries least expected and the candidates most expected that did not
        enter: region, industry, probability, entered
    """

    measure: str
    train: Period
    test: Period
    folds: Folds
    regions: int
    industries: int
    candidates: int
    entries: int
    share_cells: int
    model: Metrics
    baselines: dict[str, Metrics]
    auc_difference: dict[str, Measured | None]
    cells: pl.DataFrame
    reliability: pl.DataFrame
    largest_misses: pl.DataFrame


def backtest(
    panel: Record, train: Period, test: Period, folds: Folds, draws: int = DRAWS
) -> BacktestReport:
    """Learn from the period `train`, foretell `test`, and compare.

    Parameters
    ----------
    panel : amounts by region, industry and year
    train, test : first and last year; the same period only in folds
    folds : none, regions or double
    draws : of the bootstrap over regions

    Raises
    ------
    ValueError
        If a year is not in the panel, a period does not go forward, or what is to be foretold would
        be learnt from.
    """
    _require_honest(train, test, folds)
    start, end = panel.of_year(test[0]), panel.of_year(test[1])
    train_start, train_end = panel.of_year(train[0]), panel.of_year(train[1])
    foreseen = foresee(train_start, train_end, start, folds, panel.distance, SEED)
    happened = entry(location_quotient(start), location_quotient(end))
    could, entered = happened.could_enter, happened.entered
    cells: Booleans = np.isfinite(train_start + train_end + start + end)
    judged = {
        name: _metrics(foreseen, name, could, entered, cells, end, draws)
        for name in ("model", *BASELINES)
    }
    frame = _cells(panel, foreseen, could, entered)
    return BacktestReport(
        measure=panel.measure,
        train=train,
        test=test,
        folds=folds,
        regions=len(panel.regions),
        industries=len(panel.industries),
        candidates=int(could.sum()),
        entries=int(entered.sum()),
        share_cells=int(cells.sum()),
        model=judged.pop("model"),
        baselines=judged,
        auc_difference={
            name: _auc_difference(foreseen, name, could, entered, draws) for name in BASELINES
        },
        cells=frame,
        reliability=_reliability(frame),
        largest_misses=_largest_misses(frame),
    )


def as_json(report: BacktestReport) -> dict[str, object]:
    """The report as plain values, without the frame of all candidates."""
    plain = {
        name: getattr(report, name)
        for name in (
            *("measure", "folds", "regions", "industries", "candidates", "entries"),
            "share_cells",
        )
    }
    return {
        **plain,
        "train": list(report.train),
        "test": list(report.test),
        "model": asdict(report.model),
        "baselines": {name: asdict(each) for name, each in report.baselines.items()},
        "auc_difference": {
            name: None if each is None else asdict(each)
            for name, each in report.auc_difference.items()
        },
        "reliability": report.reliability.to_dicts(),
        "largest_misses": report.largest_misses.to_dicts(),
    }


def _require_honest(train: Period, test: Period, folds: Folds) -> None:
    for name, period in (("train", train), ("test", test)):
        if period[0] >= period[1]:
            raise ValueError(f"{name} {period[0]}:{period[1]} does not go forward")
    if train[1] > test[0] and train != test:
        raise ValueError(
            f"train ends in {train[1]}, after the test begins in {test[0]}: what is to be foretold "
            "would be known"
        )
    if train == test and folds == "none":
        raise ValueError("one period can be tested only in folds: regions or double")


def _metrics(
    foreseen: Foresight,
    name: str,
    could: Booleans,
    entered: Booleans,
    cells: Booleans,
    end: Floats,
    draws: int,
) -> Metrics:
    row, y = np.nonzero(could)[0], entered[could]
    score = foreseen.score.get(name)

    def drawn(figure: Callable[[Floats], float]) -> Measured | None:
        return with_interval(lambda times: figure(times[row]), len(could), draws, SEED)

    roc = pr = top = squared = None
    if score is not None and y.any() and not y.all() and np.isfinite(score[could]).all():
        ranking = rank(score[could])
        roc = drawn(lambda w: accuracy.auc_roc(ranking, y, w))
        pr = drawn(lambda w: accuracy.auc_pr(ranking, y, w))
        top = drawn(lambda w: accuracy.top_k(ranking, y, w))
        probability = foreseen.probability[name][could]
        if np.isfinite(probability).all():
            squared = drawn(lambda w: accuracy.brier(probability, y, w))
    errors = _share_errors(foreseen.share.get(name), cells, end, draws)
    return Metrics(roc, pr, squared, top, *errors)


def _share_errors(
    predicted: Floats | None, cells: Booleans, end: Floats, draws: int
) -> tuple[Measured | None, Measured | None]:
    """Share errors with industries weighted by their size, and alike."""
    if predicted is None:
        return None, None
    over, actual = shares(predicted, cells), shares(end, cells)
    kept = np.isfinite(over).all(axis=0) & np.isfinite(actual).all(axis=0)
    kept &= cells.sum(axis=0) > 1
    if not kept.any():
        return None, None
    size = np.where(cells, np.nan_to_num(end), 0.0).sum(axis=0)[kept]
    over, actual = over[:, kept], actual[:, kept]

    def measured(by: Floats) -> Measured | None:
        return with_interval(
            lambda times: accuracy.share_error(over, actual, by, times), len(cells), draws, SEED
        )

    return measured(size), measured(np.ones_like(size))


def _auc_difference(
    foreseen: Foresight, name: str, could: Booleans, entered: Booleans, draws: int
) -> Measured | None:
    if name not in foreseen.score:
        return None
    pair = [foreseen.score[each][could] for each in ("model", name)]
    if not all(np.isfinite(score).all() for score in pair) or not entered.any():
        return None
    row, y = np.nonzero(could)[0], entered[could]
    own, other = (rank(score) for score in pair)
    return with_interval(
        lambda w: accuracy.auc_roc(own, y, w[row]) - accuracy.auc_roc(other, y, w[row]),
        len(could),
        draws,
        SEED,
    )


def _cells(panel: Record, foreseen: Foresight, could: Booleans, entered: Booleans) -> pl.DataFrame:
    n, s = np.nonzero(could)
    return pl.DataFrame(
        {
            "region": np.array(panel.regions, dtype=object)[n],
            "industry": np.array(panel.industries, dtype=object)[s],
            "probability": foreseen.probability["model"][could],
            "entered": entered[could],
        },
        schema={
            "region": pl.String,
            "industry": pl.String,
            "probability": pl.Float64,
            "entered": pl.Boolean,
        },
    ).with_columns(pl.col("probability").fill_nan(None))


def _reliability(cells: pl.DataFrame) -> pl.DataFrame:
    known = cells.drop_nulls("probability")
    tenth = (pl.col("probability").rank("ordinal") * 10 / (pl.len() + 1)).floor()
    return (
        known.with_columns(tenth=tenth)
        .group_by("tenth")
        .agg(
            foreseen=pl.col("probability").mean(),
            observed=pl.col("entered").mean(),
            candidates=pl.len(),
        )
        .sort("tenth")
        .drop("tenth")
    )


def _largest_misses(cells: pl.DataFrame) -> pl.DataFrame:
    known = cells.drop_nulls("probability").sort("probability", "region", "industry")
    return pl.concat(
        [
            known.filter("entered").head(LARGEST),
            known.filter(~pl.col("entered")).tail(LARGEST).reverse(),
        ]
    )
