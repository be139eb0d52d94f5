"""Listings as an organisation keeps them: every change is a version or a state, and recorded.

draft → in_review → published → withdrawn; a new version is a draft again, while what was published
before stays what others see until the new one is published. Publishing is the administrators'
(`yanzhen.store.people.permissions`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from yanzhen.exchange.listings.checking import wrong_with
from yanzhen.exchange.listings.content import columns_of, read_content, same_key
from yanzhen.exchange.listings.kinds import Content, Document, Project
from yanzhen.exchange.listings.searching import (
    PUBLISHED,
    WITHDRAWN,
    Listing,
    NoSuchListing,
    listing_of,
    seen,
    shown,
)
from yanzhen.exchange.listings.wording import PHRASES, problem_at
from yanzhen.phrasebook import BilingualError
from yanzhen.store.audit.chain import Change, record, record_all
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.listing_tables import listing_versions, listings
from yanzhen.store.database.texts import IDENTITY
from yanzhen.store.people.viewer import Viewer
from yanzhen.study import StudyError

DRAFT, IN_REVIEW = "draft", "in_review"


class NotNow(BilingualError):
    """A listing cannot be changed so in the state that it is in.

    Attributes
    ----------
    words : why, in English and Chinese
    """

    phrases = PHRASES


@dataclass(frozen=True)
class Published:
    """A listing that was published.

    Attributes
    ----------
    listing : as it is now
    alike : identities of others, seen by the viewer, with the same kind, name, region and industry
    """

    listing: Listing
    alike: tuple[str, ...]


def make_listings(
    database: Database, viewer: Viewer, contents: Sequence[Content]
) -> tuple[str, ...]:
    """Make drafts: all of them, or none; return their identities.

    Raises
    ------
    yanzhen.study.StudyError
        With everything that is wrong with them.
    Unavailable
        The database does not answer.
    """
    numbered = enumerate(contents, start=1) if len(contents) > 1 else ((None, contents[0]),)
    problems = [each for row, content in numbered for each in wrong_with(content, row)]
    problems += [
        problem_at("no_document", content.kind, None, "documents", name=document.name)
        for content in contents
        for document in content.documents
    ]
    if problems:
        raise StudyError(problems)
    made = {"made_by": viewer.person, "made_at": now()}
    rows = [
        {
            "id": token_hex(16),
            "organisation": viewer.organisation,
            "kind": content.kind,
            "state": DRAFT,
            "version": 1,
            "published": None,
            "confidential": _is_confidential(content),
            "expires_on": content.expires_on,
            "confirmed_at": made["made_at"],
            **made,
        }
        for content in contents
    ]
    versions = [
        {"listing": row["id"], "version": 1, **columns_of(content), **made}
        for row, content in zip(rows, contents, strict=True)
    ]
    changes = [
        Change("make", "listing", each["listing"], _noted(1, each["content_hash"]))
        for each in versions
    ]
    with database.writing() as connection:
        connection.execute(insert(listings), rows)
        connection.execute(insert(listing_versions), versions)
        record_all(connection, viewer.actor, changes)
    return tuple(str(row["id"]) for row in rows)


def revise_listing(
    database: Database, viewer: Viewer, listing: str, content: Content, based_on: int | None = None
) -> Listing:
    """Add a version to a listing, a draft; nothing is added where it says the same.

    Parameters
    ----------
    content : of the same kind; its documents are of those that the newest version has
    based_on : number of the version that was changed; None for whatever is the newest

    Raises
    ------
    NoSuchListing
        There is none of the viewer's organisation.
    NotNow
        There is a newer version than that which was changed.
    yanzhen.study.StudyError
        With everything that is wrong.
    Unavailable
        The database does not answer.
    """
    problems = wrong_with(content)
    with database.writing() as connection:
        row = own(connection, viewer, listing)
        if based_on is not None and based_on != row.version:
            raise NotNow("newer_version", version=row.version, based_on=based_on)
        before = read_content(row.content)
        if content.kind != row.kind:
            problems.append(problem_at("kind", content.kind, None, "kind", kind=row.kind))
        known = {each.sha256: each for each in before.documents}
        problems += [
            problem_at("no_document", content.kind, None, "documents", name=each.name)
            for each in content.documents
            if known.get(each.sha256) != each
        ]
        if problems:
            raise StudyError(problems)
        return listing_of(add_version(connection, viewer, row, content), viewer)


def with_document(database: Database, viewer: Viewer, listing: str, document: Document) -> Listing:
    """Add a version of a listing with a document whose file is in its place."""
    with database.writing() as connection:
        row = own(connection, viewer, listing)
        before = read_content(row.content)
        others = tuple(each for each in before.documents if each.sha256 != document.sha256)
        content = replace(before, documents=(*others, document))
        problems = wrong_with(content)
        if problems:
            raise StudyError(problems)
        return listing_of(add_version(connection, viewer, row, content), viewer)


def submit_listing(database: Database, viewer: Viewer, listing: str) -> Listing:
    """Hand the newest version over for review.

    Raises
    ------
    NoSuchListing
        There is none of the viewer's organisation.
    NotNow
        The newest version is no draft.
    Unavailable
        The database does not answer.
    """
    return _enter(database, viewer, listing, "submit", (DRAFT,), {"state": IN_REVIEW})


def withdraw_listing(database: Database, viewer: Viewer, listing: str) -> Listing:
    """Take a listing back: nobody else is shown it any more.

    Raises
    ------
    NoSuchListing, NotNow, Unavailable
        As `submit_listing`.
    """
    states = (DRAFT, IN_REVIEW, PUBLISHED)
    gone = {"state": WITHDRAWN, "published": None}
    return _enter(database, viewer, listing, "withdraw", states, gone)


def confirm_listing(database: Database, viewer: Viewer, listing: str) -> Listing:
    """Say that what is published still holds.

    Raises
    ------
    NoSuchListing, NotNow, Unavailable
        As `submit_listing`.
    """
    confirmed = {"confirmed_at": now()}
    return _enter(database, viewer, listing, "confirm", (PUBLISHED,), confirmed)


def publish_listing(database: Database, viewer: Viewer, listing: str) -> Published:
    """Publish the newest version, which is in review, and say which others are alike.

    Raises
    ------
    NoSuchListing, NotNow, Unavailable
        As `submit_listing`.
    """
    with database.writing() as connection:
        row = own(connection, viewer, listing)
        if row.state != IN_REVIEW:
            raise NotNow("state", state=PHRASES.words(f"state_name.{row.state}"))
        content = read_content(row.content)
        values = {
            "state": PUBLISHED,
            "published": row.version,
            "confidential": _is_confidential(content),
            "expires_on": content.expires_on,
            "confirmed_at": now(),
        }
        connection.execute(update(listings).where(listings.c.id == listing).values(**values))
        record(connection, viewer.actor, "publish", "listing", listing, {"version": row.version})
        alike = shown(viewer).where(
            listing_versions.c.same_key == same_key(content),
            listings.c.id != listing,
            listings.c.published.is_not(None),
        )
        found = tuple(each.id for each in connection.execute(alike.order_by(listings.c.number)))
        return Published(listing_of(seen(connection, viewer, listing), viewer), found)


def own(connection: Connection, viewer: Viewer, listing: str) -> Row[Any]:
    """Return the row of a listing of the viewer's organisation; nobody else changes it meanwhile.

    Raises
    ------
    NoSuchListing
        There is none.
    """
    mine = (listings.c.id == listing) & (listings.c.organisation == viewer.organisation)
    if IDENTITY.fullmatch(listing):
        # Before it is read: what is joined to it is then of the same state.
        connection.execute(select(listings.c.id).where(mine).with_for_update())
    row = seen(connection, viewer, listing)
    if row.organisation != viewer.organisation:
        raise NoSuchListing(listing)
    return row


def add_version(
    connection: Connection, viewer: Viewer, row: Row[Any], content: Content
) -> Row[Any]:
    """Add a version to a listing that is held to be changed; return its row as it is then."""
    columns = columns_of(content)
    of_newest = (listing_versions.c.listing == row.id) & (listing_versions.c.version == row.version)
    newest = connection.scalar(select(listing_versions.c.content_hash).where(of_newest))
    if columns["content_hash"] == newest:
        return row
    version = row.version + 1
    made = {"made_by": viewer.person, "made_at": now()}
    connection.execute(
        insert(listing_versions).values(listing=row.id, version=version, **columns, **made)
    )
    values: dict[str, Any] = {"version": version, "state": DRAFT}
    if row.published is None:
        values |= {"confidential": _is_confidential(content), "expires_on": content.expires_on}
    connection.execute(update(listings).where(listings.c.id == row.id).values(**values))
    noted = _noted(version, columns["content_hash"])
    record(connection, viewer.actor, "change", "listing", row.id, noted)
    return seen(connection, viewer, row.id)


# Kept wide: the change, and from which states it is made.
def _enter(
    database: Database,
    viewer: Viewer,
    listing: str,
    action: str,
    states: tuple[str, ...],
    values: dict[str, Any],
) -> Listing:
    with database.writing() as connection:
        row = own(connection, viewer, listing)
        if row.state not in states:
            raise NotNow("state", state=PHRASES.words(f"state_name.{row.state}"))
        connection.execute(update(listings).where(listings.c.id == listing).values(**values))
        record(connection, viewer.actor, action, "listing", listing, values)
        return listing_of(seen(connection, viewer, listing), viewer)


def _is_confidential(content: Content) -> bool:
    return isinstance(content, Project) and content.confidential


def _noted(version: int, content_hash: str) -> dict[str, Any]:
    return {"version": version, "content_hash": content_hash}
