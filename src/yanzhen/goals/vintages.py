"""Figures of a new year beside an earlier scoreboard: what was revised, what was foreseen."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yanzhen.goals.words import message
from yanzhen.study import Problem, StudyError
from yanzhen.study.result_columns import columns

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
FILES = ("scoreboard", "goal_values")
"""Tables of an earlier report, as Parquet; those of a synthetic study say so in their names, and
those of a plan that they are of its goals."""


@dataclass(frozen=True)
class Vintage:
    """An earlier scoreboard as its files keep it."""

    scoreboard: pl.DataFrame
    values: pl.DataFrame


def read_vintage(folder: Path) -> Vintage:
    """Read the scoreboard that `yanzhen goals --out FOLDER` or `yanzhen plan` once wrote.

    Raises
    ------
    StudyError
        When the folder has none.
    """
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
    board, values = (pl.read_parquet(file) for file in files)
    wanted = ({"indicator", "plan_year", "plan", "plan_low", "plan_high", "cells"}, set(_OLD))
    wrong = [
        file
        for file, frame, names in zip(files, (board, values), wanted, strict=True)
        if not names <= set(frame.columns)
    ]
    if wrong:
        said = message("no_vintage")
        raise StudyError([Problem.at(str(file), "", None, "", *said) for file in wrong])
    return Vintage(board, values)


_OLD = ("indicator", "year", "value", "cells")


def revisions(before: Vintage, values: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that are no longer what they were, for the years that both have."""
    old = before.values.select("indicator", "year", before="value", cells_before="cells")
    both = values.join(old, on=["indicator", "year"], how="inner", maintain_order="left")
    changed = both.filter(
        (pl.col("value") != pl.col("before")) | (pl.col("cells") != pl.col("cells_before"))
    )
    return changed.with_columns(revised=pl.col("value") - pl.col("before")).select(*REVISIONS)


def scores(before: Vintage, values: pl.DataFrame) -> pl.DataFrame:
    """Hold what an earlier plan foresaw against the figures of its year."""
    foreseen = before.scoreboard.drop_nulls(["plan_year", "plan"]).select(
        "indicator", "plan_year", "plan", "plan_low", "plan_high", cells_before="cells"
    )
    actual = values.select("indicator", "cells", plan_year="year", actual="value")
    both = foreseen.join(actual, on=["indicator", "plan_year"], how="inner", maintain_order="left")
    inside = pl.col("actual").is_between("plan_low", "plan_high")
    return both.with_columns(error=pl.col("actual") - pl.col("plan"), covered=inside).select(
        *SCORES
    )
