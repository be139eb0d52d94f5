"""Notices by webhook: signed, tried again, disabled, and sent nowhere inside."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.exchange.deals.parties import FIRM, HOST, add_colleague, add_everybody, batteries
from tests.exchange.listings.offers import PROJECT, SITE, list_published
from tests.exchange.notices.receivers import SECRET, Receiving, receiving
from tests.exchange.notices.told import kinds
from yanzhen.exchange.docking.introductions import ask_introduction
from yanzhen.exchange.notices.deliveries import ATTEMPTS
from yanzhen.exchange.notices.hooks import (
    MOST,
    NoSuchWebhook,
    enable_webhook,
    fits,
    make_webhook,
    remove_webhook,
    webhooks_of,
)
from yanzhen.exchange.notices.posting import signed
from yanzhen.exchange.notices.sending import Courier, Sends
from yanzhen.exchange.notices.wording import NotTaken
from yanzhen.store.audit.verifying import verify
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.notice_tables import notice_deliveries, webhooks
from yanzhen.store.database.tables import audit
from yanzhen.store.people.viewer import Viewer

WANTED = ("deal_joined", "introduction_asked")


@pytest.fixture
def store(database: Database) -> Database:
    add_everybody(database)
    return database


@pytest.fixture
def chief(store: Database) -> Viewer:
    return add_colleague(store, HOST, "chief", "administrator")


@pytest.fixture
def by() -> Receiving:
    return Receiving()


@pytest.fixture
def port(by: Receiving) -> Iterator[int]:
    with receiving(by) as given:
        yield given


@pytest.fixture
def courier(store: Database) -> Courier:
    return Courier(store, Sends(to_private=True))


def rows(store: Database) -> list[Any]:
    with store.reading() as connection:
        asked = select(notice_deliveries).order_by(notice_deliveries.c.number)
        return list(connection.execute(asked))


def make_due(store: Database) -> None:
    with store.writing() as connection:
        connection.execute(update(notice_deliveries).values(next_at=now()))


def test_a_notice_arrives_signed_and_says_no_more_than_its_reader_may_see(
    store: Database, chief: Viewer, courier: Courier, by: Receiving, port: int
) -> None:
    made, by.secret = make_webhook(store, chief, f"http://127.0.0.1:{port}/in?a=1", WANTED)
    deal = batteries(store)
    assert courier.turn() == 1
    ((path, headers, content),) = by.asked
    (row,) = rows(store)
    assert (path, by.taken, by.refused) == ("/in?a=1", [row.id], [])
    assert (row.state, row.attempt) == ("sent", 1)
    said = json.loads(content)
    assert (said["type"], said["data"]["subject"]) == ("deal_joined", deal)
    assert said["data"]["told_by"] == "Org firm"
    # By hand, as Standard Webhooks says, without the library that signed.
    signed_by = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + content
    key = base64.b64decode(by.secret.removeprefix("whsec_"))
    assert len(key) == 32
    digest = base64.b64encode(hmac.digest(key, signed_by, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    (found,) = webhooks_of(store, chief)
    assert found.delivered_at is not None and found.failures == 0
    assert made.id == found.id


def test_a_receiver_refuses_what_is_forged_and_what_is_played_again(
    store: Database, chief: Viewer, courier: Courier, by: Receiving, port: int
) -> None:
    _, by.secret = make_webhook(store, chief, f"http://127.0.0.1:{port}/", WANTED)
    batteries(store)
    courier.turn()
    ((_, headers, content),) = by.asked
    # The same again: seen before, and acted upon once.
    assert by.take("/", headers, content) == 204
    assert by.refused == ["seen before"]
    old = signed(by.secret, "another", content, datetime.now(UTC) - timedelta(minutes=6))
    changed = content.replace(b"deal_joined", b"deal_closed")
    for wrong, body, why in (
        (headers, changed, "No matching signature found"),
        ({**headers, "webhook-id": "another"}, content, "No matching signature found"),
        (signed(SECRET, "x", content, datetime.now(UTC)), content, "No matching signature found"),
        (old, content, "Message timestamp too old"),
        ({**old, "webhook-timestamp": str(int(time.time()))}, content, "No matching signature"),
    ):
        assert by.take("/", wrong, body) == 400
        assert why in by.refused[-1]
    assert len(by.taken) == 1


def test_a_confidential_project_is_not_named(
    store: Database, chief: Viewer, courier: Courier, by: Receiving, port: int
) -> None:
    _, by.secret = make_webhook(store, chief, f"http://127.0.0.1:{port}/", WANTED)
    site = list_published(store, HOST, SITE)
    ask_introduction(store, FIRM, list_published(store, FIRM, PROJECT), site, "secret words")
    assert courier.turn() == 1
    said = by.asked[0][2].decode()
    assert "introduction_asked" in said
    for secret in (PROJECT.name, "Org firm", "secret"):
        assert secret not in said


def test_what_fails_is_tried_again_and_the_same_each_time(
    store: Database, chief: Viewer, courier: Courier, by: Receiving, port: int
) -> None:
    _, by.secret = make_webhook(store, chief, f"http://127.0.0.1:{port}/", WANTED)
    batteries(store)
    by.answers = [500, 302]
    for error in ("HTTP 500", "HTTP 302"):
        make_due(store)
        courier.turn()
        assert rows(store)[0].error == error
        assert webhooks_of(store, chief)[0].last_error == error
        assert courier.turn() == 0
    # No redirect is followed.
    assert [path for path, _, _ in by.asked] == ["/", "/"]
    make_due(store)
    courier.turn()
    assert rows(store)[0].state == "sent"
    assert len({(headers["webhook-id"], content) for _, headers, content in by.asked}) == 1
    (found,) = webhooks_of(store, chief)
    assert (found.failures, found.last_error, found.disabled_at) == (0, "", None)


def test_a_webhook_that_fails_to_the_last_is_disabled_and_said_so(
    store: Database, chief: Viewer, courier: Courier, by: Receiving, port: int
) -> None:
    made, by.secret = make_webhook(store, chief, f"http://127.0.0.1:{port}/", WANTED)
    batteries(store)
    by.answers = [503] * ATTEMPTS
    for _ in range(ATTEMPTS - 1):
        make_due(store)
        courier.turn()
    assert webhooks_of(store, chief)[0].disabled_at is None
    batteries(store)
    with store.writing() as connection:
        later = notice_deliveries.c.attempt == 0
        connection.execute(
            update(notice_deliveries).where(later).values(next_at="2999-01-01T00:00:00.000000Z")
        )
        first = notice_deliveries.c.attempt > 0
        connection.execute(update(notice_deliveries).where(first).values(next_at=now()))
    courier.turn()
    (found,) = webhooks_of(store, chief)
    assert found.disabled_at is not None
    assert (found.failures, found.last_error) == (ATTEMPTS, "HTTP 503")
    # What waited is ended too, and nothing is queued from now on.
    assert [each.state for each in rows(store)] == ["failed", "failed"]
    batteries(store)
    assert len(rows(store)) == 2
    assert kinds(store, chief)[-2:] == ["webhook_disabled", "deal_joined"]
    assert "webhook_disabled" not in kinds(store, HOST)
    with store.reading() as connection:
        last = connection.execute(select(audit).order_by(audit.c.sequence.desc())).first()
        assert last is not None and verify(connection).broken == ()
    enabled = enable_webhook(store, chief, made.id)
    assert (enabled.disabled_at, enabled.failures) == (None, 0)
    batteries(store)
    assert courier.turn() == 1
    assert rows(store)[-1].state == "sent"


def test_one_notice_that_is_not_taken_disables_nothing_while_others_are(
    store: Database, chief: Viewer, courier: Courier, by: Receiving, port: int
) -> None:
    _, by.secret = make_webhook(store, chief, f"http://127.0.0.1:{port}/", WANTED)
    batteries(store)
    with store.writing() as connection:
        nearly = update(notice_deliveries).values(attempt=ATTEMPTS - 1)
        connection.execute(nearly)
        # Another arrived meanwhile.
        connection.execute(update(webhooks).values(delivered_at=now()))
    by.answers = [500]
    courier.turn()
    assert rows(store)[0].state == "failed"
    assert webhooks_of(store, chief)[0].disabled_at is None


def test_a_receiver_that_is_gone_for_good_is_disabled_at_once(
    store: Database, chief: Viewer, courier: Courier, by: Receiving, port: int
) -> None:
    make_webhook(store, chief, f"http://127.0.0.1:{port}/", WANTED)
    batteries(store)
    by.answers = [410]
    courier.turn()
    assert webhooks_of(store, chief)[0].disabled_at is not None


def test_a_removed_webhook_is_sent_nothing_and_its_secret_is_forgotten(
    store: Database, chief: Viewer, courier: Courier, by: Receiving, port: int
) -> None:
    made, secret = make_webhook(store, chief, f"http://127.0.0.1:{port}/", WANTED)
    batteries(store)
    remove_webhook(store, chief, made.id)
    courier.turn()
    assert by.asked == [] and webhooks_of(store, chief) == ()
    with store.reading() as connection:
        assert connection.scalar(select(webhooks.c.secret)) == ""
        told = "".join(row.change for row in connection.execute(select(audit)))
    assert secret not in told and secret.removeprefix("whsec_") not in told
    for act in (remove_webhook, enable_webhook):
        with pytest.raises(NoSuchWebhook):
            act(store, chief, made.id)


def test_webhooks_are_of_one_organisation_and_not_too_many(store: Database, chief: Viewer) -> None:
    made, _ = make_webhook(store, chief, "https://example.org/", WANTED)
    other = add_colleague(store, FIRM, "boss", "administrator")
    assert webhooks_of(store, other) == ()
    for act in (remove_webhook, enable_webhook):
        with pytest.raises(NoSuchWebhook):
            act(store, other, made.id)
    for _ in range(MOST - 1):
        make_webhook(store, chief, "https://example.org/", WANTED)
    for said in (("https://example.org/", WANTED), ("ftp://example.org", WANTED)):
        with pytest.raises(NotTaken):
            make_webhook(store, chief, *said)
    remove_webhook(store, chief, made.id)
    with pytest.raises(NotTaken):
        make_webhook(store, chief, "https://example.org/", ("no_such",))
    make_webhook(store, chief, "https://example.org/", WANTED)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://example.org/in?x=1", True),
        ("https://example.org:8443", True),
        ("https://[2001:db8::1]/", True),
        ("http://localhost:9000/", True),
        ("http://127.0.0.2/", True),
        ("http://[::1]/", True),
        ("http://example.org/", False),
        ("https://user:word@example.org/", False),
        ("https://user@example.org/", False),
        ("https://example.org/#part", False),
        ("https://example.org/ x", False),
        ("https://example.org/\r\nX: y", False),
        ("https://example.org\\@127.0.0.1/", False),
        ("https://", False),
        ("https://exa mple.org", False),
        ("https://example.org:99999/", False),
        ("https://[::1", False),
        ("file:///etc/passwd", False),
        ("https://例子.cn/", False),
        ("https://example.org/" + "a" * 2000, False),
    ],
)
def test_addresses(address: str, may: bool) -> None:
    assert fits(address) is may


def test_without_the_operators_word_a_receiver_here_is_not_sent_to(
    store: Database, chief: Viewer, by: Receiving, port: int
) -> None:
    make_webhook(store, chief, f"http://127.0.0.1:{port}/", WANTED)
    batteries(store)
    assert Courier(store, Sends()).turn() == 1
    assert by.asked == []
    assert "private address" in rows(store)[0].error
