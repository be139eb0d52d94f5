"""What one year of contracts comes to, and what it hands on to the next.

The order in which a year's tax is shared is told in `ledger`.
"""

from dataclasses import dataclass

import numpy as np

from yanzhen.modes.coconstruction.contract.rounding import Integers, apportion, divide, nearest
from yanzhen.modes.coconstruction.settlement.projects import Booleans, Projects
from yanzhen.modes.coconstruction.settlement.term_arrays import NEVER, Clauses, by_row

HOME, HOST, THIRD = range(3)
ALL_HOST = np.array([[0], [1], [0]])


@dataclass(frozen=True)
class Settlement:
    """Contracts and their projects, as every year of them needs them.

    Attributes
    ----------
    deal : the terms of each contract
    row : (N,) those of the contract of each row
    of, starts : (N,) number of the contract of each row, (C,) first row of each contract
    projects : the rows
    covered : (N,) whether a project falls under its contract
    parties : 3 where a third party receives a part of any tax, 2 where only home and host do
    shared_kinds, local : (T, N) local tax of the kinds that are shared, and of all
    outlay : (T, N) what the home spends
    spends : (C,) whether the home spends anything, in whatever year
    refunded : whether more was refunded than paid in any year
    """

    deal: Clauses
    row: Clauses
    of: Integers
    starts: Integers
    projects: Projects
    covered: Booleans
    parties: int
    shared_kinds: Integers
    local: Integers
    outlay: Integers
    spends: Booleans
    refunded: bool


def settlement_of(deal: Clauses, projects: Projects, covered: Booleans) -> Settlement:
    """Prepare contracts and projects, already checked, for their years."""
    row = by_row(deal, projects.contract)
    kinds = row.kinds.astype(np.int64)
    return Settlement(
        deal=deal,
        row=row,
        of=projects.contract,
        starts=projects.starts,
        projects=projects,
        covered=covered,
        parties=3 if deal.parts[THIRD].any() else 2,
        shared_kinds=np.einsum("knt,nk->tn", projects.local_tax, kinds),
        local=np.einsum("knt->tn", projects.local_tax),
        outlay=np.ascontiguousarray(projects.outlay.T),
        spends=np.add.reduceat(projects.outlay.sum(axis=1), projects.starts) > 0,
        refunded=bool((projects.local_tax < 0).any()),
    )


@dataclass
class State:
    """What a year hands on to the next."""

    owed: Integers
    spent: Integers
    received: Integers
    begun: Integers
    room: Integers
    group_room: Integers
    contributed: Integers
    carried: Integers


@dataclass(frozen=True)
class Clock:
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


def first_state(at: Settlement) -> State:
    """Nothing received yet, and all room under the caps; `NEVER` begun."""
    width = at.projects.tax_before.shape[2]
    recent = np.arange(width)[None] >= width - at.row.cap_years[:, None]
    before = np.einsum("knb,nk->nb", at.projects.tax_before, at.row.kinds.astype(np.int64))
    own_cap = np.maximum((before * recent).sum(axis=1), 0)
    boundless = np.iinfo(np.int64).max
    contracts = at.starts.size
    return State(
        owed=np.zeros(contracts, dtype=np.int64),
        spent=np.zeros(contracts, dtype=np.int64),
        received=np.zeros(contracts, dtype=np.int64),
        begun=np.full(contracts, NEVER * 10),
        room=np.where(at.row.cap_years >= 0, own_cap, boundless),
        group_room=np.where(at.deal.cap_amount >= 0, at.deal.cap_amount, boundless),
        contributed=np.zeros(at.of.size, dtype=np.int64),
        carried=np.zeros(at.of.size, dtype=np.int64),
    )


def share(at: Settlement, state: State, t: int) -> tuple[Clock, Integers, Integers]:
    """Share the tax of a year: (3, N) what each party receives, (N,) what of it repays outlay."""
    row, projects, starts, year = at.row, at.projects, at.starts, at.projects.first_year + t
    held = at.covered & (year >= row.start) & (year <= row.last) & (year <= projects.exit)
    in_force = held & (year >= projects.arrival)
    clock_year = _clock_year(at, state, year)
    limit = _limit(at, state)
    open_rows = in_force & (clock_year < limit)
    paid = np.where(open_rows, at.shared_kinds[t], 0)
    shared = _less_refunds(at, state, open_rows, clock_year, paid) if at.refunded else paid
    kept = _stock(at, shared)
    shareable = shared - kept.sum(axis=0)

    spent = np.add.reduceat(np.where(held, at.outlay[t], 0), starts)
    state.spent += spent
    state.owed += np.where(at.deal.recovers, spent, 0)
    repaid = _repay(at, state, shareable)
    _begin(at, state, shareable - repaid, year)

    if row.from_recovery.any():
        clock_year = _clock_year(at, state, year)
    sharing = open_rows & (clock_year >= 0) & (clock_year < limit)
    parts = row.parts[:, np.arange(at.of.size), _period(at, clock_year)]
    received = np.zeros((3, at.of.size), dtype=np.int64)
    received[: at.parties] = divide(
        shareable - repaid, np.where(sharing, parts, ALL_HOST)[: at.parties]
    )
    capped = _capped(at, state, received[HOME])
    received[HOST] += at.local[t] - shared + received[HOME] - capped + kept[HOST]
    received[HOME] = capped + repaid + kept[HOME]

    state.room -= np.where(row.cap_years >= 0, capped, 0)
    state.received += np.add.reduceat(capped + repaid, starts)
    state.group_room -= np.where(at.deal.cap_amount >= 0, np.add.reduceat(capped, starts), 0)
    state.contributed += shareable
    return Clock(in_force, sharing, clock_year), received, repaid


def _less_refunds(
    at: Settlement, state: State, open_rows: Booleans, clock_year: Integers, paid: Integers
) -> Integers:
    """(N,) what is left of the tax of a year after refunds, of it and carried from earlier years.

    Refunds are carried from years in which the home takes part of what is paid: years of sharing
    and of recovery.
    """
    takes_part = open_rows & ((clock_year >= 0) | at.row.recovers)
    net = paid + np.where(takes_part, state.carried, 0)
    state.carried = np.where(takes_part, np.minimum(net, 0), state.carried)
    left: Integers = np.maximum(net, 0)
    return left


def _clock_year(at: Settlement, state: State, year: int) -> Integers:
    """(N,) years of sharing gone by at the beginning of a year, −1 before the first."""
    row = at.row
    production = np.maximum(at.projects.production_year, row.start)
    first = np.where(row.from_production, production, row.start)
    first = np.where(row.from_recovery, state.begun[at.of], first)
    gone: Integers = np.maximum(year - first, -1)
    return gone


def _missed(at: Settlement, state: State) -> Booleans:
    """(N,) whether a row is under a cap that is not reached."""
    capped = (at.deal.cap_years >= 0) | (at.deal.cap_amount >= 0)
    missed: Booleans = (capped & (state.group_room > 0))[at.of] & (state.room > 0)
    return missed


def _limit(at: Settlement, state: State) -> Integers:
    """(N,) years of sharing, with their extension where no cap is reached as the year begins."""
    if not at.deal.extension.any():
        return at.row.total
    limit: Integers = at.row.total + np.where(_missed(at, state), at.row.extension, 0)
    return limit


def _period(at: Settlement, clock_year: Integers) -> Integers:
    """(N,) period of a year of sharing; the last one in the extension."""
    last = at.row.ends.shape[1] - 1
    gone: Integers = (clock_year[:, None] >= at.row.ends[:, :last]).sum(axis=1)
    return gone


def _stock(at: Settlement, shared: Integers) -> Integers:
    """(2, N) of the tax, what stays with home and host because they had it before."""
    if not at.deal.increment.any():
        return np.zeros((2, shared.size), dtype=np.int64)
    before = np.stack([at.projects.stock_home, at.projects.stock_host])
    before = np.where(at.row.increment, before, 0)
    total = before.sum(axis=0)
    return divide(np.minimum(shared, total), np.where(total > 0, before, ALL_HOST[:2]))


def _repay(at: Settlement, state: State, shareable: Integers) -> Integers:
    """(N,) what repays the home's outlay, drawn from the projects in proportion."""
    if not at.deal.recovers.any():
        return np.zeros_like(shareable)
    over, under = at.row.recovery_part
    offered = np.where(at.row.recovers, nearest(shareable, over, under), 0)
    pool = np.add.reduceat(offered, at.starts)
    paid = np.minimum(np.minimum(pool, state.owed), state.group_room)
    state.owed -= paid
    state.group_room -= np.where(at.deal.cap_amount >= 0, paid, 0)
    return apportion(paid, offered, at.starts)


def _begin(at: Settlement, state: State, left: Integers, year: int) -> None:
    """Note the first year in which the outlay is repaid and something is left to share.

    Outlay that is still to come does not hold it up once something was spent and repaid.
    """
    something_left = np.add.reduceat(left, at.starts) > 0
    ready = (state.owed == 0) & something_left & ((state.spent > 0) | ~at.spends)
    state.begun = np.where(ready, np.minimum(state.begun, year), state.begun)


def _capped(at: Settlement, state: State, home: Integers) -> Integers:
    """(N,) what of the home's share the caps leave it."""
    allowed = np.minimum(home, state.room)
    if not (at.deal.cap_amount >= 0).any():
        return allowed
    wanted = np.add.reduceat(allowed, at.starts)
    return apportion(np.minimum(wanted, np.maximum(state.group_room, 0)), allowed, at.starts)


def room_left(at: Settlement, state: State) -> Integers:
    """(2, N) what each project's own cap and its contract's still leave the home."""
    own = np.where(at.row.cap_years >= 0, state.room, -1)
    return np.stack([own, np.where(at.row.cap_amount >= 0, state.group_room[at.of], -1)])


def top_up(at: Settlement, state: State, clock: Clock) -> Integers:
    """(N,) the one payment in the year after the last year of sharing."""
    deal, row, of, starts = at.deal, at.row, at.of, at.starts
    due = clock.in_force & row.tops_up & _missed(at, state)
    due &= clock.year == row.total + row.extension
    over, under = deal.top_up_part
    own = due & (row.cap_years >= 0)
    part = nearest(np.where(own, state.room, 0), over[of], under[of])
    paid = np.where(own, np.where(row.top_up_amount >= 0, row.top_up_amount, part), 0)

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


def exit_payment(at: Settlement, state: State, year: int) -> Integers:
    """(C,) what the host repays of the outlay that the home's receipts have not covered."""
    over, under = at.deal.exit_part
    leaving = at.deal.leaves & (year == at.deal.last)
    uncovered = np.maximum(state.spent - state.received, 0)
    return np.where(leaving, nearest(uncovered, over, under), 0)


def dividends(at: Settlement, clock: Clock, profit: Integers) -> Integers:
    """(3, N) dividends of the joint company."""
    paid_from = np.where(clock.in_force & at.row.equity, np.maximum(profit, 0), 0)
    over, under = at.row.payout_part
    return divide(nearest(paid_from, over, under), at.row.equity_parts)


def counted(at: Settlement, clock: Clock, amounts: Integers, measure: int) -> Integers:
    """(2, N) one statistic of home and host; the host's where nothing is shared."""
    holds = clock.sharing | (clock.in_force & at.row.equity)
    return divide(amounts, np.where(holds, at.row.statistics[measure], ALL_HOST[:2]))
