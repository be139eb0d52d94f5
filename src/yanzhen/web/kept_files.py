"""Files that never change, read and compressed once rather than for each browser that comes."""

import gzip
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDERS = ("/_nicegui/", "/assets/")
NEVER_CHANGES = "immutable"
LEAST = 500
"""Bytes from which compressing is worth it."""
MOST = 64_000_000
"""Bytes that are kept."""


class KeptFiles:
    """Answer for files whose answers say that they never change, from memory once they were asked.

    Parameters
    ----------
    app : that has the files
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[tuple[str, bool], tuple[Message, Message]] = {}
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if not _may_be_kept(scope):
            await self.app(scope, receive, send)
            return
        packed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        name = (_path(scope), packed)
        if name not in self._kept:
            found = await self._asked(scope, receive, packed)
            if found is None or self._size > MOST:
                await self.app(scope, receive, send)
                return
            self._kept[name] = found
            self._size += len(found[1]["body"])
        start, body = self._kept[name]
        # Others add headers to what they send on.
        await send({**start, "headers": list(start["headers"])})
        await send(body)

    async def _asked(
        self, scope: Scope, receive: Receive, packed: bool
    ) -> tuple[Message, Message] | None:
        """Return an answer of the application, compressed; None for one that may change."""
        start: Message = {}
        parts: list[bytes] = []

        async def take(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        # As it stands, so that it is compressed here and well.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self.app({**scope, "headers": plain}, receive, take)
        headers = MutableHeaders(raw=list(start.get("headers", [])))
        if start.get("status") != 200 or not _never_changes(headers):
            return None
        content = b"".join(parts)
        headers["Vary"] = "Accept-Encoding"
        if packed and len(content) >= LEAST:
            content = gzip.compress(content, 9, mtime=0)
            headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(content))
        return (
            {"type": "http.response.start", "status": 200, "headers": headers.raw},
            {"type": "http.response.body", "body": content},
        )


def _may_be_kept(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not _path(scope).startswith(FOLDERS):
        return False
    # Parts of a file, and whether it is that of an address, are for whoever has it.
    asked = Headers(scope=scope)
    return not scope["query_string"] and not {"range", "if-none-match"} & set(asked)


def _path(scope: Scope) -> str:
    return str(scope["path"]).removeprefix(str(scope.get("root_path", "")))


def _never_changes(headers: Mapping[str, str]) -> bool:
    return NEVER_CHANGES in headers.get("cache-control", "") and "set-cookie" not in headers
