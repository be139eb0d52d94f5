"""Completing missing cells of output, and measuring how wrong the completion is."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Booleans, Floats, Panel
from yanzhen.study.result_columns import columns
from yanzhen.study.statuses import ESTIMATED, MISSING, WIDTH, Statuses

HOLD_OUT_FOLDS = 10
POISSON_ROUNDS = 500
POISSON_TOLERANCE = 1e-12
CELLS = columns("region industry year output output_status")
"""The status is as the study gives it, estimated where completed here."""
COMPLETENESS = columns("industry year observed estimated missing total_basis")
"""Cells: `observed` or synthetic, `estimated` by who made the study or here."""
HOLD_OUT = columns(
    "industry year cells uncompleted median_absolute_percentage_error weighted_error"
)
"""Industry and year are null for all; `uncompleted` counts cells for which no room was left."""


@dataclass(frozen=True)
class Completion:
    """Output with missing cells estimated where the national total leaves room for them.

    Attributes
    ----------
    output : (N, S, T) observed or estimated output, NaN where still missing
    totals : (S, T) national output used
    hold_out : errors of cells that were observed, hidden and completed again
    """

    output: Floats
    totals: Floats
    cells: Annotated[pl.DataFrame, CELLS]
    completeness: Annotated[pl.DataFrame, COMPLETENESS]
    hold_out: Annotated[pl.DataFrame, HOLD_OUT]


def complete(panel: Panel, seed: int) -> Completion:
    """Complete the missing cells of a panel and measure the error by hiding cells.

    A missing cell starts from its nearest observed year carried by its industry's growth over
    cells observed in both years, or from a Poisson fit on region and industry × year. The missing
    cells of an industry and year are then scaled to the national total less the listed cells;
    where that is not positive they stay missing. A year without a national total takes the nearest
    total carried by the growth of balanced cells.

    Parameters
    ----------
    panel : observed output
    seed : order in which cells are hidden; each observed cell is hidden exactly once
    """
    totals = national_totals(panel)
    output = completed(panel)
    return Completion(
        output,
        totals,
        _cells(panel, output),
        _completeness(panel, output),
        _hold_out(panel, seed),
    )


def national_totals(panel: Panel) -> Floats:
    """(S, T) national totals, the missing ones carried by the growth of balanced cells."""
    totals = panel.totals.copy()
    balanced = panel.balanced_output.sum(axis=0)
    years = np.array(panel.years)
    for s in range(len(panel.industries)):
        known = np.flatnonzero(np.isfinite(panel.totals[s]))
        if known.size == 0 or balanced[s].min() <= 0:
            continue
        for t in np.flatnonzero(~np.isfinite(panel.totals[s])):
            source = known[np.argmin(np.abs(years[known] - years[t]))]
            totals[s, t] = panel.totals[s, source] * balanced[s, t] / balanced[s, source]
    return totals


def completed(panel: Panel) -> Floats:
    """(N, S, T) output with the missing cells scaled to what the totals above them leave."""
    return filled(panel.output, national_totals(panel), panel.member, panel.group_totals)


def filled(
    output: Floats,
    totals: Floats,
    member: Booleans | None = None,
    group_totals: Floats | None = None,
) -> Floats:
    """(N, S, T) output with the missing cells scaled to what the totals leave.

    A cell is completed within the smallest group of regions whose total is known, what is left
    within the nation.

    Parameters
    ----------
    totals : (S, T) of the nation
    member, group_totals : (G, N) and (G, S, T), the smallest groups first; none without them
    """
    seed = np.where(np.isfinite(output), 0.0, _seed(output))
    done = output
    open_cells = np.ones(output.shape, dtype=bool)
    if member is not None and group_totals is not None:
        for inside, total in zip(member, group_totals, strict=True):
            if not inside.all():
                here = open_cells & inside[:, None, None]
                done = _scaled(done, seed, total, inside, here)
                open_cells &= ~(here & np.isfinite(total)[None])
    return _scaled(done, seed, totals, np.ones(len(output), dtype=bool), open_cells)


def _scaled(
    output: Floats, seed: Floats, totals: Floats, inside: Booleans, open_cells: Booleans
) -> Floats:
    """Output with the missing cells of some regions scaled to what their total leaves.

    `open_cells` (N, S, T) are those that no smaller total has decided upon.
    """
    missing = ~np.isfinite(output) & open_cells
    known = np.where(np.isfinite(output) & inside[:, None, None], output, 0.0)
    residual = totals - known.sum(axis=0)
    weight = np.where(missing, seed, 0.0).sum(axis=0)
    possible = (residual > 0) & (weight > 0)
    scale = np.where(possible, residual / np.where(possible, weight, 1.0), np.nan)
    return np.where(missing & (seed > 0), seed * scale[None], output)


def _seed(output: Floats) -> Floats:
    """(N, S, T) first guess of every cell; zero where nothing is known of its region or row."""
    seed = poisson_fit(output)
    observed = np.isfinite(output)
    periods = output.shape[2]
    for t in range(periods):
        nearest_last = sorted(range(periods), key=lambda u: (-abs(u - t), u))
        for u in nearest_last:
            if u == t:
                continue
            both = observed[:, :, u] & observed[:, :, t]
            before = np.where(both, output[:, :, u], 0.0).sum(axis=0)
            after = np.where(both, output[:, :, t], 0.0).sum(axis=0)
            known = observed[:, :, u] & (before > 0)[None] & (after > 0)[None]
            growth = after / np.where(before > 0, before, 1.0)
            seed[:, :, t] = np.where(known, output[:, :, u] * growth[None], seed[:, :, t])
    return seed


def poisson_fit(output: Floats) -> Floats:
    """Poisson maximum likelihood of output on region and industry × year effects.

    The fit μ_nst = α_n β_st over the observed cells solves Σ_st (y − μ) = 0 for each region and
    Σ_n (y − μ) = 0 for each industry × year, by alternating proportional fitting.
    """
    observed = np.isfinite(output)
    value = np.where(observed, output, 0.0)
    by_region = value.sum(axis=(1, 2))
    by_row = value.sum(axis=0)
    region = np.ones(output.shape[0])
    row = np.ones(output.shape[1:])
    for _ in range(POISSON_ROUNDS):
        row = _quotient(by_row, np.einsum("nst,n->st", observed, region))
        updated = _quotient(by_region, np.einsum("nst,st->n", observed, row))
        change = np.max(np.abs(updated - region)) / max(float(np.max(updated)), 1e-300)
        region = updated
        if change < POISSON_TOLERANCE:
            break
    fit: Floats = region[:, None, None] * row[None]
    return fit


def _quotient(numerator: Floats, denominator: Floats) -> Floats:
    positive = denominator > 0
    return np.where(positive, numerator / np.where(positive, denominator, 1.0), 0.0)


def completed_status(panel: Panel, output: Floats) -> Statuses:
    """(N, S, T) status of completed output: as given, and estimated where only completion tells."""
    completed = np.isfinite(output) & (panel.status == MISSING)
    return np.where(completed, ESTIMATED, panel.status).astype(WIDTH)


def _cells(panel: Panel, output: Floats) -> pl.DataFrame:
    n, s, t = np.nonzero(np.isfinite(output))
    status = completed_status(panel, output)[n, s, t]
    return pl.DataFrame(
        {
            "region": np.array(panel.regions)[n],
            "industry": np.array(panel.industries)[s],
            "year": np.array(panel.years, dtype=np.int64)[t],
            "output": output[n, s, t],
            "output_status": status.tolist(),
        }
    )


def _completeness(panel: Panel, output: Floats) -> pl.DataFrame:
    status = completed_status(panel, output)
    estimated = status == ESTIMATED
    observed = np.isfinite(output) & ~estimated
    basis = np.where(np.isfinite(panel.totals), "national table", "assumption")
    s, t = np.indices(basis.shape)
    return pl.DataFrame(
        {
            "industry": np.array(panel.industries)[s.ravel()],
            "year": np.array(panel.years, dtype=np.int64)[t.ravel()],
            "observed": observed.sum(axis=0).ravel(),
            "estimated": estimated.sum(axis=0).ravel(),
            "missing": (~np.isfinite(output)).sum(axis=0).ravel(),
            "total_basis": basis.ravel(),
        }
    )


def _hold_out(panel: Panel, seed: int) -> pl.DataFrame:
    """Errors of cells that nobody estimated, when hidden, a tenth of them at a time."""
    measured = np.isfinite(panel.output) & (panel.status != ESTIMATED)
    cells = np.argwhere(measured)
    order = np.random.default_rng(seed).permutation(len(cells))
    guess = np.full(panel.output.shape, np.nan)
    for fold in range(HOLD_OUT_FOLDS):
        hidden = tuple(cells[order[fold::HOLD_OUT_FOLDS]].T)
        visible = panel.output.copy()
        visible[hidden] = np.nan
        totals = national_totals(replace(panel, output=visible))
        guess[hidden] = filled(visible, totals, panel.member, panel.group_totals)[hidden]
    rows = [_error(panel, guess, None, slice(None))]
    rows += [_error(panel, guess, year, slice(None)) for year in panel.years]
    rows += [
        _error(panel, guess, year, s) for s in range(len(panel.industries)) for year in panel.years
    ]
    return HOLD_OUT.frame(row for row in rows if row["cells"])


def _error(
    panel: Panel, guess: Floats, year: int | None, industry: int | slice
) -> dict[str, str | int | float | None]:
    """Median |guess / actual − 1| and Σ |guess − actual| / Σ actual, in per cent of output."""
    periods = slice(None) if year is None else panel.years.index(year)
    actual: NDArray[np.float64] = panel.output[:, industry, periods].ravel()
    found = guess[:, industry, periods].ravel()
    measured = (panel.status != ESTIMATED)[:, industry, periods].ravel()
    hidden = measured & np.isfinite(actual) & (actual > 0)
    both = hidden & np.isfinite(found)
    off = np.abs(found[both] - actual[both])
    return {
        "industry": panel.industries[industry] if isinstance(industry, int) else None,
        "year": year,
        "cells": int(both.sum()),
        "uncompleted": int(hidden.sum() - both.sum()),
        "median_absolute_percentage_error": (
            float(100 * np.median(off / actual[both])) if both.any() else None
        ),
        "weighted_error": float(100 * off.sum() / actual[both].sum()) if both.any() else None,
    }
