"""What each place offers each industry in one year, as the market weighs it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.indicators import gdp_per_head, indicator_of, indicators_of
from yanzhen.accounts.input_output import technical_coefficients
from yanzhen.accounts.intensities import per_money, per_size, stated_intensity
from yanzhen.accounts.panel import (
    Booleans,
    Floats,
    Panel,
    groups_of,
    national,
    positions,
    top_groups,
)
from yanzhen.accounts.regional_inputs import regional_inputs
from yanzhen.accounts.study_table import has_table, national_table_of
from yanzhen.advantage.access import decayed, market_access, supplier_access
from yanzhen.advantage.cost import relative_cost
from yanzhen.advantage.factor_costs import FactorCosts, factor_costs
from yanzhen.advantage.relatedness import proximity, relatedness_density
from yanzhen.advantage.specialisation import location_quotient, presence
from yanzhen.study import Study
from yanzhen.study.distances import distances as between
from yanzhen.study.result_columns import NOT_EVALUATED
from yanzhen.study.statuses import ESTIMATED, MISSING, WIDTH, Statuses, given_status
from yanzhen.study.units import factor

RESOURCE_OF = {"employment": "jobs", "energy": "energy", "emissions": "emissions"}
"""Resource of `intensities` that each column of `activity` holds."""


@dataclass(frozen=True)
class LocationalAdvantage:
    """Advantage of N regions for S industries; NaN where the study cannot say.

    Attributes
    ----------
    output : (N, S) output, or another measure of size, of the base year, observed or estimated
    location_quotient : (N, S)
    relatedness_density : (N, S) in [0, 1]
    supplier_access, market_access : (N, S) shares of the nation's supply and sales within reach
    relative_cost : (N,) GDP per head over the nation's
    labour_share : (S,) labour cost over output if each job cost the nation's GDP per head
    jobs_per_output, energy_per_output, emissions_per_output : (N, S) in the study's units per
        unit of size, the region's own where observed, otherwise the industry's
    own_emissions : (N, S) whether the region's own emissions were used
    jobs_status, emissions_status : (N, S) status of the region's own jobs and emissions, otherwise
        estimated
    costs : of labour, electricity and land, by the prices of factors
    distance : (N, N) km, NaN where the study knows no distance at all
    """

    output: Floats
    location_quotient: Floats
    relatedness_density: Floats
    supplier_access: Floats
    market_access: Floats
    relative_cost: Floats
    labour_share: Floats
    jobs_per_output: Floats
    energy_per_output: Floats
    emissions_per_output: Floats
    own_emissions: Booleans
    jobs_status: Statuses
    emissions_status: Statuses
    costs: FactorCosts
    distance: Floats
    not_evaluated: Annotated[pl.DataFrame, NOT_EVALUATED]

    @property
    def labour_cost(self) -> Floats:
        """(N, S) labour cost over output: by wages where any are known, else by GDP per head."""
        if np.isfinite(self.costs.wages).any():
            return self.costs.wages
        return self.labour_share[None] * self.relative_cost[:, None]

    def of_regions(self, kept: Booleans) -> "LocationalAdvantage":
        """The same measures of some of the regions, (N,) True for those to keep."""
        return replace(
            self,
            output=self.output[kept],
            location_quotient=self.location_quotient[kept],
            relatedness_density=self.relatedness_density[kept],
            supplier_access=self.supplier_access[kept],
            market_access=self.market_access[kept],
            relative_cost=self.relative_cost[kept],
            jobs_per_output=self.jobs_per_output[kept],
            energy_per_output=self.energy_per_output[kept],
            emissions_per_output=self.emissions_per_output[kept],
            own_emissions=self.own_emissions[kept],
            jobs_status=self.jobs_status[kept],
            emissions_status=self.emissions_status[kept],
            costs=self.costs.of_regions(kept),
            distance=self.distance[np.ix_(kept, kept)],
        )


# Kept whole: a line for each part of the advantage, in the order in which one rests on another.
def locational_advantage(
    study: Study, panel: Panel, output: Floats, access_decay: float
) -> LocationalAdvantage:
    """Measure the advantage of every region of a panel in its last year.

    Parameters
    ----------
    study : for regions, activity, input_output, indicators and distances
    panel : labels of regions and industries
    output : (N, S) completed output of the last year
    access_decay : km over which access falls by the factor e
    """
    year = panel.base_year
    off: list[tuple[str, str]] = []
    quotient = location_quotient(output)
    present = presence(quotient)
    distance = distances(study, panel.regions)
    if not np.isfinite(distance).all():
        off += [
            (term, "regions.longitude, regions.latitude or distances")
            for term in ("distance", "supplier_access", "market_access")
        ]
    known = indicators_of(study)
    per_head = gdp_per_head(known, panel.regions, year)
    population = indicator_of(known, "population", panel.regions, year)
    gdp = indicator_of(known, "gdp", panel.regions, year)
    cost = np.full(len(panel.regions), np.nan)
    labour = np.full(len(panel.industries), np.nan)
    uses = _uses(study, panel, output)
    jobs, energy, emissions = (uses[name] for name in RESOURCE_OF)
    if np.isfinite(per_head).all():
        cost = relative_cost(per_head, population)
        labour = jobs.per_money * gdp.sum() / population.sum()
    costs = factor_costs(study, panel, *_cost_needs(study, panel, uses))
    off += costs.not_evaluated.iter_rows()
    wages = np.isfinite(costs.wages).any() or "labour_cost" in costs.not_evaluated["term"]
    if not wages and not (np.isfinite(cost).all() and np.isfinite(labour).any()):
        jobs_from = "activity.employment"
        if not study.about.measured_by.is_money:
            jobs_from = "intensities (jobs)"
        off.append(("labour_cost", f"indicators (gdp, population) and {jobs_from}"))
    suppliers, markets = _accessible(study, panel, output, distance, gdp)(access_decay)
    if np.isfinite(distance).all() and not np.isfinite(suppliers).any():
        off += [(term, "input_output") for term in ("supplier_access", "market_access")]
    return LocationalAdvantage(
        output=output,
        location_quotient=quotient,
        relatedness_density=relatedness_density(present, proximity(present)),
        supplier_access=suppliers,
        market_access=markets,
        relative_cost=cost,
        labour_share=labour,
        jobs_per_output=jobs.each,
        energy_per_output=energy.each,
        emissions_per_output=emissions.each,
        own_emissions=np.isfinite(emissions.own),
        jobs_status=_status_of(study, panel, "employment", jobs),
        emissions_status=_status_of(study, panel, "emissions", emissions),
        costs=costs,
        distance=distance,
        not_evaluated=NOT_EVALUATED.frame(off),
    )


def costs_of(study: Study, panel: Panel, output: Floats) -> FactorCosts:
    """Costs of factors of a panel's regions and industries in its last year.

    Parameters
    ----------
    output : (N, S) completed output of the last year
    """
    uses = _uses(study, panel, output)
    return factor_costs(study, panel, *_cost_needs(study, panel, uses))


def _cost_needs(study: Study, panel: Panel, uses: dict[str, "_Use"]) -> tuple[Floats, Floats]:
    """(S,) persons and gigajoules that an industry uses per unit of the currency."""
    if not study.about.measured_by.is_money:
        jobs, energy = (
            stated_intensity(study, resource, panel.industries, panel.base_year)
            for resource in ("jobs", "energy")
        )
        return jobs, energy
    units = study.about.units
    return (
        uses["employment"].usual * factor(units.persons) / factor(units.money),
        uses["energy"].usual * factor(units.energy) / factor(units.money),
    )


def locational_advantage_by_decay(
    study: Study, panel: Panel, offered: LocationalAdvantage
) -> Callable[[float], LocationalAdvantage]:
    """The same advantage with another decay of access, as a function of that decay in km.

    Parameters
    ----------
    study, panel : as `offered` was measured from
    offered : advantage at some decay
    """
    gdp = indicator_of(indicators_of(study), "gdp", panel.regions, panel.base_year)
    access = _accessible(study, panel, offered.output, offered.distance, gdp)

    def at(decay: float) -> LocationalAdvantage:
        suppliers, markets = access(decay)
        return replace(offered, supplier_access=suppliers, market_access=markets)

    return at


def with_markets(
    study: Study,
    panel: Panel,
    offered: LocationalAdvantage,
    output: Floats,
    gdp: Floats,
    access_decay: float,
) -> LocationalAdvantage:
    """The same advantage with access to suppliers and markets that have become others.

    Parameters
    ----------
    output : (N, S) of suppliers and using industries, NaN where not known
    gdp : (N,) weight of final markets
    access_decay : km over which access falls by the factor e
    """
    access = _accessible(study, panel, output, offered.distance, gdp)
    suppliers, markets = access(access_decay)
    return replace(offered, supplier_access=suppliers, market_access=markets)


def distances(study: Study, regions: tuple[str, ...]) -> Floats:
    """(N, N) km between regions, by the rule of `yanzhen.study.distances`."""
    return between(study.tables, regions).kilometres


@dataclass(frozen=True)
class _Use:
    """What a unit of size uses of a resource; NaN where not known.

    Attributes
    ----------
    own : (N, S) of a region's industry, where it and its size are observed
    usual : (S,) of the nation's industry, otherwise of the cells that have both, otherwise as
        `intensities` says
    per_money : (S,) what a unit of money of output uses: as `usual` where sizes are output,
        otherwise as `intensities` says
    """

    own: Floats
    usual: Floats
    per_money: Floats

    @property
    def each(self) -> Floats:
        """(N, S) the region's own, otherwise the industry's."""
        return np.where(np.isfinite(self.own), self.own, self.usual[None])


def _uses(study: Study, panel: Panel, output: Floats) -> dict[str, _Use]:
    """Use of each resource of `activity` in the last year, by its column."""
    made = panel.output[:, :, -1]
    known = np.isfinite(made)
    measured = np.where(known & (output > 0), output, np.nan)
    uses = {}
    for (name, resource), local, total in zip(
        RESOURCE_OF.items(), *_figures(study, panel), strict=True
    ):
        both = np.isfinite(local) & known
        of_both = np.where(both, made, 0.0).sum(axis=0)
        over_cells = np.where(both, local, 0.0).sum(axis=0) / np.where(of_both > 0, of_both, np.nan)
        ratio = total / panel.totals[:, -1]
        ratio = np.where(np.isfinite(ratio), ratio, over_cells)
        stated = per_size(study, resource, panel.industries, panel.base_year)
        usual = np.where(np.isfinite(ratio), ratio, stated)
        money = usual
        if not study.about.measured_by.is_money:
            money = per_money(study, resource, panel.industries, panel.base_year)
        uses[name] = _Use(local / measured, usual, money)
    return uses


def _figures(study: Study, panel: Panel) -> tuple[Floats, list[Floats]]:
    """(M, N, S) and national (S,) figures of the M columns of `RESOURCE_OF` in the last year."""
    regions = study.tables["regions"]
    groups, member = groups_of(regions, panel.regions)
    places = (*panel.regions, *groups)
    rows = study.tables["activity"].filter(
        pl.col("year") == panel.base_year,
        pl.col("industry").is_in(panel.industries),
        pl.col("region").is_in(places),
    )
    figures = np.full((len(RESOURCE_OF), len(places), len(panel.industries)), np.nan)
    at = positions(rows["region"], places), positions(rows["industry"], panel.industries)
    figures[:, *at] = rows.select(*RESOURCE_OF).to_numpy().T
    local, totals = np.split(figures, [len(panel.regions)], axis=1)
    tops = top_groups(regions, groups)
    return local, [
        national(of_regions, member, of_groups, tops)
        for of_regions, of_groups in zip(local, totals, strict=True)
    ]


def _status_of(study: Study, panel: Panel, measure: str, use: "_Use") -> Statuses:
    """(N, S) status of the regions' own figures of the last year; what stands in is estimated."""
    cells = study.tables["activity"].filter(
        pl.col("year") == panel.base_year,
        pl.col("industry").is_in(panel.industries),
        pl.col("region").is_in(panel.regions),
        pl.col(measure).is_not_null(),
    )
    status = np.full((len(panel.regions), len(panel.industries)), MISSING, dtype=WIDTH)
    status[
        positions(cells["region"], panel.regions), positions(cells["industry"], panel.industries)
    ] = cells.select(given_status(f"{measure}_status", study.about.synthetic)).to_series()
    return np.where(np.isfinite(use.own), status, ESTIMATED).astype(WIDTH)


def _accessible(
    study: Study, panel: Panel, output: Floats, distance: Floats, gdp: Floats
) -> Callable[[float], tuple[Floats, Floats]]:
    """(N, S) supplier and market access as a function of the decay of access.

    Through the national input-output table, with regions' inputs by their own tables where they
    have some (`accounts.regional_inputs`). Suppliers and using industries are those of the panel;
    other sectors' purchases go with the final demand, by GDP (by output where GDP is missing).
    """
    if not has_table(study) or not np.isfinite(distance).all():
        nothing = np.full(output.shape, np.nan)
        return lambda decay: (nothing, nothing)
    national = national_table_of(study, panel.base_year, panel.industries)
    rows = np.array([national.sectors.index(code) for code in panel.industries])
    coefficients = technical_coefficients(national.domestic, national.output)[np.ix_(rows, rows)]
    sales = national.domestic[np.ix_(rows, rows)]
    own = regional_inputs(study, panel, output, national)
    of_region = None
    if own is not None:
        bought = national.intermediate[np.ix_(rows, rows)]
        home = np.divide(sales, bought, out=np.zeros_like(sales), where=bought > 0)
        of_region = own.products * home
    exports = np.array([use == "exports" for use in national.final_uses])
    at_home = national.domestic[rows].sum(axis=1) + national.final_domestic[rows][:, ~exports].sum(
        axis=1
    )
    final = at_home - sales.sum(axis=1)
    size = gdp if np.isfinite(gdp).all() else np.nansum(output, axis=1)

    def access(decay: float) -> tuple[Floats, Floats]:
        weight = decayed(distance, decay)
        return (
            supplier_access(weight, output, coefficients if of_region is None else of_region),
            market_access(weight, output, sales, final, size, of_region),
        )

    return access
