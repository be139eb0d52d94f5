"""Cells say what a listing says: read again, they are the same listing."""

from dataclasses import replace

import pytest

from tests.exchange.listings.offers import NAMED, PROJECT, SITE
from yanzhen.exchange.listings.cells import cells_of, columns_of_kind, read_cells
from yanzhen.exchange.listings.kinds import Achievement, Content, Fund, Kind, Product, Room, Site

DAY = "2999-12-31"
EVERY: tuple[Content, ...] = (
    *(SITE, PROJECT, NAMED, replace(PROJECT, shown=(), starts_on="2027-01-01")),
    replace(SITE, room=(Room("land", None, "mu", 0.1, "CNY"), Room("energy", None, "tce"))),
    replace(SITE, longitude=117.25, latitude=31.8, gates=("r1", "r2"), status="estimated"),
    Achievement(name="A", expires_on=DAY, industry="30", region="340000", readiness=6),
    Fund(name="F", expires_on=DAY, size=0.1, unit="CNY"),
    Fund(name="F", expires_on=DAY, size=1e-7, unit="billion CNY", grant_equivalent=0.0, most=2.5),
    Product(name="P", expires_on=DAY, type="loan", rate=0.1 + 0.2, industries=("20", "30")),
)


@pytest.mark.parametrize("content", EVERY)
def test_a_listing_is_read_from_the_cells_that_say_it(content: Content) -> None:
    cells = cells_of(content)
    assert tuple(cells) == columns_of_kind(content.kind)
    assert read_cells(content.kind, cells) == (content, [])


@pytest.mark.parametrize(
    ("kind", "cells", "columns"),
    [
        ("site", {"land_price": "3", "land_price_unit": "CNY"}, ["land"]),
        ("project", {"output": "unlimited"}, ["output"]),
        ("site", {"land": "unlimited", "land_unit": "acre"}, ["land_unit"]),
        ("site", {"land": "1e30", "land_unit": "ha"}, ["land"]),
        ("site", {"land": "1e-12", "land_unit": "km2"}, ["land"]),
        ("project", {"land": "1e-300", "land_unit": "mu"}, ["land"]),
        ("project", {"investment": "1e300"}, ["investment"]),
    ],
)
def test_what_is_wrong_is_said_of_its_cell(
    kind: Kind, cells: dict[str, str], columns: list[str]
) -> None:
    """A price for nobody knows how much is no room without a limit; nor needs a project no end."""
    bare = {column: "" for column in columns_of_kind(kind) if column.startswith("land")}
    said = {**cells_of(SITE if kind == "site" else PROJECT), **bare, **cells}
    _, problems = read_cells(kind, said)
    assert [each.column for each in problems] == columns


def test_room_without_a_limit_is_said_in_words() -> None:
    said = {**cells_of(SITE), "land": "不限", "land_price": ""}
    content, problems = read_cells("site", said)
    assert problems == [] and isinstance(content, Site)
    assert {each.resource: each.amount for each in content.room} == {"output": 5.0, "land": None}
