"""Policies as columns, caps and floors of the market."""

import numpy as np
import polars as pl
import pytest

from tests.market.problem.test_formulation import declared, enterprises, room, with_table
from tests.market.stages import stages
from tests.study.small import REGIONS, small
from yanzhen.market.problem.capacity import annuity
from yanzhen.market.problem.policies import policies_in_force
from yanzhen.pipeline import plan_study
from yanzhen.study import Study, StudyError

ENERGY = "13"


def with_policies(*rows: dict[str, object], capacity: float = 1e5) -> Study:
    study = with_table(small(), "resources", room(capacity))
    return with_table(study, "policies", [{"policy": f"P{k}", **row} for k, row in enumerate(rows)])


def granted(study: Study) -> np.ndarray:
    """(I, J) payoff that policies add."""
    paid = stages(study).formulation.payments
    return paid.per_output @ paid.at_site.T


def test_a_subsidy_per_output_is_paid_in_its_place_and_industry_alone() -> None:
    study = with_policies(
        {
            "instrument": "subsidy_per_output",
            "place": REGIONS[1],
            "industry": ENERGY,
            "value": 0.02,
        }
    )
    blocks = stages(study).formulation.blocks
    expected = np.zeros((blocks.height, len(REGIONS)))
    expected[(blocks["industry"] == ENERGY).to_numpy(), 1] = 0.02
    np.testing.assert_array_equal(granted(study), expected)


def test_a_tax_takes() -> None:
    study = with_policies({"instrument": "tax", "place": REGIONS[0], "value": 0.01})
    assert (granted(study)[:, 0] == -0.01).all()


def test_a_place_holds_the_sites_below_it() -> None:
    study = with_policies({"instrument": "tax", "place": "100000", "value": 0.01})
    assert (granted(study) == -0.01).all()


def test_a_subsidy_per_job_goes_by_jobs() -> None:
    study = with_policies({"instrument": "subsidy_per_job", "value": 0.5})
    jobs = stages(study).formulation.blocks["jobs_per_output"].to_numpy()
    np.testing.assert_allclose(granted(study), np.repeat(0.5 * jobs[:, None], 5, axis=1))


def test_a_subsidy_per_land_goes_by_land() -> None:
    study = with_table(
        with_policies({"instrument": "subsidy_per_land", "value": 0.5}),
        "enterprises",
        enterprises(small()),
    )
    study = declared(study, enterprises="all")
    land = stages(study).formulation.blocks["land_per_output"].to_numpy()
    np.testing.assert_allclose(granted(study)[:, 0], 0.5 * land)


def test_a_subsidy_per_energy_goes_by_energy() -> None:
    study = with_policies({"instrument": "subsidy_per_energy", "value": 0.5})
    activity = study.tables["activity"].with_columns(energy=0.2 * pl.col("output"))
    study = with_table(study, "activity", activity)
    np.testing.assert_allclose(granted(study), 0.5 * 0.2)


def test_a_tax_per_emission_takes_by_the_industry_s_own_emissions() -> None:
    study = with_policies(
        {"instrument": "tax_per_emission", "place": REGIONS[0], "value": 5.0},
        {"instrument": "tax_per_emission", "place": REGIONS[1], "industry": ENERGY, "value": 5.0},
    )
    own = pl.when(pl.col("industry") == ENERGY).then(0.01).otherwise(0.001)
    activity = study.tables["activity"].with_columns(emissions=own * pl.col("output"))
    study = with_table(study, "activity", activity)
    energy = (stages(study).formulation.blocks["industry"] == ENERGY).to_numpy()
    taken = granted(study)
    np.testing.assert_allclose(taken[:, 0], np.where(energy, -0.05, -0.005))
    np.testing.assert_allclose(taken[:, 1], np.where(energy, -0.05, 0.0))
    assert (taken[:, 2:] == 0).all()


def test_a_tax_per_emission_that_ends_weighs_less() -> None:
    study = with_policies({"instrument": "tax_per_emission", "value": 5.0, "to_year": 2020})
    emitted = stages(study).formulation.blocks["emissions_per_output"].to_numpy()
    worth = annuity(0.08, 10) / annuity(0.08, 3)
    np.testing.assert_allclose(granted(study), np.repeat(-5 * worth * emitted[:, None], 5, axis=1))


def test_a_tax_per_emission_adds_to_a_posted_price() -> None:
    """A floor under the price of emissions would only lift what is posted to it."""
    posted = [{"place": REGIONS[2], "resource": "emissions", "capacity": None, "posted_price": 3.0}]
    study = with_table(small(), "resources", room(1e5) + posted)
    row = {"policy": "P0", "instrument": "tax_per_emission", "place": REGIONS[2], "value": 5.0}
    market = stages(with_table(study, "policies", [row])).formulation.market
    emitted = stages(study).formulation.blocks["emissions_per_output"].to_numpy()
    worth = (market.intensities @ market.qualities.T)[:, 2]
    np.testing.assert_allclose(worth, -8.0 * emitted)


def test_emissions_that_are_not_known_are_asked_for() -> None:
    study = with_policies({"instrument": "tax_per_emission", "value": 5.0})
    silent = study.tables["activity"].with_columns(emissions=pl.lit(None, pl.Float64))
    with pytest.raises(StudyError, match=r"'P0' reckoned in emissions.*enterprises\.emissions"):
        stages(with_table(study, "activity", silent))


def test_land_that_is_not_known_is_asked_for() -> None:
    with pytest.raises(StudyError, match=r"'P0' reckoned in land"):
        stages(with_policies({"instrument": "subsidy_per_land", "value": 0.5}))


def test_relocation_aid_is_annualised() -> None:
    study = with_policies({"instrument": "relocation_aid", "value": 0.1})
    np.testing.assert_allclose(granted(study), 0.1 * annuity(0.08, 10))


def test_a_subsidy_that_ends_is_worth_its_years() -> None:
    study = with_policies({"instrument": "subsidy_per_output", "value": 0.01, "to_year": 2020})
    worth = sum(1.08**-year for year in range(1, 4)) / sum(1.08**-year for year in range(1, 11))
    np.testing.assert_allclose(granted(study), 0.01 * worth)


def test_policies_of_other_years_do_nothing() -> None:
    study = with_policies(
        {"instrument": "tax", "value": 0.01, "to_year": 2017},
        {"instrument": "tax", "value": 0.01, "from_year": 2023},
    )
    assert policies_in_force(study, (2018, 2022)) == ()


def test_a_cap_holds_arrivals_down_at_a_price() -> None:
    free = plan_study(with_policies())
    arriving = free.sites.filter(pl.col("site") == REGIONS[2])["arrivals"].item()
    capped = plan_study(
        with_policies({"instrument": "cap", "place": REGIONS[2], "value": arriving / 2})
    )
    found = capped.sites.filter(pl.col("site") == REGIONS[2])["arrivals"].item()
    assert found == pytest.approx(arriving / 2)
    permits = capped.prices.filter(pl.col("place") == REGIONS[2], pl.col("place_kind") == "group")
    assert permits["premium"].item() > 0


def test_a_cap_on_an_industry_binds_it_alone() -> None:
    free = plan_study(with_policies())
    cap = {"instrument": "cap", "place": REGIONS[2], "industry": ENERGY, "value": 1.0}
    capped = plan_study(with_policies(cap))
    here = pl.col("destination") == REGIONS[2]
    energy = pl.col("industry") == ENERGY
    assert capped.moves.filter(here, energy)["output"].sum() == pytest.approx(1.0)
    others = [plan.moves.filter(here, ~energy)["output"].sum() for plan in (free, capped)]
    assert others[1] == pytest.approx(others[0], rel=1e-6)


def test_a_cap_may_count_emissions() -> None:
    cap = {"instrument": "cap", "place": REGIONS[2], "value": 0.05, "unit": "emissions"}
    moves = plan_study(with_policies(cap)).moves.filter(pl.col("destination") == REGIONS[2])
    assert moves["emissions"].sum() <= 0.05 * (1 + 1e-6)


def test_a_price_floor_holds_where_room_is_ample() -> None:
    floor = {"instrument": "price_floor", "place": REGIONS[2], "value": 0.03}
    prices = plan_study(with_policies(floor)).prices
    assert prices.filter(pl.col("place") == REGIONS[2])["premium"].item() == pytest.approx(0.03)
    assert prices.filter(pl.col("place") != REGIONS[2])["premium"].max() == 0.0


def test_the_reasons_of_a_move_name_the_policy_and_still_add_up() -> None:
    plan = plan_study(
        with_policies({"instrument": "subsidy_per_output", "place": REGIONS[1], "value": 0.02})
    )
    named = plan.reasons.filter(pl.col("term") == "policy")
    assert set(named["destination"]) == {REGIONS[1]}
    np.testing.assert_allclose(named["size"], 0.02)
    route = ["industry", "origin", "destination"]
    total = plan.moves.join(plan.reasons.group_by(route).agg(pl.col("size").sum()), on=route)
    np.testing.assert_allclose(total["size"], total["gain"], atol=1e-14)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"instrument": "cap", "value": 0.0}, "value"),
        ({"instrument": "tax"}, "value"),
        ({"value": 1.0}, "instrument"),
        ({"instrument": "cap", "value": 1.0, "unit": "water"}, "unit"),
        ({"instrument": "price_floor", "value": 1.0, "industry": ENERGY}, "industry"),
    ],
)
def test_an_incomplete_policy_is_named(row: dict[str, object], column: str) -> None:
    with pytest.raises(StudyError, match=f"row 1, column {column}"):
        stages(with_policies(row))
