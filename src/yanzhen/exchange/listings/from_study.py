"""Listings from the tables of a study: its sites, enterprises, achievements and funds.

What the study estimates stays estimated, and of a SYNTHETIC study every listing says so, in its
status and in its name, which deals made from it carry on.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from yanzhen.exchange.listings.kinds import (
    RESOURCES,
    UNIT_KINDS,
    Achievement,
    Content,
    Fund,
    Kind,
    Need,
    Project,
    Room,
    Site,
    Status,
)
from yanzhen.exchange.listings.wording import PHRASES
from yanzhen.study import Study
from yanzhen.study.statuses import ESTIMATED, OBSERVED, SYNTHETIC

FROM: dict[Kind, str] = {
    "site": "sites",
    "project": "enterprises",
    "achievement": "technologies",
    "fund": "funds",
}
"""The table of each kind that a study has one of."""


@dataclass(frozen=True)
class NotListed:
    """A row of a study that cannot be listed: its code, and why in English and Chinese."""

    code: str
    why: tuple[str, str]


@dataclass(frozen=True)
class FromStudy:
    """What a table of a study lists, and the rows that it does not."""

    listed: tuple[Content, ...]
    left_out: tuple[NotListed, ...]


class _Lacking(ValueError):
    """A row says too little to be listed; the key of the words that tell why."""


def listings_from_study(study: Study, kind: Kind, expires_on: str) -> FromStudy:
    """Return what a table of a study lists, in the study's units.

    Enterprises are confidential projects, each of a block by itself; a block of several is one
    project that needs what all of them need. Left out are enterprises whose output is not known or
    zero, sites of which `resources` states no room, achievements without an industry or a region,
    and funds of unknown size.

    Parameters
    ----------
    kind : site, project, achievement or fund
    expires_on : last day on which they hold
    """
    made = {"site": _site, "project": _project, "achievement": _achievement, "fund": _fund}[kind]
    table = FROM[kind]
    listed, left_out = [], []
    for row in study.tables[table].iter_rows(named=True):
        try:
            listed.append(made(study, row, expires_on))
        except _Lacking as lacking:
            code = str(row[_CODE[kind]])
            left_out.append(NotListed(code, PHRASES.words(f"not_listed.{lacking}")))
    return FromStudy(tuple(listed), tuple(left_out))


_CODE: dict[Kind, str] = {
    "site": "site",
    "project": "enterprise",
    "achievement": "technology",
    "fund": "fund",
}


def _said(study: Study, name: str, *statuses: str | None) -> dict[str, Any]:
    """Return name and status of a listing from the statuses of the rows it is made of."""
    if study.about.synthetic:
        marked = name if "SYNTHETIC" in name else f"SYNTHETIC {name}"
        return {"name": marked, "status": SYNTHETIC}
    found: Status = OBSERVED  # type: ignore[assignment]
    for status in (ESTIMATED, SYNTHETIC):
        found = status if status in statuses else found  # type: ignore[assignment]
    return {"name": name, "status": found}


def _name(row: dict[str, Any], code: str) -> str:
    return str(row["name_zh"] or row["name_en"] or row[code])


def _site(study: Study, row: dict[str, Any], expires_on: str) -> Content:
    units = study.about.units
    rows = study.tables["resources"].filter(pl.col("place") == row["site"])
    if rows.is_empty():
        raise _Lacking("no_room")
    return Site(
        **_said(study, _name(row, "site"), row["status"], *rows["status"].cast(pl.String)),
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


def _project(study: Study, row: dict[str, Any], expires_on: str) -> Content:
    if not row["output"]:
        raise _Lacking("no_output")
    count = row["count"]
    needs = (
        Need(each, row[each] * count, _unit(study, each))
        for each in RESOURCES
        if row[each] is not None
    )
    return Project(
        **_said(study, _name(row, "enterprise"), row["status"]),
        text=" / ".join(reversed(PHRASES.words("block.text", count=count))) if count > 1 else "",
        expires_on=expires_on,
        industry=row["industry"],
        origin=row["origin"],
        needs=tuple(needs),
    )


def _achievement(study: Study, row: dict[str, Any], expires_on: str) -> Content:
    if not row["industry"] or not row["region"]:
        raise _Lacking("no_place")
    return Achievement(
        **_said(study, row["title"], row["status"]),
        expires_on=expires_on,
        text=row["abstract"] or "",
        industry=row["industry"],
        region=row["region"],
        readiness=row["trl"],
        patent_classes=_codes(row["ipc"]),
    )


def _fund(study: Study, row: dict[str, Any], expires_on: str) -> Content:
    if row["size"] is None:
        raise _Lacking("no_size")
    return Fund(
        **_said(study, _name(row, "fund")),
        expires_on=expires_on,
        size=row["size"],
        unit=study.about.units.money,
        region=row["region"] or "",
    )


def _codes(said: str | None) -> tuple[str, ...]:
    return tuple(code.strip() for code in (said or "").split(";") if code.strip())


def _unit(study: Study, resource: str) -> str:
    return str(getattr(study.about.units, UNIT_KINDS[resource]))
