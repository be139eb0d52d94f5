"""Every effect of an instrument is the difference of two equilibria."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.market.problem.test_formulation import declared, enterprises, room, with_table
from tests.market.stages import Stages, stages
from tests.study.small import REGIONS, small
from yanzhen.market.counterfactuals.counterfactual import at_constants, counterfactual
from yanzhen.market.counterfactuals.policy_effects import change, policy_effects, without_policy
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.formulation import formulate
from yanzhen.study import Study

HOST = REGIONS[3]
INSTRUMENTS: tuple[dict[str, object], ...] = (
    {"instrument": "subsidy_per_output", "place": HOST, "value": 0.02},
    {"instrument": "subsidy_per_output", "place": HOST, "value": 0.02, "industry": "13"},
    {"instrument": "subsidy_per_job", "place": HOST, "value": 1.0},
    {"instrument": "subsidy_per_land", "place": HOST, "value": 1.0},
    {"instrument": "relocation_aid", "place": HOST, "value": 0.1},
    {"instrument": "tax", "place": HOST, "value": 0.02},
    {"instrument": "tax_per_emission", "place": HOST, "value": 10.0},
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
    return policy_effects(ready.cleared).row(0, named=True)


@pytest.mark.parametrize("row", INSTRUMENTS, ids=lambda row: str(row["instrument"]))
def test_the_effect_is_the_difference_of_two_cold_clearings(row: dict[str, object]) -> None:
    ready = stages(study_with(row))
    effect = of_policy(ready)
    market = ready.formulation.market
    constants = ready.clearing.prices.constants
    bare = formulate(replace(ready.inputs, study=without_policy(ready.study, "P0"))).market
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
    inputs = replace(
        without.inputs,
        study=study_with(
            {"instrument": "subsidy_per_output", "place": HOST, "value": 0.02}, full=30.0
        ),
    )
    paid = counterfactual(inputs, without.cleared)
    found = change(at_constants(without.cleared), paid)
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
    bare = counterfactual(
        replace(ready.inputs, study=without_policy(ready.study, "P0")), ready.cleared
    )
    found = change(bare, at_constants(ready.cleared))
    for when in ("before", "after", "change"):
        part = dict(found.totals.select("measure", when).iter_rows())
        parts = part["enterprise_surplus"] + part["rents"] + part["tax"] - part["subsidy"]
        parts -= part["public_funds"] + part["priced_emissions"]
        assert part["social_surplus"] == pytest.approx(parts, abs=1e-9)


def emitting(study: Study) -> tuple[Study, dict[str, float]]:
    """The study with another intensity of emissions in each industry, and these intensities."""
    codes = study.tables["activity"]["industry"].unique().sort()
    intensity = {code: 0.001 * (1 + k) for k, code in enumerate(codes)}
    activity = study.tables["activity"].with_columns(
        emissions=pl.col("output")
        * pl.col("industry").replace_strict(intensity, return_dtype=pl.Float64)
    )
    return replace(study, tables={**study.tables, "activity": activity}), intensity


@pytest.mark.parametrize("industry", [None, "13"])
def test_a_tax_per_emission_is_the_market_with_payoffs_lowered_by_hand(
    industry: str | None,
) -> None:
    row = {"instrument": "tax_per_emission", "place": HOST, "value": 4.0, "industry": industry}
    study, intensity = emitting(study_with(row, full=30.0))
    ready = stages(study)
    bare = formulate(replace(ready.inputs, study=without_policy(study, "P0")))
    assert bare.payments.policies == ()
    lowered = np.asarray(bare.market.base).copy()
    cells = zip(bare.market.cell, bare.blocks["industry"], strict=True)
    for cell, of in dict(cells).items():
        if industry in (None, of):
            lowered[cell, 3] -= 4.0 * intensity[of]
    by_hand = clear(replace(bare.market, base=lowered), 1e-9)
    np.testing.assert_allclose(
        ready.clearing.choice.probability, by_hand.choice.probability, rtol=1e-5
    )
    np.testing.assert_allclose(ready.clearing.prices.site, by_hand.prices.site, atol=1e-7)
    untaxed = clear(bare.market, 1e-9)
    assert not np.allclose(untaxed.choice.probability, by_hand.choice.probability, rtol=0.01)
    arriving = bare.market.mass * by_hand.choice.probability[:, 3]
    rates = [intensity[of] if industry in (None, of) else 0.0 for of in bare.blocks["industry"]]
    found = change(at_constants(ready.cleared), at_constants(ready.cleared)).totals
    taken = found.filter(pl.col("measure") == "tax")["before"].item()
    assert taken == pytest.approx(4.0 * arriving @ np.array(rates), rel=1e-5)


def test_without_public_funds_cost_a_subsidy_never_raises_social_surplus() -> None:
    ready = stages(study_with(INSTRUMENTS[0]))
    inputs = ready.inputs.with_values({"public_funds_cost": 0.0})
    assert policy_effects(replace(ready.cleared, inputs=inputs))["social_surplus"].item() < 0


def test_constants_are_not_calibrated_again() -> None:
    ready = stages(study_with())
    cheaper = ready.inputs.with_values({"moving_cost": 0.05})
    after = counterfactual(cheaper, ready.cleared)
    found = change(at_constants(ready.cleared), after)
    total = found.totals.filter(pl.col("measure") == "moving_output").row(0, named=True)
    assert total["change"] > 0.05 * total["before"]


def test_nothing_changed_changes_nothing() -> None:
    ready = stages(study_with(INSTRUMENTS[0], full=30.0))
    same = counterfactual(ready.inputs, ready.cleared)
    found = change(at_constants(ready.cleared), same)
    for frame in (found.totals, found.flows, found.regions, found.prices, found.rents):
        assert frame["change"].abs().max() < 1e-6


def test_flows_of_regions_sum_to_nothing() -> None:
    ready = stages(study_with(INSTRUMENTS[0]))
    bare = counterfactual(
        replace(ready.inputs, study=without_policy(ready.study, "P0")), ready.cleared
    )
    found = change(bare, at_constants(ready.cleared))
    assert found.regions["change"].sum() == pytest.approx(0, abs=1e-6)
    assert found.macro_regions["change"].sum() == pytest.approx(0, abs=1e-6)
    gained = found.flows.filter(pl.col("destination") == HOST)["change"].sum()
    assert gained == pytest.approx(policy_effects(ready.cleared)["arrivals"].item())


def test_emissions_with_a_price_but_unknown_leave_society_s_surplus_open() -> None:
    ready = stages(study_with(INSTRUMENTS[0]))
    blocks = ready.formulation.blocks.with_columns(emissions_per_output=pl.lit(None, pl.Float64))
    base = replace(
        ready.cleared,
        inputs=ready.inputs.with_values({"emission_price": 1.0}),
        formulation=replace(ready.formulation, blocks=blocks),
    )
    found = change(at_constants(base), at_constants(base))
    social = found.totals.filter(pl.col("measure") == "social_surplus")
    assert social["before"].to_list() == [None]
