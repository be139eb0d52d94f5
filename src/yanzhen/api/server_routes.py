"""Addresses about the server itself: whether it can work, and what its refusals mean."""

from html import escape

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlalchemy import text

from yanzhen import __version__
from yanzhen.api.problem_details import PHRASES, PROBLEMS, USUAL_KIND, Refusal
from yanzhen.api.responses import REFUSALS, Responses, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.store.database.connection import Unavailable

KINDS = tuple(dict.fromkeys([*USUAL_KIND.values(), "key-at-work", "key-used", "study-problems"]))
TAGS: Tags = ["server"]


class Health(BaseModel):
    """Whether a server can work."""

    version: str = Field(description="Of Yanzhen")
    database: bool = Field(description="Whether the database answers")
    worker: bool | None = Field(
        description="Whether this process's worker for jobs lives; null where none was begun yet, "
        "or another process minds it"
    )


UNHEALTHY: Responses = {503: {"model": Health, "description": "The server cannot work now."}}


def add_server(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses about the server."""

    @app.get("/api/v1/health", responses=UNHEALTHY, tags=TAGS)
    def get_health(response: Response) -> Health:
        """Return whether the server can work: its database answers, and its worker lives."""
        found = health(bench)
        if not found.database or found.worker is False:
            response.status_code = 503
        return found

    @app.get(f"{PROBLEMS}/{{kind}}", response_class=HTMLResponse, responses=REFUSALS, tags=TAGS)
    def about_problem(kind: str) -> str:
        """Return a page about a type of problem: what it means, and what can be done."""
        if kind not in KINDS:
            raise Refusal(404, f"There is no problem {kind!r}.", f"没有问题类型“{kind}”。")
        en, zh = PHRASES.words(f"problem.{kind}")
        return (
            f"<!doctype html><html lang=en><meta charset=utf-8><title>{kind}</title>"
            f"<main><h1>{kind}</h1><p>{escape(en)}</p><p lang=zh>{escape(zh)}</p></main></html>"
        )


def health(bench: Workbench) -> Health:
    """Return whether a server can work."""
    try:
        with bench.database.reading() as connection:
            connection.execute(text("SELECT 1"))
        answers = True
    except Unavailable:
        answers = False
    process = bench.worker.process
    lives = None if process is None else process.poll() is None
    return Health(version=__version__, database=answers, worker=lives)
