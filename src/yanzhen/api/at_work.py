"""A job at work: the lease on it, and the process that does it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from yanzhen.store.jobs.leases import Lease

POSIX = os.name == "posix"


class AtWork:
    """A job that was claimed, and its process.

    Parameters
    ----------
    lease : the claim
    store : folder that results go to
    server : what work for all organisations needs: folder of the server, address of the database
    ticks : when the job was claimed, by a clock that is never set
    wake : set whenever the process has said something

    Attributes
    ----------
    stage, share : that the work is at
    outcome : what it said at its end; None before, and where it died without a word
    renewed : when the lease was last known to hold
    told, told_at : what the table says of the progress, and since when
    """

    def __init__(
        self,
        lease: Lease,
        store: Path,
        server: Mapping[str, str],
        ticks: float,
        wake: threading.Event,
    ) -> None:
        self.lease = lease
        self.began = self.renewed = self.told_at = ticks
        self.stage, self.share = self.told = ("", 0.0)
        self.outcome: dict[str, Any] | None = None
        self._wake = wake
        # Its end reaches no other process than its own, nor does Ctrl-C reach it.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "yanzhen.api.work"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=POSIX,
        )
        work = {"kind": lease.kind, "store": str(store), "subject": lease.subject}
        self._say({**work, "server": dict(server)})
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def code(self) -> int | None:
        """What the process ended with; None while it lives or something it said is unread."""
        return None if self._listener.is_alive() else self._process.poll()

    def kill(self) -> None:
        """End the process, and those that it began, at once."""
        if self._process.poll() is None:
            if POSIX:
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            # What a process that died at once did not take cannot be said to it any more.
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def _say(self, said: Mapping[str, object]) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(said).encode() + b"\n")
            self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.endswith(b"\n"):
                # Killed in the middle of a word.
                break
            said = json.loads(line)
            if "outcome" in said:
                self.outcome = said["outcome"]
                break
            self.stage, self.share = said["stage"], said["share"]
        self._wake.set()
