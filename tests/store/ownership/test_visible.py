"""Every table says whose its rows are, or that nobody may ask for them."""

from sqlalchemy import select

from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import METADATA, organisations, persons
from yanzhen.store.ownership.visible import owned, visible
from yanzhen.store.people.viewer import LOCAL

NOBODYS = {"attempts", "openid_logins", "statistics_contributions"}


def test_every_table_belongs_to_somebody_or_is_named_here() -> None:
    assert {name for name, table in METADATA.tables.items() if not owned(table)} == NOBODYS


def test_members_see_their_own_organisation_alone(database: Database) -> None:
    add_organisations(database)
    for table, column, seen in (
        (organisations, organisations.c.id, {v: v.organisation for v in (OURS, OTHERS, LOCAL)}),
        (persons, persons.c.id, {v: v.person for v in (OURS, OTHERS, LOCAL)}),
    ):
        for viewer, wanted in seen.items():
            with database.reading() as connection:
                rows = connection.scalars(select(column).where(visible(table, viewer)))
                assert list(rows) == [wanted]
