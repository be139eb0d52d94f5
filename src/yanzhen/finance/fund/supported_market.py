"""A market with single projects apart: enterprises that are offered support at one site."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats
from yanzhen.market.problem.market import Market


@dataclass(frozen=True)
class Applications:
    """Projects that ask for support, as places in a market.

    Attributes
    ----------
    block : (P,) block of enterprises that the project is one of
    site : (P,) where it would go
    output : (P,) its yearly output
    """

    block: NDArray[np.int64]
    site: NDArray[np.int64]
    output: Floats


def with_projects(market: Market, asking: Applications, support: Floats) -> Market:
    """The market with each project a block of its own, taken out of its block.

    A project's support adds to its payoff at its own site, and nowhere else: to ū_ij as margin on
    output a year. Without support the market is the same, its demand at any prices unchanged.

    Parameters
    ----------
    market : with nothing to calibrate
    support : (P,) as a share of the project's yearly output, each year

    Raises
    ------
    ValueError
        When the market is still to be calibrated, or projects are larger than their block.
    """
    if market.stayers.size:
        raise ValueError("a market with constants held is expected")
    left = market.mass.copy()
    np.subtract.at(left, asking.block, asking.output)
    if (left < -1e-9 * market.mass).any():
        raise ValueError("projects larger than the enterprises that they are of")
    sites = np.unique(asking.site)
    at_site = (np.arange(market.capacity.shape[0])[:, None] == sites[None]).astype(np.float64)
    offered = np.zeros((market.mass.size + asking.block.size, sites.size))
    rows = market.mass.size + np.arange(asking.block.size)
    offered[rows, np.searchsorted(sites, asking.site)] = support
    every = np.concatenate([np.arange(market.mass.size), asking.block])
    return replace(
        market,
        mass=np.concatenate([np.maximum(left, 0.0), asking.output]),
        needs=market.needs[every],
        stay=market.stay[every],
        cell=market.cell[every],
        intensities=np.hstack([market.intensities[every], offered]),
        qualities=np.hstack([market.qualities, at_site]),
        calibration=market.calibration[every],
    )
