"""Terms as whole numbers that can be turned: what each stands at, and terms with another."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from yanzhen.modes.coconstruction.contract.sections import (
    EMPTY,
    SECTIONS,
    field_of,
    holders,
    with_value,
)
from yanzhen.modes.coconstruction.contract.terms import (
    STATISTICS,
    Period,
    Split,
    StatisticsSplit,
    Terms,
    TopUp,
)

ENDLESS = 31
"""Years that stand for years without end."""
THIRD_PARTY = "third party"
Parties = Literal["tax", "equity", "both"]
Unit = Literal["percent", "years", "year", "fen"]
Stands: TypeAlias = Callable[[Terms], int | None]
Turned: TypeAlias = Callable[[Terms, int], Terms]


@dataclass(frozen=True)
class TermValue:
    """A whole number of a contract that can be turned.

    Attributes
    ----------
    name : of the number
    meaning : what it is, in English, where it is asked for in an address
    read, turn : the number of terms, None where terms have no such thing; and terms with another
    of : `tax` or `equity` where it has a meaning in contracts of that kind alone, or `both`
    unit : percent, years, a year of the contract counted from 1, or fen
    most : largest number; the least is 0, which stands for a term that is not there
    """

    name: str
    meaning: str | None
    read: Stands
    turn: Turned
    of: Parties = "tax"
    unit: Unit = "percent"
    most: int = 100


def plainly(key: str, part: bool = False, opens: bool = False) -> tuple[Stands, Turned]:
    """How a number is read and turned that is the value of one term.

    Parameters
    ----------
    key : of the term
    part : whether the term is a part, of which the number is the per cent
    opens : whether the term's section comes with it and goes at 0; otherwise the number has no
        effect where there is no such section
    """
    section, field = key.rpartition(".")[0], field_of(key)
    empty = SECTIONS.get(section)

    def read(terms: Terms) -> int:
        for holder in holders(terms, section).values():
            value = getattr(holder, field)
            return _per_cent(value) if part else value or 0
        return 0

    def turn(terms: Terms, number: int) -> Terms:
        if not (opens or holders(terms, section)):
            return terms
        usual = getattr(EMPTY if empty is None else empty, field)
        if number == 0 and usual is None:
            changed = with_value(terms, key, None)
            gone = empty is not None and getattr(changed, section) == empty
            return replace(changed, **{section: None}) if gone else changed  # type: ignore[arg-type]
        if number == 0 and opens:
            return replace(terms, **{section: None})  # type: ignore[arg-type]
        return with_value(terms, key, Fraction(number, 100) if part else number)

    return read, turn


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
        return replace(terms, equity=replace(terms.equity, split=changed(terms.equity.split)))
    numbered = {f"period {k}": k - 1 for k in range(1, len(terms.periods) + 1)}
    if share == "all periods" and terms.periods:
        chosen = set(numbered.values())
    elif share in numbered:
        chosen = {numbered[share]}
    else:
        names = [*numbered, *(["all periods"] if numbered else ["equity"])]
        raise ValueError(f"the terms have no share '{share}'; they have: {', '.join(names)}")
    periods = tuple(
        replace(period, split=changed(period.split)) if k in chosen else period
        for k, period in enumerate(terms.periods)
    )
    return replace(terms, periods=periods)


def _per_cent(part: Fraction | None) -> int:
    return 0 if part is None else round(100 * part)


def _home_share(split: Split) -> int:
    both = split.home + split.host
    return 0 if both == 0 else _per_cent(Fraction(split.home, both))


def _first_split(terms: Terms) -> Split | None:
    if terms.equity is not None:
        return terms.equity.split
    return terms.periods[0].split if terms.periods else None


def _share_read(terms: Terms) -> int | None:
    split = _first_split(terms)
    return None if split is None else _home_share(split)


def _share(terms: Terms, number: int) -> Terms:
    if _first_split(terms) is None:
        return terms
    return with_home_share(terms, "period 1" if terms.equity is None else "equity", number, 100)


def _share_after_read(terms: Terms) -> int:
    return _home_share(terms.periods[1].split) if len(terms.periods) > 1 else 0


def _share_after(terms: Terms, number: int) -> Terms:
    return with_home_share(terms, "period 2", number, 100) if len(terms.periods) > 1 else terms


def _years_read(terms: Terms, place: int) -> int:
    if len(terms.periods) <= place:
        return 0
    years = terms.periods[place].years
    return ENDLESS if years is None else min(years, ENDLESS - 1)


def _ending(number: int) -> int | None:
    return None if number == ENDLESS else number


def _years(terms: Terms, number: int) -> Terms:
    """Years of the first period; without any there is no period at all."""
    first = terms.periods[0].split if terms.periods else Split(1, 1)
    now = () if number == 0 else (Period(_ending(number), first),)
    return replace(terms, periods=(*now, *terms.periods[1:]))


def _years_after(terms: Terms, number: int) -> Terms:
    """Years of the second period; none ends the contract with the first."""
    if not terms.periods:
        return terms
    if number == 0:
        return replace(terms, periods=terms.periods[:1])
    split = (terms.periods[1] if len(terms.periods) > 1 else terms.periods[0]).split
    second = Period(_ending(number), split)
    return replace(terms, periods=(terms.periods[0], second, *terms.periods[2:]))


def _third_read(terms: Terms) -> int | None:
    split = _first_split(terms)
    if split is None:
        return None
    return _per_cent(Fraction(split.third, split.home + split.host + split.third))


def _third(terms: Terms, number: int) -> Terms:
    """The third party's part in every period, or of the company; the rest is divided as it was."""

    def changed(split: Split) -> Split:
        rest = split.home + split.host
        home, host = (split.home, split.host) if rest else (0, 1)
        left = 100 - number
        return Split(left * home, left * host, number * max(rest, 1))

    return _named_third(terms.with_splits(changed))


def _named_third(terms: Terms) -> Terms:
    """Terms that name a third party where one shares or pays, and nowhere else."""
    named = (terms.third_party or THIRD_PARTY) if terms.has_third_party else ""
    return replace(terms, third_party=named)


def _top_up(terms: Terms, number: int) -> Terms:
    top_up = TopUp(share_of_shortfall=Fraction(number, 100)) if number else None
    return _named_third(replace(terms, top_up=top_up))


def _statistics_read(terms: Terms) -> int:
    split = terms.statistics.output
    return 0 if split is None else _home_share(split)


def _statistics(terms: Terms, number: int) -> Terms:
    """Every statistic by one ratio; at nothing for the home they are counted where they stand."""
    split = Split(number, 100 - number) if number else None
    return replace(terms, statistics=StatisticsSplit(**dict.fromkeys(STATISTICS, split)))


# fmt: off
SHARE = TermValue("share", "Home's part of what home and host divide, per cent",
                  _share_read, _share, "both")
YEARS = TermValue("years", "Years of the first ratio",
                  lambda terms: _years_read(terms, 0), _years, "tax", "years", ENDLESS)
SHARE_AFTER = TermValue("share_after", "Home's part in the years after, per cent",
                        _share_after_read, _share_after)
YEARS_AFTER = TermValue("years_after", "Years of the second ratio",
                        lambda terms: _years_read(terms, 1), _years_after, "tax", "years", ENDLESS)
THIRD = TermValue("third", "Third party's part, per cent", _third_read, _third, "both")
TOP_UP = TermValue("top_up", "Part of what is missing to the cap, per cent",
                   plainly("top_up.share_of_shortfall", part=True)[0], _top_up)
STATISTICS_SHARE = TermValue("statistics", "Part of the statistics that the home counts",
                             _statistics_read, _statistics, "both")
# fmt: on
