"""A small market of two regions of origin and three sites, in which room is short."""

from types import SimpleNamespace
from typing import Any

import polars as pl

from tests.market.cases import random_market
from yanzhen.market.equilibrium.newton_dense import clear


def small_market(seed: int = 1, calibrated: bool = True) -> Any:
    """What the contracts need of a cleared study; blocks share cells in pairs."""
    market = random_market(seed, blocks=6, sites=3, calibrated=calibrated)
    sites = ["a", "b", "c"]
    formulation = SimpleNamespace(
        market=market,
        blocks=pl.DataFrame(
            {"origin": ["a", "a", "a", "b", "b", "b"], "industry": ["x", "y", "z"] * 2}
        ),
        room=SimpleNamespace(sites=pl.DataFrame({"site": sites, "region": sites})),
    )
    return SimpleNamespace(formulation=formulation, clearing=clear(market, 1e-6))
