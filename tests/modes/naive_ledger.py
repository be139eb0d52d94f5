"""The ledger again, independently: plain Python integers and fractions, one project at a time."""

from fractions import Fraction

import numpy as np

from yanzhen.modes.coconstruction.contract.terms import (
    CONDITIONS,
    STATISTICS,
    TAX_KINDS,
    Contract,
    Split,
    Terms,
)
from yanzhen.modes.coconstruction.settlement.projects import Projects


def shares(amount: int, weights: list[int]) -> list[int]:
    """Hamilton's method by fractions: floors first, the largest remainders then."""
    total = sum(weights)
    exact = [Fraction(amount * weight, total) for weight in weights]
    found = [int(each) for each in exact]
    order = sorted(range(len(weights)), key=lambda k: (found[k] - exact[k], k))
    for k in order[: amount - sum(found)]:
        found[k] += 1
    return found


def rounded(exact: Fraction) -> int:
    return int(exact + Fraction(1, 2))


def among(amount: int, weights: list[int]) -> list[int]:
    return shares(amount, weights if any(weights) else [1] * len(weights))


def naive_settle(contract: Contract, projects: Projects) -> dict[str, np.ndarray]:
    """Settle one contract whose projects are all of the rows."""
    terms = contract.terms
    count, years = projects.outlay.shape
    tax = np.zeros((3, count, years), dtype=np.int64)
    recovered = np.zeros((count, years), dtype=np.int64)
    top_up = np.zeros((count, years), dtype=np.int64)
    exit_payment = np.zeros(years, dtype=np.int64)
    dividends = np.zeros((3, count, years), dtype=np.int64)
    statistics = np.zeros((len(STATISTICS), 2, count, years), dtype=np.int64)
    still_owed = np.zeros(years, dtype=np.int64)
    room_left = np.full((2, count, years), -1, dtype=np.int64)

    covered = [is_covered(terms, projects, i) for i in range(count)]
    last = contract.start_year + (terms.sunset_years or 10**9) - 1
    leaves = None
    if contract.exit_notice is not None and terms.exit is not None:
        leaves = contract.exit_notice + terms.exit.notice_years
        leaves = leaves if leaves < last else None
        last = min(last, leaves or last)
    lengths = [period.years for period in terms.periods]
    endless = None in lengths
    total = 10**9 if endless else sum(lengths)
    own_cap = [cap_of_project(terms, projects, i) for i in range(count)]
    received_by_project = [0] * count
    received = spent = owed = 0
    contributed = [0] * count
    refunds = [0] * count
    begun: int | None = None

    for t, year in enumerate(projects.years):
        in_force = contract.start_year <= year <= last
        missed = [
            (own_cap[i] is not None and received_by_project[i] < own_cap[i])
            or (
                (terms.cap is not None and terms.cap.amount is not None)
                and received < terms.cap.amount
            )
            for i in range(count)
        ]

        limit = [total + (terms.extension_years if missed[i] else 0) for i in range(count)]
        now = [years_gone(contract, projects, i, year, begun) for i in range(count)]
        here = [
            in_force and covered[i] and projects.arrival[i] <= year <= projects.exit[i]
            for i in range(count)
        ]
        if in_force:
            new = sum(
                int(projects.outlay[i, t])
                for i in range(count)
                if covered[i] and year <= projects.exit[i]
            )
            spent += new
            owed += new if terms.recovery is not None else 0
        stock, pool = {}, {}
        for i in range(count):
            local = sum(int(projects.local_tax[k, i, t]) for k in range(len(TAX_KINDS)))
            tax[1, i, t] = local
            if not (here[i] and terms.periods and now[i] < limit[i]):
                continue
            amount = sum(
                int(projects.local_tax[TAX_KINDS.index(kind), i, t]) for kind in terms.tax_kinds
            )
            tax[1, i, t] = local
            if now[i] >= 0 or terms.recovery is not None:
                amount, refunds[i] = amount - refunds[i], 0
                refunds[i] = max(-amount, 0)
            amount = max(amount, 0)
            before = [int(projects.stock_home[i]), int(projects.stock_host[i])]
            stock[i] = [0, 0]
            if terms.base == "increment" and sum(before):
                stock[i] = shares(min(amount, sum(before)), before)
            pool[i] = amount - sum(stock[i])
            tax[1, i, t] = local - amount
        repaid = {i: 0 for i in pool}
        if terms.recovery is not None and pool:
            offered = {i: rounded(pool[i] * terms.recovery.share) for i in pool}
            paid = min(sum(offered.values()), owed)
            if terms.cap is not None:
                paid = min(paid, terms.cap.amount - received)
            owed -= paid
            repaid = dict(zip(pool, among(paid, list(offered.values())), strict=True))
        left = sum(pool.values()) - sum(repaid.values())
        if begun is None and owed == 0 and left > 0 and (spent or not projects.outlay.any()):
            begun = year
            now = [years_gone(contract, projects, i, year, begun) for i in range(count)]

        wanted = {}
        for i in pool:
            k, parts = now[i], (0, 1, 0)
            if 0 <= k < limit[i]:
                split = period_split(terms, k)
                parts = (split.home, split.host, split.third)
            home, host, third = shares(pool[i] - repaid[i], list(parts))
            if own_cap[i] is not None:
                allowed = min(home, own_cap[i] - received_by_project[i])
                host, home = host + home - allowed, allowed
            wanted[i] = [home, host, third]
        if terms.cap is not None and terms.cap.amount is not None and pool:
            room = terms.cap.amount - received - sum(repaid.values())
            homes = [wanted[i][0] for i in pool]
            allowed = among(min(sum(homes), room), homes)
            for i, home in zip(pool, allowed, strict=True):
                wanted[i][1] += wanted[i][0] - home
                wanted[i][0] = home
        for i in pool:
            home, host, third = wanted[i]
            tax[0, i, t] = home + repaid[i] + stock[i][0]
            tax[1, i, t] += host + stock[i][1]
            tax[2, i, t] = third
            recovered[i, t] = repaid[i]
            received_by_project[i] += home
            received += home + repaid[i]
            contributed[i] += pool[i]

        still_owed[t] = owed
        for i in range(count):
            if own_cap[i] is not None:
                room_left[0, i, t] = own_cap[i] - received_by_project[i]
            if terms.cap is not None and terms.cap.amount is not None:
                room_left[1, i, t] = terms.cap.amount - received + int(top_up.sum())
        due = [
            i
            for i in range(count)
            if terms.top_up is not None
            and here[i]
            and missed[i]
            and now[i] == total + terms.extension_years
        ]
        if due and terms.cap.tax_before_years is not None:
            for i in due:
                short = own_cap[i] - received_by_project[i]
                top_up[i, t] = payment(terms, short)
        elif due:
            weights = [contributed[i] for i in due]
            whole = payment(terms, terms.cap.amount - received)
            for i, part in zip(due, among(whole, weights), strict=True):
                top_up[i, t] = part
        received += int(top_up[:, t].sum())
        if leaves == year:
            exit_payment[t] = rounded(max(spent - received, 0) * terms.exit.outlay_repaid)

        for i in range(count):
            holds = here[i]
            if terms.equity is not None and holds:
                profit = max(int(projects.profit[i, t]), 0)
                split = terms.equity.split
                paid = rounded(profit * terms.equity.payout)
                dividends[:, i, t] = shares(paid, [split.home, split.host, split.third])
            if terms.equity is None:
                holds = i in pool and 0 <= now[i] < limit[i]
            for m, name in enumerate(STATISTICS):
                split = getattr(terms.statistics, name)
                parts = [split.home, split.host] if holds and split else [0, 1]
                statistics[m, :, i, t] = shares(int(projects.statistics[m, i, t]), parts)
    return {
        "tax": tax,
        "recovered": recovered,
        "top_up": top_up,
        "exit_payment": exit_payment,
        "dividends": dividends,
        "statistics": statistics,
        "owed": still_owed,
        "room": room_left,
    }


def years_gone(contract: Contract, projects: Projects, i: int, year: int, begun: int | None) -> int:
    first: int | None = contract.start_year
    if contract.terms.counted_from == "production":
        first = max(int(projects.production_year[i]), contract.start_year)
    elif contract.terms.counted_from == "recovery":
        first = begun
    return -1 if first is None else max(year - first, -1)


def is_covered(terms: Terms, projects: Projects, i: int) -> bool:
    rule = terms.eligibility
    if rule.types and projects.type[i] not in rule.types:
        return False
    if not all(projects.conditions[CONDITIONS.index(name), i] for name in rule.conditions):
        return False
    invested = sum(int(each) for each in projects.statistics[STATISTICS.index("investment"), i])
    if rule.least_investment is not None and invested < rule.least_investment:
        return False
    if rule.least_average_tax is None:
        return True
    paid = tax_before(terms, projects, i, rule.years_before)
    return Fraction(paid, rule.years_before) >= rule.least_average_tax


def tax_before(terms: Terms, projects: Projects, i: int, years: int) -> int:
    kinds = [TAX_KINDS.index(kind) for kind in terms.tax_kinds]
    return sum(sum(int(x) for x in projects.tax_before[k, i][-years:]) for k in kinds)


def cap_of_project(terms: Terms, projects: Projects, i: int) -> int | None:
    if terms.cap is None or terms.cap.tax_before_years is None:
        return None
    return max(tax_before(terms, projects, i, terms.cap.tax_before_years), 0)


def period_split(terms: Terms, k: int) -> Split:
    for period in terms.periods:
        if period.years is None or k < period.years:
            return period.split
        k -= period.years
    return terms.periods[-1].split


def payment(terms: Terms, short: int) -> int:
    if terms.top_up.amount is not None:
        return terms.top_up.amount
    return rounded(short * terms.top_up.share_of_shortfall)
