"""Whether a store is whole: rows that belong together, the record, the studies' files."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, ForeignKeyConstraint, and_, func, select, text

from yanzhen.phrasebook import Words
from yanzhen.store.audit.verifying import Head, Verified, verify
from yanzhen.store.backup.contents import DOCUMENTS
from yanzhen.store.backup.reading import PHRASES
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import (
    MONEY_EVENTS,
    deal_documents,
    deal_transitions,
    deals,
)
from yanzhen.store.database.migrating import revision_within, revisions
from yanzhen.store.database.tables import METADATA, projects, studies, transitions
from yanzhen.store.ownership.own_folder import folder_of
from yanzhen.store.ownership.studies import STUDIES, hash_of_file, hash_of_files

MOST_SHOWN = 20
"""Faults of one kind told one by one."""


def check_store(database: Database, folder: Path, noted: Head | None = None) -> tuple[Words, ...]:
    """Return everything that is wrong with a store, in both languages.

    Parameters
    ----------
    folder : of the store
    noted : a head of the record of changes that was noted down before

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        revision = revision_within(connection)
        if revision is None:
            return (PHRASES.words("no_store"),)
        if revision != revisions()[-1]:
            key = "older_store" if revision in revisions() else "newer_store"
            return (PHRASES.words(key, revision=revision),)
        return (
            *_file_faults(connection),
            *_lost_references(connection),
            *_false_states(connection),
            *_false_deals(connection),
            *told(verify(connection, noted)),
            *_lost_files(connection, folder),
            *_lost_documents(connection, folder),
        )


def _file_faults(connection: Connection) -> Iterator[Words]:
    if connection.dialect.name == "sqlite":
        for said in connection.scalars(text(f"PRAGMA integrity_check({MOST_SHOWN})")):
            if said != "ok":
                yield PHRASES.words("file_fault", said=said)


def _lost_references(connection: Connection) -> Iterator[Words]:
    """Give each kind of row that refers to one that is not there."""
    for table in METADATA.sorted_tables:
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint):
                pairs = [(element.parent, element.column) for element in constraint.elements]
                parent = pairs[0][1].table
                other = parent.alias()
                same = [other.c[column.name] == child for child, column in pairs]
                is_there = select(other.c[pairs[0][1].name]).where(*same)
                given = [child.is_not(None) for child, _ in pairs]
                lost = and_(*given, ~is_there.exists())
                count = connection.scalar(select(func.count()).select_from(table).where(lost))
                if count:
                    columns = ", ".join(child.name for child, _ in pairs)
                    names = {"table": table.name, "column": columns, "other": parent.name}
                    yield PHRASES.words("lost_reference", count=count, **names)


def _false_states(connection: Connection) -> Iterator[Words]:
    """Tell where a project is not in the state of its newest transition."""
    newest = (
        select(transitions.c.state)
        .where(transitions.c.project == projects.c.id)
        .order_by(transitions.c.on.desc())
        .limit(1)
        .scalar_subquery()
    )
    false = func.coalesce(newest, "") != projects.c.state
    count = connection.scalar(select(func.count()).select_from(projects).where(false))
    if count:
        yield PHRASES.words("false_state", count=count)


def _false_deals(connection: Connection) -> Iterator[Words]:
    """Tell where a deal is not in the state of its newest transition."""
    newest = (
        select(deal_transitions.c.event)
        .where(
            deal_transitions.c.deal == deals.c.id,
            deal_transitions.c.event.not_in(MONEY_EVENTS),
        )
        .order_by(deal_transitions.c.on.desc())
        .limit(1)
        .scalar_subquery()
    )
    false = func.coalesce(newest, "") != deals.c.state
    count = connection.scalar(select(func.count()).select_from(deals).where(false))
    if count:
        yield PHRASES.words("false_deal", count=count)


def told(found: Verified) -> Iterator[Words]:
    """Say what is wrong with the record of changes, in both languages."""
    for each in found.broken[:MOST_SHOWN]:
        yield PHRASES.words(f"record_{each.fault}", sequence=each.sequence)
    if len(found.broken) > MOST_SHOWN:
        yield PHRASES.words("record_more", count=len(found.broken) - MOST_SHOWN)


def _lost_files(connection: Connection, folder: Path) -> Iterator[Words]:
    rows = connection.execute(
        select(studies.c.key, studies.c.organisation, studies.c.files_hash).order_by(
            studies.c.organisation, studies.c.key
        )
    )
    for row in rows:
        place = folder_of(folder, row.organisation) / STUDIES / row.key
        names = {"key": row.key, "organisation": row.organisation}
        if not place.is_dir():
            yield PHRASES.words("study_lost", **names)
        elif hash_of_files(place) != row.files_hash:
            yield PHRASES.words("study_changed", **names)


def _lost_documents(connection: Connection, folder: Path) -> Iterator[Words]:
    """Tell the hashes of documents whose content is missing or changed."""
    kept = select(deal_documents.c.sha256).distinct().order_by(deal_documents.c.sha256)
    for hashed in connection.scalars(kept):
        place = folder / DOCUMENTS / hashed[:2] / hashed
        if not place.is_file() or hash_of_file(place) != hashed:
            yield PHRASES.words("document_lost", hash=hashed)
