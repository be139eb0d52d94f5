"""What libraries raise of files that they cannot read, gathered in one error."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from yanzhen.study.problem import StudyError

_OF_CONTENT = (None, errno.EINVAL)
"""Errors of the system to which a file's content led, such as a place before its beginning."""
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
    except (StudyError, MemoryError, ImportError):
        raise
    except BaseException as error:
        of_system = isinstance(error, OSError) and error.errno not in _OF_CONTENT
        passes = not isinstance(error, Exception) and type(error).__name__ != _PANIC
        if of_system or passes:
            raise
        said = str(error).strip().splitlines()
        raise Unreadable(said[0] if said else type(error).__name__) from error
