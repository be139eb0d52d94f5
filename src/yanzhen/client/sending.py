"""Requests as they are sent: again where a server is busy or gone, and done once all the same."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx

from yanzhen import __version__
from yanzhen.client.failures import NoAnswer, error_of

ROOT = "/api/v1"
TOKEN = "YANZHEN_TOKEN"
"""Environment variable with the token, where none is given."""
BUSY = frozenset({429, 503})
FIRST_REST, LONGEST_REST = 0.5, 10.0
PAGE = 500


class Sending:
    """The way to a server.

    Parameters
    ----------
    server : its address, with the path before its own addresses where there is one
    token : of the API; that of the environment variable YANZHEN_TOKEN without one
    patience : seconds within which a request is sent again while the server is busy or gone
    timeout : seconds that one answer may take
    transport : by which requests go; the network without one
    sleep : waits
    """

    # Kept wide: what a way to a server needs, each with a usual value.
    def __init__(
        self,
        server: str,
        token: str | None = None,
        patience: float = 60.0,
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        token = token or os.environ.get(TOKEN)
        headers = {"User-Agent": f"yanzhen-client/{__version__}"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.patience, self.sleep = patience, sleep
        self.http = httpx.Client(
            base_url=server.rstrip("/") + ROOT,
            headers=headers,
            timeout=timeout,
            transport=transport,
        )

    def close(self) -> None:
        """Close every connection."""
        self.http.close()

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        files: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request until it is answered; a POST is done once however often it is sent.

        Raises
        ------
        ApiError
            The server refuses.
        NoAnswer
            It does not answer in time.
        """
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        key = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        given: dict[str, Any] = {"params": asked, "headers": {**key, **(headers or {})}}
        if body is not None:
            given["json"] = body
        if files is not None:
            given |= {"files": files, "data": dict(form or {})}
        request = self.http.build_request(method, path, **given)
        return self._until_answered(lambda: self.http.send(request))

    def pages(self, path: str, query: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Give the items of a list, page after page."""
        for page in self.raw_pages(path, {"limit": PAGE, **(query or {})}):
            yield from page["items"]

    def raw_pages(self, path: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Give the pages of an answer that says where the next begins."""
        after = ""
        while True:
            page = self.ask("GET", path, {**query, "after": after or None}).json()
            yield page
            after = page["next"]
            if not after:
                return

    @contextmanager
    def streamed(self, path: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Open an answer that goes on, once the server gives it."""
        request = self.http.build_request("GET", path, headers=headers, timeout=None)
        answer = self._until_answered(lambda: self.http.send(request, stream=True))
        try:
            yield answer
        finally:
            answer.close()

    def _until_answered(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        until, rest = time.monotonic() + self.patience, FIRST_REST
        while True:
            wait, why = rest, "no connection"
            try:
                answer = send()
            except httpx.TransportError as error:
                why = f"{type(error).__name__}: {error}"
            else:
                if answer.is_success:
                    return answer
                answer.read()
                refusal = error_of(answer)
                if not (answer.status_code in BUSY or refusal.kind == "key-at-work"):
                    raise refusal
                wait, why = _wait_of(answer, rest), str(refusal)
            if time.monotonic() + wait > until:
                raise NoAnswer(why)
            self.sleep(wait)
            rest = min(2 * rest, LONGEST_REST)


def _wait_of(answer: httpx.Response, otherwise: float) -> float:
    said = answer.headers.get("retry-after", "")
    return float(said) if said.isdecimal() else otherwise
