"""A long frame of region, industry and value as one region × industry array, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CrossTable:
    """Regions, industries and the values between them.

    Attributes
    ----------
    regions : (N,) codes, sorted unless an order was given
    industries : (S,) codes, sorted unless an order was given
    values : (N, S), NaN where the cell is missing
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    values: Floats


def cross_table(
    frame: pl.DataFrame,
    value: str,
    regions: Sequence[str] | None = None,
    industries: Sequence[str] | None = None,
) -> CrossTable:
    """Lay the column `value` of a long frame (region, industry, value) out as an array.

    A row that is not there, a null and a NaN are all missing. With `regions` or `industries`
    the array has exactly these, in this order.

    Raises
    ------
    ValueError
        If two rows share a region and an industry.
    """
    cells = frame.select("region", "industry", pl.col(value).cast(pl.Float64).alias("value"))
    repeated = cells.group_by("region", "industry").len().filter(pl.col("len") > 1)
    if repeated.height:
        region, industry, rows = repeated.sort("region", "industry").row(0)
        raise ValueError(
            f"{repeated.height} cells have several rows, the first is region {region}, "
            f"industry {industry} with {rows}: choose one year, or add them up, before"
        )
    names = tuple(regions) if regions is not None else _sorted_codes(cells["region"])
    kinds = tuple(industries) if industries is not None else _sorted_codes(cells["industry"])
    placed = cells.join(_positions("region", names, "row"), on="region").join(
        _positions("industry", kinds, "column"), on="industry"
    )
    values = np.full((len(names), len(kinds)), np.nan)
    values[placed["row"].to_numpy(), placed["column"].to_numpy()] = (
        placed["value"].fill_null(float("nan")).to_numpy()
    )
    return CrossTable(names, kinds, values)


def long_frame(
    regions: Sequence[str], industries: Sequence[str], columns: Mapping[str, Floats]
) -> pl.DataFrame:
    """Write (N, S) arrays as the columns of a long frame, region by region; NaN becomes null."""
    count = len(industries)
    return pl.DataFrame(
        {
            "region": np.repeat(np.asarray(regions, dtype=object), count),
            "industry": np.tile(np.asarray(industries, dtype=object), len(regions)),
        },
        schema={"region": pl.String, "industry": pl.String},
    ).with_columns(
        pl.Series(name, np.ascontiguousarray(values).ravel(), nan_to_null=True)
        for name, values in columns.items()
    )


def require_amounts(x: Floats) -> None:
    """Raise ValueError if an (N, S) array of amounts holds a negative or infinite cell."""
    wrong = np.argwhere((x < 0) | np.isinf(x))
    if wrong.size:
        row, column = wrong[0]
        raise ValueError(
            f"{len(wrong)} cells are negative or infinite, the first at row {row}, "
            f"column {column}: {x[row, column]}; amounts are finite and not negative"
        )


def _sorted_codes(codes: pl.Series) -> tuple[str, ...]:
    return tuple(codes.unique().sort().to_list())


def _positions(name: str, codes: tuple[str, ...], position: str) -> pl.DataFrame:
    return pl.DataFrame({name: codes, position: range(len(codes))}).cast(
        {name: pl.String, position: pl.Int64}
    )
