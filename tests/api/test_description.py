"""The description of the API: every answer has a form and an example, and the examples fit."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient

from yanzhen.api.description import operations
from yanzhen.api.problem_details import MEDIA_TYPE, PHRASES
from yanzhen.api.server_routes import KINDS

Described = dict[str, Any]


@pytest.fixture(scope="module")
def described(client: TestClient) -> Described:
    said: Described = client.get("/api/v1/openapi.json").json()
    return said


def contents(operation: Described) -> Iterator[tuple[str, str, Described]]:
    """Status (empty for the request), media type and content of all that an operation says."""
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        yield "", media_type, content
    for status, answer in operation["responses"].items():
        for media_type, content in answer.get("content", {}).items():
            yield status, media_type, content


def is_file(media_type: str) -> bool:
    """Whether what is sent is no text: of such a file there is no example."""
    return not media_type.startswith("text/") and media_type.rpartition("/")[2] not in (
        *("json", "problem+json", "form-data", "toml"),
    )


def test_every_operation_says_what_it_takes_and_gives_with_an_example(
    described: Described,
) -> None:
    lacking = []
    for _, operation in operations(described):
        name = operation["operationId"]
        if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name):
            lacking.append(f"{name}: not readable")
        if not operation.get("summary") or not operation.get("tags"):
            lacking.append(f"{name}: no summary or no tag")
        succeeds = [status for status in operation["responses"] if status.startswith("2")]
        silent = [
            s for s in succeeds if s != "204" and not operation["responses"][s].get("content")
        ]
        if not succeeds or (silent and not name.endswith(("_report", "get_template"))):
            lacking.append(f"{name}: says not what it answers")
        for status, media_type, content in contents(operation):
            if content.get("schema", {}) == {}:
                lacking.append(f"{name} {status} {media_type}: no form")
            if not is_file(media_type) and not {"example", "examples"} & content.keys():
                lacking.append(f"{name} {status} {media_type}: no example")
        for parameter in operation["parameters"]:
            if parameter["required"] and "example" not in parameter:
                lacking.append(f"{name} {parameter['name']}: no example")
    assert lacking == []


def test_names_of_operations_are_unlike(described: Described) -> None:
    names = [operation["operationId"] for _, operation in operations(described)]
    assert len(names) == len(set(names)) > 60


def test_every_example_fits_its_form(described: Described) -> None:
    wrong = []
    for _, operation in operations(described):
        for status, media_type, content in contents(operation):
            if media_type in ("application/json", MEDIA_TYPE) and "example" in content:
                form = {**content["schema"], "components": described["components"]}
                try:
                    jsonschema.validate(content["example"], form)
                except jsonschema.ValidationError as error:
                    wrong.append((operation["operationId"], status, error.message[:200]))
    assert wrong == []


def test_every_post_takes_an_idempotency_key_and_every_result_a_version(
    described: Described,
) -> None:
    for method, operation in operations(described):
        named = {parameter["name"] for parameter in operation["parameters"]}
        assert ("Idempotency-Key" in named) == (method == "post"), operation["operationId"]
        if "304" in operation["responses"]:
            assert "If-None-Match" in named
            assert "ETag" in operation["responses"]["200"]["headers"]


def test_every_type_of_problem_has_a_page_in_both_languages(client: TestClient) -> None:
    for kind in KINDS:
        page = client.get(f"/api/v1/problems/{kind}")
        en, zh = PHRASES.words(f"problem.{kind}")
        assert page.status_code == 200
        assert en[:20] in page.text and zh[:8] in page.text
    assert client.get("/api/v1/problems/nothing").status_code == 404
