"""SYNTHETIC choosers by known tastes."""

import numpy as np

from yanzhen.history.choices import Choices

TASTES = np.array([-1.0, 0.8, 0.5])


def simulated(
    seed: int, choosers: int = 400, sites: int = 8, times: int = 1, constants: float = 0.0
) -> Choices:
    """SYNTHETIC choices by the tastes −1 for cost, 0.8 for access and 0.5 for skill × skills."""
    random = np.random.default_rng(seed)
    attributes = random.normal(size=(choosers, sites, 2))
    intensity, quality = random.normal(size=(choosers, 1)), random.normal(size=(sites, 1))
    payoff = attributes @ TASTES[:2] + TASTES[2] * intensity @ quality.T
    payoff += constants * np.linspace(0, 1, sites)
    p = np.exp(payoff)
    p /= p.sum(axis=1, keepdims=True)
    counts = random.multinomial(times, p).astype(float)
    return Choices(
        ("cost", "access", "skills"),
        attributes,
        np.arange(choosers),
        intensity,
        quality,
        counts,
        np.arange(choosers) // 4,
    )


def long_data(choices: Choices) -> tuple[np.ndarray, np.ndarray]:
    """(I·J, P) attributes of every pair and the chooser of each row."""
    own = choices.intensities[:, None] * choices.qualities[None]
    joined = np.concatenate([choices.attributes[choices.cell], own], axis=2)
    return joined.reshape(-1, 3), np.repeat(np.arange(len(own)), choices.sites)
