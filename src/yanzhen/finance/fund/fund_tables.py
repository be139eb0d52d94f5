"""The tables of a fund, one row after another."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.finance.fund.additionality import Additional, Together
from yanzhen.finance.fund.measured import Measured
from yanzhen.finance.fund.offers import Asking
from yanzhen.finance.fund.portfolio import Limit, Portfolio, Supports
from yanzhen.finance.fund.risk import Risk, worst_mean
from yanzhen.finance.fund.turning_points import exact_turning_benefit, turning_benefit
from yanzhen.study.quantiles import ENDS
from yanzhen.study.ratios import ratio
from yanzhen.study.result_columns import columns

MOST_TURNED = 30
"""Projects whose turning point is found by choosing again, where there are no more."""
SURE = 1e-6
"""Part of a project's output that cleared markets are sure of."""
NOTHING = 1e-4
"""Part of what a support adds that is nothing to a region: all of it takes others' room."""
SUPPORTS = columns(
    """project product region industry amount support cost aid without with_support additional
    additional_low additional_high region_change region_jobs displaced cost_per_output
    cost_per_job gift""",
    support="money", cost="money", aid="share", without="share", with_support="share",
    additional="size", additional_low="size", additional_high="size", region_change="size",
    region_jobs="persons", displaced="size", cost_per_output="number", gift="flag",
)  # fmt: skip
"""One at a time, yearly sizes; means over the draws, the interval 5 to 95 per cent of them.
`without` and `with_support` are probabilities of coming, `region_change` what the region gains
less what it loses, `displaced` what others gain less (below zero they lose); costs are expected net
present values of public money, per unit that the region gains a year, null where it gains
less than a ten-thousandth of what the project adds."""
DECISIONS = columns(
    """project region industry held product amount why limit benefit lacking lacking_amount
    exact""",
    held="flag", why="term", limit="text", benefit="number", lacking="number",
    lacking_amount="money", exact="flag",
)  # fmt: skip
"""`benefit` is what the project's best support is worth to the fund; `lacking` how much more it
would have to be for the project to be held, below zero how much less it could be; `limit` is that
of which the support takes most at shadow prices, `lacking_amount` how much less of it would do,
null where none would."""
REFUSED = columns("project product reason", reason="term")
LIMITS = columns(
    "limit of least most used price", limit="term", of="text", least="number", most="number",
    used="number", price="number",
)  # fmt: skip
"""`price` is what one unit more of the limit is worth."""
FRONTIER = columns(
    "budget amount held benefit worst worth bound gap",
    budget="money", held="count", benefit="number", worst="number", worth="number",
    bound="number", gap="share",
)  # fmt: skip
CHOICES = columns("budget project product amount", budget="money")
TOGETHER = columns(
    "measure one_by_one at_once interaction",
    measure="term", one_by_one="number", at_once="number", interaction="number",
)  # fmt: skip
"""Of all that is held: each support alone and added up, and all given and the market cleared."""
OUTLAY = columns("year outlay", outlay="money")


def supports_table(
    asking: Asking, measured: Measured, gift: float, jobs_per_output: Floats
) -> pl.DataFrame:
    """Every offer with what it adds.

    Parameters
    ----------
    gift : chance of coming without support from which on support is one
    jobs_per_output : (P,) of the projects' enterprises, NaN where not known
    """
    low, high = np.quantile(measured.additional, ENDS, axis=0)
    region, jobs = measured.region.mean(axis=0), measured.jobs.mean(axis=0)
    without = measured.without.mean(axis=0)

    def rows() -> Iterator[tuple[object, ...]]:
        for k, project in enumerate(asking.project):
            cost, output = float(asking.cost[k]), float(asking.places.output[project])
            added = abs(float(measured.additional[:, k].mean())) + SURE * output
            yield (
                asking.projects[project],
                asking.product[k],
                asking.region[project],
                asking.industry[project],
                *map(float, (asking.amount[k], asking.support[k])),
                cost,
                ratio(float(asking.support[k]), float(asking.investment[project])),
                float(without[k]),
                float(measured.with_support[:, k].mean()),
                float(measured.additional[:, k].mean()),
                *map(float, (low[k], high[k], region[k])),
                _known(jobs[k]),
                float(measured.elsewhere[:, k].mean()),
                _per(cost, float(region[k]), added),
                _per(cost, float(jobs[k]), added * float(jobs_per_output[project])),
                bool(without[k] >= gift),
            )

    return SUPPORTS.frame(rows())


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _per(cost: float, gained: float, added: float) -> float | None:
    """Public money by unit gained; none without a cost or of a gain that is rounding."""
    return ratio(cost, gained, scale=added, nothing=NOTHING) if cost > 0 else None


# Kept whole: what is said of a project rests on all of it.
def decisions_table(
    asking: Asking,
    supports: Supports,
    limits: tuple[Limit, ...],
    risk: Risk,
    best: Portfolio,
    gap: float,
) -> pl.DataFrame:
    """Why each project is held or not, and what would turn it."""
    numbers = np.unique(asking.project)
    lacking = turning_benefit(supports, best)
    is_exact = numbers.size <= MOST_TURNED
    if is_exact:
        lacking[numbers] = exact_turning_benefit(supports, limits, risk, best, numbers, gap / 10)
    taken = np.array([limit.weight for limit in limits]) * best.price[:, None]
    worth = np.array([_worth(supports.benefit[:, k], risk) for k in range(asking.project.size)])

    def rows() -> Iterator[tuple[object, ...]]:
        for project in numbers:
            own = np.flatnonzero(asking.project == project)
            held = own[best.chosen[own]]
            shown = held[0] if held.size else own[worth[own].argmax()]
            need = float(lacking[project])
            dearest = int(taken[:, shown].argmax())
            price = float(best.price[dearest]) if taken[dearest, shown] > 0 else 0.0
            yield (
                asking.projects[project],
                asking.region[project],
                asking.industry[project],
                bool(held.size),
                asking.product[shown],
                float(asking.amount[shown]),
                _why(bool(held.size), float(worth[own].max()), need, price),
                limits[dearest].name if price > 0 else None,
                float(worth[shown]),
                _known(need),
                need / price
                if not held.size and price > 0 and need <= price * float(asking.amount[shown])
                else None,
                is_exact,
            )

    return DECISIONS.frame(rows()).sort(
        "held", "benefit", "project", descending=[True, True, False]
    )


def _worth(benefit: Floats, risk: Risk) -> float:
    return (1 - risk.weight) * float(benefit.mean()) + risk.weight * worst_mean(benefit, risk.tail)


def _why(held: bool, worth: float, lacking: float, price: float) -> str:
    if held:
        return "held"
    if worth <= 0:
        return "adds_nothing"
    if not np.isfinite(lacking):
        return "limits"
    return "others_add_more" if price > 0 else "limits"


def limit_table(limits: tuple[Limit, ...], best: Portfolio) -> pl.DataFrame:
    """What each limit is, what is used of it, and what one unit more would be worth."""
    return LIMITS.frame(
        (
            *(limit.name.split(":", 1) if ":" in limit.name else (limit.name, None)),
            _known(limit.low),
            _known(limit.high),
            float(limit.weight @ best.chosen),
            float(price),
        )
        for limit, price in zip(limits, best.price, strict=True)
    )


def frontier_rows(
    asking: Asking,
    supports: Supports,
    budgets: tuple[float, ...],
    along: list[Portfolio | None],
    risk: Risk,
) -> Iterator[tuple[object, ...]]:
    """The best portfolio at each budget."""
    taken = asking.outlay.sum(axis=1)
    for budget, one in zip(budgets, along, strict=True):
        if one is None:
            continue
        benefit = supports.benefit @ one.chosen
        yield (
            budget,
            float(taken @ one.chosen),
            int(one.chosen.sum()),
            float(benefit.mean()),
            worst_mean(benefit, risk.tail),
            one.value,
            one.bound + 0.0,
            one.gap,
        )


def choice_rows(
    asking: Asking, budgets: tuple[float, ...], along: list[Portfolio | None]
) -> Iterator[tuple[object, ...]]:
    """What is held at each budget."""
    for budget, one in zip(budgets, along, strict=True):
        for k in [] if one is None else np.flatnonzero(one.chosen):
            project = asking.projects[asking.project[k]]
            yield budget, project, asking.product[k], float(asking.amount[k])


def interaction_rows(one_by_one: Additional, whole: Together) -> Iterator[tuple[object, ...]]:
    """What is held, each alone and added up, beside all at once."""
    pairs = {
        "additional": (one_by_one.output, whole.output),
        "region_change": (one_by_one.region, whole.region),
        "region_jobs": (one_by_one.region_jobs, whole.region_jobs),
        "moving": (one_by_one.moving, whole.moving),
    }
    for measure, (each, at_once) in pairs.items():
        added = float(each.sum())
        if np.isfinite(added) and np.isfinite(at_once):
            yield measure, added, at_once, at_once - added
