"""Nothing is posted inside, to whatever a name leads, and no receiver holds anybody up."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.exchange.notices.receivers import SECRET, Receiving, receiving
from tests.exchange.notices.servers import certificate, context_of
from yanzhen.exchange.notices.posting import Receiver, is_public, post


@pytest.fixture
def by() -> Receiving:
    return Receiving()


@pytest.fixture
def port(by: Receiving) -> Iterator[int]:
    with receiving(by) as given:
        yield given


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:224.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("::7f00:1", False),
        ("::ffff:0:7f00:1", False),
        ("fec0::1", False),
        ("4000::1", False),
        ("3fff::1", False),
        ("192.88.99.1", False),
        ("192.0.0.8", False),
        ("2002:7f00:1::", False),
        ("2001:0:1::1", False),
    ],
)
def test_which_addresses_outsiders_reach(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:10.0.0.1"], []]
)
def test_nothing_is_sent_inside_whatever_a_name_leads_to(found: list[str]) -> None:
    receiver = Receiver("https://hooks.example.org/", SECRET)
    outcome = post(receiver, "d", b"{}", False, resolve=lambda host, port: found)
    assert not outcome.arrived and outcome.error.startswith("NotPublic")


def test_the_address_that_was_checked_is_the_one_that_is_used(
    by: Receiving, tmp_path: Path
) -> None:
    """A name that is looked up once cannot lead elsewhere the second time; TLS knows the name."""
    files = certificate(tmp_path)
    trusted = ssl.create_default_context(cafile=str(files[0]))
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with receiving(by, context_of(files)) as port:
        receiver = Receiver(f"https://localhost:{port}/", SECRET)
        told = post(receiver, "d", b"{}", True, resolve, trusted=trusted)
        assert told.arrived and asked == ["localhost"]
        # Known to nobody else than the name of the certificate, and not to the system.
        other = replace(receiver, address=f"https://hooks.example.org:{port}/")
        assert "certificate" in post(other, "d", b"{}", True, resolve, trusted=trusted).error
        assert "certificate" in post(receiver, "d", b"{}", True, resolve).error
    assert len(by.taken) == 1


def test_a_slow_receiver_is_left(by: Receiving, port: int) -> None:
    by.slowness = 3.0
    began = time.monotonic()
    receiver = Receiver(f"http://127.0.0.1:{port}/", SECRET)
    outcome = post(receiver, "d", b"{}", True, patience=0.3)
    assert not outcome.arrived
    assert time.monotonic() - began < 2.5


def test_a_receiver_that_drips_is_left() -> None:
    """Each byte comes in time, and all of them never."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                for _ in range(100):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return
                    time.sleep(0.1)

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        began = time.monotonic()
        outcome = post(Receiver(address, SECRET), "d", b"{}", True, patience=0.5)
        assert not outcome.arrived
        assert time.monotonic() - began < 5
