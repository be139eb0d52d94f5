"""Long work: progress, cancelling, and what happens when a worker or a server dies."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import ended
from tests.study.small import small_study
from tests.waiting import all_ticks, descendants, processor_ticks, wait_until
from yanzhen.api.app import make_app
from yanzhen.api.own_worker import OwnWorker
from yanzhen.api.problem_details import Refusal
from yanzhen.api.work import outcome_of
from yanzhen.api.workbench import Workbench
from yanzhen.api.worker import Pace
from yanzhen.store.jobs.limits import OF_ONE, Limits
from yanzhen.store.people.viewer import Viewer
from yanzhen.store.people.viewing import viewing_as

BRISK = Pace(lease=10.0, heartbeat=1.0)
"""For tests that wait until a lease lapses; a busy machine must still renew in time."""
SERVER = """
import sys, time
from pathlib import Path
from yanzhen.api.own_worker import OwnWorker
from yanzhen.store.jobs.limits import OF_ONE
from yanzhen.store.jobs.queue import enqueue, read
from yanzhen.store.people.opening import open_store
from yanzhen.store.people.viewer import LOCAL
folder, url = Path(sys.argv[1]), 'sqlite:///' + sys.argv[1] + '/store.sqlite'
store, subject = open_store(url), dict(study='china-provinces', source='china-provinces')
own = OwnWorker(url, folder, 1, OF_ONE)
job = enqueue(store, LOCAL, 'plan', subject, OF_ONE).job
own.wake()
print(job, flush=True)
while read(store, LOCAL, job).state == 'queued': time.sleep(0.02)
print(own.process.pid, flush=True)
time.sleep(600)
"""


def begun(bench: Workbench, name: str) -> bool:
    job = bench.jobs.read(name)
    assert job is not None
    return job.state == "running"


def lives(process: int) -> bool:
    return processor_ticks(process) is not None


def test_a_job_tells_of_its_progress_until_it_is_done(bench: Workbench, study: str) -> None:
    client = TestClient(make_app(bench))
    started = client.post("/api/v1/jobs", json={"kind": "diagnosis", "study": study}).json()
    with client.stream("GET", f"/api/v1/jobs/{started['job']}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = [
            json.loads(line.removeprefix("data: "))
            for line in stream.iter_lines()
            if line.startswith("data: ")
        ]
    shares = [event["share"] for event in events]
    assert shares == sorted(shares)
    assert events[-1]["state"] == "done"
    assert client.get(f"/api/v1/jobs/{started['job']}").json() == events[-1]


def test_the_same_work_is_not_done_twice_at_once(empty: Workbench) -> None:
    first = empty.make("plan", "china-provinces")
    assert empty.make("plan", "china-provinces").job == first.job
    cancelled = empty.jobs.cancel(first.job)
    assert cancelled is not None and cancelled.state == "cancelled"
    assert empty.make("plan", "china-provinces").job != first.job


def test_a_cancelled_job_stays_cancelled_and_leaves_no_plan(empty: Workbench) -> None:
    job = empty.make("plan", "china-provinces")
    wait_until(lambda: begun(empty, job.job), lambda: all_ticks(os.getpid()))
    empty.jobs.cancel(job.job)
    empty.close()
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


def test_a_killed_worker_is_replaced_and_the_plan_goes_on_from_its_last_stage(
    tmp_path: Path,
) -> None:
    bench = Workbench(tmp_path / "store", [str(small_study(tmp_path / "small"))])
    bench.worker = OwnWorker(bench.worker.database, bench.folder, 1, OF_ONE, BRISK)
    key = bench.studies.all()[0].key
    job = bench.make("plan", key)
    made = tmp_path / "store" / "plans" / key
    wait_until(
        lambda: any(made.glob("run-*/stages/advantage/stage.json")), lambda: all_ticks(os.getpid())
    )
    (stage,) = made.glob("run-*/stages/accounts/stage.json")
    written, worker = stage.stat().st_mtime_ns, bench.worker.process
    assert worker is not None
    at_work = descendants(worker.pid)
    worker.kill()
    worker.wait()
    at_last = ended(bench, job.job)
    bench.close()
    assert (at_last.state, at_last.attempt) == ("done", 2)
    (stage,) = made.glob("run-*/stages/accounts/stage.json")
    assert stage.stat().st_mtime_ns == written
    assert bench.plans.exists(key) and len(list((made / "kept").glob("*/"))) == 1
    assert [processor_ticks(each) for each in at_work] == [None]


def test_when_a_server_is_killed_its_worker_hands_back_what_it_did(tmp_path: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    name, worker = server.stdout.readline().strip(), int(server.stdout.readline())
    at_work = [worker, *descendants(worker)]
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    # One that outlived its server would work on to its end.
    wait_until(
        lambda: not any(map(lives, at_work)), lambda: [processor_ticks(each) for each in at_work]
    )
    bench = Workbench(tmp_path)
    found = bench.jobs.read(name)
    assert found is not None and (found.state, found.attempt) == ("queued", 0)
    assert not bench.plans.exists("china-provinces")
    bench.close()


def test_a_server_that_ends_in_order_leaves_its_work_to_the_next(empty: Workbench) -> None:
    before = set(descendants(os.getpid()))
    job = empty.make("plan", "china-provinces")
    wait_until(lambda: begun(empty, job.job), lambda: all_ticks(os.getpid()))
    empty.close()
    left = empty.jobs.read(job.job)
    assert left is not None and (left.state, left.attempt) == ("queued", 0)
    assert set(descendants(os.getpid())) <= before


def test_jobs_of_another_organisation_are_not_shown(empty: Workbench) -> None:
    job = empty.make("plan", "china-provinces")
    with viewing_as(Viewer("chen", "fund", "analyst")):
        assert empty.jobs.read(job.job) is None and empty.jobs.all() == []
        assert empty.jobs.cancel(job.job) is None


def test_who_has_asked_for_too_much_is_told_to_wait(tmp_path: Path) -> None:
    bench = Workbench(tmp_path / "store", slots=0, limits=Limits(outstanding=1))
    bench.make("plan", "china-provinces")
    with pytest.raises(Refusal) as refused:
        bench.make("diagnosis", "china-provinces")
    assert refused.value.status == 429 and "1" in refused.value.title
    bench.close()


def test_jobs_that_older_versions_kept_as_files_are_passed_over(tmp_path: Path) -> None:
    place = tmp_path / "jobs" / "20200101-000000-abc"
    place.mkdir(parents=True)
    (place / "job.json").write_text('{"job": "20200101-000000-abc", "state": "running"}')
    bench = Workbench(tmp_path, slots=0)
    assert bench.jobs.all() == [] and bench.jobs.read(place.name) is None
    bench.close()


def test_a_comparison_of_a_scenario_deleted_meanwhile_says_so(tmp_path: Path) -> None:
    subject = {"study": "s", "source": "china-provinces", "scenarios": "own-1"}
    outcome = outcome_of("comparison", tmp_path, subject, lambda stage, share: None)
    assert (outcome["state"], outcome["error"]) == ("failed", "There is no scenario 'own-1'.")
    assert outcome["error_zh"] and "fault" not in outcome["error"]


def test_a_fault_of_the_program_is_not_blamed_on_the_study(tmp_path: Path) -> None:
    outcome = outcome_of("plan", tmp_path, {}, lambda stage, share: None)
    assert outcome["state"] == "failed"
    assert "not of the study" in outcome["error"] and "KeyError" in outcome["error"]
    assert outcome["error_zh"].startswith("任务因程序故障中止，并非研究数据有误")
