"""Long work in processes of its own: one folder a job, its state on disk.

    queued → running → done | failed | cancelled

The server writes `job.json`, the worker `progress.json` and, at its end, `outcome.json`. A worker
that dies without an outcome has failed, and so has a job whose server is gone.
"""

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from yanzhen.report.document.writing import write_text

State = Literal["queued", "running", "done", "failed", "cancelled"]
ENDED: frozenset[State] = frozenset({"done", "failed", "cancelled"})
SERVER_GONE = (
    "The server stopped while this was running; start it again.",
    "服务在任务进行中停止；请重新开始。",
)
WORKER_GONE = (
    "The worker ended with code {code} and left no result.",
    "工作进程以代码{code}结束，没有留下结果。",
)


@dataclass(frozen=True)
class Job:
    """A piece of long work.

    Attributes
    ----------
    job : its name
    kind : what is done: plan, diagnosis or comparison
    subject : what it is done to, as keys and values
    state : queued, running, done, failed or cancelled
    stage : the stage that runs
    share : done so far, 0 to 1
    made, ended : seconds since 1970
    error, error_zh : why it failed
    problems : of the study, where these are the reason
    server : process that is responsible for it
    """

    job: str
    kind: str
    subject: dict[str, str]
    state: State
    stage: str = ""
    share: float = 0.0
    made: float = 0.0
    ended: float | None = None
    error: str = ""
    error_zh: str = ""
    problems: list[dict[str, Any]] = field(default_factory=list)
    server: int = 0


class Jobs:
    """The jobs of one server, at most `workers` at once.

    Parameters
    ----------
    folder : where each job has a folder
    store : the store that workers write results to
    workers : processes at once
    """

    def __init__(self, folder: Path, store: Path, workers: int) -> None:
        self.folder = folder
        self.store = store
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._turn = threading.RLock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._waiting: dict[str, Future[None]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._fail_abandoned()

    def start(self, kind: str, subject: Mapping[str, str]) -> Job:
        """Queue a piece of work; the same work that has not ended is given back instead."""
        with self._turn:
            for known in self.all():
                same = (known.kind, known.subject) == (kind, dict(subject))
                if same and known.state not in ENDED:
                    return known
            name = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
            made = time.time()
            job = Job(name, kind, dict(subject), "queued", made=made, server=os.getpid())
            self._write(job)
            self._waiting[name] = self._pool.submit(self._run, job)
            return job

    def all(self) -> list[Job]:
        """Return every job, the newest first."""
        names = (path.parent.name for path in self.folder.glob("*/job.json"))
        found = [job for job in map(self.read, names) if job is not None]
        return sorted(found, key=lambda job: (job.made, job.job), reverse=True)

    def read(self, name: str) -> Job | None:
        """Return a job as it stands, None where there is no such job."""
        place = self.folder / name
        if place.parent != self.folder or not (place / "job.json").exists():
            return None
        job = Job(**_json(place / "job.json"))
        if job.state == "running" and (place / "progress.json").exists():
            return replace(job, **_json(place / "progress.json"))
        return job

    def cancel(self, name: str) -> Job | None:
        """Stop a job that has not ended; one that has stays as it is."""
        with self._turn:
            job = self.read(name)
            if job is None or job.state in ENDED:
                return job
            cancelled = replace(job, state="cancelled", ended=time.time())
            self._write(cancelled)
            self._waiting[name].cancel()
            if name in self._running:
                self._running[name].terminate()
            return cancelled

    def close(self) -> None:
        """Cancel what has not ended and wait for the workers."""
        for job in self.all():
            if job.job in self._waiting:
                self.cancel(job.job)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, queued: Job) -> None:
        process = self._begin(queued)
        if process is None:
            return
        code = process.wait()
        if process.stdin is not None:
            process.stdin.close()
        with self._turn:
            del self._running[queued.job]
            at_last = self.read(queued.job)
            if at_last is None or at_last.state == "cancelled":
                return
            path = self.folder / queued.job / "outcome.json"
            outcome = _json(path) if path.exists() else _without_outcome(code)
            self._write(replace(at_last, ended=time.time(), **outcome))

    def _begin(self, queued: Job) -> subprocess.Popen[bytes] | None:
        """Start the worker of a job, unless the job was cancelled before its turn."""
        with self._turn:
            now = self.read(queued.job)
            if now is None or now.state != "queued":
                return None
            self._write(replace(queued, state="running"))
            # The worker ends when its standard input does, so it never outlives the server.
            place = self.folder / queued.job
            process = subprocess.Popen(
                [sys.executable, "-m", "yanzhen.api.worker", str(self.store), str(place)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            self._running[queued.job] = process
            return process

    def _fail_abandoned(self) -> None:
        error, error_zh = SERVER_GONE
        for job in self.all():
            if job.state not in ENDED and (job.server == os.getpid() or not _lives(job.server)):
                failed = replace(job, state="failed", error=error, error_zh=error_zh)
                self._write(replace(failed, ended=time.time()))

    def _write(self, job: Job) -> None:
        said = json.dumps(asdict(job), ensure_ascii=False)
        write_text(self.folder / job.job / "job.json", said)


def _without_outcome(code: int) -> dict[str, Any]:
    error, error_zh = WORKER_GONE
    return {
        "state": "failed",
        "error": error.format(code=code),
        "error_zh": error_zh.format(code=code),
    }


def _lives(process: int) -> bool:
    """Whether a process is there; where the system cannot say so without harm, it is not."""
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
