"""The SYNTHETIC exchange: all of it there, all of it marked, and the same for a seed."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import databases
from yanzhen.exchange.demonstration.drawing import Size, TooFewZones
from yanzhen.exchange.demonstration.filling import Filled, fill_exchange
from yanzhen.exchange.demonstration.mark import is_synthetic
from yanzhen.store.backup.checking import check_store
from yanzhen.store.backup.restoring import NotEmpty
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import DEAL_STATES, deal_parties, deals
from yanzhen.store.database.listing_tables import (
    introduction_answers,
    introductions,
    listing_versions,
    listings,
)
from yanzhen.store.database.settlement_tables import agreements, statement_signatures, statements
from yanzhen.store.database.tables import METADATA, organisations, persons
from yanzhen.store.people.passwords import STANDARD
from yanzhen.store.people.persons import ROLES
from yanzhen.store.people.viewer import LOCAL

SMALL = Size(zones=12, projects=60, seed=1, on=date(2026, 12, 1))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A small one, which the tests only read."""
    with databases.new_database("sqlite", tmp_path_factory.mktemp("filled")) as url:
        database = Database(url)
        yield database, fill_exchange(database, SMALL, "zh")
        database.close()


def every(database: Database, *columns: Any) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(*columns)))


def test_there_is_some_of_everything(filled: tuple[Database, Filled]) -> None:
    database, told = filled
    kinds = Counter(row.kind for row in every(database, listings.c.kind))
    assert (kinds["site"], kinds["project"]) == (12, 60)
    assert kinds["achievement"] > 50 and kinds["fund"] == 4 and kinds["product"] == 6
    states = Counter(row.state for row in every(database, listings.c.state))
    assert (states["draft"], states["in_review"]) == (1, 1)
    assert {row.state for row in every(database, deals.c.state)} == set(DEAL_STATES)
    answers = {row.answer for row in every(database, introduction_answers.c.answer)}
    assert answers == {"accepted", "declined", "withdrawn"}
    assert len(every(database, introductions.c.id)) == told.counts["introductions"]
    capacities = {row.capacity for row in every(database, deal_parties.c.capacity)}
    assert capacities == {"enterprise", "operator", "host", "home", "fund"}
    acts = Counter(row.act for row in every(database, statement_signatures.c.act))
    assert acts["dispute"] == 1 and acts["sign"] > 15
    texts = [row.text for row in every(database, statements.c.text)]
    assert len([each for each in texts if '"corrections":[]' not in each]) == 1
    assert told.counts["deals"] == len(every(database, deals.c.id))


def test_all_of_it_says_that_it_is_made_up(filled: tuple[Database, Filled]) -> None:
    database, _ = filled
    assert is_synthetic(database)
    names = [
        *every(database, listing_versions.c.name),
        *every(database, organisations.c.name.label("name"), organisations.c.id),
        *every(database, persons.c.name.label("name"), persons.c.id),
        *every(database, deals.c.title.label("name")),
    ]
    own = (LOCAL.person, LOCAL.organisation)
    others = [row.name for row in names if getattr(row, "id", "") not in own]
    assert [name for name in others if not name.startswith("SYNTHETIC ")] == []
    contents = [row.content for row in every(database, listing_versions.c.content)]
    assert {each["status"] for each in contents} == {"synthetic"}
    texts = [each["text"] for each in contents]
    assert sum(each.startswith("SYNTHETIC") for each in texts) >= 12 + 60
    assert {row.synthetic for row in every(database, agreements.c.synthetic)} == {True}


def test_somebody_of_each_role_logs_in(filled: tuple[Database, Filled]) -> None:
    database, told = filled
    assert [each.login for each in told.logins] == list(ROLES)
    kept = dict(
        row
        for row in every(database, persons.c.login, persons.c.password_hash)
        if row.password_hash is not None
    )
    assert set(kept) == set(ROLES)
    for each in told.logins:
        assert STANDARD.verified(each.password, kept[each.login])[0]


def test_the_store_is_whole(filled: tuple[Database, Filled], tmp_path: Any) -> None:
    database, _ = filled
    assert check_store(database, tmp_path) == ()


def contents(database: Database) -> list[Any]:
    """What a seed decides: listings, and deals without their identities."""
    hashes = every(database, listing_versions.c.content_hash)
    made = every(database, deals.c.title, deals.c.state, deals.c.state_on, deals.c.investment)
    return sorted(map(tuple, hashes)) + sorted(map(tuple, made))


def test_a_seed_decides_what_there_is(filled: tuple[Database, Filled], database: Database) -> None:
    """On each kind of database."""
    fill_exchange(database, SMALL, "zh")
    assert contents(database) == contents(filled[0])


def test_another_seed_gives_another_exchange(
    filled: tuple[Database, Filled], tmp_path: Any
) -> None:
    with databases.new_database("sqlite", tmp_path) as url:
        other = Database(url)
        fill_exchange(other, Size(12, 60, 2, SMALL.on), "en")
        alike = set(contents(other)) & set(contents(filled[0]))
        # The achievements are those of another example.
        kinds = [row.kind for row in every(other, listings.c.kind)]
        assert len(alike) == kinds.count("achievement")
        other.close()


def test_a_store_that_holds_something_is_refused(filled: tuple[Database, Filled]) -> None:
    database, _ = filled

    def counts() -> dict[str, int | None]:
        with database.reading() as connection:
            return {
                table.name: connection.scalar(select(func.count()).select_from(table))
                for table in METADATA.sorted_tables
            }

    before = counts()
    with pytest.raises(NotEmpty):
        fill_exchange(database, SMALL, "zh")
    assert counts() == before


def test_what_nobody_made_up_is_not_marked(database: Database, tmp_path: Any) -> None:
    assert is_synthetic(database) is None
    with pytest.raises(TooFewZones):
        fill_exchange(database, Size(9_999, 60, 1, SMALL.on), "zh")
