"""What things are called in notices: as whoever is told may see them, read when they are shown.

The project of a confidential listing is named to those who may see it in the workbench, and by
nothing that leaves it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, String, and_, cast, func, literal, select

from yanzhen.store.database.deal_tables import deals
from yanzhen.store.database.listing_tables import introductions, listing_versions, listings
from yanzhen.store.database.notice_tables import webhooks
from yanzhen.store.database.settlement_tables import agreements
from yanzhen.store.database.statistics_tables import statistics_publications
from yanzhen.store.outbox.kinds import KINDS
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.permissions import Resource
from yanzhen.store.people.viewer import Viewer

About = Literal["introduction", "listing", "deal", "agreement", "publication", "webhook"]
ABOUT: Mapping[Resource, About] = MappingProxyType(
    {
        "introductions": "introduction",
        "listings": "listing",
        "deals": "deal",
        "terms": "deal",
        "statements": "agreement",
        "statistics": "publication",
        "webhooks": "webhook",
    }
)
"""What a notice is about, by what one has to be allowed to read."""


@dataclass(frozen=True)
class Named:
    """A thing that somebody sees.

    Attributes
    ----------
    name : title of a deal, name of a listing or of an introduction's site, regions of an agreement,
        period of a publication, address of a webhook
    confidential : whether it gives a project away that is listed without its name
    """

    name: str
    confidential: bool


def about(kind: str) -> About:
    """Return what a kind of notice is about."""
    return ABOUT[KINDS[kind]]


def names_of(
    connection: Connection, viewer: Viewer, subjects: Iterable[tuple[About, str]]
) -> Mapping[tuple[About, str], Named]:
    """Return the things that a viewer sees of those asked for; others are left out."""
    asked: dict[About, set[str]] = {}
    for kind, identity in subjects:
        asked.setdefault(kind, set()).add(identity)
    return {
        (kind, row.id): Named(row.name, bool(row.confidential))
        for kind, identities in asked.items()
        for row in connection.execute(_STATEMENTS[kind](viewer, identities))
    }


def _is_confidential(project: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a project is listed without its name."""
    of_project = listings.alias()
    hidden = select(of_project.c.id).where(of_project.c.id == project, of_project.c.confidential)
    return hidden.exists()


def _introductions(viewer: Viewer, identities: set[str]) -> Select[Any]:
    site, version = listings.alias(), listing_versions.alias()
    newest = and_(
        version.c.listing == site.c.id,
        version.c.version == func.coalesce(site.c.published, site.c.version),
    )
    hidden = _is_confidential(introductions.c.project)
    return (
        select(introductions.c.id, version.c.name, hidden.label("confidential"))
        .select_from(introductions)
        .join(site, site.c.id == introductions.c.site)
        .join(version, newest)
        .where(introductions.c.id.in_(identities), visible(introductions, viewer))
    )


def _listings(viewer: Viewer, identities: set[str]) -> Select[Any]:
    newest = and_(
        listing_versions.c.listing == listings.c.id,
        listing_versions.c.version == func.coalesce(listings.c.published, listings.c.version),
        visible(listing_versions, viewer),
    )
    return (
        select(listings.c.id, listing_versions.c.name, listings.c.confidential)
        .select_from(listings)
        .join(listing_versions, newest)
        .where(listings.c.id.in_(identities), visible(listings, viewer))
    )


def _deals(viewer: Viewer, identities: set[str]) -> Select[Any]:
    hidden = _is_confidential(deals.c.project_listing).label("confidential")
    return select(deals.c.id, deals.c.title.label("name"), hidden).where(
        deals.c.id.in_(identities), visible(deals, viewer)
    )


def _agreements(viewer: Viewer, identities: set[str]) -> Select[Any]:
    name = (agreements.c.home + literal(" → ") + agreements.c.host).label("name")
    open_to_both = literal(False).label("confidential")
    return select(agreements.c.id, name, open_to_both).where(
        agreements.c.id.in_(identities), visible(agreements, viewer)
    )


def _publications(viewer: Viewer, identities: set[str]) -> Select[Any]:
    kept = statistics_publications
    identity = cast(kept.c.number, String).label("id")
    columns = (kept.c.period.label("name"), literal(False).label("confidential"))
    numbers = [int(each) for each in identities]
    return select(identity, *columns).where(kept.c.number.in_(numbers), visible(kept, viewer))


def _webhooks(viewer: Viewer, identities: set[str]) -> Select[Any]:
    own = literal(False).label("confidential")
    return select(webhooks.c.id, webhooks.c.address.label("name"), own).where(
        webhooks.c.id.in_(identities), visible(webhooks, viewer)
    )


_STATEMENTS: Mapping[About, Any] = MappingProxyType(
    {
        "introduction": _introductions,
        "listing": _listings,
        "deal": _deals,
        "agreement": _agreements,
        "publication": _publications,
        "webhook": _webhooks,
    }
)
