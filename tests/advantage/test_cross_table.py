import numpy as np
import polars as pl
import pytest

from yanzhen.advantage.cross_table import cross_table, long_frame


@pytest.fixture
def frame():
    return pl.DataFrame(
        {
            "region": ["B", "A", "B", "A"],
            "industry": ["y", "y", "x", "x"],
            "output": [4.0, None, 0.0, 1.0],
        }
    )


def test_codes_are_sorted_and_null_is_nan(frame):
    table = cross_table(frame, "output")
    assert (table.regions, table.industries) == (("A", "B"), ("x", "y"))
    np.testing.assert_array_equal(table.values, [[1.0, np.nan], [0.0, 4.0]])


def test_a_row_that_is_not_there_is_missing_and_not_zero(frame):
    table = cross_table(frame.filter(pl.col("region") != "B"), "output", regions=["B", "A"])
    np.testing.assert_array_equal(table.values, [[np.nan, np.nan], [1.0, np.nan]])


def test_given_codes_fix_the_order_and_drop_the_rest(frame):
    table = cross_table(frame, "output", regions=["B"], industries=["y", "z"])
    np.testing.assert_array_equal(table.values, [[4.0, np.nan]])


def test_a_repeated_cell_is_refused(frame):
    with pytest.raises(ValueError, match="region A, industry x with 2"):
        cross_table(pl.concat([frame, frame]), "output")


def test_the_long_frame_comes_back(frame):
    table = cross_table(frame, "output")
    back = long_frame(table.regions, table.industries, {"output": table.values})
    assert back.equals(frame.sort("region", "industry"))


def test_an_empty_frame_is_an_empty_table(frame):
    table = cross_table(frame.clear(), "output")
    assert table.values.shape == (0, 0)
    assert long_frame((), (), {"output": table.values}).height == 0
