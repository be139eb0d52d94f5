"""Files that could not be read or written, by whichever library."""

import errno
import os
import re
import sys

import polars as pl
from xlsxwriter.exceptions import FileCreateError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Of errors of a system whose disk, or whose share of it, is full."""
_OF_THE_SYSTEM = re.compile(r"\(os error (\d+)\)")


def storage_fault(error: BaseException) -> OSError | None:
    """The system's error behind one of a library that reads or writes files, if there is one.

    XlsxWriter, Polars and DuckDB wrap what the system says in errors of their own, so that a full
    disk would be taken for a fault of the program.
    """
    if isinstance(error, OSError):
        return error
    if isinstance(error, FileCreateError) and error.args and isinstance(error.args[0], OSError):
        return error.args[0]
    if isinstance(error, pl.exceptions.PolarsError):
        told = _OF_THE_SYSTEM.search(str(error))
        number = int(told[1]) if told else 0
        return OSError(number, os.strerror(number)) if number else None
    # Of a library that need not be installed, and isn't loaded for this.
    duckdb = sys.modules.get("duckdb")
    if duckdb is not None and isinstance(error, duckdb.IOException):
        return OSError(str(error))
    return None


def is_full(fault: OSError) -> bool:
    """Whether there is no room left to write to."""
    return fault.errno in FULL or "No space left" in str(fault)
