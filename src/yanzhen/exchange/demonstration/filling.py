"""A SYNTHETIC exchange in a store that holds nothing: who is there, what they list and agree.

All of it goes through what people use, so that every check holds: drafts are reviewed,
introductions answered, terms signed by each party, statements issued from what was declared.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from yanzhen.exchange.demonstration.dealing import deal_all
from yanzhen.exchange.demonstration.drawing import Size, words_of
from yanzhen.exchange.demonstration.listing import Tell, list_all
from yanzhen.exchange.demonstration.mark import mark_synthetic
from yanzhen.exchange.demonstration.people import Login, add_logins
from yanzhen.exchange.demonstration.settling import settle_all
from yanzhen.exchange.docking.listed_market import market_industries
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.phrasebook import Language
from yanzhen.store.backup.restoring import NotEmpty, holds_nothing
from yanzhen.store.database.connection import Database
from yanzhen.study import read_study

STUDY = "china-zones"
"""The example whose zones are listed, and over which the exchange is cleared."""
ACHIEVEMENTS = "china-technology-synthetic"


@dataclass(frozen=True)
class Filled:
    """What a store was filled with.

    Attributes
    ----------
    logins : of a person of each role
    counts : of sites, projects, introductions, deals and agreements
    """

    logins: tuple[Login, ...]
    counts: Mapping[str, int]


def fill_exchange(
    database: Database, size: Size, lang: Language, tell: Tell = lambda stage, share: None
) -> Filled:
    """Fill a store with a SYNTHETIC exchange, the same for a seed but for identities and passwords.

    Parameters
    ----------
    size : how much of it
    lang : of the names
    tell : called with the stage at work and the share done

    Raises
    ------
    NotEmpty
        The store holds something.
    TooFewZones
        The catalogue has not so many.
    Unavailable
        The database does not answer.
    """
    tell("reading_study", 0.0)
    study = read_study(STUDY)
    words = words_of(study, lang)
    industries = market_industries(study_inputs(study))
    with database.writing() as connection:
        if not holds_nothing(connection):
            raise NotEmpty(str(database.url))
        mark_synthetic(connection, size.seed)
    achievements = read_study(ACHIEVEMENTS)
    listed = list_all(database, study, achievements, industries, words, size, tell)
    dealt = deal_all(database, listed, words, size, tell)
    agreements = settle_all(database, listed, words, size, tell)
    tell("settling", 1.0)
    works_at = {
        "enterprise": listed.enterprises[0].member,
        "zone": listed.zones[0].member,
        "office": listed.office,
        "fund": listed.fund,
    }
    counts = {
        "sites": size.zones,
        "projects": size.projects,
        "introductions": dealt.introductions,
        "deals": dealt.deals + agreements + 1,
        "agreements": agreements,
    }
    return Filled(add_logins(database, lang, works_at), counts)
