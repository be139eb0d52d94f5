"""Branches, abroad, exit and inbound projects beside staying and moving."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.market.problem.test_formulation import declared, enterprises, room, with_table
from tests.market.stages import Stages, stages
from tests.study.small import REGIONS, small
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.market.counterfactuals.options import (
    Branch,
    OptionOutcome,
    Options,
    option_market,
    with_options,
)
from yanzhen.market.equilibrium.newton_dense import clear


@pytest.fixture(scope="module")
def ready() -> Stages:
    return stages(with_table(small(), "resources", room(700.0)))


def opened(ready: Stages, options: Options) -> OptionOutcome:
    return with_options(at_constants(ready.cleared), options)


def total(found: OptionOutcome, option: str) -> float:
    return float(found.chosen.filter(pl.col("option") == option)["output"].sum())


def test_with_no_option_open_the_market_is_the_plan_s(ready: Stages) -> None:
    found = opened(ready, Options())
    expected = ready.formulation.market.mass @ ready.clearing.choice.probability
    np.testing.assert_allclose(found.arrivals["whole"], expected, rtol=1e-6)
    np.testing.assert_allclose(found.premiums, ready.clearing.prices.site, atol=1e-7)


@pytest.mark.parametrize(
    "options",
    [
        Options(branch=Branch(0.3, 0.0)),
        Options(abroad=-0.05),
        Options(exit=-0.05),
        Options(branch=Branch(0.5, 0.01), abroad=-0.03, exit=-0.06),
    ],
)
def test_all_output_is_somewhere(ready: Stages, options: Options) -> None:
    found = opened(ready, options)
    assert found.chosen["output"].sum() == pytest.approx(ready.formulation.market.mass.sum())
    assert (found.chosen["output"] > 0).all()
    assert found.clearing.certificate.passed


def test_a_branch_takes_its_share_of_room_and_no_site_is_overfull(ready: Stages) -> None:
    found = opened(ready, Options(branch=Branch(0.3, 0.0)))
    arrivals = found.arrivals["whole"] + found.arrivals["branch"]
    assert (arrivals <= 700.0 * (1 + 1e-6)).all()
    assert found.premiums.max() > 0
    full = found.premiums[:, 0] > 1e-6
    np.testing.assert_allclose(arrivals.to_numpy()[full], 700.0, rtol=1e-6)


def test_a_branch_of_nearly_all_is_nearly_a_whole_move(ready: Stages) -> None:
    # Two options alike but for an ε share as often: each option's odds are doubled.
    free = stages(with_table(small(), "resources", room(1e6)))
    found = opened(free, Options(branch=Branch(1 - 1e-9, 0.0)))
    np.testing.assert_allclose(found.arrivals["branch"], found.arrivals["whole"], rtol=1e-6)


def test_the_odds_of_a_branch_are_the_logit_s() -> None:
    free = stages(with_table(small(), "resources", room(1e6)))
    beta, cost = 0.4, 0.02
    opened_market = option_market(
        at_constants(free.cleared), Options(branch=Branch(beta, cost))
    ).market
    choice = clear(opened_market, 1e-8).choice
    sites = len(REGIONS)
    own = at_constants(free.cleared).formulation.market
    value = own.base[own.cell]
    admitted = np.isfinite(value)
    chosen = choice.probability[:, sites:][admitted]
    odds = np.log(chosen / np.broadcast_to(choice.stay[:, None], value.shape)[admitted])
    expected = (beta * (value - own.stay[:, None]) - cost) / own.sigma
    np.testing.assert_allclose(odds, expected[admitted], atol=1e-9)


def test_the_better_abroad_the_more_go_and_the_fewer_move_at_home(ready: Stages) -> None:
    near, far = (opened(ready, Options(abroad=worth)) for worth in (-0.02, -0.1))
    assert total(near, "abroad") > total(far, "abroad") > 0
    assert total(near, "move") < total(far, "move")


def test_going_abroad_has_the_logit_s_odds(ready: Stages) -> None:
    market = option_market(at_constants(ready.cleared), Options(abroad=-0.05)).market
    choice = clear(market, 1e-8).choice
    np.testing.assert_allclose(
        choice.probability[:, -1] / choice.stay, np.exp(-0.05 / market.sigma), rtol=1e-9
    )


def test_leaving_makes_room_cheaper(ready: Stages) -> None:
    found = opened(ready, Options(exit=0.0))
    assert found.premiums.max() < ready.clearing.prices.site.max()


def inbound() -> Stages:
    project = {
        "enterprise": "F1",
        "industry": "13",
        "origin": "abroad",
        "count": 3,
        "output": 50.0,
        "jobs": 1.0,
    }
    study = with_table(small(), "resources", room(700.0))
    return stages(with_table(study, "enterprises", [project]))


def test_foreign_projects_come_in_and_compete_for_room() -> None:
    ready = inbound()
    without, found = (opened(ready, Options(inbound=worth)) for worth in (10.0, -0.05))
    assert total(without, "inbound") == pytest.approx(0.0, abs=1e-6)
    assert total(found, "inbound") > 1.0
    assert total(found, "inbound") + total(found, "not_coming") == pytest.approx(150.0)
    assert found.arrivals["inbound"].sum() == pytest.approx(total(found, "inbound"))
    assert found.premiums.sum() > without.premiums.sum()


def test_foreign_projects_are_no_blocks_of_the_plan() -> None:
    ready = inbound()
    assert "abroad" not in set(ready.formulation.blocks["origin"])
    assert ready.formulation.blocks.height == stages(small()).formulation.blocks.height


def test_foreign_projects_meet_the_same_gates() -> None:
    base = inbound()
    study = with_table(base.study, "rules", [{"rule": "R"}])
    study = with_table(
        study,
        "catalogue",
        [{"place": REGIONS[0], "industry": "13", "listing": "restricted", "rule": "R"}],
    )
    found = opened(stages(study), Options(inbound=-0.05))
    assert found.arrivals["inbound"][0] == 0
    assert (found.arrivals["inbound"][1:] > 0).all()


def test_listed_enterprises_beside_foreign_projects() -> None:
    rows = enterprises(small())
    foreign = {"enterprise": "F", "industry": "13", "origin": "abroad", "count": 1, "output": 9.0}
    study = with_table(small(), "resources", room(700.0))
    listed = with_table(study, "enterprises", [*rows, foreign])
    # Alone where the study says so, otherwise beside what else its industry makes.
    ready = stages(declared(listed, enterprises="all"))
    assert ready.formulation.blocks.height == len(rows)


def test_a_market_still_to_be_calibrated_is_refused(ready: Stages) -> None:
    with pytest.raises(ValueError, match="held constants"):
        with_options(ready.cleared, Options(abroad=0.0))


@pytest.mark.parametrize("share", [0.0, 1.0, 1.5])
def test_a_branch_is_a_part(ready: Stages, share: float) -> None:
    with pytest.raises(ValueError, match="between zero and one"):
        opened(ready, Options(branch=Branch(share, 0.0)))


def test_options_leave_the_plan_s_market_as_it_was(ready: Stages) -> None:
    before = replace(ready.formulation.market)
    opened(ready, Options(branch=Branch(0.3, 0.0), abroad=-0.05))
    np.testing.assert_array_equal(ready.formulation.market.base, before.base)
