"""The worker of a server: begun when it is needed, again where it dies, ended with the server."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from yanzhen.api.worker import USUAL_PACE, Pace
from yanzhen.exchange.notices.sending import NOTHING_SENT, Sends
from yanzhen.store.jobs.limits import Limits

PATIENCE = 10.0
"""Seconds that a worker has to hand its jobs back."""
FIRST_REST, LONGEST_REST = 0.2, 10.0
"""Seconds between a worker's death and the next one, which double where it dies soon."""


class OwnWorker:
    """The worker process of a server.

    Parameters
    ----------
    database : address of the store that holds the jobs, ready for use
    store : folder that results go to
    slots : jobs at once
    limits : of persons and kinds of work
    pace : how often the worker does what
    sends : how it delivers notices

    Attributes
    ----------
    process : the worker that works now, None before the first
    """

    def __init__(
        self,
        database: str,
        store: Path,
        slots: int,
        limits: Limits,
        pace: Pace = USUAL_PACE,
        sends: Sends = NOTHING_SENT,
    ) -> None:
        self.database = database
        self.process: subprocess.Popen[bytes] | None = None
        self._told = {
            "database": database,
            "store": str(store),
            "slots": slots,
            "limits": asdict(limits),
            "pace": asdict(pace),
            "sends": asdict(sends),
        }
        self._turn = threading.Lock()
        self._closing = threading.Event()
        self._keeper: threading.Thread | None = None

    def wake(self) -> None:
        """Let the worker look at once; it is begun where it was not."""
        with self._turn:
            if self._keeper is None and not self._closing.is_set():
                self._keeper = threading.Thread(target=self._keep, daemon=True)
                self._keeper.start()
            if self.process is not None:
                _say(self.process, b"\n")

    def close(self) -> None:
        """End the worker; what it has not finished goes back into the queue."""
        self._closing.set()
        with self._turn:
            process, keeper = self.process, self._keeper
        if process is not None and process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        if keeper is not None:
            keeper.join()

    def _keep(self) -> None:
        rest = FIRST_REST
        while not self._closing.is_set():
            began = time.monotonic()
            process = self._begin()
            if process is None:
                return
            process.wait()
            rest = FIRST_REST if time.monotonic() - began > LONGEST_REST else 2 * rest
            self._closing.wait(min(rest, LONGEST_REST))

    def _begin(self) -> subprocess.Popen[bytes] | None:
        with self._turn:
            if self._closing.is_set():
                return None
            # Ctrl-C reaches the server alone, which ends its worker in order.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "yanzhen.api.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                start_new_session=os.name == "posix",
            )
            # What the database is reached by is nothing for a command line, which all can read.
            _say(self.process, json.dumps(self._told).encode() + b"\n")
            return self.process


def _say(process: subprocess.Popen[bytes], said: bytes) -> None:
    assert process.stdin is not None
    # Where it has ended, the next one looks by itself.
    with suppress(BrokenPipeError, ValueError):
        process.stdin.write(said)
        process.stdin.flush()
