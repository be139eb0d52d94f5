"""How gains of a contract hang on the assumptions, each of them at the ends of its interval."""

from dataclasses import replace

import polars as pl

from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.payoff_terms import MOVE_TERMS
from yanzhen.market.problem.tolerance import TOLERANCE
from yanzhen.modes.coconstruction.gains.gains import gains
from yanzhen.modes.coconstruction.gains.prospect import Offer, case_of, prospect_under
from yanzhen.study.assumptions import parameter_values
from yanzhen.study.result_columns import columns

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
SENSITIVITY = columns("assumption low high home_low home_high host_low host_high")


def sensitivity_of(offer: Offer) -> pl.DataFrame:
    """Gains with one assumption at a time at the ends of its interval, the market cleared again."""
    values = parameter_values(offer.parameters)
    rows: list[tuple[object, ...]] = []
    for name, low, high in offer.parameters.select("parameter", "low", "high").iter_rows():
        if name in VARIED and low is not None and high is not None and low < high:
            at = [_gains_at(offer, values | {name: value}) for value in (low, high)]
            rows.append((name, low, high, at[0][0], at[1][0], at[0][1], at[1][1]))
    return varied(rows)


def varied(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    """Rows of the sensitivity, the largest swing of both gains first."""
    swing = (pl.col("home_high") - pl.col("home_low")).abs() + (
        pl.col("host_high") - pl.col("host_low")
    ).abs()
    return SENSITIVITY.frame(rows).sort(swing, descending=True, maintain_order=True)


def _gains_at(offer: Offer, values: dict[str, float]) -> tuple[float, float]:
    formulation, clearing = offer.formulation, offer.clearing
    if values["sigma"] != formulation.market.sigma:
        formulation = with_sigma(formulation, values["sigma"])
        clearing = clear(formulation.market, TOLERANCE, labels=formulation.labels)
    prospect = prospect_under(offer, values, formulation, clearing)
    found = gains(case_of(replace(offer, formulation=formulation), prospect))
    return found.home / prospect.family.fen, found.host / prospect.family.fen


def with_sigma(formulation: Formulation, sigma: float) -> Formulation:
    """The market of other tastes: their scale, and with it the worth of a site's size."""
    market = formulation.market
    factor = sigma / market.sigma - 1
    size = formulation.move_terms[MOVE_TERMS.index("site_size")]
    regions, sites = size.shape
    base = market.base.reshape(regions, -1, sites) + factor * size[:, None, :]
    return replace(formulation, market=replace(market, sigma=sigma, base=base.reshape(-1, sites)))
