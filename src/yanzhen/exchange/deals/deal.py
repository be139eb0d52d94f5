"""What a deal is: its parties, its state, and who did what in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from yanzhen.exchange.deals.following import LARGEST, PHRASES, Happened
from yanzhen.phrasebook import BilingualError
from yanzhen.store.database.deal_tables import CAPACITIES, MODES
from yanzhen.store.database.texts import UNFIT
from yanzhen.study import Problem

LONGEST = {"title": 300, "industry": 64, "origin": 64, "destination": 64}
"""Characters of each text, as its column holds."""


class NoSuchDeal(LookupError):
    """There is no deal, or nothing in it, of that identity; or it is not to be seen."""


class NotForThem(BilingualError):
    """Somebody may not do something for a party."""

    phrases = PHRASES


class Contradicts(BilingualError):
    """What is asked contradicts what there is."""

    phrases = PHRASES


class ChangedMeanwhile(Exception):
    """Somebody else changed it since it was read."""


@dataclass(frozen=True)
class NewParty:
    """An organisation that is to take part in a deal.

    Attributes
    ----------
    organisation : identity
    capacity : enterprise, operator of a zone, host or home region, or fund
    """

    organisation: str
    capacity: str


@dataclass(frozen=True)
class NewDeal:
    """A deal as it is entered.

    Attributes
    ----------
    title : in its maker's words
    mode : direct, chain, coconstruction or technology
    industry : code or words
    origin, destination : places
    parties : that of the maker among them
    happened : from the first state that is known to the newest
    investment : in fen, None where nobody says
    """

    title: str
    mode: str
    industry: str
    origin: str
    destination: str
    parties: tuple[NewParty, ...]
    happened: tuple[Happened, ...]
    investment: int | None = None


@dataclass(frozen=True)
class CameFrom:
    """The introduction from which a deal came, and the listings that it joined."""

    introduction: str
    project_listing: str
    site_listing: str


@dataclass(frozen=True)
class Party:
    """An organisation in a deal, with the name that the other parties read."""

    organisation: str
    name: str
    capacity: str


@dataclass(frozen=True)
class Deal:
    """A deal as one of its parties sees it.

    Attributes
    ----------
    id : random
    introduction, project_listing, site_listing : from which it came; None where entered by hand
    state, state_on : its newest state, and since when
    owner : person who looks after it; None where nobody does or where it is another party's
    owner_party : organisation of the owner
    version : grows with each change
    """

    id: str
    title: str
    mode: str
    industry: str
    origin: str
    destination: str
    investment: int | None
    introduction: str | None
    project_listing: str | None
    site_listing: str | None
    state: str
    state_on: str
    owner: str | None
    owner_party: str | None
    version: int
    made_at: str
    parties: tuple[Party, ...]


@dataclass(frozen=True)
class Made:
    """Who did something, and when.

    Attributes
    ----------
    organisation : the party
    person : name of the person where it is of one's own organisation, otherwise empty
    made_at : moment
    """

    organisation: str
    person: str
    made_at: str


@dataclass(frozen=True)
class Transition(Happened, Made):
    """What happened to a deal, and who entered it."""


def wrong_deal(deal: NewDeal, maker: str) -> Iterator[Problem]:
    """Give what is wrong with a deal by itself, but for what happened to it.

    Parameters
    ----------
    maker : organisation that enters it
    """
    for name, longest in LONGEST.items():
        yield from wrong_text(name, getattr(deal, name), longest)
    if deal.mode not in MODES:
        yield problem("one_of", "mode", said=deal.mode, listed=", ".join(MODES))
    yield from wrong_investment(deal.investment)
    named = [each.organisation for each in deal.parties]
    if maker not in named:
        yield problem("not_a_party", "parties")
    for each in sorted({each for each in named if named.count(each) > 1}):
        yield problem("party_twice", "parties", organisation=each)
    for party in deal.parties:
        yield from wrong_capacity(party.capacity)
    if not deal.happened:
        yield problem("no_state", "transitions")


def wrong_text(column: str, said: str, longest: int) -> Iterator[Problem]:
    """Give what is wrong with a text that is entered."""
    if not said.strip() or len(said) > longest or UNFIT.search(said):
        yield problem("text", column, length=len(said), longest=longest)


def wrong_investment(fen: int | None) -> Iterator[Problem]:
    """Give what is wrong with an investment."""
    if fen is not None and not 0 < fen <= LARGEST:
        yield problem("amount", "investment", amount=fen, largest=LARGEST)


def wrong_capacity(capacity: str) -> Iterator[Problem]:
    """Give what is wrong with what a party is in a deal."""
    if capacity not in CAPACITIES:
        yield problem("one_of", "parties", said=capacity, listed=", ".join(CAPACITIES))


def problem(key: str, column: str, **values: object) -> Problem:
    """Return something that is wrong with a field of a deal."""
    return Problem.at("", "deals", None, column, *PHRASES.message(key, **values))
