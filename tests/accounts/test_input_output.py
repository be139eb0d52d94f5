import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yanzhen.accounts.input_output import (
    allocation_coefficients,
    ghosh_inverse,
    ghosh_inverse_by_column,
    is_productive,
    leontief_inverse,
    long_table,
    multiregional_table,
    national_table,
    technical_coefficients,
)


@pytest.fixture
def rows():
    """Two sectors: x = (100, 200); b imports 20."""
    nation = {"supplier_region": "N", "user_region": "N"}
    flows = [
        ("a", "a", "domestic", 10.0),
        ("a", "b", "domestic", 40.0),
        ("a", "consumption", "domestic", 50.0),
        ("b", "a", "domestic", 30.0),
        ("b", "b", "domestic", 60.0),
        ("b", "consumption", "domestic", 80.0),
        ("b", "exports", "domestic", 30.0),
        ("a", "b", "imported", 20.0),
        ("b", "consumption", "imported", 5.0),
        ("compensation", "a", "value_added", 60.0),
        ("compensation", "b", "value_added", 50.0),
        ("surplus", "b", "value_added", 30.0),
    ]
    return pl.DataFrame(
        [
            {"year": 2017, "supplier": s, "user": u, "origin": o, "value": v, **nation}
            for s, u, o, v in flows
        ]
    )


def systems(n=5):
    """Balanced systems with a positive value added in every sector."""
    cell = st.floats(0.0, 10.0)
    return st.tuples(
        st.lists(cell, min_size=n * n, max_size=n * n),
        st.lists(st.floats(0.1, 100.0), min_size=n, max_size=n),
    ).map(lambda t: (np.array(t[0]).reshape(n, n), np.array(t[1])))


def test_national_table_keeps_domestic_and_imported_flows_apart(rows):
    table = national_table(rows, 2017)
    assert table.sectors == ("a", "b")
    np.testing.assert_array_equal(table.domestic, [[10, 40], [30, 60]])
    np.testing.assert_array_equal(table.imported, [[0, 20], [0, 0]])
    np.testing.assert_array_equal(table.intermediate, [[10, 60], [30, 60]])


def test_national_table_orders_final_uses_and_value_added(rows):
    table = national_table(rows, 2017)
    assert table.final_uses == ("consumption", "exports")
    np.testing.assert_array_equal(table.final_domestic, [[50, 0], [80, 30]])
    np.testing.assert_array_equal(table.final_imported, [[0, 0], [5, 0]])
    assert table.value_added_items == ("compensation", "surplus")
    np.testing.assert_array_equal(table.value_added, [[60, 50], [0, 30]])
    np.testing.assert_array_equal(table.output, [100, 200])


def test_national_table_does_not_depend_on_the_order_of_rows(rows):
    shuffled = national_table(rows.sample(fraction=1.0, shuffle=True, seed=3), 2017)
    np.testing.assert_array_equal(shuffled.domestic, national_table(rows, 2017).domestic)


def test_a_flow_that_was_forgotten_is_found_by_the_balance(rows):
    with pytest.raises(ValueError, match="N/a sells 100 and uses 70"):
        national_table(rows.filter(~((pl.col("supplier") == "b") & (pl.col("user") == "a"))), 2017)


def test_a_missing_value_is_not_read_as_zero(rows):
    hole = rows.with_columns(
        value=pl.when(pl.col("value") == 40.0).then(None).otherwise(pl.col("value"))
    )
    with pytest.raises(ValueError, match="missing, the first from a to b"):
        national_table(hole, 2017)


def test_a_year_without_rows_names_the_years_that_have_some(rows):
    with pytest.raises(ValueError, match=r"no input-output rows of 2012; there are those"):
        national_table(rows, 2012)


def test_a_national_table_of_two_regions_is_refused(rows):
    second = rows.with_columns(supplier_region=pl.lit("M"), user_region=pl.lit("M"))
    with pytest.raises(ValueError, match="2 regions"):
        national_table(pl.concat([rows, second]), 2017)


def test_multiregional_table_stacks_the_regions(rows):
    second = rows.with_columns(supplier_region=pl.lit("M"), user_region=pl.lit("M"))
    table = multiregional_table(pl.concat([rows, second]), 2017)
    assert table.regions == ("M", "M", "N", "N")
    assert table.sectors == ("a", "b", "a", "b")
    np.testing.assert_array_equal(table.domestic, np.kron(np.eye(2), [[10, 40], [30, 60]]))


def test_two_by_two_leontief_inverse_in_closed_form():
    a = np.array([[0.1, 0.2], [0.3, 0.4]])
    determinant = 0.9 * 0.6 - 0.2 * 0.3
    np.testing.assert_allclose(
        leontief_inverse(a), np.array([[0.6, 0.2], [0.3, 0.9]]) / determinant, rtol=1e-14
    )


def test_coefficients_and_inverses_equal_pymrio(world):
    z, x = world.Z.to_numpy(), world.x.to_numpy().ravel()
    a, b = technical_coefficients(z, x), allocation_coefficients(z, x)
    np.testing.assert_allclose(a, world.A, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(b, world.B, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(leontief_inverse(a), world.L, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ghosh_inverse(b), world.G, rtol=1e-9, atol=1e-12)


def test_the_two_ghosh_conventions_are_each_others_transpose(world):
    b = world.B.to_numpy()
    np.testing.assert_array_equal(ghosh_inverse_by_column(b), ghosh_inverse(b).T)


@settings(max_examples=30, deadline=None)
@given(systems())
def test_leontief_and_ghosh_give_back_output(system):
    z, y = system
    x = z.sum(axis=1) + y
    value_added = x - z.sum(axis=0)
    if (value_added <= 0).any():
        z = z * 0.5 * (x / np.maximum(z.sum(axis=0), 1e-9)).min()
        x = z.sum(axis=1) + y
        value_added = x - z.sum(axis=0)
    assert np.allclose(leontief_inverse(technical_coefficients(z, x)) @ y, x, rtol=1e-9)
    assert np.allclose(value_added @ ghosh_inverse(allocation_coefficients(z, x)), x, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(systems())
def test_coefficients_to_totals_to_coefficients(system):
    z, y = system
    x = z.sum(axis=1) + y
    a = technical_coefficients(z, x)
    np.testing.assert_allclose(technical_coefficients(a * x, x), a, rtol=1e-12, atol=1e-300)


def test_a_sector_without_output_and_flows_has_coefficients_of_zero():
    z = np.array([[1.0, 0.0], [0.0, 0.0]])
    x = np.array([2.0, 0.0])
    np.testing.assert_array_equal(technical_coefficients(z, x), [[0.5, 0.0], [0.0, 0.0]])
    np.testing.assert_array_equal(allocation_coefficients(z, x), [[0.5, 0.0], [0.0, 0.0]])


def test_inputs_without_output_are_refused():
    z, x = np.array([[1.0, 3.0], [0.0, 0.0]]), np.array([2.0, 0.0])
    with pytest.raises(ValueError, match="position 1 has inputs but no output"):
        technical_coefficients(z, x)


def test_sales_without_output_are_refused():
    z, x = np.array([[1.0, 0.0], [3.0, 0.0]]), np.array([2.0, 0.0])
    with pytest.raises(ValueError, match="position 1 has sales but no output"):
        allocation_coefficients(z, x)


@pytest.mark.parametrize(
    ("a", "message"),
    [
        (np.array([[0.5, 0.5], [0.5, 0.5]]), "singular"),
        (np.array([[1.5, 0.0], [0.0, 0.5]]), "use up more"),
    ],
)
def test_an_unproductive_economy_is_refused(a, message):
    with pytest.raises(ValueError, match=message):
        leontief_inverse(a)


def test_a_table_comes_back_from_its_rows(two_regions):
    again = multiregional_table(long_table(two_regions), 2017)
    for name in ("domestic", "imported", "final_domestic", "final_imported", "value_added"):
        np.testing.assert_allclose(getattr(again, name), getattr(two_regions, name))
    assert again.final_uses == two_regions.final_uses


def test_a_table_is_as_sure_as_its_least_sure_cell(rows):
    assert national_table(rows, 2017).status == "observed"
    mixed = rows.with_columns(
        status=pl.when(pl.col("value") == 40.0).then(pl.lit("estimated")).otherwise(None)
    )
    assert national_table(mixed, 2017).status == "estimated"


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10**6), st.floats(0.2, 3.0))
def test_productive_is_a_spectral_radius_below_one(size: int, seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    a = rng.uniform(0, 1, (size, size)) * (rng.random((size, size)) < 0.7) * scale / size
    radius = np.abs(np.linalg.eigvals(a)).max()
    if abs(radius - 1) > 1e-6:
        assert is_productive(a, rng.uniform(1, 2, size)) == (radius < 1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
@example(253)  # LU in place leaves −3e-8 where a sector that buys nothing has a zero.
def test_the_inverse_holds_where_outputs_differ_by_many_orders(seed: int) -> None:
    """(D⁻¹ (I − A) D)⁻¹ = D⁻¹ (I − A)⁻¹ D, whatever the sizes D."""
    rng = np.random.default_rng(seed)
    a = rng.random((16, 16)) * (rng.random((16, 16)) < 0.6) * 0.9 / 16
    a[:, rng.integers(0, 16, 3)] = 0
    size = 10.0 ** rng.uniform(-14, 0, 16)
    found = leontief_inverse(a * size / size[:, None])
    assert (found >= -1e-9).all()
    expected = np.linalg.inv(np.eye(16) - a)
    np.testing.assert_allclose(found * size[:, None] / size, expected, rtol=1e-8, atol=1e-8)


def test_sectors_that_use_up_more_than_they_make_are_refused() -> None:
    with pytest.raises(ValueError, match="more than they make"):
        leontief_inverse(np.array([[0.5, 0.9], [0.9, 0.5]]))
