"""A market under another policy or other parameters, what is not explained of the past unchanged.

The constants that make the baseline's stayers those observed are kept as they are: to calibrate
again would put every effect on departures back to zero.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.accounts.completion import completed
from yanzhen.accounts.panel import Floats, Panel, output_panel, require_output
from yanzhen.accounts.share_shift_projection import ShareShiftProjection, project_share_shifts
from yanzhen.advantage.locational_advantage import LocationalAdvantage, locational_advantage
from yanzhen.market.equilibrium.newton_dense import Clearing, clear
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.market.problem.market import Market, Prices
from yanzhen.study import Study
from yanzhen.study.assumptions import parameter_values, used_parameters

PAIR = ["macro_region", "industry"]


@dataclass(frozen=True)
class Given:
    """What a study's market is formulated from.

    Attributes
    ----------
    study, panel, past, offered : results of the rooms before
    parameters : values by name
    """

    study: Study
    panel: Panel
    past: ShareShiftProjection | None
    offered: LocationalAdvantage
    parameters: dict[str, float]

    def formulate(self) -> Formulation:
        """Set up the market."""
        return formulate(self.study, self.panel, self.past, self.offered, self.parameters)


def given_of(study: Study) -> Given:
    """Measure what the market of a checked study is formulated from.

    Raises
    ------
    StudyError
        When no output of manufacturing by region is known, or a parameter is used by nothing.
    """
    parameters = parameter_values(used_parameters(study))
    panel = output_panel(study)
    require_output(study, panel)
    past = project_share_shifts(panel) if len(panel.years) > 1 else None
    offered = locational_advantage(
        study, panel, completed(panel)[:, :, -1], parameters["access_decay"]
    )
    return Given(study, panel, past, offered, parameters)


@dataclass(frozen=True)
class Equilibrium:
    """A market, its labels and its clearing."""

    formulation: Formulation
    clearing: Clearing


def baseline(given: Given, tolerance: float) -> Equilibrium:
    """Calibrate and clear the market of a study.

    Raises
    ------
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear it were not found.
    """
    formulation = given.formulate()
    clearing = clear(formulation.market, tolerance, labels=formulation.labels)
    return Equilibrium(formulation, clearing)


def counterfactual(given: Given, base: Equilibrium) -> Equilibrium:
    """Clear the market of changed tables or parameters at the constants of a baseline.

    Raises
    ------
    ValueError
        When it has blocks of a macro-region and industry that the baseline has not.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear it were not found.
    """
    formulation = given.formulate()
    market = held(formulation.market, _constants(formulation, base))
    clearing = clear(market, base.clearing.certificate.tolerance, _start(market, base))
    return Equilibrium(replace(formulation, market=market), clearing)


def at_constants(equilibrium: Equilibrium) -> Equilibrium:
    """The same equilibrium as a market with nothing left to calibrate."""
    formulation, clearing = equilibrium.formulation, equilibrium.clearing
    constants = np.append(clearing.prices.constants, 0.0)[formulation.market.calibration]
    market = held(formulation.market, constants)
    prices = replace(clearing.prices, constants=np.zeros(0))
    return Equilibrium(replace(formulation, market=market), replace(clearing, prices=prices))


def held(market: Market, constants: Floats) -> Market:
    """A market whose blocks' constants, (I,), are part of the payoff of staying."""
    return replace(
        market,
        stay=market.stay + constants,
        calibration=np.full_like(market.calibration, -1),
        stayers=np.zeros(0),
    )


def _constants(formulation: Formulation, base: Equilibrium) -> Floats:
    """(I,) the baseline's constant of each block's macro-region and industry."""
    known = base.formulation.departures.select(PAIR).with_columns(
        constant=pl.Series(base.clearing.prices.constants)
    )
    found = formulation.blocks.select(PAIR).join(known, on=PAIR, how="left", maintain_order="left")
    if found["constant"].null_count():
        strange = found.filter(pl.col("constant").is_null()).unique(PAIR, maintain_order=True)
        raise ValueError(f"no constant of staying for {strange.select(PAIR).rows()}")
    return found["constant"].to_numpy()


def _start(market: Market, base: Equilibrium) -> Prices:
    """The baseline's prices where the same resource is limited, floors elsewhere."""
    site = market.floor.copy()
    before = base.clearing.prices.site
    if site.shape[0] == before.shape[0]:
        shared = min(site.shape[1], before.shape[1])
        site[:, :shared] = np.maximum(site[:, :shared], before[:, :shared])
    return Prices(site, market.group_floor.copy(), np.zeros(0))
