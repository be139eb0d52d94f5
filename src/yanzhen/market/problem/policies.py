"""Policies as arrays: what an arrival is paid or taxed, where it is capped, how low prices may go.

A policy acts on arrivals at the sites of its place (everywhere without one) in its industry (all
without one). Values and units:

- subsidy_per_output, tax: share of the arriving output, each year
- subsidy_per_job, subsidy_per_land, subsidy_per_energy: money per unit of persons, area or
  energy, each year
- tax_per_emission: money per unit of emissions of the arriving activity, each year
- relocation_aid: once, share of one year's output, annualised
- cap: most that may arrive, in the resource that `unit` names (the measure of size without one)
- price_floor: lowest price of the resource that `unit` names (output without one)

A yearly payment that ends is annualised over the market's horizon: one a year for n of T years is
worth annuity(T) / annuity(n) a year.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.market.problem.blocks import with_own_need
from yanzhen.market.problem.capacity import (
    POLICY,
    SiteCapacity,
    annuity,
    with_groups,
    with_resource,
)
from yanzhen.study import Problem, Study, StudyError
from yanzhen.study.coverage import regions_above
from yanzhen.study.governing import policy_fault
from yanzhen.study.problem import Words
from yanzhen.study.words import words

MEASURE = {
    "subsidy_per_output": "output",
    "subsidy_per_job": "jobs",
    "subsidy_per_land": "land",
    "subsidy_per_energy": "energy",
    "relocation_aid": "output",
    "tax": "output",
    "tax_per_emission": "emissions",
}
"""What each payment is reckoned in."""
PAYMENTS = tuple(MEASURE)
TAXES = ("tax", "tax_per_emission")
"""Payments that are taken, not given."""
SUBSIDIES = tuple(name for name in PAYMENTS if name not in TAXES)


@dataclass(frozen=True)
class Policy:
    """One row of `policies`, complete as far as its instrument needs it."""

    policy: str
    instrument: str
    place: str | None
    industry: str | None
    value: float
    resource: str
    from_year: int | None
    to_year: int | None

    @property
    def pays(self) -> bool:
        """Whether it gives public money to enterprises."""
        return self.instrument in SUBSIDIES


@dataclass(frozen=True)
class Payments:
    """What policies pay to arrivals, or take from them, per unit of output and year.

    Block i at site j receives Σ_k per_output_ik at_site_jk.

    Attributes
    ----------
    policies : in the order of the columns
    per_output : (I, P)
    at_site : (J, P) +1 where the policy pays, −1 where it takes, 0 elsewhere
    """

    policies: tuple[Policy, ...]
    per_output: Floats
    at_site: Floats


def policies_in_force(study: Study, period: tuple[int, int]) -> tuple[Policy, ...]:
    """Policies of a study that act in some year of a period, in the order of their codes.

    Raises
    ------
    StudyError
        When a policy lacks what its instrument needs.
    """
    rows = (
        study.numbered("policies")
        .with_columns(pl.col("instrument").cast(pl.String))
        .filter(
            pl.col("from_year").is_null() | (pl.col("from_year") <= period[1]),
            pl.col("to_year").is_null() | (pl.col("to_year") >= period[0]),
        )
        .sort("policy")
    )
    found = [_read(study, **row) for row in rows.drop("rule").iter_rows(named=True)]
    problems = [one for one in found if isinstance(one, Problem)]
    if problems:
        raise StudyError(problems)
    return tuple(one for one in found if isinstance(one, Policy))


def limited_room(study: Study, room: SiteCapacity, policies: tuple[Policy, ...]) -> SiteCapacity:
    """The room with caps as groups of their own, and prices no lower than their floors.

    The rent of a cap, the price of its permits, goes to the locality.
    """
    for policy in policies:
        if policy.instrument == "price_floor":
            room = _floored(room, policy, sites_of(study, room, policy.place))
        elif policy.instrument == "cap":
            room = _capped(room, policy, sites_of(study, room, policy.place))
    return room


def payments(
    study: Study,
    blocks: pl.DataFrame,
    room: SiteCapacity,
    policies: tuple[Policy, ...],
    parameters: dict[str, float],
    first_year: int,
) -> Payments:
    """Subsidies and taxes of policies as columns.

    Parameters
    ----------
    blocks : industry and what a block needs per unit of output
    first_year : of the plan

    Raises
    ------
    StudyError
        When it is not known how much some block needs of what a policy is reckoned in.
    """
    paying = tuple(policy for policy in policies if policy.instrument in PAYMENTS)
    per_output = np.zeros((blocks.height, len(paying)))
    at_site = np.zeros((room.sites.height, len(paying)))
    measured = with_own_need(blocks, "output")
    unknown = []
    for k, policy in enumerate(paying):
        concerned = np.ones(blocks.height, dtype=bool)
        if policy.industry is not None:
            concerned = (blocks["industry"] == policy.industry).to_numpy()
        measure = MEASURE[policy.instrument]
        need = measured[f"{measure}_per_output"].cast(pl.Float64).fill_null(np.nan).to_numpy()
        if np.isnan(need[concerned]).any():
            unknown.append(_need_unknown(study, policy, measure))
        yearly = policy.value * _worth(policy, parameters, first_year)
        per_output[concerned, k] = yearly * need[concerned]
        sign = -1.0 if policy.instrument in TAXES else 1.0
        at_site[sites_of(study, room, policy.place), k] = sign
    if unknown:
        raise StudyError(unknown)
    return Payments(paying, per_output, at_site)


def sites_of(study: Study, room: SiteCapacity, place: str | None) -> Booleans:
    """(J,) sites that are a place or lie in it; all without a place."""
    above = regions_above(study.tables["regions"])
    return np.array(
        [
            place is None or place in (site, region, *above.get(region, ()))
            for site, region in room.sites.select("site", "region").iter_rows()
        ],
        dtype=bool,
    )


def _worth(policy: Policy, parameters: dict[str, float], first_year: int) -> float:
    """A year's equivalent of one unit as it is paid."""
    rate, horizon = parameters["annualisation_rate"], parameters["annualisation_years"]
    if policy.instrument == "relocation_aid":
        return annuity(rate, horizon)
    if policy.to_year is None:
        return 1.0
    begin = max(first_year, policy.from_year or first_year)
    years = min(float(policy.to_year - begin + 1), horizon)
    return annuity(rate, horizon) / annuity(rate, years)


def _floored(room: SiteCapacity, policy: Policy, inside: Booleans) -> SiteCapacity:
    """A floor lifts the premium's; where room is not limited it is the posted price itself."""
    room = with_resource(room, policy.resource)
    r = room.resources.index(policy.resource)
    posted, floor = room.posted.copy(), room.floor.copy()
    limited = np.isfinite(room.capacity[:, r])
    free = inside & ~limited
    posted[free, r] = np.maximum(posted[free, r], policy.value)
    held = inside & limited
    floor[held, r] = np.maximum(floor[held, r], policy.value - posted[held, r])
    return replace(room, posted=posted, floor=floor)


def _capped(room: SiteCapacity, policy: Policy, inside: Booleans) -> SiteCapacity:
    resource = policy.resource
    if policy.industry is not None:
        resource = f"{resource}:{policy.industry}"
    room, places = with_resource(room, resource), [policy.place or policy.policy]
    return with_groups(room, resource, POLICY, places, inside[None], np.array([policy.value]))


# Kept wide: a parameter for each column of a row.
def _read(
    study: Study,
    row: int | None,
    policy: str,
    place: str | None,
    industry: str | None,
    instrument: str | None,
    value: float | None,
    unit: str | None,
    from_year: int | None,
    to_year: int | None,
) -> Policy | Problem:
    fault = policy_fault(instrument, value, unit, industry)
    if fault is not None or instrument is None or value is None:
        column, found, expected = fault or ("instrument", words("nothing"), words("nothing"))
        return Problem.at(study.path, "policies", row, column, found, expected)
    limiting = instrument in ("cap", "price_floor")
    of_size = study.about.measured_by.resource
    resource = (unit or of_size) if limiting else of_size
    return Policy(policy, instrument, place, industry, value, resource, from_year, to_year)


def _need_unknown(study: Study, policy: Policy, measure: str) -> Problem:
    found: Words = (
        f"'{policy.policy}' reckoned in {measure}, not known for every enterprise concerned",
        f"“{policy.policy}”按{measure}计，但部分企业的该项数据未知",
    )
    wanted = words(f"reckoned.{policy.instrument}")
    return Problem.at(study.path, "policies", None, "instrument", found, wanted)
