"""The whole market tested on a period that is over, with nothing known after its beginning.

Departures, room and what places offer come from the years up to the end of train; the market is
cleared for the test period. Predicted output of region r in industry s, as a share:

    ŝ_rs ∝ Y_rs + arrivals_rs − departures_rs,

beside persistence (arrivals = departures = 0), trend (the share change of train once more) and the
same market at zero prices.
"""

from dataclasses import asdict, dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.completion import completed as completed_output
from yanzhen.accounts.completion import national_totals
from yanzhen.accounts.panel import Booleans, Floats, Panel, whole_panel
from yanzhen.accounts.share_shift_projection import project_share_shifts
from yanzhen.advantage.attraction import locational_advantage
from yanzhen.history import accuracy
from yanzhen.history.accuracy import Measured, with_interval
from yanzhen.history.backtest import DRAWS, REGIONS, SEED
from yanzhen.history.left_out import LEFT_OUT, industries_left_out
from yanzhen.history.periods import Period, require_periods
from yanzhen.history.shares import shares
from yanzhen.history.words import message
from yanzhen.market.equilibrium.cleared_study import clear_study
from yanzhen.market.problem.choice import Choice, choose
from yanzhen.market.problem.departures import macro_regions
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Prices
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import Problem, Study, StudyError
from yanzhen.study.assumptions import parameter_values, used_parameters
from yanzhen.study.result_columns import columns

COMPARED = columns("actual market market_without_prices persistence trend")
SHARES = columns("region industry size", size="size") | COMPARED.of_kind("share")
"""`size` is of the industry at the end of the test."""
NET_SHIFTS = columns("macro_region") | COMPARED.of_kind("size")
"""Change of output at the growth of the industry."""


@dataclass(frozen=True)
class MarketBacktest:
    """Shares foretold by the market and by what it is held against.

    Attributes
    ----------
    study : the study
    train, test : periods
    regions : those of the study
    cells : cells compared: there in all the years used, of the industries compared
    missing : cells of the study's regions and industries that are not compared
    left_out : industries not compared
    share_error : by name (market, market_without_prices, persistence, trend), by industry size
    share_error_unweighted : the same, each industry counting alike
    """

    study: Study
    train: Period
    test: Period
    regions: Annotated[pl.DataFrame, REGIONS]
    cells: int
    missing: int
    left_out: Annotated[pl.DataFrame, LEFT_OUT]
    share_error: dict[str, Measured | None]
    share_error_unweighted: dict[str, Measured | None]
    shares: Annotated[pl.DataFrame, SHARES]
    net_shifts: Annotated[pl.DataFrame, NET_SHIFTS]


def market_backtest(study: Study, train: Period, test: Period) -> MarketBacktest:
    """Clear the market that the end of train would have shown, and compare with the test.

    Raises
    ------
    StudyError
        If a year is not in the study, or the test does not begin where train ends.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When the market does not clear.
    """
    whole = whole_panel(study)
    require_periods(study.path, whole.years, train, test, folded=False)
    if train[1] != test[0]:
        said = message("gap_before_test", start=test[0], end=train[1])
        raise StudyError([Problem.at(study.path, "", None, "test", *said)])
    at = [whole.years.index(year) for year in (*train, test[1])]
    known = _until(study, train[1])
    foretold = _foretold(known, train, test)
    first, start, end = (whole.output[:, :, t] for t in at)
    present: Booleans = np.isfinite(first + start + end)
    cells: Booleans = present & np.isfinite(foretold["market"])
    before, actual = shares(start, cells), shares(end, cells)
    trend = np.clip(2 * before - shares(first, cells), 0.0, None)
    predicted = {name: shares(amount, cells) for name, amount in foretold.items()}
    predicted |= {"persistence": before, "trend": shares(trend, cells)}
    kept = np.isfinite(actual + before + predicted["market"]).all(axis=0)
    kept &= cells.sum(axis=0) > 1
    size = np.where(cells, np.nan_to_num(end), 0.0).sum(axis=0)
    macro = macro_regions(study, whole.regions)
    return MarketBacktest(
        study,
        train,
        test,
        pl.DataFrame({"region": whole.regions}),
        int(cells[:, kept].sum()),
        int(cells.size - cells[:, kept].sum()),
        industries_left_out(
            whole.industries, present, foretold["market"], kept, _totals(known, train[1])
        ),
        _errors(predicted, actual, kept, size),
        _errors(predicted, actual, kept, np.ones_like(size)),
        _share_frame(whole, cells & kept, size, actual, predicted),
        _net_shifts(macro, kept, size, before, actual, predicted),
    )


def market_as_json(report: MarketBacktest) -> dict[str, object]:
    """The report as plain values, without the frame of all shares."""

    def plain(errors: dict[str, Measured | None]) -> dict[str, object]:
        return {name: None if each is None else asdict(each) for name, each in errors.items()}

    return {
        "train": list(report.train),
        "test": list(report.test),
        "cells": report.cells,
        "missing_cells": report.missing,
        "industries_left_out": report.left_out.to_dicts(),
        "share_error": plain(report.share_error),
        "share_error_unweighted": plain(report.share_error_unweighted),
        "net_shifts": report.net_shifts.to_dicts(),
    }


def _until(study: Study, year: int) -> Study:
    """The study as it stood at the end of a year: no row of a later year in any table."""
    tables = {
        name: table.filter(pl.col("year") <= year) if "year" in table.columns else table
        for name, table in study.tables.items()
    }
    about, coverage = study.about, study.about.coverage
    if coverage.moves_to is not None:
        about = replace(about, coverage=replace(coverage, moves_to=min(coverage.moves_to, year)))
    return Study(about, tables, study.path)


def _totals(known: Study, year: int) -> Floats:
    """(S,) national totals of a year, carried from other years where they can be."""
    panel = whole_panel(known)
    return national_totals(panel)[:, panel.years.index(year)]


def _foretold(known: Study, train: Period, test: Period) -> dict[str, Floats]:
    """(N, S) output foretold by the market and by the market at zero prices."""
    full = whole_panel(known)
    chosen = [full.years.index(year) for year in train]
    panel = full.of_years(chosen)
    parameters = used_parameters(known)
    decay = parameter_values(parameters)["access_decay"]
    completed = completed_output(panel)[:, :, -1]
    advantage = locational_advantage(known, panel, completed, decay)
    inputs = StudyInputs(known, panel, project_share_shifts(panel), advantage, parameters)
    cleared = clear_study(inputs.with_values({"plan_years": test[1] - test[0]}))
    formulation, prices = cleared.formulation, cleared.clearing.prices
    nothing = Prices(np.zeros_like(prices.site), np.zeros_like(prices.group), prices.constants)
    return {
        "market": _moved(completed, formulation, cleared.clearing.choice),
        "market_without_prices": _moved(
            completed, formulation, choose(formulation.market, nothing)
        ),
    }


def _moved(output: Floats, formulation: Formulation, choice: Choice) -> Floats:
    """(N, S) output after the moves; NaN for industries that are not in the market."""
    traded = np.isin(np.arange(output.shape[1]), formulation.industry)
    after = np.where(traded[None], output, np.nan)
    moving = formulation.market.mass[:, None] * choice.probability
    np.subtract.at(after, (formulation.origin, formulation.industry), moving.sum(axis=1))
    places = np.broadcast_to(formulation.place[None], moving.shape)
    kinds = np.broadcast_to(formulation.industry[:, None], moving.shape)
    np.add.at(after, (places, kinds), moving)
    return after


def _errors(
    predicted: dict[str, Floats], actual: Floats, kept: Booleans, size: Floats
) -> dict[str, Measured | None]:
    if not kept.any():
        return dict.fromkeys(predicted)
    happened, weight = actual[:, kept], size[kept]

    def error(share: Floats) -> Measured | None:
        return with_interval(
            lambda times: accuracy.share_error(share, happened, weight, times),
            len(actual),
            DRAWS,
            SEED,
        )

    return {name: error(share[:, kept]) for name, share in predicted.items()}


def _share_frame(
    panel: Panel, cells: Booleans, size: Floats, actual: Floats, predicted: dict[str, Floats]
) -> pl.DataFrame:
    n, s = np.nonzero(cells)
    return pl.DataFrame(
        {
            "region": np.array(panel.regions)[n],
            "industry": np.array(panel.industries)[s],
            "size": size[s],
            "actual": actual[cells],
            **{name: share[cells] for name, share in predicted.items()},
        }
    )


def _net_shifts(
    macro: list[str],
    kept: Booleans,
    size: Floats,
    before: Floats,
    actual: Floats,
    predicted: dict[str, Floats],
) -> pl.DataFrame:
    """Σ_s (share at the end − share at the start) · size_s by macro-region."""
    columns = {"actual": actual, **predicted}
    shift = {name: (share - before)[:, kept] @ size[kept] for name, share in columns.items()}
    return (
        pl.DataFrame({"macro_region": macro, **shift})
        .group_by("macro_region", maintain_order=True)
        .agg(pl.all().sum())
        .sort("macro_region")
    )
