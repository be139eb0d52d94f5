"""What a contract gains each party, against what would happen without it.

With P0 and P1 a project's probability of moving to the host without and with the contract, own
discount rates r_home and r_host, and NPV the sum over years t of x_t / (1 + r)^t,

    home  P1 · NPV(receipts − outlay) − (P1 − P0) · NPV(tax lost),
    host  P1 · NPV(net tax kept) − P0 · NPV(net tax without the contract),

tax lost being the home's local tax if the project stays, net tax the host's less what the project
costs it. Without the contract a project that moves pays its whole local tax to the host.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.modes.coconstruction.ledger import HOME, HOST, THIRD, settle
from yanzhen.modes.coconstruction.projects import Projects, for_contracts
from yanzhen.modes.coconstruction.rounding import Integers, apportion
from yanzhen.modes.coconstruction.terms import Contract

Floats = NDArray[np.float64]
PARTIES = ("home", "host", "third")


@dataclass(frozen=True)
class Case:
    """A contract, its projects, and what would happen without it.

    Attributes
    ----------
    contract : the contract
    projects : its N projects over T years
    probability_without, probability_with : (N,) P0 and P1
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


@dataclass(frozen=True)
class Gains:
    """Expected discounted gains, fen.

    Attributes
    ----------
    home, host, third : gain of each party; the third party's is what it receives less what it pays
    yearly : year, home, host, third: discounted gain of the year; sums to the gains
    parts : party, part, amount: receipts, outlay, tax_lost; tax_kept, cost, without; net
    break_even : first year from which on a party's cumulated gain stays at zero or above, by
        party; None where it ends below
    """

    home: float
    host: float
    third: float
    yearly: pl.DataFrame
    parts: pl.DataFrame
    break_even: dict[str, int | None]

    @property
    def joint(self) -> float:
        """Gain of home and host together."""
        return self.home + self.host


def gains(case: Case) -> Gains:
    """Gains of each party from a contract.

    Raises
    ------
    ContractError
        When contract or projects cannot be settled.
    """
    flows = expected_flows(case, [case.contract])[0]
    years = case.projects.years
    whole = {part: float(amounts.sum()) for part, amounts in flows.items()}
    yearly = {
        "home": flows["receipts"] + flows["outlay"] + flows["tax_lost"],
        "host": flows["tax_kept"] + flows["cost"] + flows["without"],
        "third": flows["net"],
    }
    parts = [
        (party, part, whole[part])
        for party, named in (
            ("home", ("receipts", "outlay", "tax_lost")),
            ("host", ("tax_kept", "cost", "without")),
            ("third", ("net",)),
        )
        for part in named
    ]
    return Gains(
        home=float(yearly["home"].sum()),
        host=float(yearly["host"].sum()),
        third=float(yearly["third"].sum()),
        yearly=pl.DataFrame({"year": list(years), **yearly}),
        parts=pl.DataFrame(parts, schema=["party", "part", "amount"], orient="row"),
        break_even={party: break_even(yearly[party], years) for party in PARTIES},
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
    columns = ["assumption", "low", "high", "home_low", "home_high", "host_low", "host_high"]
    swing = (pl.col("home_high") - pl.col("home_low")).abs() + (
        pl.col("host_high") - pl.col("host_low")
    ).abs()
    schema = {name: pl.Float64 if k else pl.String for k, name in enumerate(columns)}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.sort(swing, descending=True, maintain_order=True)


def expected_flows(
    case: Case, contracts: Sequence[Contract], with_contract: Floats | None = None
) -> list[dict[str, Floats]]:
    """Expected discounted parts of the gains, (T,) each, of several contracts on the projects.

    `with_contract` is (C, N); without it P1 is the case's.
    """
    count = len(case.projects.name)
    ledger = settle(contracts, for_contracts(case.projects, len(contracts)))
    compensation = _by_project(ledger.exit_payment, case.projects, len(contracts))
    p0 = case.probability_without[:, None]
    t = np.arange(len(case.projects.years))
    home, host, third = (
        (1 + rate) ** -t for rate in (case.home_rate, case.host_rate, case.third_rate)
    )
    without = case.projects.local_tax.sum(axis=0) - case.host_cost
    found = []
    for c in range(len(contracts)):
        rows = slice(c * count, (c + 1) * count)
        p1 = (case.probability_with if with_contract is None else with_contract[c])[:, None]
        got = ledger.tax[:, rows] + ledger.dividends[:, rows]
        receipts = got[HOME] + ledger.top_up[rows] + compensation[rows]
        parts = {
            "receipts": home * p1 * receipts,
            "outlay": -home * p1 * case.projects.outlay,
            "tax_lost": -home * (p1 - p0) * case.tax_lost,
            "tax_kept": host * p1 * (got[HOST] - compensation[rows]),
            "cost": -host * p1 * case.host_cost,
            "without": -host * p0 * without,
            "net": third * p1 * (got[THIRD] - ledger.top_up[rows]),
        }
        found.append({name: values.sum(axis=0) for name, values in parts.items()})
    return found


def _by_project(payments: Integers, projects: Projects, contracts: int) -> Integers:
    """(C·N, T) payments of each contract among its projects, in proportion to their outlay."""
    count = len(projects.name)
    weight = np.tile(projects.outlay.sum(axis=1), contracts)
    starts = np.arange(contracts, dtype=np.int64) * count
    return np.stack([apportion(year, weight, starts) for year in payments.T], axis=1)


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
