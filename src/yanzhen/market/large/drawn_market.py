"""Draws of a nation's parameters: what each leaves as it is, and what it scales."""

from dataclasses import replace

import numpy as np

from yanzhen.market.problem.market import Market


def drawn_market(sites: Market, number: int, seed: int, spread: float) -> Market:
    """Sites and limits of a nation in one draw of its parameters.

    Each of these is multiplied by a log-normal of its own, exp(spread z) with z standard normal:
    σ, the weight of every characteristic of sites, the room of every resource of every site, and
    every cap. Enterprises are as they were. The spread is an assumption: a SYNTHETIC nation has no
    estimate from which an interval could come.

    Parameters
    ----------
    sites : sites and limits
    number : of the draw, from 0; a draw depends on it and on the seed alone
    seed : of all draws
    spread : standard deviation of the logarithms
    """
    random = np.random.default_rng([seed, number])

    def factors(shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.exp(spread * random.standard_normal(shape))

    return replace(
        sites,
        sigma=sites.sigma * float(factors((1,))[0]),
        qualities=sites.qualities * factors((sites.qualities.shape[1],)),
        capacity=sites.capacity * factors(sites.capacity.shape),
        group_capacity=sites.group_capacity * factors(sites.group_capacity.shape),
    )
