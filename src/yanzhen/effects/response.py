"""What a plan does to the whole economy, by region and industry: the spatial model's answer."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats
from yanzhen.effects.plan_shock import PlanMoves, plan_shock, within_reach
from yanzhen.effects.spatial.changes import Changes
from yanzhen.effects.spatial.equilibrium import Equilibrium, equilibrium
from yanzhen.effects.spatial.mobility import FreeMovement, Immobile
from yanzhen.effects.spatial.uniqueness import from_other_starts, known_to_be_unique
from yanzhen.effects.spatial.welfare import welfare_parts
from yanzhen.effects.study_economy import StudyEconomy
from yanzhen.study.result_columns import columns

IMMOBILE, FREE = "immobile", "free"
"""Whether people stay where they are, or go where life is best."""
RESPONSE = columns(
    """region macro_region mobility income people net net_share output_change income_change
    people_change wage_change price_change real_income_change""",
    mobility="term", income="money", people="persons", output_change="share",
    income_change="share", people_change="share", wage_change="share", price_change="share",
    real_income_change="share",
)  # fmt: skip
"""`income` and `people` are of before; `net` the plan's own net arrivals and `net_share` these over
the output of the industries that may move, whose output in equilibrium changes by `output_change`.
Money is such that all value added together stays what it was; real income is per head."""
CELLS = columns(
    "region industry mobility output net output_change",
    mobility="term", output_change="share",
)  # fmt: skip
PARTS = (
    "terms_of_trade", "enterprises_here", "enterprises_elsewhere", "people", "beyond_first_order",
)  # fmt: skip
WELFARE = columns("region mobility part size", mobility="term", part="term")
"""Parts of the change of real income per head, the part `total` being their sum; `region` is null
for all regions, weighted by income."""
CHECKS = columns("mobility check residual", mobility="term", check="term")
UNIQUENESS = columns(
    "mobility known_unique tried settled difference",
    mobility="term", known_unique="flag", tried="count", settled="count", difference="measure",
)  # fmt: skip
"""Whether a published condition says that the equilibrium is the only one; starts far from it that
were tried, those that came to rest, and the largest |Δ log| of real incomes between them and it."""
SEED = 20211229
"""Of the starts that are drawn."""


def respond(
    of: StudyEconomy,
    moves: PlanMoves,
    mobility: str,
    congestion: float,
    start: Changes | None = None,
) -> Equilibrium:
    """The equilibrium after a plan's moves.

    Parameters
    ----------
    mobility : immobile or free
    congestion : ξ of those free to move
    start : of an equilibrium near to it, to begin from

    Raises
    ------
    StudyError
        If the economy or the moves cannot be.
    yanzhen.effects.spatial.equilibrium.NoEquilibrium
        If no equilibrium was found.
    """
    shock = plan_shock(of.economy, within_reach(of.economy, moves))
    people = Immobile() if mobility == IMMOBILE else _free(of, congestion)
    return equilibrium(of.economy, shock, people, of.labour_share, start)


def _free(of: StudyEconomy, congestion: float) -> FreeMovement:
    return FreeMovement(of.people, np.ones(len(of.people)), congestion)


def response_table(
    of: StudyEconomy, moves: PlanMoves, found: Equilibrium, mobility: str, macro: dict[str, str]
) -> pl.DataFrame:
    """What changes in each region, the columns of `RESPONSE`.

    Parameters
    ----------
    macro : macro-region of each region
    """
    before, after = found.before, found.after
    movable = moving_industries(moves)
    made, left = (each.output[:, movable].sum(axis=1) for each in (before, after))
    net = moves.net.sum(axis=1)
    figures = (
        before.income, of.people, net, _ratio(net, made), _ratio(left, made) - 1,
        after.income / before.income - 1, found.changes.labour - 1, found.wage_change - 1,
        found.price_index_change - 1, found.real_income_change - 1,
    )  # fmt: skip
    return RESPONSE.frame(
        (region, macro.get(region), mobility, *(_or_null(each[n]) for each in figures))
        for n, region in enumerate(before.regions)
    )


def cell_table(moves: PlanMoves, found: Equilibrium, mobility: str) -> pl.DataFrame:
    """What changes in each industry of each region, the columns of `CELLS`."""
    before, after = found.before.output, found.after.output
    change = _ratio(after, before) - 1
    return CELLS.frame(
        (
            *(found.before.regions[n], found.before.industries[s], mobility),
            *(float(before[n, s]), float(moves.net[n, s]), _or_null(change[n, s])),
        )
        for n, s in np.argwhere((before > 0) | (moves.net != 0))
    )


def gain_parts(found: Equilibrium) -> dict[str, Floats]:
    """(N,) first-order parts of the change of real income per head, and what is beyond them.

    By the envelope theorem a small change of trade costs nothing but its terms,

        dW_n / W_n = [Σ_s Σ_i E_nis ĉ_ns − M_nis ĉ_is] / I_n + Σ_s X_ns Σ_i π_nis N̂_is / (θ_s I_n)
                     − [(1 − β_n) V_n + D_n] L̂_n / I_n,

    with proportional changes x̂ − 1 for the hats: terms of trade (Caliendo and Parro 2015, section
    2), more enterprises to buy from here and elsewhere, and more people to share the fixed factor
    and the deficit with.
    """
    before = found.before
    more = (found.shock.mass - 1) / before.theta
    weight = before.spending / before.income[:, None]
    bought = np.einsum("ns,sni,is->ni", weight, before.trade_share, more)
    here = np.diagonal(bought)
    shared = (1 - found.labour_share) * before.value_added + before.deficit
    parts = {
        "terms_of_trade": welfare_parts(found).welfare,
        "enterprises_here": here,
        "enterprises_elsewhere": bought.sum(axis=1) - here,
        "people": -shared / before.income * (found.changes.labour - 1),
    }
    total = found.real_income_change - 1
    return parts | {"beyond_first_order": total - sum(parts.values()), "total": total}


def welfare_table(found: Equilibrium, mobility: str) -> pl.DataFrame:
    """Parts of the change of real income of each region and of all, the columns of `WELFARE`."""
    weight = found.before.income / found.before.income.sum()
    parts = gain_parts(found)
    everywhere = [(None, mobility, part, float(weight @ sizes)) for part, sizes in parts.items()]
    return WELFARE.frame(
        [
            *everywhere,
            *(
                (region, mobility, part, float(sizes[n]))
                for n, region in enumerate(found.before.regions)
                for part, sizes in parts.items()
            ),
        ]
    )


def check_table(found: Equilibrium, mobility: str) -> pl.DataFrame:
    """The certificate's residuals, the columns of `CHECKS`."""
    return CHECKS.frame(
        (mobility, check, size) for check, size in found.certificate.residuals.items()
    )


def uniqueness_table(found: Equilibrium, mobility: str, starts: int) -> pl.DataFrame:
    """Whether the equilibrium is the only one, the columns of `UNIQUENESS`.

    Parameters
    ----------
    starts : tried where no condition is known
    """
    known = known_to_be_unique(found.before, found.shock, found.mobility, found.labour_share)
    other = from_other_starts(found, 0 if known else starts, SEED)
    difference = other.difference if other.settled else None
    return UNIQUENESS.frame([(mobility, known, other.tried, other.settled, difference)])


def moving_industries(moves: PlanMoves) -> NDArray[np.int64]:
    """Positions of the industries that a plan moves."""
    return np.flatnonzero((moves.arrivals + moves.departures).any(axis=0))


def _ratio(part: Floats, whole: Floats) -> Floats:
    ratio: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return ratio


def _or_null(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
