"""Input-output tables: flows, their coefficients and their inverses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.linalg import lapack

from yanzhen.study.statuses import STATUSES
from yanzhen.study.tables.economy import FINAL_USES, VALUE_ADDED_PARTS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class InputOutputTable:
    """A national, regional or multi-regional table of one year, in the study's money.

    n rows, one for each region and sector; f final uses; v items of value added. What a row
    sells at home is apart from the imports of the same product.

    Attributes
    ----------
    year : int
    status : observed, estimated or synthetic, the least sure of its cells
    regions : (n,) region of each row
    sectors : (n,) sector of each row
    domestic : (n, n) Z, sales of the row's region and sector to the column's
    imported : (n, n) imports from abroad of the row's product used by the column, booked in the
        row of the using region
    final_regions : (f,) region of each final use
    final_uses : (f,) consumption, capital_formation, exports, statistical_error
    final_domestic : (n, f) Y
    final_imported : (n, f)
    value_added_items : (v,) compensation, taxes, depreciation, surplus
    value_added : (v, n)
    output : (n,) x
    """

    year: int
    status: str
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    domestic: Floats
    imported: Floats
    final_regions: tuple[str, ...]
    final_uses: tuple[str, ...]
    final_domestic: Floats
    final_imported: Floats
    value_added_items: tuple[str, ...]
    value_added: Floats
    output: Floats

    @property
    def intermediate(self) -> Floats:
        """(n, n) inputs of every column by product, domestic and imported together."""
        return self.domestic + self.imported


def national_table(input_output: pl.DataFrame, year: int) -> InputOutputTable:
    """The single-region table of `year` in the study's `input_output` table.

    Raises
    ------
    ValueError
        If the year has no rows or those of several regions, a value is null, or a sector's
        row and column do not add up to the same output.
    """
    rows = _rows_of(input_output, year)
    regions = _regions(rows)
    if len(regions) != 1:
        raise ValueError(
            f"the input-output rows of {year} are of {len(regions)} regions "
            f"({', '.join(regions[:5])}): a national table has one; see multiregional_table"
        )
    return _balanced(_table(rows, year))


def multiregional_table(input_output: pl.DataFrame, year: int) -> InputOutputTable:
    """The table of all regions of `year` in the study's `input_output` table.

    Raises
    ------
    ValueError
        As `national_table`, but any number of regions will do.
    """
    return _balanced(_table(_rows_of(input_output, year), year))


def unbalanced_table(input_output: pl.DataFrame, year: int) -> InputOutputTable:
    """The table of all regions of `year`, whose rows and columns need not have the same sums.

    Output is that of the rows: what a sector sells.

    Raises
    ------
    ValueError
        If the year has no rows or a value is null.
    """
    return _table(_rows_of(input_output, year), year)


def long_table(table: InputOutputTable) -> pl.DataFrame:
    """The table as rows of the study's `input_output` table, flows of zero left out."""
    cells = list(zip(table.regions, table.sectors, strict=True))
    final = list(zip(table.final_regions, table.final_uses, strict=True))
    own = [("", item) for item in table.value_added_items]
    frame = pl.concat(
        [
            _listed(table.domestic, cells, cells, "domestic"),
            _listed(table.final_domestic, cells, final, "domestic"),
            _listed(table.imported, cells, cells, "imported"),
            _listed(table.final_imported, cells, final, "imported"),
            _listed(table.value_added, own, cells, "value_added"),
        ]
    )
    at_home = pl.col("origin") == "value_added"
    return frame.select(
        year=pl.lit(table.year, dtype=pl.Int64),
        supplier_region=pl.when(at_home).then("user_region").otherwise("supplier_region"),
        supplier="supplier",
        user_region="user_region",
        user="user",
        origin="origin",
        value="value",
        status=pl.lit(table.status),
    )


def technical_coefficients(z: Floats, x: Floats) -> Floats:
    """Inputs per unit of the buyer's output, A = Z x̂⁻¹ (Miller and Blair 2022, eq. 2.5).

    A sector without output has no inputs, and coefficients of 0.

    Parameters
    ----------
    z : (k, n) flows into n sectors, domestic, imported, or items of value added
    x : (n,) output

    Raises
    ------
    ValueError
        If a sector without output has inputs.
    """
    return _divided(z, x[None, :], "inputs")


def allocation_coefficients(z: Floats, x: Floats) -> Floats:
    """Share of the seller's output that each buyer takes, B = x̂⁻¹ Z (Miller and Blair, eq. 12.1).

    A sector without output has no sales, and coefficients of 0.

    Parameters
    ----------
    z : (n, k) flows from n sectors
    x : (n,) output

    Raises
    ------
    ValueError
        If a sector without output has sales.
    """
    return _divided(z, x[:, None], "sales")


def leontief_inverse(a: Floats) -> Floats:
    """Output needed per unit of final demand, L = (I − A)⁻¹, so that x = L y.

    Parameters
    ----------
    a : (n, n) technical coefficients of domestic flows

    Raises
    ------
    ValueError
        If I − A is singular, or A ≥ 0 and the inverse has negative entries: such an economy
        uses up more than it makes.
    """
    return _inverse(a)


def ghosh_inverse(b: Floats) -> Floats:
    """Output that a unit of primary input passes on, G = (I − B)⁻¹, so that x′ = v′ G.

    This is the row convention of Miller and Blair (2022, section 12.1) and of pymrio: sellers
    in rows, G_ij is the output of j per unit of primary input of i. The other published
    convention writes x = G̃ v; see `ghosh_inverse_by_column`.

    Parameters
    ----------
    b : (n, n) allocation coefficients

    Raises
    ------
    ValueError
        As `leontief_inverse`.
    """
    return _inverse(b)


def is_productive(a: Floats, output: Floats, steps: int = 2000) -> bool:
    """Whether the spectral radius of a non-negative matrix is below one.

    By the bounds of Collatz and Wielandt, min_i (Ax)_i / x_i ≤ ρ ≤ max_i (Ax)_i / x_i for x > 0
    (Meyer 2000, section 8.3), along powers of I + A, which has a positive diagonal.

    Parameters
    ----------
    a : (n, n) coefficients
    output : (n,) where to start from; sectors without output take no part
    """
    active = output > 0
    a = a[np.ix_(active, active)]
    vector = output[active].astype(np.float64)
    for _ in range(steps):
        ratio = (a @ vector) / vector
        if ratio.max(initial=0.0) < 1:
            return True
        if ratio.min(initial=np.inf) >= 1:
            return False
        vector = vector + a @ vector
        vector /= vector.max()
        if vector.min() < 1e-250:
            break
    return bool(np.abs(np.linalg.eigvals(a)).max(initial=0.0) < 1)


def ghosh_inverse_by_column(b: Floats) -> Floats:
    """The Ghosh inverse in column convention, G̃ = (I − B′)⁻¹ = G′, so that x = G̃ v."""
    return np.ascontiguousarray(_inverse(b).T)


def _divided(z: Floats, x: Floats, what: str) -> Floats:
    empty = (x == 0) & (z != 0)
    if empty.any():
        sector = int(np.argwhere(empty)[0][0 if what == "sales" else 1])
        raise ValueError(f"the sector at position {sector} has {what} but no output")
    return np.divide(z, x, out=np.zeros_like(z, dtype=np.float64), where=x != 0)


def _inverse(a: Floats) -> Floats:
    """(I − A)⁻¹ by one LU factorisation, in the memory of the result."""
    remainder = np.array(-a, dtype=np.float64, order="F")
    remainder[np.diag_indices_from(remainder)] += 1.0
    lu, pivots, info = lapack.dgetrf(remainder, overwrite_a=True)
    if info > 0:
        raise ValueError("I − A is singular: some sectors use up all that they make")
    size, _ = lapack.dgetri_lwork(len(lu))
    inverse, info = lapack.dgetri(lu, pivots, lwork=int(size), overwrite_lu=True)
    if info > 0:
        raise ValueError("I − A is singular: some sectors use up all that they make")
    if (a >= 0).all() and (inverse < -1e-9).any():
        # Where outputs differ by many orders the inverse's rounding does too.
        if not is_productive(a, np.ones(len(a))):
            raise ValueError("the sectors use up more than they make: the inverse has negatives")
        np.maximum(inverse, 0.0, out=inverse)
    return np.ascontiguousarray(inverse)


def _rows_of(input_output: pl.DataFrame, year: int) -> pl.DataFrame:
    rows = input_output.filter(pl.col("year") == year)
    if not rows.height:
        years = sorted(input_output["year"].unique().to_list())
        raise ValueError(f"no input-output rows of {year}; there are those of {years}")
    empty = rows.filter(pl.col("value").is_null())
    if empty.height:
        supplier, user = empty.select("supplier", "user").row(0)
        raise ValueError(
            f"{empty.height} input-output values of {year} are missing, the first from "
            f"{supplier} to {user}: a table with holes has no coefficients"
        )
    return rows


def _regions(rows: pl.DataFrame) -> list[str]:
    sellers = rows.filter(pl.col("origin") == "domestic")["supplier_region"]
    return sorted({*sellers, *rows["user_region"]})


def _table(rows: pl.DataFrame, year: int) -> InputOutputTable:
    regions = _regions(rows)
    items = rows.filter(pl.col("origin") == "value_added")
    flows = rows.filter(pl.col("origin") != "value_added")
    to_final = pl.col("user").is_in(FINAL_USES)
    sectors = sorted({*flows["supplier"], *flows.filter(~to_final)["user"], *items["user"]})
    uses = [use for use in FINAL_USES if flows["user"].eq(use).any()]
    kinds = [item for item in VALUE_ADDED_PARTS if items["supplier"].eq(item).any()]
    unknown = sorted(set(items["supplier"]) - set(VALUE_ADDED_PARTS))
    if unknown:
        raise ValueError(f"unknown items of value added: {', '.join(unknown)}")
    cells = [(region, sector) for region in regions for sector in sectors]
    final = [(region, use) for region in regions for use in uses]
    domestic = flows.filter(pl.col("origin") == "domestic")
    imported = flows.filter(pl.col("origin") == "imported").with_columns(
        supplier_region=pl.col("user_region")
    )
    z = _placed(domestic.filter(~to_final), cells, cells)
    y = _placed(domestic.filter(to_final), cells, final)
    z_imported = _placed(imported.filter(~to_final), cells, cells)
    value_added = _placed(
        items.with_columns(supplier_region=pl.lit("")), [("", item) for item in kinds], cells
    )
    output = z.sum(axis=1) + y.sum(axis=1)
    return InputOutputTable(
        year=year,
        status=_least_sure(rows),
        regions=tuple(region for region, _ in cells),
        sectors=tuple(sector for _, sector in cells),
        domestic=z,
        imported=z_imported,
        final_regions=tuple(region for region, _ in final),
        final_uses=tuple(use for _, use in final),
        final_domestic=y,
        final_imported=_placed(imported.filter(to_final), cells, final),
        value_added_items=tuple(kinds),
        value_added=value_added,
        output=output,
    )


def _balanced(table: InputOutputTable) -> InputOutputTable:
    made = table.intermediate.sum(axis=0) + table.value_added.sum(axis=0)
    _require_balance(table.output, made, list(zip(table.regions, table.sectors, strict=True)))
    return table


def _placed(
    rows: pl.DataFrame, suppliers: Sequence[tuple[str, str]], users: Sequence[tuple[str, str]]
) -> Floats:
    """Rows of a frame added into an array; a flow that is not listed is zero."""
    array = np.zeros((len(suppliers), len(users)))
    line = {cell: position for position, cell in enumerate(suppliers)}
    column = {cell: position for position, cell in enumerate(users)}
    at = [line[cell] for cell in rows.select("supplier_region", "supplier").iter_rows()]
    to = [column[cell] for cell in rows.select("user_region", "user").iter_rows()]
    np.add.at(array, (at, to), rows["value"].to_numpy())
    return array


def _listed(
    array: Floats,
    suppliers: Sequence[tuple[str, str]],
    users: Sequence[tuple[str, str]],
    origin: str,
) -> pl.DataFrame:
    at, to = (places.tolist() for places in np.nonzero(array))
    return pl.DataFrame(
        {
            "supplier_region": [suppliers[k][0] for k in at],
            "supplier": [suppliers[k][1] for k in at],
            "user_region": [users[k][0] for k in to],
            "user": [users[k][1] for k in to],
            "origin": [origin] * len(at),
            "value": array[at, to] if at else [],
        },
        schema={
            "supplier_region": pl.String,
            "supplier": pl.String,
            "user_region": pl.String,
            "user": pl.String,
            "origin": pl.String,
            "value": pl.Float64,
        },
    )


def _least_sure(rows: pl.DataFrame) -> str:
    found = set(rows["status"].drop_nulls()) if "status" in rows.columns else set()
    return next((s for s in reversed(STATUSES) if s in found), STATUSES[0])


def _require_balance(sold: Floats, made: Floats, cells: Sequence[tuple[str, str]]) -> None:
    gap = np.abs(sold - made)
    wrong = np.flatnonzero(gap > 1e-6 * np.maximum(np.abs(sold), np.abs(made)) + 1e-9 * sold.max())
    if wrong.size:
        first = ", ".join(
            f"{'/'.join(cells[k])} sells {sold[k]:.6g} and uses {made[k]:.6g}" for k in wrong[:5]
        )
        raise ValueError(
            f"{wrong.size} sectors do not balance (is a flow not listed?): {first}; "
            "balance the table first, or list the statistical error as a final use"
        )
