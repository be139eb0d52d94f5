"""Agreements of the SYNTHETIC exchange: terms signed, taxes declared, statements issued.

The first is settled for a year and corrected in the next quarter; the second's newest statement is
disputed; the third's is final; the fourth waits for the fund to accept it. A fifth deal's terms
wait for signatures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yanzhen.exchange.deals.changing import add_transitions, make_deal
from yanzhen.exchange.deals.deal import NewDeal, NewParty
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.deals.terms import agree, propose_terms
from yanzhen.exchange.demonstration.dealing import FEN
from yanzhen.exchange.demonstration.drawing import Size, Words
from yanzhen.exchange.demonstration.listing import Enterprise, Listed, Tell, Zone
from yanzhen.exchange.demonstration.people import Member
from yanzhen.exchange.demonstration.wording import PHRASES
from yanzhen.exchange.settlement.declaring import declare
from yanzhen.exchange.settlement.issuing import issue_statement, record_transfer, say
from yanzhen.exchange.settlement.of_deal import OfDeal, register_of_deal
from yanzhen.exchange.settlement.period import QUARTERS, Period
from yanzhen.exchange.settlement.registering import answer_agreement
from yanzhen.store.database.connection import Database

TERMS = """title_zh = "SYNTHETIC 共建园区税收分享"
title_en = "SYNTHETIC shared park"
tax_kinds = ["value_added_tax", "enterprise_income_tax"]
third_party = "{third}"

[[periods]]
years = 5
split = "{split}"

[statistics]
gdp = "40:60"

[exit]
earliest_year = 3
"""
FIRST_SPLIT, SPLIT = "50:45:5", "45:45:10"
"""As proposed at first, and as signed: home, host, fund."""
STATES = ("talks", "terms_agreed", "signed", "started", "in_production")
AGREED = 2
"""How many of `STATES` a deal passes before its terms are signed."""
WAITING = 3
"""Place of the agreement that the fund has still to accept."""


@dataclass(frozen=True)
class Shared:
    """A deal of co-construction and who takes part in it."""

    deal: str
    enterprise: Member
    zone: Member
    office: Member
    fund: Member

    @property
    def signers(self) -> dict[str, Member]:
        """Who signs statements, by what it is in the agreement."""
        return {"home": self.office, "host": self.zone, "third": self.fund}


def settle_all(database: Database, listed: Listed, words: Words, size: Size, tell: Tell) -> int:
    """Make deals of co-construction, sign terms and settle; return the number of agreements."""
    firms, zones, agreements = listed.enterprises, listed.zones, 0
    pairs = list(zip((firms[0], *firms[1:5]), (zones[0], *zones[1:4], zones[0]), strict=False))
    for number, (enterprise, zone) in enumerate(pairs):
        tell("settling", number / len(pairs))
        shared = _shared(database, listed, enterprise, zone, words, size)
        if number == len(pairs) - 1:
            _propose(database, shared, SPLIT)
            break
        _sign(database, shared, size)
        _settle(database, shared, number, words, size)
        agreements += 1
    return agreements


# Kept wide: the store, who takes part, and what they call it.
def _shared(
    database: Database,
    listed: Listed,
    enterprise: Enterprise,
    zone: Zone,
    words: Words,
    size: Size,
) -> Shared:
    """Make a deal of co-construction of an enterprise, a zone, its district and the fund."""
    project = next(iter(enterprise.projects.values()))
    parties = (
        NewParty(enterprise.member.organisation, "enterprise"),
        NewParty(zone.member.organisation, "host"),
        NewParty(listed.office.organisation, "home"),
        NewParty(listed.fund.organisation, "fund"),
    )
    called = {
        "enterprise": enterprise.member.name.removeprefix("SYNTHETIC "),
        "zone": zone.site.name.removeprefix("SYNTHETIC "),
    }
    title = PHRASES.word(words.lang, "deal", **called)
    contact = Happened("contact", date(size.on.year - 2, 3, 1).isoformat())
    places = (project.industry, project.origin, zone.site.region)
    fen = round((project.investment or 1.0) * FEN)
    entered = NewDeal(title, "coconstruction", *places, parties, (contact,), fen)
    deal = make_deal(database, enterprise.member.viewer, entered)
    return Shared(deal, enterprise.member, zone.member, listed.office, listed.fund)


def _propose(database: Database, shared: Shared, split: str) -> tuple[int, str]:
    """Propose terms for the office; return their version and hash."""
    terms = TERMS.format(third=shared.fund.name, split=split)
    made = propose_terms(database, shared.office.viewer, shared.deal, terms)
    return made.version, made.sha256


def _sign(database: Database, shared: Shared, size: Size) -> None:
    """Agree on the second version of the terms, and bring the deal into production."""
    first = date(size.on.year - 2, 3, 1)
    happened = [
        Happened(state, (first + timedelta(40 * step)).isoformat())
        for step, state in enumerate(STATES, start=1)
    ]
    by = shared.enterprise.viewer
    add_transitions(database, by, shared.deal, happened[:AGREED])
    _propose(database, shared, FIRST_SPLIT)
    version, read = _propose(database, shared, SPLIT)
    for party in (shared.zone, shared.office, shared.fund, shared.enterprise):
        agree(database, party.viewer, shared.deal, version, party.organisation, read)
    add_transitions(database, by, shared.deal, happened[AGREED:])


def _settle(database: Database, shared: Shared, number: int, words: Words, size: Size) -> None:
    """Register the agreement of a deal and bring it to where the module says."""
    year, office = size.on.year - 1, shared.office.viewer
    kept = register_of_deal(database, office, OfDeal(shared.deal, year, synthetic=True))
    for party in ("host", "third")[: 1 if number == WAITING else 2]:
        by = shared.signers[party].viewer
        answer_agreement(database, by, kept.id, party, "accept", kept.sha256)
    declare(database, shared.zone.viewer, kept.id, _rows(number, year))
    if number == 0:
        for quarter in QUARTERS:
            _issue(database, shared, kept.id, Period(year, quarter))
        _issue(database, shared, kept.id, Period(year))
        paid, note = date(year, 5, 20), PHRASES.word(words.lang, "paid")
        record_transfer(database, office, kept.id, "host", "home", 30_000_000, paid, note)
        corrected = [{**_rows(number, year)[1], "value_added_tax": "3150000.00"}]
        declare(database, shared.zone.viewer, kept.id, corrected)
        _issue(database, shared, kept.id, Period(year + 1, 1), signing=("host",))
    elif number == 1:
        _issue(database, shared, kept.id, Period(year, 1))
        _issue(database, shared, kept.id, Period(year, 2))
        last = _issue(database, shared, kept.id, Period(year, 3), signing=("host",))
        reason = PHRASES.word(words.lang, "disputing")
        say(database, office, kept.id, last, "home", "dispute", reason)
    elif number == 2:
        _issue(database, shared, kept.id, Period(year, 1))
        _issue(database, shared, kept.id, Period(year, 2))


def _issue(
    database: Database,
    shared: Shared,
    agreement: str,
    period: Period,
    signing: Sequence[str] = ("home", "host", "third"),
) -> int:
    """Issue a statement and have it signed; return its number."""
    issued = issue_statement(database, shared.office.viewer, agreement, period)
    statement = issued.statement.number
    for party in signing:
        say(database, shared.signers[party].viewer, agreement, statement, party, "sign")
    return statement


def _rows(number: int, year: int) -> list[dict[str, str | None]]:
    """What two projects paid in a year of quarters and the quarter behind it."""
    periods = [*((year, quarter) for quarter in QUARTERS), (year + 1, 1)]
    return [
        {
            "project": f"SYNTHETIC-{number + 1}-{project}",
            "year": str(of),
            "quarter": str(quarter),
            "value_added_tax": f"{base * (1 + 0.1 * quarter):.2f}",
            "enterprise_income_tax": f"{base * 0.4:.2f}",
            "gdp": str(base * 8),
        }
        for project, base in ((1, 2_600_000 + 100_000 * number), (2, 900_000))
        for of, quarter in periods
    ]
