"""What every answer tells a browser: load nothing from elsewhere, guess no kind, stay in no frame.

Pages of NiceGUI hold scripts of their own between the markup, and Vue and Vega make functions of
text, so that their policy allows both; what comes from other hosts is refused everywhere. A page
that brings a stricter policy keeps it.
"""

from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yanzhen.api.paths import is_about_persons, path_of

POLICY = "content-security-policy"
IN_NO_FRAME = "frame-ancestors 'none'"
OF_PAGES = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'"
)
OF_PICTURES = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
OF_THE_REST = "default-src 'none'"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
FOR_A_YEAR = "max-age=31536000"
IN_NO_CACHE = "no-store"


class SafeHeaders:
    """Add to every answer of an application what keeps a browser from harm.

    Parameters
    ----------
    app : the application
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, send_safely)


def _add(headers: MutableHeaders, scope: Scope) -> None:
    kind = headers.get("content-type", "").partition(";")[0]
    is_page = kind == "text/html"
    embedded = is_page and _may_be_embedded(scope)
    usual = OF_PAGES if is_page else OF_PICTURES if kind == "image/svg+xml" else OF_THE_REST
    policy = headers.get(POLICY, usual)
    if "frame-ancestors" not in policy and not embedded:
        policy = f"{policy}; {IN_NO_FRAME}"
    headers[POLICY] = policy
    for name, said in ALWAYS.items():
        headers.setdefault(name, said)
    if not embedded:
        headers.setdefault("cross-origin-resource-policy", "same-origin")
    if is_page:
        headers.setdefault("cross-origin-opener-policy", "same-origin")
    if is_page or path_of(scope).startswith("/api/"):
        headers.setdefault("cache-control", IN_NO_CACHE)
    host = Headers(scope=scope).get("host", "").partition(":")[0]
    if scope["scheme"] == "https" and host != "localhost":
        # Whoever tries this out has other servers of that name, without TLS.
        headers.setdefault("strict-transport-security", FOR_A_YEAR)


def _may_be_embedded(scope: Scope) -> bool:
    """Whether a page was asked for as one that other sites show in a frame."""
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    path = path_of(scope)
    alone = path.startswith("/api/") or is_about_persons(path)
    return asked.get("embed") == ["1"] and not alone
