"""Receivers of webhooks on this machine, which verify what comes as their owners should."""

import base64
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@dataclass
class Receiving:
    """A receiver that verifies what comes and drops what it has seen, as its owner should.

    Attributes
    ----------
    secret : that it verifies with
    answers : statuses of the next requests; 204 behind them
    asked : every request: path, headers, content
    taken : identities whose content was acted upon
    refused : why others were not
    slowness : seconds before it answers
    """

    secret: str = SECRET
    answers: list[int] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    slowness: float = 0.0

    def take(self, path: str, headers: dict[str, str], content: bytes) -> int:
        self.asked.append((path, headers, content))
        time.sleep(self.slowness)
        if self.answers:
            return self.answers.pop(0)
        try:
            Verifier(self.secret).verify(content, headers)
        except WebhookVerificationError as error:
            self.refused.append(str(error))
            return 400
        if headers["webhook-id"] in self.taken:
            self.refused.append("seen before")
        else:
            self.taken.append(headers["webhook-id"])
        return 204


@contextmanager
def receiving(by: Receiving, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Give the port of a receiver."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(by.take(self.path, headers, content))
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
