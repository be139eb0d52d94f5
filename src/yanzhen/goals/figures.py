"""The figures that formulas of indicators are about, as arrays of cells and years."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.indicators import indicators_of
from yanzhen.accounts.panel import Booleans, Floats, leaf_regions
from yanzhen.study import Study
from yanzhen.study.formulas import FIGURES, IN_FORCE
from yanzhen.study.movable import movable_industries
from yanzhen.study.statuses import STATUSES, given_status

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Series:
    """A column of figures by region and year, or by region, industry and year.

    Attributes
    ----------
    values : (cells, T), NaN where missing
    status : (cells, T) positions in `yanzhen.study.statuses.STATUSES`
    """

    values: Floats
    status: Integers


@dataclass(frozen=True)
class Cells:
    """What figures are of: places, or places and industries.

    Attributes
    ----------
    region, industry : (cells,) positions in the figures' regions and industries; industry −1
        where cells are of a whole region
    """

    region: Integers
    industry: Integers


@dataclass(frozen=True)
class Figures:
    """A study's figures by region, industry and year.

    Attributes
    ----------
    study : whose they are
    regions, industries : (N,) leaf regions and (S,) industries that may move, sorted
    years : (T,) of any figure
    """

    study: Study
    regions: tuple[str, ...]
    industries: tuple[str, ...]
    years: tuple[int, ...]

    def series(self, table: str, column: str) -> Series:
        """Return a column of a table of figures."""
        return _series(self, table, column)

    def cells(self, table: str) -> Cells:
        """Return what the figures of a table are of."""
        region = np.arange(len(self.regions))
        if not FIGURES[table]:
            return Cells(region, np.full(region.size, -1))
        size = len(self.industries)
        return Cells(np.repeat(region, size), np.tile(np.arange(size), region.size))

    def chosen(self, table: str, chosen: Mapping[str, tuple[str, ...]]) -> Booleans:
        """(cells,) whether the cells of a table have the values chosen."""
        cells = self.cells(table)
        inside = np.ones(cells.region.size, dtype=np.bool_)
        for name, values in chosen.items():
            of_region = name in ("region", "macro_region")
            said = self._said("regions" if of_region else "industries", _COLUMN.get(name, name))
            wanted = np.array([value in values for value in said], dtype=np.bool_)
            inside &= wanted[cells.region if of_region else cells.industry]
        return inside

    def groups(self) -> list[str | None]:
        """(N,) macro-region of each region."""
        return self._said("regions", "macro_region")

    def in_force(self, table: str, chosen: Mapping[str, tuple[str, ...]]) -> Floats:
        """(T,) rows of a table of rules that are in force in each year, NaN without any row."""
        place, begins, ends = IN_FORCE[table]
        rows = self.study.tables[table]
        if rows.is_empty():
            return np.full(len(self.years), np.nan)
        for name, values in chosen.items():
            places = self.study.tables["regions"].filter(pl.col(name).is_in(list(values)))
            sites = self.study.tables["sites"].filter(
                pl.col("region").is_in(places["region"].implode())
            )
            within = [*places["region"], *sites["site"]]
            rows = rows.filter(pl.col(place).is_null() | pl.col(place).is_in(within))
        began, ended = rows[begins].to_numpy(), rows[ends].to_numpy()
        years = np.array(self.years)[:, None]
        late = (began > years) & ~np.isnan(began.astype(np.float64))
        over = (ended < years) & ~np.isnan(ended.astype(np.float64))
        return np.asarray((~late & ~over).sum(axis=1), dtype=np.float64)

    def _said(self, table: str, column: str) -> list[str | None]:
        """What a table says of each region or industry."""
        key, codes = (
            ("region", self.regions) if table == "regions" else ("industry", self.industries)
        )
        said = dict(self.study.tables[table].select(key, value=column).iter_rows())
        return [said.get(code) for code in codes]


_COLUMN = {"intensive": "class"}


def figures_of(study: Study) -> Figures:
    """Return the figures of a study; regions with others below them and parts of industries apart.

    Years are those of any row of a leaf region in a table of figures.
    """
    regions = leaf_regions(study.tables["regions"])
    industries = sorted(movable_industries(study.tables["industries"])["industry"])
    years: set[int] = set()
    for table in FIGURES:
        rows = study.tables[table]
        years |= set(rows.filter(pl.col("region").is_in(list(regions)))["year"])
    return Figures(study, tuple(regions), tuple(industries), tuple(sorted(years)))


def _series(figures: Figures, table: str, column: str) -> Series:
    rows = _rows(figures.study, table, column).drop_nulls("value")
    place = {code: at for at, code in enumerate(figures.regions)}
    kind = {code: at for at, code in enumerate(figures.industries)}
    year = {each: at for at, each in enumerate(figures.years)}
    rows = rows.with_columns(
        at_region=pl.col("region").replace_strict(place, default=None, return_dtype=pl.Int64),
        at_year=pl.col("year").replace_strict(year, default=None, return_dtype=pl.Int64),
        at_industry=pl.col("industry").replace_strict(kind, default=None, return_dtype=pl.Int64)
        if FIGURES[table]
        else pl.lit(0, pl.Int64),
    ).drop_nulls(["at_region", "at_year", "at_industry"])
    width = len(kind) if FIGURES[table] else 1
    cell = rows["at_region"].to_numpy() * width + rows["at_industry"].to_numpy()
    shape = (len(place) * width, len(year))
    values, status = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
    at = cell, rows["at_year"].to_numpy()
    values[at] = rows["value"].to_numpy()
    status[at] = rows["status"].replace_strict(_order(), return_dtype=pl.Int64).to_numpy()
    return Series(values, status)


def _rows(study: Study, table: str, column: str) -> pl.DataFrame:
    """Rows with the value of a column and its status."""
    if table == "indicators":
        rows = indicators_of(study).filter(indicator=column)
        value, status = "value", "status"
    else:
        rows = study.tables[table]
        value = column
        status = f"{column}_status" if f"{column}_status" in rows.columns else "status"
    keys = ["region", "year", *(["industry"] if FIGURES[table] else [])]
    return rows.select(*keys, value=value, status=given_status(status, study.about.synthetic))


@cache
def _order() -> dict[str, int]:
    return {status: at for at, status in enumerate(STATUSES)}
