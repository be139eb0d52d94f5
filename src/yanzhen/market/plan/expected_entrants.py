"""What one site can expect: who would come, what would win whom, and who else they would choose.

All at given prices of the other sites. A site that is full lets nobody more in: there an offer
only raises what its land fetches (`yanzhen.market.counterfactuals.policy_effects`).
"""

import numpy as np
import polars as pl
from scipy.special import expit, logsumexp, softmax

from yanzhen.market.problem.choice import payoff_before_prices, stay_payoff, total_premium
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Floats, Prices
from yanzhen.market.problem.tolerance import NOTHING
from yanzhen.study.ratios import ratio_column
from yanzhen.study.result_columns import columns

LEADS = columns("industry origin output probability expected gain offer rival", expected="size")
"""`output` is the block's a year, `expected` that times the probability of coming; `gain` is
ū_ij − ū_i0, a share of output, `offer` the share of output a year from which the site is the best
of all options, staying among them, before tastes, 0 where it is already; `rival` is the best other
site, null where staying is better than all of them."""
RESPONSE = columns("offer arrivals outlay gained used cost_of_gained")
"""`offer` is a share of output a year, `outlay` that times arrivals, `gained` arrivals beyond those
without an offer, `cost_of_gained` outlay over gained, null where nothing is gained; `used` is
demand over room of the scarcest resource of the site itself, null where none is limited; above 1
its price would rise. `outlay` and `cost_of_gained` are null where sizes are no money."""
RIVALS = columns("site diversion")
"""`site` is null for staying."""


def payoffs(formulation: Formulation, prices: Prices) -> Floats:
    """(I, J) ū_ij − ū_i0 at given prices, −inf where refused."""
    market = formulation.market
    moving = payoff_before_prices(market) - market.needs @ total_premium(market, prices).T
    gain: Floats = moving - stay_payoff(market, prices)[:, None]
    return gain


def leads(formulation: Formulation, gain: Floats, site: int) -> pl.DataFrame:
    """Enterprises that may come to a site, most output expected first.

    Parameters
    ----------
    formulation : the market
    gain : (I, J) of `payoffs`
    site : its place in the market

    Returns
    -------
    pl.DataFrame
        `LEADS`
    """
    market = formulation.market
    admitted = np.flatnonzero(np.isfinite(gain[:, site]))
    here = gain[admitted]
    others = np.where(np.arange(here.shape[1]) == site, -np.inf, here)
    second = others.argmax(axis=1)
    best = np.maximum(others.max(axis=1), 0.0)
    probability = coming(here, site, market.sigma, 0.0)
    names = formulation.room.sites["site"].to_numpy()
    rival = [name if value > 0 else None for name, value in zip(names[second], best, strict=True)]
    blocks = formulation.blocks[admitted].select("industry", "origin")
    return blocks.with_columns(
        output=pl.Series(market.mass[admitted]),
        probability=pl.Series(probability),
        expected=pl.Series(market.mass[admitted] * probability),
        gain=pl.Series(here[:, site]),
        offer=pl.Series(np.maximum(best - here[:, site], 0.0)),
        rival=pl.Series(rival, dtype=pl.String),
    ).sort("expected", "industry", "origin", descending=[True, False, False])


def coming(gain: Floats, site: int, sigma: float, offer: float) -> Floats:
    """(I,) probability of coming to a site that offers so much more, a share of output a year."""
    probability: Floats = expit(_odds(gain, site, sigma) + offer / sigma)
    return probability


def _odds(gain: Floats, site: int, sigma: float) -> Floats:
    """(I,) log of the odds of coming to a site against all else."""
    others = gain / sigma
    others[:, site] = -np.inf
    odds: Floats = gain[:, site] / sigma - np.logaddexp(logsumexp(others, axis=1), 0.0)
    return odds


def response(formulation: Formulation, gain: Floats, site: int, offers: Floats) -> pl.DataFrame:
    """What comes to a site at each offer, and what the offer costs; money a year.

    Returns
    -------
    pl.DataFrame
        `RESPONSE`
    """
    market = formulation.market
    mass, sigma = market.mass, market.sigma
    logit = _odds(gain, site, sigma)
    probability = expit(logit[None, :] + offers[:, None] / sigma)
    arrivals = probability @ mass
    limited = np.isfinite(market.capacity[site]) & (market.capacity[site] > 0)
    demand = probability @ (mass[:, None] * market.needs[:, limited])
    used = (demand / market.capacity[site][limited]).max(axis=1) if limited.any() else None
    without = float(mass @ expit(logit))
    gained = arrivals - without
    return pl.DataFrame(
        {
            "offer": offers,
            "arrivals": arrivals,
            "outlay": offers * arrivals * formulation.money_per_size,
            "gained": gained,
        }
    ).with_columns(
        pl.col("outlay").fill_nan(None),
        used=pl.lit(None, pl.Float64) if used is None else pl.Series(used),
        cost_of_gained=ratio_column(
            pl.col("outlay").fill_nan(None), pl.col("gained"), pl.col("arrivals"), NOTHING
        ),
    )


def rivals(formulation: Formulation, gain: Floats, site: int) -> pl.DataFrame:
    """Where those who would come to a site would go if it were not there: diversion ratios.

    The ratio to option k is Σ_i m_i P_ij P_ik / (1 − P_ij) over Σ_i m_i P_ij (Conlon and Mortimer
    2021, for logit demand); P_ik / (1 − P_ij) is the choice among the others.

    Returns
    -------
    pl.DataFrame
        `RIVALS`, the largest first
    """
    market = formulation.market
    sigma = market.sigma
    coming_here = market.mass * coming(gain, site, sigma, 0.0)
    elsewhere = np.column_stack([gain, np.zeros(gain.shape[0])]) / sigma
    elsewhere[:, site] = -np.inf
    diverted = coming_here @ softmax(elsewhere, axis=1)
    whole = float(coming_here.sum())
    frame = pl.DataFrame(
        {
            "site": [*formulation.room.sites["site"], None],
            "diversion": diverted / (whole or 1.0),
        },
        schema=RIVALS.types,
    )
    own_name = formulation.room.sites["site"][site]
    return frame.filter(pl.col("site").ne_missing(own_name)).sort("diversion", descending=True)
