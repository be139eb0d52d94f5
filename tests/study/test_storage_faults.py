"""Errors of libraries that write files, by the system's own words."""

import errno
import os

import duckdb
import polars as pl
import pytest
from xlsxwriter.exceptions import FileCreateError

from yanzhen.study.storage_faults import is_full, storage_fault

ENOSPC, EACCES = (OSError(number, os.strerror(number)) for number in (errno.ENOSPC, errno.EACCES))


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (ENOSPC, True),
        (EACCES, False),
        (FileCreateError(ENOSPC), True),
        (FileCreateError(EACCES), False),
        (pl.exceptions.ComputeError(f"parquet: {ENOSPC.strerror} (os error 28)"), True),
        (pl.exceptions.ComputeError("parquet: Permission denied (os error 13)"), False),
        (duckdb.IOException('Could not write file "x": No space left on device'), True),
        (duckdb.IOException('Could not write file "x": Permission denied'), False),
    ],
)
def test_what_the_system_said_is_found(error: Exception, full: bool) -> None:
    fault = storage_fault(error)
    assert fault is not None
    assert is_full(fault) is full


@pytest.mark.parametrize(
    "error", [ValueError("os error 28"), pl.exceptions.ComputeError("no column x"), KeyError("x")]
)
def test_other_errors_are_none_of_storage(error: Exception) -> None:
    assert storage_fault(error) is None
