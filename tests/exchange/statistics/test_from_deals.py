"""Deals of all organisations become contributions, and are published only where nobody is told."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from tests.exchange.deals.parties import HOST, add_everybody
from yanzhen.cli.app import app
from yanzhen.exchange.deals.changing import make_deal
from yanzhen.exchange.deals.deal import NewDeal, NewParty
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.statistics.from_deals import contributions_of, hierarchies_of, signed_deals
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database, sqlite_url
from yanzhen.store.database.tables import organisations
from yanzhen.store.people.opening import open_store

MILLION = 100_000_000
"""Yuan, in fen."""
GIVEN = {
    "region": Hierarchy({"C": None, "E": "C", "W": "C", "E1": "E", "W1": "W"}, {}),
    "industry": Hierarchy({"I": None, "I1": "I", "I2": "I"}, {}),
}
CONTACT = Happened("contact", "2025-12-01")
SIGNED = (Happened("signed", "2026-01-05"),)


def agree(
    database: Database,
    enterprises: Sequence[str],
    happened: tuple[Happened, ...] = SIGNED,
    region: str = "W1",
    industry: str = "I1",
    fen: int | None = MILLION,
) -> str:
    """Make a SYNTHETIC deal of the host with enterprises."""
    parties = [NewParty(each, "enterprise") for each in enterprises]
    said = ("SYNTHETIC", "direct", industry, "E1", region)
    entered = NewDeal(*said, (NewParty("host", "operator"), *parties), happened, fen)
    return make_deal(database, HOST, entered)


def add_enterprises(database: Database, count: int) -> list[str]:
    names = [f"e{number}" for number in range(count)]
    with database.writing() as connection:
        rows = [{"id": each, "name": f"SYNTHETIC {each}", "made_at": now()} for each in names]
        connection.execute(insert(organisations), rows)
    return names


def test_deals_count_from_signing_on_each_for_its_enterprise(database: Database) -> None:
    add_everybody(database)
    first, second = add_enterprises(database, 2)
    agree(database, [first])
    signed = Happened("signed", "2025-03-01", 3 * MILLION)
    later = (signed, Happened("started", "2026-03-01"))
    agree(database, [second], later, "E1", "I2")
    agree(database, [first], (CONTACT,))
    agree(database, [first], (CONTACT, Happened("withdrawn", "2026-02-01")))
    agree(database, [])
    agree(database, [first, second])
    agree(database, [first], fen=None)
    agree(database, [first], region="W")
    agree(database, [first], industry="words")
    found = signed_deals(database)
    trees = hierarchies_of(found, GIVEN)
    assert trees["year"].leaves == {"2025", "2026"}
    counted = contributions_of(found, trees, "10,000 CNY")
    assert counted.contributions.rows() == [
        (first, "W1", "I1", "signed", "2026", 100.0),
        (second, "E1", "I2", "started", "2025", 300.0),
    ]
    assert (counted.no_enterprise, counted.no_amount, counted.no_code) == (2, 1, 2)


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    """Write the hierarchies; return the arguments of the command."""
    arguments = ["exchange", "statistics", "--from-store", "--store", str(tmp_path / "store")]
    for name, each in GIVEN.items():
        schema = {"code": pl.String, "parent": pl.String}
        frame = pl.DataFrame(list(each.parents.items()), schema=schema, orient="row")
        frame.write_csv(tmp_path / f"{name}.csv")
        arguments += ["--hierarchy", f"{name}={tmp_path / name}.csv"]
    return [*arguments, "--out", str(tmp_path / "out"), "--seconds", "20", "--lang", "en"]


def publish_deals_of(folder: Path, enterprises: int, arguments: list[str]) -> list[pl.DataFrame]:
    """Publish one deal of each enterprise; return the tables that were written."""
    (folder / "store").mkdir()
    database = open_store(sqlite_url(folder / "store" / "store.sqlite"))
    add_everybody(database)
    for each in add_enterprises(database, enterprises):
        agree(database, [each])
    database.close()
    done = CliRunner().invoke(app, [*arguments, "--keep", str(folder / "kept.csv"), "--json"])
    assert done.exit_code in (0, 1), done.output
    published = json.loads(done.stdout)["published"]
    assert published == (folder / "kept.csv").exists() == (folder / "out").exists()
    paths = sorted((folder / "out").glob("*.csv"))
    return [pl.read_csv(path, infer_schema=False) for path in paths]


def test_nothing_is_published_of_fewer_than_five_enterprises(
    tmp_path: Path, asked: list[str]
) -> None:
    tables = publish_deals_of(tmp_path, 4, asked)
    assert len(tables) == 4
    for table in tables:
        assert {*table["value"]} <= {"0.0", "hidden"}
        assert {*table["records"]} <= {"0", "hidden"}


def test_five_alike_are_published_and_the_same_again_tells_nothing_new(
    tmp_path: Path, asked: list[str]
) -> None:
    tables = publish_deals_of(tmp_path, 5, asked)
    assert len(tables) == 4
    for table in tables:
        assert {*table["value"]} <= {"0.0", "0.05"}
        assert {"0.05", "5"} <= {*table["value"], *table["records"]}
    assert "e0" not in (tmp_path / "out" / "manifest.json").read_text()
    before = ["--before", f"{tmp_path / 'out'}={tmp_path / 'kept.csv'}"]
    asked[asked.index(str(tmp_path / "out"))] = str(tmp_path / "again")
    again = CliRunner().invoke(app, [*asked, *before])
    assert again.exit_code == 0, again.output
    said = " ".join(again.stdout.split())
    assert (
        "5 deals from signing on are counted" in said and "Values are in: 100 million CNY" in said
    )


def test_one_source_is_asked_for_and_a_store_that_is_there(
    tmp_path: Path, asked: list[str]
) -> None:
    for more in (["contributions.csv"], ["--money", "persons"], []):
        assert CliRunner().invoke(app, [*asked, *more]).exit_code == 2
    assert not (tmp_path / "store").exists()
