"""Backtests run and printed as they come out, the coverage of intervals, and speed.

    python benchmarks/history.py entry PANEL.parquet      one period, folds by region and double
    python benchmarks/history.py shares OUTPUT.csv        provinces' output, 2012-2015 → 2015-2017
    python benchmarks/history.py emissions CO2.csv        windows of a panel of emissions
    python benchmarks/history.py priors CO2.csv           entry and exit in all its windows, with
                                                          and without the prior
    python benchmarks/history.py small PANEL.parquet      small panels cut from the prior's own:
                                                          when they speak for themselves
    python benchmarks/history.py coverage [RUNS]          intervals of the conditional logit
    python benchmarks/history.py many CHOOSERS SITES      16 tastes, beside xlogit and biogeme where
                                                          they are installed and it fits in memory

Where persistence wins, this says so.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats
from yanzhen.advantage.entry import entry as observed
from yanzhen.advantage.specialisation import location_quotient
from yanzhen.history import foresight
from yanzhen.history.accuracy import Measured, auc_roc, cumulated, rank
from yanzhen.history.backtest import BacktestReport, backtest
from yanzhen.history.choices import Choices, ManyChoices
from yanzhen.history.conditional import fit_conditional
from yanzhen.history.foresight import EVENTS, SCORES, foresee
from yanzhen.history.many_choosers import fit_many
from yanzhen.history.outlook import METHODS
from yanzhen.history.prior import priors
from yanzhen.history.record import Record, read_record, record_of_frame

WINDOWS = (
    (1997, 2000, 2003),
    (2000, 2003, 2006),
    (2003, 2006, 2009),
    (2006, 2009, 2012),
    (1997, 2004, 2011),
    (1998, 2005, 2012),
)
TASTES = np.array([-1.0, 0.8, 0.5, -0.3])
Fitted = TypeVar("Fitted")


def entry(file: str) -> None:
    record = read_record(file)
    period = (record.years[0], record.years[1])
    for folds in ("regions", "double"):
        began = time.perf_counter()
        report = backtest(record, period, period, folds)
        print(f"folds {folds}: {time.perf_counter() - began:.0f} s")
        show(report)


def output_shares(file: str) -> None:
    show(backtest(read_record(file), (2012, 2015), (2015, 2017), "none"))


def emissions(file: str) -> None:
    record = emissions_record(file)
    for first, middle, last in WINDOWS:
        print(f"{first}-{middle} → {middle}-{last}, emissions as a proxy of activity")
        show(backtest(record, (first, middle), (middle, last), "none"))


def emissions_record(file: str) -> Record:
    frame = pl.read_csv(file).rename(
        {"province": "region", "sector": "industry", "scope1_mt": "output"}
    )
    made = frame.filter(~pl.col("industry").is_in(["Urban", "Rural"]))
    return record_of_frame(made, file)


def prior_windows(file: str) -> None:
    """Every pair of adjacent windows of 3 to 7 years: areas with and without the prior.

    Windows of one length overlap, so that their mean is no mean of independent tests; the interval
    is of drawing regions again, within each window, averaged.
    """
    record = emissions_record(file)
    for length in range(3, 8):
        found: dict[str, list[dict[str, float]]] = {event: [] for event in EVENTS}
        for first in record.years:
            years = (first, first + length, first + 2 * length)
            if not set(years) <= set(record.years):
                continue
            report = backtest(record, years[:2], years[1:], "none")
            for event, outlook in (("entry", report.entry), ("exit", report.exit)):
                areas = {
                    name: each.auc_roc for name, each in outlook.metrics.items() if each.auc_roc
                }
                if "model_without_prior" not in areas:
                    continue
                best = max(SCORES, key=lambda name: areas[name].value)
                found[event].append(
                    {name: each.value for name, each in areas.items()}
                    | {"best afterwards": areas[best].value}
                )
                if (first - record.years[0]) % length == 0 or length == max(range(3, 8)):
                    less = outlook.auc_difference[best]
                    print(
                        f"  {years} {event}: {outlook.happened} of {outlook.candidates}, model "
                        f"{said(areas['model'])}, without {said(areas['model_without_prior'])}, "
                        f"{best} {said(areas[best])}, model less {best} "
                        f"{said(less) if less else '-'}, κ {outlook.spread:.2f}",
                        flush=True,
                    )
        for event, rows in found.items():
            means = {name: np.mean([row[name] for row in rows]) for name in rows[0]}
            print(
                f"{length} years, {event}, mean of {len(rows)} windows:",
                ", ".join(f"{name} {mean:.3f}" for name, mean in means.items()),
                flush=True,
            )


def small_panels(file: str) -> None:
    """Panels of growing size cut from one: areas in five folds by region, of each way.

    The prior was learnt from the same panel, so that this flatters it; where it loses even so, the
    panel should speak for itself.
    """
    foresight.ENOUGH = sys.maxsize
    record = read_record(file)
    start, end = (record.of_year(year) for year in (record.years[0], record.years[-1]))
    for rows, columns in ((30, 38), (30, 76), (45, 114), (60, 152), (60, 228)):
        areas: dict[str, list[tuple[float, float, float]]] = {event: [] for event in EVENTS}
        for at in range(0, len(start) - rows, (len(start) - rows) // 5):
            first = at * 53 % (start.shape[1] - columns + 1)
            cut = np.s_[at : at + rows, first : first + columns]
            own = np.full((rows, rows), np.nan)
            quotients = location_quotient(start[cut]), location_quotient(end[cut])
            happened = observed(*quotients)
            told = [
                foresee(start[cut], end[cut], start[cut], "regions", own, 6, priors=prior)
                for prior in (None, priors().events)
            ]
            cases = {
                "entry": (happened.could_enter, happened.entered),
                "exit": (happened.could_leave, happened.left),
            }
            for event, (could, did) in cases.items():
                scores = [each.events[event].score["model"][could] for each in told]
                if all(np.isfinite(score).all() for score in scores):
                    plain, with_prior = (
                        auc_roc(cumulated(rank(score, did[could]), np.ones(score.size)))
                        for score in scores
                    )
                    areas[event].append((float(did.sum()), plain, with_prior))
        for event, found in areas.items():
            events, plain, with_prior = np.mean(found, axis=0)
            print(
                f"{rows} × {columns}, {event}: {events:.0f} events, without the prior {plain:.3f}, "
                f"with {with_prior:.3f}",
                flush=True,
            )


def coverage(runs: int) -> None:
    """SYNTHETIC choices by known tastes; how often 95 % intervals hold them."""
    inside = np.zeros((runs, TASTES.size))
    for seed in range(runs):
        random = np.random.default_rng(seed)
        attributes = random.normal(size=(300, 8, TASTES.size))
        p = np.exp(attributes @ TASTES)
        p /= p.sum(axis=1, keepdims=True)
        at = np.arange(300)
        choices = Choices(
            ("a", "b", "c", "d"),
            attributes,
            at,
            np.zeros((300, 0)),
            np.zeros((8, 0)),
            random.multinomial(1, p).astype(float),
            at,
        )
        fitted = fit_conditional(choices)
        error = np.sqrt(np.diag(fitted.covariance))
        inside[seed] = np.abs(fitted.estimates - TASTES) <= 1.959963984540054 * error
    print("coverage of each:", *(f"{100 * share:.1f} %" for share in inside.mean(axis=0)))
    print(f"pooled: {100 * inside.mean():.1f} % of {runs} runs")


def many(choosers: int, sites: int) -> None:
    """SYNTHETIC choosers; every fit twice, so that the second holds no compilation."""
    random = np.random.default_rng(0)
    x, z = random.normal(size=(choosers, 16)), random.normal(size=(sites, 16))
    tastes = 0.3 * random.normal(size=16)
    chosen = np.empty(choosers, dtype=np.int64)
    for start in range(0, choosers, 20_000):
        rows = slice(start, start + 20_000)
        payoff = x[rows] @ (z * tastes).T
        chosen[rows] = (payoff + random.gumbel(size=payoff.shape)).argmax(axis=1)
    at = np.arange(choosers)
    names = tuple(f"x{k}" for k in range(16))
    choices = ManyChoices(names, np.zeros((1, sites, 0)), np.zeros_like(at), x, z, chosen, at)
    plain = twice("ours", lambda: fit_many(choices, seed=1))
    error = np.sqrt(np.diag(plain.robust))
    print(f"  largest error {np.abs((plain.estimates - tastes) / error).max():.2f} s.e.")
    if choosers * sites <= 100_000_000:
        twice("ours with constants", lambda: fit_many(choices, seed=1, site_constants=True))
    if choosers * sites > 2_000_000:
        return
    for name, fit in (("xlogit", xlogit_fit), ("biogeme", biogeme_fit)):
        try:
            peer = fit(names, x, z, chosen)
        except ModuleNotFoundError:
            print(f"{name}: not installed")
            continue
        found, errors = twice(name, peer)
        print(
            f"  largest difference of a taste {np.abs(plain.estimates - found).max():.1e}, "
            f"of a standard error {np.abs(np.sqrt(np.diag(plain.covariance)) - errors).max():.1e}"
        )


def twice(name: str, fit: Callable[[], Fitted]) -> Fitted:
    """Time a fit, and again."""
    for run in ("first", "second"):
        clock, processor = time.perf_counter(), time.process_time()
        found = fit()
        print(
            f"{name}, {run} run: {time.perf_counter() - clock:.2f} s by the clock, "
            f"{time.process_time() - processor:.2f} s of processor",
            flush=True,
        )
    return found


def xlogit_fit(
    names: tuple[str, ...], x: Floats, z: Floats, chosen: NDArray[np.int64]
) -> Callable[[], tuple[Floats, Floats]]:
    """Tastes and standard errors by xlogit; its long table is made before the clock starts."""
    import xlogit

    taken = np.zeros((len(x), len(z)))
    taken[np.arange(len(x)), chosen] = 1
    table = (x[:, None] * z[None]).reshape(-1, len(names))
    ids, alternatives = np.repeat(np.arange(len(x)), len(z)), np.tile(np.arange(len(z)), len(x))

    def fit() -> tuple[Floats, Floats]:
        peer = xlogit.MultinomialLogit()
        peer.fit(
            X=table, y=taken.ravel(), varnames=list(names), ids=ids, alts=alternatives, verbose=0
        )
        return peer.coeff_, peer.stderr

    return fit


def biogeme_fit(
    names: tuple[str, ...], x: Floats, z: Floats, chosen: NDArray[np.int64]
) -> Callable[[], tuple[Floats, Floats]]:
    """The same by biogeme: payoffs written out for every alternative."""
    import biogeme.biogeme as bio
    import pandas as pd
    from biogeme import models
    from biogeme.database import Database
    from biogeme.expressions import Beta, Variable
    from biogeme.results_processing import EstimateVarianceCovariance as Kind

    frame = pd.DataFrame({name: x[:, k] for k, name in enumerate(names)} | {"taken": chosen})

    def fit() -> tuple[Floats, Floats]:
        tastes = {name: Beta(f"b_{name}", 0, None, None, 0) for name in names}
        payoff = {
            j: sum(tastes[name] * (float(z[j, k]) * Variable(name)) for k, name in enumerate(names))
            for j in range(len(z))
        }
        likelihood = models.loglogit(payoff, None, Variable("taken"))
        model = bio.BIOGEME(
            Database("choices", frame), likelihood, generate_html=False, generate_yaml=False
        )
        model.model_name = "many"
        found = model.estimate()
        table = found.get_beta_values()
        covariance = pd.DataFrame(
            found.get_variance_covariance_matrix(Kind["RAO_CRAMER"]),
            index=found.beta_names,
            columns=found.beta_names,
        )
        order = [f"b_{name}" for name in names]
        errors = [float(np.sqrt(covariance.loc[name, name])) for name in order]
        return np.array([float(table[name]) for name in order]), np.array(errors)

    return fit


def show(report: BacktestReport) -> None:
    print(f"  {report.share_cells} cells for shares")
    for name in METHODS:
        for kind in ("share_error", "share_error_unweighted"):
            value = getattr(report, kind).get(name)
            if value is not None:
                print(f"    {name}: {kind} {said(value)}")
    for event, outlook in (("entry", report.entry), ("exit", report.exit)):
        print(f"  {event}: {outlook.candidates} candidates, {outlook.happened} happened")
        for name, metrics in outlook.metrics.items():
            known = (
                f"{figure.name} {said(value)}"
                for figure in fields(metrics)
                if (value := getattr(metrics, figure.name)) is not None
            )
            print(f"    {name}:", ", ".join(known) or "not defined")
        for name, value in outlook.auc_difference.items():
            if value is not None:
                print(f"    model - {name}: {said(value)}")


def said(figure: Measured) -> str:
    return f"{figure.value:.4f} ({figure.low:.4f} to {figure.high:.4f})"


def main() -> None:
    what, argument = sys.argv[1], sys.argv[2:]
    if what == "coverage":
        coverage(int(argument[0]) if argument else 500)
        return
    if what == "many":
        many(int(argument[0]), int(argument[1]))
        return
    {
        "entry": entry,
        "shares": output_shares,
        "emissions": emissions,
        "priors": prior_windows,
        "small": small_panels,
    }[what](str(Path(argument[0])))


if __name__ == "__main__":
    main()
