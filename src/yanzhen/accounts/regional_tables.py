"""Regions' own input-output tables, which don't tell purchases by origin, and their borders.

Such a table (origin `any`) holds what a region's sectors and final users buy of each product,
wherever it is from; the table `trade` holds what the product's exports, imports, outflow to and
inflow from other regions are. For product i of region r

    x_i = Σ_j Z_ij + f_i + ε_i + exports_i + outflow_i − imports_i − inflow_i.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import Floats
from yanzhen.accounts.years import nearest_year
from yanzhen.study import Study
from yanzhen.study.tables.economy import ANY_ORIGIN, FINAL_USES

ERROR = "statistical_error"
BORDER = ("exports", "imports", "outflow", "inflow")
TABLE = ["year", "user_region"]
LARGE_ERROR = 0.05
"""Statistical error over use from which on what crosses a border is not known."""


@dataclass(frozen=True)
class RegionalTables:
    """Own tables of N regions with the same S sectors, in the study's money.

    Attributes
    ----------
    year : of the tables
    regions, sectors : codes, sorted
    purchases : (N, S, S) Z, product i bought by sector j, of any origin
    final : (N, S) consumption and capital formation, of any origin
    error : (N, S) ε, statistical error of the rows
    value_added : (N, S)
    output : (N, S) x, the sum of a column: purchases and value added
    exports, imports, outflow, inflow : (N, S), NaN for a region that `trade` has no row of
    """

    year: int
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    purchases: Floats
    final: Floats
    error: Floats
    value_added: Floats
    output: Floats
    exports: Floats
    imports: Floats
    outflow: Floats
    inflow: Floats

    @property
    def used(self) -> Floats:
        """(N, S) what a region uses of each product at home, of any origin."""
        total: Floats = self.purchases.sum(axis=2) + self.final
        return total

    @property
    def sold(self) -> Floats:
        """(N, S) the sum of a row, which is output where the table balances."""
        away = self.exports + self.outflow - self.imports - self.inflow
        return self.used + self.error + away

    @property
    def own_share(self) -> Floats:
        """(N, S) share of what a region uses of a product that it makes itself.

        (x − exports − outflow) / (Σ_j Z_ij + f_i + ε_i), between none and all. NaN where a region
        books net flows or none, and where a product's statistical error is above `LARGE_ERROR` of
        what is used: there the flows are not known.
        """
        here = self.used + self.error
        own = self.output - self.exports - self.outflow
        share = np.divide(own, here, out=np.full(own.shape, np.nan), where=here > 0)
        both_ways = np.nan_to_num(self.outflow) * np.nan_to_num(self.inflow) > 0
        unsure = ~both_ways.any(axis=1, keepdims=True) | (
            np.abs(self.error) > LARGE_ERROR * self.used
        )
        return np.where(unsure, np.nan, np.clip(share, 0.0, 1.0))

    @property
    def coefficients(self) -> Floats:
        """(N, S, S) a_rij, purchases of any origin per unit of output; 0 without output."""
        made = self.output[:, None, :]
        a: Floats = np.divide(
            self.purchases, made, out=np.zeros_like(self.purchases), where=made > 0
        )
        return a


def own_rows(input_output: pl.DataFrame) -> pl.DataFrame:
    """The rows of regions' own tables, which don't tell purchases by origin."""
    return input_output.join(_own(input_output), on=TABLE, how="semi", maintain_order="left")


def rows_by_origin(input_output: pl.DataFrame) -> pl.DataFrame:
    """The rows of the other tables, of the nation or of several regions."""
    return input_output.join(_own(input_output), on=TABLE, how="anti", maintain_order="left")


def regional_tables(study: Study, year: int) -> RegionalTables | None:
    """The regions' own tables of the year nearest to another; None where there are none."""
    rows = own_rows(study.tables["input_output"])
    if rows.is_empty():
        return None
    at = nearest_year(rows["year"], year)
    return _laid_out(rows.filter(pl.col("year") == at), study.tables["trade"], at)


def _own(input_output: pl.DataFrame) -> pl.DataFrame:
    return input_output.filter(pl.col("origin") == ANY_ORIGIN).select(TABLE).unique()


def _laid_out(rows: pl.DataFrame, trade: pl.DataFrame, year: int) -> RegionalTables:
    regions = tuple(rows["user_region"].unique().sort())
    bought = rows.filter(pl.col("origin") == ANY_ORIGIN)
    added = rows.filter(pl.col("origin") == "value_added")
    crossing = trade.filter(pl.col("year") == year, pl.col("region").is_in(regions))
    to_final = pl.col("user").is_in(FINAL_USES)
    users = {*bought.filter(~to_final)["user"], *added["user"]}
    sectors = tuple(sorted({*bought["supplier"], *users, *crossing["industry"]}))
    n = {region: k for k, region in enumerate(regions)}
    s = {sector: k for k, sector in enumerate(sectors)}
    shape = (len(regions), len(sectors))

    def summed(frame: pl.DataFrame, product: str, value: str) -> Floats:
        array = np.zeros(shape)
        region = "region" if "region" in frame.columns else "user_region"
        at = [n[each] for each in frame[region]], [s[each] for each in frame[product]]
        np.add.at(array, at, frame[value].fill_null(np.nan).to_numpy())
        return array

    purchases = np.zeros((*shape, len(sectors)))
    between = bought.filter(~to_final)
    at = (
        [n[region] for region in between["user_region"]],
        [s[product] for product in between["supplier"]],
        [s[user] for user in between["user"]],
    )
    np.add.at(purchases, at, between["value"].to_numpy())
    value_added = summed(added, "user", "value")
    known = np.isin(regions, crossing["region"].unique().to_list())[:, None]
    border = {name: np.where(known, summed(crossing, "industry", name), np.nan) for name in BORDER}
    return RegionalTables(
        year=year,
        regions=regions,
        sectors=sectors,
        purchases=purchases,
        final=summed(bought.filter(to_final & (pl.col("user") != ERROR)), "supplier", "value"),
        error=summed(bought.filter(pl.col("user") == ERROR), "supplier", "value"),
        value_added=value_added,
        output=purchases.sum(axis=1) + value_added,
        **border,
    )
