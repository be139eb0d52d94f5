"""Why a request was not answered, as problem details (RFC 9457), in both languages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.report.analyses.analysis import NotThere
from yanzhen.study import Problem

MEDIA_TYPE = "application/problem+json"


class Refusal(Exception):
    """A request that cannot be answered.

    Parameters
    ----------
    status : of HTTP
    title, title_zh : what is the matter, in one sentence
    problems : every problem of a study, where that is the reason
    """

    def __init__(
        self, status: int, title: str, title_zh: str, problems: Sequence[Problem] = ()
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.title_zh = title_zh
        self.problems = tuple(problems)

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
        case NotThere():
            zh, en = error.said
            return Refusal(404, en, zh)
        case _:
            return Refusal(
                500,
                "The server failed here. The fault is in its log; nothing entered is lost.",
                "服务器处理时出错。错误已记入服务日志，已录入的内容不受影响。",
            )


async def answered(request: Request, error: Exception) -> JSONResponse:
    """Answer a request that ended in an error."""
    return await refused(request, refusal_of(error))


def details(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as the members of problem details."""
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": refusal.title,
        "title_zh": refusal.title_zh,
        "status": refusal.status,
    }
    if refusal.problems:
        said["problems"] = [asdict(problem) for problem in refusal.problems]
    return said


async def refused(_: Request, error: Exception) -> JSONResponse:
    """Answer a request that was refused."""
    assert isinstance(error, Refusal)
    return JSONResponse(details(error), error.status, media_type=MEDIA_TYPE)


async def unread(_: Request, error: Exception) -> JSONResponse:
    """Answer a request that could not be read at all, or that no address takes."""
    assert isinstance(error, HTTPException)
    titles = {404: "没有这个地址。", 405: "这个地址不接受这种请求。"}
    refusal = Refusal(
        error.status_code, str(error.detail), titles.get(error.status_code, "请求无法读取。")
    )
    return JSONResponse(
        details(refusal), error.status_code, headers=error.headers, media_type=MEDIA_TYPE
    )


async def misread(_: Request, error: Exception) -> JSONResponse:
    """Answer a request whose parameters or body are not as declared, naming every one."""
    assert isinstance(error, RequestValidationError)
    said = details(Refusal(422, "The request is not as declared.", "请求与声明不符。"))
    said["errors"] = [
        {"where": ".".join(str(part) for part in each["loc"]), "message": each["msg"]}
        for each in error.errors()
    ]
    return JSONResponse(said, 422, media_type=MEDIA_TYPE)
