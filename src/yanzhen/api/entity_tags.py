"""Which version an answer is of: a reader who has it is told so, and gets nothing anew (RFC 9110).

The tag is the version of the result that is kept and that of Yanzhen; nothing of the answer is
made to find it.
"""

from functools import cache
from pathlib import Path

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yanzhen.pipeline.storage import sources_hash

STATE = "entity_tag"


class NotModified(Exception):
    """A reader has this version.

    Parameters
    ----------
    tag : of the version
    """

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def tagged(request: Request, place: Path) -> None:
    """Say that an answer is of the version of a result that is kept in a folder.

    Raises
    ------
    NotModified
        The reader has this version.
    """
    tagged_as(request, place.name)


def tagged_as(request: Request, version: str) -> None:
    """Say which version an answer is of.

    Raises
    ------
    NotModified
        The reader has this version.
    """
    # Weak: a workbook says when it was written, and is the same to a reader.
    tag = f'W/"{version}-{_made_by()}"'
    if _held(request.headers.get("if-none-match", ""), tag):
        raise NotModified(tag)
    request.scope["state"][STATE] = tag


async def not_modified(_: Request, error: Exception) -> Response:
    """Answer a reader who has this version."""
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers=_headers(error.tag))


class EntityTags:
    """Put the tag of its version on each answer that has one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def tag_and_send(message: Message) -> None:
            tag = state.get(STATE)
            if message["type"] == "http.response.start" and message["status"] == 200 and tag:
                MutableHeaders(scope=message).update(_headers(tag))
            await send(message)

        await self.app(scope, receive, tag_and_send)


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "private, no-cache"}


def _held(said: str, tag: str) -> bool:
    held = {each.strip().removeprefix("W/") for each in said.split(",")}
    return "*" in held or tag.removeprefix("W/") in held


@cache
def _made_by() -> str:
    return sources_hash()[:8]
