"""A database that goes away and comes back: everybody is told meanwhile, nothing starts anew."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests import databases
from tests.api.people import CHEAP, PASSWORD, SITE
from tests.api.test_worker import ask, now, working
from yanzhen.api.accounts import OPEN_TO_ALL, Accounts
from yanzhen.api.app import make_app
from yanzhen.api.problem_details import MEDIA_TYPE
from yanzhen.api.workbench import Workbench
from yanzhen.store.jobs.job import ENDED
from yanzhen.store.jobs.limits import Limits
from yanzhen.store.people.api_tokens import make_token
from yanzhen.store.people.persons import add_organisation, add_person
from yanzhen.store.people.viewer import Viewer
from yanzhen.web.accounts import Demanded, add_accounts
from yanzhen.web.broken import broken_page, explain_failures

BRIEF = Limits(seconds_of={"plan": 0.2})
PROJECT = {
    **{"name": "SYNTHETIC", "industry": "C38", "origin": "310000", "destination": "340000"},
    **{"investment": 1.0, "state": "signed", "state_on": "2027-03-01"},
}


# Kept whole: before, without and after the database, of one server that runs all the while.
def test_everybody_waits_for_a_database_that_is_gone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = databases.new_server()
    server.run("CREATE DATABASE yanzhen")
    bench = Workbench(tmp_path / "store", (), server.url("yanzhen"), slots=0)
    try:
        database = bench.database
        organisation = add_organisation(database, "H")
        ada = (organisation, "ada", "", "planner", PASSWORD, CHEAP)
        viewer = Viewer(add_person(database, None, *ada), organisation, "planner")
        token = make_token(database, viewer, "test", ("read", "write"))
        app = make_app(bench)
        add_accounts(app, database, "en", Demanded(None, CHEAP))
        explain_failures(app)
        guarded = Accounts(app, database, OPEN_TO_ALL, broken_page)
        said_once = {"Authorization": f"Bearer {token}", "Idempotency-Key": "once"}
        program = TestClient(guarded, base_url=SITE, headers=said_once)
        browser = TestClient(guarded, base_url=SITE, follow_redirects=False)
        credentials = {"login": "ada", "password": PASSWORD}
        assert browser.post("/login", data=credentials).status_code == 303

        with working(database, tmp_path, BRIEF) as worker:
            server.stop()
            for answer in (
                program.get("/api/v1/studies"),
                program.get("/api/v1/jobs"),
                program.post("/api/v1/projects", json={"projects": [PROJECT]}),
                browser.get("/api/v1/projects"),
            ):
                assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
                assert answer.headers["content-type"] == MEDIA_TYPE
                assert answer.json()["type"].endswith("/problems/unavailable")
            assert program.get("/api/v1/openapi.json").status_code == 200
            for page in (
                browser.get("/account"),
                browser.post("/account/tokens"),
                browser.post("/login", data=credentials),
            ):
                assert page.status_code == 503 and int(page.headers["retry-after"]) > 0
                assert page.headers["content-type"].startswith("text/html")
                assert "数据库暂时无法访问" in page.text and "Nothing entered is lost" in page.text
            worker.until(lambda: "does not answer" in caplog.text)

            server.start()
            made = program.post("/api/v1/projects", json={"projects": [PROJECT]})
            again = program.post("/api/v1/projects", json={"projects": [PROJECT]})
            assert made.status_code == 201 and again.json() == made.json()
            assert len(program.get("/api/v1/projects").json()["items"]) == 1
            assert browser.get("/account").status_code == 200
            job = ask(database)
            worker.until(lambda: now(database, job).state in ENDED)
            assert now(database, job).state == "failed"
    finally:
        bench.close()
        server.remove()
