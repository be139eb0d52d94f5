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
from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.modes.coconstruction.contract.consistency import check_contracts, require
from yanzhen.modes.coconstruction.contract.rounding import Integers, apportion, divide, nearest
from yanzhen.modes.coconstruction.contract.terms import STATISTICS, Contract
from yanzhen.modes.coconstruction.settlement.projects import Booleans, Projects, check_projects
from yanzhen.modes.coconstruction.settlement.term_arrays import NEVER, Clauses, clauses_of, eligible

HOME, HOST, THIRD = range(3)
ALL_HOST = np.array([[0], [1], [0]])


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


@dataclass
class _State:
    """What a year hands on to the next."""

    owed: Integers
    spent: Integers
    received: Integers
    begun: Integers
    room: Integers
    group_room: Integers
    contributed: Integers
    carried: Integers


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
    deal = clauses_of(contracts)
    covered = eligible(contracts, projects)
    state = _first_state(deal, projects, len(contracts))
    local, outlay = _by_year(projects.local_tax), _by_year(projects.outlay)
    counted = np.flatnonzero(projects.statistics.any(axis=(1, 2))).tolist()
    rows, years = len(projects.name), len(projects.years)
    tax, dividends = np.zeros((2, years, 3, rows), dtype=np.int64)
    recovered, top_up = np.zeros((2, years, rows), dtype=np.int64)
    exit_payment, owed = np.zeros((2, years, len(contracts)), dtype=np.int64)
    statistics = np.zeros((years, len(STATISTICS), 2, rows), dtype=np.int64)
    room = np.zeros((years, 2, rows), dtype=np.int64)
    for t, year in enumerate(projects.years):
        clock, tax[t], recovered[t] = _share(
            deal, projects, covered, state, local[t], outlay[t], year
        )
        owed[t], room[t] = state.owed, _room_left(deal, projects, state)
        top_up[t] = _top_up(deal, projects, state, clock)
        exit_payment[t] = _exit_payment(deal, state, year)
        if deal.equity.any():
            dividends[t] = _dividends(deal, projects, clock, projects.profit[:, t])
        for m in counted:
            amounts = projects.statistics[m, :, t]
            statistics[t, m] = _counted(deal, projects, clock, amounts, m)
    return Ledger(
        tuple(contracts),
        projects,
        covered,
        *(
            np.moveaxis(yearly, 0, -1)
            for yearly in (tax, recovered, top_up, exit_payment, dividends, statistics, owed, room)
        ),
    )


def _by_year(array: Integers) -> Integers:
    """Bring the years to the front, each of them in one piece of memory."""
    return np.ascontiguousarray(np.moveaxis(array, -1, 0))


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


@dataclass(frozen=True)
class _Clock:
    """Where each row stands in a year.

    Attributes
    ----------
    in_force : (N,) eligible, and its contract in force
    sharing : (N,) in one of its years of sharing
    year : (N,) years of sharing gone by, −1 before the first
    """

    in_force: Booleans
    sharing: Booleans
    year: Integers


def _first_state(deal: Clauses, projects: Projects, contracts: int) -> _State:
    """Nothing received yet, and all room under the caps; `NEVER` begun."""
    of = projects.contract
    width = projects.tax_before.shape[2]
    recent = np.arange(width)[None] >= width - deal.cap_years[of][:, None]
    before = (projects.tax_before * deal.kinds[of].T[:, :, None]).sum(axis=0)
    own_cap = np.maximum((before * recent).sum(axis=1), 0)
    boundless = np.iinfo(np.int64).max
    return _State(
        owed=np.zeros(contracts, dtype=np.int64),
        spent=np.zeros(contracts, dtype=np.int64),
        received=np.zeros(contracts, dtype=np.int64),
        begun=np.full(contracts, NEVER * 10),
        room=np.where(deal.cap_years[of] >= 0, own_cap, boundless),
        group_room=np.where(deal.cap_amount >= 0, deal.cap_amount, boundless),
        contributed=np.zeros(of.size, dtype=np.int64),
        carried=np.zeros(of.size, dtype=np.int64),
    )


def _share(
    deal: Clauses,
    projects: Projects,
    covered: Booleans,
    state: _State,
    local: Integers,
    outlay: Integers,
    year: int,
) -> tuple[_Clock, Integers, Integers]:
    """Share the tax of a year: (3, N) what each party receives, (N,) what of it repays outlay."""
    of, starts = projects.contract, projects.starts
    held = covered & (year >= deal.start[of]) & (year <= deal.last[of]) & (year <= projects.exit)
    in_force = held & (year >= projects.arrival)
    clock_year = _clock_year(deal, projects, state, year)
    limit = _limit(deal, state, of)
    open_rows = in_force & (clock_year < limit)
    paid = np.where(open_rows, (local * deal.kinds[of].T).sum(axis=0), 0)
    shared = _less_refunds(deal, state, of, open_rows, clock_year, paid)
    kept = _stock(deal, projects, shared)
    shareable = shared - kept.sum(axis=0)

    spent = np.add.reduceat(np.where(held, outlay, 0), starts)
    state.spent += spent
    state.owed += np.where(deal.recovers, spent, 0)
    repaid = _repay(deal, projects, state, shareable)
    _begin(deal, projects, state, shareable - repaid, year)

    clock_year = _clock_year(deal, projects, state, year)
    sharing = open_rows & (clock_year >= 0) & (clock_year < limit)
    parts = deal.parts[:, of, _period(deal, of, clock_year)]
    received = divide(shareable - repaid, np.where(sharing, parts, ALL_HOST))
    capped = _capped(deal, projects, state, received[HOME])
    received[HOST] += local.sum(axis=0) - shared + received[HOME] - capped + kept[HOST]
    received[HOME] = capped + repaid + kept[HOME]

    state.room -= np.where(deal.cap_years[of] >= 0, capped, 0)
    state.received += np.add.reduceat(capped + repaid, starts)
    state.group_room -= np.where(deal.cap_amount >= 0, np.add.reduceat(capped, starts), 0)
    state.contributed += shareable
    return _Clock(in_force, sharing, clock_year), received, repaid


def _less_refunds(
    deal: Clauses,
    state: _State,
    of: Integers,
    open_rows: Booleans,
    clock_year: Integers,
    paid: Integers,
) -> Integers:
    """(N,) what is left of the tax of a year after refunds, of it and carried from earlier years.

    Refunds are carried from years in which the home takes part of what is paid: years of sharing
    and of recovery.
    """
    takes_part = open_rows & ((clock_year >= 0) | deal.recovers[of])
    net = paid + np.where(takes_part, state.carried, 0)
    state.carried = np.where(takes_part, np.minimum(net, 0), state.carried)
    left: Integers = np.maximum(net, 0)
    return left


def _clock_year(deal: Clauses, projects: Projects, state: _State, year: int) -> Integers:
    """(N,) years of sharing gone by at the beginning of a year, −1 before the first."""
    of = projects.contract
    production = np.maximum(projects.production_year, deal.start[of])
    first = np.where(deal.from_production[of], production, deal.start[of])
    first = np.where(deal.from_recovery[of], state.begun[of], first)
    gone: Integers = np.maximum(year - first, -1)
    return gone


def _missed(deal: Clauses, state: _State, of: Integers) -> Booleans:
    """(N,) whether a row is under a cap that is not reached."""
    capped = (deal.cap_years >= 0) | (deal.cap_amount >= 0)
    missed: Booleans = capped[of] & (state.room > 0) & (state.group_room[of] > 0)
    return missed


def _limit(deal: Clauses, state: _State, of: Integers) -> Integers:
    """(N,) years of sharing, with their extension where no cap is reached as the year begins."""
    limit: Integers = deal.total[of] + np.where(_missed(deal, state, of), deal.extension[of], 0)
    return limit


def _period(deal: Clauses, of: Integers, clock_year: Integers) -> Integers:
    """(N,) period of a year of sharing; the last one in the extension."""
    last = deal.ends.shape[1] - 1
    gone: Integers = (clock_year[:, None] >= deal.ends[of][:, :last]).sum(axis=1)
    return gone


def _stock(deal: Clauses, projects: Projects, shared: Integers) -> Integers:
    """(2, N) of the tax, what stays with home and host because they had it before."""
    of = projects.contract
    if not deal.increment.any():
        return np.zeros((2, shared.size), dtype=np.int64)
    before = np.stack([projects.stock_home, projects.stock_host])
    before = np.where(deal.increment[of], before, 0)
    total = before.sum(axis=0)
    return divide(np.minimum(shared, total), np.where(total > 0, before, ALL_HOST[:2]))


def _repay(deal: Clauses, projects: Projects, state: _State, shareable: Integers) -> Integers:
    """(N,) what repays the home's outlay, drawn from the projects in proportion."""
    if not deal.recovers.any():
        return np.zeros_like(shareable)
    of, starts = projects.contract, projects.starts
    over, under = deal.recovery_part[:, of]
    offered = np.where(deal.recovers[of], nearest(shareable, over, under), 0)
    pool = np.add.reduceat(offered, starts)
    paid = np.minimum(np.minimum(pool, state.owed), state.group_room)
    state.owed -= paid
    state.group_room -= np.where(deal.cap_amount >= 0, paid, 0)
    return apportion(paid, offered, starts)


def _begin(deal: Clauses, projects: Projects, state: _State, left: Integers, year: int) -> None:
    """Note the first year in which the outlay is repaid and something is left to share.

    Outlay that is still to come does not hold it up once something was spent and repaid.
    """
    starts = projects.starts
    something_left = np.add.reduceat(left, starts) > 0
    still_to_spend = np.add.reduceat(projects.outlay.sum(axis=1), starts) > 0
    ready = (state.owed == 0) & something_left & ((state.spent > 0) | ~still_to_spend)
    state.begun = np.where(ready, np.minimum(state.begun, year), state.begun)


def _capped(deal: Clauses, projects: Projects, state: _State, home: Integers) -> Integers:
    """(N,) what of the home's share the caps leave it."""
    starts = projects.starts
    allowed = np.minimum(home, state.room)
    limited = deal.cap_amount >= 0
    if not limited.any():
        return allowed
    wanted = np.add.reduceat(allowed, starts)
    return apportion(np.minimum(wanted, np.maximum(state.group_room, 0)), allowed, starts)


def _room_left(deal: Clauses, projects: Projects, state: _State) -> Integers:
    """(2, N) what each project's own cap and its contract's still leave the home."""
    of = projects.contract
    own = np.where(deal.cap_years[of] >= 0, state.room, -1)
    return np.stack([own, np.where(deal.cap_amount[of] >= 0, state.group_room[of], -1)])


def _top_up(deal: Clauses, projects: Projects, state: _State, clock: _Clock) -> Integers:
    """(N,) the one payment in the year after the last year of sharing."""
    if not deal.tops_up.any():
        return np.zeros_like(clock.year)
    of, starts = projects.contract, projects.starts
    due = clock.in_force & deal.tops_up[of] & _missed(deal, state, of)
    due &= clock.year == deal.total[of] + deal.extension[of]
    over, under = deal.top_up_part
    own = due & (deal.cap_years[of] >= 0)
    part = nearest(np.where(own, state.room, 0), over[of], under[of])
    fixed = deal.top_up_amount[of]
    paid = np.where(own, np.where(fixed >= 0, fixed, part), 0)

    of_contract = (np.add.reduceat(due.astype(np.int64), starts) > 0) & (deal.cap_amount >= 0)
    part = nearest(np.where(of_contract, state.group_room, 0), over, under)
    fixed = deal.top_up_amount
    whole = np.where(of_contract, np.where(fixed >= 0, fixed, part), 0)
    contributed = np.where(due, state.contributed, 0)
    nobody = np.add.reduceat(contributed, starts) == 0
    weight = np.where(nobody[of], due, contributed).astype(np.int64)
    paid += apportion(whole, weight, starts)
    state.received += np.add.reduceat(paid, starts)
    return paid


def _exit_payment(deal: Clauses, state: _State, year: int) -> Integers:
    """(C,) what the host repays of the outlay that the home's receipts have not covered."""
    over, under = deal.exit_part
    leaving = deal.leaves & (year == deal.last)
    uncovered = np.maximum(state.spent - state.received, 0)
    return np.where(leaving, nearest(uncovered, over, under), 0)


def _dividends(deal: Clauses, projects: Projects, clock: _Clock, profit: Integers) -> Integers:
    """(3, N) dividends of the joint company."""
    of = projects.contract
    paid_from = np.where(clock.in_force & deal.equity[of], np.maximum(profit, 0), 0)
    over, under = deal.payout_part[:, of]
    return divide(nearest(paid_from, over, under), deal.equity_parts[:, of])


def _counted(
    deal: Clauses, projects: Projects, clock: _Clock, amounts: Integers, measure: int
) -> Integers:
    """(2, N) one statistic of home and host; the host's where nothing is shared."""
    of = projects.contract
    holds = clock.sharing | (clock.in_force & deal.equity[of])
    return divide(amounts, np.where(holds, deal.statistics[measure][:, of], ALL_HOST[:2]))
