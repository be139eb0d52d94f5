"""How large the SYNTHETIC exchange is and what its listings say: drawn, the same for a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from yanzhen.exchange.demonstration.wording import PHRASES
from yanzhen.exchange.listings.from_study import listings_from_study
from yanzhen.exchange.listings.kinds import (
    Content,
    Fund,
    Need,
    Product,
    ProductType,
    Project,
    Room,
    Site,
)
from yanzhen.phrasebook import Language
from yanzhen.study import Study

ZONE = "合肥经济技术开发区"
"""That of the person who works for a zone; always among those drawn."""
EAST = ("310000", "320000", "330000", "440000", "350000", "370000", "110000", "120000")
"""Whence projects come, more from the first than from the last."""
PLACES = {"East": 1.0, "Central": 4.0, "West": 3.0, "Northeast": 2.0}
"""How much more often a zone of a macro-region is drawn than one of the East."""
OF_EACH = 10
"""Projects of an enterprise."""
EXPIRED = 0.01
"""Share of projects past their last day."""
BY_NAME = 0.25
"""Share of projects that are not confidential."""
HELD = 365
"""Days that listings hold."""


class TooFewZones(ValueError):
    """The catalogue has fewer zones than are asked for."""


@dataclass(frozen=True)
class Size:
    """How large the exchange is.

    Attributes
    ----------
    zones, projects : their numbers
    seed : of all that is drawn
    on : day on which it is filled
    """

    zones: int
    projects: int
    seed: int
    on: date

    @property
    def enterprises(self) -> int:
        """Organisations that the projects are of."""
        return -(-self.projects // OF_EACH)


@dataclass(frozen=True)
class Words:
    """The names of a study in the language of the exchange.

    Attributes
    ----------
    lang : of the names that are made up
    regions, industries : names by code
    """

    lang: Language
    regions: dict[str, str]
    industries: dict[str, str]


def words_of(study: Study, lang: Language) -> Words:
    """Return the names of a study's regions and industries."""

    def named(table: str, code: str) -> dict[str, str]:
        return dict(study.tables[table].select(code, f"name_{lang}").iter_rows())

    return Words(lang, named("regions", "region"), named("industries", "industry"))


def drawn_zones(study: Study, size: Size, random: np.random.Generator) -> pl.DataFrame:
    """Return zones of the catalogue, more of them where industry moves to; `ZONE` the first.

    Raises
    ------
    TooFewZones
        The study has not so many.
    """
    regions = study.tables["regions"].select("region", "macro_region")
    sites = study.tables["sites"].join(regions, on="region", how="left").sort("site")
    sites = sites.filter(pl.col("name_zh").is_not_null(), pl.col("area") > 0)
    if size.zones > sites.height:
        raise TooFewZones(f"{size.zones} of {sites.height}")
    weight = np.array([PLACES.get(each, 1.0) for each in sites["macro_region"]])
    weight[(sites["name_zh"] == ZONE).to_numpy()] = 0.0
    others = random.choice(sites.height, size.zones - 1, False, weight / weight.sum())
    first = sites.filter(name_zh=ZONE)
    drawn: pl.DataFrame = pl.concat([first, sites[np.sort(others).tolist()]])
    return drawn


def site_of(words: Words, zone: dict[str, Any], size: Size, random: np.random.Generator) -> Site:
    """Return what a zone offers: free land as a share of its area, and output that goes with it."""
    land = float(np.round(15.0 * zone["area"] * random.uniform(0.01, 0.05), -1)) or 10.0
    price = float(random.integers(12, 60))
    output = Room("output", round(land * random.uniform(0.03, 0.06), 1), "100 million CNY")
    industries = tuple((zone["industries"] or "").split(";")) if zone["industries"] else ()
    return Site(
        name=PHRASES.word(words.lang, "site", zone=zone["name_zh"]),
        status="synthetic",
        expires_on=_last_day(size),
        text=f"{PHRASES.word(words.lang, 'of_zone')} {zone['leading_industries'] or ''}".strip(),
        region=zone["region"],
        room=(output, Room("land", land, "mu", price, "10,000 CNY", one_off=True)),
        longitude=zone["longitude"],
        latitude=zone["latitude"],
        industries=industries,
    )


def home_of(enterprise: int, random: np.random.Generator) -> str:
    """Return the province of an enterprise; the first is of Shanghai."""
    weight = np.arange(len(EAST), 0, -1.0)
    drawn = str(random.choice(EAST, p=weight / weight.sum()))
    return EAST[0] if enterprise == 0 else drawn


# Kept wide: whose project it is, the market it is of, and what is drawn.
def project_of(
    words: Words,
    number: int,
    origin: str,
    industries: Sequence[str],
    size: Size,
    random: np.random.Generator,
) -> Project:
    """Return a project.

    Parameters
    ----------
    number : from 1
    origin : region of its enterprise
    industries : that the market takes
    """
    industry = str(random.choice(industries))
    output = round(float(random.lognormal(1.2, 0.8)), 2)
    expired = bool(random.random() < EXPIRED)
    begins = size.on + timedelta(int(random.integers(60, 720)))
    return Project(
        name=PHRASES.word(
            words.lang, "project", industry=words.industries[industry], number=number
        ),
        status="synthetic",
        expires_on=(size.on - timedelta(1)).isoformat() if expired else _last_day(size),
        text=PHRASES.word(words.lang, "expired" if expired else "text"),
        industry=industry,
        origin=origin,
        needs=(
            Need("output", output, "100 million CNY"),
            Need("land", round(output * float(random.uniform(12, 40)), 1), "mu"),
            Need("jobs", float(round(output * float(random.uniform(20, 120)))), "persons"),
        ),
        starts_on=begins.isoformat(),
        investment=round(output * float(random.uniform(0.3, 0.8)), 2),
        investment_unit="100 million CNY",
        confidential=bool(random.random() >= BY_NAME),
    )


def achievements_of(study: Study, size: Size) -> list[Content]:
    """Return the achievements of a SYNTHETIC study, which say so."""
    return list(listings_from_study(study, "achievement", _last_day(size)).listed)


def funds_of(lang: Language, size: Size) -> list[Content]:
    """Return funds: wide ones and one of the province of `ZONE`."""
    terms: tuple[tuple[float, str, tuple[str, ...]], ...] = (
        (50.0, "", ()),
        (20.0, "340000", ()),
        (15.0, "", ("IO42-12", "IO42-13", "IO42-14")),
        (30.0, "", ("IO42-16", "IO42-18", "IO42-19")),
    )
    return [
        Fund(
            name=PHRASES.word(lang, f"fund.{number}"),
            status="synthetic",
            expires_on=_last_day(size),
            text=PHRASES.word(lang, "text"),
            size=amount,
            unit="100 million CNY",
            region=region,
            industries=industries,
            most=amount / 10,
            grant_equivalent=0.25,
        )
        for number, (amount, region, industries) in enumerate(terms)
    ]


def products_of(lang: Language, size: Size) -> list[Content]:
    """Return a financial product of each kind."""
    rates: dict[ProductType, float | None] = {
        "loan": 0.036,
        "guarantee": 0.01,
        "lease": 0.052,
        "insurance": 0.004,
        "equity": None,
        "reit": None,
    }
    return [
        Product(
            name=PHRASES.word(lang, f"product.{kind}"),
            status="synthetic",
            expires_on=_last_day(size),
            text=PHRASES.word(lang, "text"),
            type=kind,
            rate=rate,
        )
        for kind, rate in rates.items()
    ]


def _last_day(size: Size) -> str:
    return (size.on + timedelta(HELD)).isoformat()
