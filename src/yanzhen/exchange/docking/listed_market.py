"""The market of what is listed: listed projects choose among listed sites, or stay.

Payoffs are those of the study's plan (`yanzhen.market.problem.formulation`), by the same terms and
parameters. A project carries no calibrated inertia: who lists it looks for a place. Room is what
sites list, all of it; limits of the study for whole regions are not in force, for they are of all
that moves, its policies are.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.intensities import land_per_output
from yanzhen.accounts.panel import Floats, positions
from yanzhen.exchange.docking.offers import LEFT_OUT, Offers, with_offers
from yanzhen.market.problem.blocks import with_own_need
from yanzhen.market.problem.capacity import SiteCapacity, site_room
from yanzhen.market.problem.formulation import findings_industries
from yanzhen.market.problem.gates import gates, refusals
from yanzhen.market.problem.market import Market, SummedPayoffs
from yanzhen.market.problem.payoff_terms import kilometres_to, move_terms_of, place_terms_of
from yanzhen.market.problem.policies import (
    MEASURE,
    limited_room,
    payments,
    policies_in_force,
)
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import Study
from yanzhen.study.tables.enterprises import RESOURCES

PER_OUTPUT = ("land", "jobs", "energy", "emissions")
MEASURED = 0.5
"""Share of the listed projects whose need of a resource has to be known for its room to count."""
Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class Terrain:
    """What every listed project meets at every listed site.

    Attributes
    ----------
    regions, industries : in the order of the arrays
    room : listed sites and their room
    place_terms : (6, N, S) as in `Formulation`
    move_terms : (3, N, J)
    kilometres : (N, J)
    refused : industry, site, listing, rule
    unevaluated : industry, site, rule, requirement: gates that the study has no figure for
    at_site : (J, P) of payments
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    room: SiteCapacity
    place_terms: Floats
    move_terms: Floats
    kilometres: Floats
    refused: pl.DataFrame
    unevaluated: pl.DataFrame
    at_site: Floats


@dataclass(frozen=True)
class ListedBlocks:
    """Projects as blocks of a market.

    Attributes
    ----------
    frame : project, industry, origin, output, and of each resource need per unit of output
    origin, industry : (I,) as in the terrain
    needs : (I, R) per unit of output
    paid : (I, P) of payments
    left_out : projects of which a need is not known that the market prices, as `LEFT_OUT`
    """

    frame: pl.DataFrame
    origin: NDArray[np.int64]
    industry: NDArray[np.int64]
    needs: Floats
    paid: Floats
    left_out: pl.DataFrame


def market_industries(inputs: StudyInputs) -> tuple[str, ...]:
    """Return the industries of a study's market that may move, in their order."""
    found = findings_industries(inputs.panel, inputs.values["min_balanced_share"])
    return tuple(found.filter("in_findings")["industry"])


def terrain_of(inputs: StudyInputs, offers: Offers, like: Terrain | None = None) -> Terrain:
    """Return what projects meet at the listed sites.

    Parameters
    ----------
    like : of the same offers under other parameters, whose distances and rules hold

    Raises
    ------
    yanzhen.study.StudyError
        When the study's rules or policies cannot be used.
    """
    study = with_offers(inputs.study, offers)
    period, panel = inputs.period, inputs.panel
    # What a site lists is what it has: nothing of it is scaled.
    parameters = {**inputs.values, "room_scale": 1.0}
    policies = policies_in_force(study, period)
    room = limited_room(study, site_room(study, panel, None, parameters), policies)
    if like is None:
        kilometres = kilometres_to(study, panel.regions, room)
        met = gates(study, room, panel.industries, period)
        unmet = met.filter(pl.col("state") == "not_evaluated")
        refused = refusals(met)
        unevaluated = unmet.select("industry", "site", "rule", "requirement")
    else:
        kilometres, refused, unevaluated = like.kilometres, like.refused, like.unevaluated
    measures = {f"{each}_per_output": pl.Float64 for each in PER_OUTPUT}
    nobody = pl.DataFrame(schema={"industry": pl.String, **measures})
    return Terrain(
        panel.regions,
        panel.industries,
        room,
        place_terms_of(inputs.advantage, parameters),
        move_terms_of(kilometres, room, parameters),
        kilometres,
        refused,
        unevaluated,
        payments(study, nobody, room, policies, parameters, period[0]).at_site,
    )


def measured_offers(inputs: StudyInputs, offers: Offers) -> Offers:
    """Return what is listed without room of resources that are not measured.

    Not measured is a resource whose need is known, stated or usual, of fewer than `MEASURED` of the
    projects: were it to count, one site could leave most projects out. A site whose only room is
    such is left out itself.
    """
    known = needs_of(inputs, offers.projects)
    share = {
        each: float(known[f"{each}_per_output"].is_not_null().mean() or 0.0)  # type: ignore[arg-type]
        for each in RESOURCES
    }
    unmeasured = [each for each, part in share.items() if part < MEASURED]
    resource = pl.col("resource").cast(pl.String)
    gone = offers.resources.filter(resource.is_in(unmeasured))
    kept = offers.resources.filter(~resource.is_in(unmeasured))
    left_out = gone.select(
        listing="place", reason=pl.lit("not_measured", dtype=pl.String), resource=resource
    )
    return replace(
        offers,
        sites=offers.sites.filter(pl.col("site").is_in(kept["place"].implode())),
        resources=kept,
        left_out=pl.concat([offers.left_out, left_out]),
    )


def blocks_of_projects(
    inputs: StudyInputs, terrain: Terrain, projects: pl.DataFrame
) -> ListedBlocks:
    """Return projects as blocks; a need that is not stated is that of the industry at the origin.

    Parameters
    ----------
    projects : as `yanzhen.exchange.docking.offers.PROJECTS`
    """
    frame = needs_of(inputs, projects)
    left_out = _unknown_needs(inputs, terrain, frame)
    frame = frame.filter(~pl.col("project").is_in(left_out["listing"].implode()))
    return ListedBlocks(
        frame,
        positions(frame["origin"], terrain.regions),
        positions(frame["industry"], terrain.industries),
        _needs(frame, terrain.room.resources),
        _paid(inputs, frame),
        left_out,
    )


def market_of_listed(inputs: StudyInputs, terrain: Terrain, blocks: ListedBlocks) -> Market:
    """Return the market's arrays."""
    room, worth = terrain.room, terrain.place_terms.sum(axis=0)
    place = positions(room.sites["region"], terrain.regions)
    base = SummedPayoffs(terrain.move_terms.sum(axis=0), worth[place].T.copy())
    barred = positions(terrain.refused["site"], tuple(room.sites["site"]))
    base.industry[positions(terrain.refused["industry"], terrain.industries), barred] = -np.inf
    count = blocks.frame.height
    cell = blocks.origin * len(terrain.industries) + blocks.industry
    return Market(
        mass=blocks.frame["output"].to_numpy(),
        needs=blocks.needs,
        stay=worth[blocks.origin, blocks.industry],
        cell=cell.astype(np.int32),
        base=base,
        intensities=np.column_stack([blocks.needs, blocks.paid]),
        qualities=np.column_stack([-room.posted, terrain.at_site]),
        capacity=room.capacity,
        floor=room.floor,
        group_member=room.member,
        group_resource=room.group_resource,
        group_capacity=room.group_capacity,
        group_floor=room.group_floor,
        calibration=np.full(count, -1, dtype=np.int32),
        stayers=np.zeros(0),
        sigma=inputs.values["sigma"],
    )


def logit_choice(gain: Floats, admitted: np.ndarray, sigma: float) -> tuple[Floats, float]:
    """(J,) logit choice among staying, which gains nothing, and the admitted sites; and staying."""
    shown = np.where(admitted, gain, -np.inf) / sigma
    best = max(float(shown.max(initial=0.0)), 0.0)
    weight = np.exp(shown - best)
    total = np.exp(-best) + weight.sum()
    return weight / total, float(np.exp(-best) / total)


def needs_of(inputs: StudyInputs, projects: pl.DataFrame) -> pl.DataFrame:
    """Return what projects need of each resource per unit of output, null where not known.

    project, industry, origin, output, X_per_output; what is not stated is that of the industry.
    """
    size = inputs.study.about.measured_by.resource
    stated = projects.select(
        *("project", "industry", "origin"),
        pl.col(size).alias("size"),
        *((pl.col(each) / pl.col(size)).alias(f"{each}_per_output") for each in RESOURCES),
    ).rename({"size": "output"})
    usual = _usual_needs(inputs)
    frame = stated.join(usual, on=["origin", "industry"], how="left", maintain_order="left")
    frame = frame.with_columns(
        pl.coalesce(f"{each}_per_output", f"{each}_usual").alias(f"{each}_per_output")
        for each in PER_OUTPUT
    ).select(stated.columns)
    return with_own_need(frame, size)


def _unknown_needs(inputs: StudyInputs, terrain: Terrain, frame: pl.DataFrame) -> pl.DataFrame:
    """Projects of which a need is not known that a room, a cap or a payment prices."""
    size, room = inputs.study.about.measured_by.resource, terrain.room
    priced = np.isfinite(room.capacity) | (room.posted != 0) | (room.floor != 0)
    in_force = priced.any(axis=0)
    in_force[room.group_resource] = True
    asked = {
        (each.partition(":")[0], each.partition(":")[2] or None)
        for each, prices in zip(room.resources, in_force, strict=True)
        if prices
    }
    asked |= {
        (MEASURE[policy.instrument], policy.industry)
        for policy in policies_in_force(inputs.study, inputs.period)
        if policy.instrument in MEASURE
    }
    # A payment on output is reckoned in what the study measures size by.
    asked = {each for each in asked if each[0] not in ("output", size)}
    found = [LEFT_OUT.frame()]
    for resource, industry in sorted(asked, key=str):
        concerned = pl.lit(True) if industry is None else pl.col("industry") == industry
        unknown = frame.filter(concerned, pl.col(f"{resource}_per_output").is_null())
        found.append(
            unknown.select(
                listing="project",
                reason=pl.lit("need_unknown", dtype=pl.String),
                resource=pl.lit(resource, dtype=pl.String),
            )
        )
    return pl.concat(found).unique(maintain_order=True)


def _usual_needs(inputs: StudyInputs) -> pl.DataFrame:
    """What the industries of each region need per unit of output: origin, industry, X_usual."""
    study, advantage, panel = inputs.study, inputs.advantage, inputs.panel
    n, s = (each.ravel() for each in np.indices(advantage.output.shape))
    land = land_per_output(study, panel.industries, panel.base_year)
    usual = {
        "land": np.broadcast_to(land, advantage.output.shape),
        "jobs": advantage.jobs_per_output,
        "energy": advantage.energy_per_output,
        "emissions": advantage.emissions_per_output,
    }
    return pl.DataFrame(
        {
            "origin": np.array(panel.regions)[n],
            "industry": np.array(panel.industries)[s],
            **{f"{name}_usual": values[n, s] for name, values in usual.items()},
        }
    ).with_columns(pl.selectors.float().fill_nan(None))


def _needs(frame: pl.DataFrame, resources: tuple[str, ...]) -> Floats:
    needs = np.zeros((frame.height, len(resources)))
    for r, resource in enumerate(resources):
        measure, _, industry = resource.partition(":")
        need = frame[f"{measure}_per_output"].cast(pl.Float64).fill_null(0.0).to_numpy()
        concerned = np.ones(frame.height, dtype=bool)
        if industry:
            concerned = (frame["industry"] == industry).to_numpy()
        needs[:, r] = np.where(concerned, need, 0.0)
    return needs


def _paid(inputs: StudyInputs, frame: pl.DataFrame) -> Floats:
    """(I, P) payments per unit of output, which do not depend on the site."""
    study: Study = inputs.study
    policies = policies_in_force(study, inputs.period)
    return payments(study, frame, _nowhere(), policies, inputs.values, inputs.period[0]).per_output


def _nowhere() -> SiteCapacity:
    """Room at no site."""
    none = np.zeros((0, 0))
    return SiteCapacity(
        pl.DataFrame(schema={"site": pl.String, "region": pl.String}),
        *((), "output", none, none, none, none.astype(np.str_)),
        *(pl.DataFrame(), none.astype(bool), np.zeros(0, np.int32), np.zeros(0), np.zeros(0)),
    )
