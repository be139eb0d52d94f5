"""What enterprises may do besides staying and moving whole: a branch, abroad, exit, coming in.

The options open on top of a market whose constants are held (see `counterfactual`), as columns and
blocks of the same market, so that one clearing serves all:

- a branch at site j places the share β of the output there: ū = β v_ij + (1 − β) v_i0 − c, and it
  needs β of what the whole would need;
- abroad: ū = v_i0 + d_abroad, and exit: ū = v_i0 + d_exit, no room needed at home;
- an inbound foreign project is a block of origin `abroad` that may come to any site open to its
  industry, at no distance: ū_0 = the industry's mean place + d_inbound for not coming.

Every d and c is an assumption of the user: nothing in the study's tables tells them.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.newton_dense import Clearing, clear
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Market
from yanzhen.study import Study
from yanzhen.study.tables.enterprises import ABROAD

MEASURES = ("land", "jobs", "energy", "emissions")


@dataclass(frozen=True)
class Branch:
    """A branch: the share of output placed, and its yearly cost as a share of all output."""

    share: float
    cost: float


@dataclass(frozen=True)
class Options:
    """Which options are open; None closes one. Figures are margins on output.

    Attributes
    ----------
    branch : share placed and cost
    abroad : d_abroad, worth of going abroad over staying
    exit : d_exit, worth of closing over staying
    inbound : d_inbound, worth to a foreign project of not coming over the mean place
    """

    branch: Branch | None = None
    abroad: float | None = None
    exit: float | None = None
    inbound: float | None = None


@dataclass(frozen=True)
class OptionMarket:
    """A market with options as columns.

    Attributes
    ----------
    market : columns in the order of `kind`
    kind : (L,) move | branch | abroad | exit
    site : (L,) number of the site, −1 for none
    share : (L,) share of the output that the option moves
    inbound : (I,) whether a block is a foreign project
    blocks : industry, origin, output and needs per unit of output of all blocks
    """

    market: Market
    kind: tuple[str, ...]
    site: NDArray[np.int64]
    share: Floats
    inbound: Booleans
    blocks: pl.DataFrame


@dataclass(frozen=True)
class OptionOutcome:
    """Who does what where options are open.

    Attributes
    ----------
    chosen : industry, option (stay | move | branch | abroad | exit | inbound | not_coming), output;
        a branch counts what it places, what stays of it counts as stay
    arrivals : site, whole, branch, inbound; output arriving
    clearing : of the market with options
    premiums : (J, R) premiums that a whole mover pays at each site
    """

    chosen: pl.DataFrame
    arrivals: pl.DataFrame
    clearing: Clearing
    premiums: Floats


def with_options(base: ClearedStudy, options: Options) -> OptionOutcome:
    """Open options in a market with held constants, and clear it.

    Parameters
    ----------
    base : with nothing left to calibrate (`at_constants`, or a counterfactual)
    options : what is open

    Raises
    ------
    ValueError
        When the market is still to be calibrated, or the share of a branch is not in (0, 1).
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear it were not found.
    """
    opened = option_market(base, options)
    clearing = clear(opened.market, base.clearing.certificate.tolerance)
    return _outcome(base.formulation, opened, clearing)


def option_market(base: ClearedStudy, options: Options) -> OptionMarket:
    """The market with its options as columns and inbound projects as blocks."""
    market = base.formulation.market
    if (market.calibration >= 0).any():
        raise ValueError("options open on a market with held constants")
    if options.branch is not None and not 0 < options.branch.share < 1:
        raise ValueError("a branch places a share of the output between zero and one")
    sites = market.capacity.shape[0]
    blocks = base.formulation.blocks.with_columns(inbound=pl.lit(False))
    # Each block is its own cell: the options' worth rests on its own payoff of staying.
    whole = replace(
        market,
        cell=np.arange(market.mass.size, dtype=np.int32),
        base=market.base[market.cell],
    )
    if options.inbound is not None:
        whole, blocks = _with_inbound(base, whole, blocks, options.inbound)
    kind, site, share = ["move"] * sites, list(range(sites)), [1.0] * sites
    columns, qualities = [np.asarray(whole.base)], [whole.qualities]
    inbound: Booleans = blocks["inbound"].to_numpy()
    if options.branch is not None:
        beta = options.branch.share
        part = beta * columns[0] + (1 - beta) * whole.stay[:, None] - options.branch.cost
        columns.append(np.where(inbound[:, None], -np.inf, part))
        qualities.append(beta * whole.qualities)
        kind += ["branch"] * sites
        site += list(range(sites))
        share += [beta] * sites
    for name, worth in (("abroad", options.abroad), ("exit", options.exit)):
        if worth is not None:
            columns.append(np.where(inbound, -np.inf, whole.stay + worth)[:, None])
            qualities.append(np.zeros((1, whole.qualities.shape[1])))
            kind.append(name)
            site.append(-1)
            share.append(1.0)
    places = np.array(site)
    return OptionMarket(
        _limited_together(
            replace(whole, base=np.hstack(columns), qualities=np.vstack(qualities)),
            places,
            np.array(share),
        ),
        tuple(kind),
        places,
        np.array(share),
        inbound,
        blocks,
    )


def _limited_together(market: Market, site: NDArray[np.int64], share: Floats) -> Market:
    """Every limit of a site as a group of the options there, each counted with its share."""
    limits, resources = np.nonzero(np.isfinite(market.capacity))
    own = (site[None] == limits[:, None]) * share[None]
    on_site = np.where(site >= 0, site, 0)
    below = market.group_member.astype(np.float64)[:, on_site] * np.where(site >= 0, share, 0.0)
    width = market.needs.shape[1]
    return replace(
        market,
        capacity=np.full((site.size, width), np.inf),
        floor=np.zeros((site.size, width)),
        group_member=np.vstack([own, below]),
        group_resource=np.concatenate([resources, market.group_resource]).astype(np.int32),
        group_capacity=np.concatenate([market.capacity[limits, resources], market.group_capacity]),
        group_floor=np.concatenate([market.floor[limits, resources], market.group_floor]),
    )


def _with_inbound(
    base: ClearedStudy,
    market: Market,
    blocks: pl.DataFrame,
    reservation: float,
) -> tuple[Market, pl.DataFrame]:
    """Foreign projects as further blocks; needs they don't state are their industry's mean."""
    formulation = base.formulation
    projects = _projects(base.inputs.study, blocks)
    if projects.is_empty():
        return market, blocks
    codes = {name: s for s, name in enumerate(base.inputs.panel.industries)}
    s = np.array([codes[name] for name in projects["industry"]])
    worth = formulation.place_terms.sum(axis=0)
    size = formulation.move_terms[-1][0]
    payoff = worth[np.ix_(formulation.place, s)].T + size[None]
    gates = formulation.refused
    closed = set(gates.select("industry", "site").iter_rows())
    names = formulation.room.sites["site"].to_list()
    for k, industry in enumerate(projects["industry"]):
        for j, name in enumerate(names):
            if (industry, name) in closed:
                payoff[k, j] = -np.inf
    needs = _needs_of(projects, formulation)
    paid = formulation.payments.per_output
    mean_paid = np.stack(
        [
            paid[(blocks["industry"] == name).to_numpy()].mean(axis=0)
            for name in projects["industry"]
        ]
    )
    count = market.mass.size
    return (
        replace(
            market,
            mass=np.concatenate([market.mass, projects["output"].to_numpy()]),
            needs=np.vstack([market.needs, needs]),
            stay=np.concatenate([market.stay, worth[:, s].mean(axis=0) + reservation]),
            cell=np.arange(count + projects.height, dtype=np.int32),
            base=np.vstack([np.asarray(market.base), payoff]),
            intensities=np.vstack([market.intensities, np.hstack([needs, mean_paid])]),
            calibration=np.full(count + projects.height, -1, dtype=np.int32),
        ),
        pl.concat([blocks, projects], how="diagonal"),
    )


def _projects(study: Study, blocks: pl.DataFrame) -> pl.DataFrame:
    """Inbound projects of industries that the market has, with the needs they state."""
    size = pl.col(study.about.measured_by.resource).cast(pl.Float64)
    return (
        study.tables["enterprises"]
        .filter(
            pl.col("origin") == ABROAD,
            size.is_not_null(),
            pl.col("industry").is_in(blocks["industry"].unique().sort().implode()),
        )
        .select(
            "industry",
            "origin",
            *(
                (pl.col(name).cast(pl.Float64) / size).alias(f"{name}_per_output")
                for name in MEASURES
            ),
            output=size * pl.col("count"),
            inbound=pl.lit(True),
        )
    )


def _needs_of(projects: pl.DataFrame, formulation: Formulation) -> Floats:
    """(P, R) needs of projects by resource, their industry's mean where they state none."""
    blocks, market = formulation.blocks, formulation.market
    needs = np.zeros((projects.height, market.needs.shape[1]))
    for k, row in enumerate(projects.iter_rows(named=True)):
        alike = (blocks["industry"] == row["industry"]).to_numpy()
        needs[k] = np.average(market.needs[alike], axis=0, weights=market.mass[alike])
        for r, resource in enumerate(formulation.room.resources):
            stated = row.get(f"{resource}_per_output")
            if stated is not None:
                needs[k, r] = stated
    return needs


def _outcome(formulation: Formulation, opened: OptionMarket, clearing: Clearing) -> OptionOutcome:
    market, choice = opened.market, clearing.choice
    moving = market.mass[:, None] * choice.probability * opened.share[None]
    inbound = opened.inbound
    kinds = np.array(opened.kind)
    frames = []
    for kind in dict.fromkeys(opened.kind):
        output = moving[:, kinds == kind].sum(axis=1)
        label = np.where(inbound, "inbound", kind)
        frames.append(_by_industry(opened, label, output))
    kept = market.mass - moving.sum(axis=1)
    frames.append(_by_industry(opened, np.where(inbound, "not_coming", "stay"), kept))
    names = formulation.room.sites["site"]
    arrivals = {
        name: np.bincount(
            opened.site[kinds == kind],
            weights=moving[np.ix_(rows, kinds == kind)].sum(axis=0),
            minlength=names.len(),
        )
        if (kinds == kind).any()
        else np.zeros(names.len())
        for name, kind, rows in (("whole", "move", ~inbound), ("branch", "branch", ~inbound))
    }
    coming = moving[inbound][:, opened.site >= 0]
    arrivals["inbound"] = np.bincount(
        opened.site[opened.site >= 0],
        weights=coming.sum(axis=0),
        minlength=names.len(),
    )
    premiums = np.zeros((names.len(), market.needs.shape[1]))
    for member, resource, price in zip(
        market.group_member, market.group_resource, clearing.prices.group, strict=True
    ):
        premiums[:, resource] += member[: names.len()] * price
    return OptionOutcome(
        chosen=pl.concat(frames)
        .group_by("industry", "option", maintain_order=True)
        .agg(pl.col("output").sum())
        .sort("industry", "option"),
        arrivals=pl.DataFrame({"site": names, **arrivals}),
        clearing=clearing,
        premiums=premiums,
    )


def _by_industry(opened: OptionMarket, option: NDArray[np.str_], output: Floats) -> pl.DataFrame:
    return pl.DataFrame(
        {"industry": opened.blocks["industry"], "option": list(option), "output": output}
    )
