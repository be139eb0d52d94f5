"""The declarations of the tables."""

import re

import pytest
from dataframely.random import Generator

from yanzhen.study import REQUIRED_TABLES, TABLES
from yanzhen.study.columns import UNIT_KINDS
from yanzhen.study.limits import ROW_RULES
from yanzhen.study.statuses import STATUSES
from yanzhen.study.tables import description, meanings

MEASURES = ("output", "value_added", "employment", "tax", "energy", "emissions", "enterprises")


def test_required_tables_are_declared() -> None:
    assert set(REQUIRED_TABLES) <= set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_described_in_both_languages(table: str) -> None:
    english, chinese = description(table)
    assert re.search("[a-z]", english)
    assert re.search("[一-鿿]", chinese)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described_in_both_languages(table: str) -> None:
    for said in meanings(table).values():
        assert re.search("[a-zA-Z]", said.en)
        assert re.search("[一-鿿]", said.zh)
        assert said.unit in UNIT_KINDS


@pytest.mark.parametrize("table", TABLES)
def test_references_are_to_declared_tables(table: str) -> None:
    assert {name for said in meanings(table).values() for name in said.refers} <= set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_column_that_names_a_table_refers_to_it(table: str) -> None:
    keys = {"region": "regions", "industry": "industries", "site": "sites", "rule": "rules"}
    for column, keyed in keys.items():
        said = meanings(table).get(column)
        if said is not None and keyed != table:
            assert said.refers[:1] == (keyed,)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_can_be_sampled_by_its_schema(table: str) -> None:
    assert TABLES[table].is_valid(TABLES[table].sample(5, generator=Generator(1)))


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_of_activity_is_marked_cell_by_cell(measure: str) -> None:
    assert meanings("activity")[f"{measure}_status"].values == STATUSES


def test_every_rule_over_several_columns_has_its_message() -> None:
    rules = {
        name
        for schema in TABLES.values()
        for name in schema.filter(schema.create_empty()).failure._rule_columns
        if "|" not in name and name != "primary_key"
    }
    assert rules == set(ROW_RULES)
