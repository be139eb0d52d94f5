"""The page on the client says what happens: its example is run against a server."""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

import yanzhen.client
from yanzhen.api.app import make_app
from yanzhen.api.workbench import Workbench

PAGE = Path(__file__).parents[2] / "docs" / "en" / "reference" / "client.md"
FENCE = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_example_prints_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Workbench(tmp_path, slots=0)
    way: httpx.BaseTransport = TestClient(make_app(bench))._transport
    monkeypatch.setattr(yanzhen.client, "Client", lambda server: CLIENT(server, transport=way))
    (_, code), (_, shown) = FENCE.findall(PAGE.read_text(encoding="utf-8"))
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(code, str(PAGE), "exec"), {"SERVER": "http://testserver"})
    bench.close()
    assert said.getvalue() == shown


CLIENT = yanzhen.client.Client
