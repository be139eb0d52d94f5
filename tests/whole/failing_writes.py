"""Writes of this process that fail from one of them on, as on a disk that has got full."""

import errno
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from yanzhen.cli.app import app

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
IN_MEMORY = ("/", "dev", "shm")


class FailingWrites:
    """Counts the files that are opened for writing, made or renamed, and lets them fail.

    Python tells hooks of each before it happens; a hook cannot be taken away again, so that there
    is one, which does nothing unless asked.
    """

    def __init__(self) -> None:
        self.count = 0
        self.failed = ""
        self._at: int | None = None
        sys.addaudithook(self._before)

    @contextmanager
    def failing(self, number: int) -> Iterator[None]:
        """Let all writes fail from that number on, the first being 1; none where it is 0."""
        self.count, self.failed, self._at = 0, "", number
        try:
            yield
        finally:
            self._at = None

    def _before(self, event: str, given: tuple[Any, ...]) -> None:
        if self._at is None or not is_write(event, given):
            return
        self.count += 1
        if 0 < self._at <= self.count:
            self.failed = self.failed or f"{event} {given[0]}"
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(given[0]))


def is_write(event: str, given: tuple[Any, ...]) -> bool:
    """Whether something is about to be written by its name; not caches of bytecode, nor pipes."""
    if event not in ("open", "os.mkdir", "os.rename") or not isinstance(given[0], str | Path):
        return False
    path = Path(given[0])
    system = path.parts[:2] in (("/", "dev"), ("/", "proc")) and path.parts[:3] != IN_MEMORY
    if system or "__pycache__" in path.parts:
        return False
    if event == "os.mkdir":
        return not path.exists()
    return event == "os.rename" or bool(given[2] & WRITING)


FAILING = FailingWrites()


def content(folder: Path) -> dict[str, bytes]:
    """Bytes of every file but the timings."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def undisturbed(asked: Sequence[str], out: Path) -> tuple[dict[str, bytes], int]:
    """What a command writes to a new folder, and by how many writes."""
    shutil.rmtree(out, ignore_errors=True)
    with FAILING.failing(0):
        found = CliRunner().invoke(app, asked)
    assert found.exit_code == 0, found.output
    return content(out), FAILING.count


def faults_of(
    asked: Sequence[str], out: Path, written: dict[str, bytes], numbers: Iterable[int]
) -> Iterator[str]:
    """Let writes of a command fail from some number on, then run it again; what was wrong.

    Writes that fail end the command with 1 and one sentence, without a traceback and without
    half a file; the same command then does what it does undisturbed.
    """
    for number in numbers:
        shutil.rmtree(out, ignore_errors=True)
        with FAILING.failing(number):
            found = CliRunner().invoke(app, [*asked, "--lang", "en"])
        where = f"write {number}, {FAILING.failed}"
        if found.exit_code != 1 or not isinstance(found.exception, SystemExit):
            yield f"{where}: ended with {found.exit_code}, {found.exception!r}"
        elif "No room left on the disk" not in " ".join(found.output.split()):
            yield f"{where}: said {found.output}"
        half = [name for name in content(out) if ".part" in name] if out.exists() else []
        if half:
            yield f"{where}: left {half}"
        again = CliRunner().invoke(app, asked)
        if again.exit_code != 0:
            yield f"{where}: then ended with {again.exit_code}, {again.output}"
        elif content(out) != written:
            yield f"{where}: then wrote something else"
