"""What the organisation of a site is told of projects that may come: what their owners allow.

Of a confidential project its owner says which of industry, origin, needs, timing and investment may
be told; nothing else of it leaves here, no identity that could be asked for, and nothing at all
where the owner allows nothing. Its chance is told as a band, for from the chance itself and the
prices its origin could be reckoned back; and the order is one of what is told, never of what is
not. Listed by name, a project is told as everybody sees it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import and_, select

from yanzhen.exchange.docking.shortlists import Prospects
from yanzhen.exchange.listings.content import read_content
from yanzhen.exchange.listings.kinds import Need, Project
from yanzhen.store.database.connection import Database
from yanzhen.store.database.listing_tables import listing_versions, listings

EDGES = (0.0, 0.01, 0.05, 0.2, 0.5, 1.0)
"""Of the bands that chances are told in."""
MOST = 100
AT_ONCE = 500


@dataclass(frozen=True)
class LikelyProject:
    """A project that may choose a site, as the site's organisation is told of it.

    Attributes
    ----------
    at_least, at_most : band of `EDGES` in which the chance of choosing the site lies, at the
        clearing's prices
    probability : the chance itself, only of a project that is listed by name
    listing, name : of a project that is listed by name, empty of a confidential one
    industry, origin, needs, starts_on, investment, investment_unit : where they may be told,
        otherwise empty
    """

    at_least: float
    at_most: float
    probability: float | None = None
    listing: str = ""
    name: str = ""
    industry: str = ""
    origin: str = ""
    needs: tuple[Need, ...] = ()
    starts_on: str = ""
    investment: float | None = None
    investment_unit: str = ""


def likely_projects(
    database: Database, found: Prospects, most: int = MOST
) -> tuple[LikelyProject, ...]:
    """Return what may be told of the likeliest projects of a site, those of the top band first.

    Those that are published no more, or changed so that nothing may be told, are left out.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    chances = dict(zip(found.projects, found.probability.tolist(), strict=True))
    told = []
    for listing, confidential, content in _published(database, found.projects):
        if not confidential:
            told.append(_named(listing, content, chances[listing]))
        elif content.shown:
            told.append(_told(content, chances[listing]))
    return tuple(sorted(told, key=_as_told)[:most])


def _published(
    database: Database, projects: tuple[str, ...]
) -> Iterator[tuple[str, bool, Project]]:
    """Identity, whether confidential, and content of those that are still published."""
    published = and_(
        listing_versions.c.listing == listings.c.id,
        listing_versions.c.version == listings.c.published,
    )
    asked = select(listings.c.id, listings.c.confidential, listing_versions.c.content).join(
        listing_versions, published
    )
    with database.reading() as connection:
        for first in range(0, len(projects), AT_ONCE):
            some = listings.c.id.in_(projects[first : first + AT_ONCE])
            for row in connection.execute(asked.where(some)):
                content = read_content(row.content)
                if isinstance(content, Project):
                    yield row.id, row.confidential, content


def _as_told(each: LikelyProject) -> tuple[object, ...]:
    """Order by what is told and nothing else."""
    needs = tuple((need.resource, need.amount, need.unit) for need in each.needs)
    said = (each.name, each.industry, each.origin, each.starts_on, needs)
    invests = (-1.0 if each.investment is None else each.investment, each.investment_unit)
    return (-each.at_least, -(each.probability or 0.0), *said, *invests)


def _band(probability: float) -> tuple[float, float]:
    return next(
        (low, high) for low, high in pairwise(EDGES) if probability < high or high == EDGES[-1]
    )


def _told(project: Project, probability: float) -> LikelyProject:
    shown = project.shown
    invests = "investment" in shown
    return LikelyProject(
        *_band(probability),
        industry=project.industry if "industry" in shown else "",
        origin=project.origin if "origin" in shown else "",
        needs=project.needs if "needs" in shown else (),
        starts_on=project.starts_on if "timing" in shown else "",
        investment=project.investment if invests else None,
        investment_unit=project.investment_unit if invests else "",
    )


def _named(listing: str, project: Project, probability: float) -> LikelyProject:
    return LikelyProject(
        *_band(probability),
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
