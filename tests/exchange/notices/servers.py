"""Servers of mail on this machine: what they take, with which answers, behind which certificate."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

USER, PASSWORD = "yanzhen", "correct horse"


@dataclass
class Taken:
    """What a server took, and what it says to each message before it takes any.

    Attributes
    ----------
    to : recipients of each
    contents : of each, as it came
    answers : to the next messages, such as `451 later`; then it takes them
    refused : answers to recipients, by address
    """

    to: list[list[str]] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def messages(self) -> list[EmailMessage]:
        """What it took, read."""
        return [message_from_bytes(each, policy=default) for each in self.contents]

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.to.append(envelope.rcpt_tos)
        self.contents.append(envelope.content)
        return "250 OK"


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of this machine that signs itself; return its file and its key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    here = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(here), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    files[1].write_bytes(key.private_bytes(*form))
    return files


def context_of(files: tuple[Path, Path]) -> ssl.SSLContext:
    """Return what a server needs to show a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


@contextmanager
def mail_server(
    taken: Taken, files: tuple[Path, Path] | None = None, tls: bool = False
) -> Iterator[int]:
    """Give the port of a server of mail; with a certificate it demands TLS and a login.

    Parameters
    ----------
    tls : whether it speaks TLS from the start instead of after STARTTLS
    """
    more: dict[str, Any] = {}
    if files is not None:
        context = context_of(files)
        more = {"ssl_context": context} if tls else {"tls_context": context}
        more |= {"require_starttls": not tls, "auth_required": not tls}
        more |= {"authenticator": _known, "auth_require_tls": not tls}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(taken, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def _known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    expected = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == expected, handled=False)
