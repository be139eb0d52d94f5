"""Files that never change are read and compressed once, all else each time."""

import gzip

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from yanzhen.web import kept_files
from yanzhen.web.kept_files import KeptFiles

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
TEXT = "雁阵" * 1000


def kept(asked: list[str], headers: dict[str, str], status: int = 200) -> TestClient:
    def answer(request: Request) -> Response:
        asked.append(str(request.url.path))
        return Response(TEXT, status, headers, "text/javascript; charset=utf-8")

    return TestClient(KeptFiles(Starlette(routes=[Route("/{path:path}", answer)])))


def test_a_file_that_never_changes_is_asked_for_once_and_compressed() -> None:
    asked: list[str] = []
    browser = kept(asked, FOREVER)
    for _ in range(3):
        packed = browser.get("/assets/1/a.js")
        assert packed.text == TEXT
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["vary"] == "Accept-Encoding"
        assert packed.headers["cache-control"] == FOREVER["Cache-Control"]
        assert packed.headers["content-type"] == "text/javascript; charset=utf-8"
        size = int(packed.headers["content-length"])
        assert size == len(gzip.compress(TEXT.encode(), 9, mtime=0))
        plain = browser.get("/assets/1/a.js", headers={"accept-encoding": "identity"})
        assert plain.text == TEXT
        assert "content-encoding" not in plain.headers
    assert asked == ["/assets/1/a.js"] * 2
    assert browser.get("/assets/1/b.js").text == TEXT
    assert asked[-1] == "/assets/1/b.js"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/assets/a.js", {"Cache-Control": "public, max-age=60"}, 200),
        ("/assets/a.js", {}, 200),
        ("/assets/a.js", {**FOREVER, "Set-Cookie": "a=b"}, 200),
        ("/assets/a.js", FOREVER, 404),
        ("/api/v1/plans", FOREVER, 200),
    ],
)
def test_what_may_change_is_asked_for_each_time(
    path: str, headers: dict[str, str], status: int
) -> None:
    asked: list[str] = []
    browser = kept(asked, headers, status)
    for _ in range(2):
        before = len(asked)
        answer = browser.get(path)
        assert (answer.status_code, answer.text) == (status, TEXT)
        assert len(asked) > before


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "MOST", 0)
    asked: list[str] = []
    browser = kept(asked, FOREVER)
    for name in ("a", "b", "b"):
        assert browser.get(f"/assets/{name}.js").text == TEXT
    # The first went beyond the bound, so that the next are not kept.
    assert asked.count("/assets/a.js") == 1
    assert asked.count("/assets/b.js") > 2
