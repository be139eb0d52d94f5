"""A market under another policy or other parameters, what is not explained of the past unchanged.

The constants that make the baseline's stayers those observed are kept as they are: to calibrate
again would put every effect on departures back to zero.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.choice import held, stay_payoff
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.market.problem.market import Market, Prices
from yanzhen.market.problem.study_inputs import StudyInputs

PAIR = ["macro_region", "industry"]


def counterfactual(inputs: StudyInputs, base: ClearedStudy) -> ClearedStudy:
    """Clear the market of changed tables or parameters at the constants of a baseline.

    Raises
    ------
    ValueError
        When it has blocks of a macro-region and industry that the baseline has not.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear it were not found.
    """
    formulation = formulate(inputs)
    stay = formulation.market.stay + _constants(formulation, base)
    market = held(formulation.market, stay)
    clearing = clear(market, base.clearing.certificate.tolerance, _start(market, base))
    return ClearedStudy(inputs, replace(formulation, market=market), clearing)


def at_constants(cleared: ClearedStudy) -> ClearedStudy:
    """The same cleared study as a market with nothing left to calibrate."""
    formulation, clearing = cleared.formulation, cleared.clearing
    market = held(formulation.market, stay_payoff(formulation.market, clearing.prices))
    prices = replace(clearing.prices, constants=np.zeros(0))
    return replace(
        cleared,
        formulation=replace(formulation, market=market),
        clearing=replace(clearing, prices=prices),
    )


def _constants(formulation: Formulation, base: ClearedStudy) -> Floats:
    """(I,) the baseline's constant of each block's macro-region and industry."""
    known = base.formulation.departures.select(PAIR).with_columns(
        constant=pl.Series(base.clearing.prices.constants)
    )
    found = formulation.blocks.select(PAIR).join(known, on=PAIR, how="left", maintain_order="left")
    if found["constant"].null_count():
        strange = found.filter(pl.col("constant").is_null()).unique(PAIR, maintain_order=True)
        raise ValueError(f"no constant of staying for {strange.select(PAIR).rows()}")
    return found["constant"].to_numpy()


def _start(market: Market, base: ClearedStudy) -> Prices:
    """The baseline's prices where the same resource is limited, floors elsewhere."""
    site = market.floor.copy()
    before = base.clearing.prices.site
    if site.shape[0] == before.shape[0]:
        shared = min(site.shape[1], before.shape[1])
        site[:, :shared] = np.maximum(site[:, :shared], before[:, :shared])
    return Prices(site, market.group_floor.copy(), np.zeros(0))
