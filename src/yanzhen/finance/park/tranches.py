"""Money lent to a park: who stands first, what is due as agreed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from yanzhen.finance.products.schedule import part_of
from yanzhen.modes.coconstruction.contract.rounding import divide


@dataclass(frozen=True)
class Tranche:
    """A bond or a loan.

    Attributes
    ----------
    name : code
    rank : 1 stands before 2
    rate : interest a year, on the balance at its start and on half of what is drawn in it
    drawn : fen by year
    first_repayment : year of the first repayment of principal
    repayments : equal ones, one a year
    """

    name: str
    rank: int
    rate: float
    drawn: Mapping[int, int]
    first_repayment: int
    repayments: int

    @property
    def last_year(self) -> int:
        """Year of the last repayment."""
        return self.first_repayment + self.repayments - 1


def spread(amount: int, first: int, last: int) -> dict[int, int]:
    """Return an amount in equal parts over years; the fen that rounding leaves come first."""
    years = range(first, last + 1)
    parts = np.ones((len(years), 1), dtype=np.int64)
    shares = divide(np.array([amount], dtype=np.int64), parts)[:, 0]
    return dict(zip(years, shares.tolist(), strict=True))


def repayments(tranche: Tranche) -> dict[int, int]:
    """Return the principal due as agreed, by year."""
    whole = sum(tranche.drawn.values())
    return spread(whole, tranche.first_repayment, tranche.last_year)


def interest(tranche: Tranche, balance: int, drawn: int) -> int:
    """Return the interest of a year on its opening balance and on what is drawn, half a year."""
    return part_of(balance, tranche.rate) + part_of(drawn, tranche.rate / 2)


def agreed_service(tranche: Tranche) -> dict[int, int]:
    """Return interest and principal by year, if everything is paid as agreed."""
    repaid, balance, service = repayments(tranche), 0, dict[int, int]()
    for year in range(min(tranche.drawn), tranche.last_year + 1):
        drawn, due = tranche.drawn.get(year, 0), repaid.get(year, 0)
        service[year] = interest(tranche, balance, drawn) + due
        balance += drawn - due
    return service
