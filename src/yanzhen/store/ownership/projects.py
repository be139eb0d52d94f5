"""Projects that an organisation follows, and what became of them: transitions are only added.

Which state may follow which is what the study's table `transitions` says
(`yanzhen.study.transitions`). The state that a project is in stands in its row too and changes in
the same transaction.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from yanzhen.phrasebook import Phrasebook
from yanzhen.store.audit.chain import Change, record, record_all
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import projects, transitions
from yanzhen.store.database.texts import IDENTITY, UNFIT, is_day
from yanzhen.store.ownership.project_words import (
    containing,
    index_state,
    insert_projects,
    newest_first,
    plain,
)
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer
from yanzhen.study import Problem, StudyError
from yanzhen.study.about import Units
from yanzhen.study.tables.goals import STATES
from yanzhen.study.transitions import FOLLOWS
from yanzhen.study.units import CURRENCIES, units_of

PHRASES = Phrasebook("yanzhen.store.ownership")
MONEY_UNITS = units_of("money")
USUAL_UNIT = Units().money
"""What a study's amounts are in where it does not say."""
LONGEST = {"name": 300, "industry": 64, "origin": 64, "destination": 64}
"""Characters of each text, as its column holds."""


class NoSuchProject(LookupError):
    """There is no project of that identity, or it is not to be seen."""


@dataclass(frozen=True)
class NewProject:
    """A project as it is entered.

    Attributes
    ----------
    name, industry : in its owner's words
    origin, destination : places
    investment : at least 0
    state : that it is in
    state_on : day since when, YYYY-MM-DD
    investment_unit : of money, one of `MONEY_UNITS`; None where an older version did not ask
    """

    name: str
    industry: str
    origin: str
    destination: str
    investment: float
    state: str
    state_on: str
    investment_unit: str | None = field(default=USUAL_UNIT, kw_only=True)


@dataclass(frozen=True)
class Project(NewProject):
    """A project of the store.

    Attributes
    ----------
    id : random
    made_by : person
    made_at : moment
    """

    id: str
    made_by: str
    made_at: str


@dataclass(frozen=True)
class Transition:
    """A state that a project entered.

    Attributes
    ----------
    state : one of `yanzhen.study.tables.goals.STATES`
    on : day
    made_by : person
    made_at : moment at which it was entered
    """

    state: str
    on: str
    made_by: str
    made_at: str


@dataclass(frozen=True)
class Page:
    """Some projects of a listing, the newest first.

    Attributes
    ----------
    projects : those of the page
    after : the identity with which the next page is asked for; None on the last
    """

    projects: tuple[Project, ...]
    after: str | None


def add_projects(
    database: Database, viewer: Viewer, entered: Sequence[NewProject]
) -> tuple[str, ...]:
    """Add projects with their first states: all, or none; return their identities.

    Raises
    ------
    yanzhen.study.StudyError
        With everything that is wrong with them.
    Unavailable
        The database does not answer.
    """
    problems = [
        problem for row, each in enumerate(entered, start=1) for problem in _wrong(each, row)
    ]
    if problems:
        raise StudyError(problems)
    made = {"made_by": viewer.person, "made_at": now()}
    rows = [
        {**vars(each), "id": token_hex(16), "organisation": viewer.organisation, **made}
        for each in entered
    ]
    if rows:
        with database.writing() as connection:
            insert_projects(connection, rows)
            connection.execute(
                insert(transitions),
                [
                    {"project": row["id"], "state": row["state"], "on": row["state_on"], **made}
                    for row in rows
                ],
            )
            changes = [
                Change("make", "project", row["id"], vars(each))
                for row, each in zip(rows, entered, strict=True)
            ]
            record_all(connection, viewer.actor, changes)
    return tuple(row["id"] for row in rows)


def add_transition(
    database: Database, viewer: Viewer, project: str, state: str, on: str
) -> Project:
    """Let a project enter a state on a day; return the project as it is then.

    Raises
    ------
    NoSuchProject
        There is none that the viewer sees.
    yanzhen.study.StudyError
        The day is none, or before that of the state it is in; or the state cannot follow that.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        row = _seen(connection, viewer, project, to_change=True)
        problems = _not_after(row, state, on)
        if problems:
            raise StudyError(problems)
        entered = {"project": project, "state": state, "on": on}
        made = {"made_by": viewer.person, "made_at": now()}
        connection.execute(insert(transitions).values(**entered, **made))
        newest = {"state": state, "state_on": on}
        connection.execute(update(projects).where(projects.c.id == project).values(**newest))
        index_state(connection, row._asdict(), state)
        record(connection, viewer.actor, "change", "project", project, newest)
        return _project(_seen(connection, viewer, project))


def find_project(database: Database, viewer: Viewer, project: str) -> Project:
    """Return a project.

    Raises
    ------
    NoSuchProject
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.asking() as connection:
        return _project(_seen(connection, viewer, project))


def transitions_of(database: Database, viewer: Viewer, project: str) -> tuple[Transition, ...]:
    """Return the states that a project entered, the first first.

    Raises
    ------
    NoSuchProject
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        _seen(connection, viewer, project)
        of_project = (transitions.c.project == project) & visible(transitions, viewer)
        listed = select(transitions).where(of_project).order_by(transitions.c.on)
        return tuple(
            Transition(row.state, row.on, row.made_by, row.made_at)
            for row in connection.execute(listed)
        )


def list_projects(
    database: Database,
    viewer: Viewer,
    said: str = "",
    state: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the projects that the viewer sees, the newest first.

    Parameters
    ----------
    said : parts of name, industry or places, separated by spaces, all of them to be there
    state : that they are in
    after : of the page before
    limit : projects at most

    Raises
    ------
    NoSuchProject
        `after` is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    listing = select(projects).where(visible(projects, viewer))
    if state is not None:
        listing = listing.where(projects.c.state == state)
    before = None
    if after is not None:
        if not IDENTITY.fullmatch(after):
            raise NoSuchProject(after)
        last = select(projects.c.number).where(projects.c.id == after, visible(projects, viewer))
        before = last.scalar_subquery()
    # One statement mostly: each is a way to the server and back.
    with database.asking() as connection:
        if plain(said):
            within = (viewer.organisation, state, before)
            listings = containing(connection, listing, said, *within)
        else:
            listings = (newest_first(listing, projects.c.number, before),)
        found: tuple[Project, ...] = ()
        for each in listings:
            found = tuple(_project(row) for row in connection.execute(each.limit(limit + 1)))
            if len(found) > limit:
                break
        if after is not None and not found:
            _seen(connection, viewer, after)
    page = found[:limit]
    return Page(page, page[-1].id if len(found) > limit else None)


def _seen(
    connection: Connection, viewer: Viewer, project: str, to_change: bool = False
) -> Row[Any]:
    """Return the row of a project; nobody else changes it meanwhile where it is to change."""
    this = select(projects).where(projects.c.id == project, visible(projects, viewer))
    asked = this.with_for_update() if to_change else this
    row = connection.execute(asked).first() if IDENTITY.fullmatch(project) else None
    if row is None:
        raise NoSuchProject(project)
    return row


def _project(row: Row[Any]) -> Project:
    return Project(**{each.name: getattr(row, each.name) for each in fields(Project)})


def _wrong(entered: NewProject, row: int) -> list[Problem]:
    """Return what is wrong with a project that is entered."""
    found = []
    for name, longest in LONGEST.items():
        said = getattr(entered, name)
        if not said.strip() or len(said) > longest or UNFIT.search(said):
            found.append(_problem("text", row, name, length=len(said), longest=longest))
    if not math.isfinite(entered.investment) or entered.investment < 0:
        found.append(_problem("amount", row, "investment", amount=entered.investment))
    found += _no_state(entered.state, entered.state_on, row)
    if entered.investment_unit not in MONEY_UNITS:
        values = {"unit": entered.investment_unit, "listed": ", ".join(CURRENCIES)}
        found.append(_problem("unit", row, "investment_unit", **values))
    return found


def _no_state(state: str, on: str, row: int | None) -> list[Problem]:
    found = []
    if state not in STATES:
        listed = ", ".join(STATES)
        found.append(_problem("state", row, "state", state=state, listed=listed))
    if not is_day(on):
        found.append(_problem("day", row, "state_on", day=on))
    return found


def _not_after(project: Row[Any], state: str, on: str) -> list[Problem]:
    """Return why a project cannot enter a state on a day."""
    found = _no_state(state, on, None)
    if is_day(on) and on <= project.state_on:
        values = {"day": on, "since": project.state_on, "now": project.state}
        found.append(_problem("too_early", None, "state_on", **values))
    following = FOLLOWS[project.state]
    if state in STATES and state not in following:
        key = "order" if following else "end"
        values = {"state": state, "now": project.state, "listed": ", ".join(following)}
        found.append(_problem(key, None, "state", **values))
    return found


def _problem(key: str, row: int | None, column: str, **values: object) -> Problem:
    return Problem.at("", "projects", row, column, *PHRASES.message(key, **values))
