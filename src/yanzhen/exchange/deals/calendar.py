"""Tasks as a calendar (iCalendar, RFC 5545), and the addresses by which calendars read them.

Whoever has such an address reads the tasks of the deals that its person sees, and nothing else; a
new address takes the place of the one before.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event
from sqlalchemy import delete, insert, select

from yanzhen.exchange.deals.following import PHRASES
from yanzhen.exchange.deals.tasks import Task
from yanzhen.phrasebook import Language
from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import now, time_of
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import calendar_addresses
from yanzhen.store.database.tables import persons
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.random_secrets import hash_of_secret, new_secret
from yanzhen.store.people.viewer import Viewer

PREFIX = "yzcal_"
BEFORE = timedelta(days=-1)
"""When a calendar reminds of a day."""
READING = frozenset({"read"})


def calendar_of(tasks: Iterable[Task], lang: Language) -> bytes:
    """Return tasks as a calendar of days, each open one with a reminder on the day before.

    The same tasks give the same bytes.
    """
    made = Calendar()
    made.add("prodid", "-//Yanzhen//deals//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", PHRASES.word(lang, "calendar.name"))
    for task in tasks:
        made.add_component(_event(task, lang))
    return bytes(made.to_ical())


def new_address(database: Database, viewer: Viewer) -> str:
    """Return a secret that stands in the address of the viewer's calendar; shown this once.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    secret = new_secret(PREFIX)
    own = visible(calendar_addresses, viewer)
    row = {"token_hash": hash_of_secret(secret), "person": viewer.person, "made_at": now()}
    with database.writing() as connection:
        connection.execute(delete(calendar_addresses).where(own))
        connection.execute(insert(calendar_addresses).values(**row))
        record(connection, viewer.actor, "make", "calendar", viewer.person, {})
    return secret


def drop_address(database: Database, viewer: Viewer) -> bool:
    """Let the viewer's calendar be read no more; return whether there was an address.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    own = visible(calendar_addresses, viewer)
    with database.writing() as connection:
        if connection.execute(delete(calendar_addresses).where(own)).rowcount == 0:
            return False
        record(connection, viewer.actor, "remove", "calendar", viewer.person, {})
    return True


def viewer_of_address(database: Database, secret: str) -> Viewer | None:
    """Return whose calendar an address is, to read; None where it is none, or no longer.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    asked = (
        select(persons.c.id, persons.c.organisation, persons.c.role)
        .join(calendar_addresses, calendar_addresses.c.person == persons.c.id)
        .where(
            calendar_addresses.c.token_hash == hash_of_secret(secret),
            persons.c.disabled_at.is_(None),
        )
    )
    with database.reading() as connection:
        row = connection.execute(asked).first()
    return None if row is None else Viewer(row.id, row.organisation, row.role, READING)


def _event(task: Task, lang: Language) -> Event:
    event = Event()
    key = "calendar.task" if task.done_on is None else "calendar.done"
    said = PHRASES.word(lang, key, title=task.title, deal=task.deal_title)
    event.add("uid", f"{task.id}@yanzhen")
    event.add("summary", said)
    event.add("dtstart", date.fromisoformat(task.due))
    event.add("dtend", date.fromisoformat(task.due) + timedelta(days=1))
    event.add("dtstamp", _whole_seconds(task.made_at))
    event.add("sequence", task.version - 1)
    event.add("transp", "TRANSPARENT")
    if task.done_on is None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", said)
        alarm.add("trigger", BEFORE)
        event.add_component(alarm)
    return event


def _whole_seconds(moment: str) -> datetime:
    return time_of(moment).astimezone(UTC).replace(microsecond=0)
