"""What another site's page sends in a user's name is refused, and so are the sockets it opens."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from yanzhen.api.paths import HARMLESS, path_of
from yanzhen.api.problem_details import answer_to
from yanzhen.api.proxies import another_origin

SOCKETS = "/_nicegui_ws/"
"""What pages are acted on through, by WebSocket or by requests that stand in for one."""


class OwnSiteOnly:
    """Refuse what another site's page would change, and its sockets."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if not _may_change(scope):
            await self.app(scope, receive, send)
            return
        said = Headers(scope=scope)
        origin, host = said.get("origin"), said.get("host", "")
        if not origin or urlsplit(origin).netloc == host:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            refusal = another_origin(origin, host)
            await answer_to(refusal, scope.get("root_path", ""))(scope, receive, send)


def _may_change(scope: Scope) -> bool:
    if scope["type"] != "http":
        return bool(scope["type"] == "websocket")
    return scope["method"] not in HARMLESS or path_of(scope).startswith(SOCKETS)
