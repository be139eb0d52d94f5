"""Which state of a deal may follow which, and all that is wrong with what is entered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from yanzhen.phrasebook import Phrasebook
from yanzhen.store.database.deal_tables import BEFORE_SIGNING, DEAL_STATES, MONEY_EVENTS
from yanzhen.store.database.texts import is_day
from yanzhen.study import Problem
from yanzhen.study.tables.goals import STATES
from yanzhen.study.transitions import FOLLOWS as AFTER_SIGNING

PHRASES = Phrasebook("yanzhen.exchange.deals")
TABLE = "transitions"
EVENTS = (*DEAL_STATES, *MONEY_EVENTS)
FOLLOWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "contact": ("talks", "offer", "withdrawn"),
        "talks": ("offer", "terms_agreed", "withdrawn"),
        "offer": ("talks", "terms_agreed", "withdrawn"),
        "terms_agreed": ("talks", "offer", "signed", "withdrawn"),
        **AFTER_SIGNING,
        "withdrawn": (),
    }
)
"""States that may follow each; from signing on they are those of a study's projects."""
WITH_AMOUNT = ("signed", *MONEY_EVENTS)
LARGEST = 10**15
"""Fen that an amount may be."""


@dataclass(frozen=True)
class Happened:
    """What happens to a deal on a day.

    Attributes
    ----------
    event : state that it enters, or `increase` of capital, or `funds` that arrived
    on : day, YYYY-MM-DD
    amount : capital signed, capital added or funds that arrived, in fen
    """

    event: str
    on: str
    amount: int | None = None


def wrong_with(held: Sequence[Happened], entered: Iterable[Happened]) -> list[Problem]:
    """Return all that is wrong with what is entered behind what is held.

    Each row is judged by the one before it, whether or not that one could be.

    Parameters
    ----------
    held : that is true already, the first first
    entered : in its order; rows of problems count from 1
    """
    state = next((each for each in reversed(held) if each.event in FOLLOWS), None)
    last = max((each.on for each in held), default="")
    there = {(each.on, each.event) for each in held}
    found: list[Problem] = []
    for row, each in enumerate(entered, start=1):
        known = each.event in EVENTS
        if not known:
            found.append(_wrong("event", row, "event", event=each.event, listed=", ".join(EVENTS)))
        if not is_day(each.on):
            found.append(_wrong("day", row, "on", day=each.on))
        elif each.on < last:
            found.append(_wrong("back_in_time", row, "on", day=each.on, last=last))
        else:
            last = each.on
        if known:
            found += _amounts(each, row)
            found += _order(state, each, row, (each.on, each.event) in there)
            there.add((each.on, each.event))
            state = each if each.event in FOLLOWS else state
    return found


def with_signed_amount(entered: Iterable[Happened], investment: int | None) -> tuple[Happened, ...]:
    """Return what happened with the investment of now as what was signed, where nobody says that.

    What a deal's investment is changed to later was not signed.

    Parameters
    ----------
    investment : in fen, None where nobody says
    """
    return tuple(
        replace(each, amount=investment) if each.event == "signed" and each.amount is None else each
        for each in entered
    )


def reached_signing(state: str) -> bool:
    """Whether a deal in a state was signed."""
    return state in STATES


def _amounts(each: Happened, row: int) -> Iterator[Problem]:
    if each.amount is None:
        if each.event in MONEY_EVENTS:
            yield _wrong("no_amount", row, "amount", event=each.event)
    elif each.event not in WITH_AMOUNT:
        listed = ", ".join(WITH_AMOUNT)
        yield _wrong("amount_of_none", row, "amount", event=each.event, listed=listed)
    elif not 0 < each.amount <= LARGEST:
        yield _wrong("amount", row, "amount", amount=each.amount, largest=LARGEST)


def _order(before: Happened | None, each: Happened, row: int, twice: bool) -> Iterator[Problem]:
    now = "" if before is None else before.event
    if each.event in MONEY_EVENTS:
        if not reached_signing(now):
            yield _wrong("before_signing", row, "event", event=each.event, now=now or "—")
        elif twice:
            yield _wrong("same_twice", row, "event", event=each.event, day=each.on)
        return
    if before is None:
        return
    if each.on == before.on:
        yield _wrong("two_states", row, "event", event=each.event, now=now, day=each.on)
    following = FOLLOWS[now]
    if each.event in following:
        return
    if now in BEFORE_SIGNING and reached_signing(each.event):
        key = "before_signing"
    else:
        key = "order" if following else "end"
    yield _wrong(key, row, "event", event=each.event, now=now, listed=", ".join(following))


def _wrong(key: str, row: int, column: str, **values: object) -> Problem:
    return Problem.at("", TABLE, row, column, *PHRASES.message(key, **values))
