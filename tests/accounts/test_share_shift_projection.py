"""Departures and room that the past would give."""

import numpy as np
import pytest

from tests.accounts.alike import statuses
from yanzhen.accounts.panel import Panel
from yanzhen.accounts.share_shift_projection import project_share_shifts


def two_regions(output: list[list[list[float]]], years: tuple[int, ...]) -> Panel:
    cells = np.array(output)
    nothing = np.full(cells.shape[1:], np.nan)
    groups = np.zeros((0, 2), dtype=bool), np.zeros((0, *cells.shape[1:]))
    return Panel(("a", "b"), ("x",), years, cells, nothing, statuses(cells), *groups)


def test_a_share_lost_is_a_share_gained() -> None:
    past = project_share_shifts(two_regions([[[60.0, 100.0]], [[40.0, 100.0]]], (2012, 2017)))
    assert past.losses[:, 0].tolist() == pytest.approx([20.0, 0.0])
    assert past.room_growth.tolist() == pytest.approx([0.0, 20.0])


def test_what_was_made_before_is_idle_room() -> None:
    panel = two_regions([[[50.0, 80.0, 100.0]], [[50.0, 20.0, 100.0]]], (2012, 2015, 2017))
    assert project_share_shifts(panel).room_idle.tolist() == pytest.approx([60.0, 0.0])


def test_a_cell_missing_in_one_year_counts_for_nothing() -> None:
    panel = two_regions([[[60.0, 100.0]], [[np.nan, 100.0]]], (2012, 2017))
    past = project_share_shifts(panel)
    assert past.losses.sum() == past.room_growth.sum() == 0
    assert past.balanced_cells.tolist() == [1.0]


def test_one_year_says_nothing() -> None:
    with pytest.raises(ValueError, match="two years"):
        project_share_shifts(two_regions([[[60.0]], [[40.0]]], (2017,)))
