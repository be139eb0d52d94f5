import numpy as np
import pytest

from yanzhen.accounts.input_output import long_table, multiregional_table, technical_coefficients
from yanzhen.accounts.multiregional import (
    Technology,
    gravity_fit,
    gravity_table,
    nation_of,
    national_technology,
)


@pytest.fixture(scope="module")
def nation(two_regions):
    return nation_of(two_regions, "N")


@pytest.fixture(scope="module")
def estimated(nation, two_regions):
    weight = np.array([[1.0, 0.3], [0.3, 1.0]])
    output = two_regions.output.reshape(2, 3)
    return gravity_table(nation, ("A", "B"), output, np.array([2.0, 1.0]), weight)


def test_the_nation_adds_up(nation, two_regions):
    assert nation.output.sum() == pytest.approx(two_regions.output.sum())
    assert nation.value_added.sum() == pytest.approx(two_regions.value_added.sum())
    np.testing.assert_allclose(
        nation.domestic.sum(axis=1) + nation.final_domestic.sum(axis=1), nation.output
    )


def test_the_estimated_table_balances(estimated):
    """Reading it back from its rows checks every sector's row against its column."""
    again = multiregional_table(long_table(estimated), estimated.year)
    np.testing.assert_allclose(again.output, estimated.output, rtol=1e-8)


def test_the_estimated_table_adds_up_to_the_nation(estimated, nation):
    back = nation_of(estimated, "N")
    for name in ("domestic", "imported", "final_domestic", "final_imported", "value_added"):
        np.testing.assert_allclose(getattr(back, name), getattr(nation, name), rtol=1e-7, atol=1e-7)


def test_the_estimated_table_says_so(estimated):
    assert estimated.status == "estimated"
    assert set(long_table(estimated)["status"]) == {"estimated"}


def test_every_region_has_the_nations_technology(estimated, nation):
    a = technical_coefficients(estimated.domestic, estimated.output)
    inputs = a.reshape(2, 3, 6).sum(axis=0)
    expected = technical_coefficients(nation.domestic, nation.output)
    np.testing.assert_allclose(inputs, np.hstack([expected, expected]), rtol=1e-8)


def test_exports_are_booked_where_the_product_is_made(estimated):
    exports = [k for k, use in enumerate(estimated.final_uses) if use == "exports"]
    foreign = estimated.final_domestic[:, exports].reshape(2, 3, 2)
    assert (foreign[0, :, 1] == 0).all() and (foreign[1, :, 0] == 0).all()


def test_nearer_regions_trade_more(nation, two_regions):
    output, size = two_regions.output.reshape(2, 3), np.array([1.0, 1.0])
    home = [
        gravity_table(nation, ("A", "B"), output, size, np.array([[1.0, w], [w, 1.0]]))
        .domestic[:3, :3]
        .sum()
        for w in (1.0, 0.1)
    ]
    assert home[1] > home[0]


def test_regions_with_their_own_inputs_keep_them_and_add_up(nation, two_regions):
    output = two_regions.output.reshape(2, 3)
    usual = national_technology(nation, 2)
    shift = np.array([[0.02, -0.02, 0.0]] * 3) / output[0]
    own = Technology(
        usual.domestic + np.stack([shift, -shift * output[0] / output[1]]),
        usual.imported,
        usual.value_added
        + np.stack([-shift.sum(axis=0), shift.sum(axis=0) * output[0] / output[1]])[:, None] / 2,
    )
    found = gravity_table(
        nation, ("A", "B"), output, np.ones(2), np.array([[1.0, 0.3], [0.3, 1.0]]), own
    )
    inputs = technical_coefficients(found.domestic, found.output).reshape(2, 3, 6).sum(axis=0)
    np.testing.assert_allclose(inputs, np.hstack(list(own.domestic)), rtol=1e-8)
    again = multiregional_table(long_table(found), found.year)
    np.testing.assert_allclose(again.output, found.output, rtol=1e-8)


def test_trade_is_found_again_from_the_share_that_regions_supply_themselves(
    nation, two_regions, estimated
):
    """Between two regions, their own shares and both sums say all."""
    bought = estimated.domestic.reshape(2, 3, 2, 3).sum(axis=3) + np.stack(
        [
            np.where(
                np.isin(estimated.final_uses, ("exports", "statistical_error"))
                | (estimated.final_domestic < 0),
                0.0,
                estimated.final_domestic,
            )[:, [k for k, name in enumerate(estimated.final_regions) if name == region]].sum(
                axis=1
            )
            for region in ("A", "B")
        ],
        axis=-1,
    ).reshape(2, 3, 2)
    own = np.stack([bought[r, :, r] / bought[:, :, r].sum(axis=0) for r in range(2)])
    output = two_regions.output.reshape(2, 3)
    again = gravity_table(
        nation, ("A", "B"), output, np.array([2.0, 1.0]), np.ones((2, 2)), None, own
    )
    np.testing.assert_allclose(again.domestic, estimated.domestic, rtol=1e-6)


def test_output_that_does_not_add_up_is_refused(nation, two_regions):
    output = 2 * two_regions.output.reshape(2, 3)
    with pytest.raises(ValueError, match="3 sectors does not add up to the nation's, the first x"):
        gravity_table(nation, ("A", "B"), output, np.ones(2), np.ones((2, 2)))


def test_missing_output_is_refused(nation, two_regions):
    output = two_regions.output.reshape(2, 3).copy()
    output[0, 0] = np.nan
    with pytest.raises(ValueError, match="missing or negative"):
        gravity_table(nation, ("A", "B"), output, np.ones(2), np.ones((2, 2)))


def test_the_true_distances_fit_the_known_world_better_than_none(world_table):
    """Nearness read from who trades with whom, against a world without distance."""
    size = np.ones(6)
    z = world_table.domestic.reshape(6, 8, 6, 8).sum(axis=(1, 3))
    trade = z * z.sum() / (z.sum(axis=1, keepdims=True) * z.sum(axis=0))
    known = gravity_fit(world_table, size, trade)
    blind = gravity_fit(world_table, size, np.ones((6, 6)))
    assert known.total_error < blind.total_error
    assert known.multiplier_error < 0.5
