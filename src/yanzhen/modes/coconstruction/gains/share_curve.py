"""Gains over one named share: the curve of both, and the interval in which neither party loses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.modes.coconstruction.contract.term_values import with_home_share
from yanzhen.modes.coconstruction.gains.gains import PARTS, Case, Floats, expected_flows
from yanzhen.modes.coconstruction.settlement.ledger import settle_alternatives
from yanzhen.modes.coconstruction.settlement.projects import Booleans
from yanzhen.study.result_columns import columns

LATTICE = 1_000_000
"""Parts into which a share is cut when the ends of an interval are sought."""
STEPS, SCAN = 100, 1_000
"""Equal steps of a curve that is made where none is given: of monotone gains, of others."""
SECTIONS = 6
"""Equal parts into which the stretch that holds an end is cut at every turn."""
AROUND = (-30, -2, -1, 0, 1, 2, 30)
"""Shares tried besides, from where a straight line through both of its ends has no gain."""
CURVE = columns("share home host joint third", home="money", host="money")


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
    share : as in `term_values.with_home_share`: the home's part of what home and host divide
    steps : equal steps from 0 to 1
    probability : (N,) P1 as a function of the share; without it P1 is the case's

    Returns
    -------
    pl.DataFrame
        `CURVE`
    """
    parts = range(steps + 1)
    return curve_at(case, share, [(part, steps) for part in parts], probability)


@dataclass(frozen=True)
class GainInterval:
    """Shares of the home for which neither party loses.

    Attributes
    ----------
    intervals : lowest and highest share of each run of such shares, to a millionth; empty where
        there is none
    method : `bisection` where no run can be missed, `scan` where one may that is narrower than
        the resolution, as `gain_interval` says
    resolution : distance of the shares between which an end is sought
    """

    intervals: tuple[tuple[float, float], ...]
    method: str
    resolution: float


def gain_interval(
    case: Case,
    share: str,
    probability: Callable[[float], Floats] | None = None,
    curve: pl.DataFrame | None = None,
) -> GainInterval:
    """Shares of the home for which both parties gain or at least lose nothing.

    With fixed probabilities and two parties the home's gain never falls with its share and the
    host's never rises: each has one end, sought between two shares of the curve until it is known
    to a millionth. With probabilities that depend on the share, a third party, or an amount that
    several projects of unequal probability divide, neither need be monotone: every share of the
    curve is tried, and the ends of each run are sought in the same way.

    Parameters
    ----------
    case, share, probability : as in `gain_curve`
    curve : as `gain_curve` gives it, in equal steps whose number divides a million; without it
        one is made
    """
    monotone = probability is None and _monotone(case)
    if curve is None:
        curve = gain_curve(case, share, STEPS if monotone else SCAN, probability)
    step = LATTICE // (curve.height - 1)
    gains = {party: curve[party].to_numpy() >= 0 for party in ("home", "host")}
    if monotone:
        method, ends = "bisection", _ends_of_two(gains["home"], gains["host"], step)
    else:
        method, ends = "scan", _ends_of_runs(gains["home"] & gains["host"], step)
    known = {
        part * step: row
        for part, row in enumerate(curve.select("home", "host").iter_rows(named=True))
    }
    found = _narrowed(case, share, probability, ends, known)
    runs = tuple(
        (low / LATTICE, high / LATTICE)
        for low, high in zip(found[::2], found[1::2], strict=True)
        if low <= high
    )
    return GainInterval(runs, method, step / LATTICE)


@dataclass(frozen=True)
class _End:
    """A stretch of shares, in parts of `LATTICE`, that holds an end of an interval.

    Attributes
    ----------
    outside, inside : shares at which the parties named lose, and do not; alike where the interval
        goes on to the first or the last share
    parties : who does not lose from the end on
    """

    outside: int
    inside: int
    parties: tuple[str, ...]


def _ends_of_two(home: Booleans, host: Booleans, step: int) -> list[_End]:
    """The lowest share for the home and the highest for the host; none where either always loses.

    `home` holds from some share on, `host` up to some share.
    """
    if not (home.any() and host.any()):
        return []
    first, last = int(np.argmax(home)), int(np.flatnonzero(host)[-1])
    after = min(last + 1, host.size - 1)
    return [
        _End(max(first - 1, 0) * step, first * step, ("home",)),
        _End(after * step, last * step, ("host",)),
    ]


def _ends_of_runs(both: Booleans, step: int) -> list[_End]:
    """Both ends of every run of shares for which neither loses."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], both, [False]]).astype(np.int8)))
    ends = []
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        past = min(after, both.size - 1)
        ends.append(_End(max(first - 1, 0) * step, first * step, ("home", "host")))
        ends.append(_End(past * step, (after - 1) * step, ("home", "host")))
    return ends


def _narrowed(
    case: Case,
    share: str,
    probability: Callable[[float], Floats] | None,
    ends: Sequence[_End],
    known: dict[int, dict[str, float]],
) -> list[int]:
    """The last share inside of each end, all of them sought at once.

    Parameters
    ----------
    known : gains of home and host at shares in parts of `LATTICE`, those of all ends among them
    """
    while any(abs(end.inside - end.outside) > 1 for end in ends):
        tried = [_between(end, known) for end in ends]
        parts = [(part, LATTICE) for parts in tried for part in parts]
        curve = curve_at(case, share, parts, probability)
        gains = curve.select("home", "host").iter_rows(named=True)
        known |= {part: row for (part, _), row in zip(parts, gains, strict=True)}
        narrowed = []
        for end, between in zip(ends, tried, strict=True):
            outside, inside = end.outside, end.inside
            for k in range(len(between) - 1, -1, -1):
                if any(known[between[k]][party] < 0 for party in end.parties):
                    outside = between[k]
                    break
                inside = between[k]
            narrowed.append(replace(end, outside=outside, inside=inside))
        ends = narrowed
    return [end.inside for end in ends]


def _between(end: _End, known: Mapping[int, Mapping[str, float]]) -> list[int]:
    """Shares that cut a stretch, from outside to inside.

    Gains are nearly straight lines between two shares of a curve, so that most ends are found at
    once around the share at which the line has none; equal parts see to the others.
    """
    length = abs(end.inside - end.outside)
    sign = 1 if end.inside > end.outside else -1
    lost, gained = (
        min(known[part][party] for party in end.parties) for part in (end.outside, end.inside)
    )
    tried = {max(length * part // SECTIONS, 1) for part in range(1, SECTIONS)}
    if lost < 0 <= gained:
        near = round(length * lost / (lost - gained))
        tried |= {near + apart for apart in AROUND}
    return [end.outside + sign * part for part in sorted(tried) if 0 < part < length]


def curve_at(
    case: Case,
    share: str,
    parts: Sequence[tuple[int, int]],
    probability: Callable[[float], Floats] | None,
) -> pl.DataFrame:
    """Gains at shares of the home given as parts of wholes; otherwise as `gain_curve`."""
    terms = [with_home_share(case.contract.terms, share, part, whole) for part, whole in parts]
    shares = [part / whole for part, whole in parts]
    with_contract = None
    if probability is not None:
        with_contract = np.stack([probability(value) for value in shares])
    flows = expected_flows(
        case, settle_alternatives(case.contract, terms, case.projects), with_contract
    )
    whole = {part: amounts.sum(axis=1) for part, amounts in flows.items()}
    gains = {party: sum(whole[part] for part in parts) for party, parts in PARTS.items()}
    return pl.DataFrame(
        {
            "share": shares,
            "home": gains["home"],
            "host": gains["host"],
            "joint": gains["home"] + gains["host"],
            "third": gains["third"],
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
