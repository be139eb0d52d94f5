"""What somebody gets by e-mail: settings of each person, beside what all find in the workbench."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from yanzhen.exchange.notices.wording import NotTaken
from yanzhen.phrasebook import Language
from yanzhen.store.audit.chain import record
from yanzhen.store.database.connection import Database
from yanzhen.store.database.inserting import insert_if_new
from yanzhen.store.database.notice_tables import notice_deliveries, notice_settings
from yanzhen.store.outbox.kinds import kinds_for
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
LONGEST = 254


@dataclass(frozen=True)
class Settings:
    """What somebody gets by e-mail.

    Attributes
    ----------
    mail_address : None for no e-mail
    mail_kinds : kinds of notices that are sent there
    language : of the e-mail, zh or en
    mail_error : why the newest e-mail did not arrive; empty where it did, or there is none
    """

    mail_address: str | None
    mail_kinds: tuple[str, ...]
    language: Language
    mail_error: str = ""


def settings_of(database: Database, viewer: Viewer) -> Settings:
    """Return the viewer's settings; without any, nothing is sent by e-mail.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    own = select(notice_settings).where(visible(notice_settings, viewer))
    ended = (
        select(notice_deliveries.c.state, notice_deliveries.c.error)
        .where(
            notice_deliveries.c.person == viewer.person,
            notice_deliveries.c.ended_at.is_not(None),
            visible(notice_deliveries, viewer),
        )
        .order_by(notice_deliveries.c.ended_at.desc(), notice_deliveries.c.number.desc())
        .limit(1)
    )
    with database.reading() as connection:
        row, last = connection.execute(own).first(), connection.execute(ended).first()
    if row is None:
        return Settings(None, (), "zh")
    error = last.error if last is not None and last.state == "failed" else ""
    return Settings(row.mail_address, tuple(row.mail_kinds), row.language, error)


def change_settings(database: Database, viewer: Viewer, wanted: Settings) -> Settings:
    """Put other settings in the place of the viewer's; the address is not recorded.

    Raises
    ------
    NotTaken
        Address, kinds or language cannot be taken.
    Unavailable
        The database does not answer.
    """
    if wanted.mail_address is not None and not is_address(wanted.mail_address):
        raise NotTaken("address", "mail_address", said=wanted.mail_address)
    require_kinds(viewer, wanted.mail_kinds, "mail_kinds")
    if wanted.language not in ("zh", "en"):
        raise NotTaken("language", "language")
    kinds = sorted({*wanted.mail_kinds})
    values = {"mail_address": wanted.mail_address, "mail_kinds": kinds}
    with database.writing() as connection:
        settings_row(connection, viewer)
        own = notice_settings.c.person == viewer.person
        changed = update(notice_settings).where(own, visible(notice_settings, viewer))
        connection.execute(changed.values(**values, language=wanted.language))
        noted = {"by_mail": wanted.mail_address is not None, "kinds": kinds}
        record(connection, viewer.actor, "change", "notice settings", viewer.person, noted)
    return settings_of(database, viewer)


def settings_row(connection: Connection, viewer: Viewer) -> Row[Any]:
    """Return the row of the viewer's settings, made where there is none."""
    usual = {"person": viewer.person, "mail_kinds": [], "language": "zh", "read_to": 0}
    insert_if_new(connection, notice_settings, usual)
    return connection.execute(select(notice_settings).where(visible(notice_settings, viewer))).one()


def is_address(said: str) -> bool:
    """Whether a text is an address of e-mail, of ASCII and without anything around it."""
    return len(said) <= LONGEST and ADDRESS.fullmatch(said) is not None


def require_kinds(viewer: Viewer, kinds: tuple[str, ...], field: str) -> None:
    """Let those kinds alone be asked for that one is given.

    Raises
    ------
    NotTaken
        For the first that is none of them.
    """
    for each in kinds:
        if each not in kinds_for(viewer):
            raise NotTaken("kinds", field, kind=each)
