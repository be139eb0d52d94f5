from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import rankdata

from yanzhen.advantage.complexity import ubiquity
from yanzhen.advantage.cross_table import cross_table
from yanzhen.advantage.entry import entries, entry
from yanzhen.advantage.relatedness import proximity, relatedness_density
from yanzhen.advantage.specialisation import location_quotient, presence

PANEL = (
    Path(__file__).parents[3] / "shared/data/us-commuting-zones/employment_shares_1980_1990.parquet"
)


def test_each_change_is_of_one_kind():
    before = np.array([0.2, 0.2, 0.7, 1.5, 1.5, 1.5, np.nan, 0.2])
    after = np.array([1.0, 0.9, 1.0, 0.4, 0.6, 1.0, 1.0, np.nan])
    found = entry(before, after)
    np.testing.assert_array_equal(np.flatnonzero(found.could_enter), [0, 1])
    np.testing.assert_array_equal(np.flatnonzero(found.entered), [0])
    np.testing.assert_array_equal(np.flatnonzero(found.could_leave), [3, 4, 5])
    np.testing.assert_array_equal(np.flatnonzero(found.left), [3])


def test_bounds_that_overlap_are_refused():
    with pytest.raises(ValueError, match="overlap"):
        entry(np.ones(1), np.ones(1), absent=1.2, present=1.0)


def test_with_one_bound_entry_and_exit_equal_econcomplex(amounts, econcomplex):
    later = amounts[::-1]
    found = entry(location_quotient(amounts), location_quotient(later), absent=1.0)
    np.testing.assert_array_equal(found.entered, econcomplex.entry([amounts, later]) == 1)
    np.testing.assert_array_equal(found.left, econcomplex.exit([amounts, later]) == 1)


def test_entries_of_a_long_frame_name_the_change():
    frame = pl.DataFrame(
        {
            "region": ["A", "A", "B", "B"] * 2,
            "industry": ["x", "y"] * 4,
            "year": [2012] * 4 + [2017] * 4,
            "output": [1.0, 99.0, 60.0, 40.0, 60.0, 40.0, None, 100.0],
        }
    )
    result = entries(frame, "output", 2012, 2017)
    changes = dict(
        zip(zip(result["region"], result["industry"], strict=True), result["change"], strict=True)
    )
    assert changes[("A", "x")] == "entered"
    assert changes[("B", "x")] is None


@pytest.fixture(scope="module")
def zones():
    if not PANEL.exists():
        pytest.skip("the panel of US commuting zones is not beside the repository")
    frame = pl.read_parquet(PANEL).with_columns(
        jobs=pl.col("employment_share") * pl.col("population")
    )
    return [
        location_quotient(cross_table(frame.filter(pl.col("year") == year), "jobs").values)
        for year in (1980, 1990)
    ]


def area_under_the_curve(score, happened):
    ranks, positive = rankdata(score), happened.sum()
    below = ranks[happened].sum() - positive * (positive + 1) / 2
    return below / (positive * (len(score) - positive))


def test_entries_of_the_us_panel_come_out(zones):
    found = entry(*zones)
    assert (found.could_enter.sum(), found.entered.sum()) == (69_849, 6_903)


def test_relatedness_and_ubiquity_foretell_entry_in_the_us_panel(zones):
    found, m = entry(*zones), presence(zones[0])
    candidates = found.could_enter
    entered = found.entered[candidates]
    density = relatedness_density(m, proximity(m))[candidates]
    common = np.broadcast_to(ubiquity(m), m.shape)[candidates]
    assert area_under_the_curve(density, entered) == pytest.approx(0.68, abs=0.01)
    assert area_under_the_curve(common, entered) == pytest.approx(0.69, abs=0.01)
    assert area_under_the_curve(zones[0][candidates], entered) == pytest.approx(0.56, abs=0.01)
