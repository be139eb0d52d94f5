"""Who delivers notices: a thread of each worker, which also tells of what the day brings."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, literal, select

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
from yanzhen.exchange.notices.mail import MailServer, MailSettings, written
from yanzhen.exchange.notices.notice import Notice, read_notices
from yanzhen.exchange.notices.outcomes import Outcome
from yanzhen.exchange.notices.reminding import remind
from yanzhen.phrasebook import Language
from yanzhen.store.database.clock import moment_of, time_of
from yanzhen.store.database.connection import Database, Unavailable
from yanzhen.store.database.notice_tables import notice_settings, notices
from yanzhen.store.database.tables import persons
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

TOO_OLD = timedelta(days=3)
"""After which a notice is no news any more."""
UNWANTED = Outcome(False, "not wanted any more, or not to be seen any more", final=True)
LATE = Outcome(False, "too old: nobody could deliver it for three days", final=True)
ENOUGH = LEASE / 5
"""Seconds of a turn after which no further letter is begun."""
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sends:
    """How a worker delivers.

    Attributes
    ----------
    mail : server of mail; None where this worker sends none
    """

    mail: MailSettings | None = None

    @property
    def ways(self) -> frozenset[Way]:
        """The ways on which this worker delivers."""
        return frozenset(("mail",) if self.mail is not None else ())


NOTHING_SENT = Sends()


def sends_of(said: Mapping[str, Any]) -> Sends:
    """Return how a worker delivers, from what `dataclasses.asdict` made of it."""
    mail = said["mail"]
    return Sends(None if mail is None else MailSettings(**mail))


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
        taken = take_up(self.database, self.sends.ways) if self.sends.ways else ()
        if self.sends.mail is not None:
            self._post(self.sends.mail, [each for each in taken if each.person is not None])
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

    def _post(self, settings: MailSettings, taken: list[Delivery]) -> None:
        """Send letters one after another; those for which no time is left are handed back."""
        begun = time.monotonic()
        with MailServer(settings) as server:
            while taken and not self._ending.is_set() and time.monotonic() - begun < ENOUGH:
                self._mail(server, taken.pop(0))
        hand_back(self.database, taken)

    def _mail(self, server: MailServer, delivery: Delivery) -> None:
        try:
            outcome = self._sent(server, delivery)
        except Unavailable:
            raise
        except Exception as error:
            LOG.exception("notice %s by e-mail", delivery.notice)
            outcome = Outcome(False, f"a fault of the program: {type(error).__name__}")
        with self.database.writing() as connection:
            finish(connection, delivery, outcome)
        if not outcome.arrived:
            LOG.warning("notice %s by e-mail: %s", delivery.notice, outcome.error)

    def _sent(self, server: MailServer, delivery: Delivery) -> Outcome:
        with self.database.reading() as connection:
            letter = _letter(connection, delivery)
        if isinstance(letter, Outcome):
            return letter
        to, language, notice = letter
        return server.send(written(server.settings, delivery.id, notice, to, language))


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
    seen = select(notices.c.id).where(notices.c.id == row.id, visible(notices, viewer))
    if connection.execute(seen).first() is None:
        return UNWANTED
    if time_of(moment_of(connection)) - time_of(row.made_at) > TOO_OLD:
        return LATE
    (notice,) = read_notices(connection, viewer, [row])
    return row.mail_address, row.language, notice.to_send()
