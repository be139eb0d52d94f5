"""What a site can expect, as a server keeps it: reckoned once for each site looked at."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl

from yanzhen.api.plans import Plans, market_of
from yanzhen.market.plan.expected_entrants import leads, payoffs, rivals
from yanzhen.market.plan.offers import response

OFFERS = np.linspace(0.0, 0.1, 41)


def offer_responses(plans: Plans, study: str, site: int) -> pl.DataFrame:
    """Return what comes to a site of a study's plan at each of `OFFERS`.

    Parameters
    ----------
    site : its place in the market
    """
    return _responses(plans.place(study), site)


def entrants(plans: Plans, study: str, site: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the leads and the rivals of a site at the prices of a study's plan.

    Parameters
    ----------
    site : its place in the market
    """
    return _entrants(plans.place(study), site)


@lru_cache(maxsize=64)
def _entrants(place: Path, site: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    formulation, prices = market_of(place)
    gain = payoffs(formulation, prices)
    return leads(formulation, gain, site), rivals(formulation, gain, site)


@lru_cache(maxsize=64)
def _responses(place: Path, site: int) -> pl.DataFrame:
    return response(*market_of(place), site, OFFERS)
