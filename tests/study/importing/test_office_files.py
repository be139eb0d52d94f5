"""Files of every kind that offices keep go in without an edit and come back as they were made."""

from collections.abc import Callable
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from tests.study.importing.office_cells import OfficeFile
from tests.study.importing.office_files import OFFICE_FILES
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.understanding import understood

KEYS = {
    "activity": ["region", "industry", "year"],
    "indicators": ["region", "year", "indicator"],
    "enterprises": ["enterprise"],
    "sites": ["site"],
    "intensities": ["industry", "resource"],
    "resources": ["place", "resource"],
    "input_output": ["supplier_region", "supplier", "user_region", "user"],
}


@pytest.mark.parametrize("make", OFFICE_FILES, ids=lambda make: make.__name__)
def test_a_file_comes_back_as_the_frames_that_it_was_made_of(
    make: Callable[[Path], OfficeFile], tmp_path: Path
) -> None:
    made = make(tmp_path)
    found = understood([made.path], tmp_path / "study", Mapped())
    assert [str(problem) for problem in found.problems] == []
    for table, frame in made.tables.items():
        key = KEYS[table]
        expected = frame.cast({name: found.tables[table].schema[name] for name in frame.columns})
        read = found.tables[table].select(frame.columns)
        assert_frame_equal(read.sort(key), expected.sort(key), rel_tol=1e-12)
