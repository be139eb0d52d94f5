"""Requests that another site's page sends in a user's name are refused."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from yanzhen.api.problem_details import answer_to
from yanzhen.api.proxies import another_origin

HARMLESS = ("GET", "HEAD", "OPTIONS")


class OwnSiteOnly:
    """Refuse what another site's page would change."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "http" and scope["method"] not in HARMLESS:
            said = Headers(scope=scope)
            origin, host = said.get("origin"), said.get("host", "")
            if origin and urlsplit(origin).netloc != host:
                refusal = another_origin(origin, host)
                await answer_to(refusal, scope.get("root_path", ""))(scope, receive, send)
                return
        await self.app(scope, receive, send)
