"""Statistics by period, published in the store: attacked first, only added, chained by hash.

What each enterprise has in a publication is kept beside it, so that the next ones are attacked
together with it, and is shown to nobody.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from math import isfinite
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.statistics.attack_solver import intervals
from yanzhen.exchange.statistics.audit import KNOWN_LEAST
from yanzhen.exchange.statistics.cells import Table
from yanzhen.exchange.statistics.differencing import Version
from yanzhen.exchange.statistics.equations import equations_of
from yanzhen.exchange.statistics.from_deals import (
    contributions_of,
    hierarchies_of,
    signed_deals,
)
from yanzhen.exchange.statistics.from_study import hierarchies_in
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.kept_publication import PublicTables, as_text, from_text
from yanzhen.exchange.statistics.publication import Publication, Refused, publish
from yanzhen.exchange.statistics.reading import PHRASES, declared_tables
from yanzhen.exchange.statistics.rules import SafetyRule
from yanzhen.exchange.statistics.truth import Key
from yanzhen.phrasebook import Words
from yanzhen.store.audit.chain import FIRST, record
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.statistics_tables import (
    statistics_contributions,
    statistics_publications,
)
from yanzhen.store.outbox.telling import everybody, tell
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer
from yanzhen.study import Problem, Study
from yanzhen.study.units import UNITS

SECONDS = 20.0
"""For a better pattern; the first one and the attacks are finished in any case."""
MOST_INTERVALS = 1500
"""Hidden cells up to which the interval of each is worked out."""


class NotPublished(ValueError):
    """Statistics that are not published, and why, in English and Chinese.

    Attributes
    ----------
    words : what stands against it
    problems : the cells that would be told, none where something else stands against it
    """

    def __init__(self, words: Words, cells: Iterable[Words] = ()) -> None:
        super().__init__(words[0])
        self.words = words
        wanted = PHRASES.words("refused.wide_enough")
        self.problems = [Problem.at("", "", None, "", cell, wanted) for cell in cells]


class NoSuchPublication(ValueError):
    """There is no publication of this number."""


@dataclass(frozen=True)
class KeptPublication:
    """A publication of the store.

    Attributes
    ----------
    number : 1 for the first
    given : what was given out
    made_at : moment
    previous, hash : of the publication before, and of this one and all before it
    """

    number: int
    given: PublicTables
    made_at: str
    previous: str
    hash: str


@dataclass(frozen=True)
class NewPublication:
    """What an office says of statistics that it publishes.

    Attributes
    ----------
    period : a year or a quarter that is over
    money : unit of the values, of `deals.register.in_yuan`
    unit : to what values are rounded, 0 where they are not
    synthetic : whether the deals are made up
    """

    period: Period
    money: str
    unit: float = 0.0
    synthetic: bool = False


def list_published(database: Database, viewer: Viewer) -> tuple[KeptPublication, ...]:
    """Return the publications, the newest first."""
    seen = visible(statistics_publications, viewer)
    asked = select(statistics_publications).where(seen)
    with database.asking() as connection:
        rows = connection.execute(asked.order_by(statistics_publications.c.number.desc())).all()
    return tuple(
        KeptPublication(row.number, from_text(row.text), row.made_at, row.previous, row.hash)
        for row in rows
    )


def find_published(database: Database, viewer: Viewer, number: int) -> KeptPublication:
    """Return a publication.

    Raises
    ------
    NoSuchPublication
        There is none of this number.
    """
    found = [each for each in list_published(database, viewer) if each.number == number]
    if not found:
        raise NoSuchPublication(str(number))
    return found[0]


def chain_holds(database: Database) -> bool:
    """Whether no publication was changed, taken out or put in, nor what it was made of."""
    previous = FIRST
    with database.reading() as connection:
        for place, (row, content) in enumerate(_rows(connection), 1):
            hashed = (place, row.period, row.text, content, row.made_by, row.made_at)
            if (row.number, row.previous, row.hash) != (place, previous, _hash(previous, *hashed)):
                return False
            previous = row.hash
    return True


def publish_period(
    database: Database, viewer: Viewer, study: Study, new: NewPublication, today: date
) -> KeptPublication:
    """Publish the fixed set of tables of the deals signed up to the end of a period.

    Parameters
    ----------
    study : whose regions and industries the tables have

    Raises
    ------
    NotPublished
        Something would be told of an enterprise, the period is not the next one that is over, or
        the publications before were in another unit or of other dimensions.
    """
    until = last_day(new.period)
    if until >= today:
        raise NotPublished(PHRASES.words("refused.not_over", period=new.period))
    with database.reading() as connection:
        before = _rows(connection)
    earlier = [_version(row.text, content) for row, content in before]
    signed = signed_deals(database, until.isoformat())
    trees = hierarchies_of(signed, hierarchies_in(study))
    _require_alike(new, earlier, trees)
    declared, titles = declared_tables(trees)
    contributions = contributions_of(signed, trees, new.money).contributions
    rule = SafetyRule()
    try:
        publication = publish(
            *(contributions, trees, declared, rule, new.unit, SECONDS),
            earlier=[version for _, version in earlier],
        )
    except Refused as error:
        with database.writing() as connection:
            cells = {"cells": len(error.cells)}
            record(connection, viewer.actor, "refuse", "statistics", str(new.period), cells)
        words = PHRASES.words("refused.tells", count=len(error.cells))
        raise NotPublished(words, error.cells) from None
    given = PublicTables(
        *(str(new.period), new.money, new.synthetic, rule, new.unit, trees, declared, titles),
        *(publication.tables, _intervals(publication, trees, declared)),
        tuple(each.period for each, _ in earlier),
    )
    content = contributions.write_csv()
    try:
        with database.writing() as connection:
            return _keep(connection, viewer, given, content, [row.hash for row, _ in before])
    except IntegrityError:
        raise NotPublished(PHRASES.words("refused.meanwhile")) from None


def last_day(period: Period) -> date:
    """Return the last day of a year or a quarter."""
    after = (period.quarter or 4) * 3 + 1
    first_after = date(period.year + after // 13, (after - 1) % 12 + 1, 1)
    return first_after - timedelta(days=1)


def _require_alike(
    new: NewPublication,
    earlier: Sequence[tuple[PublicTables, Version]],
    trees: Mapping[str, Hierarchy],
) -> None:
    """Refuse what cannot follow the publications before, or not be attacked together with them."""
    for before, _ in earlier:
        if last_day(Period.of(before.period)) >= last_day(new.period):
            raise NotPublished(PHRASES.words("refused.not_next", last=earlier[-1][0].period))
        if before.money != new.money:
            named = UNITS[before.money]
            theirs = (named.en, named.zh)
            raise NotPublished(PHRASES.words("refused.other_money", theirs=theirs))
        roots = {name: tree.root for name, tree in before.hierarchies.items()}
        if roots != {name: tree.root for name, tree in trees.items()}:
            raise NotPublished(PHRASES.words("refused.other_dimensions"))


def _version(text: str, content: str) -> tuple[PublicTables, Version]:
    """Return an earlier publication, and as it is attacked."""
    given = from_text(text)
    schema = {"enterprise": pl.String, **dict.fromkeys(given.hierarchies, pl.String)}
    contributions = pl.read_csv(BytesIO(content.encode()), schema={**schema, "value": pl.Float64})
    declared = (given.hierarchies, given.declared, given.unit)
    return given, Version(given.period, given.tables, contributions, *declared)


def _intervals(
    publication: Publication, trees: Mapping[str, Hierarchy], declared: Sequence[Table]
) -> dict[Key, tuple[float, float]] | None:
    """Return what anybody can work out of each hidden value, from the tables alone."""
    least = KNOWN_LEAST["value"]
    equations = equations_of(publication.tables, "value", trees, declared, publication.unit, least)
    if len(equations.hidden) > MOST_INTERVALS:
        return None
    # Not -0.0, nor what the solver's tolerance leaves below what is known.
    return {
        key: (max(low, least) + 0.0, high)
        for key, (low, high) in intervals(equations).items()
        if isfinite(high)
    }


def _rows(connection: Connection) -> list[tuple[Row[Any], str]]:
    """Return all publications, the first first, each with what it was made of."""
    kept, made_of = statistics_publications, statistics_contributions
    asked = select(kept, made_of.c.content).join(made_of, made_of.c.publication == kept.c.number)
    return [(row, row.content) for row in connection.execute(asked.order_by(kept.c.number))]


def _keep(
    connection: Connection, viewer: Viewer, given: PublicTables, content: str, before: list[str]
) -> KeptPublication:
    """Add a publication after those that it was attacked with."""
    hashes = [row.hash for row, _ in _rows(connection)]
    if hashes != before:
        raise NotPublished(PHRASES.words("refused.meanwhile"))
    number, previous = len(before) + 1, before[-1] if before else FIRST
    text, made_at = as_text(given), now()
    own = _hash(previous, number, given.period, text, content, viewer.person, made_at)
    connection.execute(
        insert(statistics_publications).values(
            number=number,
            period=given.period,
            text=text,
            made_by=viewer.person,
            made_at=made_at,
            previous=previous,
            hash=own,
        )
    )
    connection.execute(insert(statistics_contributions).values(publication=number, content=content))
    others = {*everybody(connection)} - {viewer.organisation}
    tell(connection, "statistics_published", str(number), others, viewer.organisation)
    record(connection, viewer.actor, "make", "statistics", given.period, {"hash": own})
    return KeptPublication(number, given, made_at, previous, own)


def _hash(
    previous: str, number: int, period: str, text: str, content: str, person: str, made_at: str
) -> str:
    made_of = sha256(content.encode()).hexdigest()
    said = json.dumps([number, period, text, made_of, person, made_at], ensure_ascii=False)
    return sha256(f"{previous}\n{said}".encode()).hexdigest()
