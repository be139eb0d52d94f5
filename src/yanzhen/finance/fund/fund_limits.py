"""What a fund must keep to: terms of each offer, and limits of all together."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Booleans
from yanzhen.finance.fund.additionality import HeldMarket, screened
from yanzhen.finance.fund.frontier import BUDGET
from yanzhen.finance.fund.offers import Asking, Refused
from yanzhen.finance.fund.portfolio import Limit
from yanzhen.study import Study
from yanzhen.study.coverage import regions_above

MOST_CLEARED = 20_000
"""Markets that are cleared again for supports; of more offers those that the derivative puts last
are left out."""


def _kept(asking: Asking, which: Booleans) -> Asking:
    """The offers of which something holds."""
    at = np.flatnonzero(which)
    return replace(
        asking,
        project=asking.project[at],
        product=tuple(asking.product[k] for k in at),
        amount=asking.amount[at],
        support=asking.support[at],
        cost=asking.cost[at],
        margin=asking.margin[at],
        outlay=asking.outlay[at],
    )


def within_terms(
    study: Study, asking: Asking, fund: Mapping[str, Any], values: Mapping[str, float]
) -> tuple[Asking, Refused]:
    """The offers that keep what holds of each, and why the others do not."""
    investment = asking.investment[asking.project]
    aid = np.array([_most_aid(study, fund, region, values) for region in asking.region])
    tests = {
        "below_least": asking.amount < values["fund_least_amount"],
        "beyond_co_investment": asking.outlay.sum(axis=1)
        > values["fund_most_of_investment"] * investment * (1 + 1e-9),
        "beyond_aid": asking.support > aid[asking.project] * investment * (1 + 1e-9),
        "worth_nothing": asking.support <= 0,
    }
    refused: Refused = []
    fine = np.ones(asking.project.size, dtype=np.bool_)
    for reason, broken in tests.items():
        for k in np.flatnonzero(broken & fine):
            refused.append((asking.projects[asking.project[k]], asking.product[k], reason))
        fine &= ~broken
    return _kept(asking, fine), refused


def _most_aid(
    study: Study, fund: Mapping[str, Any], region: str, values: Mapping[str, float]
) -> float:
    """The tightest limit of aid of a region and those above it."""
    above = (region, *regions_above(study.tables["regions"]).get(region, ()))
    own = study.tables["fund_limits"].filter(
        pl.col("fund") == fund["fund"], pl.col("kind").cast(pl.String) == "aid"
    )
    limits = own.filter(pl.col("of").is_in(above))["most_share"].drop_nulls()
    return float(min([values["fund_most_aid"], *limits]))


def most_promising(
    held: HeldMarket,
    asking: Asking,
    draws: int,
    refused: Refused,
) -> Asking:
    """As many offers as markets can be cleared for, those that promise most for their money."""
    most = max(MOST_CLEARED // (draws + 1), 1)
    if asking.project.size <= most:
        return asking
    slope = screened(held, asking.places)
    promise = slope[asking.project] * asking.margin / np.maximum(asking.outlay.sum(axis=1), 1e-300)
    order = np.argsort(-promise, kind="stable")
    keep = np.zeros(asking.project.size, dtype=np.bool_)
    keep[order[:most]] = True
    refused += [
        (asking.projects[asking.project[k]], asking.product[k], "screened_out")
        for k in np.flatnonzero(~keep)
    ]
    return _kept(asking, keep)


# Kept whole: a line for each kind of limit.
def limits_of(
    study: Study,
    asking: Asking,
    fund: Mapping[str, Any],
    size: float,
    values: Mapping[str, float],
) -> tuple[Limit, ...]:
    """Limits of the fund on what its offers take out of the budget."""
    taken = asking.outlay.sum(axis=1)
    ones, most = np.ones(asking.project.size), values["fund_most_holdings"]
    limits = [
        Limit(BUDGET, taken, -np.inf, size),
        Limit(
            "holdings",
            ones,
            values["fund_fewest_holdings"],
            most if most < len(asking.projects) else np.inf,
        ),
    ]
    above = regions_above(study.tables["regions"])
    own = study.tables["fund_limits"].filter(pl.col("fund") == fund["fund"])
    for row in own.with_columns(pl.col("kind").cast(pl.String)).iter_rows(named=True):
        kind, of = row["kind"], row["of"]
        if kind == "aid":
            continue
        if kind == "year":
            years = [k for k, year in enumerate(asking.years) if year == int(of)]
            weight = asking.outlay[:, years].sum(axis=1)
        else:
            named = _named(asking, above, kind)
            weight = np.where([of in each for each in named], taken, 0.0)
        tops = [
            *([] if row["most"] is None else [row["most"]]),
            *([] if row["most_share"] is None else [row["most_share"] * size]),
        ]
        low = -np.inf if row["least"] is None else row["least"]
        limits.append(Limit(f"{kind}:{of}", weight, low, min(tops, default=np.inf)))
    return tuple(limits)


def _named(
    asking: Asking, above: Mapping[str, tuple[str, ...]], kind: str
) -> list[tuple[str, ...]]:
    """What each offer counts under for a kind of limit."""
    if kind == "product":
        return [(each,) for each in asking.product]
    if kind == "industry":
        return [(asking.industry[k],) for k in asking.project]
    return [(asking.region[k], *above.get(asking.region[k], ())) for k in asking.project]
