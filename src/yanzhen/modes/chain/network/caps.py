"""Caps on moves, as groups of a market: on what arrives at a place, on what leaves one."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.capacity import POLICY, SiteCapacity
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Booleans, Market, Prices


@dataclass(frozen=True)
class Scope:
    """Moves that a cap is on; None for all.

    Attributes
    ----------
    place : region in which they arrive
    origin : region that they leave
    industry : what moves
    """

    place: str | None
    origin: str | None
    industry: str | None


def moving(cleared: ClearedStudy, scope: Scope) -> float:
    """Output that moves within a scope, in the study's money."""
    formulation = cleared.formulation
    leaves, takes = _concerned(formulation, scope)
    mass = formulation.market.mass[leaves]
    return float((mass @ cleared.clearing.choice.probability[leaves])[takes].sum())


def with_caps(plan: ClearedStudy, caps: dict[Scope, float]) -> ClearedStudy:
    """The market of a plan cleared again at its constants with caps on moves.

    A cap is a group of sites with a need of its own: one for the output of the blocks it concerns,
    none for the others. Its price is what a unit of moved output would pay for the permit.

    Raises
    ------
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear the capped market were not found.
    """
    held = at_constants(plan)
    formulation, prices = held.formulation, held.clearing.prices
    market, room = formulation.market, formulation.room
    sites, count = market.capacity.shape[0], len(caps)
    concerned = [_concerned(formulation, scope) for scope in caps]
    first = len(room.resources)
    free = np.zeros((sites, count))
    resource = first + np.arange(count, dtype=np.int32)
    capped = replace(
        market,
        needs=np.column_stack([market.needs, *(leaves for leaves, _ in concerned)]),
        capacity=np.column_stack([market.capacity, np.full((sites, count), np.inf)]),
        floor=np.column_stack([market.floor, free]),
        group_member=np.vstack(
            [market.group_member, *(takes[None] for _, takes in concerned)]
        ).astype(np.float64),
        group_resource=np.append(market.group_resource, resource).astype(np.int32),
        group_capacity=np.append(market.group_capacity, list(caps.values())),
        group_floor=np.append(market.group_floor, np.zeros(count)),
    )
    start = Prices(
        np.column_stack([prices.site, free]), np.append(prices.group, np.zeros(count)), np.zeros(0)
    )
    clearing = clear(capped, plan.clearing.certificate.tolerance, start)
    return replace(
        held,
        formulation=replace(formulation, market=capped, room=_wider(room, capped, list(caps))),
        clearing=clearing,
    )


def _wider(room: SiteCapacity, capped: Market, scopes: list[Scope]) -> SiteCapacity:
    """The room with the capped market's groups, each limiting a resource of its own."""
    count, sites = len(scopes), len(room.posted)
    labels = [f"output:{scope.industry or ''}" for scope in scopes]
    groups = pl.DataFrame(
        {
            "place": [scope.place or scope.origin or "" for scope in scopes],
            "resource": labels,
            "recipient": ["locality"] * count,
            "posted": [0.0] * count,
            "room_from": [POLICY] * count,
        },
        schema=room.groups.schema,
    )
    return replace(
        room,
        resources=(*room.resources, *labels),
        capacity=capped.capacity,
        posted=np.column_stack([room.posted, np.zeros((sites, count))]),
        floor=capped.floor,
        recipient=np.column_stack([room.recipient, np.full((sites, count), "none")]),
        groups=pl.concat([room.groups, groups]),
        member=capped.group_member.astype(bool),
        group_resource=capped.group_resource,
        group_capacity=capped.group_capacity,
        group_floor=capped.group_floor,
    )


def permit_prices(cleared: ClearedStudy, count: int) -> Floats:
    """(count,) prices of the caps that `with_caps` added, share of the moved output a year."""
    price = cleared.clearing.prices.group
    return price[price.size - count :]


def _concerned(formulation: Formulation, scope: Scope) -> tuple[Booleans, Booleans]:
    """(I,) blocks and (J,) sites of a scope."""
    blocks, sites = formulation.blocks, formulation.room.sites
    leaves = np.ones(blocks.height, dtype=bool)
    if scope.origin is not None:
        leaves &= (blocks["origin"] == scope.origin).to_numpy()
    if scope.industry is not None:
        leaves &= (blocks["industry"] == scope.industry).to_numpy()
    takes = np.ones(sites.height, dtype=bool)
    if scope.place is not None:
        takes = (sites["region"] == scope.place).to_numpy()
    return leaves, takes
