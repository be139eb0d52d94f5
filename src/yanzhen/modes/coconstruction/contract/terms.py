"""A contract between a home region and a host region as data: every term of it.

Ratios are kept as they are negotiated, in whole parts (60:40), so that nothing is lost to decimals;
money is in fen.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, get_args

TAX_KINDS = ("value_added_tax", "enterprise_income_tax", "business_tax", "other_local_tax")
"""Kinds of tax; the last stands for all taxes that are wholly local."""
STATISTICS = ("gdp", "output", "energy", "investment")
CONDITIONS = ("government_led", "recommended_by_home")
Base = Literal["all", "increment"]
Clock = Literal["contract", "production", "recovery"]
BASES: tuple[Base, ...] = get_args(Base)
CLOCKS: tuple[Clock, ...] = get_args(Clock)


@dataclass(frozen=True)
class Split:
    """A ratio home : host : third party in whole parts."""

    home: int
    host: int
    third: int = 0

    def __str__(self) -> str:
        """Return the ratio as it is written in a contract, the third party only where it shares."""
        parts = (self.home, self.host, self.third)
        return ":".join(str(part) for part in (parts if self.third else parts[:2]))


@dataclass(frozen=True)
class Eligibility:
    """Which projects a contract covers; those that it doesn't stay wholly the host's.

    Attributes
    ----------
    least_average_tax : least local part of the contract's kinds of tax, in fen, that the project
        paid on average over the years before; that very amount is enough; None for no such rule
    years_before : how many years before the move
    conditions : of `CONDITIONS`, all of which must hold
    types : types of project, one of which it must be; empty for any
    least_investment : least that it invests at the host over the years settled, in the unit of its
        investment; that very sum is enough; None for no such rule
    """

    least_average_tax: int | None = None
    years_before: int = 3
    conditions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    least_investment: int | None = None


@dataclass(frozen=True)
class Period:
    """Years in which one ratio holds; None for years without end."""

    years: int | None
    split: Split


@dataclass(frozen=True)
class Recovery:
    """Priority recovery: the home's outlay is repaid before anything is shared.

    Attributes
    ----------
    share : part of the contract's revenue that goes first to repayment; the rest is shared
    """

    share: Fraction = Fraction(1)


@dataclass(frozen=True)
class Cap:
    """Most that the home may receive in all, repayment of its outlay included.

    Attributes
    ----------
    amount : fen for the whole contract, or None
    tax_before_years : each project's local tax of so many years before its move, or None
    """

    amount: int | None = None
    tax_before_years: int | None = None


@dataclass(frozen=True)
class TopUp:
    """One payment by the third party when the cap was not reached after all years of sharing.

    Attributes
    ----------
    share_of_shortfall : part of what is missing to the cap, or None
    amount : fen, for each project where the cap is each project's; or None
    """

    share_of_shortfall: Fraction | None = None
    amount: int | None = None


@dataclass(frozen=True)
class Exit:
    """How a party may leave.

    Attributes
    ----------
    earliest_year : first year of the contract, counted from 1, in which notice may be given
    notice_years : full years for which the contract still holds after the year of the notice
    outlay_repaid : part of the home's outlay that its receipts have not covered yet, paid by the
        host to the home in the last year
    """

    earliest_year: int = 1
    notice_years: int = 0
    outlay_repaid: Fraction = Fraction(0)


@dataclass(frozen=True)
class StatisticsSplit:
    """How each statistic is split between home and host; None: counted where it stands, the host.

    It holds in the years in which tax is shared, whether or not the cap is reached.
    """

    gdp: Split | None = None
    output: Split | None = None
    energy: Split | None = None
    investment: Split | None = None


@dataclass(frozen=True)
class Equity:
    """A joint company whose dividends are divided by shares, in place of a split of tax.

    Attributes
    ----------
    split : shares of the company
    payout : part of a year's profit that is paid out; a loss is not paid in
    """

    split: Split
    payout: Fraction = Fraction(1)


@dataclass(frozen=True)
class Terms:
    """All terms of a contract.

    Attributes
    ----------
    title_zh, title_en : name of the contract or scheme
    tax_kinds : kinds of tax, of `TAX_KINDS`, whose local part is shared
    base : `all` of that local part, or only its `increment` above each project's stock, which
        stays where it was
    counted_from : what starts the years of sharing: the `contract`, each project's reaching of
        `production` (if later than the contract), or the `recovery` of the home's outlay. The
        years begin in the year in which something is left to share
    periods : ratios in their order; when they are over, everything is the host's
    eligibility, recovery, cap, top_up, exit, statistics, equity : see there
    extension_years : more years at the last ratio where the cap was not reached
    third_party : who the third party is; empty where there is none
    sunset_years : years of the contract after which it ends whatever the other terms say
    most_parks : most contracts of the scheme that one home may have
    """

    title_zh: str
    title_en: str
    tax_kinds: tuple[str, ...] = ()
    base: str = "all"
    counted_from: str = "contract"
    periods: tuple[Period, ...] = ()
    eligibility: Eligibility = Eligibility()
    recovery: Recovery | None = None
    cap: Cap | None = None
    extension_years: int = 0
    top_up: TopUp | None = None
    third_party: str = ""
    sunset_years: int | None = None
    exit: Exit | None = None
    most_parks: int | None = None
    statistics: StatisticsSplit = StatisticsSplit()
    equity: Equity | None = None

    @property
    def years_of_sharing(self) -> int | None:
        """Years of all periods, without extension; None where the last has no end."""
        years = [period.years for period in self.periods]
        return None if None in years else sum(year for year in years if year is not None)

    @property
    def has_third_party(self) -> bool:
        """Whether a third party pays or receives anything."""
        splits = [period.split for period in self.periods]
        splits += [] if self.equity is None else [self.equity.split]
        return self.top_up is not None or any(split.third for split in splits)

    def with_splits(self, changed: Callable[[Split], Split]) -> "Terms":
        """The same with each ratio of its periods and of the joint company changed."""
        periods = tuple(replace(period, split=changed(period.split)) for period in self.periods)
        equity = self.equity
        if equity is not None:
            equity = replace(equity, split=changed(equity.split))
        return replace(self, periods=periods, equity=equity)


@dataclass(frozen=True)
class Contract:
    """Terms agreed by two regions.

    Attributes
    ----------
    name : how tables call it
    home, host : regions
    start_year : first year
    exit_notice : year in which a party gives notice, None where nobody does
    """

    name: str
    home: str
    host: str
    start_year: int
    terms: Terms
    exit_notice: int | None = None
