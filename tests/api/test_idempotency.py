"""A POST with an idempotency key is done once, whoever sends it again."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Response, UploadFile
from fastapi.testclient import TestClient

from yanzhen.api.app import make_app
from yanzhen.api.idempotency import Idempotency
from yanzhen.api.workbench import Workbench
from yanzhen.store.database.connection import Database, Unavailable

KEY = {"Idempotency-Key": "5f0c1d6e"}


def counting(database: Callable[[], Database], status: int = 201) -> tuple[FastAPI, list[bytes]]:
    """An application that counts what it does."""
    app, done = FastAPI(), []
    app.add_middleware(Idempotency, database=database)

    @app.post("/things")
    def make(file: UploadFile) -> Response:
        done.append(file.file.read())
        return Response(str(len(done)), status, media_type="text/plain")

    @app.post("/secrets")
    def tell() -> Response:
        done.append(b"")
        return Response("secret", 201, {"Cache-Control": "no-store"})

    return app, done


def sent(client: TestClient, content: bytes = b"a\nb", headers: Any = KEY) -> httpx.Response:
    answer: httpx.Response = client.post("/things", files={"file": content}, headers=headers)
    return answer


def test_the_same_request_is_done_once_and_answered_alike(database: Database) -> None:
    app, done = counting(lambda: database)
    client = TestClient(app)
    # Each time with another boundary, and larger than what is held in memory.
    content = b"x" * 2_000_000
    first, again = sent(client, content), sent(client, content)
    assert (first.status_code, first.text) == (again.status_code, again.text) == (201, "1")
    assert again.headers["idempotent-replayed"] == "true"
    assert done == [content]
    another = sent(client, b"another")
    assert another.status_code == 422
    assert another.json()["type"].endswith("/key-used")
    assert another.json()["errors"][0]["pointer"] == "#/Idempotency-Key"
    assert sent(client, b"another", {}).text == "2"
    assert sent(client, headers={"Idempotency-Key": "\x7f"}).status_code == 422


def test_what_failed_may_be_asked_again_with_the_same_key(database: Database) -> None:
    app, done = counting(lambda: database, 503)
    client = TestClient(app)
    assert [sent(client).status_code, sent(client).status_code] == [503, 503]
    assert len(done) == 2


def test_a_secret_is_told_once_and_kept_nowhere(database: Database) -> None:
    app, done = counting(lambda: database)
    client = TestClient(app)
    assert client.post("/secrets", headers=KEY).text == "secret"
    again = client.post("/secrets", headers=KEY)
    assert again.status_code == 409 and "secret" not in again.json().values()
    assert len(done) == 1


def test_while_the_first_is_at_work_the_second_waits(database: Database) -> None:
    app = FastAPI()
    begun, may_end = asyncio.Event(), asyncio.Event()

    @app.post("/things")
    async def make() -> str:
        begun.set()
        await may_end.wait()
        return "done"

    app.add_middleware(Idempotency, database=lambda: database)

    async def both() -> tuple[httpx.Response, httpx.Response]:
        way = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=way, base_url="http://test") as client:
            first = asyncio.create_task(client.post("/things", headers=KEY))
            await begun.wait()
            second = await client.post("/things", headers=KEY)
            may_end.set()
            return await first, second

    first, second = asyncio.run(both())
    assert first.json() == "done"
    assert second.status_code == 409 and second.headers["retry-after"] == "1"


def test_a_database_that_is_gone_answers_503_with_when_to_ask_again() -> None:
    def gone() -> Database:
        raise Unavailable("gone")

    app, done = counting(gone)
    answer = sent(TestClient(app))
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert done == []


def test_projects_are_added_once(empty: Workbench) -> None:
    client = TestClient(make_app(empty))
    entered = {
        **{"name": "SYNTHETIC", "industry": "06", "origin": "110000", "destination": "340000"},
        **{"investment": 1.0, "state": "signed", "state_on": "2027-03-01"},
    }
    asked = {"projects": [entered]}
    answers = [client.post("/api/v1/projects", json=asked, headers=KEY).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(client.get("/api/v1/projects").json()["items"]) == 1


@pytest.mark.parametrize("method", ["get", "delete"])
def test_other_requests_take_no_notice_of_a_key(method: str) -> None:
    def gone() -> Database:
        raise Unavailable("gone")

    app, _ = counting(gone)
    assert TestClient(app).request(method, "/things", headers=KEY).status_code == 405
