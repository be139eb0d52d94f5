"""Contracts as arrays, a number or flag for each contract, so that many settle at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction

import numpy as np

from yanzhen.modes.coconstruction.contract.rounding import Integers
from yanzhen.modes.coconstruction.contract.terms import (
    CONDITIONS,
    STATISTICS,
    TAX_KINDS,
    Contract,
    Split,
    Terms,
)
from yanzhen.modes.coconstruction.settlement.projects import Booleans, Projects

NEVER = 10**6
"""A number of years that is never reached."""
AXIS = {"kinds": 0, "ends": 0, "parts": 1}
"""Where the contracts stand in arrays in which they are not last."""


@dataclass(frozen=True)
class Clauses:
    """Terms of C contracts with at most Q periods; `_part` arrays are (2, C), over and under.

    Attributes
    ----------
    kinds : (C, K) whether a kind of tax is shared
    increment, from_production, from_recovery, recovers : (C,)
    start, last : (C,) first and last year in force
    ends : (C, Q) years of sharing after which each period is over
    parts : (3, C, Q) ratio in each period; `ends` and `parts` of missing periods repeat the last
    total, extension : (C,) years of all periods, `NEVER` without end, and of the extension
    cap_amount, cap_years : (C,) −1 where there is none
    tops_up : (C,)
    top_up_amount : (C,) −1 where it is a part of the shortfall
    leaves : (C,) whether the contract is left before its end
    equity : (C,)
    equity_parts : (3, C)
    statistics : (M, 2, C) parts of home and host
    """

    kinds: Booleans
    increment: Booleans
    from_production: Booleans
    from_recovery: Booleans
    recovers: Booleans
    recovery_part: Integers
    start: Integers
    last: Integers
    ends: Integers
    parts: Integers
    total: Integers
    extension: Integers
    cap_amount: Integers
    cap_years: Integers
    tops_up: Booleans
    top_up_part: Integers
    top_up_amount: Integers
    leaves: Booleans
    exit_part: Integers
    equity: Booleans
    equity_parts: Integers
    payout_part: Integers
    statistics: Integers


def clauses_of(contracts: Sequence[Contract]) -> Clauses:
    """Put contracts, already checked, into arrays."""
    terms = [contract.terms for contract in contracts]
    width = max(1, *(len(each.periods) for each in terms))
    ends, parts = [], []
    for each in terms:
        splits = [period.split for period in each.periods] or [Split(0, 1)]
        years = [period.years or NEVER for period in each.periods] or [0]
        missing = width - len(splits)
        ends.append([min(int(end), NEVER) for end in np.cumsum(years)] + [NEVER] * missing)
        parts.append(splits + splits[-1:] * missing)
    leaving = [_last_year_by_exit(contract) for contract in contracts]
    sunset = [
        contract.start_year + (contract.terms.sunset_years or NEVER) - 1 for contract in contracts
    ]
    return Clauses(
        kinds=np.array([[kind in each.tax_kinds for kind in TAX_KINDS] for each in terms]),
        increment=np.array([each.base == "increment" for each in terms]),
        from_production=np.array([each.counted_from == "production" for each in terms]),
        from_recovery=np.array([each.counted_from == "recovery" for each in terms]),
        recovers=np.array([each.recovery is not None for each in terms]),
        recovery_part=_over_under(each.recovery.share if each.recovery else None for each in terms),
        start=_whole(contract.start_year for contract in contracts),
        last=np.minimum(_whole(sunset), _whole(leaving)),
        ends=np.array(ends, dtype=np.int64),
        parts=np.array(
            [[[s.home, s.host, s.third] for s in row] for row in parts], dtype=np.int64
        ).transpose(2, 0, 1),
        total=_whole(
            NEVER if each.years_of_sharing is None else each.years_of_sharing for each in terms
        ),
        extension=_whole(each.extension_years for each in terms),
        cap_amount=_whole_or_none(each.cap.amount if each.cap else None for each in terms),
        cap_years=_whole_or_none(each.cap.tax_before_years if each.cap else None for each in terms),
        tops_up=np.array([each.top_up is not None for each in terms]),
        top_up_part=_over_under(
            each.top_up.share_of_shortfall if each.top_up else None for each in terms
        ),
        top_up_amount=_whole_or_none(each.top_up.amount if each.top_up else None for each in terms),
        leaves=_whole(leaving) < _whole(sunset),
        exit_part=_over_under(each.exit.outlay_repaid if each.exit else None for each in terms),
        equity=np.array([each.equity is not None for each in terms]),
        equity_parts=_parts(each.equity.split if each.equity else None for each in terms),
        payout_part=_over_under(each.equity.payout if each.equity else None for each in terms),
        statistics=np.stack(
            [_parts(getattr(each.statistics, name) for each in terms)[:2] for name in STATISTICS]
        ),
    )


def clauses_of_alternatives(contract: Contract, terms: Sequence[Terms]) -> Clauses:
    """Put a contract into arrays once for each of its terms with other parts of home and host."""
    one = by_row(clauses_of([contract]), np.zeros(len(terms), dtype=np.int64))
    splits = [[period.split for period in each.periods] or [Split(0, 1)] for each in terms]
    return replace(
        one,
        parts=np.array(
            [[[s.home, s.host, s.third] for s in row] for row in splits], dtype=np.int64
        ).transpose(2, 0, 1),
        equity_parts=_parts(each.equity.split if each.equity else None for each in terms),
    )


def by_row(clauses: Clauses, of: Integers) -> Clauses:
    """The terms of the contract of each row, N of them in place of C.

    Parameters
    ----------
    of : (N,) number of the contract of each row
    """
    return Clauses(
        **{
            each.name: np.take(getattr(clauses, each.name), of, axis=AXIS.get(each.name, -1))
            for each in fields(Clauses)
        }
    )


def eligible(contracts: Sequence[Contract], projects: Projects) -> Booleans:
    """(N,) whether each project falls under its contract.

    The average of its tax before the move is compared without division: years times the least
    average, with the sum.
    """
    covered = np.ones(projects.contract.size, dtype=bool)
    ends = np.append(projects.starts[1:], covered.size)
    for contract, start, end in zip(contracts, projects.starts, ends, strict=True):
        rows, rule = slice(start, end), contract.terms.eligibility
        if rule.least_average_tax is not None:
            kinds = [TAX_KINDS.index(kind) for kind in contract.terms.tax_kinds]
            paid = projects.tax_before[kinds, rows, -rule.years_before :].sum(axis=(0, 2))
            covered[rows] &= paid >= rule.least_average_tax * rule.years_before
        for condition in rule.conditions:
            covered[rows] &= projects.conditions[CONDITIONS.index(condition), rows]
        if rule.types:
            covered[rows] &= np.isin(projects.type[rows], rule.types)
        if rule.least_investment is not None:
            invested = projects.statistics[STATISTICS.index("investment"), rows].sum(axis=1)
            covered[rows] &= invested >= rule.least_investment
    return covered


def _last_year_by_exit(contract: Contract) -> int:
    if contract.exit_notice is None or contract.terms.exit is None:
        return contract.start_year + NEVER
    return contract.exit_notice + contract.terms.exit.notice_years


def _whole(values: Iterable[int]) -> Integers:
    return np.array(list(values), dtype=np.int64)


def _whole_or_none(values: Iterable[int | None]) -> Integers:
    return _whole(-1 if value is None else value for value in values)


def _over_under(parts: Iterable[Fraction | None]) -> Integers:
    fractions = [part if part is not None else Fraction(0) for part in parts]
    return np.array(
        [[f.numerator for f in fractions], [f.denominator for f in fractions]], dtype=np.int64
    )


def _parts(splits: Iterable[Split | None]) -> Integers:
    """(3, C) parts; all the host's where there is no split."""
    rows = [(s.home, s.host, s.third) if s else (0, 1, 0) for s in splits]
    return np.array(rows, dtype=np.int64).T
