"""Who gains from a cleared market: enterprises, receivers of rents, the public purse, society.

In a study whose sizes are no money nothing tells what a margin is worth: all but the priced
emissions is NaN.

Social surplus = enterprise surplus + rents + tax − subsidy × (1 + cost of public funds) − priced
emissions; money a year. The enterprises' own, Σ_i mass_i (−σ log P_i0), is shown beside it.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.market.equilibrium.newton_dense import Clearing
from yanzhen.market.problem.choice import Choice, worth_over_staying
from yanzhen.market.problem.formulation import Formulation


@dataclass(frozen=True)
class Surplus:
    """Surplus of one equilibrium, money a year.

    Attributes
    ----------
    enterprises : −σ log P_i0 over all blocks, what the market is worth to them over staying
    rents : recipient, rent
    tax, subsidy : what policies take from and pay to arrivals
    public_funds : subsidy × cost of public funds, what raising it costs on top
    priced_emissions : emissions of output that stays or arrives × emission price; None where
        emissions have a price but are not known
    """

    enterprises: float
    rents: pl.DataFrame
    tax: float
    subsidy: float
    public_funds: float
    priced_emissions: float | None

    @property
    def all_rents(self) -> float:
        """Rents of all recipients."""
        return float(self.rents["rent"].to_numpy().sum())

    @property
    def public_money(self) -> float:
        """Net outlay of the public purse, rents not counted."""
        return self.subsidy - self.tax

    @property
    def social(self) -> float | None:
        """Social surplus, None where a part of it is not known."""
        if self.priced_emissions is None:
            return None
        public = self.tax - self.subsidy - self.public_funds
        return self.enterprises + self.all_rents + public - self.priced_emissions


def surplus(formulation: Formulation, clearing: Clearing, parameters: dict[str, float]) -> Surplus:
    """Account for the surplus of a cleared market.

    Parameters
    ----------
    parameters : values by name; public_funds_cost and emission_price are used
    """
    market, choice, money = formulation.market, clearing.choice, formulation.money_per_size
    paid = paid_by_policy(formulation, choice)
    tax, subsidy = (money * float(np.abs(part).sum()) for part in (paid[paid < 0], paid[paid > 0]))
    return Surplus(
        enterprises=money * float(market.mass @ worth_over_staying(market, choice)),
        rents=rents(formulation, clearing),
        tax=tax,
        subsidy=subsidy,
        public_funds=subsidy * parameters["public_funds_cost"],
        priced_emissions=_priced_emissions(formulation, choice, parameters["emission_price"]),
    )


def paid_by_policy(formulation: Formulation, choice: Choice) -> Floats:
    """(P,) what each policy pays to arrivals a year, margins on sizes; negative where it takes."""
    paid = formulation.payments
    moving = formulation.market.mass[:, None] * choice.probability
    granted: Floats = np.einsum("ik,ik->k", paid.per_output, moving @ paid.at_site)
    return granted


def rents(formulation: Formulation, clearing: Clearing) -> pl.DataFrame:
    """Premium × demand by who receives it; recipient, rent."""
    room = formulation.room
    limited = np.isfinite(room.capacity)
    at_sites = (clearing.prices.site * clearing.demand)[limited]
    return (
        pl.DataFrame(
            {
                "recipient": [*room.recipient[limited], *room.groups["recipient"]],
                "rent": np.concatenate([at_sites, clearing.prices.group * clearing.group_demand]),
            },
            schema={"recipient": pl.String, "rent": pl.Float64},
        )
        .group_by("recipient", maintain_order=True)
        .agg(pl.col("rent").sum() * formulation.money_per_size)
        .sort("recipient")
    )


def _priced_emissions(formulation: Formulation, choice: Choice, price: float) -> float | None:
    if price == 0.0:
        return 0.0
    per_output = formulation.blocks["emissions_per_output"]
    if per_output.null_count():
        return None
    remaining = choice.stay + choice.moving
    return price * float(formulation.market.mass @ (remaining * per_output.to_numpy()))
