"""Listings as a viewer sees them: own ones as they are, those of others as they were published."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, select

from yanzhen.exchange.listings.content import read_content
from yanzhen.exchange.listings.freshness import is_docked, stale_since, today
from yanzhen.exchange.listings.kinds import Content, Kind
from yanzhen.store.database.connection import Database
from yanzhen.store.database.listing_tables import listing_versions, listings
from yanzhen.store.database.tables import organisations
from yanzhen.store.database.texts import IDENTITY
from yanzhen.store.ownership.project_words import plain
from yanzhen.store.ownership.visible import shown_version, visible
from yanzhen.store.people.viewer import Viewer

PUBLISHED, WITHDRAWN = "published", "withdrawn"


class NoSuchListing(LookupError):
    """There is no listing of that identity, or it is not to be seen."""


@dataclass(frozen=True)
class Listing:
    """A listing as somebody is shown it.

    Attributes
    ----------
    id : random
    own : whether it is of the viewer's organisation
    organisation, organisation_name : whose it is
    kind : site, project, achievement, fund or product
    state : draft, in_review, published or withdrawn; of others published or withdrawn
    version : shown
    published : version that others see, None without one; None in listings of others
    content : what it says
    confirmed_at : moment at which it was published or last confirmed
    stale_since : day, None where it is fresh
    docked : whether docking takes it
    made_at : moment of the version
    """

    id: str
    own: bool
    organisation: str
    organisation_name: str
    kind: Kind
    state: str
    version: int
    published: int | None
    content: Content
    confirmed_at: str
    stale_since: str | None
    docked: bool
    made_at: str


@dataclass(frozen=True)
class Sought:
    """What listings are looked for by.

    Attributes
    ----------
    kind, industry, region, state : of the listing; empty for any
    own : only those of the viewer's organisation
    said : parts of name, codes or text, separated by spaces, all of them to be there
    """

    kind: str = ""
    industry: str = ""
    region: str = ""
    state: str = ""
    own: bool = False
    said: str = ""


@dataclass(frozen=True)
class ListingPage:
    """Some listings, the newest first, and the identity behind which the next page begins."""

    listings: tuple[Listing, ...]
    after: str | None


@dataclass(frozen=True)
class ListingVersion:
    """A version of a listing, its number and content, and when it was made."""

    version: int
    content: Content
    content_hash: str
    made_at: str


def list_listings(
    database: Database,
    viewer: Viewer,
    sought: Sought,
    after: str | None = None,
    limit: int = 50,
) -> ListingPage:
    """Return a page of the listings that a viewer sees, the newest first.

    Raises
    ------
    NoSuchListing
        `after` is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    asked = _sought(shown(viewer), viewer, sought)
    with database.reading() as connection:
        if after is not None:
            before = seen(connection, viewer, after).number
            asked = asked.where(listings.c.number < before)
        ordered = asked.order_by(listings.c.number.desc()).limit(limit + 1)
        found = tuple(listing_of(row, viewer) for row in connection.execute(ordered))
    page = found[:limit]
    return ListingPage(page, page[-1].id if len(found) > limit else None)


def find_listing(database: Database, viewer: Viewer, listing: str) -> Listing:
    """Return a listing.

    Raises
    ------
    NoSuchListing
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        return listing_of(seen(connection, viewer, listing), viewer)


def find_listings(database: Database, viewer: Viewer, which: Iterable[str]) -> dict[str, Listing]:
    """Return those of some listings that a viewer sees, by identity.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    asked = shown(viewer).where(listings.c.id.in_({*which}))
    with database.reading() as connection:
        return {row.id: listing_of(row, viewer) for row in connection.execute(asked)}


def versions_of(database: Database, viewer: Viewer, listing: str) -> tuple[ListingVersion, ...]:
    """Return the versions of a listing that a viewer sees, the newest first.

    Raises
    ------
    NoSuchListing
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    of_listing = and_(listing_versions.c.listing == listing, visible(listing_versions, viewer))
    asked = select(listing_versions).where(of_listing).order_by(listing_versions.c.version.desc())
    with database.reading() as connection:
        seen(connection, viewer, listing)
        return tuple(
            ListingVersion(row.version, read_content(row.content), row.content_hash, row.made_at)
            for row in connection.execute(asked)
        )


def shown(viewer: Viewer) -> Select[Any]:
    """Return the listings that a viewer sees, each joined with the version that is shown."""
    version = listing_versions.c
    joined = and_(version.listing == listings.c.id, version.version == shown_version(viewer))
    return (
        select(
            *listings.c,
            organisations.c.name.label("organisation_name"),
            version.version.label("shown_version"),
            version.content,
            version.same_key,
            version.made_at.label("shown_at"),
        )
        .select_from(listings)
        .join(listing_versions, joined)
        .join(organisations, organisations.c.id == listings.c.organisation)
        .where(visible(listings, viewer))
    )


def seen(connection: Connection, viewer: Viewer, listing: str) -> Row[Any]:
    """Return the row of a listing.

    Raises
    ------
    NoSuchListing
        There is none that the viewer sees.
    """
    this = shown(viewer).where(listings.c.id == listing)
    row = connection.execute(this).first() if IDENTITY.fullmatch(listing) else None
    if row is None:
        raise NoSuchListing(listing)
    return row


def listing_of(row: Row[Any], viewer: Viewer) -> Listing:
    """Return what a row of `shown` says to a viewer."""
    own, on = row.organisation == viewer.organisation, today()
    content = read_content(row.content)
    is_out = row.published is not None
    return Listing(
        row.id,
        own,
        row.organisation,
        row.organisation_name,
        row.kind,
        row.state if own else PUBLISHED if is_out else WITHDRAWN,
        row.shown_version,
        row.published if own else None,
        content,
        row.confirmed_at,
        stale_since(content.expires_on, row.confirmed_at, on),
        is_out and is_docked(row.expires_on, row.confirmed_at, on),
        row.shown_at,
    )


def _sought(asked: Select[Any], viewer: Viewer, sought: Sought) -> Select[Any]:
    if sought.kind:
        asked = asked.where(listings.c.kind == sought.kind)
    if sought.industry:
        asked = asked.where(listing_versions.c.industry == sought.industry)
    if sought.region:
        asked = asked.where(listing_versions.c.region == sought.region)
    if sought.own or sought.state:
        asked = asked.where(listings.c.organisation == viewer.organisation)
    if sought.state:
        asked = asked.where(listings.c.state == sought.state)
    for part in plain(sought.said).split():
        asked = asked.where(listing_versions.c.searched.contains(part, autoescape=True))
    return asked
