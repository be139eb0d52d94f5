"""What all workers of a run share: made by the first that asks, gone after the last test."""

import fcntl
import marshal
import os
import pickle
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any, TypeVar

from _pytest.assertion import rewrite

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
    for noted in folder.glob("*.undo"):
        pickle.loads(noted.read_bytes())()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Let no other worker in meanwhile; a worker that is in may not ask again."""
    with (Path(os.environ[SHARED]) / f"{name}.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def made_once(name: str, make: Callable[[Path], Made]) -> Made:
    """Return what `make` made of an empty folder, once in a run; other workers wait for it."""
    folder = Path(os.environ[SHARED])
    made = folder / f"{name}.pickle"
    with alone(name):
        if not made.exists():
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir()
            made.write_bytes(pickle.dumps(make(folder / name)))
    loaded: Made = pickle.loads(made.read_bytes())
    return loaded


def stop_at_the_end(process: int) -> None:
    """Note a process that lives as long as the run."""
    (Path(os.environ[SHARED]) / f"{process}.pid").touch()


def undo_at_the_end(name: str, undo: Callable[[], object]) -> None:
    """Note a function, or a part of one, to be called after the last test."""
    (Path(os.environ[SHARED]) / f"{name}.undo").write_bytes(pickle.dumps(undo))


def rewrite_once() -> None:
    """Let the assertions of a test module be rewritten by one worker, for all."""
    rewritten = rewrite._rewrite_test

    def once(path: Path, config: Any) -> tuple[bytes, CodeType]:
        def make(folder: Path) -> tuple[bytes, bytes]:
            source_hash, code = rewritten(path, config)
            return source_hash, marshal.dumps(code)

        source_hash, code = made_once(f"rewritten-{sha256(bytes(path)).hexdigest()}", make)
        return source_hash, marshal.loads(code)

    rewrite._rewrite_test = once


def compile_once() -> None:
    """Let a worker wait for what another compiles, and take it from Numba's cache."""
    from numba.core.compiler_lock import global_compiler_lock
    from numba.core.dispatcher import Dispatcher

    compiled, inside = Dispatcher.compile, False

    def once(dispatcher: Any, signature: Any) -> Any:
        nonlocal inside
        # Numba's own lock first: of several threads one compiles, and what it calls.
        with global_compiler_lock:
            if inside:
                return compiled(dispatcher, signature)
            with alone("numba"):
                inside = True
                try:
                    return compiled(dispatcher, signature)
                finally:
                    inside = False

    Dispatcher.compile = once
