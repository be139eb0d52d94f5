"""What an offer of one site brings: the market cleared again with the site that much better.

Where the market is held whole every price answers. Where it is too large for that, the prices of
the site's own room answer and those elsewhere stay as they are, which leaves rivals no worse filled
than before. Either way arrivals stop at the room: beyond it an offer only raises the premium.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import expit

from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.large.study_clearing import held_whole
from yanzhen.market.plan.expected_entrants import log_odds, payoffs
from yanzhen.market.problem.choice import held, stay_payoff, total_premium
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Floats, Market, Prices, SummedPayoffs
from yanzhen.market.problem.tolerance import NOTHING, TOLERANCE
from yanzhen.study.ratios import ratio_column
from yanzhen.study.result_columns import columns

RESPONSE = columns("offer arrivals price outlay gained used cost_of_gained")
"""`offer` is a share of output a year, `price` the premium that arrivals pay, `outlay` the offer
times arrivals, `gained` arrivals beyond those without an offer, `cost_of_gained` outlay over
gained, null where nothing is gained; `used` is demand over room of the scarcest resource of the
site itself, null where none is limited. `outlay` and `cost_of_gained` are null where sizes are no
money."""
STEPS = 200


def response(formulation: Formulation, prices: Prices, site: int, offers: Floats) -> pl.DataFrame:
    """What comes to a site at each offer, and what the offer costs; money a year.

    Parameters
    ----------
    formulation : the market
    prices : that clear it
    site : its place in the market
    offers : shares of output a year, ascending from 0

    Returns
    -------
    pl.DataFrame
        `RESPONSE`

    Raises
    ------
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear the market with an offer were not found.
    """
    market = formulation.market
    again = _cleared_again if held_whole(market) else _own_room
    found = np.array(list(again(formulation, prices, site, offers)))
    limited = np.isfinite(market.capacity[site]) & (market.capacity[site] > 0)
    arrivals = found[:, 0]
    return pl.DataFrame(
        {
            "offer": offers,
            "arrivals": arrivals,
            "price": found[:, 1],
            "outlay": offers * arrivals * formulation.money_per_size,
            "gained": arrivals - arrivals[0],
            "used": found[:, 2] if limited.any() else np.full(offers.size, np.nan),
        }
    ).with_columns(
        pl.col("outlay", "used").fill_nan(None),
        cost_of_gained=ratio_column(
            pl.col("outlay").fill_nan(None), pl.col("gained"), pl.col("arrivals"), NOTHING
        ),
    )


def _cleared_again(
    formulation: Formulation, prices: Prices, site: int, offers: Floats
) -> Iterator[tuple[float, float, float]]:
    """Arrivals, the premium that they pay and the room used, all prices answering."""
    market = held(formulation.market, stay_payoff(formulation.market, prices))
    start = replace(prices, constants=np.zeros(0))
    for offer in offers:
        better = replace(market, base=_better(market, site, float(offer)))
        clearing = clear(better, TOLERANCE, start, formulation.labels)
        start = clearing.prices
        arriving = market.mass * clearing.choice.probability[:, site]
        yield _told(market, site, arriving, total_premium(market, start)[site])


def _better(market: Market, site: int, offer: float) -> Floats | SummedPayoffs:
    """Payoffs with a site better by an offer."""
    base = market.base
    changed = (base.origin if isinstance(base, SummedPayoffs) else base).copy()
    changed[:, site] += offer
    return replace(base, origin=changed) if isinstance(base, SummedPayoffs) else changed


def _own_room(
    formulation: Formulation, prices: Prices, site: int, offers: Floats
) -> Iterator[tuple[float, float, float]]:
    """Arrivals, the premium that they pay and the room used, the site's own premiums answering.

    They minimise the site's part of the dual, whose gradient is room less demand.
    """
    market = formulation.market
    odds = log_odds(payoffs(formulation, prices), site, market.sigma)
    needs, room = market.needs, market.capacity[site]
    limited = np.isfinite(room)
    now, floor = prices.site[site][limited], market.floor[site][limited]
    whole = float(market.mass.sum())
    rise = now.copy()
    for offer in offers:

        def dual(price: Floats, offer: float = float(offer)) -> tuple[float, Floats]:
            better = odds + (offer - needs[:, limited] @ (price - now)) / market.sigma
            arriving = market.mass * expit(better)
            worth = market.sigma * float(market.mass @ np.logaddexp(0.0, better))
            slope = room[limited] - needs[:, limited].T @ arriving
            return (worth + float(room[limited] @ price)) / whole, slope / whole

        if limited.any():
            bounds = [(low, None) for low in floor]
            rise = minimize(
                dual,
                rise,
                jac=True,
                bounds=bounds,
                options={"maxiter": STEPS, "ftol": 1e-15, "gtol": 1e-12},
            ).x
        better = odds + (offer - needs[:, limited] @ (rise - now)) / market.sigma
        premium = total_premium(market, prices)[site]
        premium[limited] += rise - now
        yield _told(market, site, market.mass * expit(better), premium)


def _told(
    market: Market, site: int, arriving: Floats, premium: Floats
) -> tuple[float, float, float]:
    """Arrivals, the mean premium that they pay, and the room used of the scarcest resource."""
    whole = float(arriving.sum())
    demand = arriving @ market.needs
    room = market.capacity[site]
    limited = np.isfinite(room) & (room > 0)
    used = float((demand[limited] / room[limited]).max()) if limited.any() else np.nan
    return whole, float(demand @ premium) / whole if whole > 0 else 0.0, used
