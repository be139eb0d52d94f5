"""The plan: who moves where, why, at what price, and what it leaves behind, as tables."""

from dataclasses import dataclass

import polars as pl

from yanzhen.accounts.completion import Completion
from yanzhen.market.counterfactuals.extensions import Openings
from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.site_demand import (
    allocations,
    balanced_history,
    macro_region_balance,
    price_table,
    region_balance,
    site_table,
)
from yanzhen.market.plan.balances import arriving, leaving
from yanzhen.market.plan.induced_services import induced_services
from yanzhen.market.plan.intervals import with_interval
from yanzhen.market.plan.moves import ROUTE, moves_and_reasons
from yanzhen.market.plan.schedule import schedule, yearly_shares
from yanzhen.market.plan.uncertainty import Uncertainty
from yanzhen.market.problem.departures import macro_regions
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.gates import admitted_unevaluated
from yanzhen.study import Study
from yanzhen.study.ratios import ratio_column


@dataclass(frozen=True)
class Plan:
    """An orderly-transfer plan of one period. Amounts in the study's units, over the whole period.

    A column `X_low` or `X_high` is the 5 or 95 per cent quantile of X over the draws of
    `uncertainty`, null without draws.

    Attributes
    ----------
    study : the study
    base_year : last year of output, from which the plan starts
    period : first and last year of the plan
    moves : industry, origin, destination, origin_macro_region, destination_macro_region,
        output, output_low, output_high (null beyond the 20,000 largest), jobs, emissions,
        emissions_status, enterprises (null without counts), price (premium, share of output),
        price_paid (money a year), surplus (money a year), gain (share of output), status;
        the 100,000 largest, largest first; origins within a macro-region are allocated by the model
    reasons : industry, origin, destination, rank, term, size (share of output); the sizes of a
        move add up to its gain exactly
    leaving : industry, origin, output, listed (of it, in `moves`), jobs, emissions; of all flows
    arriving : industry, destination, region, output, jobs, emissions; of all flows
    prices : place, place_kind (site | group), resource, premium, premium_low, premium_high,
        binding_share (of the draws in which it is above its floor), premium_in_all (what is paid at
        a site: its own and those of its groups; null for groups), floor, posted, capacity, demand,
        used, binding, scarce (binding, with a premium), rent, recipient
    sites : site, region, room_growth, room_idle, room_from (stated | past | not_limited; of the
        site or of its region), capacity, arrivals, arrivals_low,
        arrivals_high, rank (by arrivals, 1 the largest), rank_low, rank_high, first_five_share
        (of the draws), premium, premium_in_all, flagged, status; capacity and premium of output
        room, null where it is not limited
    regions : region, macro_region, output, departures, arrivals, net, net_low, net_high,
        gaining_share (of the draws in which net is positive), net_share, jobs_arriving,
        jobs_leaving, emissions_arriving, emissions_leaving, rents, flagged
    macro_regions : macro_region, output, departures, arrivals, net, net_low, net_high,
        gaining_share, share_before, share_after
    macro_flows : origin_macro_region, destination_macro_region, output, output_low, output_high
    industries : industry, output, departures, departure_share, departures_assumed,
        departures_clipped (in some macro-region more was found than can leave),
        balanced_cells, in_findings
    schedule : year, industry, region, departures, arrivals
    allocation : industry, region, market, market_low, market_high, past; arrivals by the
        market, and as in the past
    history : macro_region, year, output, share of balanced cells
    activity : region, industry, year, output, output_status
    completeness : industry, year, observed, estimated, missing, total_basis
    hold_out : errors of the completion, per cent
    without_flagged : macro_region, net, net_without; empty where no region is flagged or what is
        left without those that are makes no market
    refused : industry, site, listing, rule, article, source, requirement, found, found_in,
        found_year; the first gate of each closed pair
    unevaluated : rule, article, source, requirement, pairs, output; conditions that no figure
        decides, the pairs of industry and site that they leave open, and what moves through them
    gates : industry, site, listing, rule, requirement, state (refused | open | not_evaluated),
        found, found_in, found_year; every gate that a pair meets
    not_evaluated : term, needs; terms of the payoff and conditions of rules that no data
        decides
    policies : effect of each policy in force, as in `policy_effects`; empty without policies
    services : service, region, gained, lost, net; demand for producer services that moves bring and
        take, first round; empty without an input-output table
    options : industry, option, output; empty unless the study opens options
    chains, chain_points : as in `Openings`; empty unless the study sets `chain_strength`
    parameters : the parameters used
    uncertainty : the draws
    certificate : of the market with all regions
    """

    study: Study
    base_year: int
    period: tuple[int, int]
    moves: pl.DataFrame
    reasons: pl.DataFrame
    leaving: pl.DataFrame
    arriving: pl.DataFrame
    prices: pl.DataFrame
    sites: pl.DataFrame
    regions: pl.DataFrame
    macro_regions: pl.DataFrame
    macro_flows: pl.DataFrame
    industries: pl.DataFrame
    schedule: pl.DataFrame
    allocation: pl.DataFrame
    history: pl.DataFrame
    activity: pl.DataFrame
    completeness: pl.DataFrame
    hold_out: pl.DataFrame
    without_flagged: pl.DataFrame
    refused: pl.DataFrame
    unevaluated: pl.DataFrame
    gates: pl.DataFrame
    not_evaluated: pl.DataFrame
    policies: pl.DataFrame
    services: pl.DataFrame
    options: pl.DataFrame
    chains: pl.DataFrame
    chain_points: pl.DataFrame
    parameters: pl.DataFrame
    uncertainty: Uncertainty
    certificate: Certificate


# Kept wide: the results of all rooms before.
# Kept whole: a line for each table of a plan.
def make_plan(
    cleared: ClearedStudy,
    completion: Completion,
    without_flagged: pl.DataFrame,
    drawn: Uncertainty,
    further: Openings,
) -> Plan:
    """Put a cleared market into the tables of a plan.

    Parameters
    ----------
    cleared : the study and its market
    completion : of the missing cells of output, with its errors
    without_flagged : macro_region, net_without, of the market cleared without flagged regions
    drawn : the draws, whose intervals stand beside the plan's figures
    further : what the study opens beyond staying and moving
    """
    inputs, formulation, clearing = cleared.inputs, cleared.formulation, cleared.clearing
    study, panel, values = inputs.study, inputs.panel, inputs.values
    base_year = panel.base_year
    moves, reasons = moves_and_reasons(study, formulation, clearing)
    prices = price_table(formulation, clearing)
    macro = pl.DataFrame(
        {"region": panel.regions, "macro_region": macro_regions(study, panel.regions)}
    )
    activity = completion.cells
    gone, come = leaving(formulation, clearing), arriving(formulation, clearing)
    regions = region_balance(study, activity, base_year, macro, gone, come, prices, formulation)
    by_macro = macro_region_balance(regions)
    flows = gone.select("industry", region="origin", departures="output").join(
        come.group_by("industry", "region", maintain_order=True).agg(
            arrivals=pl.col("output").sum()
        ),
        on=["industry", "region"],
        how="full",
        coalesce=True,
        maintain_order="left_right",
    )
    return Plan(
        study=study,
        base_year=base_year,
        period=inputs.period,
        moves=with_interval(moves, drawn.moves, ROUTE, "output"),
        reasons=reasons,
        leaving=_with_listed(gone, moves),
        arriving=come,
        prices=with_interval(
            prices, drawn.prices, ["place", "place_kind", "resource"], "premium", ["binding_share"]
        ),
        sites=_ranked(site_table(study, formulation, clearing), drawn),
        regions=with_interval(regions, drawn.regions, ["region"], "net", ["gaining_share"]),
        macro_regions=with_interval(
            by_macro, drawn.macro_regions, ["macro_region"], "net", ["gaining_share"]
        ),
        macro_flows=drawn.flows.select(
            "origin_macro_region",
            "destination_macro_region",
            output="plan",
            output_low="low",
            output_high="high",
        ),
        industries=_industries(activity, base_year, formulation),
        schedule=schedule(
            flows.fill_null(0.0),
            base_year + 1,
            yearly_shares(int(values["plan_years"]), values["phase_in_shape"]),
        ),
        allocation=with_interval(
            allocations(panel, inputs.past, flows),
            drawn.allocation,
            ["industry", "region"],
            "market",
        ),
        history=balanced_history(panel, macro),
        activity=activity,
        completeness=completion.completeness,
        hold_out=completion.hold_out,
        without_flagged=_beside(by_macro, without_flagged),
        refused=_refused(study, formulation.gates),
        unevaluated=_unevaluated(study, formulation.gates, come),
        gates=formulation.gates,
        not_evaluated=pl.concat([inputs.advantage.not_evaluated, _undecided(formulation)]),
        policies=further.policies,
        services=induced_services(study, gone, come, base_year),
        options=further.options,
        chains=further.chains,
        chain_points=further.chain_points,
        parameters=inputs.parameters,
        uncertainty=drawn,
        certificate=clearing.certificate,
    )


def _beside(by_macro: pl.DataFrame, without_flagged: pl.DataFrame) -> pl.DataFrame:
    """Net change with and without flagged regions; no row where the latter is not known."""
    net = by_macro.select("macro_region", "net")
    if without_flagged.is_empty():
        net = net.clear()
    return net.join(without_flagged, on="macro_region", how="left", maintain_order="left")


def _with_listed(gone: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """What leaves, with how much of it is in flows that are listed one by one."""
    listed = moves.group_by("industry", "origin", maintain_order=True).agg(
        listed=pl.col("output").sum()
    )
    return gone.join(listed, on=["industry", "origin"], how="left", maintain_order="left").select(
        "industry", "origin", "output", pl.col("listed").fill_null(0.0), "jobs", "emissions"
    )


def _ranked(sites: pl.DataFrame, drawn: Uncertainty) -> pl.DataFrame:
    """Sites with the intervals of what arrives, and of their rank by it."""
    known = with_interval(sites, drawn.sites, ["site"], "arrivals")
    ranks = drawn.ranks.select("site", rank=pl.col("plan").cast(pl.Int64))
    place = known.columns.index("arrivals_high") + 1
    ranked = known.join(ranks, on="site", how="left", maintain_order="left")
    ranked = ranked.select(*known.columns[:place], "rank", *known.columns[place:])
    return with_interval(ranked, drawn.ranks, ["site"], "rank", ["first_five_share"])


def _refused(study: Study, gates: pl.DataFrame) -> pl.DataFrame:
    """The first gate of every closed pair, with where its rule is published."""
    return (
        gates.filter(pl.col("state") == "refused")
        .unique(["industry", "site"], keep="first", maintain_order=True)
        .join(_published(study), on="rule", how="left", maintain_order="left")
        .select(
            *("industry", "site", "listing", "rule", "article", "source"),
            *("requirement", "found", "found_in", "found_year"),
        )
        .sort("industry", "site")
    )


def _unevaluated(study: Study, gates: pl.DataFrame, arriving: pl.DataFrame) -> pl.DataFrame:
    """Conditions that no figure decides, and what they leave open."""
    keys = ["rule", "requirement"]
    open_pairs = gates.filter(pl.col("state") == "not_evaluated")
    moving = (
        admitted_unevaluated(gates, arriving)
        .group_by(keys, maintain_order=True)
        .agg(pl.col("output").sum())
    )
    return (
        open_pairs.group_by(keys, maintain_order=True)
        .agg(pairs=pl.len().cast(pl.Int64))
        .join(moving, on=keys, how="left", maintain_order="left")
        .join(_published(study), on="rule", how="left", maintain_order="left")
        .select(
            "rule", "article", "source", "requirement", "pairs", pl.col("output").fill_null(0.0)
        )
    )


def _published(study: Study) -> pl.DataFrame:
    return study.tables["rules"].select("rule", "article", "source")


def _undecided(formulation: Formulation) -> pl.DataFrame:
    """Conditions of rules without data, as term and needs."""
    return (
        formulation.gates.filter(pl.col("state") == "not_evaluated")
        .select(
            term="rule",
            needs=pl.format("indicators ({})", pl.col("requirement").str.extract(r"^(\w+)")),
        )
        .unique(maintain_order=True)
    )


def _industries(activity: pl.DataFrame, base_year: int, formulation: Formulation) -> pl.DataFrame:
    """Output and departures of every industry, null for those outside the findings."""
    output = (
        activity.filter(pl.col("year") == base_year)
        .group_by("industry", maintain_order=True)
        .agg(pl.col("output").sum())
    )
    leaving = formulation.departures.group_by("industry", maintain_order=True).agg(
        pl.col("departures").sum(),
        departures_assumed=pl.col("departures_assumed").all(),
        departures_clipped=pl.col("departures_clipped").any(),
    )
    return (
        formulation.industries.join(output, on="industry", how="left", maintain_order="left")
        .join(leaving, on="industry", how="left", maintain_order="left")
        .select(
            "industry",
            "output",
            "departures",
            departure_share=ratio_column(pl.col("departures"), pl.col("output")),
            departures_assumed=pl.col("departures_assumed"),
            departures_clipped=pl.col("departures_clipped"),
            balanced_cells=pl.col("balanced_cells"),
            in_findings=pl.col("in_findings"),
        )
        .sort("industry")
    )
