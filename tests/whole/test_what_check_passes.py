"""What `check` passes runs through every command, and every table that comes of it adds up."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.whole.drawn_study import DrawnStudy, drawn_studies, write_drawn
from tests.whole.whole_way import whole_way

STUDIES = 200
"""The same ones in every run; benchmarks/drawn_studies.py draws others, as many as asked for."""
REPORTED = st.sampled_from([False, False, False, False, True])
"""Pages, workbooks and files are written of every fifth."""


@settings(
    max_examples=STUDIES,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(drawn_studies(), REPORTED)
def test_what_check_passes_runs_through_every_command_and_adds_up(
    drawn: DrawnStudy, reported: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        study = write_drawn(drawn, Path(folder) / "study")
        assert whole_way(study, Path(folder) if reported else None).faults == ()
