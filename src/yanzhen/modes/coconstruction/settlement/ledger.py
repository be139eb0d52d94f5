"""The ledger: who receives what of every project in every year, to the fen.

Tax, statistics and dividends are kept apart. In a year of a contract in force, for its projects
that are at the host:

0. a year in which more was refunded than paid is the host's, who refunds it; it is carried forward
   and taken off what the same project pays in later years, before anything is shared of it;
1. of the local part of its kinds of tax, each project's stock stays where it was (base
   `increment`);
2. out of what is to be shared the home's outlay so far is repaid, drawn from the projects in
   proportion (priority recovery);
3. the rest is divided by the ratio of the project's year of sharing; before its first and after
   its last such year it is the host's;
4. what would lift the home's receipts of all years above the cap is the host's.

Everything else of the local tax is the host's, where it is paid.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.modes.coconstruction.contract.consistency import check_contracts, require
from yanzhen.modes.coconstruction.contract.rounding import Integers
from yanzhen.modes.coconstruction.contract.terms import STATISTICS, Contract, Terms
from yanzhen.modes.coconstruction.settlement.projects import (
    Booleans,
    Projects,
    check_projects,
    for_contracts,
)
from yanzhen.modes.coconstruction.settlement.term_arrays import (
    clauses_of,
    clauses_of_alternatives,
    eligible,
)
from yanzhen.modes.coconstruction.settlement.yearly_sharing import (
    Settlement,
    counted,
    dividends,
    exit_payment,
    first_state,
    room_left,
    settlement_of,
    share,
    top_up,
)


@dataclass(frozen=True)
class Ledger:
    """What contracts come to: int64, fen or units of the statistic.

    Attributes
    ----------
    contracts, projects : what was settled
    eligible : (N,) whether a project falls under its contract
    tax : (3, N, T) local tax received by home, host and third party; sums to the local tax paid
    recovered : (N, T) part of the home's that repays its outlay
    top_up : (N, T) paid by the third party to the home
    exit_payment : (C, T) paid by the host to the home when a contract is left
    dividends : (3, N, T)
    statistics : (M, 2, N, T) counted by home and host; sums to the statistics
    owed : (C, T) outlay of the home still to be repaid as a year ends
    room : (2, N, T) what the caps still leave the home as a year ends: the project's own, the
        contract's; −1 where there is no such cap
    """

    contracts: tuple[Contract, ...]
    projects: Projects
    eligible: Booleans
    tax: Integers
    recovered: Integers
    top_up: Integers
    exit_payment: Integers
    dividends: Integers
    statistics: Integers
    owed: Integers
    room: Integers


def settle(contracts: Sequence[Contract], projects: Projects) -> Ledger:
    """Settle contracts over all years of their projects.

    Parameters
    ----------
    contracts : C of them
    projects : rows of contract and project

    Raises
    ------
    ContractError
        With everything that is wrong with the contracts and the projects.
    """
    require([*check_contracts(contracts), *check_projects(projects, len(contracts))])
    covered = eligible(contracts, projects)
    at = settlement_of(clauses_of(contracts), projects, covered)
    return _settled(at, contracts, np.flatnonzero(projects.statistics.any(axis=(1, 2))).tolist())


def settle_alternatives(
    contract: Contract, alternatives: Sequence[Terms], projects: Projects
) -> Ledger:
    """Settle a contract by other ratios in place of its own, each on the same projects.

    Statistics are not divided: all of them are zero.

    Parameters
    ----------
    contract : the contract
    alternatives : C times its terms with other parts of home and host, which may be larger numbers
        than a contract may state, up to `rounding.LARGEST`
    projects : of one contract

    Raises
    ------
    ContractError
        As `settle`.
    """
    require([*check_contracts([contract]), *check_projects(projects, 1)])
    many = len(alternatives)
    covered = np.tile(eligible([contract], projects), many)
    deal = clauses_of_alternatives(contract, alternatives)
    contracts = [replace(contract, terms=terms) for terms in alternatives]
    return _settled(settlement_of(deal, for_contracts(projects, many), covered), contracts, [])


def _settled(at: Settlement, contracts: Sequence[Contract], measures: Sequence[int]) -> Ledger:
    """Settle what is checked; `measures` are the statistics that are counted."""
    projects, deal, state = at.projects, at.deal, first_state(at)
    rows, years = len(projects.name), len(projects.years)
    tax, dividend = np.zeros((2, years, 3, rows), dtype=np.int64)
    recovered, lifted = np.zeros((2, years, rows), dtype=np.int64)
    leaving, owed = np.zeros((2, years, len(contracts)), dtype=np.int64)
    statistics = np.zeros((years, len(STATISTICS), 2, rows), dtype=np.int64)
    room = np.zeros((years, 2, rows), dtype=np.int64)
    tops_up, leaves, equity = (
        bool(each.any()) for each in (deal.tops_up, deal.leaves, deal.equity)
    )
    for t, year in enumerate(projects.years):
        clock, tax[t], recovered[t] = share(at, state, t)
        owed[t], room[t] = state.owed, room_left(at, state)
        if tops_up:
            lifted[t] = top_up(at, state, clock)
        if leaves:
            leaving[t] = exit_payment(at, state, year)
        if equity:
            dividend[t] = dividends(at, clock, projects.profit[:, t])
        for m in measures:
            statistics[t, m] = counted(at, clock, projects.statistics[m, :, t], m)
    return Ledger(
        tuple(contracts),
        projects,
        at.covered,
        *(
            np.moveaxis(yearly, 0, -1)
            for yearly in (tax, recovered, lifted, leaving, dividend, statistics, owed, room)
        ),
    )


def ledger_frame(ledger: Ledger) -> pl.DataFrame:
    """The ledger as a long table.

    Columns contract, home, host, project, eligible, year, tax_home, tax_host, tax_third, recovered,
    top_up, dividend_home, dividend_host, dividend_third in fen, and each statistic of home and
    host as gdp_home, gdp_host and so on.
    """
    rows, years = ledger.projects.outlay.shape
    of = ledger.projects.contract
    parties = ("home", "host", "third")

    def by_row(values: Sequence[object]) -> list[object]:
        return [value for value in values for _ in range(years)]

    return pl.DataFrame(
        {
            "contract": by_row([ledger.contracts[c].name for c in of]),
            "home": by_row([ledger.contracts[c].home for c in of]),
            "host": by_row([ledger.contracts[c].host for c in of]),
            "project": by_row(ledger.projects.name),
            "eligible": np.repeat(ledger.eligible, years),
            "year": list(ledger.projects.years) * rows,
            **{f"tax_{party}": ledger.tax[s].ravel() for s, party in enumerate(parties)},
            "recovered": ledger.recovered.ravel(),
            "top_up": ledger.top_up.ravel(),
            **{f"dividend_{party}": ledger.dividends[s].ravel() for s, party in enumerate(parties)},
            **{
                f"{name}_{party}": ledger.statistics[m, s].ravel()
                for m, name in enumerate(STATISTICS)
                for s, party in enumerate(parties[:2])
            },
        }
    )
