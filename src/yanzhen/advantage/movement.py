"""Where an industry's weight moves: shifts between groups of regions, and its centre of gravity."""

import numpy as np
import polars as pl

from yanzhen.advantage.cross_table import Floats, require_amounts
from yanzhen.study.distances import great_circle


def absolute_shift(before: Floats, after: Floats) -> Floats:
    """Amount gained beyond the nation's growth, A_gs = x¹_gs − x⁰_gs Σ_k x¹_ks / Σ_k x⁰_ks.

    Sums to zero over groups: what one gains another loses.

    Parameters
    ----------
    before, after : (G, S) amounts of groups of regions over the same cells in both years

    Returns
    -------
    (G, S), NaN for an industry that had nothing before
    """
    return after - _expected(before, after)


def relative_shift(before: Floats, after: Floats) -> Floats:
    """Amount over what the nation's growth alone would have given, less one.

    Parameters and result as in `absolute_shift`; NaN where the group had nothing before.
    """
    expected = _expected(before, after)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, after / expected - 1, np.nan)


def centre_of_gravity(weight: Floats, longitude: Floats, latitude: Floats) -> tuple[float, float]:
    """Longitude and latitude of the mean of places on the sphere, weighted, in degrees.

    The mean of the unit vectors, put back on the surface; NaN weights are left out. NaN if
    nothing is there or the places balance around the earth's centre.
    """
    require_amounts(weight[:, None])
    lon, lat = np.radians(longitude), np.radians(latitude)
    places = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    mean = places @ np.nan_to_num(weight)
    length = float(np.linalg.norm(mean))
    if length <= 1e-12 * float(np.nansum(weight)):
        return float("nan"), float("nan")
    x, y, z = mean / length
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arcsin(np.clip(z, -1, 1))))


def shifts(
    frame: pl.DataFrame, groups: pl.DataFrame, value: str, first: int, last: int
) -> pl.DataFrame:
    """Shifts between groups of regions of a long frame (region, industry, year, `value`).

    Only cells there in both years count, so that a hole is not taken for a move.

    Parameters
    ----------
    groups : region, group, such as the macro-region

    Returns
    -------
    industry, group, before, after, share_before, share_after (of the nation), absolute_shift,
    relative_shift, cells
    """
    first_year, last_year = (
        frame.filter(pl.col("year") == year).select("region", "industry", amount=pl.col(value))
        for year in (first, last)
    )
    amounts = (
        first_year.join(
            last_year, on=["region", "industry"], suffix="_after", maintain_order="left"
        )
        .drop_nulls(["amount", "amount_after"])
        .join(groups.select("region", "group").drop_nulls(), on="region", maintain_order="left")
        .group_by("industry", "group", maintain_order=True)
        .agg(
            before=pl.col("amount").sum(),
            after=pl.col("amount_after").sum(),
            cells=pl.len().cast(pl.Int64),
        )
    )
    total_before, total_after = (pl.col(c).sum().over("industry") for c in ("before", "after"))
    expected = pl.col("before") * total_after / total_before
    return amounts.select(
        "industry",
        "group",
        "before",
        "after",
        share_before=pl.when(total_before > 0).then(pl.col("before") / total_before),
        share_after=pl.when(total_after > 0).then(pl.col("after") / total_after),
        absolute_shift=pl.when(total_before > 0).then(pl.col("after") - expected),
        relative_shift=pl.when(expected > 0).then(pl.col("after") / expected - 1),
        cells="cells",
    ).sort("industry", "group")


def centre_path(frame: pl.DataFrame, places: pl.DataFrame, value: str) -> pl.DataFrame:
    """Centre of gravity of each industry by year, and how far it went since the year before.

    Only regions there in every year of the industry count.

    Parameters
    ----------
    frame : region, industry, year, `value`
    places : region, longitude, latitude

    Returns
    -------
    industry, year, longitude, latitude, moved_km (null in the first year), regions
    """
    cells = (
        frame.select("region", "industry", "year", amount=pl.col(value))
        .drop_nulls()
        .join(
            places.select("region", "longitude", "latitude").drop_nulls(),
            on="region",
            maintain_order="left",
        )
    )
    years = pl.col("year").n_unique()
    always = cells.filter(years.over("industry", "region") == years.over("industry"))
    rows = []
    for (industry,), own in always.sort("industry", "year").group_by(
        "industry", maintain_order=True
    ):
        previous: tuple[float, float] | None = None
        for (year,), at in own.group_by("year", maintain_order=True):
            centre = centre_of_gravity(
                at["amount"].cast(pl.Float64).to_numpy(),
                at["longitude"].to_numpy(),
                at["latitude"].to_numpy(),
            )
            moved = None if previous is None else _kilometres(previous, centre)
            rows.append((industry, year, *centre, moved, at.height))
            previous = centre
    schema = {
        "industry": pl.String,
        "year": pl.Int64,
        "longitude": pl.Float64,
        "latitude": pl.Float64,
        "moved_km": pl.Float64,
        "regions": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.col("longitude", "latitude", "moved_km").fill_nan(None)
    )


def _expected(before: Floats, after: Floats) -> Floats:
    require_amounts(before)
    require_amounts(after)
    if (np.isnan(before) != np.isnan(after)).any():
        raise ValueError("the years have different cells: keep those that are there in both")
    total = np.nansum(before, axis=0)
    growth = np.divide(
        np.nansum(after, axis=0), total, out=np.full(total.shape, np.nan), where=total > 0
    )
    expected: Floats = before * growth
    return expected


def _kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(great_circle(*np.array([a, b]).T)[0, 1])
