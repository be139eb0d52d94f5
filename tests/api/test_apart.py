"""Two organisations on one server: nothing of one stands in what the other is told, whatever both
do, in whatever order.
"""

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import event

from tests.api.people import Guarded, guarded
from tests.study.small_modes import small_modes_study
from yanzhen.api.comparisons import Instrument
from yanzhen.api.permission import is_for_all
from yanzhen.api.versions import Version, publish
from yanzhen.pipeline.storage import sources_hash
from yanzhen.report.document.writing import write_text
from yanzhen.store.people.viewer import Viewer
from yanzhen.store.people.viewing import viewing_as

NEVER = "never-there-0123456789ab"
BOTH = st.sampled_from([0, 1])


@cache
def named_study() -> str:
    """A study of the command line, which everybody sees."""
    return str(small_modes_study(Path(tempfile.mkdtemp(prefix="yz-apart-")) / "small"))


@cache
def plan_summary() -> dict[str, Any]:
    """The headline figures of some plan, in the form in which they are kept."""
    said = json.loads(files("yanzhen.api").joinpath("examples.json").read_text("utf-8"))
    summary: dict[str, Any] = said["operations"]["get_plan"]["response"]["application/json"]
    return summary


class Apart(RuleBasedStateMachine):
    """Organisations that each leave marks wherever anything can be entered."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="yz-apart-"))
        self.guard: Guarded = self.stack.enter_context(guarded(Path(folder), (named_study(),)))
        self.viewers: list[Viewer] = [
            self.guard.person(f"head{number}", "administrator", organisation)
            for number, organisation in enumerate((self.guard.here, self.guard.elsewhere))
        ]
        self.programs = [self.guard.program(viewer) for viewer in self.viewers]
        self.common = self.guard.bench.studies.named[0].key
        self.marks: list[list[str]] = [[f"head{number}"] for number in (0, 1)]
        self.keys: list[list[str]] = [[], []]
        self.jobs: list[set[str]] = [set(), set()]
        self.imports: list[list[str]] = [[], []]
        self.supposed = [0, 0]

    def teardown(self) -> None:
        self.stack.close()

    def mark(self, who: int) -> str:
        """A word that nobody else uses."""
        made = f"mark{who}x{len(self.marks[who])}end"
        self.marks[who].append(made)
        return made

    @rule(who=BOTH)
    def upload(self, who: int) -> None:
        mark = self.mark(who)
        content = archive(f'title_zh = "{mark}"\ntitle_en = "{mark}"\n')
        file = {"file": (f"{mark}.zip", content)}
        answer = self.programs[who].post("/api/v1/studies", files=file)
        assert answer.status_code == 201, answer.text
        self.keys[who].append(answer.json()["study"])

    @rule()
    def upload_the_same(self) -> None:
        file = {"file": ("same.zip", archive('title_zh = "同"\ntitle_en = "same"\n'))}
        for who, program in enumerate(self.programs):
            key = program.post("/api/v1/studies", files=file).json()["study"]
            if key not in self.keys[who]:
                self.keys[who].append(key)

    @rule(who=BOTH)
    def make_a_result(self, who: int) -> None:
        mark = self.mark(who)
        with viewing_as(self.viewers[who]):
            folder = self.guard.bench.plans.versions(self.common, "")
        write_text(folder / mark / "summary.json", json.dumps({**plan_summary(), "study": mark}))
        publish(Version(folder, mark, sources_hash()))
        told = self.programs[who].get(f"/api/v1/plans/{self.common}")
        assert mark in told.text

    @rule(who=BOTH)
    def suppose(self, who: int) -> None:
        mark = self.mark(who)
        with viewing_as(self.viewers[who]):
            suppose = self.guard.bench.comparisons.suppose
            suppose(self.common, Instrument("tax", len(mark) / 1000), mark, mark)
        self.supposed[who] += 1
        assert mark in self.programs[who].get(f"/api/v1/scenarios/{self.common}").text

    @rule(who=BOTH)
    def judge(self, who: int) -> None:
        mark = self.mark(who)
        said = {"achievement": "T1", "partner": "P1", "verdict": "reject", "reason": mark}
        address = f"/api/v1/technologies/{self.common}/verdicts"
        assert self.programs[who].post(address, json=said).status_code == 201
        # The newest verdict on a pair is the one that stands.
        self.marks[who].remove(mark)
        assert mark in self.programs[who].get(address).text

    @rule(who=BOTH)
    def bring_files(self, who: int) -> None:
        mark = self.mark(who)
        files = {"files": (f"{mark}.csv", f"region,year\n{mark},2020\n".encode())}
        answer = self.programs[who].post("/api/v1/imports", files=files)
        assert answer.status_code == 201, answer.text
        self.imports[who].append(answer.json()["import"])

    @rule(who=BOTH)
    def ask_for_work(self, who: int) -> None:
        asked = {"kind": "diagnosis", "study": self.common}
        answer = self.programs[who].post("/api/v1/jobs", json=asked)
        assert answer.status_code == 202, answer.text
        self.jobs[who].add(answer.json()["job"])

    @precondition(lambda self: any(self.jobs))
    @rule(who=BOTH)
    def cancel_anothers_work(self, who: int) -> None:
        for job in self.jobs[1 - who]:
            for method in ("GET", "DELETE"):
                self.same(who, method, "/api/v1/jobs/{}", job)
            self.same(who, "GET", "/api/v1/jobs/{}/events", job)
        for job in self.jobs[1 - who]:
            told = self.programs[1 - who].get(f"/api/v1/jobs/{job}").json()
            assert told["state"] == "queued"

    @rule(who=BOTH)
    def add_a_person(self, who: int) -> None:
        said = {"login": self.mark(who), "role": "analyst"}
        assert self.programs[who].post("/api/v1/people", json=said).status_code == 201

    @precondition(lambda self: any(self.keys))
    @rule(who=BOTH)
    def ask_for_anothers_study(self, who: int) -> None:
        theirs = [key for key in self.keys[1 - who] if key not in self.keys[who]]
        for key in theirs[-1:]:
            for path in addresses_of_a_study(self.guard):
                self.same(who, "GET", path, key)
            for kind in ("plan", "diagnosis"):
                said = self.programs[who].post("/api/v1/jobs", json={"kind": kind, "study": key})
                assert said.status_code == 404

    @precondition(lambda self: any(self.imports))
    @rule(who=BOTH)
    def ask_for_anothers_files(self, who: int) -> None:
        for name in [each for each in self.imports[1 - who] if each not in self.imports[who]][-1:]:
            for method, below in (("GET", ""), ("GET", "/mapping"), ("POST", "/study")):
                self.same(who, method, f"/api/v1/imports/{{}}{below}", name, "0123456789ab")

    def same(self, who: int, method: str, path: str, known: str, unknown: str = NEVER) -> None:
        """Hold what is there but another's against what never was: words, status and work."""
        told = []
        for key in (unknown, known):
            with counted(self.guard) as statements:
                answer = self.programs[who].request(method, path.format(key))
            said = answer.text.replace(key, "KEY")
            told.append((answer.status_code, said, len(statements)))
        assert told[0][:2] == told[1][:2], path
        assert told[0][2] == told[1][2], f"{path} asks the database differently"

    @invariant()
    def each_is_told_of_the_own_alone(self) -> None:
        for who, program in enumerate(self.programs):
            told = {path: program.get(path) for path in self.lists()}
            assert all(answer.status_code == 200 for path, answer in told.items()), told
            everything = "".join(answer.text for answer in told.values())
            foreign = [mark for mark in self.marks[1 - who] if mark in everything]
            assert foreign == []
            studies = {each["study"] for each in items(told["/api/v1/studies"])}
            assert studies & {*self.keys[0], *self.keys[1]} == set(self.keys[who])
            jobs = {each["job"] for each in items(told["/api/v1/jobs"])}
            assert jobs == self.jobs[who]
            own = [each for each in items(told[f"/api/v1/scenarios/{self.common}"]) if each["own"]]
            assert len(own) == self.supposed[who]

    def lists(self) -> list[str]:
        below = ("studies", "jobs", "people", "audit", f"scenarios/{self.common}")
        verdicts = f"technologies/{self.common}/verdicts"
        return [f"/api/v1/{each}" for each in (*below, verdicts)]


TestApart = Apart.TestCase
TestApart.settings = settings(max_examples=3, stateful_step_count=12, phases=(Phase.generate,))


def archive(settings_file: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("study.toml", settings_file)
    return content.getvalue()


def items(answer: Any) -> list[dict[str, Any]]:
    said = answer.json()
    found: list[dict[str, Any]] = said if isinstance(said, list) else said["items"]
    return found


def addresses_of_a_study(guard: Guarded) -> list[str]:
    """Every address that can be read about a study, the rest filled with what is not there."""
    found = []
    for route in guard.app.routes:
        if isinstance(route, APIRoute) and "GET" in route.methods and not is_for_all(route.path):
            first, *rest = re.findall("{[^}]+}", route.path) or [""]
            if first == "{study}":
                path = route.path.replace(first, "{}")
                for each in rest:
                    path = path.replace(each, "needs" if each == "{partner}" else "none")
                found.append(path)
    assert len(found) > 25
    return found


@contextmanager
def counted(guard: Guarded) -> Iterator[list[str]]:
    """Note the statements that the database is asked."""
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    engine = guard.bench.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("export")) as made:
        yield made


def test_the_files_of_a_study_are_exported_to_its_owners_alone(guard: Guarded) -> None:
    own: TestClient = guard.program(guard.person("owner", "analyst"))
    other = guard.program(guard.person("other", "administrator", guard.elsewhere))
    file = {"file": ("own.zip", archive('title_zh = "我"\ntitle_en = "mine"\n'))}
    key = own.post("/api/v1/studies", files=file).json()["study"]
    assert own.get(f"/api/v1/studies/{key}/files").content[:2] == b"PK"
    refused = [other.get(f"/api/v1/studies/{each}/files") for each in (key, NEVER)]
    assert [each.status_code for each in refused] == [404, 404]
    assert refused[0].text.replace(key, NEVER) == refused[1].text
    assert len(list(guard.bench.folder.glob("organisations/*/studies/*"))) == 1
    assert guard.here in str(next(iter(guard.bench.folder.glob("organisations/*"))))
