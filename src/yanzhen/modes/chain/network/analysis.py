"""All that this room says about the chains of one study."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from yanzhen.accounts.input_output import Floats
from yanzhen.accounts.supply_gaps import GAPS
from yanzhen.advantage.opportunities import opportunities
from yanzhen.advantage.supply import supply
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.cleared_study import ClearedStudy, clear_study
from yanzhen.market.plan.balances import arriving, leaving
from yanzhen.market.plan.induced_services import SERVICES, induced_services
from yanzhen.market.problem.study_inputs import StudyInputs, study_inputs
from yanzhen.modes.chain.network import chain_map
from yanzhen.modes.chain.network.after_plan import CAPS, Guarded, Moves, guarded, moves_of
from yanzhen.modes.chain.network.cohorts import MEMBERS, PROPOSALS, SITES, Cohorts, Linkage, cohorts
from yanzhen.modes.chain.network.gaps import FILLERS, SOURCES, fillers, sources
from yanzhen.modes.chain.network.guard import BREACHES, Guard
from yanzhen.modes.chain.network.linkage import STRENGTH, linkage_of
from yanzhen.modes.chain.network.multiregional_flows import SupplyWeb, supply_web
from yanzhen.modes.chain.network.security import (
    CONCENTRATION,
    CRITICAL,
    EXPOSURE,
    Security,
    concentration_table,
    critical_table,
    exposure_table,
    security,
)
from yanzhen.modes.chain.network.supply_table import (
    WITHOUT_OUTPUT,
    SupplyTable,
    nearness,
    supply_table,
)
from yanzhen.study import Study, StudyError, require_checked
from yanzhen.study.distances import Distances, distances
from yanzhen.study.result_columns import NOT_EVALUATED
from yanzhen.study.short_repr import ShortRepr


@dataclass(frozen=True, repr=False)
class ChainAnalysis(ShortRepr):
    """The chains of a study's regions; amounts in the study's money a year, null is not known.

    Attributes
    ----------
    study : what it is about
    year, table_year : of the output and of the input-output table
    table_status : estimated where the table of the regions is not the study's own
    own_year : of the regions' own tables that their inputs rest on, None without such
    strength : γ of the cohorts
    industry : whose chain `chain` shows
    without_output : cells that are not known and count as nothing
    guarded : whether the user set a guard
    certificate : of the market that the state afterwards comes from; None without one
    """

    study: Study
    year: int
    table_year: int
    table_status: str
    own_year: int | None
    strength: float
    industry: str
    stages: Annotated[pl.DataFrame, chain_map.STAGES]
    regions: Annotated[pl.DataFrame, chain_map.REGIONS]
    links: Annotated[pl.DataFrame, chain_map.LINKS]
    flows: Annotated[pl.DataFrame, chain_map.FLOWS]
    chain: Annotated[pl.DataFrame, chain_map.CHAIN]
    gaps: Annotated[pl.DataFrame, GAPS]
    sources: Annotated[pl.DataFrame, SOURCES]
    fillers: Annotated[pl.DataFrame, FILLERS]
    concentration: Annotated[pl.DataFrame, CONCENTRATION]
    exposure: Annotated[pl.DataFrame, EXPOSURE]
    critical: Annotated[pl.DataFrame, CRITICAL]
    cohorts: Annotated[pl.DataFrame, PROPOSALS]
    cohort_members: Annotated[pl.DataFrame, MEMBERS]
    cohort_sites: Annotated[pl.DataFrame, SITES]
    services: Annotated[pl.DataFrame, SERVICES]
    broken: Annotated[pl.DataFrame, BREACHES]
    left: Annotated[pl.DataFrame, BREACHES]
    caps: Annotated[pl.DataFrame, CAPS]
    without_output: Annotated[pl.DataFrame, WITHOUT_OUTPUT]
    not_evaluated: Annotated[pl.DataFrame, NOT_EVALUATED]
    guarded: bool
    certificate: Certificate | None

    @property
    def guard_holds(self) -> bool:
        """Whether the plan, repaired or not, breaks nothing; without a plan no guard holds."""
        if self.guarded and self.certificate is None:
            return False
        return self.broken.is_empty() or (not self.caps.is_empty() and self.left.is_empty())


@dataclass(frozen=True)
class _Basis:
    """What every part of the analysis starts from."""

    inputs: StudyInputs
    table: SupplyTable
    web: SupplyWeb
    between: Distances
    nearness: Floats


@dataclass(frozen=True)
class _Planned:
    """What comes of the plan."""

    guarded: Guarded
    moves: Moves
    cohorts: Cohorts
    services: Annotated[pl.DataFrame, SERVICES]


def chain_analysis(
    study: Study,
    industry: str | None = None,
    guard: Guard | None = None,
    repair: bool = False,
    strength: float = STRENGTH,
    plan: ClearedStudy | None = None,
) -> ChainAnalysis:
    """Analyse the chains of a study before and after its plan.

    Matrix products run on one thread: their rounding depends on how many share the work.

    Parameters
    ----------
    industry : whose chain is followed through all stages and whose enterprises lead cohorts; the
        largest by output, and all leads, without it
    guard : limits that the plan may not break
    repair : whether a plan that breaks them is cleared again under caps
    strength : γ, margin gained when everything that an industry buys from and sells to others in
        the panel is at its site
    plan : the study's market where it has been cleared already

    Raises
    ------
    StudyError
        When the study has no input-output table or no output of manufacturing by region.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear the market were not found.
    """
    study = require_checked(study)
    with threadpool_limits(limits=1, user_api="blas"):
        return _analysis(study, industry, guard or Guard(), repair, strength, plan)


def require_accounts(inputs: StudyInputs) -> None:
    """Refuse a study whose chains cannot be analysed.

    Raises
    ------
    StudyError
        As `chain_analysis` does.
    """
    _basis(inputs)


def _analysis(
    study: Study,
    industry: str | None,
    guard: Guard,
    repair: bool,
    strength: float,
    plan: ClearedStudy | None,
) -> ChainAnalysis:
    basis = _basis(study_inputs(study))
    web, panel = basis.web, basis.inputs.panel
    before = security(web)
    planned, off = _planned(basis, before, guard, repair, strength, industry, plan)
    after = None if planned is None else planned.guarded.security
    web_after = None if planned is None else planned.guarded.web
    stages = chain_map.stages(basis.table.nation)
    followed = industry or web.sectors[int(web.output.sum(axis=0).argmax())]
    gaps = supply(
        study,
        panel,
        basis.inputs.advantage.output,
        basis.inputs.advantage.distance,
        basis.inputs.values["access_decay"],
    )
    known = gaps.gaps
    empty = Cohorts(PROPOSALS.frame(), MEMBERS.frame(), SITES.frame())
    formed = empty if planned is None else planned.cohorts
    if not basis.between.known:
        off.append(("distance", "regions.longitude, regions.latitude, distances"))
    return ChainAnalysis(
        study=study,
        year=panel.base_year,
        table_year=basis.table.table.year,
        table_status=basis.table.table.status,
        own_year=basis.table.own_year,
        strength=strength,
        industry=followed,
        stages=stages,
        regions=_regions(basis, stages),
        links=chain_map.links(web, basis.between.kilometres),
        flows=chain_map.flows(web, basis.between.kilometres),
        chain=chain_map.chain_of(web, followed),
        gaps=known,
        sources=_sources(basis, known),
        fillers=_fillers(basis, known, planned),
        concentration=concentration_table(web, before, web_after, after),
        exposure=exposure_table(web, before, after),
        critical=critical_table(web, before, after),
        cohorts=formed.proposals,
        cohort_members=formed.members,
        cohort_sites=formed.sites,
        services=SERVICES.frame() if planned is None else planned.services,
        broken=BREACHES.frame() if planned is None else planned.guarded.broken,
        left=BREACHES.frame() if planned is None else planned.guarded.left,
        caps=CAPS.frame() if planned is None else planned.guarded.caps,
        without_output=basis.table.without_output,
        not_evaluated=pl.concat([gaps.not_evaluated, NOT_EVALUATED.frame(off)]),
        guarded=not guard.limits_nothing,
        certificate=(None if planned is None else planned.guarded.cleared.clearing.certificate),
    )


def _basis(inputs: StudyInputs) -> _Basis:
    study, advantage, decay = inputs.study, inputs.advantage, inputs.values["access_decay"]
    table = supply_table(study, inputs.panel, advantage.output, advantage.distance, decay)
    web = supply_web(table.table)
    between = distances(study.tables, web.regions)
    return _Basis(inputs, table, web, between, nearness(between.kilometres, decay))


def _planned(
    basis: _Basis,
    before: Security,
    guard: Guard,
    repair: bool,
    strength: float,
    industry: str | None,
    plan: ClearedStudy | None,
) -> tuple[_Planned | None, list[tuple[str, str]]]:
    """What comes of the plan; None, with what is lacking, where the study has no market."""
    study, panel, web = basis.inputs.study, basis.inputs.panel, basis.web
    strange = sorted(set(panel.regions) - set(web.regions)) or sorted(
        set(panel.industries) - set(web.sectors)
    )
    if strange:
        return None, [("plan", f"input_output ({', '.join(strange[:5])})")]
    try:
        plan = plan or clear_study(basis.inputs)
    except StudyError as lacking:
        needs = {
            f"{one.table}.{one.column}" if one.column else one.table for one in lacking.problems
        }
        return None, [("plan", ", ".join(sorted(needs)))]
    kept = guarded(guard, repair, plan, web, before, _observed(basis), basis.nearness)
    at = kept.cleared
    gone, come = (of(at.formulation, at.clearing) for of in (leaving, arriving))
    return (
        _Planned(
            kept,
            moves_of(kept.cleared, web),
            cohorts(at_constants(plan), _linkage(basis, plan, strength), industry),
            induced_services(study, gone, come, panel.base_year),
        ),
        [],
    )


def _observed(basis: _Basis) -> Floats:
    """(S,) completed output of the web's sectors."""
    inputs = basis.inputs
    made = np.nansum(inputs.advantage.output, axis=0)
    total = dict(zip(inputs.panel.industries, made, strict=True))
    return np.array([total.get(sector, 0.0) for sector in basis.web.sectors])


def _linkage(basis: _Basis, plan: ClearedStudy, strength: float) -> Linkage:
    sites = plan.formulation.room.sites["region"].to_list()
    return linkage_of(basis.table, basis.web, basis.inputs.panel.industries, sites, strength)


def _regions(basis: _Basis, stages: pl.DataFrame) -> pl.DataFrame:
    position = dict(stages.select("industry", "upstreamness").iter_rows())
    upstreamness = np.array([position[sector] for sector in basis.web.sectors])
    macro = basis.inputs.study.tables["regions"].select("region", "macro_region")
    found = chain_map.reach(basis.web, basis.between.kilometres, upstreamness)
    rest = [name for name in found.columns if name != "region"]
    return found.join(macro, on="region", how="left", maintain_order="left").select(
        "region", "macro_region", *rest
    )


def _sources(basis: _Basis, known: pl.DataFrame) -> pl.DataFrame:
    panel = basis.inputs.panel
    need = np.full(basis.inputs.advantage.output.shape, np.nan)
    rows = [panel.regions.index(region) for region in known["region"]]
    columns = [panel.industries.index(code) for code in known["input"]]
    need[rows, columns] = known["need"].to_numpy()
    return sources(
        panel.regions,
        panel.industries,
        need,
        basis.inputs.advantage.output,
        basis.inputs.advantage.distance,
    )


def _fillers(basis: _Basis, known: pl.DataFrame, planned: _Planned | None) -> pl.DataFrame:
    panel, advantage, web = basis.inputs.panel, basis.inputs.advantage, basis.web
    open_to = opportunities(
        panel.regions,
        panel.industries,
        advantage.location_quotient,
        {
            "relatedness": advantage.relatedness_density,
            "supplier_access": advantage.supplier_access,
            "market_access": advantage.market_access,
            "cost": np.broadcast_to(advantage.relative_cost[:, None], advantage.output.shape),
        },
        against={"cost"},
    )
    r, i = np.indices(web.output.shape)
    arriving = pl.DataFrame(
        {
            "region": np.array(web.regions, dtype=object)[r.ravel()].tolist(),
            "industry": np.array(web.sectors, dtype=object)[i.ravel()].tolist(),
        }
    ).with_columns(
        arrivals=pl.lit(None, pl.Float64)
        if planned is None
        else pl.Series(planned.moves.arrivals.ravel())
    )
    listed = (
        basis.inputs.study.tables["enterprises"]
        .group_by("industry", maintain_order=True)
        .agg(
            enterprises=pl.col("count").sum(),
            output=(pl.col("output") * pl.col("count")).sum(),
        )
    )
    return fillers(known, open_to, arriving, listed)
