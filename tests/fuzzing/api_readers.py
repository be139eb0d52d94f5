"""What programs send to the API, and words that people search by, on a workbench of its own."""

import atexit
import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from tests.fuzzing.reader import Reader
from tests.study.small import small_study
from yanzhen.api.app import make_app
from yanzhen.api.workbench import Workbench

WORDS = ("合成 plan", 'a"b*', "AND OR NOT", "ａ％_\\", "(x) <-> y:*")
FILLED = {"study": "small", "number": "1", "version": "1", "lang": "en"}
NAME = "a" * 32


class Failed(Exception):
    """An answer that says that the server itself failed."""


@cache
def _client() -> tuple[TestClient, tuple[tuple[str, str], ...]]:
    place = tempfile.TemporaryDirectory()
    atexit.register(place.cleanup)
    folder = Path(place.name)
    bench = Workbench(folder / "store", [str(small_study(folder / "small"))], slots=0)
    atexit.register(bench.close)
    app = make_app(bench)
    return TestClient(app), operations(app.openapi())


def operations(description: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Method and path of whatever takes JSON, in order."""
    return tuple(
        (method, path)
        for path, each in sorted(description["paths"].items())
        for method, said in sorted(each.items())
        if "application/json" in said.get("requestBody", {}).get("content", {})
    )


def send_body(content: bytes, folder: Path) -> object:
    """Send bytes as JSON; the first chooses the operation."""
    del folder
    client, sent = _client()
    method, path = sent[content[0] % len(sent) if content else 0]
    for part in path.split("/"):
        if part.startswith("{"):
            path = path.replace(part, FILLED.get(part.strip("{}"), NAME))
    answer = client.request(
        method, path, content=content[1:], headers={"content-type": "application/json"}
    )
    if answer.status_code >= 500 and answer.status_code != 503:
        raise Failed(f"{method} {path}: {answer.status_code} {answer.text}")
    return answer.status_code


def search(content: bytes, folder: Path) -> object:
    """Search listings and projects by words."""
    del folder
    client, _ = _client()
    said = content.decode("utf-8", "replace")
    for path, name in (("/api/v1/exchange/listings", "said"), ("/api/v1/projects", "contains")):
        answer = client.get(path, params={name: said})
        if answer.status_code >= 500:
            raise Failed(f"{path} {said!r}: {answer.status_code} {answer.text}")
    return None


@cache
def bodies() -> tuple[bytes, ...]:
    """Small bodies of every operation, made from what the description says of them."""
    client, sent = _client()
    description = client.app.openapi()  # type: ignore[attr-defined]
    made = []
    for number, (method, path) in enumerate(sent):
        body = description["paths"][path][method]["requestBody"]["content"]["application/json"]
        said = body.get("example", _of(body["schema"], description, 0))
        made.append(bytes([number]) + json.dumps(said, ensure_ascii=False).encode())
    return tuple(made)


def _of(schema: dict[str, Any], description: dict[str, Any], depth: int) -> object:
    """A value of a schema."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _of(description["components"]["schemas"][name], description, depth + 1)
    if "examples" in schema:
        return schema["examples"][0]
    if depth > 8:
        return None
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _of(schema[several][0], description, depth + 1)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {
                name: _of(each, description, depth + 1)
                for name, each in schema.get("properties", {}).items()
            }
        case "array":
            return [_of(schema.get("items", {}), description, depth + 1)]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
    return "2020-01-01"


READERS: Mapping[str, Reader] = {
    "api_body": Reader(send_body, ()),
    "search": Reader(search, ()),
}
