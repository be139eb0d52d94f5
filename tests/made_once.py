"""What all workers of a run share: made by the first that asks, gone after the last test."""

import fcntl
import os
import pickle
import shutil
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Made = TypeVar("Made")
SHARED = "YANZHEN_TESTS_SHARED"
"""Environment variable with the folder; the process that starts the workers sets it."""


def begin() -> None:
    """Make the shared folder."""
    os.environ[SHARED] = tempfile.mkdtemp(prefix="yanzhen-tests-")


def end() -> None:
    """Stop every process that was to be stopped at the end, and remove the folder."""
    folder = Path(os.environ.pop(SHARED))
    for noted in folder.glob("*.pid"):
        os.kill(int(noted.stem), signal.SIGTERM)
    shutil.rmtree(folder, ignore_errors=True)


def made_once(name: str, make: Callable[[Path], Made]) -> Made:
    """Return what `make` made of an empty folder, once in a run; other workers wait for it."""
    folder = Path(os.environ[SHARED])
    made = folder / f"{name}.pickle"
    with (folder / f"{name}.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir()
            made.write_bytes(pickle.dumps(make(folder / name)))
    loaded: Made = pickle.loads(made.read_bytes())
    return loaded


def stop_at_the_end(process: int) -> None:
    """Note a process that lives as long as the run."""
    (Path(os.environ[SHARED]) / f"{process}.pid").touch()
