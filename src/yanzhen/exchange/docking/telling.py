"""What the organisation of a site is told of projects that may come: what their owners allow.

Of a confidential project its owner says which of industry, origin, needs, timing and investment may
be told; nothing else of it leaves here, no identity that could be asked for, and nothing at all
where the owner allows nothing. Listed by name, a project is told as everybody sees it.
"""

from dataclasses import dataclass

from sqlalchemy import and_, select

from yanzhen.exchange.docking.shortlists import Prospects
from yanzhen.exchange.listings.content import read_content
from yanzhen.exchange.listings.kinds import Need, Project
from yanzhen.store.database.connection import Database
from yanzhen.store.database.listing_tables import listing_versions, listings


@dataclass(frozen=True)
class LikelyProject:
    """A project that may choose a site, as the site's organisation is told of it.

    Attributes
    ----------
    probability : of choosing the site at the clearing's prices
    listing, name : of a project that is listed by name, empty of a confidential one
    industry, origin, needs, starts_on, investment, investment_unit : where they may be told,
        otherwise empty
    """

    probability: float
    listing: str = ""
    name: str = ""
    industry: str = ""
    origin: str = ""
    needs: tuple[Need, ...] = ()
    starts_on: str = ""
    investment: float | None = None
    investment_unit: str = ""


def likely_projects(database: Database, found: Prospects) -> tuple[LikelyProject, ...]:
    """Return what may be told of the likeliest projects of a site, the likeliest first.

    Those that are published no more, or changed so that nothing may be told, are left out.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    published = and_(
        listing_versions.c.listing == listings.c.id,
        listing_versions.c.version == listings.c.published,
    )
    asked = (
        select(listings.c.id, listings.c.confidential, listing_versions.c.content)
        .join(listing_versions, published)
        .where(listings.c.id.in_(found.projects))
    )
    with database.reading() as connection:
        rows = {row.id: row for row in connection.execute(asked)}
    told = []
    for listing, probability in zip(found.projects, found.probability, strict=True):
        row = rows.get(listing)
        content = None if row is None else read_content(row.content)
        if row is None or not isinstance(content, Project):
            continue
        if row.confidential and content.shown:
            told.append(_told(content, float(probability)))
        elif not row.confidential:
            told.append(_named(listing, content, float(probability)))
    # Not by what they would bring: that would tell of needs that may not be told.
    return tuple(sorted(told, key=lambda each: -each.probability))


def _told(project: Project, probability: float) -> LikelyProject:
    shown = project.shown
    invests = "investment" in shown
    return LikelyProject(
        probability,
        industry=project.industry if "industry" in shown else "",
        origin=project.origin if "origin" in shown else "",
        needs=project.needs if "needs" in shown else (),
        starts_on=project.starts_on if "timing" in shown else "",
        investment=project.investment if invests else None,
        investment_unit=project.investment_unit if invests else "",
    )


def _named(listing: str, project: Project, probability: float) -> LikelyProject:
    return LikelyProject(
        probability,
        listing,
        project.name,
        project.industry,
        project.origin,
        project.needs,
        project.starts_on,
        project.investment,
        project.investment_unit,
    )
