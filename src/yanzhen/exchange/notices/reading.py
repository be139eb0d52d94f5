"""Notices in the workbench: a page of them, how many are unread, and marking them as read."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, insert, select, update

from yanzhen.exchange.notices.notice import Notice, read_notices
from yanzhen.exchange.notices.settings import settings_row
from yanzhen.store.database.clock import later, moment_of
from yanzhen.store.database.connection import Database
from yanzhen.store.database.inserting import insert_if_new
from yanzhen.store.database.notice_tables import notice_marks, notice_settings, notices
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

COUNTED = 100
"""Unread notices that are counted at most."""
WRITTEN = 60.0
"""Seconds after which every transaction that told something has ended."""


class NoSuchNotice(LookupError):
    """There is no notice of that identity, or it is not to be seen."""


@dataclass(frozen=True)
class NoticePage:
    """Some notices, the newest first, and the identity behind which the next page begins."""

    notices: tuple[Notice, ...]
    after: str | None


def list_notices(
    database: Database,
    viewer: Viewer,
    unread: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> NoticePage:
    """Return a page of what the viewer's organisation was told, the newest first.

    Parameters
    ----------
    unread : only what the viewer has not read
    after : of the page before
    limit : notices at most

    Raises
    ------
    NoSuchNotice
        `after` is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    asked = _listed(viewer).order_by(notices.c.number.desc()).limit(limit + 1)
    if unread:
        asked = asked.where(_is_unread(viewer))
    with database.reading() as connection:
        if after is not None:
            asked = asked.where(notices.c.number < _number(connection, viewer, after))
        rows = connection.execute(asked).all()
        page = read_notices(connection, viewer, rows[:limit])
    return NoticePage(page, page[-1].id if len(rows) > limit else None)


def count_unread(database: Database, viewer: Viewer) -> int:
    """Return how many notices a viewer has not read, `COUNTED` where there are more.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    unread = select(notices.c.number).where(visible(notices, viewer), _is_unread(viewer))
    counted = select(func.count()).select_from(unread.limit(COUNTED).subquery())
    with database.asking() as connection:
        return int(connection.execute(counted).scalar_one())


def mark_read(database: Database, viewer: Viewer, read: Collection[str]) -> None:
    """Mark notices as read by the viewer, for whom alone they are.

    Raises
    ------
    NoSuchNotice
        One of them is none that the viewer sees; then none is marked.
    Unavailable
        The database does not answer.
    """
    seen = select(notices.c.id).where(notices.c.id.in_(read), visible(notices, viewer))
    with database.writing() as connection:
        unseen = {*read} - {*connection.scalars(seen)}
        if unseen:
            raise NoSuchNotice(min(unseen))
        at = moment_of(connection)
        for each in sorted({*read}):
            row = {"person": viewer.person, "notice": each, "made_at": at}
            insert_if_new(connection, notice_marks, row)


def mark_all_read(database: Database, viewer: Viewer, newest: str) -> None:
    """Mark a notice and all before it as read by the viewer.

    Parameters
    ----------
    newest : the newest that the viewer has seen

    Raises
    ------
    NoSuchNotice
        It is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        number = _number(connection, viewer, newest)
        settings_row(connection, viewer)
        at = moment_of(connection)
        # What is being told at this moment may get a lower number, and is not seen yet: only
        # behind it all is read by its number.
        before = select(func.max(notices.c.number)).where(
            notices.c.number <= number, notices.c.made_at < later(at, -WRITTEN)
        )
        to = connection.scalar(before) or 0
        own = notice_settings.c.person == viewer.person
        held = and_(own, notice_settings.c.read_to < to)
        connection.execute(update(notice_settings).where(held).values(read_to=to))
        behind = select(notices.c.id).where(notices.c.number <= to)
        mine = notice_marks.c.person == viewer.person
        connection.execute(delete(notice_marks).where(mine, notice_marks.c.notice.in_(behind)))
        rest = select(notices.c.id).where(
            *(visible(notices, viewer), notices.c.number <= number, _is_unread(viewer))
        )
        rows = [
            {"person": viewer.person, "notice": each, "made_at": at}
            for each in connection.scalars(rest)
        ]
        if rows:
            connection.execute(insert(notice_marks), rows)


def _is_unread(viewer: Viewer) -> ColumnElement[bool]:
    marked = select(notice_marks.c.notice).where(
        notice_marks.c.notice == notices.c.id, notice_marks.c.person == viewer.person
    )
    to = select(notice_settings.c.read_to).where(notice_settings.c.person == viewer.person)
    return and_(notices.c.number > func.coalesce(to.scalar_subquery(), 0), ~marked.exists())


def _listed(viewer: Viewer) -> Select[Any]:
    read = case((_is_unread(viewer), 0), else_=1).label("read")
    return select(notices, read).where(visible(notices, viewer))


def _number(connection: Any, viewer: Viewer, notice: str) -> int:
    this = select(notices.c.number).where(notices.c.id == notice, visible(notices, viewer))
    number = connection.scalar(this)
    if number is None:
        raise NoSuchNotice(notice)
    return int(number)
