"""Pages made once after the server's start, so that readers find ready what takes long at first.

Nobody waits for it: a page is made only while nothing else is and no reader has asked for anything
for a while, and the server listens before the first of them.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

from fastapi import Request, Response
from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp

from yanzhen.report.text.words import LANGUAGES, Lang

# In place of a reader's address.
NOBODY = "warming"
REST = 1.0
BREATH = 0.05


class Readers:
    """When readers were last there."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    async def see(
        self, request: Request, answer: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Let a request through, and note it unless it is our own."""
        if request.client is None or request.client.host != NOBODY:
            self.last = time.monotonic()
        return await answer(request)

    @property
    def rest(self) -> bool:
        """Whether nobody has asked for anything for a while."""
        return time.monotonic() - self.last > REST


async def make_pages(
    app: ASGIApp, paths: Iterable[str], first: Lang, may_go_on: Callable[[], bool]
) -> None:
    """Make every page in both languages, as a reader would have it.

    Parameters
    ----------
    app : that answers
    paths : of the pages
    first : language to begin with
    may_go_on : whether the next page may be made now
    """
    transport = ASGITransport(app, raise_app_exceptions=False, client=(NOBODY, 0))
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as reader:
        for lang in sorted(LANGUAGES, key=lambda lang: lang != first):
            for path in paths:
                await asyncio.sleep(BREATH)
                while not may_go_on():
                    await asyncio.sleep(REST / 4)
                await reader.get(path, params={"lang": lang})
