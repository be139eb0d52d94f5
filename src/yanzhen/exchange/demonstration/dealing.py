"""Introductions of the SYNTHETIC exchange, and deals made from them, in every state."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice, zip_longest

import numpy as np

from yanzhen.exchange.deals.changing import add_party
from yanzhen.exchange.deals.comments import add_comment
from yanzhen.exchange.deals.deal import NewParty
from yanzhen.exchange.deals.following import WITH_AMOUNT, Happened
from yanzhen.exchange.deals.from_introduction import make_from_introduction
from yanzhen.exchange.deals.tasks import add_task
from yanzhen.exchange.demonstration.drawing import Size, Words
from yanzhen.exchange.demonstration.listing import Enterprise, Listed, Tell, Zone
from yanzhen.exchange.demonstration.wording import PHRASES
from yanzhen.exchange.docking.introductions import (
    Answer,
    answer_introduction,
    ask_introduction,
)
from yanzhen.exchange.listings.kinds import Project
from yanzhen.store.database.connection import Database

PER_INTRODUCTION = 15
"""Projects for each of which one introduction is asked for."""
ANSWERS: tuple[Answer | None, ...] = (
    *("accepted", None, "accepted", "accepted", "declined"),
    *("accepted", "accepted", None, "accepted", "withdrawn"),
)
"""What becomes of introductions, one after another; None where nobody has answered yet."""
SIGNED = ("contact", "talks", "offer", "terms_agreed", "signed")
PATHS: tuple[tuple[str, ...], ...] = (
    ("contact",),
    ("contact", "talks"),
    (*SIGNED, "started"),
    ("contact", "talks", "offer"),
    (*SIGNED, "started", "in_production"),
    SIGNED[:4],
    SIGNED,
    (*SIGNED, "started", "in_production", "at_capacity"),
    ("contact", "talks", "withdrawn"),
    (*SIGNED, "started", "stalled"),
    (*SIGNED, "started", "in_production", "moved_away"),
    (*SIGNED, "started", "closed"),
)
"""What happened to deals, one after another: each state is the last of one of them."""
ENDED = ("withdrawn", "moved_away", "closed")
"""States in which nothing is to be done any more."""
LONGEST_AGO = 700
"""Days before which nothing happened."""
FUNDED = 4
"""Of so many signed deals the fund joins one."""
FEN = 10_000_000_000
"""In 100 million yuan."""


@dataclass(frozen=True)
class Dealt:
    """What was dealt: introductions asked for, and deals made from them."""

    introductions: int
    deals: int


def deal_all(
    database: Database,
    listed: Listed,
    words: Words,
    size: Size,
    tell: Tell,
) -> Dealt:
    """Ask for introductions, answer them, and make deals from most that are accepted."""
    random = np.random.default_rng((size.seed, 1))
    count, deals = max(24, size.projects // PER_INTRODUCTION), 0
    for number, (enterprise, listing) in enumerate(_asking(listed, count)):
        tell("dealing", number / count)
        zone = _zone_of(listed, enterprise.projects[listing], number, random)
        asking = enterprise.member.viewer
        said = PHRASES.word(words.lang, "asking")
        asked = ask_introduction(database, asking, listing, zone.listing, said)
        answer = ANSWERS[number % len(ANSWERS)]
        if answer is not None:
            answers = asking if answer == "withdrawn" else zone.member.viewer
            told = PHRASES.word(words.lang, "declining") if answer == "declined" else ""
            answer_introduction(database, answers, asked, answer, told)
        # The first that was accepted waits for those who log in to make its deal.
        if answer == "accepted" and number > 0:
            path = PATHS[deals % len(PATHS)]
            happened = _happened(path, enterprise.projects[listing], size, random)
            made = make_from_introduction(database, asking, asked, happened=happened)
            deals += 1
            if path[-1] not in ENDED:
                _fill(database, made, enterprise, zone, words, size, random)
            if "signed" in path and deals % FUNDED == 0:
                add_party(database, asking, made, NewParty(listed.fund.organisation, "fund"))
    return Dealt(count, deals)


def _asking(listed: Listed, count: int) -> list[tuple[Enterprise, str]]:
    """Return who asks with which project: the first enterprise with all, the others with some."""
    first, *others = listed.enterprises
    of_first = [(first, listing) for listing in first.projects]
    # One project of each other enterprise, then a second one of each.
    turns = zip_longest(*([(each, listing) for listing in each.projects] for each in others))
    of_others = (pair for turn in turns for pair in turn if pair is not None)
    return list(islice(chain(of_first, of_others), count))


def _zone_of(listed: Listed, project: Project, number: int, random: np.random.Generator) -> Zone:
    """Return the zone that is asked: the first one often, otherwise one with the industry."""
    if number % 3 == 0:
        return listed.zones[0]
    leading = [each for each in listed.zones if project.industry in each.site.industries]
    there = leading or listed.zones
    # Few of them, so that some answer often enough for how soon to be told.
    return there[int(random.integers(min(len(there), 6)))]


def _happened(
    path: tuple[str, ...], project: Project, size: Size, random: np.random.Generator
) -> tuple[Happened, ...]:
    """Return what happened on days that are drawn; a part of the capital arrived on the last."""
    ago = np.sort(random.choice(np.arange(2, LONGEST_AGO), len(path), False))[::-1]
    days = [(size.on - timedelta(int(each))).isoformat() for each in ago]
    fen = round((project.investment or 1.0) * FEN)
    happened = [
        Happened(event, day, fen if event in WITH_AMOUNT else None)
        for event, day in zip(path, days, strict=True)
    ]
    if "started" in path:
        happened.append(Happened("funds", days[-1], fen // 4))
    return tuple(happened)


# Kept wide: the deal, its parties, the words, and what is drawn.
def _fill(
    database: Database,
    deal: str,
    enterprise: Enterprise,
    zone: Zone,
    words: Words,
    size: Size,
    random: np.random.Generator,
) -> None:
    """Add tasks, of which a few are overdue or due soon, and a comment."""
    parties = (enterprise.member, zone.member, enterprise.member)
    for key, party in zip(("visit", "power", "letter"), parties, strict=True):
        day = (size.on + timedelta(int(random.integers(-4, 60)))).isoformat()
        title = PHRASES.word(words.lang, f"task.{key}")
        add_task(database, party.viewer, deal, title, party.organisation, day)
    comment = PHRASES.word(words.lang, "comment")
    add_comment(database, zone.member.viewer, deal, comment, False, None)
