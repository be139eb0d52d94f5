"""What `check` passes runs through every command, and every table that comes of it adds up."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from tests.whole.drawn_study import DrawnStudy, drawn_studies, write_drawn
from tests.whole.whole_way import whole_way

STUDIES = 200


@settings(max_examples=STUDIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn_studies())
def test_what_check_passes_runs_through_every_command_and_adds_up(drawn: DrawnStudy) -> None:
    with tempfile.TemporaryDirectory() as folder:
        study = write_drawn(drawn, Path(folder) / "study")
        assert whole_way(study, Path(folder)).faults == ()
