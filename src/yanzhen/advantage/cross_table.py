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
    names = tuple(regions) if regions is not None else _sorted_codes(frame["region"])
    kinds = tuple(industries) if industries is not None else _sorted_codes(frame["industry"])
    row, column = _positions(frame["region"], names), _positions(frame["industry"], kinds)
    amount = frame[value].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    placed = (row >= 0) & (column >= 0)
    if not placed.all():
        row, column, amount = row[placed], column[placed], amount[placed]
    at = row * np.int64(len(kinds)) + column
    _require_single(at, names, kinds)
    values = np.full(len(names) * len(kinds), np.nan)
    values[at] = amount
    return CrossTable(names, kinds, values.reshape(len(names), len(kinds)))


def long_frame(
    regions: Sequence[str], industries: Sequence[str], columns: Mapping[str, Floats]
) -> pl.DataFrame:
    """Write (N, S) arrays as the columns of a long frame, region by region; NaN becomes null."""
    n, s = len(regions), len(industries)
    return pl.DataFrame(
        [
            pl.Series("region", regions, pl.String).gather(np.repeat(np.arange(n), s)),
            pl.Series("industry", industries, pl.String).gather(np.tile(np.arange(s), n)),
            *(
                pl.Series(name, np.ascontiguousarray(values).ravel(), nan_to_null=True)
                for name, values in columns.items()
            ),
        ]
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


def _positions(values: pl.Series, codes: tuple[str, ...]) -> NDArray[np.int32]:
    """Place of each value among the codes, −1 for one that is not there."""
    places = values.cast(pl.Enum(codes), strict=False).to_physical().cast(pl.Int32)
    return places.fill_null(-1).to_numpy()


def _require_single(
    at: NDArray[np.int64], regions: tuple[str, ...], industries: tuple[str, ...]
) -> None:
    seen = np.zeros(len(regions) * len(industries), dtype=np.bool_)
    seen[at] = True
    if np.count_nonzero(seen) == len(at):
        return
    rows = np.bincount(at)
    first = int(np.argmax(rows > 1))
    region, industry = divmod(first, len(industries))
    raise ValueError(
        f"{int((rows > 1).sum())} cells have several rows, the first is region "
        f"{regions[region]}, industry {industries[industry]} with {rows[first]}: "
        "choose one year, or add them up, before"
    )
