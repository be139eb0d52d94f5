"""SYNTHETIC panels whose entries and shares follow what a model can know."""

import numpy as np
import pytest

from yanzhen.history.record import Record, study_of_labels


def synthetic_record(seed: int = 3, regions: int = 60, industries: int = 30) -> Record:
    """SYNTHETIC: regions have abilities, industries need them, amounts drift toward the fit."""
    random = np.random.default_rng(seed)
    fit = random.normal(size=(regions, 3)) @ random.normal(size=(3, industries))
    size = np.exp(random.normal(size=(regions, 1)) + random.normal(size=(1, industries)))
    noise = [random.normal(size=fit.shape) for _ in range(3)]
    now, amounts = 0.5 * fit + random.normal(size=fit.shape), []
    for year in range(3):
        amounts.append(size * np.exp(now))
        now = 0.4 * now + 0.6 * fit + 0.5 * noise[year]
    labels = tuple(f"r{n:02}" for n in range(regions)), tuple(f"s{s:02}" for s in range(industries))
    return Record(
        *labels,
        (2000, 2005, 2010),
        np.stack(amounts, axis=2),
        "output",
        np.full((regions, regions), np.nan),
        study_of_labels(*labels, 2010, "SYNTHETIC panel.csv"),
    )


@pytest.fixture(scope="session")
def record() -> Record:
    return synthetic_record()
