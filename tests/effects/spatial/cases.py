"""Small economies drawn at random whose accounts add up, made without the model's code."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.economy import Accounts


@dataclass(frozen=True)
class Drawn:
    """What an economy is drawn from."""

    seed: int
    regions: int
    industries: int
    tariffs: bool
    deficits: bool
    inputs: bool
    holes: bool


drawn = st.builds(
    Drawn,
    seed=st.integers(0, 10**6),
    regions=st.integers(2, 5),
    industries=st.integers(1, 4),
    tariffs=st.booleans(),
    deficits=st.booleans(),
    inputs=st.booleans(),
    holes=st.booleans(),
)
plain = st.builds(
    Drawn,
    seed=st.integers(0, 10**6),
    regions=st.integers(2, 5),
    industries=st.just(1),
    tariffs=st.just(False),
    deficits=st.just(False),
    inputs=st.just(False),
    holes=st.just(False),
)


def accounts(case: Drawn) -> Accounts:
    """Accounts in which everything adds up, by one dense system of equations for spending."""
    rng = np.random.default_rng(case.seed)
    n, s = case.regions, case.industries
    share = rng.uniform(0.2, 1.0, (s, n, n)) + 2 * np.eye(n)
    if case.holes:
        share[rng.random((s, n, n)) < 0.3] = 0.0
        share[:, np.arange(n), np.arange(n)] += 0.5
        # The first region makes nothing of the first industry; a ring of trade in the last.
        if s > 1:
            share[0, :, 0] = 0.0
            share[0, 0, 1] += 0.5
        share[-1, np.arange(n), (np.arange(n) + 1) % n] += 0.5
    share /= share.sum(axis=2, keepdims=True)
    added = rng.uniform(0.3, 0.8, (n, s)) if case.inputs else np.ones((n, s))
    inputs = rng.dirichlet(np.ones(s), (n, s)).transpose(0, 2, 1) * (1 - added)[:, None, :]
    final = rng.dirichlet(3 * np.ones(s), n)
    tariff = rng.uniform(0.0, 0.4, (s, n, n)) if case.tariffs else np.zeros((s, n, n))
    tariff[:, np.arange(n), np.arange(n)] = 0.0
    size = rng.uniform(0.5, 2.0)
    deficit = rng.normal(size=n) * 0.02 * size if case.deficits else np.zeros(n)
    spending = _spending(share, added, inputs, final, tariff, deficit - deficit.mean(), n * size)
    trade = share * spending.T[:, :, None] / (1 + tariff)
    output = trade.sum(axis=1).T
    codes = [tuple(f"{name}{k}" for k in range(count)) for name, count in (("r", n), ("i", s))]
    return Accounts(
        codes[0], codes[1], trade, output, added, inputs, rng.uniform(1.5, 9.0, s), tariff
    )


# Kept wide: the coefficients of one system.
def _spending(
    share: Floats,
    added: Floats,
    inputs: Floats,
    final: Floats,
    tariff: Floats,
    deficit: Floats,
    world: float,
) -> Floats:
    """(N, S) spending X = Γ Y + α (γ Y + R + D), world value added given."""
    s, n, _ = share.shape
    made = np.zeros((n, s, n, s))
    taxed = np.zeros((n, n, s))
    for k in range(s):
        made[:, k, :, k] = (share[k] / (1 + tariff[k])).T
        taxed[np.arange(n), np.arange(n), k] = (share[k] * tariff[k] / (1 + tariff[k])).sum(axis=1)
    earned = np.einsum("ns,nsmk->nmk", added, made)
    system = np.einsum("nks,nsmj->nkmj", inputs, made)
    system += final[:, :, None, None] * (earned + taxed)[:, None, :, :]
    size = n * s
    left = np.vstack([np.eye(size) - system.reshape(size, size), earned.sum(axis=0).reshape(1, -1)])
    right = np.append((final * deficit[:, None]).ravel(), world)
    found, *_ = np.linalg.lstsq(left, right, rcond=None)
    assert np.allclose(left @ found, right) and (found > 0).all()
    return found.reshape(n, s)


def shaken(shape: tuple[int, ...], seed: int, spread: float) -> Floats:
    """Ratios about one."""
    return np.exp(spread * np.random.default_rng(seed).normal(size=shape))
