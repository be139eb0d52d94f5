"""Behind a reverse proxy: one page under two spellings of its path, headers of named proxies."""

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from tests.study.small import small_study
from yanzhen.api.app import make_app
from yanzhen.api.proxies import BehindProxies
from yanzhen.api.workbench import Workbench

PROXY = ("10.0.0.5", 5000)
READER = ("192.0.2.7", 5000)
SAID = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "plans.example.org",
    "X-Forwarded-Prefix": "/from-header",
}


def echo() -> FastAPI:
    app = FastAPI()

    @app.get("/zone")
    def zone(request: Request) -> dict[str, Any]:
        forwarded = [key for key in request.headers if key.startswith("x-forwarded")]
        client = request.client.host if request.client else ""
        root = request.scope["root_path"]
        return {"url": str(request.url), "client": client, "root": root, "said": forwarded}

    return app


def answer(served: BehindProxies, path: str, client: tuple[str, int], **headers: str) -> Any:
    reader = TestClient(served, client=client, base_url="http://127.0.0.1:8765")
    return reader.get(path, headers=headers, follow_redirects=False)


@pytest.mark.parametrize("root", ["/yanzhen", "yanzhen/", "/yanzhen/"])
@pytest.mark.parametrize("path", ["/zone", "/yanzhen/zone"])
def test_a_prefix_is_cut_off_by_the_proxy_or_not(root: str, path: str) -> None:
    said = answer(BehindProxies(echo(), root), path, READER).json()
    assert (said["url"], said["root"]) == ("http://127.0.0.1:8765/yanzhen/zone", "/yanzhen")


def test_a_redirect_stays_under_the_prefix() -> None:
    told = answer(BehindProxies(echo(), "/yanzhen"), "/yanzhen/zone/", READER)
    assert told.headers["location"] == "http://127.0.0.1:8765/yanzhen/zone"


@pytest.mark.parametrize("proxies", [["10.0.0.5"], ["10.0.0.0/24"], ["::1", "10.0.0.5"]])
def test_a_named_proxy_is_believed(proxies: list[str]) -> None:
    said = answer(BehindProxies(echo(), "", proxies, ["127.0.0.1"]), "/zone", PROXY, **SAID).json()
    assert said["url"] == "https://plans.example.org/from-header/zone"
    assert (said["client"], said["root"]) == ("203.0.113.9", "/from-header")


@pytest.mark.parametrize("proxies", [[], ["10.0.0.5"]])
def test_nobody_else_is_believed(proxies: list[str]) -> None:
    said = answer(BehindProxies(echo(), "/y", proxies), "/zone", READER, **SAID).json()
    assert said == {
        "url": "http://127.0.0.1:8765/y/zone", "client": READER[0], "root": "/y", "said": []
    }  # fmt: skip


def test_a_name_that_is_not_the_machines_own_is_refused_with_the_header() -> None:
    served = BehindProxies(echo(), "", ["10.0.0.5"], ["127.0.0.1", "localhost", "::1"])
    for host in ("127.0.0.1:8765", "localhost", "[::1]:8765"):
        assert answer(served, "/zone", READER, host=host).status_code == 200
    told = answer(served, "/zone", READER, host="evil.example")
    assert told.status_code == 400
    assert "The header Host says 'evil.example'" in told.json()["title"]
    assert "--proxy" in told.json()["title_zh"]
    # A proxy that says nothing of a reader is a reader.
    assert answer(served, "/zone", PROXY, host="evil.example").status_code == 400


def test_what_is_no_address_is_no_proxy() -> None:
    with pytest.raises(ValueError, match="nginx"):
        BehindProxies(echo(), "", ["nginx"])


def test_uploads_through_a_proxy(tmp_path: Path) -> None:
    bench = Workbench(tmp_path / "store", [str(small_study(tmp_path / "small"))])
    try:
        served = BehindProxies(make_app(bench), "/yanzhen", ["10.0.0.5"], ["127.0.0.1"])
        reader = TestClient(served, client=PROXY, base_url="http://127.0.0.1:8765")
        content = {"file": ("s.xlsx", b"no workbook")}
        from_page = {"Origin": "https://plans.example.org"}
        told = reader.post("/yanzhen/api/v1/studies", files=content, headers=from_page)
        assert told.status_code == 403
        assert "the header Origin says 'https://plans.example.org'" in told.json()["title"]
        by_proxy = {**from_page, "X-Forwarded-Host": "plans.example.org"}
        assert (
            reader.post("/yanzhen/api/v1/studies", files=content, headers=by_proxy).status_code
            == 201
        )
        assert reader.get("/yanzhen/api/v1/studies").status_code == 200
        openapi = reader.get("/api/v1/openapi.json").json()
        assert [server["url"] for server in openapi["servers"]] == ["/yanzhen"]
    finally:
        bench.close()
