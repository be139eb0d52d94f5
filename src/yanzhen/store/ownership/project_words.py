"""Finding projects by a part of their name, industry or places, Chinese or not.

Each text is cut into overlapping pairs of characters, and its last character stands by itself; a
part of a text is a phrase of such pairs, so that an index of words finds it exactly: FTS5 of
SQLite, `tsvector` of PostgreSQL. A single character is the beginning of a pair. Case and width do
not matter. What is indexed follows from the rows and can be made anew.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    ScalarSelect,
    Select,
    cast,
    column,
    func,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from yanzhen.store.database.tables import projects

Before = ScalarSelect[int] | None
SEARCHED = ("name", "industry", "origin", "destination")
AT_ONCE = 5000
NEWEST = 5000
"""Projects that a server looks through one by one before it uses the index."""
ON_SERVER = projects.to_metadata(MetaData())
"""The table as it is on PostgreSQL, with the words of each row."""
ON_SERVER.append_column(Column("words", TSVECTOR))
ON_SERVER_WORDS = column("words", TSVECTOR)
IN_FILE = table("project_words", column("rowid", Integer), column("words"))
"""The words on SQLite, of which the table keeps the index alone."""


def insert_projects(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert projects, and make them findable.

    Parameters
    ----------
    rows : all columns but the number
    """
    if connection.dialect.name == "postgresql":
        said = [{**row, "words": vector_of(row)} for row in rows]
        connection.execute(insert(ON_SERVER), said)
        return
    # Nobody else writes meanwhile: the lock of SQLite is taken when a transaction begins.
    last = connection.scalar(select(func.coalesce(func.max(projects.c.number), 0))) or 0
    numbered = [{**row, "number": number} for number, row in enumerate(rows, start=last + 1)]
    connection.execute(insert(projects), numbered)
    _index_in_file(connection, numbered)


def index_state(connection: Connection, before: Mapping[str, Any], state: str) -> None:
    """Make a project findable in another state than it was in.

    Parameters
    ----------
    before : the row as it was indexed
    """
    if connection.dialect.name == "sqlite":
        gone = text(
            "INSERT INTO project_words (project_words, rowid, words)"
            " VALUES ('delete', :number, :words)"
        )
        connection.execute(gone, {"number": before["number"], "words": document_of(before)})
        _index_in_file(connection, [{**before, "state": state}])


def index_anew(connection: Connection) -> None:
    """Make all projects findable, whatever was indexed before."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO project_words (project_words) VALUES ('delete-all')"))
    last = 0
    while True:
        following = select(projects).where(projects.c.number > last).order_by(projects.c.number)
        rows = [row._asdict() for row in connection.execute(following.limit(AT_ONCE))]
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            _index_in_file(connection, rows)
        else:
            renewed = text(
                "UPDATE projects SET words = CAST(:words AS tsvector) WHERE number = :number"
            )
            said = [{"number": row["number"], "words": vector_of(row)} for row in rows]
            connection.execute(renewed, said)
        last = rows[-1]["number"]


def newest_first(listing: Select[Any], number: ColumnElement[int], before: Before) -> Select[Any]:
    """Order a listing by the number of projects, from one on that is smaller than `before`."""
    following = listing if before is None else listing.where(number < before)
    return following.order_by(number.desc())


def containing(
    connection: Connection,
    listing: Select[Any],
    said: str,
    organisation: str,
    state: str | None,
    before: Before,
) -> tuple[Select[Any], ...]:
    """Narrow a listing of projects to those that contain every part of a search, newest first.

    Returns
    -------
    tuple of Select
        To be asked in this order until one fills a page: a server looks through the newest first,
        for it takes words that stand side by side for independent, and so what is common for rare.

    Parameters
    ----------
    listing : of `projects`, with every condition of who may see them
    said : parts, separated by spaces; at least one
    organisation, state : that the listing is narrowed to already, which lets the index find fewer
    before : number that all are smaller than; None for any
    """
    parts = [_pairs(part)[:-1] or [f"{_pairs(part)[-1]}*"] for part in plain(said).split()]
    if connection.dialect.name == "postgresql":
        phrases = (" <-> ".join(part).replace("*", ":*") for part in parts)
        sought = cast(" & ".join(f"({phrase})" for phrase in phrases), TSQUERY)
        named = newest_first(listing.add_columns(ON_SERVER_WORDS), projects.c.number, before)
        newest = named.limit(NEWEST).subquery()
        among_newest = select(newest).where(newest.c.words.op("@@")(sought))
        among_all = listing.where(ON_SERVER_WORDS.op("@@")(sought))
        return (
            among_newest.order_by(newest.c.number.desc()),
            newest_first(among_all, projects.c.number, before),
        )
    facts = [f'"{token}"' for token in _facts(organisation, state)]
    phrases = (part[0] if part[0].endswith("*") else f'"{" ".join(part)}"' for part in parts)
    matched = IN_FILE.c.words.op("MATCH")(" AND ".join([*facts, *phrases]))
    joined = listing.join(IN_FILE, IN_FILE.c.rowid == projects.c.number).where(matched)
    return (newest_first(joined, IN_FILE.c.rowid, before),)


def plain(said: str) -> str:
    """Return a text as it is compared: one width, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", said).casefold().split())


def document_of(row: Mapping[str, Any]) -> str:
    """Return the words of a project and what narrows a search, as FTS5 takes them."""
    return " ".join([*_facts(row["organisation"], row["state"]), *_texts(row)])


def vector_of(row: Mapping[str, Any]) -> str:
    """Return the words with their positions, as `tsvector` is written."""
    return " ".join(f"{token}:{place}" for place, token in enumerate(_texts(row), start=1))


def _pairs(said: str) -> list[str]:
    """Return the pairs of characters of a text, then its last character, as words of an index."""
    points = [f"{ord(character):05x}" for character in said]
    return [*map("".join, pairwise(points)), points[-1]] if points else []


def _texts(row: Mapping[str, Any]) -> list[str]:
    """Return the pairs of every text of a project; the last character of each ends its phrases."""
    parts = (part for name in SEARCHED for part in plain(row[name]).split())
    return [token for part in parts for token in _pairs(part)]


def _facts(organisation: str, state: str | None) -> list[str]:
    """Return what is no text and yet narrows a search, as words that no pair can be."""
    owner = f"o{organisation.encode().hex()}"
    return [owner] if state is None else [owner, f"s{state.encode().hex()}"]


def _index_in_file(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    said = [{"rowid": row["number"], "words": document_of(row)} for row in rows]
    connection.execute(insert(IN_FILE), said)
