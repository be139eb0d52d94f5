"""Terms of a payoff that are beyond all sense, with the table and row that they come from.

A term is a share of a year's output. One beyond `MOST_TERM` times output is a unit gone wrong (a
land price in 10,000 yuan read as 100 million), which the calibrated constants would hide as
inertia behind a certificate that passes.
"""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.market.problem.capacity import SiteCapacity
from yanzhen.market.problem.policies import Payments
from yanzhen.study import Problem, Study
from yanzhen.study.problem import Words

MOST_TERM = 10.0
"""Largest size of a term, in years' output."""
PLACE_SOURCES: dict[str, tuple[str, None, str]] = {
    "relatedness": ("parameters", None, "relatedness_weight"),
    "supplier_access": ("parameters", None, "supplier_access_weight"),
    "market_access": ("parameters", None, "market_access_weight"),
    "labour_cost": ("parameters", None, "labour_cost_pass_through"),
    "electricity_cost": ("factor_prices", None, "price"),
    "land_cost": ("factor_prices", None, "price"),
    "distance": ("parameters", None, "distance_cost"),
    "moving_cost": ("parameters", None, "moving_cost"),
    "site_size": ("parameters", None, "size_weight"),
}
"""Table and column that each term is weighed by."""


def absurd_terms(
    study: Study,
    room: SiteCapacity,
    needs: Floats,
    paid: Payments,
    terms: dict[str, Floats],
) -> list[Problem]:
    """Return every price, policy and parameter that makes a term larger than `MOST_TERM`.

    Parameters
    ----------
    needs : (I, R) of the blocks
    terms : by name, of places and of moves
    """
    return [
        *_prices(study, room, needs),
        *_policies(study, paid),
        *(
            _problem(study, *PLACE_SOURCES[name], _size(term))
            for name, term in terms.items()
            if _size(term) > MOST_TERM
        ),
    ]


def _size(term: Floats) -> float:
    finite = np.abs(term[np.isfinite(term)])
    return float(finite.max()) if finite.size else 0.0


def _prices(study: Study, room: SiteCapacity, needs: Floats) -> list[Problem]:
    most = needs.max(axis=0) if needs.size else np.zeros(len(room.resources))
    rows = {
        (place, resource): row
        for row, place, resource in study.numbered("resources")
        .select("row", "place", pl.col("resource").cast(pl.String))
        .iter_rows()
    }
    asked = [
        (place, room.resources[r], column, float(level[j, r] * most[r]))
        for column, level in (("posted_price", room.posted), ("price_floor", room.floor))
        for j, place in enumerate(room.sites["site"])
        for r in range(len(room.resources))
    ]
    asked += [
        (place, room.resources[r], "price_floor", float(floor * most[r]))
        for place, r, floor in zip(
            room.groups["place"], room.group_resource, room.group_floor, strict=True
        )
    ]
    return [
        _problem(study, "resources", rows.get((place, resource)), column, size)
        for place, resource, column, size in asked
        if size > MOST_TERM
    ]


def _policies(study: Study, paid: Payments) -> list[Problem]:
    rows = dict(study.numbered("policies").select("policy", "row").iter_rows())
    sizes = np.abs(paid.per_output).max(axis=0, initial=0.0)
    return [
        _problem(study, "policies", rows.get(policy.policy), "value", float(size))
        for policy, size in zip(paid.policies, sizes, strict=True)
        if size > MOST_TERM
    ]


def _problem(study: Study, table: str, row: int | None, column: str, size: float) -> Problem:
    found: Words = (
        f"a term of {size:,.4g} times a year's output in the payoff of moving",
        f"转移收益中的一项达年产值的 {size:,.4g} 倍",
    )
    expected: Words = (
        f"at most {MOST_TERM:g} times; look at the unit, in which study.toml says money, area and "
        "the like are",
        f"至多 {MOST_TERM:g} 倍；请核对单位（study.toml 声明的货币、面积等单位）",
    )
    return Problem.at(study.path, table, row, column, found, expected)
