"""A site learns of a confidential project a band of its chance, in an order that tells no more."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.exchange.listings.offers import NAMED, PROJECT, list_published
from tests.store.ownership.organisations import OURS, add_organisations
from yanzhen.exchange.docking.shortlists import Prospects
from yanzhen.exchange.docking.telling import EDGES, LikelyProject, likely_projects
from yanzhen.exchange.listings.keeping import withdraw_listing
from yanzhen.exchange.listings.kinds import Project
from yanzhen.store.database.connection import Database


@pytest.fixture
def store(database: Database) -> Database:
    add_organisations(database)
    return database


def told(
    store: Database, projects: list[tuple[Project, float]], most: int = 100
) -> tuple[LikelyProject, ...]:
    found = {list_published(store, OURS, content): chance for content, chance in projects}
    prospects = Prospects(tuple(found), np.array(list(found.values())))
    return likely_projects(store, prospects, most)


@pytest.mark.parametrize(
    ("chance", "band"),
    [
        *((1e-9, (0.0, 0.01)), (0.0099, (0.0, 0.01)), (0.01, (0.01, 0.05)), (0.07, (0.05, 0.2))),
        *((0.2, (0.2, 0.5)), (0.4999, (0.2, 0.5)), (0.5, (0.5, 1.0)), (1.0, (0.5, 1.0))),
    ],
)
def test_a_chance_is_told_as_a_band(
    store: Database, chance: float, band: tuple[float, float]
) -> None:
    (hidden,) = told(store, [(PROJECT, chance)])
    assert (hidden.at_least, hidden.at_most) == band
    assert hidden.probability is None and hidden.name == "" and hidden.origin == ""
    (named,) = told(store, [(NAMED, chance)])
    assert named.probability == chance and named.origin == NAMED.origin


def test_projects_of_other_origins_are_told_alike(store: Database) -> None:
    """Whatever the origin does to the chance within a band: what is told has the same bits."""
    projects = [
        (replace(PROJECT, name=f"SYNTHETIC {n}", origin=origin), chance)
        for n, (origin, chance) in enumerate(
            [("310000", 0.06), ("320000", 0.19), ("330000", 0.11), ("340000", 0.05)]
        )
    ]
    found = told(store, projects)
    assert len(found) == 4 and len({repr(each) for each in found}) == 1


def test_the_order_is_one_of_what_is_told(store: Database) -> None:
    """Within a band it is the same whichever of two projects is the likelier."""
    steel, cars = replace(PROJECT, industry="31"), replace(PROJECT, industry="36")
    orders = []
    for first, second in ((0.06, 0.19), (0.19, 0.06)):
        found = told(store, [(steel, first), (cars, second), (PROJECT, 0.3), (NAMED, 0.1)])
        orders.append([(each.at_least, each.name, each.industry) for each in found])
    assert orders[0] == orders[1]
    assert [at_least for at_least, _, _ in orders[0]] == [0.2, 0.05, 0.05, 0.05]
    assert orders[0][1][1] == NAMED.name


def test_who_is_left_out_of_a_long_list_says_nothing_of_the_chance(store: Database) -> None:
    industries = ("31", "36", "37")
    for chances in ((0.06, 0.1, 0.19), (0.19, 0.1, 0.06)):
        projects = [
            (replace(PROJECT, industry=industry), chance)
            for industry, chance in zip(industries, chances, strict=True)
        ]
        assert [each.industry for each in told(store, projects, most=2)] == ["31", "36"]


def test_what_is_withdrawn_or_may_not_be_told_is_not_there(store: Database) -> None:
    listed = list_published(store, OURS, PROJECT)
    silent = list_published(store, OURS, replace(PROJECT, shown=()))
    withdraw_listing(store, OURS, listed)
    assert likely_projects(store, Prospects((listed, silent), np.array([0.3, 0.3]))) == ()


def test_bands_cover_every_chance() -> None:
    assert EDGES[0] == 0 and EDGES[-1] == 1 and all(low < high for low, high in pairwise(EDGES))
