"""Why a request was not answered, as problem details (RFC 9457), in both languages."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.phrasebook import Phrasebook
from yanzhen.report.analyses.analysis import NotThere
from yanzhen.store.database.connection import Unavailable
from yanzhen.store.people.refusals import NotThere as NobodyThere
from yanzhen.store.people.refusals import NoUse, PeopleError, Taken, TooManyAttempts
from yanzhen.study import Problem

MEDIA_TYPE = "application/problem+json"
PROBLEMS = "/api/v1/problems"
"""Below it each type of problem has a page."""
PHRASES = Phrasebook("yanzhen.api")
USUAL_KIND = {
    400: "unreadable",
    401: "not-logged-in",
    403: "not-allowed",
    404: "not-found",
    405: "no-such-method",
    409: "conflict",
    412: "changed-meanwhile",
    413: "too-large",
    415: "wrong-media",
    422: "wrong-request",
    428: "no-version",
    429: "too-many",
    500: "fault",
    501: "lacking",
    503: "unavailable",
}
"""The type of a problem by its status, where it is not told apart further."""
AGAIN_AFTER = 2
"""Seconds after which a database that did not answer may be asked again."""

MOST_NAMED, LONGEST_SAID = 100, 500
"""Fields that a request is told of, and characters of what is said of each."""


class Refusal(Exception):
    """A request that cannot be answered.

    Parameters
    ----------
    status : of HTTP
    title, title_zh : what is the matter, in one sentence
    problems : every problem of a study, where that is the reason
    kind : type of the problem, one of the words below `problem`; by the status where none is given
    errors : what of the request is wrong: in, pointer, detail
    retry_after : seconds after which asking again may help
    """

    # Kept wide: what an answer says, each by its name.
    def __init__(
        self,
        status: int,
        title: str,
        title_zh: str,
        problems: Sequence[Problem] = (),
        kind: str = "",
        errors: Sequence[Mapping[str, str]] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.title_zh = title_zh
        self.problems = tuple(problems)
        self.kind = kind or ("study-problems" if problems else USUAL_KIND[status])
        self.errors = tuple(errors)
        self.retry_after = retry_after

    def said(self, lang: str) -> str:
        return self.title_zh if lang == "zh" else self.title


@contextmanager
def refused_where_not_cleared() -> Iterator[None]:
    """Turn a market that cannot clear into a refusal that says what is short (409)."""
    try:
        yield
    except NoPrices as error:
        raise uncleared(error) from None


def uncleared(error: NoPrices) -> Refusal:
    """Return a market that cannot clear as a refusal."""
    return Refusal(409, error.text("en"), error.text("zh"))


def refusal_of(error: Exception) -> Refusal:
    """Return what a reader is told of an error: a fault of ours says nothing of itself."""
    match error:
        case Refusal():
            return error
        case NoPrices():
            return uncleared(error)
        case PeopleError():
            return refusal_of_people(error)
        case NotThere():
            return Refusal(404, *error.words)
        case Unavailable():
            return Refusal(
                503,
                "The database does not answer at the moment; ask again shortly.",
                "数据库暂时无法访问，请稍后重试。",
                retry_after=AGAIN_AFTER,
            )
        case _:
            return Refusal(
                500,
                "The server failed here. The fault is in its log; nothing entered is lost.",
                "服务器处理时出错。错误已记入服务日志，已录入的内容不受影响。",
            )


def refusal_of_people(error: PeopleError) -> Refusal:
    """Return what was wrong about people as a refusal that names the field."""
    if isinstance(error, TooManyAttempts):
        return Refusal(429, *error.words, retry_after=error.wait)
    if isinstance(error, NoUse):
        return Refusal(409, *error.words)
    if isinstance(error, NobodyThere):
        return Refusal(404, *error.words)
    detail, _ = error.words
    field = {"in": "body", "pointer": pointer([error.field]), "detail": detail}
    status = 409 if isinstance(error, Taken) else 422
    return Refusal(status, *error.words, errors=[field] if error.field else [])


async def answered(request: Request, error: Exception) -> JSONResponse:
    """Answer a request that ended in an error."""
    return answer_to(error, request.scope.get("root_path", ""))


def answer_to(error: Exception, root: str = "") -> JSONResponse:
    """Return an error as problem details.

    Parameters
    ----------
    root : path in front of every address, as a reader sees them
    """
    refusal = refusal_of(error)
    wait = refusal.retry_after
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return JSONResponse(details(refusal, root), refusal.status, headers, MEDIA_TYPE)


def details(refusal: Refusal, root: str = "") -> dict[str, Any]:
    """Return a refusal as the members of problem details."""
    said: dict[str, Any] = {
        "type": f"{root}{PROBLEMS}/{refusal.kind}",
        "title": refusal.title,
        "title_zh": refusal.title_zh,
        "status": refusal.status,
    }
    if refusal.errors:
        said["errors"] = [dict(each) for each in refusal.errors]
    if refusal.problems:
        said["problems"] = [asdict(problem) for problem in refusal.problems]
    return said


async def unread(request: Request, error: Exception) -> JSONResponse:
    """Answer a request that could not be read at all, or that no address takes."""
    assert isinstance(error, HTTPException)
    titles = {404: "没有这个地址。", 405: "这个地址不接受这种请求。"}
    status = error.status_code
    refusal = Refusal(
        status,
        str(error.detail),
        titles.get(status, "请求无法读取。"),
        kind=USUAL_KIND.get(status, "unreadable"),
    )
    answer = answer_to(refusal, request.scope.get("root_path", ""))
    answer.headers.update(error.headers or {})
    return answer


async def misread(request: Request, error: Exception) -> JSONResponse:
    """Answer a request whose parameters or body are not as declared, naming the first of them.

    What was sent is not sent back: however long it is, its beginning says which it was.
    """
    assert isinstance(error, RequestValidationError)
    errors = [
        {
            "in": str(where),
            "pointer": _begun(pointer(_in_body(error.body, at))),
            "detail": _begun(each["msg"]),
        }
        for each in error.errors()[:MOST_NAMED]
        for where, *at in [each["loc"]]
    ]
    refusal = Refusal(422, "The request is not as declared.", "请求与声明不符。", errors=errors)
    return answer_to(refusal, request.scope.get("root_path", ""))


def _begun(said: str) -> str:
    return said if len(said) <= LONGEST_SAID else f"{said[:LONGEST_SAID]}…"


def _in_body(body: Any, parts: Sequence[str | int]) -> list[str | int]:
    """Leave out which of several forms was read, which is no place in the body.

    The last part stays: it may be that of a field that is missing.
    """
    kept: list[str | int] = []
    for number, part in enumerate(parts, start=1):
        in_list = isinstance(body, list) and isinstance(part, int) and part < len(body)
        there = in_list or (isinstance(body, dict) and part in body)
        if there:
            body = body[part]
        if there or number == len(parts):
            kept.append(part)
    return kept


def pointer(parts: Sequence[str | int]) -> str:
    """Return a place in JSON as a pointer in a fragment of a URI (RFC 6901)."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "#" + "".join(f"/{part}" for part in escaped)
