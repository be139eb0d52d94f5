"""Gains over one named share: the curve of both, and the interval in which neither party loses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.modes.coconstruction.gains import Case, Floats, expected_flows
from yanzhen.modes.coconstruction.terms import Equity, Period, Split, Terms

LATTICE = 1_000_000
"""Parts into which a share is cut when the interval is sought by bisection."""
SCAN = 1_000
"""Parts when every share is tried."""


def with_home_share(terms: Terms, share: str, part: int, whole: int) -> Terms:
    """Terms in which one named share of the home is part / whole.

    Parameters
    ----------
    share : `period 1`, `period 2` …, `all periods`, or `equity`; a third party keeps its share and
        the host takes the rest
    part, whole : 0 ≤ part ≤ whole

    Raises
    ------
    ValueError
        When the terms have no such share.
    """

    def changed(split: Split) -> Split:
        if not split.third:
            return Split(part, whole - part)
        rest = split.home + split.host
        return Split(part * rest, (whole - part) * rest, split.third * whole)

    if share == "equity" and terms.equity is not None:
        return replace(terms, equity=Equity(changed(terms.equity.split), terms.equity.payout))
    numbered = {f"period {k}": k - 1 for k in range(1, len(terms.periods) + 1)}
    if share == "all periods" and terms.periods:
        chosen = set(numbered.values())
    elif share in numbered:
        chosen = {numbered[share]}
    else:
        names = [*numbered, *(["all periods"] if numbered else ["equity"])]
        raise ValueError(f"the terms have no share '{share}'; they have: {', '.join(names)}")
    periods = tuple(
        Period(period.years, changed(period.split)) if k in chosen else period
        for k, period in enumerate(terms.periods)
    )
    return replace(terms, periods=periods)


def gain_curve(
    case: Case,
    share: str,
    steps: int = 100,
    probability: Callable[[float], Floats] | None = None,
) -> pl.DataFrame:
    """Gains of home and host over one named share of the home.

    Parameters
    ----------
    case : the contract and what would happen without it
    share : as in `with_home_share`: the home's part of what home and host divide
    steps : equal steps from 0 to 1
    probability : (N,) P1 as a function of the share; without it P1 is the case's

    Returns
    -------
    pl.DataFrame
        share, home, host, joint, third
    """
    parts = range(steps + 1)
    return _curve(case, share, [(part, steps) for part in parts], probability)


@dataclass(frozen=True)
class GainInterval:
    """Shares of the home for which neither party loses.

    Attributes
    ----------
    intervals : lowest and highest share of each run of such shares; empty where there is none
    method : `bisection` or `scan`, as `gain_interval` says
    resolution : distance of the shares tried
    """

    intervals: tuple[tuple[float, float], ...]
    method: str
    resolution: float


def gain_interval(
    case: Case, share: str, probability: Callable[[float], Floats] | None = None
) -> GainInterval:
    """Shares of the home for which both parties gain or at least lose nothing.

    With fixed probabilities and two parties the home's gain never falls with its share and the
    host's never rises: the ends are found by bisection on millionths. With probabilities that
    depend on the share, a third party, or an amount that several projects of unequal probability
    divide, neither need be monotone, and every thousandth is tried.

    Parameters
    ----------
    case, share, probability : as in `gain_curve`
    """
    if probability is not None or not _monotone(case):
        curve = gain_curve(case, share, SCAN, probability)
        both = (curve["home"] >= 0) & (curve["host"] >= 0)
        return GainInterval(_runs(both.to_numpy(), curve["share"].to_list()), "scan", 1 / SCAN)

    def tried(part: int) -> tuple[float, float]:
        row = _curve(case, share, [(part, LATTICE)], None)
        return float(row["home"][0]), float(row["host"][0])

    lowest = _first(lambda part: tried(part)[0] >= 0)
    highest = LATTICE - _first(lambda part: tried(LATTICE - part)[1] >= 0)
    found = ((lowest / LATTICE, highest / LATTICE),) if lowest <= highest else ()
    return GainInterval(found, "bisection", 1 / LATTICE)


def _curve(
    case: Case,
    share: str,
    parts: Sequence[tuple[int, int]],
    probability: Callable[[float], Floats] | None,
) -> pl.DataFrame:
    # The contracts are alternatives, so no limit on their number applies.
    terms = replace(case.contract.terms, most_parks=None)
    contracts = [
        replace(
            case.contract,
            name=f"{part}/{whole}",
            terms=with_home_share(terms, share, part, whole),
        )
        for part, whole in parts
    ]
    shares = [part / whole for part, whole in parts]
    with_contract = None
    if probability is not None:
        with_contract = np.stack([probability(value) for value in shares])
    flows = expected_flows(case, contracts, with_contract)
    home = [sum(float(f[n].sum()) for n in ("receipts", "outlay", "tax_lost")) for f in flows]
    host = [sum(float(f[n].sum()) for n in ("tax_kept", "cost", "without")) for f in flows]
    return pl.DataFrame(
        {
            "share": shares,
            "home": home,
            "host": host,
            "joint": [a + b for a, b in zip(home, host, strict=True)],
            "third": [float(f["net"].sum()) for f in flows],
        }
    )


def _monotone(case: Case) -> bool:
    """Whether more share for the home can never lower its gain nor raise the host's.

    What the home has received by any year then rises with its share. A third party's part or
    top-up breaks it, and so does an amount that several projects of unequal probability divide.
    """
    terms = case.contract.terms
    divided = (terms.cap is not None and terms.cap.amount is not None) or (
        terms.exit is not None and terms.exit.outlay_repaid > 0
    )
    alike = bool(np.ptp(case.probability_with) == 0)
    return (
        not any(period.split.third for period in terms.periods)
        and terms.top_up is None
        and (alike or not divided)
        and min(case.home_rate, case.host_rate) >= 0
    )


def _first(holds: Callable[[int], bool]) -> int:
    """Smallest of 0 … LATTICE from which on a condition holds; LATTICE + 1 for none."""
    low, high = 0, LATTICE + 1
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _runs(holds: NDArray[np.bool_], shares: Sequence[float]) -> tuple[tuple[float, float], ...]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(np.int8)))
    return tuple(
        (shares[first], shares[after - 1])
        for first, after in zip(edges[::2], edges[1::2], strict=True)
    )
