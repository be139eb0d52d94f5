"""What is wrong with products, projects and parks' finance, all of it at once."""

import polars as pl
import pytest

from tests.study.small_finance import small_finance
from yanzhen.study.cells import TypedTable
from yanzhen.study.checking import checked_frames
from yanzhen.study.limits import check_limits
from yanzhen.study.products import check_park_finance, check_products, check_projects
from yanzhen.study.raw import row_numbers


def changed(table: str, row: int, **cells: object) -> pl.DataFrame:
    """A table of the study with cells of one row changed; rows are counted from 1."""
    rows = small_finance().tables[table].to_dicts()
    rows[row - 1] |= cells
    return pl.DataFrame(rows, schema=small_finance().tables[table].schema)


def told(**tables: pl.DataFrame) -> dict[tuple[str, int | None, str], str]:
    study = small_finance()
    found = checked_frames(study.about, {**study.tables, **tables}, "memory").problems
    return {(each.table, each.row, each.column): each.expected for each in found}


def test_a_reserve_needs_a_park_around_it() -> None:
    items = small_finance().tables["park_finance"]
    alone = items.filter(pl.col("kind") == "reserve")
    (expected,) = told(park_finance=alone).values()
    assert "one reserve" in expected


def test_a_sound_study_has_no_problem() -> None:
    assert told() == {}


def test_everything_is_told_together() -> None:
    found = told(
        products=changed("products", 1, rate=3.0, recovery=40.0, turns=2, grace_months=60),
        projects=changed("projects", 2, products="L;X", start=None, investment=None),
        park_finance=changed("park_finance", 8, rank=1, rate=4.5, lease_up_years=3),
    )
    assert found["products", 1, "rate"] == "a share: 0.03 where 3 % is meant"
    assert found["products", 1, "recovery"] == "a share: 0.4 where 40 % is meant"
    assert found["products", 1, "turns"] == "nothing: loan has no use for it"
    assert "below the tenor of 60" in found["products", 1, "grace_months"]
    assert "products" in found["projects", 2, "products"]
    assert "the project is offered products" in found["projects", 2, "start"]
    assert "the project is offered products" in found["projects", 2, "investment"]
    assert "stands first" in found["park_finance", 8, "rank"]
    assert found["park_finance", 8, "rate"].startswith("a share: 0.045")
    assert found["park_finance", 8, "lease_up_years"] == "nothing: loan has no use for it"


@pytest.mark.parametrize(
    ("table", "row", "cells", "column"),
    [
        ("products", 1, {"tenor_months": None}, "tenor_months"),
        ("products", 1, {"payments_per_year": 5}, "payments_per_year"),
        ("products", 1, {"recovery": None}, "recovery"),
        ("products", 3, {"advance_share": 0.0}, "advance_share"),
        ("products", 4, {"down_payment": 0.97}, "down_payment"),
        ("products", 5, {"rate": None}, "rate"),
        ("products", 6, {"tenor_months": 30}, "tenor_months"),
        ("products", 1, {"financed_share": 0.0}, "financed_share"),
        ("products", 3, {"tenor_months": 600, "turns": 2}, "turns"),
        ("products", 3, {"holidays": "2026-02-30"}, "holidays"),
        ("projects", 1, {"investment": 0.0}, "investment"),
        ("projects", 1, {"start": "2026-02-30"}, "start"),
        ("projects", 1, {"start": "9999-01-01"}, "start"),
        ("projects", 1, {"products": "L;L"}, "products"),
        ("park_finance", 7, {"tenor_years": 3}, "grace_years"),
        ("park_finance", 1, {"amount": None}, "amount"),
        ("park_finance", 2, {"to_year": 2025}, "from_year"),
        ("park_finance", 10, {"reserve_share": None}, "reserve_share"),
    ],
)
def test_each_fault_is_told_at_its_cell(
    table: str, row: int, cells: dict[str, object], column: str
) -> None:
    frame = changed(table, row, **cells)
    typed = TypedTable("memory", table, frame, row_numbers(frame.height, first=1), frozenset())
    tables = {table: typed}
    checks = (check_products, check_projects, check_park_finance)
    found = [*check_limits(typed), *(problem for check in checks for problem in check(tables))]
    assert [(each.row, each.column) for each in found] == [(row, column)]
