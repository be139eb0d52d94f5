"""Comments on deals, and the private notes of one party: only added, a correction is a new one."""

from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, insert, select

from yanzhen.exchange.deals.changing import require
from yanzhen.exchange.deals.deal import Contradicts, Made, NoSuchDeal, wrong_text
from yanzhen.exchange.deals.finding import seen, with_person
from yanzhen.exchange.deals.telling import tell_others
from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import deal_comments
from yanzhen.store.database.texts import IDENTITY
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

LONGEST = 10_000
"""Characters of a comment."""


@dataclass(frozen=True)
class Comment(Made):
    """A comment on a deal.

    Attributes
    ----------
    id : random
    text : as it was entered
    corrects : comment in whose place it stands; None for none
    private : whether one's own organisation alone sees it
    """

    id: str
    text: str
    corrects: str | None
    private: bool


# Kept wide: a comment, and the one in whose place it stands.
def add_comment(
    database: Database,
    viewer: Viewer,
    deal: str,
    said: str,
    private: bool = False,
    corrects: str | None = None,
) -> Comment:
    """Add a comment that all parties see, or a note that one's own organisation sees alone.

    Raises
    ------
    NoSuchDeal
        There is no such deal, or no such comment to correct, that the viewer sees.
    Contradicts
        The comment that is corrected is another party's, or private where this one is not.
    yanzhen.study.StudyError
        With everything that is wrong with the text.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        seen(connection, viewer, deal)
        require([*wrong_text("text", said, LONGEST)])
        private_to = viewer.organisation if private else None
        if corrects is not None:
            this = select(deal_comments).where(
                *(deal_comments.c.id == corrects, deal_comments.c.deal == deal),
                visible(deal_comments, viewer),
            )
            before = connection.execute(this).first() if IDENTITY.fullmatch(corrects) else None
            if before is None:
                raise NoSuchDeal(corrects)
            if (before.organisation, before.private_to) != (viewer.organisation, private_to):
                raise Contradicts("comment.other")
        row = {"id": token_hex(16), "deal": deal, "text": said, "corrects": corrects}
        row |= {"private_to": private_to, "organisation": viewer.organisation}
        made = {"made_by": viewer.person, "made_at": now()}
        connection.execute(insert(deal_comments).values(**row, **made))
        change = {"deal": deal, "private": private, "corrects": corrects}
        if not private:
            tell_others(connection, viewer, deal, "comment_added")
        record(connection, viewer.actor, "make", "comment", str(row["id"]), change)
        added = with_person(deal_comments, viewer).where(deal_comments.c.id == row["id"])
        return _comment(connection.execute(added).one())


def comments_of(
    database: Database,
    viewer: Viewer,
    deal: str,
    after: str | None = None,
    limit: int = 100,
) -> tuple[Comment, ...]:
    """Return comments of a deal, the newest first, one's own private notes among them.

    Parameters
    ----------
    after : comment before which to go on
    limit : comments at most

    Raises
    ------
    NoSuchDeal
        There is no such deal, or comment `after`, that the viewer sees.
    Unavailable
        The database does not answer.
    """
    listed = with_person(deal_comments, viewer).where(deal_comments.c.deal == deal)
    with database.reading() as connection:
        seen(connection, viewer, deal)
        if after is not None:
            last = select(deal_comments.c.number).where(
                *(deal_comments.c.id == after, deal_comments.c.deal == deal),
                visible(deal_comments, viewer),
            )
            number = connection.scalar(last) if IDENTITY.fullmatch(after) else None
            if number is None:
                raise NoSuchDeal(after)
            listed = listed.where(deal_comments.c.number < number)
        ordered = listed.order_by(deal_comments.c.number.desc()).limit(limit)
        return tuple(map(_comment, connection.execute(ordered)))


def _comment(row: Row[Any]) -> Comment:
    made = {"organisation": row.organisation, "person": row.person or "", "made_at": row.made_at}
    private = row.private_to is not None
    return Comment(**made, id=row.id, text=row.text, corrects=row.corrects, private=private)
