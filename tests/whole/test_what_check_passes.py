"""What `check` passes runs through every command, and every table that comes of it adds up."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.whole.drawn_study import DrawnStudy, drawn_studies, write_drawn
from tests.whole.whole_way import whole_way

PARTS = 8
STUDIES = 25
"""Of each part, the same ones in every run; benchmarks/drawn_studies.py draws any number."""
REPORTED = st.sampled_from([False, False, False, False, True])
"""Pages, workbooks and files are written of every fifth."""


@pytest.mark.parametrize("part", range(PARTS))
def test_what_check_passes_runs_through_every_command_and_adds_up(part: int) -> None:
    taken = 0

    @seed(part)
    @settings(
        max_examples=STUDIES,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn_studies(), REPORTED)
    def runs_and_adds_up(drawn: DrawnStudy, reported: bool) -> None:
        nonlocal taken
        with tempfile.TemporaryDirectory() as folder:
            study = write_drawn(drawn, Path(folder) / "study")
            way = whole_way(study, Path(folder) if reported else None)
        taken += way.passed
        assert way.faults == ()

    runs_and_adds_up()
    assert taken > STUDIES / 2
