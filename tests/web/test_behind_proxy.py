"""Behind a reverse proxy that puts a path before every address, in a real browser."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from tests.made_store import made_store
from tests.web.conftest import Opened, Served, serving
from yanzhen.web.words import word as web_word

PREFIX = "/yanzhen"


class Proxy(ThreadingTCPServer):
    """Cuts the prefix off and hands everything on, WebSockets too; knows nothing beside it."""

    daemon_threads = True
    behind: tuple[str, int]


class Connection(StreamRequestHandler):
    """One request, whose answer ends with the connection."""

    server: Proxy

    def handle(self) -> None:
        method, _, rest = self.rfile.readline().decode("latin-1").partition(" ")
        headers = list(iter(self.rfile.readline, b"\r\n"))
        if not rest.startswith(PREFIX + "/"):
            self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        names = {line.partition(b":")[0].lower(): line.partition(b":")[2] for line in headers}
        if b"upgrade" not in names:
            headers = [line for line in headers if not line.lower().startswith(b"connection:")]
            headers.append(b"Connection: close\r\n")
        headers += [b"X-Forwarded-Proto: http\r\n", b"X-Forwarded-Host:" + names[b"host"]]
        first = f"{method} {rest.removeprefix(PREFIX)}".encode("latin-1")
        with socket.create_connection(self.server.behind) as behind, suppress(OSError):
            behind.sendall(first + b"".join(headers) + b"\r\n")
            Thread(target=self._hand_on, args=(behind,), daemon=True).start()
            while answer := behind.recv(65536):
                self.wfile.write(answer)

    def _hand_on(self, behind: socket.socket) -> None:
        with suppress(OSError, ValueError):
            while said := self.connection.recv(65536):
                behind.sendall(said)
            behind.shutdown(socket.SHUT_WR)

    # Nothing of the body may wait in a buffer while the connection is handed on.
    rbufsize = 0


@contextmanager
def proxied(address: str) -> Iterator[str]:
    """Stand before a server; the address that readers see."""
    with Proxy(("127.0.0.1", 0), Connection) as proxy:
        proxy.behind = ("127.0.0.1", urlsplit(address).port or 80)
        Thread(target=proxy.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{proxy.server_address[1]}{PREFIX}"
        finally:
            proxy.shutdown()


def test_a_page_behind_a_path_is_drawn_and_answers(
    browser: Any, served: Served, tmp_path: Path
) -> None:
    given = made_store(tmp_path)
    asked = ("--root-path", PREFIX, "--proxy", "127.0.0.1", "--open")
    with (
        serving(given.study, given.store, *asked) as (address, process),
        proxied(address) as seen,
    ):
        page = Opened(browser, Served(seen, process, served.study))
        page.go(f"/overview?study={page.served.study}&lang=en")
        assert page.said("h1") == web_word("en", "page.overview.title")
        chart = page.view.locator("yz-chart").first
        chart.scroll_into_view_if_needed()
        chart.locator("xpath=self::*[@data-state='drawn']").wait_for()
        # The rows of a table come through the WebSocket.
        figure = page.view.locator(".figure").first
        figure.locator(".opened .q-item").click()
        figure.locator(".q-table tbody td.q-td").first.wait_for()
        page.view.click(f"nav a[href^='{PREFIX}/how']")
        page.view.wait_for_url(f"{seen}/how?**")
        page.view.wait_for_selector("h1")
        page.settle()
        page.view.close()
        assert page.outside == []
        assert page.complaints == []
