"""Who sells to whom in a study: recorded sums between regions where it has them, else gravity."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import brentq

from yanzhen.accounts.balancing import Balanced, ras
from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.effects.production import REMAINDER, Production
from yanzhen.effects.recorded_flows import recorded_own_shares, recorded_sums
from yanzhen.effects.spatial.economy import inputs_of
from yanzhen.effects.spatial.faults import BALANCE, after, listed
from yanzhen.effects.trade import FLOWS, estimated_trade, flow_table, gravity_between
from yanzhen.effects.words import message
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import Problem, StudyError
from yanzhen.study.result_columns import columns
from yanzhen.study.statuses import ESTIMATED

TOLERANCE = 1e-11
STEP, STRONGEST = 1.5, 12.0
"""Steps in which the log of a preference for one's own region is looked for, and its largest."""
LEAST_SEED = 1e-6
"""Part of what a region could make for itself that it may, beside what it is told to."""
TINY = float(np.finfo(float).tiny)
FIT = columns(
    "industry basis output home_share rounds residual kilometres elasticity",
    basis="term", home_share="share", elasticity="number",
)  # fmt: skip
"""`basis` is trade (sums recorded), own_shares, gravity or multiregional; `home_share` of output is
sold in the region that makes it; `residual` is the largest sum missed over the largest;
`kilometres` the mean distance that the flows go, `elasticity` that by which they fall with it."""


@dataclass(frozen=True)
class RegionalTrade:
    """Trade of N regions in S industries, their own sales included.

    Attributes
    ----------
    trade : (S, N, N) what the row's region buys of the column's; sales add up to output
    basis : trade where some industry's sums are recorded, own_shares where some region's part of
        what it uses is, otherwise gravity
    flows : the same as a table, every flow marked estimated
    fit : of every industry
    assumptions : keys of what is assumed
    """

    trade: Floats
    basis: str
    flows: Annotated[pl.DataFrame, FLOWS]
    fit: Annotated[pl.DataFrame, FIT]
    assumptions: tuple[str, ...]


# Kept whole: purchases, what is recorded of them, the flows of each industry, what they rest on.
def regional_trade(
    inputs: StudyInputs, made: Production, values: Mapping[str, float]
) -> RegionalTrade:
    """Estimate trade so that sales add up to output and purchases to what is used.

    Final users of every region buy in the nation's proportions all that the region earns, so that
    its trade is balanced. An industry whose outflows and inflows of the panel's last year `trade`
    tells for every region keeps them (`estimated_trade`), and the remainder makes up for their
    balance. Where sums of another year tell which part of what they use regions make themselves, an
    industry keeps these parts, as far as a region makes as much; a region without them takes the
    mean; and what goes to others follows gravity, T_nk ∝ (X_n − T_nn) (Y_k − T_kk) km_nk^−δ,
    brought to purchases X and output Y by RAS (Wilson 1970). The others follow gravity within and
    between regions, T_nk ∝ X_n Y_k b^[n = k] km_nk^−δ; a region's distance to itself is a part of
    that to the nearest (Wei 1996), and the preference b for one's own region is that with which the
    known part of sales stays at home.

    Parameters
    ----------
    values : of `yanzhen.effects.assumed`

    Raises
    ------
    StudyError
        With everything that cannot be: outflows beyond output, purchases beyond what is earned.
    """
    regions, industries = inputs.panel.regions, (*inputs.panel.industries, REMAINDER)
    delta, output = values["effects_distance_elasticity"], made.output
    kilometres, located = distances_within(
        inputs.advantage.distance, values["effects_internal_distance"]
    )
    bought = purchases(made)
    trade, kept = _recorded_trade(inputs, output, bought, kilometres, delta)
    own_share = _own_share(inputs, made)
    told = np.setdiff1d(np.flatnonzero(np.isfinite(own_share).any(axis=0)), kept)
    rounds, missed = np.zeros(len(industries), dtype=np.int64), np.zeros(len(industries))
    for s in range(len(industries)):
        if s in kept or not output[:, s].any():
            continue
        home = values["effects_home_share" + ("_remainder" if industries[s] == REMAINDER else "")]
        sums, weight = (bought[:, s], output[:, s]), kilometres**-delta
        try:
            if s in told:
                found = _by_own_shares(*sums, weight, own_share[:, s])
            else:
                found = _gravity(*sums, weight, home)
        except ValueError as unreached:
            raise _not_balanced(inputs, industries[s], unreached) from unreached
        trade[s], rounds[s], missed[s] = found.table, found.iterations, found.error
    basis = [
        "trade" if s in kept else "own_shares" if s in told else "gravity"
        for s in range(len(industries))
    ]
    assumed = ["final_by_income", "balanced_trade", *([] if located else ["no_distance"])]
    assumed += ["own_shares"] if told.size else []
    return RegionalTrade(
        trade,
        next(each for each in ("trade", "own_shares", "gravity") if each in basis),
        flow_table(regions, industries, trade, ESTIMATED),
        fit_table(industries, basis, trade, kilometres, rounds, missed, delta),
        (*assumed, *(["recorded_sums"] if kept.size else [])),
    )


def _own_share(inputs: StudyInputs, made: Production) -> Floats:
    """(N, S) own part of purchases by regions' tables, where there are none by recorded flows."""
    share = made.own_share.copy()
    if not np.isfinite(share).any():
        share[:, :-1] = recorded_own_shares(inputs)
    return share


def _not_balanced(inputs: StudyInputs, industry: str, why: ValueError) -> StudyError:
    words = message("not_balanced", industry=industry, reason=str(why))
    return StudyError([Problem.at(inputs.study.path, "activity", None, "output", *words)])


def _recorded_trade(
    inputs: StudyInputs, output: Floats, bought: Floats, kilometres: Floats, delta: float
) -> tuple[Floats, NDArray[np.int64]]:
    """(S, N, N) trade of the industries whose sums are recorded, and which these are.

    Purchases `bought` become those recorded, the remainder's make up for their balance.
    """
    regions, industries = inputs.panel.regions, inputs.panel.industries
    trade = np.zeros((output.shape[1], len(regions), len(regions)))
    sums, recorded = recorded_sums(inputs)
    problems = list(_beyond(inputs, (sums[0] > output[:, :-1] * (1 + BALANCE)) & recorded))
    if problems:
        raise StudyError(problems)
    kept = np.flatnonzero(recorded)
    if not kept.size:
        return trade, kept
    between = estimated_trade(
        regions,
        tuple(industries[s] for s in kept),
        sums[0][:, kept],
        sums[1][:, kept],
        kilometres,
        np.full(kept.size, delta),
    )
    own = output[:, kept].T - between.trade.sum(axis=1)
    trade[kept] = between.trade + np.maximum(own, 0.0)[:, :, None] * np.eye(len(regions))
    moved = trade[kept].sum(axis=2).T - bought[:, kept]
    bought[:, kept] += moved
    bought[:, -1] -= moved.sum(axis=1)
    problems = list(_unaffordable(inputs, ~(bought[:, -1] >= 0)))
    if problems:
        raise StudyError(problems)
    return trade, kept


def _by_own_shares(bought: Floats, made: Floats, weight: Floats, own_share: Floats) -> Balanced:
    """Flows, buyers in rows, of which each region's own part of its purchases is as it is told.

    Where sums cannot be reached at those parts, they give way by RAS.
    """
    scale = float(made.sum())
    bought, made = bought / scale, made / scale
    known = np.isfinite(own_share)
    mean = float(own_share[known] @ bought[known]) / max(float(bought[known].sum()), TINY)
    own = np.minimum(np.where(known, own_share, mean) * bought, made)
    apart = np.where(np.eye(len(made)) > 0, 0.0, weight)
    between = gravity_between(made - own, bought - own, apart)
    seed = between.table[:-1, :-1].T + np.diag(own)
    # Of a region that can't sell or buy elsewhere as told, something may be its own.
    seed += LEAST_SEED * np.diag(np.minimum(bought, made))
    found = ras(seed, bought, made, tolerance=TOLERANCE)
    return Balanced(found.table * scale, between.iterations + found.iterations, found.error)


def _gravity(bought: Floats, made: Floats, weight: Floats, home: float) -> Balanced:
    """Flows, buyers in rows, of which as near as can be to the part `home` stays at home."""
    scale = float(made.sum())
    seed = bought[:, None] * made * weight
    seed /= seed.max()

    last = Balanced(seed, 0, np.inf), 0.0

    def balanced(preference: float) -> Balanced:
        # From a table near by: scaled rows and columns of it lead to the same.
        nonlocal last
        own = np.where(np.eye(len(seed)) > 0, np.exp(preference - last[1]), 1.0) * last[0].table
        found = ras(own / own.max(), bought / scale, made / scale, tolerance=TOLERANCE)
        last = found, preference
        return found

    def missing(preference: float) -> float:
        return home - float(np.trace(balanced(preference).table))

    nearer, preference = missing(0.0), 0.0
    step = STEP if nearer > 0 else -STEP
    while len(seed) > 1 and abs(preference + step) <= STRONGEST:
        farther = missing(preference + step)
        if farther * nearer <= 0:
            preference = brentq(missing, preference, preference + step, xtol=1e-8)
            break
        nearer, preference = farther, preference + step
    found = balanced(preference)
    return Balanced(found.table * scale, found.iterations, found.error)


def purchases(made: Production) -> Floats:
    """(N, S) what each region buys of each product when its trade is balanced.

    Inputs of its industries, and final uses in the nation's proportions for all that it earns.
    """
    used = inputs_of(made.input_share, made.output)
    final = np.maximum(made.output.sum(axis=0) - used.sum(axis=0), 0.0)
    earned = (made.value_added_share * made.output).sum(axis=1)
    bought: Floats = used + earned[:, None] * (final / final.sum())
    return bought


def distances_within(kilometres: Floats, part: float) -> tuple[Floats, bool]:
    """(N, N) km above zero, a region's own a part of that to the nearest; all alike if not known.

    And whether they are known.
    """
    n = len(kilometres)
    apart = ~np.eye(n, dtype=np.bool_)
    if n < 2 or not np.isfinite(kilometres[apart]).all():
        return np.ones((n, n)), False
    least = kilometres[apart & (kilometres > 0)].min(initial=np.inf)
    far = np.where(apart, np.maximum(kilometres, least if np.isfinite(least) else 1.0), np.inf)
    return np.where(apart, far, part * far.min(axis=1)[:, None]), True


# Kept wide: a column each.
def fit_table(
    industries: tuple[str, ...],
    basis: list[str],
    trade: Floats,
    kilometres: Floats,
    rounds: NDArray[np.int64],
    missed: Floats,
    delta: float | None,
) -> pl.DataFrame:
    """What is known of the trade of each industry."""
    total = trade.sum(axis=(1, 2))
    home = np.einsum("snn->s", trade)
    mean = np.einsum("snk,nk->s", trade, kilometres)
    return FIT.frame(
        (
            *(industry, basis[s], float(total[s])),
            float(home[s] / total[s]) if total[s] > 0 else None,
            *(int(rounds[s]), float(missed[s])),
            float(mean[s] / total[s]) if total[s] > 0 else None,
            delta,
        )
        for s, industry in enumerate(industries)
    )


def _beyond(inputs: StudyInputs, wrong: Booleans) -> Iterator[Problem]:
    if wrong.any():
        found, expected = message("outflow_beyond_output")
        where = listed(wrong, [inputs.panel.regions, inputs.panel.industries])
        yield Problem.at(inputs.study.path, "trade", None, "outflow", after(found, where), expected)


def _unaffordable(inputs: StudyInputs, wrong: Booleans) -> Iterator[Problem]:
    if wrong.any():
        found, expected = message("purchases_beyond_income")
        where = listed(wrong, [inputs.panel.regions])
        yield Problem.at(inputs.study.path, "trade", None, "inflow", after(found, where), expected)
