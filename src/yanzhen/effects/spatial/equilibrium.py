"""The equilibrium after a shock: what changes where, with a certificate."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.certificate import CHECKS, Certificate, certify
from yanzhen.effects.spatial.changes import Changes
from yanzhen.effects.spatial.checks import require_solvable
from yanzhen.effects.spatial.economy import Economy
from yanzhen.effects.spatial.hat_system import HatSystem, hat_system, unit_costs
from yanzhen.effects.spatial.mobility import (
    FreeMovement,
    Immobile,
    Migration,
    Mobility,
    log_expected_worth,
    log_worth,
)
from yanzhen.effects.spatial.shock import Shock, no_shock
from yanzhen.effects.spatial.solver import NotSettled, Solved, solve
from yanzhen.effects.spatial.state import State, unchanged
from yanzhen.effects.words import words
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.phrasebook import Language, Words, in_language


@dataclass(frozen=True)
class Equilibrium:
    """What a shock does to an economy. Ratios are new over old, world value added held.

    Attributes
    ----------
    before, after : the economy
    shock, mobility, labour_share : what was asked
    changes : V̂, L̂, ĉ, P̂
    wage_change : (N,) V̂ / L̂
    price_index_change : (N,) Π_s P̂_ns^α_ns
    real_wage_change : (N,) of the wage
    real_income_change : (N,) of all that is spent on final uses, per head
    welfare_change : (N,) of those registered in each region where people migrate; of everybody
        where they move freely; real income where nobody moves
    passes, method : of the solver: mixed, Newton or damped
    certificate : residuals by code of its own
    """

    before: Economy
    after: Economy
    shock: Shock
    mobility: Mobility
    labour_share: Floats
    changes: Changes
    wage_change: Floats
    price_index_change: Floats
    real_wage_change: Floats
    real_income_change: Floats
    welfare_change: Floats
    passes: int
    method: str
    certificate: Certificate


class NoEquilibrium(NoPrices):
    """No outcome was found, or one whose residuals are not within tolerance."""

    def __init__(self, said: Words) -> None:
        super().__init__(said[0])
        self._said = said

    def text(self, language: Language = "en") -> str:
        """Return one sentence that says so, in the language asked."""
        return in_language(self._said, language)


def equilibrium(
    economy: Economy,
    shock: Shock,
    mobility: Mobility | None = None,
    labour_share: Floats | None = None,
    start: Changes | None = None,
    progress: Callable[[int, float], None] = lambda passes, distance: None,
) -> Equilibrium:
    """Solve for the equilibrium after a shock.

    Parameters
    ----------
    mobility : nobody moves where not given
    labour_share : (N,) β, part of value added that is labour's, the rest being of a factor that
        stays; one where not given
    start : of a shock near to it, to begin from; nothing changed where not given
    progress : told of passes done and the distance left

    Raises
    ------
    StudyError
        If the economy, the shock or the mobility cannot be, everything at once.
    NoEquilibrium
        If none was found, or one whose residuals are beyond 1e-10.
    """
    moving = Immobile() if mobility is None else mobility
    beta = np.ones(len(economy.regions)) if labour_share is None else labour_share
    require_solvable(economy, shock, moving, beta)
    system = hat_system(economy, shock, beta)
    try:
        found = solve(system, moving, _begin(system, start), progress)
    except NotSettled as unsettled:
        raise NoEquilibrium(unsettled.said) from unsettled
    return _put_together(system, moving, found)


def with_deficits(economy: Economy, deficit: Floats) -> Economy:
    """The economy as it would be with other deficits, such as none (Dekle, Eaton, Kortum 2008).

    Its amounts fit one another also where those of `economy` do not.
    """
    return equilibrium(economy, replace(no_shock(economy), deficit=deficit)).after


def _begin(system: HatSystem, start: Changes | None) -> State:
    if start is None:
        return unchanged(system)
    return State(
        np.log(start.value_added),
        np.log(start.labour),
        np.log(start.price),
        np.where(system.used, start.spending * system.economy.spending, 0.0),
    )


def _put_together(system: HatSystem, mobility: Mobility, found: Solved) -> Equilibrium:
    economy, shock, state = system.economy, system.shock, found.state
    cost, price, seller, buyer = unit_costs(
        system, state.log_value_added, state.log_labour, state.log_price, state.spending
    )
    share = system.weight * seller[:, None, :]
    share *= buyer[:, :, None]
    after = replace(
        economy,
        trade_share=share,
        tariff=shock.tariff,
        value_added=economy.value_added * np.exp(state.log_value_added),
        deficit=shock.deficit,
        income=found.last.income,
        spending=found.last.spending,
        output=found.last.output,
    )
    spending = np.divide(
        after.spending,
        economy.spending,
        out=np.ones_like(after.spending),
        where=system.used & (economy.spending > 0),
    )
    changes = Changes(
        np.exp(state.log_value_added), np.exp(state.log_labour), np.exp(cost), np.exp(price),
        spending,
    )  # fmt: skip
    certificate = certify(economy, shock, mobility, system.labour_share, changes, after)
    if not certificate.passed:
        failed: Words = (
            "; ".join(f"{CHECKS[name][0]}: {size:.1e}" for name, size in certificate.failed()),
            "；".join(f"{CHECKS[name][1]}：{size:.1e}" for name, size in certificate.failed()),
        )
        raise NoEquilibrium(
            words("beyond_tolerance", tolerance=certificate.tolerance, failed=failed)
        )
    index = (economy.final_share * price).sum(axis=1)
    wage = state.log_value_added - state.log_labour
    real = np.log(after.income / economy.income) - state.log_labour - index
    return Equilibrium(
        economy, after, shock, mobility, system.labour_share, changes,
        np.exp(wage), np.exp(index), np.exp(wage - index), np.exp(real),
        np.exp(_log_welfare(mobility, real, state.log_labour)),
        found.passes, found.method, certificate,
    )  # fmt: skip


def _log_welfare(mobility: Mobility, real_income: Floats, log_labour: Floats) -> Floats:
    match mobility:
        case Immobile():
            return real_income
        case Migration():
            return log_expected_worth(mobility, log_worth(mobility, real_income, log_labour))
        case FreeMovement():
            return log_worth(mobility, real_income, log_labour)
