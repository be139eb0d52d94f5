"""Long work: progress, cancelling, and what happens when a worker or a server dies."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from fastapi.testclient import TestClient

from tests.api.conftest import ended
from tests.study.small import small_study
from tests.waiting import processor_ticks, wait_until
from yanzhen.api.app import make_app
from yanzhen.api.jobs import Job, Jobs
from yanzhen.api.workbench import Workbench
from yanzhen.api.worker import outcome_of


def test_a_job_tells_of_its_progress_until_it_is_done(bench: Workbench, study: str) -> None:
    client = TestClient(make_app(bench))
    started = client.post("/api/jobs", json={"kind": "diagnosis", "study": study}).json()
    with client.stream("GET", f"/api/jobs/{started['job']}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = [
            json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line.strip()
        ]
    shares = [event["share"] for event in events]
    assert shares == sorted(shares)
    assert events[-1]["state"] == "done"
    assert client.get(f"/api/jobs/{started['job']}").json() == events[-1]


def test_the_same_work_is_not_done_twice_at_once(empty: Workbench) -> None:
    first = empty.make("plan", "china-provinces")
    assert empty.make("plan", "china-provinces").job == first.job
    cancelled = empty.jobs.cancel(first.job)
    assert cancelled is not None and cancelled.state == "cancelled"
    assert empty.make("plan", "china-provinces").job != first.job


def test_a_cancelled_job_stays_cancelled_and_leaves_no_plan(empty: Workbench) -> None:
    job = empty.make("plan", "china-provinces")
    wait_until(
        lambda: empty.jobs.read(job.job).state != "queued",  # type: ignore[union-attr]
        lambda: processor_ticks(os.getpid()),
    )
    empty.jobs.cancel(job.job)
    empty.jobs.close()
    assert empty.jobs.read(job.job).state == "cancelled"  # type: ignore[union-attr]
    assert not empty.plans.exists("china-provinces")


def test_a_study_with_problems_fails_with_each_of_them(tmp_path: Path) -> None:
    folder = small_study(tmp_path / "small")
    table = (folder / "regions.csv").read_text(encoding="utf-8").splitlines()
    (folder / "regions.csv").write_text("\n".join([*table, table[1]]), encoding="utf-8")
    bench = Workbench(tmp_path / "store", [str(folder)])
    job = ended(bench, bench.make("plan", bench.studies.all()[0].key).job)
    assert job.state == "failed"
    assert any(problem["table"] == "regions" for problem in job.problems)
    bench.close()


def test_a_job_whose_worker_is_killed_has_failed(empty: Workbench) -> None:
    job = empty.make("plan", "china-provinces")
    wait_until(lambda: job.job in empty.jobs._running, lambda: processor_ticks(os.getpid()))
    empty.jobs._running[job.job].kill()
    at_last = ended(empty, job.job)
    assert at_last.state == "failed"
    assert "-9" in at_last.error and "-9" in at_last.error_zh


def test_a_job_whose_server_is_gone_has_failed_and_is_not_lost(tmp_path: Path) -> None:
    """The server is killed while it works; the next one finds the job and says so."""
    script = (
        "import sys, time; from pathlib import Path; from yanzhen.api.workbench import Workbench\n"
        "bench = Workbench(Path(sys.argv[1])); print(bench.make('plan', 'china-provinces').job,"
        " flush=True)\n"
        "while not bench.jobs._running: time.sleep(0.02)\n"
        "print(next(iter(bench.jobs._running.values())).pid, flush=True); time.sleep(60)"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    name, worker = server.stdout.readline().strip(), int(server.stdout.readline())
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    found = Workbench(tmp_path).jobs.read(name)
    assert found is not None and found.state == "failed"
    assert "server stopped" in found.error
    # The worker sees that its server is gone; one that outlived it would work on to its end.
    wait_until(lambda: processor_ticks(worker) is None, lambda: processor_ticks(worker))
    assert Workbench(tmp_path).plans.exists("china-provinces") is False


def test_jobs_of_a_server_that_lives_are_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    job = Job("20200101-000000-abc", "plan", {"study": "s"}, "running", server=other.pid)
    place = tmp_path / "jobs" / job.job
    place.mkdir(parents=True)
    (place / "job.json").write_text(json.dumps(asdict(job)), encoding="utf-8")
    jobs = Jobs(tmp_path / "jobs", tmp_path, 1)
    assert jobs.read(job.job) == job
    other.kill()
    other.wait()
    again = Jobs(tmp_path / "jobs", tmp_path, 1).read(job.job)
    assert again is not None and again.state == "failed"


def test_a_fault_of_the_program_is_not_blamed_on_the_study(tmp_path: Path) -> None:
    outcome = outcome_of("plan", tmp_path, {}, lambda stage, share: None)
    assert outcome["state"] == "failed"
    assert "not of the study" in outcome["error"] and "KeyError" in outcome["error"]
    assert outcome["error_zh"].startswith("任务因程序故障中止，并非研究数据有误")
