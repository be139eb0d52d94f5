"""A whole column in another unit than the study has it in, told by the cells that both have."""

from collections.abc import Iterator

import polars as pl

from yanzhen.study.importing.placing import Origins, Tables
from yanzhen.study.magnitudes import ALIKE, CELLS, MEASURES
from yanzhen.study.problem import Problem
from yanzhen.study.tables import TABLES
from yanzhen.study.words import message

_NEAR = 0.2
"""How far a ratio may be from a power of ten, in decades: figures are revised, units are not."""


def rescaled(there: Tables, added: Tables, origins: Origins) -> list[Problem]:
    """Columns of which nearly all figures are the same power of ten times those that are there.

    Parameters
    ----------
    there : tables of the study before
    added : rows that the files make
    origins : where these come from
    """
    return list(_rescaled(there, added, origins))


def _rescaled(there: Tables, added: Tables, origins: Origins) -> Iterator[Problem]:
    if "activity" not in added:
        return
    key = TABLES["activity"].primary_key()
    both = added["activity"].join(there["activity"], on=key, suffix="_there")
    for measure in MEASURES:
        cells = both.filter(pl.col(measure) > 0, pl.col(f"{measure}_there") > 0).select(
            *key, decades=(pl.col(measure) / pl.col(f"{measure}_there")).log10()
        )
        if cells.height < CELLS:
            continue
        step = round(float(cells["decades"].median()))  # type: ignore[arg-type]
        if not step or ((cells["decades"] - step).abs() <= _NEAR).mean() < ALIKE:  # type: ignore[operator]
            continue
        place = origins["activity"][cells.select(key).row(0)][measure]
        values = {"column": measure, "cells": cells.height, "ratio": 10.0**step}
        said = message("import.rescaled", **values)
        yield place.grid.problem(place.row, place.at, *said)
