"""What a policy does: the difference between the equilibria with it and without it.

Both equilibria share the calibrated constants of the baseline (see `counterfactual`).
"""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.market.counterfactuals.counterfactual import at_constants, counterfactual
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.site_demand import price_table
from yanzhen.market.equilibrium.surplus import Surplus, surplus
from yanzhen.market.problem.departures import WHOLE
from yanzhen.market.problem.policies import Policy, policies_in_force, sites_of
from yanzhen.market.problem.tolerance import NOTHING
from yanzhen.study import Study
from yanzhen.study.ratios import ratio
from yanzhen.study.result_columns import columns

ROUTE = ["industry", "origin", "destination"]
EFFECTS = columns(
    """policy instrument place industry arrivals moving displaced already_coming jobs public_money
    cost_per_job rents enterprise_surplus social_surplus capitalised"""
)
"""Changes in money a year: of output arriving where the policy acts (`arrivals`, of it from
elsewhere `displaced`; `already_coming` is what arrives there without it), of all moving output, of
jobs arriving where it acts, of subsidy less tax; where sizes are no money, what is money is null.
`cost_per_job` is public money by job, null
without a gain of jobs or of cost; `capitalised` the change of rents as a share of that of
subsidies, one where owners of the site get it all."""


COMPARED = columns("before after change")
TOTALS = columns("measure") | COMPARED.of_kind("number")
"""Money a year, output, jobs (null where not known); `measure` is moving_output, moving_jobs,
enterprise_surplus, rents, tax, subsidy, public_funds, priced_emissions or social_surplus."""
FLOWS = columns("industry origin destination") | COMPARED
MACRO_REGIONS = columns("macro_region") | COMPARED
REGIONS = columns("region") | COMPARED
PREMIUMS = columns("place place_kind resource") | COMPARED.of_kind("premium")
"""Null where the resource is not limited."""
RENTS = columns("recipient") | COMPARED.of_kind("money")


@dataclass(frozen=True)
class Change:
    """One equilibrium beside another; every `change` is after − before.

    Attributes
    ----------
    flows : of output
    macro_regions, regions : net arrivals of output
    """

    totals: Annotated[pl.DataFrame, TOTALS]
    flows: Annotated[pl.DataFrame, FLOWS]
    macro_regions: Annotated[pl.DataFrame, MACRO_REGIONS]
    regions: Annotated[pl.DataFrame, REGIONS]
    prices: Annotated[pl.DataFrame, PREMIUMS]
    rents: Annotated[pl.DataFrame, RENTS]


def change(before: ClearedStudy, after: ClearedStudy) -> Change:
    """Compare two equilibria of the same enterprises, valued by the parameters of the second."""
    values = after.inputs.values
    was, now = (surplus(each.formulation, each.clearing, values) for each in (before, after))
    flows = _beside(_flows(before), _flows(after), ROUTE).fill_null(0.0)
    return Change(
        totals=_totals(before, was, after, now),
        flows=_with_change(flows),
        macro_regions=_with_change(
            _beside(
                _net(before, "macro_region"),
                _net(after, "macro_region"),
                ["macro_region"],
            )
        ),
        regions=_with_change(_beside(_net(before, "region"), _net(after, "region"), ["region"])),
        prices=_with_change(
            _beside(_premiums(before), _premiums(after), ["place", "place_kind", "resource"])
        ),
        rents=_with_change(
            _beside(
                was.rents.rename({"rent": "value"}),
                now.rents.rename({"rent": "value"}),
                ["recipient"],
            ).fill_null(0.0)
        ),
    )


def policy_effects(base: ClearedStudy) -> pl.DataFrame:
    """Effect of each policy in force: the baseline less the market without that policy."""
    policies = policies_in_force(base.inputs.study, base.inputs.period)
    found = EFFECTS.frame(_effect(base, policy) for policy in policies)
    return found.with_columns(pl.selectors.float().fill_nan(None))


def without_policy(study: Study, policy: str) -> Study:
    """The study without one of its policies."""
    rest = study.tables["policies"].filter(pl.col("policy") != policy)
    return replace(study, tables={**study.tables, "policies": rest})


def _effect(base: ClearedStudy, policy: Policy) -> tuple[object, ...]:
    inputs = base.inputs
    without = counterfactual(
        replace(inputs, study=without_policy(inputs.study, policy.policy)), base
    )
    after = at_constants(base)
    was, now = (
        surplus(each.formulation, each.clearing, inputs.values) for each in (without, after)
    )
    concerned = np.ones(base.formulation.blocks.height, dtype=bool)
    if policy.industry is not None:
        concerned = (base.formulation.blocks["industry"] == policy.industry).to_numpy()
    inside = sites_of(inputs.study, base.formulation.room, policy.place)
    moved = _moving(after) - _moving(without)
    here = moved[np.ix_(concerned, inside)]
    jobs_needed = base.formulation.blocks["jobs_per_output"].to_numpy()[concerned]
    jobs = float((here * jobs_needed[:, None]).sum())
    all_jobs = float((_moving(after)[concerned] * jobs_needed[:, None]).sum())
    money = now.public_money - was.public_money
    rent = now.all_rents - was.all_rents
    paid = now.subsidy - was.subsidy
    social = None
    if was.social is not None and now.social is not None:
        social = now.social - was.social
    return (
        policy.policy,
        policy.instrument,
        policy.place,
        policy.industry,
        float(here.sum()),
        float(moved.sum()),
        float(here.sum() - moved.sum()),
        float(_moving(without)[np.ix_(concerned, inside)].sum()),
        jobs if np.isfinite(jobs) else None,
        money,
        ratio(money, jobs, all_jobs, NOTHING) if money > 0 else None,
        rent,
        now.enterprises - was.enterprises,
        social,
        ratio(rent, paid, float(_moving(after).sum()), NOTHING),
    )


def _moving(cleared: ClearedStudy) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return cleared.formulation.market.mass[:, None] * cleared.clearing.choice.probability


def _flows(cleared: ClearedStudy) -> pl.DataFrame:
    """Output by industry, origin and destination."""
    moving = _moving(cleared)
    i, j = np.nonzero(moving)
    blocks, sites = cleared.formulation.blocks, cleared.formulation.room.sites["site"]
    return (
        blocks.select("industry", "origin")[i]
        .with_columns(destination=sites.gather(j), value=pl.Series(moving[i, j]))
        .group_by(ROUTE, maintain_order=True)
        .agg(pl.col("value").sum())
    )


def _net(cleared: ClearedStudy, by: str) -> pl.DataFrame:
    """Arrivals less departures of output by region or macro-region."""
    moving = _moving(cleared)
    blocks, sites = cleared.formulation.blocks, cleared.formulation.room.sites
    both = pl.concat(
        [
            pl.DataFrame({"region": blocks["origin"], "value": -moving.sum(axis=1)}),
            pl.DataFrame({"region": sites["region"], "value": moving.sum(axis=0)}),
        ]
    )
    regions = cleared.inputs.study.tables["regions"]
    macro = regions.select("region", pl.col("macro_region").fill_null(WHOLE))
    return (
        both.join(macro, on="region", how="left", maintain_order="left")
        .drop_nulls(by)
        .group_by(by, maintain_order=True)
        .agg(pl.col("value").sum())
        .sort(by)
    )


def _premiums(cleared: ClearedStudy) -> pl.DataFrame:
    return price_table(cleared.formulation, cleared.clearing).select(
        "place", "place_kind", "resource", value="premium"
    )


def _beside(before: pl.DataFrame, after: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return (
        before.rename({"value": "before"})
        .join(after.rename({"value": "after"}), on=keys, how="full", coalesce=True)
        .sort(keys)
    )


def _with_change(frame: pl.DataFrame) -> pl.DataFrame:
    changed = frame.with_columns(change=pl.col("after") - pl.col("before"))
    return changed.with_columns(pl.selectors.float().fill_nan(None))


def _totals(before: ClearedStudy, was: Surplus, after: ClearedStudy, now: Surplus) -> pl.DataFrame:
    measured = [
        {
            "moving_output": float(_moving(cleared).sum()),
            "moving_jobs": _jobs(cleared),
            "enterprise_surplus": found.enterprises,
            "rents": found.all_rents,
            "tax": found.tax,
            "subsidy": found.subsidy,
            "public_funds": found.public_funds,
            "priced_emissions": found.priced_emissions,
            "social_surplus": found.social,
        }
        for cleared, found in ((before, was), (after, now))
    ]
    rows = ((name, first, measured[1][name], None) for name, first in measured[0].items())
    return _with_change(TOTALS.frame(rows))


def _jobs(cleared: ClearedStudy) -> float | None:
    per_output = cleared.formulation.blocks["jobs_per_output"]
    if per_output.null_count():
        return None
    return float(_moving(cleared).sum(axis=1) @ per_output.to_numpy())
