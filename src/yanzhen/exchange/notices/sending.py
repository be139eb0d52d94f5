"""Who delivers notices: a thread of each worker, which also tells of what the day brings."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, literal, select

from yanzhen.exchange.listings.freshness import today
from yanzhen.exchange.notices.deliveries import (
    LEASE,
    Delivery,
    Way,
    finish,
    forget_old,
    hand_back,
    take_up,
)
from yanzhen.exchange.notices.hooks import settle
from yanzhen.exchange.notices.mail import MailServer, MailSettings, written
from yanzhen.exchange.notices.notice import Notice, read_notices
from yanzhen.exchange.notices.outcomes import Outcome
from yanzhen.exchange.notices.posting import Receiver, content_of, post
from yanzhen.exchange.notices.reminding import remind
from yanzhen.phrasebook import Language
from yanzhen.store.database.clock import moment_of, time_of
from yanzhen.store.database.connection import Database, Unavailable
from yanzhen.store.database.notice_tables import notice_settings, notices, webhooks
from yanzhen.store.database.tables import persons
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

TOO_OLD = timedelta(days=3)
"""After which a notice is no news any more."""
UNWANTED = Outcome(
    False, "not wanted any more, or not to be seen any more", final=True, untried=True
)
LATE = Outcome(False, "too old: nobody could deliver it for three days", final=True, untried=True)
POSTED_AT_ONCE = 4
ENOUGH = LEASE / 5
"""Seconds of a turn after which no further letter is begun."""
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sends:
    """How a worker delivers.

    Attributes
    ----------
    mail : server of mail; None where this worker sends none
    to_private : whether webhooks may lead to this machine and to private networks
    """

    mail: MailSettings | None = None
    to_private: bool = False

    @property
    def ways(self) -> frozenset[Way]:
        """The ways on which this worker delivers."""
        return frozenset(("webhook", *(("mail",) if self.mail is not None else ())))


NOTHING_SENT = Sends()


def sends_of(said: Mapping[str, Any]) -> Sends:
    """Return how a worker delivers, from what `dataclasses.asdict` made of it."""
    mail = said["mail"]
    return Sends(None if mail is None else MailSettings(**mail), said["to_private"])


class Courier:
    """Delivers notices while a worker works.

    Parameters
    ----------
    database : that holds the notices
    sends : how
    look : seconds between two looks at what is due
    every : seconds between two tellings of what the day brings
    """

    def __init__(
        self, database: Database, sends: Sends, look: float = 2.0, every: float = 1800.0
    ) -> None:
        self.database, self.sends = database, sends
        self.look, self.every = look, every
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._told_at: float | None = None

    def start(self) -> None:
        """Deliver in a thread of its own, until `end` is called."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self, patience: float = 5.0) -> None:
        """Let the thread end; what it holds falls due again where it takes longer."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(patience)

    def turn(self) -> int:
        """Tell of the day where it is time, and deliver what is due; return how much was."""
        if self._told_at is None or time.monotonic() - self._told_at >= self.every:
            remind(self.database, today())
            forget_old(self.database)
            self._told_at = time.monotonic()
        taken = take_up(self.database, self.sends.ways)
        if self.sends.mail is not None:
            self._write(self.sends.mail, [each for each in taken if each.person is not None])
        posted = [each for each in taken if each.webhook is not None]
        if posted:
            # Receivers that are slow hold up one another, not everybody.
            with ThreadPoolExecutor(POSTED_AT_ONCE) as pool:
                list(pool.map(self._post, posted))
        return len(taken)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                while self.turn() and not self._ending.is_set():
                    pass
            except Unavailable as error:
                LOG.warning("notices wait: the database does not answer: %s", error)
            except Exception:
                # One fault must not keep all others from their notices.
                LOG.exception("delivering notices")
            self._ending.wait(self.look)

    def _write(self, settings: MailSettings, taken: list[Delivery]) -> None:
        """Send letters one after another; those for which no time is left are handed back."""
        begun = time.monotonic()
        with MailServer(settings) as server:
            while taken and not self._ending.is_set() and time.monotonic() - begun < ENOUGH:
                self._mail(server, taken.pop(0))
        hand_back(self.database, taken)

    def _mail(self, server: MailServer, delivery: Delivery) -> None:
        outcome = _guarded(delivery, lambda: self._mailed(server, delivery))
        with self.database.writing() as connection:
            finish(connection, delivery, outcome)

    def _mailed(self, server: MailServer, delivery: Delivery) -> Outcome:
        with self.database.reading() as connection:
            letter = _letter(connection, delivery)
        if isinstance(letter, Outcome):
            return letter
        to, language, notice = letter
        return server.send(written(server.settings, delivery.id, notice, to, language))

    def _post(self, delivery: Delivery) -> None:
        outcome = _guarded(delivery, lambda: self._posted(delivery))
        with self.database.writing() as connection:
            settle(connection, delivery, outcome)

    def _posted(self, delivery: Delivery) -> Outcome:
        with self.database.reading() as connection:
            parcel = _parcel(connection, delivery)
        if isinstance(parcel, Outcome):
            return parcel
        receiver, notice = parcel
        return post(receiver, delivery.id, content_of(notice), self.sends.to_private)


def _guarded(delivery: Delivery, attempt: Callable[[], Outcome]) -> Outcome:
    """Make an attempt; a fault of the program is one that failed, and keeps nobody from his."""
    try:
        outcome = attempt()
    except Unavailable:
        raise
    except Exception as error:
        LOG.exception("delivering notice %s", delivery.notice)
        outcome = Outcome(False, f"a fault of the program: {type(error).__name__}")
    if not outcome.arrived:
        way = "e-mail" if delivery.webhook is None else "webhook"
        LOG.warning("notice %s by %s: %s", delivery.notice, way, outcome.error)
    return outcome


def _letter(connection: Connection, delivery: Delivery) -> Outcome | tuple[str, Language, Notice]:
    """To whom a letter goes, in which language, and of what; or why none does any more."""
    settings = notice_settings.c
    columns = (persons.c.role, settings.mail_address, settings.mail_kinds, settings.language)
    asked = (
        select(notices, literal(0).label("read"), *columns)
        .join(persons, persons.c.organisation == notices.c.organisation)
        .join(notice_settings, settings.person == persons.c.id)
        .where(
            notices.c.id == delivery.notice,
            persons.c.id == delivery.person,
            persons.c.disabled_at.is_(None),
            settings.mail_address.is_not(None),
        )
    )
    row = connection.execute(asked).first()
    if row is None or row.kind not in row.mail_kinds:
        return UNWANTED
    viewer = Viewer(str(delivery.person), row.organisation, row.role)
    told = _told(connection, viewer, row)
    return told if isinstance(told, Outcome) else (row.mail_address, row.language, told)


def _parcel(connection: Connection, delivery: Delivery) -> Outcome | tuple[Receiver, Notice]:
    """Which receiver is told, and of what; or why none is any more."""
    columns = (webhooks.c.address, webhooks.c.secret, webhooks.c.made_by)
    asked = (
        select(notices, literal(0).label("read"), *columns)
        .join(webhooks, webhooks.c.organisation == notices.c.organisation)
        .where(
            notices.c.id == delivery.notice,
            webhooks.c.id == delivery.webhook,
            webhooks.c.disabled_at.is_(None),
            webhooks.c.removed_at.is_(None),
        )
    )
    row = connection.execute(asked).first()
    if row is None:
        return UNWANTED
    # Made by an administrator, and for the organisation as he sees it.
    told = _told(connection, Viewer(row.made_by, row.organisation, "administrator"), row)
    return told if isinstance(told, Outcome) else (Receiver(row.address, row.secret), told)


def _told(connection: Connection, viewer: Viewer, row: Row[Any]) -> Outcome | Notice:
    """What may be sent of a notice; or why nothing is any more."""
    seen = select(notices.c.id).where(notices.c.id == row.id, visible(notices, viewer))
    if connection.execute(seen).first() is None:
        return UNWANTED
    if time_of(moment_of(connection)) - time_of(row.made_at) > TOO_OLD:
        return LATE
    (notice,) = read_notices(connection, viewer, [row])
    return notice.to_send()
