"""Whether an outcome is an equilibrium: markets cleared again by code of its own.

Nothing here comes from the solver: shares, costs and prices are computed again from their
definitions in ratios, industry by industry, and every account is added up in amounts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.changes import Changes
from yanzhen.effects.spatial.economy import Economy
from yanzhen.effects.spatial.mobility import FreeMovement, Immobile, Migration, Mobility
from yanzhen.effects.spatial.shock import Shock
from yanzhen.study.problem import Words

TOLERANCE = 1e-10
CHECKS: Mapping[str, Words] = MappingProxyType(
    {
        "unit_cost": ("costs off their definition (ratio)", "成本与定义的最大相对差"),
        "price": ("prices off their definition (ratio)", "价格与定义的最大相对差"),
        "trade_share": ("trade shares off their definition", "贸易份额与定义的最大差"),
        "goods": ("output that finds no buyer (ratio)", "产出与销售的最大相对差"),
        "spending": (
            "spending beside inputs and final uses (ratio)",
            "支出与投入、最终使用的最大相对差",
        ),
        "factor_income": (
            "value added that output does not pay (ratio)",
            "增加值与产出所付的最大相对差",
        ),
        "trade_balance": (
            "deficits that trade does not show (share of income)",
            "贸易差额的最大误差",
        ),
        "world": ("world value added that changed (ratio)", "全部增加值的变化"),
        "people": ("people who want to live elsewhere (share)", "未居于所愿之地的人口比例"),
    }
)
"""What each residual measures."""


@dataclass(frozen=True)
class Certificate:
    """Distances of an outcome from equilibrium, the largest of each kind.

    Attributes
    ----------
    unit_cost, price : |computed / stated − 1|
    trade_share : |computed − stated|
    goods, spending : |computed / stated − 1|
    factor_income : |Σ_s γ Y′ / V′ − 1|
    trade_balance : |purchases − sales − D′| / I′
    world : |Σ V′ / Σ V − 1|: with all regions' accounts met, Walras' law leaves this one
    people : where people move by taste |L′ − Σ m′ L̄| / L′, where freely |log û − its mean|
    tolerance : what each must not exceed
    """

    unit_cost: float
    price: float
    trade_share: float
    goods: float
    spending: float
    factor_income: float
    trade_balance: float
    world: float
    people: float
    tolerance: float = TOLERANCE

    @property
    def residuals(self) -> dict[str, float]:
        """All residuals by name."""
        return {name: float(getattr(self, name)) for name in CHECKS}

    @property
    def passed(self) -> bool:
        """Whether every residual is within the tolerance; no number is a failure."""
        return not self.failed()

    def failed(self) -> list[tuple[str, float]]:
        """The residuals that are beyond the tolerance, or no number."""
        return [(name, size) for name, size in self.residuals.items() if not size <= self.tolerance]

    def text(self, chinese: bool = False) -> str:
        """Every residual with what it measures, one a line."""
        return "\n".join(
            f"{CHECKS[name][chinese]}: {size:.1e}" for name, size in self.residuals.items()
        )


def certify(
    before: Economy,
    shock: Shock,
    mobility: Mobility,
    labour_share: Floats,
    changes: Changes,
    after: Economy,
) -> Certificate:
    """Measure how far an outcome is from the equilibrium after a shock.

    Parameters
    ----------
    labour_share : (N,) β
    changes : what is said to change
    after : the amounts and shares that are said to follow
    """
    bundle = changes.value_added / changes.labour**labour_share
    grown = np.divide(
        after.output, before.output, out=np.ones_like(before.output), where=after.output > 0
    )
    workers = grown * (changes.labour / changes.value_added)[:, None]
    regions, industries = before.output.shape
    sold = np.zeros((regions, industries))
    revenue, bought = np.zeros(regions), np.zeros(regions)
    cost_gap = price_gap = share_gap = np.float64(0.0)
    for s in range(industries):
        inputs = np.prod(changes.price ** before.input_share[:, :, s], axis=1)
        productivity = shock.productivity[:, s] * workers[:, s] ** before.scale[s]
        cost = bundle ** before.value_added_share[:, s] * inputs / productivity
        made = before.trade_share[s].any(axis=0)
        cost_gap = np.maximum(cost_gap, _largest((cost / changes.cost[:, s] - 1)[made]))
        delivered = cost * shock.trade_cost[s] * ((1 + shock.tariff[s]) / (1 + before.tariff[s]))
        used = before.trade_share[s].any(axis=1)
        # To the power of −1/θ of a sum: relative to what a region pays, so that nothing overflows.
        relative = delivered[used] / changes.price[used, s][:, None]
        share = np.zeros((regions, regions))
        share[used] = before.trade_share[s][used] * shock.mass[:, s] * relative ** -before.theta[s]
        total = share[used].sum(axis=1)
        price_gap = np.maximum(price_gap, _largest(total ** (-1 / before.theta[s]) - 1))
        share_gap = np.maximum(share_gap, _largest(share - after.trade_share[s]))
        paid = share * after.spending[:, s][:, None]
        net = paid / (1 + shock.tariff[s])
        sold[:, s] = net.sum(axis=0)
        bought += net.sum(axis=1)
        revenue += (paid - net).sum(axis=1)
    taken = (before.value_added_share * sold).sum(axis=1)
    income = after.value_added + revenue + shock.deficit
    needed = np.einsum("nks,ns->nk", before.input_share, sold)
    wanted = needed + before.final_share * income[:, None]
    return Certificate(
        unit_cost=float(cost_gap),
        price=float(price_gap),
        trade_share=float(share_gap),
        goods=_off(sold, after.output),
        spending=_off(wanted, after.spending),
        factor_income=_off(taken, after.value_added),
        trade_balance=_largest((bought - sold.sum(axis=1) - shock.deficit) / income),
        world=abs(float(after.value_added.sum() / before.value_added.sum()) - 1),
        people=_misplaced(mobility, changes, before, after),
    )


def _misplaced(mobility: Mobility, changes: Changes, before: Economy, after: Economy) -> float:
    """Largest distance of where people live from where they want to."""
    if isinstance(mobility, Immobile):
        return 0.0
    price = np.prod(changes.price**before.final_share, axis=1)
    real = after.income / before.income / changes.labour / price
    worth = real * mobility.amenity / changes.labour**mobility.congestion
    if isinstance(mobility, Migration):
        weighed = mobility.share * (worth / mobility.cost) ** mobility.taste
        chosen = weighed / weighed.sum(axis=1, keepdims=True)
        wanted = (mobility.registered[:, None] * chosen).sum(axis=0)
        living = (mobility.registered[:, None] * mobility.share).sum(axis=0) * changes.labour
        return _off(wanted, living)
    assert isinstance(mobility, FreeMovement)
    lived = mobility.labour > 0
    living = mobility.labour * changes.labour
    uneven = np.log(worth[lived])
    missing = living.sum() / mobility.labour.sum() - 1
    return _largest(np.append(uneven - uneven.mean(), missing))


def _off(computed: Floats, stated: Floats) -> float:
    """Largest |computed / stated − 1|; where nothing is stated, what is computed of the largest."""
    base = np.where(stated > 0, stated, stated.max())
    return _largest((computed - stated) / base)


def _largest(values: Floats) -> float:
    """The largest size; no number where one is none."""
    return float(np.abs(values).max(initial=0.0))
