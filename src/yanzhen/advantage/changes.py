"""How output changed between the first observed year and the last, and what lay behind it."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats, Panel
from yanzhen.advantage.cross_table import long_frame
from yanzhen.advantage.movement import absolute_shift, centre_path, relative_shift
from yanzhen.advantage.shift_share import shift_share
from yanzhen.study import Study
from yanzhen.study.result_columns import NOT_EVALUATED, columns

SHIFT_SHARE = columns("region industry before after change national mix competitive")
MACRO_SHIFTS = columns(
    """industry macro_region before after share_before share_after absolute_shift relative_shift
    cells"""
)
"""`industry` is null for all."""
CENTRES = columns("industry year longitude latitude moved_km regions")
"""`industry` is null for all."""
EARLIER = "activity.output of an earlier year"
PLACES = "regions.longitude, regions.latitude"


@dataclass(frozen=True)
class Changes:
    """Change over the years of a panel, by observed cells alone.

    Attributes
    ----------
    first_year : null where there is only one year
    share_lost : (N, S) −competitive / before, the growth that a cell fell short of its industry
    """

    first_year: int | None
    shift_share: Annotated[pl.DataFrame, SHIFT_SHARE]
    macro_shifts: Annotated[pl.DataFrame, MACRO_SHIFTS]
    centres: Annotated[pl.DataFrame, CENTRES]
    share_lost: Floats
    not_evaluated: Annotated[pl.DataFrame, NOT_EVALUATED]


def changes(study: Study, panel: Panel) -> Changes:
    """Measure change from the first to the last year of a panel.

    The shift-share takes cells observed in the first and the last year, shifts between
    macro-regions likewise, the centre of gravity those observed in every year, so that a hole in
    the data is never taken for a move.
    """
    several = len(panel.years) > 1
    before, after = panel.output[:, :, 0], panel.output[:, :, -1]
    both = np.isfinite(before) & np.isfinite(after) & several
    x, y = np.where(both, before, np.nan), np.where(both, after, np.nan)
    parts = shift_share(x, y)
    lost = np.divide(-parts.competitive, x, out=np.full(x.shape, np.nan), where=x > 0)
    figures = (x, y, y - x, parts.national, parts.mix, parts.competitive)
    of_cells = long_frame(
        panel.regions, panel.industries, dict(zip(list(SHIFT_SHARE)[2:], figures, strict=True))
    )
    macro_shifts, centres = _shifts(study, panel, x, y), _centres(study, panel, several)
    off = []
    if not several:
        off += [(term, EARLIER) for term in ("shift_share", "macro_shifts", "centres")]
    elif macro_shifts.is_empty():
        off.append(("macro_shifts", "regions.macro_region"))
    if several and centres.is_empty():
        off.append(("centres", PLACES))
    return Changes(
        panel.years[0] if several else None,
        of_cells.drop_nulls("change"),
        macro_shifts,
        centres,
        lost,
        NOT_EVALUATED.frame(off),
    )


def _shifts(study: Study, panel: Panel, x: Floats, y: Floats) -> pl.DataFrame:
    """Shifts of all industries together and of each, over the cells there in both years.

    Sums run in the order of the regions, so that the same study gives the same bytes.
    """
    rows = study.tables["regions"].select("region", "macro_region").drop_nulls()
    group_of = dict(rows.iter_rows())
    groups = sorted({group_of[region] for region in panel.regions if region in group_of})
    member = np.array([[group_of.get(r) == g for r in panel.regions] for g in groups], dtype=float)
    member = member.reshape(len(groups), len(panel.regions))
    cells = _with_all(member @ np.isfinite(x))
    before, after = (
        np.where(cells > 0, _with_all(member @ np.nan_to_num(amount)), np.nan) for amount in (x, y)
    )
    columns = {
        "before": before,
        "after": after,
        "share_before": _share(before),
        "share_after": _share(after),
        "absolute_shift": absolute_shift(before, after),
        "relative_shift": relative_shift(before, after),
        "cells": cells,
    }
    frame = long_frame(groups, ["", *panel.industries], columns)
    return (
        frame.drop_nulls("before")
        .select(
            pl.col("industry").replace("", None),
            pl.col("region").alias("macro_region"),
            pl.exclude("region", "industry", "cells"),
            pl.col("cells").cast(pl.Int64),
        )
        .sort("industry", "macro_region", nulls_last=False)
    )


def _with_all(x: Floats) -> Floats:
    """(G, 1 + S) the sum over industries, then each."""
    return np.column_stack([x.sum(axis=1), x])


def _share(amount: Floats) -> Floats:
    total = np.nansum(amount, axis=0)
    share: Floats = np.divide(amount, total, out=np.full(amount.shape, np.nan), where=total > 0)
    return share


def _centres(study: Study, panel: Panel, several: bool) -> pl.DataFrame:
    rows = _long(panel, panel.output, panel.years)
    cells = rows if several else rows.clear()
    places = study.tables["regions"].select("region", "longitude", "latitude")
    together = centre_path(_all_industries(_always_there(cells)), places, "output")
    return pl.concat(
        [
            together.with_columns(industry=pl.lit(None, pl.String)),
            centre_path(cells, places, "output"),
        ]
    ).drop_nulls(["longitude", "latitude"])


def _long(panel: Panel, output: Floats, years: tuple[int, ...]) -> pl.DataFrame:
    frames = [
        long_frame(panel.regions, panel.industries, {"output": output[:, :, t]}).with_columns(
            year=pl.lit(year, pl.Int64)
        )
        for t, year in enumerate(years)
    ]
    return pl.concat(frames).drop_nulls("output")


def _always_there(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells observed in every year that the frame has."""
    years = cells["year"].n_unique()
    return cells.filter(pl.col("year").n_unique().over("region", "industry") == years)


def _all_industries(cells: pl.DataFrame) -> pl.DataFrame:
    return (
        cells.group_by("region", "year", maintain_order=True)
        .agg(pl.col("output").sum())
        .with_columns(industry=pl.lit("all"))
    )
