import numpy as np
import pytest

from yanzhen.advantage.pressure import pressure_to_leave

REGIONS, INDUSTRIES = ["A", "B", "C"], ["x"]
PRESENT = np.array([[5.0], [5.0], [5.0]])
COST = np.array([[3.0], [2.0], [1.0]])
LOST = np.array([[0.2], [0.3], [0.1]])


def rows(**reasons):
    frame = pressure_to_leave(REGIONS, INDUSTRIES, PRESENT, reasons)
    return {row["region"]: row for row in frame.iter_rows(named=True)}


def test_the_pressure_is_the_mean_place_over_the_reasons():
    found = rows(cost=COST, lost=LOST)
    assert found["A"]["pressure"] == pytest.approx((1 + 0.5) / 2)
    assert found["C"]["pressure"] == 0.0


def test_the_interval_is_as_wide_as_the_reasons_disagree():
    found = rows(cost=COST, lost=LOST)
    assert (found["C"]["pressure_low"], found["C"]["pressure_high"]) == (0.0, 0.0)
    assert found["A"]["pressure_low"] == pytest.approx(0.525, abs=0.01)
    assert found["A"]["pressure_high"] == pytest.approx(0.975, abs=0.01)


def test_a_region_of_which_too_little_is_known_has_no_pressure_and_comes_last():
    lost = LOST.copy()
    lost[0] = np.nan
    frame = pressure_to_leave(REGIONS, INDUSTRIES, PRESENT, {"cost": COST, "lost": lost})
    last = frame.row(-1, named=True)
    assert (last["region"], last["pressure"], last["known"], last["cost"]) == ("A", None, 1, 3.0)


@pytest.mark.parametrize("nothing", [0.0, np.nan])
def test_where_nothing_is_nothing_can_leave(nothing):
    present = np.array([[5.0], [5.0], [nothing]])
    frame = pressure_to_leave(REGIONS, INDUSTRIES, present, {"cost": COST, "lost": LOST})
    assert set(frame["region"]) == {"A", "B"}
    assert frame.filter(region="B")["cost_percentile"].item() == 0.0


def test_the_unit_of_a_reason_does_not_matter():
    assert (
        rows(cost=COST, lost=LOST)["B"]["pressure"]
        == rows(cost=9 * COST, lost=LOST)["B"]["pressure"]
    )


def test_a_pressure_without_reasons_is_refused():
    with pytest.raises(ValueError, match="needs a reason"):
        rows()
