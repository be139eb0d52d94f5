"""What one site can expect: who would come, what would win whom, and who else they would choose.

All at given prices. What an offer brings once prices answer is in `yanzhen.market.plan.offers`.
"""

import numpy as np
import polars as pl
from scipy.special import expit, logsumexp, softmax

from yanzhen.market.problem.choice import payoff_before_prices, stay_payoff, total_premium
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Floats, Prices
from yanzhen.study.result_columns import columns

LEADS = columns(
    "industry origin output probability expected gain offer edge rival", expected="size"
)
"""`output` is the block's a year, `expected` that times the probability of coming; `gain` is
ū_ij − ū_i0, a share of output, `offer` the share of output a year from which the site is the best
of all options, staying among them, before tastes, 0 where it is already; `edge` the same against
other sites alone, for those who move; `rival` is the best other site, null where there is none."""
RIVALS = columns("site diversion")
"""`site` is null for staying."""


def payoffs(formulation: Formulation, prices: Prices) -> Floats:
    """(I, J) ū_ij − ū_i0 at given prices, −inf where refused."""
    market = formulation.market
    moving = payoff_before_prices(market) - market.needs @ total_premium(market, prices).T
    gain: Floats = moving - stay_payoff(market, prices)[:, None]
    return gain


def leads(formulation: Formulation, gain: Floats, site: int) -> pl.DataFrame:
    """Enterprises that may come to a site, those that the smallest offer wins from rivals first.

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
    best = others.max(axis=1)
    probability = coming(here, site, market.sigma, 0.0)
    names = formulation.room.sites["site"].to_numpy()
    known = np.isfinite(best)
    rival = [name if one else None for name, one in zip(names[second], known, strict=True)]
    blocks = formulation.blocks[admitted].select("industry", "origin")
    return blocks.with_columns(
        output=pl.Series(market.mass[admitted]),
        probability=pl.Series(probability),
        expected=pl.Series(market.mass[admitted] * probability),
        gain=pl.Series(here[:, site]),
        offer=pl.Series(np.maximum(np.maximum(best, 0.0) - here[:, site], 0.0)),
        edge=pl.Series(np.maximum(best - here[:, site], 0.0)),
        rival=pl.Series(rival, dtype=pl.String),
    ).sort("edge", "expected", "industry", "origin", descending=[False, True, False, False])


def coming(gain: Floats, site: int, sigma: float, offer: float) -> Floats:
    """(I,) probability of coming to a site that offers so much more, a share of output a year."""
    probability: Floats = expit(log_odds(gain, site, sigma) + offer / sigma)
    return probability


def log_odds(gain: Floats, site: int, sigma: float) -> Floats:
    """(I,) log of the odds of coming to a site against all else, over σ."""
    others = gain / sigma
    others[:, site] = -np.inf
    odds: Floats = gain[:, site] / sigma - np.logaddexp(logsumexp(others, axis=1), 0.0)
    return odds


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
