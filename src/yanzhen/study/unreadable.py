"""What libraries raise of files that they cannot read, gathered in one error."""

from collections.abc import Iterator
from contextlib import contextmanager

from yanzhen.study.problem import StudyError

_PANIC = "PanicException"
"""Ends a library written in Rust whose own code failed; it is no `Exception`."""


class Unreadable(Exception):
    """A file that a library cannot read; says its reason in one line."""


@contextmanager
def reading_file() -> Iterator[None]:
    """Raise `Unreadable` for whatever a library raises of a damaged file.

    What it raises is not bounded: readers of ZIP, XML, workbooks and Parquet stumble over numbers,
    names and encodings that nobody would write. Errors of the system, refusals and libraries that
    are not there pass.
    """
    try:
        yield
    except (StudyError, OSError, MemoryError, ImportError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
            raise
        said = str(error).strip().splitlines()
        raise Unreadable(said[0] if said else type(error).__name__) from error
