"""Tasks of deals: whose they are, by when, whether they are done; what is due soon or overdue."""

from dataclasses import dataclass
from datetime import date
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from yanzhen.exchange.deals.changing import require
from yanzhen.exchange.deals.deal import (
    LONGEST,
    ChangedMeanwhile,
    NoSuchDeal,
    problem,
    wrong_text,
)
from yanzhen.exchange.deals.due import SOON, Reminded, reminded
from yanzhen.exchange.deals.finding import parties_of, seen
from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import deal_tasks, deals
from yanzhen.store.database.texts import IDENTITY, is_day
from yanzhen.store.outbox.telling import tell
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer
from yanzhen.study import Problem


@dataclass(frozen=True)
class Task:
    """A task of a deal.

    Attributes
    ----------
    id : random
    deal, deal_title : that it is of
    title : what is to be done
    organisation : party whose task it is
    due : day by which
    done_on : day on which it was done; None before
    version : grows with each change
    made_at : moment
    """

    id: str
    deal: str
    deal_title: str
    title: str
    organisation: str
    due: str
    done_on: str | None
    version: int
    made_at: str


@dataclass(frozen=True)
class Reminder:
    """A task that is not done and due within a week, or that was due before today."""

    when: Reminded
    task: Task


def add_task(
    database: Database, viewer: Viewer, deal: str, title: str, organisation: str, due: str
) -> Task:
    """Add a task to a deal.

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    yanzhen.study.StudyError
        With everything that is wrong with it.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        seen(connection, viewer, deal)
        values = {"title": title, "organisation": organisation, "due": due}
        require(_wrong(connection, viewer, deal, values))
        identity = token_hex(16)
        made = {"made_by": viewer.person, "made_at": now()}
        row = {"id": identity, "deal": deal, "done_on": None, "version": 1, **values, **made}
        connection.execute(insert(deal_tasks).values(**row))
        change = {"deal": deal, "organisation": organisation, "due": due}
        to = {organisation} - {viewer.organisation}
        tell(connection, "task_given", deal, to, viewer.organisation, {"due": due})
        record(connection, viewer.actor, "make", "task", identity, change)
        return _task(_seen_task(connection, viewer, deal, identity))


# Kept wide: a task, what changes of it, and which version the reader had.
def change_task(
    database: Database,
    viewer: Viewer,
    deal: str,
    task: str,
    values: dict[str, Any],
    version: int,
) -> Task:
    """Change a task: title, party, due day, the day on which it was done.

    Parameters
    ----------
    values : of those that change, by name
    version : of the task that the reader had

    Raises
    ------
    NoSuchDeal
        There is no such task that the viewer sees.
    ChangedMeanwhile
        The task is of another version.
    yanzhen.study.StudyError
        With everything that is wrong.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        seen(connection, viewer, deal, to_change=True)
        row = _seen_task(connection, viewer, deal, task)
        if row.version != version:
            raise ChangedMeanwhile(task)
        require(_wrong(connection, viewer, deal, values))
        grown = {**values, "version": version + 1}
        this = (deal_tasks.c.id == task) & visible(deal_tasks, viewer)
        connection.execute(update(deal_tasks).where(this).values(**grown))
        record(connection, viewer.actor, "change", "task", task, values)
        return _task(_seen_task(connection, viewer, deal, task))


def tasks_of(database: Database, viewer: Viewer, deal: str) -> tuple[Task, ...]:
    """Return the tasks of a deal by due day.

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        seen(connection, viewer, deal)
        listed = _listed(viewer).where(deal_tasks.c.deal == deal)
        ordered = listed.order_by(deal_tasks.c.due, deal_tasks.c.number)
        return tuple(map(_task, connection.execute(ordered)))


def every_task(database: Database, viewer: Viewer) -> tuple[Task, ...]:
    """Return the tasks of all deals that the viewer sees, by due day.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        ordered = _listed(viewer).order_by(deal_tasks.c.due, deal_tasks.c.number)
        return tuple(map(_task, connection.execute(ordered)))


def reminders(database: Database, viewer: Viewer, today: date) -> tuple[Reminder, ...]:
    """Return the tasks of the viewer's organisation that are overdue or due within a week.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    last = (today + SOON).isoformat()
    listed = _listed(viewer).where(
        deal_tasks.c.organisation == viewer.organisation,
        deal_tasks.c.done_on.is_(None),
        deal_tasks.c.due <= last,
    )
    with database.reading() as connection:
        rows = connection.execute(listed.order_by(deal_tasks.c.due, deal_tasks.c.number))
        return tuple(Reminder(reminded(row.due, today), _task(row)) for row in rows)


def _listed(viewer: Viewer) -> Select[Any]:
    titled = select(deal_tasks, deals.c.title.label("deal_title"))
    return titled.join(deals, deals.c.id == deal_tasks.c.deal).where(visible(deal_tasks, viewer))


def _seen_task(connection: Connection, viewer: Viewer, deal: str, task: str) -> Row[Any]:
    this = _listed(viewer).where(deal_tasks.c.id == task, deal_tasks.c.deal == deal)
    row = connection.execute(this).first() if IDENTITY.fullmatch(task) else None
    if row is None:
        raise NoSuchDeal(task)
    return row


def _task(row: Row[Any]) -> Task:
    names = ("id", "deal", "deal_title", "title", "organisation", "due", "done_on", "version")
    return Task(**{name: getattr(row, name) for name in names}, made_at=row.made_at)


def _wrong(
    connection: Connection, viewer: Viewer, deal: str, values: dict[str, Any]
) -> list[Problem]:
    problems: list[Problem] = []
    if "title" in values:
        problems += wrong_text("title", values["title"], LONGEST["title"])
    if "organisation" in values:
        organisation = values["organisation"]
        parties = parties_of(connection, viewer, [deal])[deal]
        if organisation not in [each.organisation for each in parties]:
            problems.append(problem("task.party", "organisation", organisation=organisation))
    for name in ("due", "done_on"):
        day = values.get(name)
        if day is not None and not is_day(day):
            problems.append(problem("day", name, day=day))
    return problems
