"""Where accounts are demanded: whoever comes logs in first, by a browser's session or by a token.

One place for HTTP and WebSockets: it finds out who asks and says so for all that is done then. A
WebSocket is asked again at every message, so that a session that has ended does nothing more.
"""

from collections.abc import Callable, Sequence
from hmac import compare_digest
from http.cookies import SimpleCookie
from typing import Literal
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yanzhen.api.own_site import SOCKETS
from yanzhen.api.paths import HARMLESS, is_about_persons, path_of
from yanzhen.api.permission import API
from yanzhen.api.problem_details import Refusal, answer_to, refusal_of
from yanzhen.store.database.connection import Database, Unavailable
from yanzhen.store.people.api_tokens import viewer_of_token
from yanzhen.store.people.sessions import ABSOLUTE, Session, find, lives, rotated
from yanzhen.store.people.viewing import NOBODY, set_viewer

COOKIE = "yanzhen_session"
"""Name of the cookie of a session, behind the prefix that `cookie_name` gives it."""
SESSION = "yanzhen.session"
"""Under which the session stands in the scope of a connection."""
CSRF_HEADER = "x-csrf-token"
SECURE = ("https", "wss")
LOGIN = "/login"
AS_ACCOUNTS = {"www-authenticate": "Bearer"}


class Accounts:
    """Demand accounts of those who come to an application.

    Parameters
    ----------
    app : the application
    database : of persons, sessions and tokens
    open_to_all : beginnings of paths that need no login
    explain : makes a page of a refusal, below a root path; problem details without
    """

    def __init__(
        self,
        app: ASGIApp,
        database: Database,
        open_to_all: Sequence[str] = (),
        explain: Callable[[Refusal, str], Response] = answer_to,
    ) -> None:
        self.app = app
        self.explain = explain
        self.database = database
        self.open_to_all = tuple(open_to_all)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on, one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        set_viewer(NOBODY)
        try:
            refusal = await self._admit(scope)
        except Unavailable as error:
            # Who asks cannot be found out, and need not be for what is open to all.
            is_open = scope["type"] == "http" and path_of(scope).startswith(self.open_to_all)
            refusal = None if is_open else refusal_of(error)
        if refusal is not None:
            await _refuse(refusal, self.explain, scope, receive, send)
        elif scope["type"] == "websocket":
            await self.app(scope, self._heeding(scope, receive, send), send)
        else:
            await self.app(scope, receive, await self._renewing(scope, send))

    async def _admit(self, scope: Scope) -> Refusal | None:
        """Find out who asks; return why not, where they may not."""
        asked, path = HTTPConnection(scope), path_of(scope)
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if scheme.casefold() == "bearer":
            viewer = await run_in_threadpool(viewer_of_token, self.database, token.strip())
            if viewer is None:
                return _wrong_token()
            set_viewer(viewer)
            # A token is for programs: pages, and the sockets of pages, take none.
            return None if path.startswith("/api/") else _log_in_first()
        cookie = brought(asked, COOKIE)
        session = await run_in_threadpool(find, self.database, cookie) if cookie else None
        if session is not None:
            scope[SESSION] = session
        if session is None or not session.is_complete:
            return None if path.startswith(self.open_to_all) else _log_in_first()
        set_viewer(session.viewer)
        return _forged(scope, asked, path, session)

    async def _renewing(self, scope: Scope, send: Send) -> Send:
        """Let the answer to a page bring a new token, where it is time."""
        is_page = scope["method"] == "GET" and not path_of(scope).startswith(("/api/", "/_", "/as"))
        session: Session | None = scope.get(SESSION)
        if session is None or not session.is_complete or not is_page:
            return send
        old = brought(HTTPConnection(scope), COOKIE)
        try:
            token = await run_in_threadpool(rotated, self.database, old)
        except Unavailable:
            token = None
        if token is None:
            return send
        header = (b"set-cookie", session_cookie(scope, token).encode("latin-1"))

        async def renew(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), header]}
            await send(message)

        return renew

    def _heeding(self, scope: Scope, receive: Receive, send: Send) -> Receive:
        """Receive only while the session lives."""
        session: Session = scope[SESSION]

        async def heed() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            try:
                alive = await run_in_threadpool(self._still, scope, session, message)
            except Unavailable:
                alive = False
            if alive:
                return message
            set_viewer(NOBODY)
            await send({"type": "websocket.close", "code": 1008, "reason": "logged out"})
            return {"type": "websocket.disconnect", "code": 1008}

        return heed

    def _still(self, scope: Scope, session: Session, message: Message) -> bool:
        # What begins with 4 is said by the page, anything else by the connection itself.
        said = message.get("text") or ""
        return lives(self.database, session, acts=said.startswith("4"))


def session_of(scope: Scope) -> Session | None:
    """Return the session of a connection; None without accounts, and for a token."""
    found: Session | None = scope.get(SESSION)
    return found


def cookie_name(scope: Scope, name: str) -> str:
    """Return a cookie's name with the prefix by which browsers know who may set it.

    Over HTTPS, `__Host-` where nothing stands before the paths, so that no neighbour in the same
    domain sets or reads it; `__Secure-` below a path, which the other does not allow.
    """
    if scope["scheme"] not in SECURE:
        return name
    return f"__Secure-{name}" if scope.get("root_path", "") else f"__Host-{name}"


def brought(asked: HTTPConnection, name: str) -> str:
    """Return what a browser brings in a cookie of ours; empty where it brings none."""
    return asked.cookies.get(cookie_name(asked.scope, name), "")


def session_cookie(scope: Scope, token: str) -> str:
    """Return the header that gives a browser the token of its session; empty, it takes it away."""
    age = int(ABSOLUTE.total_seconds()) if token else 0
    return cookie(scope, COOKIE, token, age, "Lax")


def cookie(
    scope: Scope, name: str, value: str, age: int, same_site: Literal["Lax", "Strict"]
) -> str:
    """Return a header that sets a cookie which no script reads, and only this site sends.

    Parameters
    ----------
    age : seconds that it lives
    """
    name = cookie_name(scope, name)
    made: SimpleCookie = SimpleCookie({name: value})
    made[name]["path"] = scope.get("root_path", "") or "/"
    made[name]["max-age"] = str(age)
    made[name]["httponly"] = True
    made[name]["samesite"] = same_site
    if scope["scheme"] in SECURE:
        made[name]["secure"] = True
    return made[name].OutputString()


def _forged(scope: Scope, asked: HTTPConnection, path: str, session: Session) -> Refusal | None:
    """Return why something may not have been asked by this site's own pages."""
    if scope["type"] == "websocket":
        origin = asked.headers.get("origin")
        own = not origin or urlsplit(origin).netloc == asked.headers.get("host", "")
        return None if own else _another_site()
    if scope["method"] in HARMLESS or is_about_persons(path) or path.startswith(SOCKETS):
        return None
    told = asked.headers.get(CSRF_HEADER, "")
    return None if compare_digest(told.encode(), session.csrf.encode()) else _another_site()


# Kept wide: a connection is a scope and two ways.
async def _refuse(
    refusal: Refusal,
    explain: Callable[[Refusal, str], Response],
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = {"cache-control": "no-store"}
    path, root = path_of(scope), scope.get("root_path", "")
    is_page = scope["method"] in ("GET", "HEAD") and not path.startswith(("/api/", "/_", "/assets"))
    if refusal.status == 401 and is_page:
        query = scope["query_string"].decode("latin-1")
        after = quote(f"{path}?{query}" if query else path, safe="/")
        answer: Response = RedirectResponse(f"{root}{LOGIN}?after={after}", 303, headers)
    else:
        if refusal.status == 401:
            headers |= AS_ACCOUNTS
        answer = (
            explain(refusal, root)
            if is_page or is_about_persons(path)
            else answer_to(refusal, root)
        )
        answer.headers.update(headers)
    await answer(scope, receive, send)


def _log_in_first() -> Refusal:
    return Refusal(
        401,
        "Log in first: with a browser at /login, or with a token in the header Authorization.",
        "请先登录：浏览器访问 /login，程序请在请求头 Authorization 中给出令牌。",
    )


def _wrong_token() -> Refusal:
    return Refusal(
        401,
        "This token is not valid: it is unknown, has expired or was revoked.",
        "令牌无效：不存在、已过期或已撤销。",
    )


def _another_site() -> Refusal:
    return Refusal(
        403,
        f"No page of this site sent this: the header {CSRF_HEADER} is missing or wrong.",
        f"请求不是由本站页面发出：请求头 {CSRF_HEADER} 缺失或不正确。",
    )


OPEN_TO_ALL = (
    *("/login", "/assets/", "/favicon.ico"),
    *(f"{API}{each}" for each in ("openapi.json", "problems", "health", "exchange/calendars/")),
)
"""What nobody has to log in for."""
