"""A notice as somebody reads it, and its one line in Chinese and English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select

from yanzhen.exchange.notices.naming import About, about, names_of
from yanzhen.exchange.notices.wording import PHRASES
from yanzhen.phrasebook import Language
from yanzhen.store.database.tables import organisations
from yanzhen.store.people.viewer import Viewer

PAGES: Mapping[About, str] = {
    "introduction": "/exchange",
    "listing": "/exchange?listing={subject}",
    "deal": "/deals?deal={subject}",
    "agreement": "/statements?agreement={subject}",
    "publication": "/statistics",
    "webhook": "/notices",
}


@dataclass(frozen=True)
class Notice:
    """Something that an organisation was told.

    Attributes
    ----------
    id : random
    kind : what happened
    about : introduction, listing, deal, agreement, publication or webhook
    subject : identity of that
    name : of that; empty where the reader does not see it, or is not to be told it here
    told_by : name of the organisation that did it; empty as the name is, or where nobody did it
    facts : more about it: version, number, period, days, state
    made_at : moment
    read : whether the reader has marked it as read
    confidential : whether name and organisation are for the workbench alone
    """

    id: str
    kind: str
    about: About
    subject: str
    name: str
    told_by: str
    facts: Mapping[str, str | int]
    made_at: str
    read: bool
    confidential: bool

    @property
    def page(self) -> str:
        """Address in the workbench of what it is about."""
        return PAGES[self.about].format(subject=self.subject)

    def title(self, lang: Language) -> str:
        """Return what happened, in words."""
        return PHRASES.word(lang, f"kind.{self.kind}")

    def details(self, lang: Language) -> tuple[str, ...]:
        """Return what it happened to, what is said of it, and who did it."""
        facts = (_fact(name, said, lang) for name, said in self.facts.items())
        return tuple(each for each in (self.name, *facts, self.told_by) if each)

    def to_send(self) -> "Notice":
        """Return what may leave the workbench: nothing that gives a confidential project away."""
        return replace(self, name="", told_by="") if self.confidential else self


def read_notices(
    connection: Connection, viewer: Viewer, rows: Sequence[Row[Any]]
) -> tuple[Notice, ...]:
    """Return rows of notices, with `read`, as a viewer is told of them."""
    names = names_of(connection, viewer, [(about(row.kind), row.subject) for row in rows])
    by = {row.told_by for row in rows if row.told_by is not None}
    named = select(organisations.c.id, organisations.c.name).where(organisations.c.id.in_(by))
    who = {row.id: row.name for row in connection.execute(named)}
    found = []
    for row in rows:
        thing = names.get((about(row.kind), row.subject))
        found.append(
            Notice(
                id=row.id,
                kind=row.kind,
                about=about(row.kind),
                subject=row.subject,
                name="" if thing is None else thing.name,
                # Who deals with whom is for those who see the deal.
                told_by="" if thing is None else who.get(row.told_by, ""),
                facts=row.facts,
                made_at=row.made_at,
                read=bool(row.read),
                confidential=thing is None or thing.confidential,
            )
        )
    return tuple(found)


def _fact(name: str, said: str | int, lang: Language) -> str:
    if name == "event":
        return PHRASES.word(lang, f"event.{said}")
    return PHRASES.word(lang, f"fact.{name}", said=said)
