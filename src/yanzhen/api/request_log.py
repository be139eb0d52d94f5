"""One line of the log for each request, and its count and duration for whoever watches a server.

A request has a number: the one that a proxy gave it (`X-Request-ID`), where it looks like one, or a
random one; the answer brings it back, so that a person can name the request that failed.
"""

import logging
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from secrets import token_hex
from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yanzhen.api.logs import REQUESTS
from yanzhen.store.people.viewing import current_viewer

LOG = logging.getLogger(REQUESTS)
HEADER = "X-Request-ID"
A_NUMBER = re.compile(r"[A-Za-z0-9._-]{8,64}")
NO_ROUTE = "(none)"
SECRET = "{secret}"
"""What an address ends with that is itself a secret, and is not logged."""
ENDED_EARLY = 499
"""Status of a request whose asker went away before the answer began."""
SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable with the folder that processes of one server count in."""


class RequestMetrics(Protocol):
    """Whatever counts requests."""

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request that was answered."""


class Uncounted:
    """Counts nothing, where nobody asked for figures."""

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count nothing."""


def counting() -> RequestMetrics:
    """Return what counts in this process: together with the server's others, or nothing."""
    if SHARED not in os.environ:
        return Uncounted()
    from yanzhen.api.metrics import Counted

    return Counted()


@contextmanager
def shared_counts() -> Iterator[None]:
    """Let this process and those it starts count together, in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="yanzhen-metrics-") as folder:
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            del os.environ[SHARED]


class RequestLog:
    """Log, count and time the requests to an application.

    Parameters
    ----------
    app : the application
    metrics : that count
    """

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = _number(Headers(scope=scope).get(HEADER, ""))
        began, status, length = time.perf_counter(), ENDED_EARLY, 0

        async def send_and_see(message: Message) -> None:
            nonlocal status, length
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = number
            elif message["type"] == "http.response.body":
                length += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, send_and_see)
        except Exception:
            status = 500
            raise
        finally:
            seconds = time.perf_counter() - began
            route = _route(scope)
            self.metrics.count(scope["method"], route, status, seconds)
            if LOG.isEnabledFor(logging.INFO):
                path = route if route.endswith(SECRET) else scope["path"]
                LOG.info("%s %r %d %s", scope["method"], path, status, number, extra={
                    "request": number, "method": scope["method"], "path": path,
                    "route": route, "status": status, "seconds": round(seconds, 6),
                    "bytes": length, "from": (scope.get("client") or ("",))[0],
                    "person": current_viewer().person,
                })  # fmt: skip


def _number(given: str) -> str:
    return given if A_NUMBER.fullmatch(given) else token_hex(8)


def _route(scope: Mapping[str, object]) -> str:
    """Return the pattern of the address, so that there are no more of them than routes."""
    return str(getattr(scope.get("route"), "path", NO_ROUTE))
