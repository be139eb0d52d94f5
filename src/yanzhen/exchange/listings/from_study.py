"""Listings from the tables of a study: its sites, enterprises, achievements and funds."""

from typing import Any

import polars as pl

from yanzhen.exchange.listings.kinds import (
    UNIT_KINDS,
    Achievement,
    Content,
    Fund,
    Kind,
    Need,
    Project,
    Resource,
    Room,
    Site,
)
from yanzhen.study import Study

FROM: dict[Kind, str] = {
    "site": "sites",
    "project": "enterprises",
    "achievement": "technologies",
    "fund": "funds",
}
"""The table of each kind that a study has one of."""


def listings_from_study(study: Study, kind: Kind, expires_on: str) -> list[Content]:
    """Return what a table of a study lists, in the study's units.

    Enterprises are confidential projects, each of a block by itself; one whose output is not known
    is left out, as is an achievement without an industry or a region.

    Parameters
    ----------
    kind : site, project, achievement or fund
    expires_on : last day on which they hold
    """
    made = {"site": _site, "project": _project, "achievement": _achievement, "fund": _fund}[kind]
    found = (made(study, row, expires_on) for row in study.tables[FROM[kind]].iter_rows(named=True))
    return [each for each in found if each is not None]


def _name(row: dict[str, Any], code: str) -> str:
    return str(row["name_zh"] or row["name_en"] or row[code])


def _site(study: Study, row: dict[str, Any], expires_on: str) -> Content | None:
    units = study.about.units
    rows = study.tables["resources"].filter(pl.col("place") == row["site"])
    return Site(
        name=_name(row, "site"),
        expires_on=expires_on,
        text=row["leading_industries"] or "",
        region=row["region"],
        room=tuple(
            Room(
                each["resource"],
                each["capacity"],
                _unit(study, each["resource"]),
                each["posted_price"],
                "" if each["posted_price"] is None else units.money,
                bool(each["one_off"]),
            )
            for each in rows.with_columns(pl.col("resource").cast(pl.String)).iter_rows(named=True)
        ),
        longitude=row["longitude"],
        latitude=row["latitude"],
        industries=_codes(row["industries"]),
    )


def _project(study: Study, row: dict[str, Any], expires_on: str) -> Content | None:
    if not row["output"]:
        return None
    resources: tuple[Resource, ...] = ("output", "land", "jobs", "energy", "emissions")
    needs = (Need(each, row[each], _unit(study, each)) for each in resources if row[each])
    return Project(
        name=_name(row, "enterprise"),
        expires_on=expires_on,
        industry=row["industry"],
        origin=row["origin"],
        needs=tuple(needs),
    )


def _achievement(study: Study, row: dict[str, Any], expires_on: str) -> Content | None:
    if not row["industry"] or not row["region"]:
        return None
    return Achievement(
        name=row["title"],
        expires_on=expires_on,
        text=row["abstract"] or "",
        industry=row["industry"],
        region=row["region"],
        readiness=row["trl"],
        patent_classes=_codes(row["ipc"]),
    )


def _fund(study: Study, row: dict[str, Any], expires_on: str) -> Content | None:
    if row["size"] is None:
        return None
    return Fund(
        name=_name(row, "fund"),
        expires_on=expires_on,
        size=row["size"],
        unit=study.about.units.money,
        region=row["region"] or "",
    )


def _codes(said: str | None) -> tuple[str, ...]:
    return tuple(code.strip() for code in (said or "").split(";") if code.strip())


def _unit(study: Study, resource: str) -> str:
    return str(getattr(study.about.units, UNIT_KINDS[resource]))
