"""How the gains of a contract depend on each assumption, set to the ends of its interval."""

from dataclasses import replace

import numpy as np
import polars as pl

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.payoff_terms import MOVE_TERMS
from yanzhen.market.problem.tolerance import TOLERANCE
from yanzhen.modes.coconstruction.gains.gains import gains, ranked_by_swing
from yanzhen.modes.coconstruction.gains.prospect import case_of, prospect_of
from yanzhen.modes.coconstruction.settlement.agreements import Agreement

VARIED = (
    "sigma",
    "local_tax_share",
    "contract_payoff",
    "contract_outlay",
    "contract_host_cost",
    "home_discount_rate",
    "host_discount_rate",
)
"""Parameters of which the sensitivity is shown, where they have an interval."""


def sensitivity_of(cleared: ClearedStudy, agreement: Agreement) -> pl.DataFrame:
    """Gains with one assumption at a time at the ends of its interval, the market cleared again."""
    rows = []
    intervals = cleared.inputs.parameters.select("parameter", "low", "high")
    for name, low, high in intervals.iter_rows():
        if name in VARIED and low is not None and high is not None and low < high:
            at = [_gains_at(cleared, agreement, name, value) for value in (low, high)]
            rows.append((name, low, high, at[0][0], at[1][0], at[0][1], at[1][1]))
    return ranked_by_swing(rows)


def _gains_at(
    cleared: ClearedStudy, agreement: Agreement, name: str, value: float
) -> tuple[float, float]:
    changed = replace(cleared, inputs=cleared.inputs.with_values({name: value}))
    if name == "sigma" and value != cleared.formulation.market.sigma:
        formulation = with_sigma(cleared.formulation, value)
        clearing = clear(formulation.market, TOLERANCE, labels=formulation.labels)
        changed = ClearedStudy(changed.inputs, formulation, clearing)
    prospect = prospect_of(changed, agreement)
    changed_gains = gains(case_of(changed, agreement, prospect))
    return changed_gains.home / prospect.offer.fen, changed_gains.host / prospect.offer.fen


def with_sigma(formulation: Formulation, sigma: float) -> Formulation:
    """The market of other tastes: their scale, and with it the worth of a site's size."""
    market = formulation.market
    factor = sigma / market.sigma - 1
    size = formulation.move_terms[MOVE_TERMS.index("site_size")]
    regions, sites = size.shape
    base = np.asarray(market.base).reshape(regions, -1, sites) + factor * size[:, None, :]
    return replace(formulation, market=replace(market, sigma=sigma, base=base.reshape(-1, sites)))
