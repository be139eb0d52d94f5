"""The localities of a study as contestants."""

import numpy as np
import polars as pl
import pytest

from tests.market.problem.test_formulation import declared, room, with_table
from tests.market.stages import Stages, stages
from tests.study.small import INDUSTRIES, NATION, REGIONS, small
from yanzhen.market.counterfactuals.localities import contest
from yanzhen.market.counterfactuals.subsidy_competition import race, subsidy_table
from yanzhen.study import Study, StudyError, read_study


def with_accounts() -> Study:
    """The small study with an input-output table of value added alone: 30 % wages, 5 % taxes."""
    rows: list[dict[str, object]] = []
    for industry in INDUSTRIES:
        at = {"year": 2017, "supplier_region": NATION, "user_region": NATION, "user": industry}
        rows += [
            {**at, "supplier": "compensation", "origin": "value_added", "value": 30.0},
            {**at, "supplier": "taxes", "origin": "value_added", "value": 5.0},
            {**at, "supplier": "surplus", "origin": "value_added", "value": 65.0},
            {
                **at,
                "supplier": industry,
                "user": "consumption",
                "origin": "domestic",
                "value": 100.0,
            },
        ]
    return with_table(small(), "input_output", rows)


def test_a_unit_of_output_is_worth_its_local_taxes_and_weighed_wages() -> None:
    ready = stages(with_accounts())
    np.testing.assert_allclose(contest(ready.cleared).worth, 0.5 * 0.05 + 0.1 * 0.3)


def test_reported_taxes_come_before_the_table_s() -> None:
    study = with_accounts()
    taxed = study.tables["activity"].with_columns(
        tax=pl.when(pl.col("industry") == "13").then(0.08 * pl.col("output"))
    )
    ready = stages(Study(study.about, {**study.tables, "activity": taxed}, study.path))
    worth = contest(ready.cleared).worth
    energy = (ready.formulation.blocks["industry"] == "13").to_numpy()
    np.testing.assert_allclose(worth[energy], 0.5 * 0.08 + 0.1 * 0.3)
    np.testing.assert_allclose(worth[~energy], 0.5 * 0.05 + 0.1 * 0.3)


def test_a_study_without_accounts_is_asked_for_them() -> None:
    ready = stages(small())
    with pytest.raises(StudyError, match="no taxes of industry") as raised:
        contest(ready.cleared)
    assert len(raised.value.problems) == 2 * 3


def test_a_locality_keeps_its_own_rents_alone() -> None:
    rows = room(700.0)
    for row, recipient in zip(rows, ("site", "locality", "province", "state", "none"), strict=True):
        row["rent_recipient"] = recipient
    ready = stages(with_table(with_accounts(), "resources", rows))
    np.testing.assert_array_equal(
        contest(ready.cleared).rent_share[:, 0], [1.0, 1.0, 0.0, 0.0, 0.0]
    )


def test_the_sites_of_a_region_are_one_locality_s() -> None:
    study = with_table(
        with_accounts(),
        "sites",
        [{"site": f"Z{k}", "region": REGIONS[k // 2]} for k in range(4)],
    )
    rows: list[dict[str, object]] = [
        {"place": f"Z{k}", "resource": "output", "capacity": 1e5} for k in range(4)
    ]
    ready = stages(declared(with_table(study, "resources", rows), sites="all"))
    assert contest(ready.cleared).owner.tolist() == [0, 0, 1, 1]


@pytest.fixture(scope="module")
def example() -> Stages:
    return stages(read_study("china-provinces"))


def test_the_example_s_race_settles_and_nobody_gains_by_deviating(example: Stages) -> None:
    game = contest(example.cleared)
    found = race(game, 1e-8, most_deviating=6)
    assert found.nash.converged
    assert found.coordinated.converged
    assert found.failed_starts == 0
    assert found.largest_gain < 1e-6
    assert found.waste >= -1e-6


def test_the_table_of_subsidies_adds_up_to_the_outlay(example: Stages) -> None:
    game = contest(example.cleared)
    found = race(game, 1e-8, most_deviating=0)
    table = subsidy_table(
        example.formulation.market.mass, found, example.formulation.room.sites["site"]
    )
    assert table.height == 3 * 31
    np.testing.assert_allclose(table["outlay"], table["subsidy"] * table["arrivals"])
    assert (table.filter(pl.col("regime") == "none")["subsidy"] == 0).all()
