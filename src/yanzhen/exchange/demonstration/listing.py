"""What the SYNTHETIC exchange lists: made, handed over and published by whose it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from yanzhen.exchange.demonstration.drawing import (
    OF_EACH,
    Size,
    Words,
    achievements_of,
    drawn_zones,
    funds_of,
    home_of,
    products_of,
    project_of,
    site_of,
)
from yanzhen.exchange.demonstration.people import Member, add_member
from yanzhen.exchange.demonstration.wording import PHRASES
from yanzhen.exchange.listings.keeping import make_listings, publish_listing, submit_listing
from yanzhen.exchange.listings.kinds import Content, Project, Site
from yanzhen.store.database.connection import Database
from yanzhen.study import Study

Tell = Callable[[str, float], None]
LEFT = 2
"""Listings of the first enterprise that are not published: a draft, and one in review."""


@dataclass(frozen=True)
class Enterprise:
    """An enterprise and its projects that are published, by identity."""

    member: Member
    projects: Mapping[str, Project]


@dataclass(frozen=True)
class Zone:
    """A zone's committee and its site that is published."""

    member: Member
    listing: str
    site: Site


@dataclass(frozen=True)
class Listed:
    """Who lists what.

    Attributes
    ----------
    enterprises, zones : the first of each is that of the persons who log in
    office, fund : a district office of the East, and the organisation of the funds
    """

    enterprises: tuple[Enterprise, ...]
    zones: tuple[Zone, ...]
    office: Member
    fund: Member


# Kept wide: the store, what is drawn and from which studies, and whom to tell.
def list_all(
    database: Database,
    study: Study,
    achievements: Study,
    industries: Sequence[str],
    words: Words,
    size: Size,
    tell: Tell,
) -> Listed:
    """List sites, projects, achievements, funds and products, each by an organisation of its own.

    Parameters
    ----------
    study : whose zones, regions and industries are used
    achievements : a SYNTHETIC study with technologies
    industries : that the market of the study takes
    tell : called with the stage at work and the share done
    """
    lang, random = words.lang, np.random.default_rng(size.seed)
    zones = []
    for number, zone in enumerate(drawn_zones(study, size, random).iter_rows(named=True)):
        tell("listing_sites", number / size.zones)
        name = PHRASES.word(lang, "organisation.zone", zone=zone["name_zh"])
        member = add_member(database, lang, name, f"zone-{zone['site'].lower()}")
        site = site_of(words, zone, size, random)
        zones.append(Zone(member, publish(database, member, [site])[0], site))
    enterprises = []
    for number in range(size.enterprises):
        tell("listing_projects", number / size.enterprises)
        enterprises.append(_enterprise(database, words, number, industries, size, random))
    tell("listing_others", 0.0)
    others = {
        "institute": achievements_of(achievements, size),
        "fund": funds_of(lang, size),
        "bank": products_of(lang, size),
    }
    members = {}
    for key, contents in others.items():
        name = PHRASES.word(lang, f"organisation.{key}")
        members[key] = add_member(database, lang, name, f"{key}-office")
        publish(database, members[key], contents)
    region = words.regions[home_of(0, random)]
    name = PHRASES.word(lang, "organisation.office", region=region)
    office = add_member(database, lang, name, "district-office")
    return Listed(tuple(enterprises), tuple(zones), office, members["fund"])


# Kept wide: whose projects they are, the market they are of, and what is drawn.
def _enterprise(
    database: Database,
    words: Words,
    number: int,
    industries: Sequence[str],
    size: Size,
    random: np.random.Generator,
) -> Enterprise:
    origin = home_of(number, random)
    called = {"region": words.regions[origin], "number": number + 1}
    name = PHRASES.word(words.lang, "organisation.enterprise", **called)
    member = add_member(database, words.lang, name, f"enterprise-{number + 1:03d}")
    first = number * OF_EACH + 1
    contents = [
        project_of(words, each, origin, industries, size, random)
        for each in range(first, min(first + OF_EACH, size.projects + 1))
    ]
    left = LEFT if number == 0 else 0
    made = publish(database, member, contents, left)
    published = len(contents) - left
    return Enterprise(member, dict(zip(made[:published], contents[:published], strict=True)))


def publish(
    database: Database, member: Member, contents: Sequence[Content], left: int = 0
) -> tuple[str, ...]:
    """List contents of an organisation; return their identities.

    Parameters
    ----------
    left : of the last, how many are not published: the very last one stays a draft
    """
    made = make_listings(database, member.viewer, contents)
    shown = len(made) - left
    for place, listing in enumerate(made):
        if place < shown or place < len(made) - 1:
            submit_listing(database, member.viewer, listing)
        if place < shown:
            publish_listing(database, member.viewer, listing)
    return made
