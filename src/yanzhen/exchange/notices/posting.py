"""Notices by webhook: signed as Standard Webhooks says, and sent to public addresses alone.

A receiver verifies the signature over identity, time and content, refuses what is older than some
minutes, and drops an identity that it has seen: whoever recorded a request cannot use it again.
"""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from standardwebhooks import Webhook as Signer

from yanzhen.exchange.notices.hooks import is_loopback
from yanzhen.exchange.notices.notice import Notice
from yanzhen.exchange.notices.outcomes import ARRIVED, Outcome

PATIENCE = 10.0
"""Seconds that a receiver has for everything."""
GONE = 410
ROUTED = ip_network("2000::/3")
"""Addresses of IPv6 that are given out to outsiders; others lead inside or to translators."""
KEPT_APART = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
"""Given to protocols, relays and documents, which not every version of Python knows."""
Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True)
class Receiver:
    """Where a notice is sent, and with which secret it is signed."""

    address: str
    secret: str


class NotPublic(OSError):
    """A name leads to an address of this machine or of a network that outsiders don't reach."""


def content_of(notice: Notice) -> bytes:
    """Return what a receiver is told of a notice: the same bytes for each attempt."""
    data = {
        "id": notice.id,
        "about": notice.about,
        "subject": notice.subject,
        "name": notice.name,
        "told_by": notice.told_by,
        "facts": dict(notice.facts),
        "title_zh": notice.title("zh"),
        "title_en": notice.title("en"),
        "page": notice.page,
    }
    said = {"type": notice.kind, "timestamp": notice.made_at, "data": data}
    return json.dumps(said, ensure_ascii=False).encode()


def signed(secret: str, delivery: str, content: bytes, at: datetime) -> dict[str, str]:
    """Return the headers by which a receiver knows who sent what, and when.

    Parameters
    ----------
    delivery : identity, the same for each attempt
    at : time of this attempt
    """
    signature = Signer(secret).sign(delivery, at, content.decode())
    return {
        "webhook-id": delivery,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
        "Content-Type": "application/json",
        "User-Agent": "Yanzhen",
    }


def resolved(host: str, port: int) -> Sequence[str]:
    """Return the addresses that a name has now."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


# Kept wide: the receiver, what it is sent, and what the tests put in place of the network.
def post(
    receiver: Receiver,
    delivery: str,
    content: bytes,
    to_private: bool,
    resolve: Resolve = resolved,
    patience: float = PATIENCE,
    trusted: ssl.SSLContext | None = None,
) -> Outcome:
    """Send a notice to its receiver; redirects are not followed.

    Parameters
    ----------
    to_private : whether addresses of this machine and of private networks may be sent to
    resolve : gives the addresses of a name
    patience : seconds for everything
    trusted : whose certificates are believed; the system's where nothing is said
    """
    split = urlsplit(receiver.address)
    port = split.port or (443 if split.scheme == "https" else 80)
    try:
        host = split.hostname or ""
        if split.scheme != "https" and not is_loopback(split):
            raise NotPublic("HTTP is for this machine alone")
        where = _checked(resolve(host, port), to_private)
        context = None
        if split.scheme == "https":
            context = trusted or ssl.create_default_context()
        connection = _Connection(host, port, where, context, patience)
        path = (split.path or "/") + (f"?{split.query}" if split.query else "")
        headers = signed(receiver.secret, delivery, content, datetime.now(UTC))
        status = connection.status_of(path, content, headers)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        return Outcome(False, f"{type(error).__name__}: {error}")
    if 200 <= status < 300:
        return ARRIVED
    return Outcome(False, f"HTTP {status}", final=status == GONE)


def is_public(address: str) -> bool:
    """Whether outsiders reach an address, whatever it is written as or wrapped in."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if isinstance(found, IPv6Address):
        wrapped = found.sixtofour is not None or found.teredo is not None
        if wrapped or found not in ROUTED:
            return False
    if any(found in each for each in KEPT_APART):
        return False
    return found.is_global and not found.is_multicast


def _checked(addresses: Sequence[str], to_private: bool) -> str:
    """Return the address to connect to; a name that leads astray with any of them is refused."""
    if not addresses:
        raise NotPublic("the name has no address")
    for each in addresses:
        if not to_private and not is_public(each):
            raise NotPublic(
                "the name leads to a private address, to which this server sends nothing"
            )
    return addresses[0]


class _Connection(http.client.HTTPConnection):
    """A connection to the one address that was checked: the name is not looked up again."""

    def __init__(
        self, host: str, port: int, where: str, context: ssl.SSLContext | None, patience: float
    ) -> None:
        super().__init__(host, port, timeout=patience)
        self._where, self._context, self._patience = where, context, patience
        if context is not None:
            self.default_port = 443

    def connect(self) -> None:
        self.sock: Any = socket.create_connection((self._where, self.port), self._patience)
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)

    def status_of(self, path: str, content: bytes, headers: dict[str, str]) -> int:
        """Return the status that answers; however slowly it comes, for no longer than allowed."""
        ends = threading.Timer(self._patience, self._cut)
        ends.start()
        try:
            self.request("POST", path, content, headers)
            return self.getresponse().status
        finally:
            ends.cancel()
            self.close()

    def _cut(self) -> None:
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
