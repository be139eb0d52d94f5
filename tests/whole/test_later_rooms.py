"""What `check` passes runs through the later rooms too, and what comes of it adds up."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.whole.drawn_rooms import studies_of_later_rooms
from tests.whole.drawn_study import DrawnStudy, write_drawn
from tests.whole.later_way import later_way

STUDIES = 25
"""The same ones in every run; benchmarks/drawn_studies.py --rooms draws any number."""


def test_what_check_passes_runs_through_the_later_rooms_and_adds_up() -> None:
    taken = 0

    @seed(4)
    @settings(
        max_examples=STUDIES,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(studies_of_later_rooms(), st.sampled_from([False, False, False, True]))
    def runs_and_adds_up(drawn: DrawnStudy, reported: bool) -> None:
        nonlocal taken
        with tempfile.TemporaryDirectory() as folder:
            study = write_drawn(drawn, Path(folder) / "study")
            way = later_way(study, Path(folder) if reported else None)
        taken += way.passed
        assert way.faults == ()

    runs_and_adds_up()
    assert taken > STUDIES / 2
