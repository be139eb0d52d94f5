"""Terms of a contract as numbers that can be turned one by one, each with its range.

A dial that stands where it stood leaves its term as it was, thirds and further periods included.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from yanzhen.modes.coconstruction.contract.terms import (
    STATISTICS,
    Cap,
    Equity,
    Exit,
    Period,
    Recovery,
    Split,
    StatisticsSplit,
    Terms,
    TopUp,
)
from yanzhen.modes.coconstruction.gains.share_curve import with_home_share

ENDLESS = 31
"""Years that stand for years without end."""
THIRD_PARTY = "third party"


@dataclass(frozen=True)
class TermValue:
    """One term as a whole number.

    Attributes
    ----------
    name : of the term
    unit : percent, years or fen
    most : largest number; the least is 0, which stands for a term that is not there
    of : `tax` or `equity` where the term has a meaning in contracts of that kind alone, or `both`
    read, turn : the number of terms, None where terms have no such thing; and terms with another
    """

    name: str
    unit: str
    most: int
    of: str
    read: Callable[[Terms], int | None]
    turn: Callable[[Terms, int], Terms]


def turned(terms: Terms, numbers: Mapping[str, int]) -> Terms:
    """Terms with some dials turned.

    Parameters
    ----------
    terms : as they were agreed
    numbers : by name of the dial

    Raises
    ------
    ValueError
        When there is no such dial, or it does not go that far.
    """
    unknown = sorted(set(numbers) - set(DIALS))
    if unknown:
        raise ValueError(f"no dial '{unknown[0]}'; there are: {', '.join(DIALS)}")
    for name, dial in DIALS.items():
        if name not in numbers:
            continue
        number = numbers[name]
        if not 0 <= number <= dial.most:
            raise ValueError(f"'{name}' goes from 0 to {dial.most}, not to {number}")
        if number != dial.read(terms):
            terms = dial.turn(terms, number)
    return terms


def dials_of(terms: Terms) -> dict[str, int]:
    """Where each dial that has a meaning for terms stands, parts to the nearest per cent."""
    kind = "tax" if terms.equity is None else "equity"
    read = {name: dial.read(terms) for name, dial in DIALS.items() if dial.of in (kind, "both")}
    return {name: number for name, number in read.items() if number is not None}


def _per_cent(part: Fraction | None) -> int:
    return 0 if part is None else round(100 * part)


def _home_share(split: Split) -> int:
    both = split.home + split.host
    return 0 if both == 0 else _per_cent(Fraction(split.home, both))


def _first_split(terms: Terms) -> Split:
    return terms.periods[0].split if terms.equity is None else terms.equity.split


def _share(terms: Terms, number: int) -> Terms:
    """The home's part of what home and host divide, in the first period or of the company."""
    return with_home_share(terms, "period 1" if terms.equity is None else "equity", number, 100)


def _years_read(terms: Terms, place: int) -> int:
    if len(terms.periods) <= place:
        return 0
    years = terms.periods[place].years
    return ENDLESS if years is None else min(years, ENDLESS - 1)


def _years(terms: Terms, number: int) -> Terms:
    """Years of the first period; without any there is no period at all."""
    first = terms.periods[0].split if terms.periods else Split(1, 1)
    now = () if number == 0 else (Period(_ending(number), first),)
    return replace(terms, periods=(*now, *terms.periods[1:]))


def _share_after_read(terms: Terms) -> int | None:
    return _home_share(terms.periods[1].split) if len(terms.periods) > 1 else 0


def _share_after(terms: Terms, number: int) -> Terms:
    return with_home_share(terms, "period 2", number, 100) if len(terms.periods) > 1 else terms


def _years_after(terms: Terms, number: int) -> Terms:
    """Years of the second period; none ends the contract with the first."""
    if not terms.periods:
        return terms
    if number == 0:
        return replace(terms, periods=terms.periods[:1])
    split = (terms.periods[1] if len(terms.periods) > 1 else terms.periods[0]).split
    second = Period(_ending(number), split)
    return replace(terms, periods=(terms.periods[0], second, *terms.periods[2:]))


def _ending(number: int) -> int | None:
    return None if number == ENDLESS else number


def _third_read(terms: Terms) -> int:
    split = _first_split(terms)
    whole = split.home + split.host + split.third
    return _per_cent(Fraction(split.third, whole))


def _third(terms: Terms, number: int) -> Terms:
    """The third party's part in every period, or of the company; the rest is divided as it was."""

    def changed(split: Split) -> Split:
        rest = split.home + split.host
        home, host = (split.home, split.host) if rest else (0, 1)
        left = 100 - number
        return Split(left * home, left * host, number * max(rest, 1))

    if terms.equity is not None:
        equity = Equity(changed(terms.equity.split), terms.equity.payout)
        return _named_third(replace(terms, equity=equity))
    periods = tuple(Period(period.years, changed(period.split)) for period in terms.periods)
    return _named_third(replace(terms, periods=periods))


def _named_third(terms: Terms) -> Terms:
    """Terms that name a third party where one shares or pays, and nowhere else."""
    splits = [period.split for period in terms.periods]
    splits += [] if terms.equity is None else [terms.equity.split]
    there = terms.top_up is not None or any(split.third for split in splits)
    return replace(terms, third_party=(terms.third_party or THIRD_PARTY) if there else "")


def _recovery(terms: Terms, number: int) -> Terms:
    return replace(terms, recovery=Recovery(Fraction(number, 100)) if number else None)


def _cap(terms: Terms, **limits: int) -> Terms:
    now = replace(terms.cap or Cap(), **{name: value or None for name, value in limits.items()})
    return replace(terms, cap=None if now == Cap() else now)


def _top_up_read(terms: Terms) -> int:
    return _per_cent(None if terms.top_up is None else terms.top_up.share_of_shortfall)


def _top_up(terms: Terms, number: int) -> Terms:
    top_up = TopUp(share_of_shortfall=Fraction(number, 100)) if number else None
    return _named_third(replace(terms, top_up=top_up))


def _exit(terms: Terms, **changes: int | Fraction) -> Terms:
    leaving = Exit() if terms.exit is None else terms.exit
    return replace(terms, exit=replace(leaving, **changes))  # type: ignore[arg-type]


def _exit_from(terms: Terms, number: int) -> Terms:
    return _exit(terms, earliest_year=number) if number else replace(terms, exit=None)


def _statistics_read(terms: Terms) -> int:
    split = terms.statistics.output
    return 0 if split is None else _home_share(split)


def _statistics(terms: Terms, number: int) -> Terms:
    """Every statistic by one ratio; at nothing for the home they are counted where they stand."""
    split = Split(number, 100 - number) if number else None
    return replace(terms, statistics=StatisticsSplit(**dict.fromkeys(STATISTICS, split)))


def _payout_read(terms: Terms) -> int:
    return _per_cent(None if terms.equity is None else terms.equity.payout)


def _payout(terms: Terms, number: int) -> Terms:
    if terms.equity is None:
        return terms
    return replace(terms, equity=Equity(terms.equity.split, Fraction(number, 100)))


def _known(
    read: Callable[[Terms], int | None], there: Callable[[Terms], bool]
) -> Callable[[Terms], int | None]:
    return lambda terms: read(terms) if there(terms) else None


_ALL = (
    TermValue("years", "years", ENDLESS, "tax", lambda t: _years_read(t, 0), _years),
    TermValue("years_after", "years", ENDLESS, "tax", lambda t: _years_read(t, 1), _years_after),
    TermValue(
        "share",
        "percent",
        100,
        "both",
        _known(lambda t: _home_share(_first_split(t)), lambda t: bool(t.periods or t.equity)),
        lambda t, n: _share(t, n) if t.periods or t.equity else t,
    ),
    TermValue("share_after", "percent", 100, "tax", _share_after_read, _share_after),
    TermValue(
        "third",
        "percent",
        100,
        "both",
        _known(_third_read, lambda t: bool(t.periods or t.equity)),
        _third,
    ),
    TermValue(
        "recovery",
        "percent",
        100,
        "tax",
        lambda t: _per_cent(None if t.recovery is None else t.recovery.share),
        _recovery,
    ),
    TermValue(
        "cap_years",
        "years",
        15,
        "tax",
        lambda t: 0 if t.cap is None else t.cap.tax_before_years or 0,
        lambda t, n: _cap(t, tax_before_years=n),
    ),
    TermValue(
        "cap_amount",
        "fen",
        2**50,
        "tax",
        lambda t: 0 if t.cap is None else t.cap.amount or 0,
        lambda t, n: _cap(t, amount=n),
    ),
    TermValue(
        "extension",
        "years",
        15,
        "tax",
        lambda t: t.extension_years,
        lambda t, n: replace(t, extension_years=n),
    ),
    TermValue("top_up", "percent", 100, "tax", _top_up_read, _top_up),
    TermValue(
        "sunset",
        "years",
        30,
        "both",
        lambda t: t.sunset_years or 0,
        lambda t, n: replace(t, sunset_years=n or None),
    ),
    TermValue(
        "exit_from",
        "years",
        30,
        "both",
        lambda t: 0 if t.exit is None else t.exit.earliest_year,
        _exit_from,
    ),
    TermValue(
        "notice_years",
        "years",
        10,
        "both",
        lambda t: 0 if t.exit is None else t.exit.notice_years,
        lambda t, n: _exit(t, notice_years=n) if t.exit else t,
    ),
    TermValue(
        "outlay_repaid",
        "percent",
        100,
        "tax",
        lambda t: _per_cent(None if t.exit is None else t.exit.outlay_repaid),
        lambda t, n: _exit(t, outlay_repaid=Fraction(n, 100)) if t.exit else t,
    ),
    TermValue("statistics", "percent", 100, "both", _statistics_read, _statistics),
    TermValue("payout", "percent", 100, "equity", _payout_read, _payout),
)
DIALS = {dial.name: dial for dial in _ALL}
"""Dials by name, in the order in which they are turned."""
