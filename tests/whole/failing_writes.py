"""Writes of this process that fail from one of them on, as on a disk that has got full, or that
never come, as where it is killed.
"""

import errno
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from yanzhen.cli.app import app
from yanzhen.study.replacing import finish_replacing, is_unfinished

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
REMOVING = ("os.remove", "os.rmdir")
IN_MEMORY = ("/", "dev", "shm")


class Killed(BaseException):
    """Nothing that this process does changes a file any more."""


class FailingWrites:
    """Counts the files that are opened for writing, made or renamed, and lets them fail.

    Python tells hooks of each before it happens; a hook cannot be taken away again, so that there
    is one, which does nothing unless asked.
    """

    def __init__(self) -> None:
        self.count = 0
        self.failed = ""
        self._at: int | None = None
        self._killed = False
        sys.addaudithook(self._before)

    @contextmanager
    def failing(self, number: int, killed: bool = False) -> Iterator[None]:
        """Let all writes fail from that number on, the first being 1; none where it is 0.

        Where it is `killed`, nothing is removed any more either, so that files are as they would
        be left by a process that is no more.
        """
        self.count, self.failed, self._at, self._killed = 0, "", number, killed
        try:
            yield
        finally:
            self._at = None

    def _before(self, event: str, given: tuple[Any, ...]) -> None:
        if self._at is None:
            return
        gone = self._killed and bool(self.failed)
        if not is_write(event, given) and not (gone and event in REMOVING):
            return
        self.count += 1
        if 0 < self._at <= self.count:
            self.failed = self.failed or f"{event} {given[0]}"
            if self._killed:
                raise Killed(self.failed)
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


def made_over(asked: Sequence[str], out: Path, older: Path) -> tuple[dict[str, bytes], int]:
    """What a command makes of what lies in a folder, and by how many writes."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(older, out)
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


def faults_of_killed(
    asked: Sequence[str],
    out: Path,
    older: Path,
    written: dict[str, bytes],
    numbers: Iterable[int],
) -> Iterator[str]:
    """Kill a command that writes over a folder at some writes, then run it again; what was wrong.

    The folder is then what it was, or what it shall be, or it says that it is neither; the same
    command makes it what it shall be, whatever was left.

    Parameters
    ----------
    older : what lies there before
    written : what shall lie there
    """
    before = content(older)
    for number in numbers:
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(older, out)
        with suppress(Killed), FAILING.failing(number, killed=True):
            CliRunner().invoke(app, asked)
        # As whoever reads the folder next does.
        finish_replacing(out)
        where = f"killed at write {number}, {FAILING.failed}"
        if _told(content(out)) not in (_told(before), _told(written)) and not is_unfinished(out):
            yield f"{where}: left files of both and does not say so"
        again = CliRunner().invoke(app, asked)
        if again.exit_code != 0:
            yield f"{where}: then ended with {again.exit_code}, {again.output}"
        elif _told(content(out)) != _told(written):
            yield f"{where}: then wrote something else"


def _told(found: dict[str, bytes]) -> dict[str, bytes]:
    """What a folder shows: not what is hidden, nor stages, each of which is whole or is not there.

    That of the manifest alone which is of other days is left out as well.
    """
    return {
        name: said
        for name, said in found.items()
        if not name.startswith((".", "stages/")) and "/." not in name and name != "manifest.json"
    }
