"""How much a request may bring: refused before it is read where it says so, else as it comes."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yanzhen.api.problem_details import answer_to
from yanzhen.api.study_archives import LARGEST_UPLOAD, too_large

AROUND = 1024 * 1024
"""Bytes of a form around the files in it."""
LARGEST_LOGIN = 64 * 1024
LOGIN = "/login"


class BodySize:
    """Refuse requests that bring more than is ever taken.

    Parameters
    ----------
    app : the application
    largest : bytes; what nobody has to log in for takes less
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST_UPLOAD + AROUND) -> None:
        self.app, self.largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        root = scope.get("root_path", "")
        is_login = scope["path"].removeprefix(root).startswith(LOGIN)
        largest = LARGEST_LOGIN if is_login else self.largest
        said = dict(scope["headers"]).get(b"content-length", b"")
        if said.isdigit() and int(said) > largest:
            await answer_to(too_large(largest), root)(scope, receive, send)
            return
        read = 0

        async def read_so_much() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                raise too_large(largest)
            return message

        await self.app(scope, read_so_much, send)
