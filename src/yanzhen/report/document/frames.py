"""Frames for other programs: Parquet and CSV, and a table that explains their columns."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Formatter

import polars as pl

from yanzhen.report.document.writing import beside
from yanzhen.report.tables.table import Kind
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import phrases
from yanzhen.study import Study

MEASURED: frozenset[Kind] = frozenset({"size", "status"})
"""Kinds of the columns that are named after what sizes are measured by."""
DESCRIBED = pl.DataFrame(
    schema=dict.fromkeys(("column", "type", "unit", "description_zh", "description_en"), pl.String)
)
"""What is said of a column."""


def write_frames(
    study: Study,
    frames: Mapping[str, pl.DataFrame],
    kinds: Mapping[str, Mapping[str, Kind]],
    folder: Path,
    named_in: Sequence[str] = ("column",),
) -> None:
    """Write frames as Parquet and as CSV, and `columns.csv`, which explains them.

    Codes, figures in the study's units, years as numbers; the CSV files are UTF-8 with the mark
    that Excel needs. Tables of a synthetic study say so in their names.

    Parameters
    ----------
    study : what the frames are about
    frames : by name of the file
    kinds : what each column of a frame holds, where that is known
    named_in : groups of `words.toml` that name the columns, the first that has one
    """
    prefix = "SYNTHETIC_" if study.about.synthetic else ""
    for key, whole in frames.items():
        names = _names(study, whole, kinds.get(key, {}))
        frame = whole.select(pl.col(name).alias(shown) for name, shown in names.items())
        with beside(folder / f"{prefix}{key}.parquet") as part:
            frame.write_parquet(part)
        with beside(folder / f"{prefix}{key}.csv") as part:
            frame.write_csv(part, include_bom=True)
    with beside(folder / f"{prefix}columns.csv") as part:
        _columns(study, frames, kinds, named_in).write_csv(part, include_bom=True)


def _names(study: Study, frame: pl.DataFrame, kinds: Mapping[str, Kind]) -> dict[str, str]:
    """Name under which each column is exported: of `output` and what belongs to it, the measure's.

    A column that would say again what the measure of size says is left out.
    """
    size = study.about.measured_by
    if size.is_money:
        return {name: name for name in frame.columns}
    kept = [name for name in frame.columns if not size.is_said_by(name)]
    return {
        name: name.replace("output", size.measure) if kinds.get(name) in MEASURED else name
        for name in kept
    }


def _columns(
    study: Study,
    frames: Mapping[str, pl.DataFrame],
    kinds: Mapping[str, Mapping[str, Kind]],
    named_in: Sequence[str],
) -> pl.DataFrame:
    """Return table, column, type, unit and both descriptions of every exported column."""
    described = [DESCRIBED.clear().select(pl.lit("").alias("table"), pl.all())]
    for key, frame in frames.items():
        of_table = kinds.get(key, {})
        names = _names(study, frame, of_table)
        rows = described_columns(study, frame, of_table, names, named_in)
        described.append(rows.select(pl.lit(key).alias("table"), pl.all()))
    return pl.concat(described)


def described_columns(
    study: Study,
    frame: pl.DataFrame,
    kinds: Mapping[str, Kind],
    names: Mapping[str, str],
    named_in: Sequence[str] = ("column",),
) -> pl.DataFrame:
    """Return what columns of a frame hold: column, type, unit, description_zh, description_en.

    Parameters
    ----------
    study : in whose units the figures are
    kinds : what each column holds, where that is known
    names : of the columns to describe, and under which each is described
    named_in : groups of `words.toml` that name the columns, the first that has one
    """
    units = study.about.units
    by_kind: dict[Kind, str] = {
        "size": study.about.size_unit,
        "money": units.money,
        "persons": units.persons,
        "emissions": units.emissions,
        "share": "1",
        "percent": "%",
        "kilometres": "km",
        "resource": "unit of the resource",
        "premium": f"{units.money} per unit of the resource and year",
        "year": "year",
    }
    readers = [Reader(study, lang) for lang in ("zh", "en")]
    rows = []
    for column, shown in names.items():
        named = (f"{group}.{column}" for group in named_in)
        word = next((each for each in named if _describes(each, readers[0])), None)
        described = ["" if word is None else reader.word(word) for reader in readers]
        unit = by_kind.get(kinds[column], "") if column in kinds else ""
        rows.append((shown, str(frame.schema[column]), unit, *described))
    return pl.DataFrame(rows, schema=DESCRIBED.schema, orient="row")


def _describes(word: str, reader: Reader) -> bool:
    """Whether there is such a text and the study's measure of size is all that it asks for."""
    if word not in phrases():
        return False
    asked = {name for _, name, _, _ in Formatter().parse(phrases()[word][reader.lang]) if name}
    return asked <= set(reader.size_words)
