"""Contracts and projects drawn by Hypothesis, contradictory ones left out."""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from yanzhen.modes.coconstruction.contract.consistency import check_contracts
from yanzhen.modes.coconstruction.contract.terms import (
    BASES,
    CLOCKS,
    CONDITIONS,
    STATISTICS,
    TAX_KINDS,
    Cap,
    Contract,
    Eligibility,
    Equity,
    Exit,
    Period,
    Recovery,
    Split,
    StatisticsSplit,
    Terms,
    TopUp,
)
from yanzhen.modes.coconstruction.settlement.projects import LAST_OF_ALL, Projects

FIRST = 2020
part = st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(2, 7)])
two = st.builds(Split, st.integers(0, 5), st.integers(1, 7))
three = st.builds(Split, st.integers(0, 5), st.integers(1, 7), st.integers(0, 2))
statistic = st.one_of(st.none(), two)
statistics = st.builds(StatisticsSplit, statistic, statistic, statistic, statistic)
eligibility = st.builds(
    Eligibility,
    st.one_of(st.none(), st.integers(0, 60)),
    st.integers(1, 4),
    st.sampled_from([(), ("government_led",), CONDITIONS]),
    st.sampled_from([(), ("a",), ("a", "b")]),
    st.one_of(st.none(), st.none(), st.integers(0, 200)),
)
leaving = st.one_of(st.none(), st.builds(Exit, st.just(1), st.integers(0, 2), part))


@st.composite
def shared_terms(draw: st.DrawFn) -> Terms:
    years = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    open_end = draw(st.booleans())
    splits = [draw(three) for _ in years]
    lengths = [*years[:-1], None] if open_end else years
    cap = draw(
        st.one_of(
            st.none(),
            st.builds(Cap, amount=st.integers(1, 400)),
            st.builds(Cap, tax_before_years=st.integers(1, 4)),
        )
    )
    top_up = None
    if cap is not None and not open_end:
        top_up = draw(
            st.one_of(
                st.none(),
                st.builds(TopUp, share_of_shortfall=part),
                st.builds(TopUp, amount=st.integers(0, 90)),
            )
        )
    third = top_up is not None or any(split.third for split in splits)
    recovery = draw(st.one_of(st.none(), st.builds(Recovery, part)))
    if cap is not None and cap.amount is None:
        recovery = None
    clocks = CLOCKS if recovery is not None else CLOCKS[:2]
    return Terms(
        "合成",
        "SYNTHETIC",
        tax_kinds=draw(st.sampled_from([TAX_KINDS[:1], TAX_KINDS[:3], TAX_KINDS])),
        base=draw(st.sampled_from(BASES)),
        counted_from=draw(st.sampled_from(clocks)),
        periods=tuple(map(Period, lengths, splits)),
        eligibility=draw(eligibility),
        recovery=recovery,
        cap=cap,
        extension_years=draw(st.integers(0, 2)) if cap and not open_end else 0,
        top_up=top_up,
        third_party="centre" if third else "",
        sunset_years=draw(st.one_of(st.none(), st.integers(3, 14))),
        exit=draw(leaving),
        statistics=draw(statistics),
    )


@st.composite
def equity_terms(draw: st.DrawFn) -> Terms:
    split = draw(three)
    return Terms(
        "合成",
        "SYNTHETIC",
        equity=Equity(split, draw(part)),
        third_party="fund" if split.third else "",
        sunset_years=draw(st.one_of(st.none(), st.integers(1, 9))),
        statistics=draw(statistics),
    )


terms = st.one_of(shared_terms(), shared_terms(), shared_terms(), equity_terms())


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    agreed = draw(terms)
    start = draw(st.integers(FIRST - 2, FIRST + 3))
    notice = draw(st.integers(start, start + 6)) if agreed.exit and draw(st.booleans()) else None
    return Contract("c", "home", "host", start, agreed, notice)


sound_contracts = contracts().filter(lambda contract: not check_contracts([contract]))


@st.composite
def projects(draw: st.DrawFn, contract: int = 0) -> Projects:
    """Up to four projects over twelve years, some late or leaving; small and large amounts, some of
    them refunds.
    """
    count = draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([3, 50, 10**4, 10**12]))
    years = 12

    def amounts(*shape: int, at_most: int = scale) -> np.ndarray:
        return rng.integers(0, at_most + 1, size=shape) * (rng.random(shape) < 0.8)

    def refunded(amounts: np.ndarray) -> np.ndarray:
        return np.where(rng.random(amounts.shape) < refunds, -amounts, amounts)

    refunds = draw(st.sampled_from([0.0, 0.1, 0.4]))
    moves = draw(st.booleans())
    arrival = FIRST + moves * rng.integers(-1, 6, size=count)
    there = np.arange(FIRST, FIRST + years)[None] >= arrival[:, None]
    leaving = FIRST + rng.integers(6, 16, size=count)
    return Projects(
        contract=np.full(count, contract),
        name=tuple("pqrs"[:count]),
        type=tuple(draw(st.sampled_from("abc")) for _ in range(count)),
        first_year=FIRST,
        local_tax=refunded(amounts(len(TAX_KINDS), count, years)) * there,
        tax_before=refunded(amounts(len(TAX_KINDS), count, 4)),
        departure=arrival,
        known_from=FIRST - 4,
        stock_home=amounts(count),
        stock_host=amounts(count),
        outlay=amounts(count, years, at_most=2 * scale) * (rng.random(years) < 0.3),
        production_year=rng.integers(FIRST - 1, FIRST + 5, size=count),
        arrival=arrival,
        exit=leaving if moves else np.full(count, LAST_OF_ALL),
        conditions=rng.random((len(CONDITIONS), count)) < 0.8,
        profit=(amounts(count, years) - amounts(count, years)) * there,
        statistics=amounts(len(STATISTICS), count, years) * there,
    )
