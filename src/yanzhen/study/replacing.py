"""Folders that are written over: whole whenever the writing is broken off, or saying that they
are not.

Files of a study are replaced all together. New ones are written below a hidden folder within,
whose renaming is the moment from which they hold: until then nothing has changed, and from then on
whoever reads or writes the folder next moves what is not yet in its place. Folders of results,
which the same command makes again, hold a file that says so until all is written.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from yanzhen.study.words import words

UNFINISHED = "UNFINISHED.txt"
"""File that says that files of a folder of results may not belong together."""
BEGUN, WRITTEN = ".yanzhen-part", ".yanzhen-new"
"""Folders of new files: still being written, and written."""
REMOVED = ".removed"
"""File beside the new ones with the names that shall be there no more, one a line."""


@contextmanager
def replacing(folder: Path, removed: Iterable[str] = ()) -> Iterator[Path]:
    """Give a folder to write into; its files take the place of those in `folder` all together.

    Parameters
    ----------
    folder : made where it is not there
    removed : names of files that go unless there are new ones of these names
    """
    folder.mkdir(parents=True, exist_ok=True)
    finish_replacing(folder)
    part = folder / BEGUN
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        yield part
        gone = sorted({*removed} - {path.name for path in part.iterdir()})
        if gone:
            (part / REMOVED).write_text("\n".join(gone), encoding="utf-8")
        part.rename(folder / WRITTEN)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    finish_replacing(folder)


def finish_replacing(folder: Path) -> None:
    """Move new files whose writing was broken off into their places; two may do so at once.

    Raises
    ------
    OSError
        The folder may not be written to.
    """
    written = folder / WRITTEN
    if not written.is_dir():
        return
    removed = written / REMOVED
    if removed.is_file():
        for name in removed.read_text(encoding="utf-8").splitlines():
            (folder / name).unlink(missing_ok=True)
    for path in sorted(written.iterdir()):
        if path.name != REMOVED:
            with suppress(FileNotFoundError):
                os.replace(path, folder / path.name)
    removed.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        written.rmdir()


@contextmanager
def unfinished(folder: Path) -> Iterator[None]:
    """Let a folder of results say that it is not whole, until the block ends without error."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / UNFINISHED
    mark.write_text("\n".join(reversed(words("unfinished"))) + "\n", encoding="utf-8")
    yield
    mark.unlink()


def is_unfinished(folder: Path) -> bool:
    """Whether the last writing of a folder of results was broken off."""
    return (folder / UNFINISHED).is_file()
