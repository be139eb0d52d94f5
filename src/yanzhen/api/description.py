"""The description of the API (OpenAPI): what the routes declare, with examples and common headers.

The examples are answers of a server about the small study of the tests, shortened;
`scripts/make_api_examples.py` writes them.
"""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from yanzhen.api.models import ProblemDetails
from yanzhen.api.problem_details import MEDIA_TYPE, PROBLEMS, USUAL_KIND
from yanzhen.api.responses import refused

ABOUT = """What Yanzhen knows of studies, plans and their analyses, and long work as jobs.

Refusals are problem details (RFC 9457), in English and Chinese. Lists come a page at a time:
`limit` items, and `next` (also in the header Link), which is given as `after` to get the page
behind. Answers about results carry an ETag. A POST with an `Idempotency-Key` is done once."""
TAGS = {
    "studies": "Tables of figures and what is wrong with them",
    "imports": "Files as offices have them, made into studies",
    "plans": "Market-clearing plans: findings, tables, pictures, reports, rankings",
    "scenarios": "What policies change in a plan",
    "contracts": "Sharing of benefits between two places",
    "technologies": "Achievements matched with partners",
    "jobs": "Long work",
    "deals": "Deals between organisations: what happened, terms, tasks, comments, documents",
    "projects": "Projects of an organisation and what becomes of them",
    "people": "Persons of an organisation",
    "tokens": "Tokens of one's own programs",
    "exchange": "What is listed, what it costs at clearing prices, who is introduced to whom",
    "agreements": "Agreements that are settled: payments, statements, signatures, transfers",
    "notices": "What one's organisation was told, what one has read, what comes by e-mail",
    "webhooks": "Where an organisation's programs are told of notices",
    "statistics": "Statistics of the exchange that tell of no single enterprise",
    "audit": "What was changed, by whom",
    "server": "The server itself",
}
EVERYWHERE = {
    **refused(401, "The server asks who you are."),
    **refused(403, "Your role or token does not allow this."),
    **refused(503, "The database does not answer; ask again after Retry-After."),
}
WRITING = refused(409, "The first request with this idempotency key is still at work.")
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text of the sender's own, as a UUID. Asked again within 24 hours with "
    "the same key and content, the first answer is given again and nothing is done twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x21-\x7e]+$"},
    "example": "5f0c1d6e-9a36-4f0b-9d6b-1f6f0d0c7a55",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETag of the answer that the reader has",
    "schema": {"type": "string"},
    "example": 'W/"0f3c9d21aa54-1b2c3d4e"',
}
ETAG = {"description": "Version of the result", "schema": {"type": "string"}}
LINK = {"description": "The next page (RFC 8288)", "schema": {"type": "string"}}
METHODS = ("get", "post", "put", "patch", "delete")
REFERENCE = "#/components/examples/"


def describe(app: FastAPI) -> None:
    """Let an application describe itself with examples and common headers."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = description(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def description(app: FastAPI) -> dict[str, Any]:
    """Return the description of an application."""
    used = {str(tag) for route in app.routes for tag in getattr(route, "tags", [])}
    said = get_openapi(
        title=app.title,
        version=app.version,
        description=ABOUT,
        routes=app.routes,
        tags=[
            {"name": name, "description": TAGS.get(name, f"The analysis {name}")}
            for name in sorted(used, key=[*TAGS, *sorted(used - TAGS.keys())].index)
        ],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    _add_problem_details(said)
    for method, operation in operations(said):
        _declare_common(method, operation)
        _add_examples(operation)
    return said


def operations(said: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the method and the declaration of every operation of a description."""
    for path in said["paths"].values():
        for method, operation in path.items():
            if method in METHODS:
                yield method, operation


@cache
def examples() -> dict[str, Any]:
    """Return the examples: of parameters by name, of operations by their identity."""
    text = files("yanzhen.api").joinpath("examples.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _add_problem_details(said: dict[str, Any]) -> None:
    """Add the form of problem details, in place of that of FastAPI's own refusals."""
    components = said["components"]
    template = "#/components/schemas/{model}"
    form = ProblemDetails.model_json_schema(by_alias=True, ref_template=template)
    components["schemas"] |= {**form.pop("$defs"), "ProblemDetails": form}
    for own in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(own, None)
    components["examples"] = {
        kind: {"value": _example_problem(status, kind)} for status, kind in USUAL_KIND.items()
    }


def _example_problem(status: int, kind: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": f"{PROBLEMS}/{kind}",
        **examples()["problems"][str(status)],
        "status": status,
    }
    if status == 422:
        said["errors"] = [
            {"in": "query", "pointer": "#/lang", "detail": "Input should be 'zh' or 'en'"}
        ]
    return said


def _declare_common(method: str, operation: dict[str, Any]) -> None:
    responses, parameters = operation["responses"], operation.setdefault("parameters", [])
    for status, answer in EVERYWHERE.items():
        responses.setdefault(str(status), answer)
    if method == "post":
        parameters.append(IDEMPOTENCY_KEY)
        for status, answer in WRITING.items():
            responses.setdefault(str(status), answer)
    if "304" in responses:
        parameters.append(IF_NONE_MATCH)
        responses["200"].setdefault("headers", {})["ETag"] = ETAG
    if any(each["name"] == "after" for each in parameters):
        responses["200"].setdefault("headers", {})["Link"] = LINK
    for status, answer in responses.items():
        content = answer.get("content", {})
        for media_type, form in content.items():
            form.setdefault("schema", _form_of(media_type))
        if MEDIA_TYPE in content:
            content.pop("application/json", None)
        if status == "422" and MEDIA_TYPE not in content:
            responses[status] = refused(422, "Wrong parameters.")[422]


def _form_of(media_type: str) -> dict[str, str]:
    """The form of what is sent as a file."""
    is_text = media_type.startswith("text/") or media_type == "application/toml"
    return {"type": "string"} if is_text else {"type": "string", "format": "binary"}


def _add_examples(operation: dict[str, Any]) -> None:
    """Add an example of each parameter, of the body, and of each answer that is text."""
    common, every = examples(), examples()["operations"]
    name = operation["operationId"]
    # Findings, tables and pictures have one form, whatever they are of.
    alike = f"plan_{name.rpartition('_')[2]}"
    own = every.get(name) or every.get(alike, {})
    known = common["parameters"] | own.get("parameters", {})
    for parameter in operation["parameters"]:
        if "example" not in parameter and parameter["name"] in known:
            parameter["example"] = known[parameter["name"]]
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        if media_type in own.get("request", {}):
            content["example"] = own["request"][media_type]
    answers = every.get(alike, {}).get("response", {}) | own.get("response", {})
    for status, answer in operation["responses"].items():
        for media_type, content in answer.get("content", {}).items():
            if media_type == MEDIA_TYPE:
                kind = USUAL_KIND[int(status)]
                content["examples"] = {kind: {"$ref": f"{REFERENCE}{kind}"}}
            elif media_type in answers:
                content["example"] = answers[media_type]
