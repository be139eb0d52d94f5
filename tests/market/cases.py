"""Random small markets for the market's tests."""

import numpy as np

from yanzhen.market.problem.market import Market


def random_market(
    seed: int,
    blocks: int = 12,
    sites: int = 5,
    sigma: float = 0.3,
    calibrated: bool = False,
    grouped: bool = False,
    floored: bool = False,
    resources: int = 2,
) -> Market:
    """A market in which some room is short, with a refused pair."""
    rng = np.random.default_rng(seed)
    mass = rng.lognormal(size=blocks)
    needs = np.exp(rng.normal(scale=0.3, size=(blocks, resources)))
    base = rng.normal(size=(blocks, sites))
    base[0, 0] = -np.inf
    stay = rng.normal(loc=0.5, size=blocks)
    capacity = rng.uniform(0.01, 0.08, size=(sites, resources)) * mass.sum()
    capacity[-1] = np.inf
    member = np.zeros((1 if grouped else 0, sites), dtype=bool)
    member[:, : sites // 2] = True
    floor = np.zeros((sites, resources))
    if floored:
        floor[0] = 0.2
    calibration = np.full(blocks, -1, dtype=np.int32)
    stayers = np.zeros(0)
    if calibrated:
        calibration = (np.arange(blocks) % 3).astype(np.int32)
        stayers = np.bincount(calibration, weights=mass) * rng.uniform(0.7, 0.95, size=3)
    return Market(
        mass=mass,
        needs=needs,
        stay=stay,
        cell=np.arange(blocks, dtype=np.int32),
        base=base,
        intensities=rng.normal(size=(blocks, 2)),
        qualities=rng.normal(scale=0.3, size=(sites, 2)),
        capacity=capacity,
        floor=floor,
        group_member=member,
        group_resource=np.zeros(member.shape[0], dtype=np.int32),
        group_capacity=np.full(member.shape[0], 0.03 * mass.sum()),
        group_floor=np.zeros(member.shape[0]),
        calibration=calibration,
        stayers=stayers,
        sigma=sigma,
    )
