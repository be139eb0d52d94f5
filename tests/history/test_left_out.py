"""Industries that a comparison of shares leaves out are named, each with its reason."""

import numpy as np

from yanzhen.history.left_out import industries_left_out


def test_each_reason_is_told_with_the_cells_that_it_leaves_out() -> None:
    industries = ("kept", "no_total", "elsewhere", "missing", "alone", "zero")
    present = np.ones((3, 6), dtype=bool)
    present[:, 3] = False
    foretold = np.ones((3, 6))
    foretold[:, 1:3] = np.nan
    foretold[1:, 4] = np.nan
    totals = np.array([1.0, np.nan, 1.0, 1.0, 1.0, 1.0])
    kept = np.array([True, False, False, False, False, False])
    found = industries_left_out(industries, present, foretold, kept, totals)
    assert found.rows() == [
        ("no_total", 3, "no_total"),
        ("elsewhere", 3, "not_foretold"),
        ("missing", 0, "missing"),
        ("alone", 3, "one_region"),
        ("zero", 3, "no_output"),
    ]
