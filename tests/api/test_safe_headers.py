"""What every answer tells a browser, and how much a request may bring."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from fastapi.testclient import TestClient

from tests.api.people import CHEAP, Guarded, guarded
from yanzhen.api.accounts import OPEN_TO_ALL, Accounts
from yanzhen.api.body_size import LARGEST_LOGIN, BodySize
from yanzhen.api.logs import for_uvicorn
from yanzhen.api.proxies import BehindProxies
from yanzhen.api.safe_headers import SafeHeaders
from yanzhen.api.serving import Served, application_of
from yanzhen.web.accounts import Demanded, add_accounts

IN_JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("headers")) as made:
        add_accounts(made.app, made.bench.database, "en", Demanded(None, CHEAP))
        yield made


@pytest.fixture(scope="module")
def served(guard: Guarded) -> BehindProxies:
    return application_of(Served(".", accounts=True), guard.bench)


def reader(app: Any, base: str = "http://127.0.0.1") -> TestClient:
    return TestClient(app, base_url=base, follow_redirects=False)


def program(guard: Guarded, login: str, around: Any) -> TestClient:
    """Return a program of an administrator, before the API in something else."""
    token = guard.program(guard.person(login, "administrator")).headers["authorization"]
    return TestClient(around(guard.served), headers={"authorization": token, **IN_JSON})


@pytest.mark.parametrize("path", ["/api/v1/health", "/api/v1/studies", "/nowhere", "/api/v1/x"])
def test_every_answer_of_the_api_is_for_programs_alone(served: BehindProxies, path: str) -> None:
    said = reader(served).get(path).headers
    assert said["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert said["x-content-type-options"] == "nosniff"
    assert said["referrer-policy"] == "same-origin"
    assert said["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in said["permissions-policy"]
    assert "strict-transport-security" not in said


def test_nobody_keeps_what_the_api_tells_unless_it_can_be_asked_anew(guard: Guarded) -> None:
    kept = program(guard, "kept", SafeHeaders)
    assert kept.get("/api/v1/people").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_a_method_that_nothing_takes_is_refused(guard: Guarded, method: str) -> None:
    answer = program(guard, method.casefold(), SafeHeaders).request(method, "/api/v1/studies")
    assert answer.status_code == 405 and "authorization" not in answer.text.casefold()


def test_a_host_of_another_name_is_refused_as_safely(served: BehindProxies) -> None:
    answer = reader(served, "http://evil.example").get("/api/v1/health")
    assert answer.status_code == 400 and answer.headers["x-content-type-options"] == "nosniff"


def test_over_https_a_browser_comes_back_over_https(served: BehindProxies) -> None:
    said = reader(served, "https://127.0.0.1").get("/api/v1/health").headers
    assert said["strict-transport-security"] == "max-age=31536000"
    tried = reader(served, "https://localhost").get("/api/v1/health").headers
    assert "strict-transport-security" not in tried


def pages() -> FastAPI:
    app = FastAPI()

    @app.get("/zone")
    @app.get("/login")
    def page() -> HTMLResponse:
        return HTMLResponse("<h1>page</h1>")

    @app.get("/api/v1/picture")
    def picture() -> Response:
        return Response("<svg/>", media_type="image/svg+xml")

    @app.get("/api/v1/document")
    def document() -> Response:
        headers = {"Content-Security-Policy": "sandbox"}
        return Response(b"%PDF", media_type="application/pdf", headers=headers)

    return app


def policy_of(path: str) -> dict[str, str]:
    said = reader(SafeHeaders(pages())).get(path).headers["content-security-policy"]
    parts = (part.strip().partition(" ") for part in said.split(";"))
    return {name: value for name, _, value in parts}


def test_a_page_loads_nothing_from_elsewhere_and_stands_in_no_frame() -> None:
    policy = policy_of("/zone")
    assert policy["default-src"] == "'self'" and policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert not any(
        ":" in value.replace("data:", "").replace("blob:", "") for value in policy.values()
    )


def test_what_is_asked_for_to_be_embedded_may_be_but_for_forms_about_persons() -> None:
    assert "frame-ancestors" not in policy_of("/zone?embed=1")
    assert policy_of("/zone?embed=10")["frame-ancestors"] == "'none'"
    assert policy_of("/login?embed=1")["frame-ancestors"] == "'none'"


def test_a_picture_runs_nothing_and_a_document_keeps_its_own_policy() -> None:
    assert "script-src" not in policy_of("/api/v1/picture")
    assert policy_of("/api/v1/picture")["default-src"] == "'none'"
    assert policy_of("/api/v1/document") == {"sandbox": "", "frame-ancestors": "'none'"}


def test_pages_of_forms_run_their_one_script_alone(guard: Guarded) -> None:
    page = guard.browser().get("/login")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy and policy.count("sha256-") == 1 == page.text.count("<script")
    assert " on" not in page.text.replace(" on ", "") and "style=" not in page.text


def test_the_server_does_not_say_what_it_is() -> None:
    assert for_uvicorn()["server_header"] is False


def test_what_nobody_logs_in_for_takes_little(guard: Guarded) -> None:
    app = BodySize(Accounts(guard.app, guard.bench.database, OPEN_TO_ALL))
    much = {"login": "x" * LARGEST_LOGIN, "password": "y"}
    answer = reader(app).post("/login", data=much)
    assert answer.status_code == 413 and "64 kB" in answer.json()["title"]


def test_a_request_that_does_not_say_how_much_it_brings_is_stopped_on_the_way(
    guard: Guarded,
) -> None:
    much = program(guard, "much", lambda app: BodySize(app, 1000))
    sent = iter([b'{"name": "', b"x" * 2000, b'"}'])
    answer = much.post("/api/v1/tokens", content=sent)
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    "typed", ["' OR 1=1 --", "%", "_", '" OR "a', "NEAR(a b)", "*", "\\", "a;b"]
)
def test_words_of_search_are_words_whatever_they_hold(guard: Guarded, typed: str) -> None:
    searching = program(guard, f"search-{len(typed)}-{ord(typed[0])}", SafeHeaders)
    named = {"name": "SYNTHETIC glass", "industry": "06", "origin": "1", "destination": "2"}
    entered = {**named, "investment": 1.0, "state": "signed", "state_on": "2027-03-01"}
    assert searching.post("/api/v1/projects", json={"projects": [entered]}).status_code == 201
    for address, name in (("projects", "holding"), ("exchange/listings", "holding")):
        answer = searching.get(f"/api/v1/{address}", params={name: typed})
        assert answer.status_code == 200, answer.text
        assert answer.json()["items"] == []
    assert searching.get("/api/v1/projects", params={"holding": "glass"}).json()["items"]


def test_json_nested_without_end_is_refused(guard: Guarded) -> None:
    deep = "[" * 100_000
    answer = program(guard, "nested", BodySize).post("/api/v1/tokens", content=deep)
    assert answer.status_code in (400, 422), answer.text
    assert json.loads(answer.text)["title"]
