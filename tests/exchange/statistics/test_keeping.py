"""Statistics by period in the store: attacked with those before, only added, chained by hash."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.exchange.deals.parties import HOST, add_everybody
from tests.exchange.statistics.test_from_deals import add_enterprises, agree
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.statistics.keeping import (
    NewPublication,
    NotPublished,
    chain_holds,
    find_published,
    last_day,
    list_published,
    publish_period,
)
from yanzhen.store.audit.verifying import verify
from yanzhen.store.database.connection import Database
from yanzhen.store.database.statistics_tables import KEPT
from yanzhen.store.database.tables import audit
from yanzhen.study import Study, read_study

TODAY = date(2027, 1, 15)
OF_2025 = NewPublication(Period(2025), "100 million CNY", 0.0, True)
OF_2026 = replace(OF_2025, period=Period(2026))
ANHUI, HENAN = "340000", "410000"


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study("china-provinces")


def sign(database: Database, enterprises: list[str], on: str) -> None:
    """Sign deals of enterprises, each in two provinces and two industries."""
    for each in enterprises:
        for region in (ANHUI, HENAN):
            for industry in ("IO42-19", "IO42-20"):
                agree(database, [each], (Happened("signed", on),), region, industry)


def test_a_period_is_published_and_the_next_only_when_enough_changed(
    database: Database, study: Study
) -> None:
    add_everybody(database)
    names = add_enterprises(database, 12)
    sign(database, names[:6], "2025-03-01")
    assert list_published(database, HOST) == ()
    first = publish_period(database, HOST, study, OF_2025, TODAY)
    assert [each.number for each in list_published(database, HOST)] == [1]
    assert find_published(database, HOST, 1).hash == first.hash
    table = first.given.tables["by_region_and_industry"]
    shown = table.filter(pl.col("region") == "Central", pl.col("industry") == "all")
    assert shown.select("records", "value").row(0) == (24, pytest.approx(0.24))
    assert first.given.hidden == 0

    # One deal more would be the difference between two sums that are shown.
    sign(database, names[6:7], "2026-03-01")
    with pytest.raises(NotPublished) as refused:
        publish_period(database, HOST, study, OF_2026, TODAY)
    told = [(each.found, each.found_zh) for each in refused.value.problems]
    assert told
    for english, chinese in (refused.value.words, *told):
        assert names[6] not in english + chinese
        assert "0.01" not in english + chinese
    assert len(list_published(database, HOST)) == 1

    sign(database, names[7:12], "2026-04-01")
    second = publish_period(database, HOST, study, OF_2026, TODAY)
    assert (second.number, second.previous) == (2, first.hash)
    assert second.given.attacked_with == ("2025",)
    assert chain_holds(database)
    with database.reading() as connection:
        assert verify(connection).broken == ()
        changes = connection.execute(
            select(audit.c.action, audit.c.subject).where(audit.c.resource == "statistics")
        )
        assert changes.all() == [("make", "2025"), ("refuse", "2026"), ("make", "2026")]


def test_hidden_cells_come_back_hidden_with_the_interval_that_anybody_gets(
    database: Database, study: Study
) -> None:
    add_everybody(database)
    names = add_enterprises(database, 9)
    sign(database, names[:7], "2025-03-01")
    for region, each in ((ANHUI, names[7]), (HENAN, names[8])):
        for industry in ("IO42-19", "IO42-20", "IO42-18"):
            agree(database, [each], (Happened("signed", "2024-03-01"),), region, industry)
    made = publish_period(database, HOST, study, OF_2025, TODAY)
    read = find_published(database, HOST, 1).given
    assert read.hidden > 0
    assert read.intervals == made.given.intervals
    assert read.narrowest is not None
    low, high = read.narrowest
    assert 0 <= low < high
    for name, table in made.given.tables.items():
        assert read.tables[name].equals(table)


def test_only_a_later_period_that_is_over_is_published_in_the_same_unit(
    database: Database, study: Study
) -> None:
    add_everybody(database)
    sign(database, add_enterprises(database, 5), "2025-03-01")
    publish_period(database, HOST, study, OF_2025, TODAY)
    for new, said in (
        (OF_2025, "up to 2025"),
        (replace(OF_2025, period=Period(2025, 4)), "up to 2025"),
        (replace(OF_2025, period=Period(2027)), "not over"),
        (replace(OF_2026, money="10,000 CNY"), "100 million CNY"),
    ):
        with pytest.raises(NotPublished, match=said):
            publish_period(database, HOST, study, new, TODAY)


def test_the_database_keeps_publications_and_the_chain_tells_of_those_changed(
    database: Database, study: Study
) -> None:
    add_everybody(database)
    sign(database, add_enterprises(database, 5), "2025-03-01")
    publish_period(database, HOST, study, OF_2025, TODAY)
    for table in KEPT:
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET {COLUMN[table]} = 'x'"):
            with pytest.raises(DBAPIError, match="only added"), database.writing() as connection:
                connection.execute(text(change))
    assert chain_holds(database)
    # Who can take the guard away is found out by the chain.
    off = {
        "sqlite": "DROP TRIGGER statistics_contributions_kept_at_update",
        "postgresql": "ALTER TABLE statistics_contributions DISABLE TRIGGER ALL",
    }
    with database.writing() as connection:
        connection.execute(text(off[database.engine.dialect.name]))
        connection.execute(text("UPDATE statistics_contributions SET content = 'x'"))
    assert not chain_holds(database)


COLUMN = {"statistics_publications": "text", "statistics_contributions": "content"}


def test_periods_end_on_their_last_day() -> None:
    ends = [last_day(Period(2024, quarter)) for quarter in (1, 2, 3, 4)]
    assert [each.isoformat()[5:] for each in ends] == ["03-31", "06-30", "09-30", "12-31"]
    assert last_day(Period(2024)) == date(2024, 12, 31)
