"""What a contract gains each party, against what would happen without it.

With P0 and P1 a project's probability of moving to the host without and with the contract, own
discount rates r_home and r_host, and NPV the sum over years t of x_t / (1 + r)^t,

    home  P1 · NPV(receipts − outlay) − (P1 − P0) · NPV(tax lost),
    host  P1 · NPV(net tax kept) − P0 · NPV(net tax without the contract),

tax lost being the home's local tax if the project stays, net tax the host's less what the project
costs it. Without the contract a project that moves pays its whole local tax to the host. Where a
part of what the contract draws would have left the home anyway, for another place, only the rest,
the diversion ratio, is lost to the home.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.modes.coconstruction.contract.rounding import Integers, apportion
from yanzhen.modes.coconstruction.contract.terms import Contract
from yanzhen.modes.coconstruction.settlement.ledger import Ledger, settle
from yanzhen.modes.coconstruction.settlement.projects import Projects
from yanzhen.modes.coconstruction.settlement.yearly_sharing import HOME, HOST, THIRD
from yanzhen.study.result_columns import columns

Floats = NDArray[np.float64]
PARTS = {
    "home": ("receipts", "outlay", "tax_lost"),
    "host": ("tax_kept", "cost", "without"),
    "third": ("net",),
}


@dataclass(frozen=True)
class Case:
    """A contract, its projects, and what would happen without it.

    Attributes
    ----------
    contract : the contract
    projects : its N projects over T years
    probability_without, probability_with : (N,) P0 and P1
    diversion : (N,) part of P1 − P0 that would have stayed at the home; None for all of it
    tax_lost : (N, T) local tax of the home, fen, if the project stays
    host_cost : (N, T) what the project costs the host, fen
    home_rate, host_rate, third_rate : discount rates a year
    """

    contract: Contract
    projects: Projects
    probability_without: Floats
    probability_with: Floats
    tax_lost: Integers
    host_cost: Integers
    home_rate: float
    host_rate: float
    third_rate: float = 0.0
    diversion: Floats | None = None


GAIN_PARTS = columns("party part amount")
"""`part` is receipts, outlay, tax_lost; tax_kept, cost, without; or net."""
SENSITIVITY = columns("assumption low high home_low home_high host_low host_high")


@dataclass(frozen=True)
class Gains:
    """Expected discounted gains, fen.

    Attributes
    ----------
    home, host, third : gain of each party; the third party's is what it receives less what it pays
    yearly : year, home, host, third: discounted gain of the year; sums to the gains
    break_even : first year from which on a party's cumulated gain stays at zero or above, by
        party; None where it ends below
    """

    home: float
    host: float
    third: float
    yearly: pl.DataFrame
    parts: Annotated[pl.DataFrame, GAIN_PARTS]
    break_even: dict[str, int | None]

    @property
    def joint(self) -> float:
        """Gain of home and host together."""
        return self.home + self.host


def gains(case: Case, ledger: Ledger | None = None) -> Gains:
    """Gains of each party from a contract.

    Parameters
    ----------
    ledger : its contract settled on its projects, where that is done

    Raises
    ------
    ContractError
        When contract or projects cannot be settled.
    """
    settled = settle([case.contract], case.projects) if ledger is None else ledger
    flows = {part: each[0] for part, each in expected_flows(case, settled).items()}
    years = case.projects.years
    whole = {part: float(amounts.sum()) for part, amounts in flows.items()}
    yearly = {
        party: np.sum([flows[part] for part in parts], axis=0) for party, parts in PARTS.items()
    }
    parts = [(party, part, whole[part]) for party, named in PARTS.items() for part in named]
    return Gains(
        home=float(yearly["home"].sum()),
        host=float(yearly["host"].sum()),
        third=float(yearly["third"].sum()),
        yearly=pl.DataFrame({"year": list(years), **yearly}),
        parts=GAIN_PARTS.frame(parts),
        break_even={party: break_even(yearly[party], years) for party in PARTS},
    )


def break_even(yearly: Floats, years: Sequence[int]) -> int | None:
    """First year from which on the cumulated gain stays at zero or above; None without one."""
    below = np.flatnonzero(np.cumsum(yearly) < 0)
    if below.size == 0:
        return years[0]
    last = int(below[-1])
    return years[last + 1] if last + 1 < len(years) else None


def sensitivity(case: Case, changes: Mapping[str, tuple[float, float]]) -> pl.DataFrame:
    """Gains when one assumption at a time is at its low and its high value.

    Parameters
    ----------
    changes : low and high of `home_rate`, `host_rate`, `third_rate`, `probability_with`,
        `probability_without` (for all projects), or a factor on `local_tax`, `tax_lost`,
        `outlay`, `host_cost`

    Returns
    -------
    pl.DataFrame
        assumption, low, high, home_low, home_high, host_low, host_high; largest swing of both
        gains first
    """
    rows = []
    for name, (low, high) in changes.items():
        at = [gains(_changed(case, name, value)) for value in (low, high)]
        rows.append((name, low, high, at[0].home, at[1].home, at[0].host, at[1].host))
    return ranked_by_swing(rows)


def ranked_by_swing(
    rows: Sequence[tuple[str, float, float, float, float, float, float]],
) -> pl.DataFrame:
    """Rows of a sensitivity as a table, the largest swing of both gains first."""
    swing = (pl.col("home_high") - pl.col("home_low")).abs() + (
        pl.col("host_high") - pl.col("host_low")
    ).abs()
    return SENSITIVITY.frame(rows).sort(swing, descending=True, maintain_order=True)


def expected_flows(
    case: Case, ledger: Ledger, with_contract: Floats | None = None
) -> dict[str, Floats]:
    """(C, T) expected discounted parts of the gains from contracts settled on the projects.

    Parameters
    ----------
    ledger : C contracts, each on all projects of the case
    with_contract : (C, N) P1; without it P1 is the case's
    """
    count, many = len(case.projects.name), len(ledger.contracts)
    p1 = np.tile(case.probability_with, many) if with_contract is None else with_contract.ravel()
    p0 = np.tile(case.probability_without, many)
    diversion = np.ones_like(p0) if case.diversion is None else np.tile(case.diversion, many)
    flows = discounted_parts(
        ledger,
        p0,
        p1,
        diversion * (p1 - p0),
        np.tile(case.tax_lost, (many, 1)),
        np.tile(case.host_cost, (many, 1)),
        (case.home_rate, case.host_rate, case.third_rate),
    )
    return {part: amounts.reshape(many, count, -1).sum(axis=1) for part, amounts in flows.items()}


def discounted_parts(
    ledger: Ledger,
    probability_without: Floats,
    probability_with: Floats,
    drawn_from_home: Floats,
    tax_lost: Integers,
    host_cost: Integers,
    rates: tuple[float, float, float],
) -> dict[str, Floats]:
    """(N, T) expected discounted parts of the gains of every row of a ledger, losses below zero.

    receipts, outlay, tax_lost are the home's, tax_kept, cost, without the host's, net the third
    party's; discounted to the first year.

    Parameters
    ----------
    probability_without, probability_with : (N,)
    drawn_from_home : (N,) fall of the probability that the home keeps it: P1 − P0 where whatever
        the contract draws would have stayed
    tax_lost, host_cost : (N, T)
    rates : discount rates of home, host and third party
    """
    projects = ledger.projects
    p0, p1 = probability_without[:, None], probability_with[:, None]
    t = np.arange(len(projects.years))
    home, host, third = ((1 + rate) ** -t for rate in rates)
    compensation = _by_project(ledger)
    got = ledger.tax + ledger.dividends
    without = projects.local_tax.sum(axis=0) - host_cost
    flows = {
        "receipts": home * p1 * (got[HOME] + ledger.top_up + compensation),
        "outlay": -home * p1 * projects.outlay,
        "tax_lost": -home * drawn_from_home[:, None] * tax_lost,
        "tax_kept": host * p1 * (got[HOST] - compensation),
        "cost": -host * p1 * host_cost,
        "without": -host * p0 * without,
        "net": third * p1 * (got[THIRD] - ledger.top_up),
    }
    # Nothing less nothing is zero, not minus zero.
    return {part: amounts + 0.0 for part, amounts in flows.items()}


def _by_project(ledger: Ledger) -> Integers:
    """(N, T) exit payments among a contract's projects, in proportion to their outlay."""
    if not ledger.exit_payment.any():
        return np.zeros_like(ledger.top_up)
    weight, starts = ledger.projects.outlay.sum(axis=1), ledger.projects.starts
    return np.stack([apportion(year, weight, starts) for year in ledger.exit_payment.T], axis=1)


def _changed(case: Case, name: str, value: float) -> Case:
    everyone = np.full_like(case.probability_with, value)
    projects = case.projects
    match name:
        case "home_rate":
            return replace(case, home_rate=value)
        case "host_rate":
            return replace(case, host_rate=value)
        case "third_rate":
            return replace(case, third_rate=value)
        case "probability_with":
            return replace(case, probability_with=everyone)
        case "probability_without":
            return replace(case, probability_without=everyone)
        case "tax_lost":
            return replace(case, tax_lost=_scaled(case.tax_lost, value))
        case "host_cost":
            return replace(case, host_cost=_scaled(case.host_cost, value))
        case "local_tax":
            scaled = replace(projects, local_tax=_scaled(projects.local_tax, value))
            return replace(case, projects=scaled)
        case "outlay":
            scaled = replace(projects, outlay=_scaled(projects.outlay, value))
            return replace(case, projects=scaled)
    raise ValueError(f"no assumption is called '{name}'")


def _scaled(amounts: Integers, factor: float) -> Integers:
    scaled: Integers = np.rint(amounts * factor).astype(np.int64)
    return scaled
