"""`yanzhen exchange deals export`: what a study's `track` follows."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from tests.databases import new_database
from tests.exchange.deals.parties import add_everybody, batteries
from yanzhen.cli.app import app
from yanzhen.exchange.deals.following import Happened
from yanzhen.goals.projects import projects_of
from yanzhen.goals.tracking import board
from yanzhen.store.database.connection import Database

SIGNED = (
    Happened("talks", "2025-01-01"),
    Happened("terms_agreed", "2025-02-01"),
    Happened("signed", "2025-03-01", 10**10),
    Happened("started", "2025-06-01"),
    Happened("increase", "2025-07-01", 2 * 10**10),
    Happened("funds", "2025-07-01", 5 * 10**9),
)


def run(*arguments: object) -> Result:
    said = ["exchange", "deals", "export", *map(str, arguments), "--lang", "en"]
    return CliRunner().invoke(app, said)


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Path]:
    """The folder of a store with two deals that were signed and one that was not."""
    folder = tmp_path / "store"
    folder.mkdir()
    with new_database("sqlite", folder) as url:
        database = Database(url)
        add_everybody(database)
        batteries(database)
        batteries(database, happened=SIGNED)
        batteries(database, happened=(Happened("signed", "2025-05-01"),), investment=3 * 10**10)
        database.close()
        yield folder


def test_the_register_is_a_table_that_track_counts_by_its_rules(
    filled: Path, tmp_path: Path
) -> None:
    file = tmp_path / "transitions.csv"
    done = run(file, "--store", filled, "--organisation", "Org host", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"file": str(file), "rows": 5, "deals": 2}
    read = pl.read_csv(file, schema_overrides={"region": pl.String})
    projects = projects_of(read.with_columns(pl.col("followed_from", "status").cast(pl.String)))
    assert set(projects["owner"]) == {"Org firm"} and set(projects["funds_arrived"]) == {0.5, None}
    counted = board(projects)
    assert counted.select("region", "state", "projects").rows() == [
        ("340100", "signed", 1),
        ("340100", "started", 1),
    ]
    assert counted["capital_signed"].to_list() == [3.0, 1.0]
    assert counted["capital_added"].to_list() == [None, 2.0]


def test_what_cannot_be_written_is_said_with_exit_code_2(filled: Path, tmp_path: Path) -> None:
    for arguments, said in (
        ((tmp_path / "a.xlsx", "--store", filled), ".parquet"),
        ((tmp_path / "a.csv", "--store", tmp_path / "none"), "no database"),
        ((tmp_path / "a.csv", "--store", filled, "--organisation", "nobody"), "nobody"),
        ((tmp_path / "a.csv", "--store", filled, "--money", "shells"), "million CNY"),
    ):
        done = run(*arguments)
        assert done.exit_code == 2 and said in done.output, done.output
    assert not list(tmp_path.glob("a.*"))


def test_another_organisation_writes_an_empty_register(filled: Path, tmp_path: Path) -> None:
    file = tmp_path / "none.parquet"
    done = run(file, "--store", filled, "--organisation", "Org third")
    assert done.exit_code == 0 and "0 transitions of 0 deals" in done.output
    assert pl.read_parquet(file).is_empty()
