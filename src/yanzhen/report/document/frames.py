"""Frames for other programs: Parquet and CSV, and a table that explains their columns."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from yanzhen.report.document.writing import beside
from yanzhen.report.tables.table import Kind
from yanzhen.report.text.words import phrases
from yanzhen.study import Study


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
    for key, frame in frames.items():
        with beside(folder / f"{prefix}{key}.parquet") as part:
            frame.write_parquet(part)
        with beside(folder / f"{prefix}{key}.csv") as part:
            frame.write_csv(part, include_bom=True)
    with beside(folder / f"{prefix}columns.csv") as part:
        _columns(study, frames, kinds, named_in).write_csv(part, include_bom=True)


def _columns(
    study: Study,
    frames: Mapping[str, pl.DataFrame],
    kinds: Mapping[str, Mapping[str, Kind]],
    named_in: Sequence[str],
) -> pl.DataFrame:
    """Return table, column, type, unit and both descriptions of every exported column."""
    units = study.about.units
    by_kind: dict[Kind, str] = {
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
    rows = []
    for key, frame in frames.items():
        for column, dtype in frame.schema.items():
            kind = kinds.get(key, {}).get(column)
            named = (phrases().get(f"{group}.{column}") for group in named_in)
            described = next((words for words in named if words), {})
            unit = by_kind.get(kind, "") if kind is not None else ""
            rows.append(
                (key, column, str(dtype), unit, described.get("zh", ""), described.get("en", ""))
            )
    names = ["table", "column", "type", "unit", "description_zh", "description_en"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
