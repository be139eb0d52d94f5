"""What a server refuses, and what goes wrong on the way."""

from collections.abc import Mapping
from typing import Any

import httpx


class ApiError(Exception):
    """A server refused a request.

    Attributes
    ----------
    status : of HTTP
    kind : type of the problem, the last part of its address
    title, title_zh : what is the matter
    errors : what of the request is wrong: in, pointer, detail
    problems : every problem of a study, list or terms
    """

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        self.status = status
        self.kind = str(said.get("type", "")).rpartition("/")[2]
        self.title = str(said.get("title", f"HTTP {status}"))
        self.title_zh = str(said.get("title_zh", self.title))
        self.errors: list[dict[str, str]] = list(said.get("errors", []))
        self.problems: list[dict[str, Any]] = list(said.get("problems", []))
        wrong = [f"{each.get('pointer', '')}: {each.get('detail', '')}" for each in self.errors]
        super().__init__("; ".join([f"{status} {self.title}", *wrong]))


class NoAnswer(Exception):
    """A server did not answer within the time that was allowed."""


class JobFailed(Exception):
    """A job ended without a result; `job` says why."""

    def __init__(self, job: Any) -> None:
        super().__init__(f"{job.kind} {job.state}: {job.error}")
        self.job = job


def error_of(answer: httpx.Response) -> ApiError:
    """Return what a server refused."""
    try:
        said = answer.json()
    except ValueError:
        said = {}
    return ApiError(answer.status_code, said if isinstance(said, dict) else {})
