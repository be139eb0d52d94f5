"""Completion of missing cells: what it fills, with what, and how its error is measured."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.accounts.alike import statuses
from tests.study.small import complete as with_columns_of
from tests.study.small import small
from yanzhen.accounts.completion import complete, completed, filled, national_totals, poisson_fit
from yanzhen.accounts.panel import Booleans, Floats, Panel, base_year, output_panel
from yanzhen.study import Study

NAN = np.nan


def without_groups(output: Floats) -> tuple[Booleans, Floats]:
    return np.zeros((0, len(output)), dtype=bool), np.zeros((0, *output.shape[1:]))


def panel(output: list[list[list[float]]], totals: list[list[float]]) -> Panel:
    cells = np.array(output)
    return Panel(
        tuple(f"r{n}" for n in range(cells.shape[0])),
        tuple(f"i{s}" for s in range(cells.shape[1])),
        tuple(2010 + t for t in range(cells.shape[2])),
        cells,
        np.array(totals),
        statuses(cells),
        *without_groups(cells),
    )


def test_a_missing_cell_is_what_the_total_leaves() -> None:
    output = np.array([[[10.0], [5.0]], [[20.0], [6.0]], [[NAN], [4.0]]])
    assert filled(output, np.array([[37.0], [15.0]]))[2, 0, 0] == pytest.approx(7.0)


def test_a_region_of_which_nothing_is_known_stays_missing() -> None:
    found = filled(np.array([[[10.0]], [[20.0]], [[NAN]]]), np.array([[37.0]]))
    assert np.isnan(found[2, 0, 0])


def test_missing_cells_share_what_is_left_by_their_nearest_year() -> None:
    output = np.array([[[10.0, 20.0]], [[4.0, NAN]], [[12.0, NAN]]])
    found = filled(output, np.array([[26.0, 52.0]]))
    np.testing.assert_allclose(found[1:, 0, 1], [8.0, 24.0])


def test_observed_cells_are_never_changed() -> None:
    output = np.array([[[10.0, 20.0]], [[4.0, NAN]]])
    found = filled(output, np.array([[14.0, 99.0]]))
    observed = np.isfinite(output)
    np.testing.assert_array_equal(found[observed], output[observed])


def test_where_nothing_is_left_cells_stay_missing() -> None:
    found = filled(np.array([[[10.0]], [[20.0]], [[NAN]]]), np.array([[30.0]]))
    assert np.isnan(found[2, 0, 0])


def test_a_year_without_total_takes_the_nearest_by_balanced_growth() -> None:
    own = panel([[[10.0, 15.0]], [[30.0, 45.0]], [[NAN, 40.0]]], [[NAN, 100.0]])
    assert national_totals(own)[0, 0] == pytest.approx(100 * 40 / 60)


def test_poisson_fit_meets_the_margins_of_the_observed_cells() -> None:
    rng = np.random.default_rng(0)
    output = rng.lognormal(size=(6, 3, 2))
    output[rng.random(output.shape) < 0.3] = NAN
    fit, observed = poisson_fit(output), np.isfinite(output)
    value, model = np.where(observed, output, 0.0), np.where(observed, fit, 0.0)
    np.testing.assert_allclose(model.sum(axis=0), value.sum(axis=0), rtol=1e-8)
    np.testing.assert_allclose(model.sum(axis=(1, 2)), value.sum(axis=(1, 2)), rtol=1e-8)


def test_poisson_fit_recovers_a_multiplicative_table() -> None:
    truth = np.einsum("n,st->nst", [1.0, 2.0, 5.0], [[3.0, 4.0], [7.0, 1.0]])
    holed = truth.copy()
    holed[1, 0, 1] = NAN
    np.testing.assert_allclose(poisson_fit(holed), truth, rtol=1e-9)


def test_a_multiplicative_panel_is_completed_without_error() -> None:
    truth = np.einsum("n,s,t->nst", [1.0, 2.0, 5.0, 3.0], [3.0, 7.0], [1.0, 1.5])
    labels = ("a", "b", "c", "d"), ("x", "y"), (2010, 2015)
    own = Panel(*labels, truth, truth.sum(axis=0), statuses(truth), *without_groups(truth))
    error = complete(own, seed=1).hold_out.row(0, named=True)
    assert error["cells"] == truth.size
    assert error["weighted_error"] == pytest.approx(0, abs=1e-8)


def test_every_completed_cell_is_marked_estimated() -> None:
    own = panel([[[10.0, 20.0]], [[4.0, NAN]]], [[14.0, 30.0]])
    cells = complete(own, seed=1).cells
    estimated = cells.filter(pl.col("output_status") == "estimated")
    assert estimated.select("region", "industry", "year").rows() == [("r1", "i0", 2011)]


def test_completeness_counts_every_cell_once() -> None:
    own = panel([[[10.0, 20.0]], [[4.0, NAN]]], [[14.0, 20.0]])
    counts = complete(own, seed=1).completeness.sort("year")
    assert counts["observed"].to_list() == [2, 1]
    assert counts["missing"].to_list() == [0, 1]
    assert counts["total_basis"].to_list() == ["national table", "national table"]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([1e-3, 1e4]))
def test_completion_does_not_depend_on_the_unit(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    output = rng.lognormal(size=(5, 2, 2))
    totals = output.sum(axis=0) * 1.2
    output[rng.random(output.shape) < 0.3] = NAN
    labels = tuple("abcde"), ("x", "y"), (2010, 2015)
    own = Panel(*labels, output, totals, statuses(output), *without_groups(output))
    scaled = replace(own, output=output * scale, totals=totals * scale)
    np.testing.assert_allclose(
        complete(scaled, 1).output, complete(own, 1).output * scale, rtol=1e-9
    )


def test_a_figure_that_its_maker_estimated_stays_estimated_and_is_not_tested_on() -> None:
    """A number is no observation: its own cell says what it is."""
    output = np.array([[[10.0], [5.0]], [[20.0], [6.0]], [[7.0], [4.0]]])
    given = statuses(output)
    given[2, 0, 0] = "estimated"
    own = replace(panel(output.tolist(), [[37.0], [15.0]]), status=given)
    done = complete(own, seed=1)
    rows = done.cells.select("region", "industry", "output_status").rows()
    told = {(region, industry): status for region, industry, status in rows}
    assert told["r2", "i0"] == "estimated" and told["r1", "i0"] == "observed"
    row = done.completeness.filter(industry="i0").row(0, named=True)
    assert (row["observed"], row["estimated"], row["missing"]) == (2, 1, 0)
    assert done.hold_out.row(0, named=True)["cells"] <= 5


def provinces(order: tuple[str, str], totals: dict[str, float]) -> Study:
    """Two provinces of two cities each, one city of each not known in the last year."""
    study = small()
    regions = pl.DataFrame(
        {
            "region": [*order, "A1", "A2", "B1", "B2"],
            "name_zh": ["合成"] * 6,
            "name_en": ["SYNTHETIC"] * 6,
            "parent": [None, None, "A", "A", "B", "B"],
        }
    )
    before = {"A1": 90.0, "A2": 180.0, "B1": 900.0, "B2": 1800.0}
    now = {"A1": 100.0, "A2": None, "B1": 1000.0, "B2": None, **totals}
    rows = [
        {"region": region, "industry": "13", "year": year, "output": value}
        for year, figures in ((2012, before), (2017, now))
        for region, value in figures.items()
    ]
    tables = {
        "regions": with_columns_of("regions", regions),
        "activity": with_columns_of("activity", pl.DataFrame(rows)),
    }
    return replace(study, tables={**study.tables, **tables})


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_what_is_missing_is_what_its_own_province_leaves(order: tuple[str, str]) -> None:
    own = output_panel(provinces(order, {"A": 300.0, "B": 3000.0}))
    output = completed(own)
    at = own.industries.index("13")
    assert output[own.regions.index("A2"), at, -1] == pytest.approx(200.0)
    assert output[own.regions.index("B2"), at, -1] == pytest.approx(2000.0)
    assert own.totals[at, -1] == pytest.approx(3300.0)


def test_a_province_without_a_total_leaves_the_nation_unknown_and_the_other_complete() -> None:
    own = output_panel(provinces(("A", "B"), {"A": 300.0}))
    output = completed(own)
    at = own.industries.index("13")
    assert np.isnan(own.totals[at, -1])
    assert output[own.regions.index("A2"), at, -1] == pytest.approx(200.0)
    assert np.isnan(output[own.regions.index("B2"), at, -1])


def test_the_base_year_is_the_last_with_output_that_may_move() -> None:
    study = small()
    later = (
        study.tables["activity"]
        .filter(industry="30", year=2017)
        .with_columns(year=pl.lit(2020, pl.Int64))
    )
    activity = pl.concat([study.tables["activity"], later])
    assert base_year(replace(study, tables={**study.tables, "activity": activity})) == 2017


def test_a_province_whose_total_leaves_no_room_takes_none_from_the_nation() -> None:
    """A's own total is used up by A1: A2 stays missing, and what the nation leaves is B2's."""
    output = np.array([[[100.0]], [[NAN]], [[50.0]], [[NAN]]])
    output = np.concatenate([np.array([[[80.0]], [[10.0]], [[40.0]], [[60.0]]]), output], axis=2)
    member = np.array([[True, True, False, False], [False, False, True, True]])
    totals = np.array([[[NAN, 100.0]], [[NAN, NAN]]])
    done = filled(output, np.array([[NAN, 250.0]]), member, totals)
    assert np.isnan(done[1, 0, 1])
    assert done[3, 0, 1] == pytest.approx(100.0)
