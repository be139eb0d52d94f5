"""Files read for a new study, and what they must hold."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.understanding import Understanding, understood

KEY = ("region", "industry", "year")


def read(*paths: Path, mapped: Mapped | None = None) -> Understanding:
    """Files understood for a new study, with nothing wrong."""
    found = understood(paths, paths[0].parent / "study", mapped or Mapped())
    assert [str(problem) for problem in found.problems] == []
    return found


def assert_holds(
    frame: pl.DataFrame, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    made = pl.DataFrame(rows, schema={name: frame.schema[name] for name in columns}, orient="row")
    assert_frame_equal(
        frame.select(columns).sort(columns[:3]), made.sort(columns[:3]), rel_tol=1e-12
    )
