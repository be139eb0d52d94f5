"""From the estimate of classes to the prices of a market with them: two kinds of choosers."""

from dataclasses import replace

import numpy as np
import pytest

from tests.history.choosers import simulated
from yanzhen.history.choices import Choices, chooser_log_likelihood
from yanzhen.history.class_blocks import class_blocks, over_classes
from yanzhen.history.classes import Classes, fit_classes
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.choice import choose
from yanzhen.market.problem.market import Market, Prices

SIGMA = 0.03


@pytest.fixture(scope="module")
def choices() -> Choices:
    """SYNTHETIC: half the choosers mind the cost, the others like it."""
    first, second = simulated(8, choosers=60, times=20), simulated(9, choosers=60, times=20)
    return Choices(
        first.names,
        np.concatenate([first.attributes, -second.attributes]),
        np.arange(120),
        np.concatenate([first.intensities, second.intensities]),
        first.qualities,
        np.concatenate([first.counts, second.counts]),
        np.arange(120),
    )


@pytest.fixture(scope="module")
def classes(choices: Choices) -> Classes:
    return fit_classes(choices, classes=2, seed=1)


def market_of(choices: Choices, capacity: float, stay: float) -> Market:
    """The choosers as blocks that need one unit of room for each unit of output."""
    count, sites = len(choices.cell), choices.sites
    return Market(
        mass=np.linspace(1, 2, count),
        needs=np.ones((count, 1)),
        stay=np.full(count, stay),
        cell=choices.cell.astype(np.int32),
        base=np.zeros((len(choices.attributes), sites)),
        intensities=choices.intensities,
        qualities=choices.qualities,
        capacity=np.full((sites, 1), capacity),
        floor=np.zeros((sites, 1)),
        group_member=np.zeros((0, sites), dtype=np.bool_),
        group_resource=np.zeros(0, dtype=np.int32),
        group_capacity=np.zeros(0),
        group_floor=np.zeros(0),
        calibration=np.full(count, -1, dtype=np.int32),
        stayers=np.zeros(0),
        sigma=SIGMA,
    )


def test_where_nobody_can_stay_the_blocks_choose_as_the_classes_do(
    choices: Choices, classes: Classes
) -> None:
    blocks = class_blocks(market_of(choices, np.inf, -1e3), choices.attributes, classes)
    free = Prices(np.zeros((choices.sites, 1)), np.zeros(0), np.zeros(0))
    p = choose(blocks, free).probability.reshape(2, 120, choices.sites)
    for own, fitted in zip(p, classes.fitted, strict=True):
        said = (choices.counts * np.log(own)).sum(axis=1)
        np.testing.assert_allclose(said, chooser_log_likelihood(choices, fitted.estimates))


def test_the_market_of_classes_clears_with_the_mass_of_its_blocks(
    choices: Choices, classes: Classes
) -> None:
    market = market_of(choices, 15.0, 0.0)
    blocks = class_blocks(market, choices.attributes, classes)
    cleared = clear(blocks, 1e-6)
    assert cleared.certificate.passed and (cleared.prices.site > 0).any()
    assert blocks.mass.sum() == pytest.approx(market.mass.sum())
    mixed = over_classes(cleared.choice.probability, classes)
    demand = blocks.mass @ cleared.choice.probability
    np.testing.assert_allclose(market.mass @ mixed, demand)


def test_a_pair_refused_to_the_choosers_is_refused_to_every_class(
    choices: Choices, classes: Classes
) -> None:
    attributes = choices.attributes.copy()
    attributes[5, 2] = np.nan
    blocks = class_blocks(market_of(choices, 15.0, 0.0), attributes, classes)
    assert clear(blocks, 1e-6).choice.probability[[5, 125], 2].tolist() == [0.0, 0.0]


def test_tastes_of_other_things_are_refused(choices: Choices, classes: Classes) -> None:
    fewer = replace(choices, attributes=choices.attributes[:, :, :1])
    with pytest.raises(ValueError, match="3 tastes for 1 attributes and 1 interactions"):
        class_blocks(market_of(fewer, 15.0, 0.0), fewer.attributes, classes)
