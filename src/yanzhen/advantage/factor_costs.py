"""What labour, electricity and land cost an industry in each region, by the prices of factors."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.accounts.intensities import land_per_output, stated_intensity
from yanzhen.accounts.panel import Booleans, Floats, Panel
from yanzhen.accounts.study_table import nearest_year
from yanzhen.study import Study
from yanzhen.study.coverage import regions_above
from yanzhen.study.factor_units import ELECTRICITY, LAND, WAGE, factor_of, price_factor
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
    without_price : factor, region; where its price is not known though that of others is
    not_evaluated : term, needs; of factors with prices and no known needs
    """

    wages: Floats
    electricity: Floats
    rent: Floats
    land: Floats
    without_price: pl.DataFrame
    not_evaluated: pl.DataFrame

    def of_regions(self, kept: Booleans) -> "FactorCosts":
        """The same costs of some of the regions, (N,) True for those to keep."""
        return FactorCosts(
            self.wages[kept],
            self.electricity[kept],
            self.rent[kept],
            self.land[kept],
            self.without_price,
            self.not_evaluated,
        )


def factor_costs(study: Study, panel: Panel, jobs: Floats, energy: Floats) -> FactorCosts:
    """Cost of each factor in a region times what an industry uses of it per unit of output.

    Where `resources` asks a price for land, that is what land costs, and prices of land in
    `factor_prices` are not added to it.

    Parameters
    ----------
    jobs, energy : (S,) of each industry per unit of output, in the study's units
    """
    units = study.about.units
    electricity = stated_intensity(study, "electricity", panel.industries)
    if units.energy in ELECTRIC_UNITS:
        used = energy * factor(units.energy) / factor(units.money)
        electricity = np.where(np.isfinite(electricity), electricity, used)
    needs = {
        WAGE: jobs * factor(units.persons) / factor(units.money),
        ELECTRICITY: electricity,
        LAND: land_per_output(study, panel.industries) * factor(units.area) / factor(units.money),
    }
    costs: dict[tuple[str, bool], Floats] = {}
    without: list[tuple[str, str]] = []
    off: list[tuple[str, str]] = []
    for name, need in needs.items():
        prices = _prices(study, panel, name)
        for yearly, price in prices.items():
            costs[name, yearly] = price[:, None] * need[None]
        priced = np.isfinite(prices[True]) | np.isfinite(prices[False])
        if priced.any() and not priced.all():
            without += [(name, panel.regions[n]) for n in np.flatnonzero(~priced)]
        if priced.any() and not np.isfinite(need).any():
            off.append((TERM_OF[name], NEEDS_OF[name]))
    return FactorCosts(
        costs[WAGE, True],
        costs[ELECTRICITY, True],
        costs[LAND, True],
        costs[LAND, False],
        pl.DataFrame(without, schema={"factor": pl.String, "region": pl.String}, orient="row"),
        pl.DataFrame(off, schema={"term": pl.String, "needs": pl.String}, orient="row"),
    )


def has_prices(study: Study, name: str) -> bool:
    """Whether the study has any price of a factor."""
    priced = study.tables["factor_prices"].drop_nulls("price")["factor"].unique()
    return any(factor_of(each) == name for each in priced)


def land_is_priced(study: Study) -> bool:
    """Whether `resources` asks a price for land anywhere."""
    asked = study.tables["resources"].filter(pl.col("resource").cast(pl.String) == "land")
    return bool((asked["posted_price"].fill_null(0.0) > 0).any())


def _prices(study: Study, panel: Panel, name: str) -> dict[bool, Floats]:
    """(N,) prices of a factor in the nearest year, paid each year (True) or once.

    In the currency per base unit of the factor. A region without one has that of the nearest region
    above it that has, otherwise NaN.
    """
    rows = [
        row
        for row in study.tables["factor_prices"].iter_rows(named=True)
        if row["price"] is not None and factor_of(row["factor"]) == name
    ]
    prices: dict[bool, dict[str, float]] = {True: {}, False: {}}
    if rows and not (name == LAND and land_is_priced(study)):
        year = nearest_year((row["year"] for row in rows), panel.base_year)
        for row in rows:
            size = price_factor(name, row["unit"], study.about.currency)
            if row["year"] == year and size is not None:
                prices[size[1]][row["place"]] = row["price"] * size[0]
    above = regions_above(study.tables["regions"])
    lines = [(region, *above.get(region, ())) for region in panel.regions]
    return {
        yearly: np.array([next((of[x] for x in line if x in of), np.nan) for line in lines])
        for yearly, of in prices.items()
    }
