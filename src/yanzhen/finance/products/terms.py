"""Terms of financial products as data: one frozen dataclass a kind.

Rates and fees are shares (0.0435 a year), tenors whole months. Each kind says who is the provider:
the party whose money or promise it is. The flows of a product are what it adds: an enterprise's
purchase of a machine, its buyer's payment and a park's rents happen with and without it.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

PARTIES = (
    "enterprise", "lender", "guarantor", "reguarantor", "investor", "park", "manager", "fund",
    "treasury", "market",
)  # fmt: skip
"""`market` is whoever buys a stake when its holder leaves."""
PUBLIC = ("fund", "treasury")
"""Parties whose money is public."""


@dataclass(frozen=True)
class Calendar:
    """How days are counted, and what happens to a payment that falls on a day of rest.

    Attributes
    ----------
    day_count : of `yanzhen.finance.products.schedule.DAY_COUNTS`
    convention : of `yanzhen.finance.products.schedule.CONVENTIONS`
    holidays : days of rest beside Saturdays and Sundays
    """

    day_count: str = "30/360"
    convention: str = "unadjusted"
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True)
class Risk:
    """Default of whoever owes, the same in every year of survival.

    Attributes
    ----------
    default_rate : share of those alive at the start of a year that default in it
    recovery : share of what is owed that comes in afterwards
    recovery_lag_months : from the end of that year
    """

    default_rate: float = 0.0
    recovery: float = 0.0
    recovery_lag_months: int = 0


@dataclass(frozen=True, kw_only=True)
class Product:
    """What the terms of every kind say.

    Attributes
    ----------
    product : code
    tenor_months : from the first payment to the last
    provider : party whose money or promise it is
    calendar, risk : see there
    market_rate : what the market asks a year for the like; None for that of the discount rates
    """

    product: str
    tenor_months: int
    provider: str = "lender"
    calendar: Calendar = Calendar()
    risk: Risk = Risk()
    market_rate: float | None = None

    @property
    def months(self) -> int:
        """Months from its first payment to its last."""
        return self.tenor_months


@dataclass(frozen=True, kw_only=True)
class Loan(Product):
    """A transfer loan.

    Attributes
    ----------
    rate : nominal interest a year
    payments_per_year : 1, 2, 4 or 12
    repayment : `annuity` (level payments), `equal_principal` or `bullet`
    grace_months : at first, in which only interest is paid
    fee : share of the amount, paid at the start
    interest_subsidy : share of each interest payment that the treasury pays
    """

    rate: float
    payments_per_year: int = 12
    repayment: str = "annuity"
    grace_months: int = 0
    fee: float = 0.0
    interest_subsidy: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Guarantee(Product):
    """A loan of a lender with a guarantee, and the guarantee's own.

    Attributes
    ----------
    loan : what is guaranteed
    guarantee_fee : share a year of the guaranteed balance, paid at the start of each year
    cover : part of a default that the guarantor pays to the lender
    fee_subsidy : part of the fee that the treasury pays
    reguarantor : party behind the guarantor
    reguarantee_share : part of what the guarantor pays that the reguarantor pays to it
    reguarantee_fee : part of the guarantee fee that is passed on
    """

    loan: Loan
    guarantee_fee: float
    provider: str = "guarantor"
    cover: float = 1.0
    fee_subsidy: float = 0.0
    reguarantor: str = "reguarantor"
    reguarantee_share: float = 0.0
    reguarantee_fee: float = 0.0


@dataclass(frozen=True, kw_only=True)
class SupplyChain(Product):
    """Receivables financed one after the other; the default is the buyer's.

    Attributes
    ----------
    rate : nominal interest a year on what is advanced
    tenor_months : of one receivable
    turns : receivables, each beginning when that before is paid
    advance_share : part of a receivable's face that is advanced
    fee : share of the face, paid with each advance
    interest_paid : `at_maturity` or `in_advance`
    recourse : part of what the buyer fails to pay that the enterprise makes good
    """

    rate: float
    turns: int = 1
    advance_share: float = 0.8
    fee: float = 0.0
    interest_paid: str = "at_maturity"
    recourse: float = 0.0

    @property
    def months(self) -> int:
        """Months of all receivables together."""
        return self.tenor_months * self.turns


@dataclass(frozen=True, kw_only=True)
class Lease(Product):
    """Equipment leased until the lessee buys it.

    Attributes
    ----------
    rate : implicit in the rents, nominal a year
    payments_per_year : 1, 2, 4 or 12
    rent_in_advance : whether rents are paid at the start of their period
    down_payment : share of the price
    deposit : share of the price, held without interest and returned at the end
    residual : share of the price at which the lessee buys at the end
    fee : share of the price, paid at the start
    """

    rate: float
    payments_per_year: int = 12
    rent_in_advance: bool = False
    down_payment: float = 0.0
    deposit: float = 0.0
    residual: float = 0.0
    fee: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Equity(Product):
    """A stake that is held for a time.

    Attributes
    ----------
    exit : `buyback` by the enterprise at the amount with interest, or `sale` to the market
    dividend_rate : expected dividends a year, share of the amount
    rate : interest a year of the buy-back, compounded yearly
    exit_multiple : price of the sale, times the amount
    concession : part of the gain on leaving that is given up to the buyer
    """

    exit: str
    provider: str = "fund"
    dividend_rate: float = 0.0
    rate: float = 0.0
    exit_multiple: float = 1.0
    concession: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Reit(Product):
    """A park sold to a real-estate investment trust, valued to a horizon.

    Attributes
    ----------
    first_yield : net income of the first year, share of the issue
    growth : of that income a year
    payout : part of the income after the manager's fee that is distributed
    management_fee : part of the income
    retained : part of the units that the park keeps
    exit_yield : income of the year after the horizon to price of the units; 0: worth nothing then
    fee : of the issue, paid by the park to the manager
    """

    first_yield: float
    provider: str = "investor"
    growth: float = 0.0
    payout: float = 0.9
    management_fee: float = 0.0
    retained: float = 0.0
    exit_yield: float = 0.0
    fee: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Performance(Product):
    """Support that is repaid as far as jobs or output fall short at the end.

    Attributes
    ----------
    measure : `jobs` or `output`
    achieved : expected, as a share of the target
    tolerance : shortfall, as a share of the target, up to which nothing is repaid
    clawback : repaid per unit of shortfall, as a share of the amount, at most all of it
    rate : simple interest a year on what is repaid
    """

    measure: str
    provider: str = "treasury"
    achieved: float = 1.0
    tolerance: float = 0.0
    clawback: float = 1.0
    rate: float = 0.0


Terms = Loan | Guarantee | SupplyChain | Lease | Equity | Reit | Performance
KINDS: dict[str, type[Any]] = {
    "loan": Loan,
    "guarantee": Guarantee,
    "supply_chain": SupplyChain,
    "lease": Lease,
    "equity": Equity,
    "reit": Reit,
    "performance": Performance,
}
"""By the word that data have for them."""
PRICES: dict[type[Any], str] = {
    Loan: "rate",
    Guarantee: "guarantee_fee",
    SupplyChain: "rate",
    Lease: "rate",
    Equity: "rate",
    Reit: "first_yield",
}
"""The term by which the provider of a kind is paid."""


def with_price(terms: Terms, price: float) -> Terms:
    """Return the same terms with another price: interest, fee, first yield."""
    changed: dict[str, Any] = {PRICES[type(terms)]: price}
    return replace(terms, **changed)
