"""What labour, electricity and land cost an industry in each region, by the prices of factors."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.intensities import land_per_output, stated_intensity
from yanzhen.accounts.panel import Booleans, Floats, Panel
from yanzhen.accounts.years import nearest_year
from yanzhen.study import Study
from yanzhen.study.coverage import regions_above
from yanzhen.study.factor_units import ELECTRICITY, LAND, WAGE, factor_of, price_factor
from yanzhen.study.result_columns import NOT_EVALUATED
from yanzhen.study.units import factor

ELECTRIC_UNITS = ("MWh", "GWh")
"""Units of energy in which a study's energy is taken for electricity."""
TERM_OF = {WAGE: "labour_cost", ELECTRICITY: "electricity_cost", LAND: "land_cost"}
NEEDS_OF = {
    WAGE: "activity.employment or intensities (jobs)",
    ELECTRICITY: "intensities (electricity)",
    LAND: "enterprises.land or intensities (land)",
}


@dataclass(frozen=True)
class FactorCosts:
    """Costs as shares of output; NaN where the price or the industry's need is not known.

    Attributes
    ----------
    wages, electricity : (N, S) a year
    rent : (N, S) of land, a year
    land : (N, S) of land, paid once
    not_evaluated : of factors with prices and no known needs
    """

    wages: Floats
    electricity: Floats
    rent: Floats
    land: Floats
    not_evaluated: Annotated[pl.DataFrame, NOT_EVALUATED]

    def of_regions(self, kept: Booleans) -> "FactorCosts":
        """The same costs of some of the regions, (N,) True for those to keep."""
        return FactorCosts(
            self.wages[kept],
            self.electricity[kept],
            self.rent[kept],
            self.land[kept],
            self.not_evaluated,
        )


def factor_costs(study: Study, panel: Panel, jobs: Floats, energy: Floats) -> FactorCosts:
    """Cost of each factor in a region times what an industry uses of it per unit of output.

    Where `resources` asks a price for land, that is what land costs, and prices of land in
    `factor_prices` are not added to it.

    Parameters
    ----------
    jobs, energy : (S,) persons and gigajoules of each industry per unit of the currency
    """
    units = study.about.units
    electricity = stated_intensity(study, "electricity", panel.industries, panel.base_year)
    if units.energy in ELECTRIC_UNITS:
        electricity = np.where(np.isfinite(electricity), electricity, energy)
    needs = {
        WAGE: jobs,
        ELECTRICITY: electricity,
        LAND: _land(study, panel),
    }
    costs: dict[tuple[str, bool], Floats] = {}
    off: list[tuple[str, str]] = []
    for name, need in needs.items():
        found = _priced(study, panel, name)
        for yearly in (True, False):
            price = np.array(
                [np.nan if each is None else each.yearly if yearly else each.once for each in found]
            )
            costs[name, yearly] = price[:, None] * need[None]
        if any(found) and not np.isfinite(need).any():
            off.append((TERM_OF[name], NEEDS_OF[name]))
    return FactorCosts(
        costs[WAGE, True],
        costs[ELECTRICITY, True],
        costs[LAND, True],
        costs[LAND, False],
        NOT_EVALUATED.frame(off),
    )


def _land(study: Study, panel: Panel) -> Floats:
    """(S,) square metres per unit of the currency; only as stated where sizes are no money."""
    if not study.about.measured_by.is_money:
        return stated_intensity(study, "land", panel.industries, panel.base_year)
    units = study.about.units
    per_money = land_per_output(study, panel.industries, panel.base_year)
    return per_money * factor(units.area) / factor(units.money)


def has_prices(study: Study, name: str) -> bool:
    """Whether the study has any price of a factor."""
    priced = study.tables["factor_prices"].drop_nulls("price")["factor"].unique()
    return any(factor_of(each) == name for each in priced)


def land_is_priced(study: Study) -> bool:
    """Whether `resources` asks a price for land anywhere."""
    asked = study.tables["resources"].filter(pl.col("resource").cast(pl.String) == "land")
    return bool((asked["posted_price"].fill_null(0.0) > 0).any())


def regions_by_price(study: Study, panel: Panel) -> pl.DataFrame:
    """Which year's price of each factor counts in a region; factor, region, year.

    The year is null where a region has none though others have. A factor without any price is not
    in it, nor are prices of land where `resources` asks them.
    """
    rows = []
    for name in TERM_OF:
        found = _priced(study, panel, name)
        if any(found):
            rows += [
                (name, region, None if price is None else price.year)
                for region, price in zip(panel.regions, found, strict=True)
            ]
    schema = {"factor": pl.String, "region": pl.String, "year": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


@dataclass(frozen=True)
class _Price:
    """Prices of a factor at a place in one year, in the currency per base unit of the factor."""

    year: int
    yearly: float
    once: float


def _priced(study: Study, panel: Panel, name: str) -> list[_Price | None]:
    """(N,) prices of a factor: each place's of the year nearest to the base year.

    A region without one has that of the nearest region above it that has, otherwise none.
    """
    if name == LAND and land_is_priced(study):
        return [None] * len(panel.regions)
    of_place: dict[str, dict[int, dict[bool, float]]] = {}
    for row in study.tables["factor_prices"].iter_rows(named=True):
        if row["price"] is None or factor_of(row["factor"]) != name:
            continue
        size = price_factor(name, row["unit"], study.about.currency)
        if size is not None:
            years = of_place.setdefault(row["place"], {})
            years.setdefault(row["year"], {})[size[1]] = row["price"] * size[0]
    prices = {
        place: _Price(year, years[year].get(True, np.nan), years[year].get(False, np.nan))
        for place, years in of_place.items()
        for year in (nearest_year(years, panel.base_year),)
    }
    above = regions_above(study.tables["regions"])
    return [
        next((prices[each] for each in (region, *above.get(region, ())) if each in prices), None)
        for region in panel.regions
    ]
