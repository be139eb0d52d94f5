import warnings

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.advantage.complexity import (
    SMALLEST_FOR_LANCZOS,
    complexity,
    diversity,
    fitness,
    industry_complexity,
    outlook_gain,
    outlook_index,
    region_complexity,
    ubiquity,
)
from yanzhen.advantage.relatedness import proximity, relatedness_density
from yanzhen.advantage.specialisation import location_quotient, presence


def by_definition(m):
    """ECI and PCI up to scale and sign, from the non-symmetric matrix."""
    d, u = m.sum(axis=1), m.sum(axis=0)
    values, vectors = np.linalg.eig((m.T / u[:, None]) @ (m / d[:, None]))
    pci = np.real(vectors[:, np.argsort(values.real)[-2]])
    return (m @ pci) / d, pci


def standardised(x):
    return (x - x.mean()) / x.std()


@pytest.fixture(scope="module")
def m(amounts):
    return presence(location_quotient(amounts))


@pytest.fixture(scope="module")
def theirs(amounts):
    """ecomplexity on the same table, as region × industry arrays by column."""
    import pandas as pd
    from ecomplexity import ecomplexity

    regions, industries = amounts.shape
    frame = pd.DataFrame(
        {
            "year": 2017,
            "region": np.repeat([f"r{k:03d}" for k in range(regions)], industries),
            "industry": np.tile([f"s{k:03d}" for k in range(industries)], regions),
            "output": amounts.ravel(),
        }
    )
    columns = {"time": "year", "loc": "region", "prod": "industry", "val": "output"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = ecomplexity(frame, columns, verbose=False, check_logsupermodularity=False)
    result = result.sort_values(["region", "industry"])
    return lambda name: result[name].to_numpy().reshape(amounts.shape)


def test_location_quotient_and_presence_equal_ecomplexity(amounts, m, theirs):
    np.testing.assert_allclose(location_quotient(amounts), theirs("rca"), rtol=1e-9)
    np.testing.assert_array_equal(m, theirs("mcp"))


def test_eci_and_pci_equal_ecomplexity(m, theirs):
    result = complexity(m)
    np.testing.assert_allclose(result.eci, theirs("eci")[:, 0], atol=1e-9)
    np.testing.assert_allclose(result.pci, theirs("pci")[0], atol=1e-9)


def test_density_equals_ecomplexity(m, theirs):
    density = relatedness_density(m, proximity(m))
    np.testing.assert_allclose(density, theirs("density"), rtol=1e-9)


def test_outlook_equals_ecomplexity(m, theirs):
    """Their outlook takes the eigenvector before it is set on the scale of the ECI."""
    pci, phi = complexity(m).pci, proximity(m)
    eigenvector = pci - np.average(pci, weights=ubiquity(m))
    outlook = outlook_index(m, relatedness_density(m, phi), eigenvector)
    np.testing.assert_allclose(standardised(outlook), theirs("coi")[:, 0], atol=1e-9)
    np.testing.assert_allclose(outlook_gain(m, phi, eigenvector), theirs("cog"), atol=1e-9)


def test_eci_and_pci_equal_econcomplex(amounts, m, econcomplex):
    """Theirs picks the sign of the PCI by itself, so that it can contradict the ECI's."""
    eci, pci = econcomplex.eci_pci_eigenvector(amounts)
    result = complexity(m)
    np.testing.assert_allclose(result.eci, standardised(eci), atol=1e-9)
    sign = np.sign(result.pci @ pci)
    np.testing.assert_allclose(standardised(result.pci), sign * standardised(pci), atol=1e-9)


def test_fitness_equals_econcomplex(m, econcomplex):
    theirs, complexities = econcomplex.fitness_complexity(m, use_rca=False, iterations=100, tol=0)
    ours = fitness(m, tolerance=0, most=100)
    np.testing.assert_allclose(ours.fitness, theirs, rtol=1e-9)
    np.testing.assert_allclose(ours.complexity, complexities, rtol=1e-9)


def test_outlook_index_equals_econcomplex(m, econcomplex):
    pci, phi = complexity(m).pci, proximity(m)
    theirs = econcomplex.complexity_outlook_index(m, pci, phi=phi, use_rca=False)
    np.testing.assert_allclose(
        outlook_index(m, relatedness_density(m, phi), pci), theirs, atol=1e-9
    )


@pytest.mark.parametrize("shape", [(9, 6), (6, 9)])
def test_either_shape_equals_the_definition(shape):
    m = (np.random.default_rng(3).random(shape) < 0.5).astype(float)
    m[:, 0] = m[0, :] = 1.0
    eci, pci = by_definition(m)
    result = complexity(m)
    assert abs(np.corrcoef(result.eci, eci)[0, 1]) == pytest.approx(1, abs=1e-12)
    assert abs(np.corrcoef(result.pci, pci)[0, 1]) == pytest.approx(1, abs=1e-12)


def test_the_large_solver_equals_the_small_one():
    generator = np.random.default_rng(5)
    n = SMALLEST_FOR_LANCZOS + 20
    places, needs = generator.normal(size=(n, 2)), generator.normal(size=(n, 2))
    m = (places @ needs.T + generator.normal(size=(n, n)) > 0.5).astype(float)
    eci, _ = by_definition(m)
    assert abs(np.corrcoef(complexity(m).eci, eci)[0, 1]) == pytest.approx(1, abs=1e-12)


def test_two_kinds_of_regions_sharing_one_industry_in_closed_form():
    """Three regions in a chain: the middle one has ECI 0, the ends ±√(3/2)."""
    m = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0, 1.0]])
    result = complexity(m)
    np.testing.assert_allclose(np.abs(result.eci), [np.sqrt(1.5), 0, np.sqrt(1.5)], atol=1e-12)


def test_the_eci_of_a_region_is_the_mean_pci_of_what_it_has(m):
    result = complexity(m)
    np.testing.assert_allclose(result.eci, (m @ result.pci) / m.sum(axis=1), atol=1e-12)


def test_eci_has_mean_zero_and_variance_one(m):
    eci = complexity(m).eci
    assert (eci.mean(), eci.std()) == (pytest.approx(0, abs=1e-12), pytest.approx(1))


def test_eci_rises_with_diversity(m):
    assert np.corrcoef(complexity(m).eci, diversity(m))[0, 1] > 0


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_complexity_goes_with_its_region_and_industry(m, random):
    rows, columns = random.sample(range(40), 40), random.sample(range(25), 25)
    moved, still = complexity(m[rows][:, columns]), complexity(m)
    np.testing.assert_allclose(moved.eci, still.eci[rows], atol=1e-9)
    np.testing.assert_allclose(moved.pci, still.pci[columns], atol=1e-9)


def test_the_same_table_gives_the_same_bytes(m):
    assert complexity(m).eci.tobytes() == complexity(m).eci.tobytes()


@pytest.mark.parametrize("filling", [0.0, np.nan])
def test_a_region_and_an_industry_without_presence_are_left_out(m, filling):
    wider = np.full((41, 26), filling)
    wider[:40, :25] = m
    result = complexity(wider)
    assert np.isnan([result.eci[40], result.pci[25]]).all()
    np.testing.assert_allclose(result.eci[:40], complexity(m).eci, atol=1e-9)


def test_a_region_known_for_the_smaller_part_is_left_out(m):
    holed = m.copy()
    holed[3, :13] = np.nan
    assert np.isnan(complexity(holed).eci[3])
    assert np.isnan(fitness(holed).fitness[3])


def test_a_table_that_falls_apart_has_no_complexity():
    apart = np.kron(np.eye(2), np.ones((3, 3)))
    apart[0, 0] = apart[4, 4] = 0.0
    assert np.isnan(complexity(apart).eci).all()


@pytest.mark.parametrize("empty", [np.zeros((4, 3)), np.full((4, 3), np.nan), np.zeros((0, 0))])
def test_an_empty_table_has_no_complexity(empty):
    assert np.isnan(complexity(empty).eci).all()
    assert np.isnan(fitness(empty).fitness).all()


def test_two_by_two_fitness_in_closed_form():
    """A diverse region and one with the common industry: Q₁/Q₂ = 1 + F₁/F₂ at every step."""
    result = fitness(np.array([[1.0, 1.0], [0.0, 1.0]]), most=50, tolerance=0)
    f, q = result.fitness, result.complexity
    assert f.mean() == pytest.approx(1) and q.mean() == pytest.approx(1)
    assert q[0] / q[1] == pytest.approx((1 / f[0] + 1 / f[1]) / (1 / f[0]), rel=1e-12)


def test_outlook_gain_of_a_missing_cell_is_missing(m):
    holed = m.copy()
    holed[2, 5] = np.nan
    gain = outlook_gain(holed, proximity(holed), complexity(holed).pci)
    assert np.isnan(gain[2, 5]) and np.isnan(gain).sum() == 1


def test_long_frames_of_regions_and_industries(amounts):
    cells = [(f"r{r:02d}", f"s{s:02d}") for r in range(40) for s in range(25)]
    frame = pl.DataFrame(cells, schema=["region", "industry"], orient="row").with_columns(
        pl.Series("output", amounts.ravel())
    )
    regions, industries = region_complexity(frame, "output"), industry_complexity(frame, "output")
    assert regions.columns == ["region", "diversity", "eci", "fitness", "outlook"]
    assert industries.columns == ["industry", "ubiquity", "pci", "complexity"]
    assert (regions.height, industries.height) == (40, 25)
