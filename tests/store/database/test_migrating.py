"""Every schema that was released comes up to the newest, and goes down by one."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, inspect

from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.migrating import downgrade, revision_of, revisions, upgrade
from yanzhen.store.database.tables import METADATA, organisations, persons, projects
from yanzhen.store.ownership.projects import find_project
from yanzhen.store.people.viewer import Viewer

RELEASED = ("0001", "0002")
"""Schemas of stores that people may have; grows with each release that changes it."""


def differences(database: Database) -> list[object]:
    with database.reading() as connection:
        declared = {"compare_type": True, "include_name": is_declared}
        context = MigrationContext.configure(connection, opts=declared)
        return list(compare_metadata(context, METADATA))


def is_declared(name: str | None, kind: str, _: object) -> bool:
    """Whether something is no index of words, which each database makes in its own way."""
    of_words = {"table": "project_words", "column": "words", "index": "ix_projects_words"}
    return not (name or "").startswith(of_words.get(kind, "-"))


def tables_in(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(inspect(connection).get_table_names())


def test_an_empty_database_comes_to_the_tables_that_are_declared(empty_url: str) -> None:
    database = Database(empty_url)
    assert revision_of(database) is None
    upgrade(database)
    assert revision_of(database) == revisions()[-1]
    assert differences(database) == []
    database.close()


def test_released_schemas_are_among_the_migrations() -> None:
    assert set(RELEASED) <= set(revisions())


@pytest.mark.parametrize("released", RELEASED)
def test_a_released_schema_comes_up_and_goes_down_by_one(empty_url: str, released: str) -> None:
    database = Database(empty_url)
    upgrade(database, released)
    upgrade(database)
    assert differences(database) == []
    before = ("base", *revisions())[-2]
    downgrade(database, before)
    assert revision_of(database) == (None if before == "base" else before)
    if before == "base":
        assert tables_in(database) == {"alembic_version"}
    upgrade(database)
    assert differences(database) == []
    database.close()


def test_up_again_changes_nothing(database: Database) -> None:
    before = tables_in(database)
    upgrade(database)
    assert tables_in(database) == before


def test_a_project_from_before_has_no_unit_of_its_investment(empty_url: str) -> None:
    database = Database(empty_url)
    upgrade(database, "0001")
    made = {"made_at": now()}
    person = {"id": "ann", "organisation": "ours", "login": "ann", "name": "Ann", "role": "planner"}
    project = {
        **{"number": 1, "id": "0" * 32, "organisation": "ours", "name": "SYNTHETIC"},
        **{"industry": "C38", "origin": "310000", "destination": "340000", "investment": 2.5},
        **{"state": "signed", "state_on": "2026-03-01", "made_by": "ann"},
    }
    with database.writing() as connection:
        connection.execute(insert(organisations).values(id="ours", name="Ours", **made))
        connection.execute(insert(persons).values(**person, **made))
        connection.execute(insert(projects).values(**project, **made))
    upgrade(database)
    found = find_project(database, Viewer("ann", "ours", "planner"), "0" * 32)
    assert (found.investment, found.investment_unit) == (2.5, None)
    database.close()
