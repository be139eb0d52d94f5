"""What is listed, as a market takes it: in the units of a study, with its codes.

A listing that the study's market cannot take is left out and its owner told why: a region or
industry that the study does not know, money of another currency, a site without room, a need that
neither it nor the study states. The others clear without it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
from sqlalchemy import and_, select

from yanzhen.exchange.listings.content import read_content
from yanzhen.exchange.listings.freshness import is_docked
from yanzhen.exchange.listings.kinds import Content, Project, Site
from yanzhen.store.database.connection import Database
from yanzhen.store.database.listing_tables import listing_versions, listings
from yanzhen.study import Study
from yanzhen.study.coverage import ALL
from yanzhen.study.result_columns import columns
from yanzhen.study.tables import TABLES
from yanzhen.study.tables.enterprises import RESOURCES
from yanzhen.study.units import UNITS

LEFT_OUT = columns("listing reason resource")
"""`reason` is unknown_region, unknown_industry, other_currency, unknown_unit, no_size, no_room,
need_unknown, not_measured or implausible; the last three name the resource (`size` for that of a
project), and of a site not_measured leaves out that room alone where it has other room."""
PROJECTS = {
    "project": pl.String,
    "industry": pl.String,
    "origin": pl.String,
    **{resource: pl.Float64 for resource in RESOURCES},
}
"""Columns of projects and their types: what each needs of every resource, null where not stated."""


class NotTaken(ValueError):
    """A market cannot take a listing; says why, as `LEFT_OUT` does.

    Attributes
    ----------
    resource : of which its need is not known; empty for other reasons
    """

    def __init__(self, reason: str, resource: str = "") -> None:
        self.resource = resource
        super().__init__(reason)


@dataclass(frozen=True)
class Offers:
    """What is listed, in the units of a study.

    Attributes
    ----------
    sites, resources : as the study's tables of those names
    projects : `PROJECTS`
    left_out : `LEFT_OUT`
    """

    sites: pl.DataFrame
    resources: pl.DataFrame
    projects: pl.DataFrame
    left_out: pl.DataFrame


def live_listings(database: Database, on: date) -> list[tuple[str, Content]]:
    """Return the sites and projects of all organisations that docking takes on a day.

    For the clearing alone, which tells nobody whose they are.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    newest = and_(
        listing_versions.c.listing == listings.c.id,
        listing_versions.c.version == listings.c.published,
    )
    asked = (
        select(
            listings.c.id,
            listings.c.expires_on,
            listings.c.confirmed_at,
            listing_versions.c.content,
        )
        .join(listing_versions, newest)
        .where(listings.c.kind.in_(("site", "project")))
        .order_by(listings.c.id)
    )
    with database.reading() as connection:
        return [
            (row.id, read_content(row.content))
            for row in connection.execute(asked)
            if is_docked(row.expires_on, row.confirmed_at, on)
        ]


def offers_of(
    listed: Iterable[tuple[str, Content]],
    study: Study,
    regions: tuple[str, ...],
    industries: tuple[str, ...],
) -> Offers:
    """Return what is listed in the units of a study, and what its market cannot take.

    Parameters
    ----------
    listed : identities and what they say
    regions, industries : that the market knows
    """
    sites, room, projects, left_out = [], [], [], []
    for listing, content in listed:
        try:
            if isinstance(content, Site):
                sites.append(_site(listing, content, regions))
                room += _room(listing, content, study)
            elif isinstance(content, Project):
                projects.append(project_row(listing, content, study, regions, industries))
        except NotTaken as why:
            sites = [each for each in sites if each["site"] != listing]
            left_out.append({"listing": listing, "reason": str(why), "resource": None})
    return Offers(
        _framed("sites", sites),
        _framed("resources", room),
        pl.DataFrame(projects, schema=PROJECTS, orient="row"),
        LEFT_OUT.frame(left_out),
    )


# Kept wide: what a project says, and all that it is held against.
def project_row(
    listing: str,
    project: Project,
    study: Study,
    regions: tuple[str, ...],
    industries: tuple[str, ...],
) -> dict[str, object]:
    """Return a project as a row of `PROJECTS`.

    Raises
    ------
    NotTaken
        The market cannot take it.
    """
    if project.origin not in regions:
        raise NotTaken("unknown_region")
    if project.industry not in industries:
        raise NotTaken("unknown_industry")
    needs: dict[str, float] = {
        each.resource: in_study(each.amount, each.unit, study) for each in project.needs
    }
    if not needs.get(study.about.measured_by.resource):
        raise NotTaken("no_size")
    said = {"project": listing, "industry": project.industry, "origin": project.origin}
    return {**said, **{resource: needs.get(resource) for resource in RESOURCES}}


def in_study(amount: float, unit: str, study: Study) -> float:
    """Return an amount in the study's own unit of its kind.

    Raises
    ------
    NotTaken
        It is money of another currency, or nothing tells how much it is in the study's unit.
    """
    given = UNITS[unit]
    own = UNITS[getattr(study.about.units, given.kind)]
    if given.currency != own.currency:
        raise NotTaken("other_currency")
    converted = amount * given.factor / own.factor
    if not math.isfinite(converted):
        raise NotTaken("unknown_unit")
    return converted


def with_offers(study: Study, offers: Offers) -> Study:
    """Return a study whose only sites, and whose only room, is what is listed.

    Its other tables stay: distances, prices of factors, rules, catalogue, policies, parameters.
    """
    coverage = replace(study.about.coverage, sites=ALL, resources=ALL, in_full=())
    tables = {**study.tables, "sites": offers.sites, "resources": offers.resources}
    return replace(study, about=replace(study.about, coverage=coverage), tables=tables)


def _site(listing: str, site: Site, regions: tuple[str, ...]) -> dict[str, object]:
    if site.region not in regions:
        raise NotTaken("unknown_region")
    if not site.room:
        raise NotTaken("no_room")
    return {
        "site": listing,
        "region": site.region,
        "longitude": site.longitude,
        "latitude": site.latitude,
    }


def _room(listing: str, site: Site, study: Study) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for each in site.room:
        unit = in_study(1.0, each.unit, study)
        price = None
        if each.price is not None:
            price = in_study(each.price, each.price_unit, study) / unit
        rows.append(
            {
                "place": listing,
                "resource": each.resource,
                "capacity": None if each.amount is None else each.amount * unit,
                "posted_price": price,
                "one_off": each.one_off,
            }
        )
    return rows


def _framed(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows as a table of a study, the columns that they do not have being null."""
    empty = TABLES[table].create_empty()
    named = {name: kind for name, kind in empty.schema.items() if rows and name in rows[0]}
    # Choices are told as text before they are one of a table's own.
    told = {name: pl.String if kind == pl.Enum else kind for name, kind in named.items()}
    frame = pl.DataFrame(rows, schema=told, orient="row") if rows else empty
    lacking = (pl.lit(None).alias(name) for name in empty.columns if name not in frame.columns)
    return frame.with_columns(lacking).select(
        pl.col(name).cast(kind) for name, kind in empty.schema.items()
    )
