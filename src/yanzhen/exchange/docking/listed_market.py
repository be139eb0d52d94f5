"""The market of what is listed: listed projects choose among listed sites, or stay.

Payoffs are those of the study's plan (`yanzhen.market.problem.formulation`), by the same terms and
parameters. A project carries no calibrated inertia: who lists it looks for a place. Room is what
sites list; limits of the study for whole regions are not in force, for they are of all that moves,
its policies are.
"""

from collections.abc import Callable
from dataclasses import dataclass

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
from yanzhen.market.problem.policies import limited_room, payments, policies_in_force
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import Study

PER_OUTPUT = ("land", "jobs", "energy", "emissions")
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
    left_out : projects of which a need is not known, as `LEFT_OUT`
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


def terrain_of(inputs: StudyInputs, offers: Offers) -> Terrain:
    """Return what projects meet at the listed sites.

    Raises
    ------
    yanzhen.study.StudyError
        When the study's rules or policies cannot be used.
    """
    study = with_offers(inputs.study, offers)
    parameters, period, panel = inputs.values, inputs.period, inputs.panel
    policies = policies_in_force(study, period)
    room = limited_room(study, site_room(study, panel, None, parameters), policies)
    kilometres = kilometres_to(study, panel.regions, room)
    met = gates(study, room, panel.industries, period)
    measures = {f"{each}_per_output": pl.Float64 for each in PER_OUTPUT}
    nobody = pl.DataFrame(schema={"industry": pl.String, **measures})
    unevaluated = met.filter(pl.col("state") == "not_evaluated")
    return Terrain(
        panel.regions,
        panel.industries,
        room,
        place_terms_of(inputs.advantage, parameters),
        move_terms_of(kilometres, room, parameters),
        kilometres,
        refusals(met),
        unevaluated.select("industry", "site", "rule", "requirement"),
        payments(study, nobody, room, policies, parameters, period[0]).at_site,
    )


def blocks_of_projects(
    inputs: StudyInputs, terrain: Terrain, projects: pl.DataFrame
) -> ListedBlocks:
    """Return projects as blocks; a need that is not stated is that of the industry at the origin.

    Parameters
    ----------
    projects : as `yanzhen.exchange.docking.offers.PROJECTS`
    """
    size = inputs.study.about.measured_by.resource
    stated = projects.select(
        *("project", "industry", "origin"),
        pl.col(size).alias("output"),
        *((pl.col(each) / pl.col(size)).alias(f"{each}_per_output") for each in PER_OUTPUT),
    )
    usual = _usual_needs(inputs)
    frame = stated.join(usual, on=["origin", "industry"], how="left", maintain_order="left")
    frame = frame.with_columns(
        pl.coalesce(f"{each}_per_output", f"{each}_usual").alias(f"{each}_per_output")
        for each in PER_OUTPUT
    ).select(stated.columns)
    frame = with_own_need(frame, size)
    limited = [f"{each.partition(':')[0]}_per_output" for each in terrain.room.resources]
    known = pl.all_horizontal(pl.col(sorted({*limited})).is_not_null()) if limited else pl.lit(True)
    left_out = frame.filter(~known).select(
        listing="project", reason=pl.lit("need_unknown", dtype=pl.String)
    )
    frame = frame.filter(known)
    return ListedBlocks(
        frame,
        positions(frame["origin"], terrain.regions),
        positions(frame["industry"], terrain.industries),
        _needs(frame, terrain.room.resources),
        _paid(inputs, frame),
        pl.concat([LEFT_OUT.frame(), left_out]),
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
        need = frame[f"{measure}_per_output"].cast(pl.Float64).to_numpy()
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
