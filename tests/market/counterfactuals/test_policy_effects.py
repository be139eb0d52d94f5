"""Every effect of an instrument is the difference of two equilibria."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.market.problem.test_formulation import declared, enterprises, room, with_table
from tests.market.stages import Stages, stages
from tests.study.small import REGIONS, small
from yanzhen.market.counterfactuals.baseline import at_constants, counterfactual
from yanzhen.market.counterfactuals.policy_effects import change, policy_effects, without_policy
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.study import Study

HOST = REGIONS[3]
INSTRUMENTS: tuple[dict[str, object], ...] = (
    {"instrument": "subsidy_per_output", "place": HOST, "value": 0.02},
    {"instrument": "subsidy_per_output", "place": HOST, "value": 0.02, "industry": "13"},
    {"instrument": "subsidy_per_job", "place": HOST, "value": 1.0},
    {"instrument": "subsidy_per_land", "place": HOST, "value": 1.0},
    {"instrument": "relocation_aid", "place": HOST, "value": 0.1},
    {"instrument": "tax", "place": HOST, "value": 0.02},
    {"instrument": "cap", "place": HOST, "value": 20.0},
    {"instrument": "price_floor", "place": HOST, "value": 0.02},
)


def study_with(*rows: dict[str, object], full: float | None = None) -> Study:
    """The small study with ample room everywhere, but `full` at the host."""
    resources = room(1e5)
    if full is not None:
        resources[3]["capacity"] = full
    study = with_table(small(), "resources", resources)
    # A small site would draw few: here its size tells nothing of its plots.
    size = {"parameter": "size_weight", "value": 0.0, "unit": "share", "source": "assumption"}
    study = with_table(study, "parameters", [size])
    if any(row["instrument"] == "subsidy_per_land" for row in rows):
        study = declared(with_table(study, "enterprises", enterprises(study)), enterprises="all")
    return with_table(study, "policies", [{"policy": f"P{k}", **r} for k, r in enumerate(rows)])


def of_policy(ready: Stages) -> dict[str, float]:
    return policy_effects(ready.given, ready.base).row(0, named=True)


@pytest.mark.parametrize("row", INSTRUMENTS, ids=lambda row: str(row["instrument"]))
def test_the_effect_is_the_difference_of_two_cold_clearings(row: dict[str, object]) -> None:
    ready = stages(study_with(row))
    effect = of_policy(ready)
    market = ready.formulation.market
    constants = ready.clearing.prices.constants
    bare = replace(ready.given, study=without_policy(ready.study, "P0")).formulate().market
    cold = clear(
        replace(
            bare,
            stay=bare.stay + constants[bare.calibration],
            calibration=np.full_like(bare.calibration, -1),
            stayers=np.zeros(0),
        ),
        1e-9,
    )
    concerned = np.ones(market.mass.size, dtype=bool)
    if "industry" in row:
        concerned = (ready.formulation.blocks["industry"] == row["industry"]).to_numpy()
    gained = (market.mass[:, None] * (ready.clearing.choice.probability - cold.choice.probability))[
        concerned
    ]
    assert effect["arrivals"] == pytest.approx(gained[:, 3].sum(), rel=1e-5)
    assert abs(gained[:, 3].sum()) > 0.01
    surplus = -market.sigma * market.mass @ np.log(ready.clearing.choice.stay / cold.choice.stay)
    assert effect["enterprise_surplus"] == pytest.approx(surplus, rel=1e-5, abs=1e-6)
    rents = (ready.clearing.prices.site * ready.clearing.demand).sum() - (
        cold.prices.site * cold.demand
    ).sum()
    rents += ready.clearing.prices.group @ ready.clearing.group_demand
    assert effect["rents"] == pytest.approx(rents, rel=1e-5, abs=1e-6)


def test_at_a_full_site_a_subsidy_raises_the_price_one_for_one_and_moves_nobody() -> None:
    without = stages(study_with(full=30.0))
    given = replace(
        without.given,
        study=study_with(
            {"instrument": "subsidy_per_output", "place": HOST, "value": 0.02}, full=30.0
        ),
    )
    paid = counterfactual(given, without.base)
    found = change(given.study, at_constants(without.base), paid, given.parameters)
    host = found.prices.filter(pl.col("place") == HOST).row(0, named=True)
    assert host["before"] > 0
    assert host["change"] == pytest.approx(0.02, abs=1e-8)
    assert found.flows["change"].abs().max() < 1e-6
    assert found.rents["change"].sum() == pytest.approx(0.02 * 30.0, rel=1e-6)


def test_a_subsidy_at_a_full_site_is_all_capitalised() -> None:
    effect = of_policy(
        stages(
            study_with(
                {"instrument": "subsidy_per_output", "place": HOST, "value": 0.02}, full=30.0
            )
        )
    )
    assert effect["capitalised"] == pytest.approx(1.0, rel=1e-6)
    assert effect["enterprise_surplus"] == pytest.approx(0.0, abs=1e-6)
    assert effect["cost_per_job"] is None or effect["cost_per_job"] > 1e4
    assert effect["social_surplus"] == pytest.approx(-0.3 * 0.02 * 30.0, rel=1e-5)


def test_a_subsidy_moves_more_where_room_is_ample() -> None:
    effect = of_policy(stages(study_with(INSTRUMENTS[0])))
    assert effect["arrivals"] > 0
    assert effect["displaced"] > 0
    assert effect["capitalised"] == pytest.approx(0.0, abs=1e-9)
    assert effect["cost_per_job"] == pytest.approx(effect["public_money"] / effect["jobs"])


def test_public_money_is_the_rate_times_what_arrives() -> None:
    ready = stages(study_with(INSTRUMENTS[0]))
    effect = of_policy(ready)
    arriving = (ready.formulation.market.mass @ ready.clearing.choice.probability)[3]
    assert effect["public_money"] == pytest.approx(0.02 * arriving)
    assert effect["already_coming"] + effect["arrivals"] == pytest.approx(arriving)


def test_social_surplus_is_the_sum_of_its_parts() -> None:
    ready = stages(study_with(INSTRUMENTS[0], INSTRUMENTS[4], full=30.0))
    bare = counterfactual(replace(ready.given, study=without_policy(ready.study, "P0")), ready.base)
    found = change(ready.study, bare, at_constants(ready.base), ready.given.parameters)
    for when in ("before", "after", "change"):
        part = dict(found.totals.select("measure", when).iter_rows())
        parts = part["enterprise_surplus"] + part["rents"] + part["tax"] - part["subsidy"]
        parts -= part["public_funds"] + part["priced_emissions"]
        assert part["social_surplus"] == pytest.approx(parts, abs=1e-9)


def test_without_public_funds_cost_a_subsidy_never_raises_social_surplus() -> None:
    ready = stages(study_with(INSTRUMENTS[0]))
    given = replace(ready.given, parameters={**ready.given.parameters, "public_funds_cost": 0.0})
    assert policy_effects(given, ready.base)["social_surplus"].item() < 0


def test_constants_are_not_calibrated_again() -> None:
    ready = stages(study_with())
    cheaper = replace(ready.given, parameters={**ready.given.parameters, "moving_cost": 0.05})
    after = counterfactual(cheaper, ready.base)
    found = change(ready.study, at_constants(ready.base), after, ready.given.parameters)
    total = found.totals.filter(pl.col("measure") == "moving_output").row(0, named=True)
    assert total["change"] > 0.05 * total["before"]


def test_nothing_changed_changes_nothing() -> None:
    ready = stages(study_with(INSTRUMENTS[0], full=30.0))
    same = counterfactual(ready.given, ready.base)
    found = change(ready.study, at_constants(ready.base), same, ready.given.parameters)
    for frame in (found.totals, found.flows, found.regions, found.prices, found.rents):
        assert frame["change"].abs().max() < 1e-6


def test_flows_of_regions_sum_to_nothing() -> None:
    ready = stages(study_with(INSTRUMENTS[0]))
    bare = counterfactual(replace(ready.given, study=without_policy(ready.study, "P0")), ready.base)
    found = change(ready.study, bare, at_constants(ready.base), ready.given.parameters)
    assert found.regions["change"].sum() == pytest.approx(0, abs=1e-6)
    assert found.macro_regions["change"].sum() == pytest.approx(0, abs=1e-6)
    gained = found.flows.filter(pl.col("destination") == HOST)["change"].sum()
    assert gained == pytest.approx(policy_effects(ready.given, ready.base)["arrivals"].item())


def test_emissions_with_a_price_but_unknown_leave_society_s_surplus_open() -> None:
    ready = stages(study_with(INSTRUMENTS[0]))
    blocks = ready.formulation.blocks.with_columns(emissions_per_output=pl.lit(None, pl.Float64))
    base = replace(ready.base, formulation=replace(ready.formulation, blocks=blocks))
    given = replace(ready.given, parameters={**ready.given.parameters, "emission_price": 1.0})
    found = change(ready.study, at_constants(base), at_constants(base), given.parameters)
    social = found.totals.filter(pl.col("measure") == "social_surplus")
    assert social["before"].to_list() == [None]
