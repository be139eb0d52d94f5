"""The waterfall of a park: what comes in each year, and who is paid first.

Works and operating cost are paid before anybody else, for without them there is no income; then the
claims by rank, interest of a tranche before its principal. A reserve is drawn on before a payment
is missed, and filled again after all claims. What is missed stays owed: interest as arrears without
interest of their own, principal in a balance that bears interest. What is left is kept until the
works are done and every tranche has begun to be repaid; from then on it goes to the owners.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yanzhen.finance.park.tranches import Tranche, agreed_service, interest, repayments
from yanzhen.finance.products.schedule import part_of

PARTS = ("interest", "principal")


@dataclass(frozen=True)
class Park:
    """What a park pays and receives, in fen by year.

    Attributes
    ----------
    works : of infrastructure
    income, operating : rents and land sales; cost of running it
    given : equity and grants
    tranches : bonds and loans, no rank twice
    reserve_share : of the next year's debt service that is kept
    """

    works: Mapping[int, int]
    income: Mapping[int, int]
    operating: Mapping[int, int]
    given: Mapping[int, int]
    tranches: tuple[Tranche, ...]
    reserve_share: float = 0.0


@dataclass(frozen=True)
class Claim:
    """What is due to a tranche in a year, in fen.

    Attributes
    ----------
    part : of `PARTS`
    available : what is there for it after all claims before it, the reserve included
    due : with what was missed before
    short : what is missed, and stays owed
    balance : principal owed at the end of the year
    """

    year: int
    rank: int
    tranche: str
    part: str
    available: int
    due: int
    paid: int
    short: int
    balance: int


@dataclass(frozen=True)
class Year:
    """A year of a park, in fen.

    Attributes
    ----------
    gap : of works and operating cost that nothing pays for
    available : income less operating cost, for debt service
    due : debt service of the year, without what was missed before
    reserve, cash : kept at the end
    distributed : to the owners
    debt : owed at the start, before what is drawn
    debt_rate : its mean rate
    dscr : debt-service cover, available to due; None where nothing is due
    llcr : loan-life cover, the present value of what is available until the last repayment, at the
        mean rate of the debt, to the debt; None where there is none or more is drawn
    """

    year: int
    drawn: int
    given: int
    works: int
    income: int
    operating: int
    gap: int
    available: int
    due: int
    paid: int
    short: int
    reserve: int
    cash: int
    distributed: int
    debt: int
    debt_rate: float | None
    dscr: float | None
    llcr: float | None


@dataclass(frozen=True)
class _Owed:
    """What a tranche is owed: principal, and what was missed of interest and of principal."""

    tranche: Tranche
    balance: int = 0
    arrears: int = 0
    late: int = 0


def waterfall(park: Park) -> tuple[list[Year], list[Claim]]:
    """Return every year of a park, and every claim by year and rank.

    Raises
    ------
    ValueError
        If two tranches hold one rank.
    """
    ranked = sorted(park.tranches, key=lambda tranche: tranche.rank)
    if len({tranche.rank for tranche in ranked}) < len(ranked):
        raise ValueError("two tranches of one rank")
    service = _by_year(agreed_service(tranche) for tranche in ranked)
    owed = [_Owed(tranche) for tranche in ranked]
    years: list[Year] = []
    claims: list[Claim] = []
    kept_until = max([*park.works, *(tranche.first_repayment for tranche in ranked)], default=0)
    cash = reserve = 0
    for year in range(*_span(park)):
        opened = _opened(park, year, cash, owed)
        new = [_due_now(each, year) for each in owed]
        there = max(cash + _flow(opened), 0) + reserve
        owed, rows, left = _paid(owed, new, year, there)
        claims += rows
        reserve = min(left, part_of(service.get(year + 1, 0), park.reserve_share))
        cash = left - reserve if year < kept_until else 0
        due = sum(map(sum, new))
        years.append(
            replace(
                opened,
                due=due,
                paid=sum(row.paid for row in rows),
                short=sum(row.short for row in rows),
                reserve=reserve,
                cash=cash,
                distributed=left - reserve - cash,
                dscr=opened.available / due if due else None,
            )
        )
    return [replace(each, llcr=_llcr(each, years, ranked)) for each in years], claims


def _opened(park: Park, year: int, cash: int, owed: Sequence[_Owed]) -> Year:
    """A year before its claims are paid."""
    income, operating = park.income.get(year, 0), park.operating.get(year, 0)
    debt = sum(each.balance for each in owed)
    opened = Year(
        year=year,
        drawn=sum(each.tranche.drawn.get(year, 0) for each in owed),
        given=park.given.get(year, 0),
        works=park.works.get(year, 0),
        income=income,
        operating=operating,
        gap=0,
        available=income - operating,
        due=0,
        paid=0,
        short=0,
        reserve=0,
        cash=0,
        distributed=0,
        debt=debt,
        debt_rate=sum(each.balance * each.tranche.rate for each in owed) / debt if debt else None,
        dscr=None,
        llcr=None,
    )
    return replace(opened, gap=max(-cash - _flow(opened), 0))


def _flow(year: Year) -> int:
    """What is there for claims beside what was kept."""
    return year.drawn + year.given + year.available - year.works


def _due_now(owed: _Owed, year: int) -> tuple[int, int]:
    """Interest and principal of a year, without what was missed before."""
    drawn = owed.tranche.drawn.get(year, 0)
    principal = repayments(owed.tranche).get(year, 0)
    return interest(owed.tranche, owed.balance, drawn), principal


def _paid(
    owed: Sequence[_Owed], new: Sequence[tuple[int, int]], year: int, there: int
) -> tuple[list[_Owed], list[Claim], int]:
    """Pay the claims of a year by rank; what is owed after it, the claims, and what is left."""
    after, claims = [], []
    for each, (interest_due, principal_due) in zip(owed, new, strict=True):
        due = (each.arrears + interest_due, each.late + principal_due)
        paid = (min(due[0], there), min(due[1], max(there - due[0], 0)))
        balance = each.balance + each.tranche.drawn.get(year, 0) - paid[1]
        for k, part in enumerate(PARTS):
            if due[k]:
                rest = there - (paid[0] if k else 0)
                row = (rest, due[k], paid[k], due[k] - paid[k], balance)
                claims.append(Claim(year, each.tranche.rank, each.tranche.name, part, *row))
        there -= sum(paid)
        after.append(
            replace(each, balance=balance, arrears=due[0] - paid[0], late=due[1] - paid[1])
        )
    return after, claims, there


def _llcr(year: Year, years: Sequence[Year], tranches: Sequence[Tranche]) -> float | None:
    """Loan-life cover at the start of a year, all being drawn."""
    if year.debt_rate is None or year.year <= max(max(each.drawn) for each in tranches):
        return None
    last = max(tranche.last_year for tranche in tranches)
    value = sum(
        each.available / (1.0 + year.debt_rate) ** (each.year - year.year + 1)
        for each in years
        if year.year <= each.year <= last
    )
    return value / year.debt


def _by_year(flows: Iterator[dict[int, int]]) -> dict[int, int]:
    total: dict[int, int] = {}
    for each in flows:
        for year, amount in each.items():
            total[year] = total.get(year, 0) + amount
    return total


def _span(park: Park) -> tuple[int, int]:
    """First year, and the one after the last."""
    years = {
        year for each in (park.works, park.income, park.operating, park.given) for year in each
    }
    for tranche in park.tranches:
        years |= {*tranche.drawn, tranche.last_year}
    return min(years), max(years) + 1
