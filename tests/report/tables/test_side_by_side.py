"""Regions and sites beside one another are the plan's, and peers those of the same structure."""

import pytest

from yanzhen.advantage.peers import peers
from yanzhen.market.plan.plan import Plan
from yanzhen.report.tables.side_by_side import MOST_PEERS, Level, resembling, side_by_side
from yanzhen.report.text.quantities import amount
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang

PLACES = ["340000", "320000"]


@pytest.mark.parametrize("level", ["region", "site"])
def test_each_place_has_its_column_with_intervals(
    example_plan: Plan, level: Level, lang: Lang
) -> None:
    reader = Reader(example_plan.study, lang)
    table = side_by_side(example_plan, level, PLACES, reader)
    assert [column.name for column in table.columns][1:] == PLACES
    assert [column.head for column in table.columns][1:] == [
        reader.names.regions[c] for c in PLACES
    ]
    frame, name = (
        (example_plan.regions, "net") if level == "region" else (example_plan.sites, "arrivals")
    )
    row = frame.filter(frame[level] == PLACES[1]).row(0, named=True)
    told = [line[2] for line in table.rows]
    within = reader.within(row[f"{name}_low"], row[f"{name}_high"], reader.size)
    assert f"{amount(row[name], reader.size)}{within}" in told and within


def test_regions_resemble_by_what_they_make(example_plan: Plan) -> None:
    found = resembling(example_plan, "region", "310000")
    assert found.height == MOST_PEERS
    base = example_plan.activity.filter(year=example_plan.base_year)
    inside = base.filter(base["region"].is_in(example_plan.regions["region"].to_list()))
    assert found.equals(peers(inside, "output", "310000").head(MOST_PEERS))


def test_sites_resemble_by_what_arrives(example_plan: Plan) -> None:
    found = resembling(example_plan, "site", "340000")
    assert found.height == MOST_PEERS and "340000" not in found["region"]
    assert found["similarity"].is_between(0, 1).all()
