"""Introductions: an enterprise asks, and only then does the site's organisation see who it is.

What either side answers is kept, with its moment, and never changed. How long a site's organisation
takes to answer is public: the median, never of fewer than `LEAST` answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from secrets import token_hex
from statistics import median
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, func, insert, select

from yanzhen.exchange.docking.wording import PHRASES
from yanzhen.exchange.listings.content import read_content
from yanzhen.exchange.listings.keeping import own
from yanzhen.exchange.listings.kinds import Content
from yanzhen.exchange.listings.searching import seen
from yanzhen.phrasebook import BilingualError
from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import now, time_of
from yanzhen.store.database.connection import Database
from yanzhen.store.database.listing_tables import (
    introduction_answers,
    introductions,
    listing_versions,
)
from yanzhen.store.database.tables import organisations
from yanzhen.store.database.texts import IDENTITY, UNFIT
from yanzhen.store.outbox.telling import tell
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

Answer = Literal["accepted", "declined", "message", "withdrawn"]
OF_SITE: tuple[Answer, ...] = ("accepted", "declined", "message")
OF_PROJECT: tuple[Answer, ...] = ("message", "withdrawn")
ENDS: tuple[Answer, ...] = ("declined", "withdrawn")
"""Answers after which nothing more is said."""
LEAST = 3
LONGEST = 5_000
HOUR = 3600.0


class NoSuchIntroduction(LookupError):
    """There is no introduction of that identity, or it is not to be seen."""


class NotIntroduced(BilingualError):
    """An introduction that cannot be asked for, or an answer that cannot be given.

    Attributes
    ----------
    words : why, in English and Chinese
    """

    phrases = PHRASES


@dataclass(frozen=True)
class GivenAnswer:
    """What one side said, and when.

    Attributes
    ----------
    own : whether it was the viewer's side
    answer : accepted, declined, message or withdrawn
    """

    own: bool
    answer: Answer
    text: str
    made_at: str


@dataclass(frozen=True)
class Introduction:
    """A request of an enterprise to a site, as either side sees it.

    Attributes
    ----------
    id : random
    own : whether the viewer's side asked
    organisation, site_organisation : names of who asked and of whom
    project, project_content : listing, as it was when the introduction was asked for
    site, site_name : listing, called as it was published then
    text : of the request
    state : asked, or the newest answer but a message
    made_at : moment
    """

    id: str
    own: bool
    organisation: str
    site_organisation: str
    project: str
    project_content: Content
    site: str
    site_name: str
    text: str
    state: str
    made_at: str


@dataclass(frozen=True)
class IntroductionPage:
    """Some introductions, the newest first, and that behind which the next page begins."""

    introductions: tuple[Introduction, ...]
    after: str | None


@dataclass(frozen=True)
class ResponseTime:
    """How soon an organisation answers what its sites are asked.

    Attributes
    ----------
    median_hours : from a request to its first acceptance or refusal
    answers : their number
    asked : requests
    """

    median_hours: float
    answers: int
    asked: int


def ask_introduction(database: Database, viewer: Viewer, project: str, site: str, text: str) -> str:
    """Ask a site for an introduction: its organisation sees the project from now on.

    Raises
    ------
    yanzhen.exchange.listings.searching.NoSuchListing
        The project is none of the viewer's organisation, or there is no such site to be seen.
    NotIntroduced
        One of the two is not published, they are one organisation's, it was asked before, or the
        text is too long.
    Unavailable
        The database does not answer.
    """
    _require_text(text)
    with database.writing() as connection:
        asking = own(connection, viewer, project)
        asked = seen(connection, viewer, site)
        if asking.kind != "project" or asked.kind != "site":
            raise NotIntroduced("kinds")
        if asking.published is None or asked.published is None:
            raise NotIntroduced("unpublished")
        if asked.organisation == viewer.organisation:
            raise NotIntroduced("same")
        before = (introductions.c.project == project) & (introductions.c.site == site)
        if connection.execute(select(introductions.c.id).where(before)).first() is not None:
            raise NotIntroduced("asked_before")
        identity = token_hex(16)
        row = {
            "id": identity,
            "organisation": viewer.organisation,
            "site_organisation": asked.organisation,
            "project": project,
            "project_version": asking.published,
            "site": site,
            "site_version": asked.published,
            "text": text,
        }
        made = {"made_by": viewer.person, "made_at": now()}
        connection.execute(insert(introductions).values(**row, **made))
        noted = {"project": project, "site": site, "version": asking.published}
        tell(connection, "introduction_asked", identity, [asked.organisation], viewer.organisation)
        record(connection, viewer.actor, "ask", "introduction", identity, noted)
    return identity


def answer_introduction(
    database: Database, viewer: Viewer, introduction: str, answer: Answer, text: str
) -> Introduction:
    """Answer as the side that one is of.

    Raises
    ------
    NoSuchIntroduction
        There is none that the viewer sees.
    NotIntroduced
        The answer is the other side's to give, or it was ended before.
    Unavailable
        The database does not answer.
    """
    _require_text(text, least=1 if answer == "message" else 0)
    with database.writing() as connection:
        row = seen_introduction(connection, viewer, introduction, to_change=True)
        allowed = OF_PROJECT if row.organisation == viewer.organisation else OF_SITE
        if answer not in allowed:
            raise NotIntroduced("other_side", answer=PHRASES.words(f"answer.{answer}"))
        state, _ = decision_on(connection, introduction)
        if state in ENDS or answer == state:
            raise NotIntroduced("ended", answer=PHRASES.words(f"answer.{state}"))
        said = {"introduction": introduction, "answer": answer, "text": text}
        made = {"made_by": viewer.person, "made_at": now()}
        connection.execute(
            insert(introduction_answers).values(organisation=viewer.organisation, **said, **made)
        )
        other = {row.organisation, row.site_organisation} - {viewer.organisation}
        tell(connection, f"introduction_{answer}", introduction, other, viewer.organisation)
        record(connection, viewer.actor, "answer", "introduction", introduction, {"answer": answer})
        return _introduction(connection, row, viewer)


def list_introductions(
    database: Database, viewer: Viewer, after: str | None = None, limit: int = 50
) -> IntroductionPage:
    """Return a page of the introductions that one's organisation asked for or was asked for.

    Raises
    ------
    NoSuchIntroduction
        `after` is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    asked = _shown(viewer).order_by(introductions.c.number.desc()).limit(limit + 1)
    with database.reading() as connection:
        if after is not None:
            asked = asked.where(
                introductions.c.number < seen_introduction(connection, viewer, after).number
            )
        rows = connection.execute(asked).all()
        found = tuple(_introduction(connection, row, viewer) for row in rows)
    page = found[:limit]
    return IntroductionPage(page, page[-1].id if len(found) > limit else None)


def find_introduction(database: Database, viewer: Viewer, introduction: str) -> Introduction:
    """Return an introduction.

    Raises
    ------
    NoSuchIntroduction
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        return _introduction(
            connection, seen_introduction(connection, viewer, introduction), viewer
        )


def answers_of(database: Database, viewer: Viewer, introduction: str) -> tuple[GivenAnswer, ...]:
    """Return what both sides answered, the first first.

    Raises
    ------
    NoSuchIntroduction
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    given = introduction_answers
    asked = select(given).where(given.c.introduction == introduction, visible(given, viewer))
    with database.reading() as connection:
        seen_introduction(connection, viewer, introduction)
        return tuple(
            GivenAnswer(row.organisation == viewer.organisation, row.answer, row.text, row.made_at)
            for row in connection.execute(asked.order_by(given.c.id))
        )


def response_times(database: Database, of: Iterable[str]) -> dict[str, ResponseTime]:
    """Return how soon organisations answer; nothing of one that answered fewer than `LEAST`.

    Public: of all requests, whoever asks, and nothing of any one of them.

    Parameters
    ----------
    of : identities of organisations

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    given = introduction_answers.c
    first = (
        select(func.min(given.made_at))
        .where(
            given.introduction == introductions.c.id,
            given.organisation == introductions.c.site_organisation,
            given.answer.in_(("accepted", "declined")),
        )
        .correlate(introductions)
        .scalar_subquery()
    )
    asked = select(
        introductions.c.site_organisation, introductions.c.made_at, first.label("answered_at")
    ).where(introductions.c.site_organisation.in_({*of}))
    requests: dict[str, list[float | None]] = {}
    with database.reading() as connection:
        for row in connection.execute(asked):
            hours = None
            if row.answered_at is not None:
                taken = time_of(row.answered_at) - time_of(row.made_at)
                hours = taken.total_seconds() / HOUR
            requests.setdefault(row.site_organisation, []).append(hours)
    found = {}
    for organisation, every in requests.items():
        answered = [hours for hours in every if hours is not None]
        if len(answered) >= LEAST:
            found[organisation] = ResponseTime(median(answered), len(answered), len(every))
    return found


def _require_text(text: str, least: int = 0) -> None:
    if not least <= len(text.strip()) <= LONGEST or UNFIT.search(text):
        raise NotIntroduced("text", longest=LONGEST)


def _shown(viewer: Viewer) -> Select[Any]:
    asking, asked = organisations.alias(), organisations.alias()
    version = listing_versions.alias()
    of_project = (listing_versions.c.listing == introductions.c.project) & (
        listing_versions.c.version == introductions.c.project_version
    )
    of_site = (version.c.listing == introductions.c.site) & (
        version.c.version == introductions.c.site_version
    )
    return (
        select(
            *introductions.c,
            asking.c.name.label("asking"),
            asked.c.name.label("asked"),
            listing_versions.c.content,
            version.c.name.label("site_name"),
            version.c.region.label("site_region"),
        )
        .select_from(introductions)
        .join(listing_versions, of_project)
        .join(version, of_site)
        .join(asking, asking.c.id == introductions.c.organisation)
        .join(asked, asked.c.id == introductions.c.site_organisation)
        .where(visible(introductions, viewer))
    )


def seen_introduction(
    connection: Connection, viewer: Viewer, introduction: str, to_change: bool = False
) -> Row[Any]:
    """Return the row of an introduction, with what was introduced to what.

    Parameters
    ----------
    to_change : whether nobody else is to answer it, or to make its deal, meanwhile

    Raises
    ------
    NoSuchIntroduction
        There is none that the viewer sees.
    """
    if not IDENTITY.fullmatch(introduction):
        raise NoSuchIntroduction(introduction)
    if to_change:
        held = select(introductions.c.id).where(
            introductions.c.id == introduction, visible(introductions, viewer)
        )
        connection.execute(held.with_for_update())
    row = connection.execute(_shown(viewer).where(introductions.c.id == introduction)).first()
    if row is None:
        raise NoSuchIntroduction(introduction)
    return row


def decision_on(connection: Connection, introduction: str) -> tuple[str, str]:
    """Return the state of an introduction and since when: its newest answer but a message."""
    given = introduction_answers.c
    decisive = select(given.answer, given.made_at).where(
        given.introduction == introduction, given.answer != "message"
    )
    newest = connection.execute(decisive.order_by(given.id.desc()).limit(1)).first()
    return ("asked", "") if newest is None else (newest.answer, newest.made_at)


def _introduction(connection: Connection, row: Row[Any], viewer: Viewer) -> Introduction:
    return Introduction(
        row.id,
        row.organisation == viewer.organisation,
        row.asking,
        row.asked,
        row.project,
        read_content(row.content),
        row.site,
        row.site_name,
        row.text,
        decision_on(connection, row.id)[0],
        row.made_at,
    )
