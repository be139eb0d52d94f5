"""Drawn parties that dock, all pairs of them, and a market of them that has cleared."""

import numpy as np

from tests.modes.chain.docking_studies import drawn_enterprises
from yanzhen.modes.chain.docking.certificate import (
    net_of,
    terms_of,
)
from yanzhen.modes.chain.docking.clearing import (
    DockingMarket,
    clear_docking,
)
from yanzhen.modes.chain.docking.parties import Needs, Parties, needs_of, parties_of
from yanzhen.modes.chain.docking.weights import (
    DockingWeights,
    docking_parameters,
    weights_of,
)

WEIGHTS = weights_of(docking_parameters())


def made(count: int, seed: int, spare: float = 0.3, most: int = 1) -> tuple[Parties, Needs]:
    study = drawn_enterprises(count, seed, spare, most)
    parties, _ = parties_of(study, WEIGHTS)
    return parties, needs_of(study, parties, WEIGHTS, 4).sought


def every_pair(parties: Parties, needs: Needs) -> list[np.ndarray]:
    """Admitted suppliers of every need, by looking at all of them."""
    offers = parties.spare > 0
    found = []
    for i in range(needs.buyer.size):
        may = offers & (parties.industry == needs.input[i])
        may[needs.buyer[i]] &= not parties.single[needs.buyer[i]]
        found.append(np.flatnonzero(may))
    return found


def nets(
    parties: Parties,
    needs: Needs,
    weights: DockingWeights,
    i: int,
    a: np.ndarray,
    price: np.ndarray,
) -> np.ndarray:
    return net_of(terms_of(parties, needs, weights, np.full(a.size, i), a), price[a])


def cleared() -> DockingMarket:
    parties, needs = made(100, 4, 0.1)
    return clear_docking(parties, needs, WEIGHTS, 3, 1e-6, 0.0, 80)
