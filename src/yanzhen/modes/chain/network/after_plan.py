"""A supply web after a market's moves, and the market cleared again where it breaks a guard."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import Floats
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.modes.chain.network.caps import Scope, moving, permit_prices, with_caps
from yanzhen.modes.chain.network.guard import BREACHES, TINY, Guard, breaches
from yanzhen.modes.chain.network.multiregional_flows import SupplyWeb, with_output
from yanzhen.modes.chain.network.security import (
    Security,
    concentration_table,
    exposure_table,
    security,
)
from yanzhen.study.result_columns import columns

MOST_ROUNDS = 24
TRIES = 4
"""Rounds in which the caps of a breach are tightened before wider ones are set."""
WIDEST = 3
"""Widenings after which a breach caps all moves."""
AIM = 0.9
"""Share of the room under a limit that a cap aims at."""
LEAST_CAP = 1e-2
"""A cap is never below this share of what the plan moved: prices of smaller ones are not exact."""
CAPS = columns("place origin industry cap moving_before moving_after price", place="region")
"""What arrives in `place` of what leaves `origin`, of all industries where null; moving money a
year, `price` a share of the moved output."""


@dataclass(frozen=True)
class Moves:
    """(N, S) output that arrives in each region and leaves it, in the study's money."""

    arrivals: Floats
    departures: Floats


@dataclass(frozen=True)
class Guarded:
    """What a guard makes of a plan.

    Attributes
    ----------
    broken : of `guard.breaches`, by the plan as it was
    left : the same, after the repair; empty where it succeeded or was not asked for
    caps : on what moves
    cleared : the market with the caps; the plan's own without any
    web, security : after it
    """

    broken: Annotated[pl.DataFrame, BREACHES]
    left: Annotated[pl.DataFrame, BREACHES]
    caps: Annotated[pl.DataFrame, CAPS]
    cleared: ClearedStudy
    web: SupplyWeb
    security: Security


def moves_of(cleared: ClearedStudy, web: SupplyWeb) -> Moves:
    """What a market moves, by the regions and sectors of a web."""
    formulation = cleared.formulation
    flow = formulation.market.mass[:, None] * cleared.clearing.choice.probability
    regions = {region: n for n, region in enumerate(web.regions)}
    sectors = {sector: s for s, sector in enumerate(web.sectors)}
    to = np.array([regions[region] for region in formulation.room.sites["region"]], dtype=np.int64)
    out = np.array([regions[region] for region in formulation.blocks["origin"]], dtype=np.int64)
    kind = np.array(
        [sectors[industry] for industry in formulation.blocks["industry"]], dtype=np.int64
    )
    arrivals, departures = np.zeros(web.output.shape), np.zeros(web.output.shape)
    np.add.at(arrivals, (to[None, :], kind[:, None]), flow)
    np.add.at(departures, (out, kind), flow.sum(axis=1))
    return Moves(arrivals, departures)


def web_after(web: SupplyWeb, moves: Moves, observed: Floats, nearness: Floats) -> SupplyWeb:
    """The web after the moves of a plan.

    Parameters
    ----------
    observed : (S,) the study's output of the web's sectors, which a table of another year or
        rounding may differ from; moves are brought to the table's size
    nearness : (N, N)
    """
    total = web.output.sum(axis=0)
    scale = np.divide(total, observed, out=np.zeros_like(total), where=observed > 0)
    change = (moves.arrivals - moves.departures) * scale
    return with_output(web, np.maximum(web.output + change, 0.0), nearness)


def guarded(
    guard: Guard,
    repair: bool,
    plan: ClearedStudy,
    web: SupplyWeb,
    before: Security,
    observed: Floats,
    nearness: Floats,
) -> Guarded:
    """Hold a plan against a guard, and repair it where it breaks and that is asked for.

    The repair caps moves and clears the market again at the plan's constants until the guard holds.
    For a region r that comes to depend on k for input i it caps what of i arrives in k, or what of
    i leaves r, whichever changes r's supply more; for exposure, of all industries. Where that is
    not enough after a few rounds, both; then all moves of i; then all moves. Caps are tightened in
    proportion to the excess that is left. They need not be the fewest or the cheapest, and a guard
    so tight that only standing still holds it is not met: then `left` says what is broken still.

    Raises
    ------
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear the capped market were not found.
    """
    first = moves_of(plan, web)
    found = web_after(web, first, observed, nearness)
    safe = security(found)
    broken = _broken(guard, web, before, found, safe)
    nothing = CAPS.frame()
    if broken.is_empty() or not repair:
        return Guarded(broken, broken.clear(), nothing, plan, found, safe)
    caps: dict[Scope, float] = {}
    tried: dict[tuple[object, ...], int] = {}
    left, cleared = broken, plan
    for _ in range(MOST_ROUNDS):
        earlier = dict(caps)
        for scope, kept in _shares_kept(left, tried, moves_of(cleared, web), web).items():
            now, least = moving(cleared, scope), LEAST_CAP * moving(plan, scope)
            caps[scope] = min(max(now * kept, least), caps.get(scope, np.inf))
        if caps == earlier and max(tried.values()) > WIDEST * TRIES:
            break
        cleared = with_caps(plan, {scope: cap for scope, cap in caps.items() if cap > 0})
        found = web_after(web, moves_of(cleared, web), observed, nearness)
        safe = security(found)
        left = _broken(guard, web, before, found, safe)
        if left.is_empty():
            break
    return Guarded(broken, left, _cap_table(caps, plan, cleared), cleared, found, safe)


def _broken(
    guard: Guard, web: SupplyWeb, before: Security, web_after: SupplyWeb, after: Security
) -> pl.DataFrame:
    return breaches(
        guard,
        concentration_table(web, before, web_after, after),
        exposure_table(web, before, after),
    )


def _shares_kept(
    left: pl.DataFrame,
    tried: dict[tuple[object, ...], int],
    moves: Moves,
    web: SupplyWeb,
) -> dict[Scope, float]:
    """For each scope to cap, the share of what moves in it that may still move.

    Counts in `tried` how often each breach was met.
    """
    kept: dict[Scope, float] = {}
    for row in left.iter_rows(named=True):
        key = (row["kind"], row["region"], row["input"])
        tried[key] = tried.get(key, 0) + 1
        room = AIM * (row["limit"] + TINY - row["before"])
        share = max(room, 0.0) / (row["after"] - row["before"])
        for scope in _scopes(row, (tried[key] - 1) // TRIES, moves, web):
            kept[scope] = min(kept.get(scope, 1.0), share)
    return kept


def _scopes(row: dict[str, object], level: int, moves: Moves, web: SupplyWeb) -> list[Scope]:
    """What to cap for a breach: narrow at first, then wider."""
    industry = None if row["input"] is None else str(row["input"])
    region, supplier = str(row["region"]), str(row["supplier_region"])
    arriving, leaving = Scope(supplier, None, industry), Scope(None, region, industry)
    if level >= WIDEST:
        return [Scope(None, None, None)]
    if level == 2:
        return [Scope(None, None, industry)]
    if level == 1:
        return [arriving, leaving]
    r, k = web.regions.index(region), web.regions.index(supplier)
    kinds = range(len(web.sectors)) if industry is None else [web.sectors.index(industry)]
    brought = sum(moves.arrivals[k, i] * _sold(web, i, k, r) for i in kinds)
    lost = sum(moves.departures[r, i] * _sold(web, i, r, r) for i in kinds)
    return [arriving if brought >= lost else leaving]


def _sold(web: SupplyWeb, i: int, k: int, r: int) -> float:
    """Share of what region k makes of product i that it sells in r."""
    made = web.output[k, i]
    return float(web.trade[i, k, r] / made) if made > 0 else 0.0


def _cap_table(caps: dict[Scope, float], plan: ClearedStudy, after: ClearedStudy) -> pl.DataFrame:
    in_force = {scope: cap for scope, cap in caps.items() if cap > 0}
    prices = permit_prices(after, len(in_force))
    rows = [
        (
            scope.place, scope.origin, scope.industry, cap,
            moving(plan, scope), moving(after, scope), float(price),
        )
        for (scope, cap), price in zip(in_force.items(), prices, strict=True)
    ]  # fmt: skip
    return CAPS.frame(rows).sort(
        pl.col("moving_before") - pl.col("moving_after"), "place", "origin", "industry",
        descending=[True, False, False, False],
    )  # fmt: skip
