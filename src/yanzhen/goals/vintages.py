"""Figures of a new year beside an earlier scoreboard: what was revised, what was foreseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from yanzhen.goals.figures import Figures
from yanzhen.goals.measuring import Moment, measure
from yanzhen.goals.words import message
from yanzhen.study import Problem, StudyError
from yanzhen.study.formulas import Formula
from yanzhen.study.replacing import is_unfinished
from yanzhen.study.result_columns import columns
from yanzhen.study.unreadable import Unreadable, reading_file

REVISIONS = columns(
    "indicator year before value revised cells_before cells",
    indicator="text", before="index", value="index", revised="index", cells_before="count",
)  # fmt: skip
"""Figures of years that both scoreboards have; other cells are a reason of their own."""
SCORES = columns(
    "indicator plan_year plan plan_low plan_high actual error covered cells_before cells",
    indicator="text", plan_year="year", plan="index", plan_low="index", plan_high="index",
    actual="index", error="index", covered="flag", cells_before="count",
)  # fmt: skip
"""What the earlier plan foresaw of years that now have figures; `covered` is null without an
interval."""
PLAN_CELLS = columns("region industry")
"""What a plan's indicators are of."""
FILES = ("scoreboard", "goal_values", "goal_plan_cells")
"""Tables of an earlier report, as Parquet; those of a synthetic study say so in their names, and
those of a plan that they are of its goals."""


@dataclass(frozen=True)
class Vintage:
    """An earlier scoreboard as its files keep it."""

    scoreboard: pl.DataFrame
    values: pl.DataFrame
    plan_cells: pl.DataFrame


def read_vintage(folder: Path) -> Vintage:
    """Read the scoreboard that `yanzhen goals --out FOLDER` or `yanzhen plan` once wrote.

    Raises
    ------
    StudyError
        When the folder has none, or none that is whole.
    """
    if is_unfinished(folder):
        raise StudyError([Problem.at(str(folder), "", None, "", *message("unfinished"))])
    tables = folder / "tables"
    prefixes = ("", "SYNTHETIC_", "goals_", "SYNTHETIC_goals_")
    prefix = next(
        (each for each in prefixes if (tables / f"{each}{FILES[0]}.parquet").is_file()), ""
    )
    files = [tables / f"{prefix}{name}.parquet" for name in FILES]
    missing = [file for file in files if not file.is_file()]
    if missing:
        said = message("no_vintage")
        raise StudyError([Problem.at(str(file), "", None, "", *said) for file in missing])
    frames = [_read(file) for file in files]
    wrong = [
        file
        for file, frame, names in zip(files, frames, _WANTED, strict=True)
        if not set(names) <= set(frame.columns)
    ]
    if wrong:
        said = message("no_vintage")
        raise StudyError([Problem.at(str(file), "", None, "", *said) for file in wrong])
    return Vintage(*frames)


def _read(file: Path) -> pl.DataFrame:
    try:
        with reading_file():
            return pl.read_parquet(file)
    except Unreadable as error:
        said = message("damaged", reason=error)
        raise StudyError([Problem.at(str(file), "", None, "", *said)]) from None


_WANTED = (
    ("indicator", "plan_year", "plan", "plan_low", "plan_high", "cells"),
    ("indicator", "year", "value", "cells"),
    ("region", "industry"),
)


def revisions(before: Vintage, values: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that are no longer what they were, for the years that both have."""
    old = before.values.select("indicator", "year", before="value", cells_before="cells")
    both = values.join(old, on=["indicator", "year"], how="inner", maintain_order="left")
    changed = both.filter(
        (pl.col("value") != pl.col("before")) | (pl.col("cells") != pl.col("cells_before"))
    )
    return changed.with_columns(revised=pl.col("value") - pl.col("before")).select(*REVISIONS)


def scores(before: Vintage, figures: Figures, formulas: Mapping[str, Formula]) -> pl.DataFrame:
    """Hold what an earlier plan foresaw against the figures of its year, over the plan's cells.

    Years between may be known of other cells: they are not looked at. Of cells that the plan was
    of and that have no figure in its year nothing can be said; `cells` counts those that have.
    """
    foreseen = before.scoreboard.drop_nulls(["plan_year", "plan"])
    own = set(before.plan_cells.iter_rows())
    cells = figures.cells("activity")
    inside = np.array(
        [
            (figures.regions[region], figures.industries[industry]) in own
            for region, industry in zip(cells.region, cells.industry, strict=True)
        ],
        dtype=np.bool_,
    )
    rows = []
    for row in foreseen.iter_rows(named=True):
        code, year = row["indicator"], row["plan_year"]
        if code not in formulas or year not in figures.years:
            continue
        at = figures.years.index(year)
        measured = measure(formulas[code], formulas, figures, moment=Moment(at, inside))
        actual = float(measured.values[at])
        if np.isfinite(actual):
            low, high = row["plan_low"], row["plan_high"]
            held = None if low is None else low <= actual <= high
            error = actual - row["plan"]
            rows.append(
                (code, year, row["plan"], low, high, actual, error, held, row["cells"],
                 measured.cells)
            )  # fmt: skip
    return SCORES.frame(rows)
