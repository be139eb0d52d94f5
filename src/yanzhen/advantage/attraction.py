"""What each place offers each industry in one year, as the market weighs it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import technical_coefficients
from yanzhen.accounts.intensities import per_output
from yanzhen.accounts.panel import (
    Booleans,
    Floats,
    Panel,
    groups_of,
    national,
    positions,
    top_groups,
)
from yanzhen.accounts.study_table import has_table, national_table_of
from yanzhen.advantage.access import decayed, market_access, supplier_access
from yanzhen.advantage.cost import gdp_per_head, relative_cost
from yanzhen.advantage.factor_costs import FactorCosts, factor_costs
from yanzhen.advantage.relatedness import proximity, relatedness_density
from yanzhen.advantage.specialisation import location_quotient, presence
from yanzhen.study import Study
from yanzhen.study.distances import distances as between
from yanzhen.study.statuses import ESTIMATED, MISSING, WIDTH, Statuses, given_status

RESOURCE_OF = {"employment": "jobs", "energy": "energy", "emissions": "emissions"}
"""Resource of `intensities` that each column of `activity` holds."""


@dataclass(frozen=True)
class Attraction:
    """Advantage of N regions for S industries; NaN where the study cannot say.

    Attributes
    ----------
    output : (N, S) output of the base year, observed or estimated
    location_quotient : (N, S)
    relatedness_density : (N, S) in [0, 1]
    supplier_access, market_access : (N, S) shares of the nation's supply and sales within reach
    relative_cost : (N,) GDP per head over the nation's
    labour_share : (S,) labour cost over output if each job cost the nation's GDP per head
    jobs_per_output, energy_per_output, emissions_per_output : (N, S) in the study's units per
        money unit, the region's own where observed, otherwise the industry's
    own_emissions : (N, S) whether the region's own emissions were used
    emissions_status : (N, S) status of the region's own emissions, otherwise estimated
    costs : of labour, electricity and land, by the prices of factors
    distance : (N, N) km, NaN where the study knows no distance at all
    not_evaluated : term, needs; terms that are off and the table that would switch them on
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
    emissions_status: Statuses
    costs: FactorCosts
    distance: Floats
    not_evaluated: pl.DataFrame

    @property
    def labour_cost(self) -> Floats:
        """(N, S) labour cost over output: by wages where any are known, else by GDP per head."""
        if np.isfinite(self.costs.wages).any():
            return self.costs.wages
        return self.labour_share[None] * self.relative_cost[:, None]

    def of_regions(self, kept: Booleans) -> "Attraction":
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
            emissions_status=self.emissions_status[kept],
            costs=self.costs.of_regions(kept),
            distance=self.distance[np.ix_(kept, kept)],
        )


def attraction(study: Study, panel: Panel, output: Floats, access_decay: float) -> Attraction:
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
    per_head = gdp_per_head(study.tables["indicators"], panel.regions, year)
    population = _indicator(study, panel.regions, "population", year)
    gdp = _indicator(study, panel.regions, "gdp", year)
    cost = np.full(len(panel.regions), np.nan)
    labour = np.full(len(panel.industries), np.nan)
    jobs = _per_output(study, panel, "employment", output)
    jobs_of_industry = _usual(study, panel, "employment", output)
    if np.isfinite(per_head).all():
        cost = relative_cost(per_head, population)
        labour = jobs_of_industry * gdp.sum() / population.sum()
    costs = costs_of(study, panel, output)
    off += costs.not_evaluated.iter_rows()
    wages = np.isfinite(costs.wages).any() or "labour_cost" in costs.not_evaluated["term"]
    if not wages and not (np.isfinite(cost).all() and np.isfinite(labour).any()):
        off.append(("labour_cost", "indicators (gdp, population) and activity.employment"))
    suppliers, markets = _accessible(study, panel, output, distance, gdp)(access_decay)
    if np.isfinite(distance).all() and not np.isfinite(suppliers).any():
        off += [(term, "input_output") for term in ("supplier_access", "market_access")]
    own = _observed_ratio(study, panel, "emissions", output)
    return Attraction(
        output=output,
        location_quotient=quotient,
        relatedness_density=relatedness_density(present, proximity(present)),
        supplier_access=suppliers,
        market_access=markets,
        relative_cost=cost,
        labour_share=labour,
        jobs_per_output=jobs,
        energy_per_output=_per_output(study, panel, "energy", output),
        emissions_per_output=_per_output(study, panel, "emissions", output),
        own_emissions=np.isfinite(own),
        emissions_status=np.where(
            np.isfinite(own), _status_of(study, panel, "emissions"), ESTIMATED
        ).astype(WIDTH),
        costs=costs,
        distance=distance,
        not_evaluated=pl.DataFrame(
            off, schema={"term": pl.String, "needs": pl.String}, orient="row"
        ),
    )


def costs_of(study: Study, panel: Panel, output: Floats) -> FactorCosts:
    """Costs of factors of a panel's regions and industries in its last year.

    Parameters
    ----------
    output : (N, S) completed output of the last year
    """
    jobs, energy = (_usual(study, panel, name, output) for name in ("employment", "energy"))
    return factor_costs(study, panel, jobs, energy)


def attraction_by_decay(
    study: Study, panel: Panel, offered: Attraction
) -> Callable[[float], Attraction]:
    """The same advantage with another decay of access, as a function of that decay in km.

    Parameters
    ----------
    study, panel : as `offered` was measured from
    offered : advantage at some decay
    """
    gdp = _indicator(study, panel.regions, "gdp", panel.base_year)
    access = _accessible(study, panel, offered.output, offered.distance, gdp)

    def at(decay: float) -> Attraction:
        suppliers, markets = access(decay)
        return replace(offered, supplier_access=suppliers, market_access=markets)

    return at


def distances(study: Study, regions: tuple[str, ...]) -> Floats:
    """(N, N) km between regions, by the rule of `yanzhen.study.distances`."""
    return between(study.tables, regions).kilometres


def _indicator(study: Study, regions: tuple[str, ...], indicator: str, year: int) -> Floats:
    rows = study.tables["indicators"].filter(
        pl.col("indicator") == indicator, pl.col("year") == year
    )
    found = pl.DataFrame({"region": regions}).join(
        rows, on="region", how="left", maintain_order="left"
    )
    return found["value"].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _measure(study: Study, panel: Panel, measure: str) -> tuple[Floats, Floats]:
    """(N, S) and national (S,) figures of the last year, NaN where missing."""
    rows = study.tables["activity"].filter(
        pl.col("year") == panel.base_year,
        pl.col("industry").is_in(panel.industries),
        pl.col(measure).is_not_null(),
    )
    cells = rows.filter(pl.col("region").is_in(panel.regions))
    local = np.full((len(panel.regions), len(panel.industries)), np.nan)
    local[
        positions(cells["region"], panel.regions), positions(cells["industry"], panel.industries)
    ] = cells[measure].to_numpy()
    regions = study.tables["regions"]
    groups, member = groups_of(regions, panel.regions)
    above = rows.filter(pl.col("region").is_in(groups))
    totals = np.full((len(groups), len(panel.industries)), np.nan)
    totals[positions(above["region"], groups), positions(above["industry"], panel.industries)] = (
        above[measure].to_numpy()
    )
    return local, national(local, member, totals, top_groups(regions, groups))


def _status_of(study: Study, panel: Panel, measure: str) -> Statuses:
    """(N, S) status of a measure of the last year."""
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
    return status


def _observed_ratio(study: Study, panel: Panel, measure: str, output: Floats) -> Floats:
    """(N, S) measure per unit of output where both are observed."""
    local, _ = _measure(study, panel, measure)
    observed = np.where(np.isfinite(panel.output[:, :, -1]) & (output > 0), output, np.nan)
    return local / observed


def _industry_ratio(study: Study, panel: Panel, measure: str, output: Floats) -> Floats:
    """(S,) national measure per unit of national output, or over the cells that have both."""
    local, total = _measure(study, panel, measure)
    ratio = total / panel.totals[:, -1]
    both = np.isfinite(local) & np.isfinite(panel.output[:, :, -1])
    made = np.where(both, panel.output[:, :, -1], 0.0).sum(axis=0)
    over_cells = np.where(both, local, 0.0).sum(axis=0) / np.where(made > 0, made, np.nan)
    return np.where(np.isfinite(ratio), ratio, over_cells)


def _per_output(study: Study, panel: Panel, measure: str, output: Floats) -> Floats:
    """(N, S) measure per unit of output: the region's own, otherwise the industry's."""
    own = _observed_ratio(study, panel, measure, output)
    return np.where(np.isfinite(own), own, _usual(study, panel, measure, output)[None])


def _usual(study: Study, panel: Panel, measure: str, output: Floats) -> Floats:
    """(S,) measure of an industry per unit of output, otherwise as `intensities` says."""
    ratio = _industry_ratio(study, panel, measure, output)
    stated = per_output(study, RESOURCE_OF[measure], panel.industries)
    return np.where(np.isfinite(ratio), ratio, stated)


def _accessible(
    study: Study, panel: Panel, output: Floats, distance: Floats, gdp: Floats
) -> Callable[[float], tuple[Floats, Floats]]:
    """(N, S) supplier and market access as a function of the decay of access.

    Through the national input-output table. Suppliers and using industries are those of the panel;
    other sectors' purchases go with the final demand, by GDP (by output where GDP is missing).
    """
    if not has_table(study) or not np.isfinite(distance).all():
        nothing = np.full(output.shape, np.nan)
        return lambda decay: (nothing, nothing)
    national = national_table_of(study, panel.base_year, panel.industries)
    rows = np.array([national.sectors.index(code) for code in panel.industries])
    coefficients = technical_coefficients(national.domestic, national.output)[np.ix_(rows, rows)]
    sales = national.domestic[np.ix_(rows, rows)]
    exports = np.array([use == "exports" for use in national.final_uses])
    at_home = national.domestic[rows].sum(axis=1) + national.final_domestic[rows][:, ~exports].sum(
        axis=1
    )
    final = at_home - sales.sum(axis=1)
    size = gdp if np.isfinite(gdp).all() else np.nansum(output, axis=1)

    def access(decay: float) -> tuple[Floats, Floats]:
        weight = decayed(distance, decay)
        return (
            supplier_access(weight, output, coefficients),
            market_access(weight, output, sales, final, size),
        )

    return access
