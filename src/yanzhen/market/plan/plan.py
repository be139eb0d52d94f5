"""The plan: who moves where, why, at what price, and what it leaves behind, as tables."""

from dataclasses import dataclass
from typing import Annotated

import polars as pl

from yanzhen.accounts.completion import CELLS, COMPLETENESS, HOLD_OUT, Completion
from yanzhen.market.counterfactuals.extensions import CHAINS, OPTIONS, POINTS, Openings
from yanzhen.market.counterfactuals.policy_effects import EFFECTS
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
from yanzhen.market.plan.balances import ARRIVING, arriving, leaving
from yanzhen.market.plan.induced_services import SERVICES, induced_services
from yanzhen.market.plan.intervals import with_interval
from yanzhen.market.plan.moves import ROUTE, moves_and_reasons
from yanzhen.market.plan.schedule import schedule, yearly_shares
from yanzhen.market.plan.uncertainty import Uncertainty
from yanzhen.market.problem.departures import macro_regions
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.gates import GATES, admitted_unevaluated
from yanzhen.study import Study
from yanzhen.study.ratios import ratio_column
from yanzhen.study.result_columns import NOT_EVALUATED, PARAMETERS, columns
from yanzhen.study.short_repr import ShortRepr

MOVES = columns(
    """industry origin destination origin_macro_region destination_macro_region output output_low
    output_high jobs jobs_status emissions emissions_status enterprises price price_paid surplus
    gain status""",
    fractional="enterprises",
)
"""`enterprises` is null without counts, the interval of `output` without draws. `price` is a
premium, share of output, as is `gain`; `price_paid` and `surplus` are money a year, null where
sizes are no money."""
REASONS = columns("industry origin destination rank term size")
"""`size` is a share of output; the sizes of a move add up to its gain exactly."""
LEAVING_LISTED = columns("industry origin output listed jobs emissions")
"""`listed` is what of the output is in the moves listed one by one."""
PRICES = columns(
    """place place_kind resource premium premium_low premium_high binding_share premium_in_all floor
    posted capacity demand used binding scarce rent recipient"""
)
"""`place_kind` is site or group. `binding_share` is of the draws in which the premium is above its
floor; `premium_in_all` is what is paid at a site, its own and those of its groups, null for groups;
`scarce` is binding with a premium."""
SITES = columns(
    """site region room_growth room_idle room_from capacity arrivals arrivals_low arrivals_high rank
    rank_low rank_high first_five_share premium premium_in_all flagged status""",
    fractional="rank_low rank_high",
    capacity="size",
    premium="share",
    premium_in_all="share",
)
"""`room_from`, of the site or of its region, is stated, past or not_limited; capacity and premium
are of output room, null where it is not limited. `rank` 1 has the largest arrivals;
`first_five_share` is of the draws."""
REGIONS = columns(
    """region macro_region output departures arrivals net net_low net_high gaining_share net_share
    jobs_arriving jobs_leaving emissions_arriving emissions_leaving rents flagged"""
)
"""`gaining_share` is of the draws in which net is positive."""
MACRO_REGIONS = columns(
    """macro_region output departures arrivals net net_low net_high gaining_share share_before
    share_after"""
)
MACRO_FLOWS = columns("origin_macro_region destination_macro_region output output_low output_high")
INDUSTRIES = columns(
    """industry output departures departure_share departures_assumed departures_clipped
    balanced_cells in_findings"""
)
"""`departures_clipped`: in some macro-region more was found than can leave."""
SCHEDULE = columns("year industry region departures arrivals")
ALLOCATION = columns("industry region market market_low market_high past")
"""Arrivals by the market, and as in the past."""
HISTORY = columns("macro_region year output share")
WITHOUT_FLAGGED = columns("macro_region net net_without")
WITHOUT_EARLIER = columns("region net net_without_earlier")
REFUSED = columns("industry site listing rule article source requirement found found_in found_year")
UNEVALUATED = columns("rule article source requirement pairs output")


@dataclass(frozen=True, repr=False)
class Plan(ShortRepr):
    """An orderly-transfer plan of one period. Amounts in the study's units, over the whole period.

    A column `X_low` or `X_high` is the 5 or 95 per cent quantile of X over the draws of
    `uncertainty`, null without draws.

    Attributes
    ----------
    study : the study
    base_year : last year of output, from which the plan starts
    period : first and last year of the plan
    moves : the 20,000 largest, largest first; origins within a macro-region are allocated by the
        model
    leaving, arriving : of all flows
    schedule : of each year alone
    history : of balanced cells
    without_flagged : empty where no region is flagged or what is left without those that are makes
        no market
    without_earlier : empty where the study looks back to all its years, or no market clears without
        the earlier ones
    refused : the first gate of each closed pair
    unevaluated : conditions that no figure decides, the pairs of industry and site that they leave
        open, and what moves through them
    gates : every gate that a pair meets
    not_evaluated : terms of the payoff and conditions of rules that no data decides
    policies : effect of each policy in force; empty without policies
    services : empty without an input-output table
    options : empty unless the study opens options
    chains, chain_points : empty unless the study sets `chain_strength`
    uncertainty : the draws
    certificate : of the market with all regions
    """

    study: Study
    base_year: int
    period: tuple[int, int]
    moves: Annotated[pl.DataFrame, MOVES]
    reasons: Annotated[pl.DataFrame, REASONS]
    leaving: Annotated[pl.DataFrame, LEAVING_LISTED]
    arriving: Annotated[pl.DataFrame, ARRIVING]
    prices: Annotated[pl.DataFrame, PRICES]
    sites: Annotated[pl.DataFrame, SITES]
    regions: Annotated[pl.DataFrame, REGIONS]
    macro_regions: Annotated[pl.DataFrame, MACRO_REGIONS]
    macro_flows: Annotated[pl.DataFrame, MACRO_FLOWS]
    industries: Annotated[pl.DataFrame, INDUSTRIES]
    schedule: Annotated[pl.DataFrame, SCHEDULE]
    allocation: Annotated[pl.DataFrame, ALLOCATION]
    history: Annotated[pl.DataFrame, HISTORY]
    activity: Annotated[pl.DataFrame, CELLS]
    completeness: Annotated[pl.DataFrame, COMPLETENESS]
    hold_out: Annotated[pl.DataFrame, HOLD_OUT]
    without_flagged: Annotated[pl.DataFrame, WITHOUT_FLAGGED]
    without_earlier: Annotated[pl.DataFrame, WITHOUT_EARLIER]
    refused: Annotated[pl.DataFrame, REFUSED]
    unevaluated: Annotated[pl.DataFrame, UNEVALUATED]
    gates: Annotated[pl.DataFrame, GATES]
    not_evaluated: Annotated[pl.DataFrame, NOT_EVALUATED]
    policies: Annotated[pl.DataFrame, EFFECTS]
    services: Annotated[pl.DataFrame, SERVICES]
    options: Annotated[pl.DataFrame, OPTIONS]
    chains: Annotated[pl.DataFrame, CHAINS]
    chain_points: Annotated[pl.DataFrame, POINTS]
    parameters: Annotated[pl.DataFrame, PARAMETERS]
    uncertainty: Uncertainty
    certificate: Certificate


# Kept wide: the results of all rooms before.
# Kept whole: a line for each table of a plan.
def make_plan(
    cleared: ClearedStudy,
    completion: Completion,
    without_flagged: pl.DataFrame,
    without_earlier: pl.DataFrame,
    drawn: Uncertainty,
    further: Openings,
) -> Plan:
    """Put a cleared market into the tables of a plan.

    Parameters
    ----------
    cleared : the study and its market
    completion : of the missing cells of output, with its errors
    without_flagged : macro_region, net_without, of the market cleared without flagged regions
    without_earlier : region, net_without_earlier, of the market cleared without figures of
        years before the past that the study looks back to
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
        without_flagged=_beside(by_macro, without_flagged, "macro_region"),
        without_earlier=_beside(regions, without_earlier, "region"),
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


def _beside(balance: pl.DataFrame, without: pl.DataFrame, key: str) -> pl.DataFrame:
    """Net change with and without some figures; no row where the latter is not known."""
    net = balance.select(key, "net")
    if without.is_empty():
        net = net.clear()
    return net.join(without, on=key, how="left", maintain_order="left")


def _with_listed(gone: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """What leaves, with how much of it is in flows that are listed one by one."""
    listed = moves.group_by("industry", "origin", maintain_order=True).agg(
        listed=pl.col("output").sum()
    )
    return (
        gone.join(listed, on=["industry", "origin"], how="left", maintain_order="left")
        .select(*LEAVING_LISTED)
        .with_columns(pl.col("listed").fill_null(0.0))
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
        .select(*REFUSED)
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
        .select(*UNEVALUATED)
        .with_columns(pl.col("output").fill_null(0.0))
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
