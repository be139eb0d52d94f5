"""Whether an equilibrium is the only one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.effects.spatial.cases import Drawn, accounts, drawn
from tests.effects.spatial.test_equilibrium import SEEDS
from tests.effects.spatial.test_mobility import free, migration, trade_shock
from yanzhen.effects.spatial import newton, solver
from yanzhen.effects.spatial.baseline import economy_of
from yanzhen.effects.spatial.equilibrium import equilibrium
from yanzhen.effects.spatial.mobility import Immobile
from yanzhen.effects.spatial.shock import no_shock
from yanzhen.effects.spatial.uniqueness import from_other_starts, known_to_be_unique


@settings(max_examples=5)
@given(drawn, SEEDS)
def test_other_starts_lead_to_the_same(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(replace(case, deficits=False)))
    shock, labour_share = trade_shock(economy, seed), np.full(case.regions, 0.7)
    for mobility in (Immobile(), migration(case.regions, seed), free(case.regions, seed)):
        found = equilibrium(economy, shock, mobility, labour_share)
        told: list[int] = []
        tried = from_other_starts(found, 3, seed, told.append)
        assert (tried.tried, tried.settled, told) == (3, 3, [1, 2, 3])
        assert tried.difference < 1e-9


def test_two_places_that_gain_by_company_are_two_equilibria() -> None:
    """Scale beyond congestion: of two regions alike either may hold most of the people."""
    books = accounts(Drawn(1, 2, 1, False, False, False, False))
    alike = np.array([[[0.6, 0.4], [0.4, 0.6]]])
    theta = np.array([4.0])
    economy = economy_of(
        replace(books, trade=alike, output=np.ones((2, 1)), theta=theta, scale=0.9 / theta)
    )
    people = replace(free(2, 1), labour=np.ones(2), congestion=0.05)
    found = equilibrium(economy, no_shock(economy), people)
    assert not known_to_be_unique(economy, no_shock(economy), people, np.ones(2))
    tried = from_other_starts(found, 10, 1)
    assert tried.settled > 0
    assert tried.difference > 0.01


@pytest.mark.parametrize(
    ("industries", "tariffs", "inputs", "scale", "known"),
    [
        (1, False, False, 0.0, (True, True)),
        (1, False, True, 0.0, (True, False)),
        (1, True, False, 0.0, (False, False)),
        (2, False, False, 0.0, (False, False)),
        (1, False, False, 0.05, (False, True)),
    ],
)
def test_what_is_known(
    industries: int, tariffs: bool, inputs: bool, scale: float, known: tuple[bool, bool]
) -> None:
    books = accounts(Drawn(3, 3, industries, tariffs, False, inputs, False))
    economy = economy_of(replace(books, scale=np.full(industries, scale)))
    shock, labour_share = trade_shock(economy, 1), np.full(3, 0.8)
    found = tuple(
        known_to_be_unique(economy, replace(shock, deficit=np.zeros(3)), each, labour_share)
        for each in (Immobile(), free(3, 1))
    )
    assert found == known


def test_a_start_from_which_nothing_is_found_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    economy = economy_of(accounts(Drawn(3, 3, 2, False, False, True, False)))
    found = equilibrium(economy, trade_shock(economy, 1))
    for module, name in ((solver, "MOST_MIXED"), (newton, "MOST_STEPS"), (solver, "MOST_ROUNDS")):
        monkeypatch.setattr(module, name, 1)
    tried = from_other_starts(found, 2, 1)
    assert (tried.tried, tried.settled, tried.difference) == (2, 0, 0.0)
