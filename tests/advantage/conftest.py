import numpy as np
import pytest


@pytest.fixture(scope="session")
def amounts():
    """A 40 × 25 table whose industries need what only some regions have, without missing cells."""
    generator = np.random.default_rng(7)
    places, needs = generator.normal(size=(40, 3)), generator.normal(size=(25, 3))
    size = generator.lognormal(0, 1, 40)[:, None] * generator.lognormal(0, 1, 25)
    return generator.poisson(40 * size * np.exp(0.6 * places @ needs.T)).astype(float)


@pytest.fixture(scope="session")
def econcomplex():
    # Imported here: every worker collects all tests, few compare.
    import econcomplex

    return econcomplex
