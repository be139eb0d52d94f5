"""What of a study's tables rests on which source: rows, and cells by how they came about.

A source of `study.toml` names a table and columns of it; tables with a column `source` name one in
each row. What has figures and no source is named too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from yanzhen.study.about import About, Source
from yanzhen.study.statuses import ESTIMATED, OBSERVED, SYNTHETIC, given_status
from yanzhen.study.tables import TABLES, meanings

Tables = Mapping[str, pl.DataFrame]

CITATION = "source"
"""The column in which a row says where it is from."""
UNMARKED = "unmarked"
"""Of a cell of a table that has no column for statuses; in a SYNTHETIC study it is SYNTHETIC."""
STANDINGS = (OBSERVED, ESTIMATED, SYNTHETIC, UNMARKED)


@dataclass(frozen=True)
class Resting:
    """What rests on a source.

    Attributes
    ----------
    source : as `study.toml` says it, or with the citation of rows as its title
    is_cited : whether rows cite it
    columns : that rest on it and have data
    rows : with data in one of these columns
    cells : with data in these columns, by what they are, of `STANDINGS`
    beside : other sources of the same columns, which share these rows
    """

    source: Source
    is_cited: bool
    columns: tuple[str, ...]
    rows: int
    cells: Mapping[str, int]
    beside: tuple[Source, ...] = ()


def sources_of(about: About, tables: Tables) -> tuple[Resting, ...]:
    """Return every source of a study: those of its settings, then those that rows cite.

    Parameters
    ----------
    about : settings of the study
    tables : of the study, by name
    """
    declared = [_declared(about, source, tables) for source in about.sources]
    cited = [
        _resting(about, Source("", title, table=table), rows, _figures(table), is_cited=True)
        for table, frame in tables.items()
        if CITATION in frame.columns
        for (title,), rows in frame.drop_nulls(CITATION).group_by(CITATION, maintain_order=True)
    ]
    return (*declared, *cited)


def without_source(about: About, tables: Tables) -> dict[str, tuple[str, ...]]:
    """Return the columns that have data and no source, by table; codes of the key need none."""
    missing = {}
    for table in TABLES:
        frame = tables[table]
        if CITATION in frame.columns:
            frame = frame.filter(pl.col(CITATION).is_null())
        named = {
            column
            for source in about.sources
            if source.table == table
            for column in source.columns or frame.columns
        }
        open_columns = tuple(each for each in _filled(frame, _figures(table)) if each not in named)
        if open_columns:
            missing[table] = open_columns
    return missing


def _declared(about: About, source: Source, tables: Tables) -> Resting:
    if source.table not in tables:
        return Resting(source, False, (), 0, dict.fromkeys(STANDINGS, 0))
    own = set(_columns(source))
    beside = tuple(
        other
        for other in about.sources
        if other is not source and other.table == source.table and own.intersection(_columns(other))
    )
    return _resting(about, source, tables[source.table], _columns(source), beside)


def _columns(source: Source) -> tuple[str, ...]:
    """The columns that a source names, all with figures where it names none."""
    return source.columns or _figures(source.table)


def _figures(table: str) -> tuple[str, ...]:
    """Columns of a table but its key, and those that say something of the others."""
    return tuple(
        name
        for name, said in meanings(table).items()
        if not said.key
        and name not in (CITATION, "unit", "note", "note_zh", "note_en")
        and not name.endswith("status")
    )


def _filled(frame: pl.DataFrame, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in columns if frame[each].null_count() < frame.height)


def _resting(
    about: About,
    source: Source,
    frame: pl.DataFrame,
    columns: tuple[str, ...],
    beside: tuple[Source, ...] = (),
    *,
    is_cited: bool = False,
) -> Resting:
    filled = _filled(frame, columns)
    cells = dict.fromkeys(STANDINGS, 0)
    for column in filled:
        standing = _standing(about, frame, column)
        counted = frame.filter(pl.col(column).is_not_null()).select(standing=standing)
        for name, count in counted.group_by("standing").len().iter_rows():
            cells[name] += count
    rows = frame.filter(~pl.all_horizontal(pl.col(filled).is_null())).height if filled else 0
    return Resting(source, is_cited, filled, rows, cells, beside)


def _standing(about: About, frame: pl.DataFrame, column: str) -> pl.Expr:
    """What each cell of a column is, by the column of statuses that is its own or the row's."""
    for status in (f"{column}_status", "status"):
        if status in frame.columns:
            return given_status(status, about.synthetic)
    return pl.repeat(SYNTHETIC if about.synthetic else UNMARKED, pl.len())
