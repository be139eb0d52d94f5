"""Newton's method: exact derivatives, and the same equilibrium as by mixing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from tests.effects.spatial.cases import Drawn, accounts, drawn, shaken
from tests.effects.spatial.test_equilibrium import FEW, SEEDS, ratios
from tests.effects.spatial.test_mobility import free, migration, trade_shock
from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial import solver
from yanzhen.effects.spatial.baseline import economy_of
from yanzhen.effects.spatial.economy import Economy
from yanzhen.effects.spatial.equilibrium import equilibrium
from yanzhen.effects.spatial.hat_system import hat_system
from yanzhen.effects.spatial.linearised import linearised
from yanzhen.effects.spatial.mobility import Immobile, Mobility
from yanzhen.effects.spatial.newton import step_change
from yanzhen.effects.spatial.state import (
    normal,
    packed,
    packed_step,
    step_from,
    unchanged,
    unpacked,
)


def mobilities(regions: int, seed: int) -> list[Mobility]:
    return [
        Immobile(),
        replace(free(regions, seed), amenity=shaken((regions,), seed, 0.1)),
        migration(regions, seed),
    ]


def products_and_differences(
    economy: Economy, mobility: Mobility, seed: int
) -> tuple[Floats, Floats]:
    """A product with the Jacobian near the start, and the quotient of differences."""
    regions = len(economy.regions)
    system = hat_system(economy, trade_shock(economy, seed), np.full(regions, 0.7))
    rng = np.random.default_rng(seed)
    begin = packed(system, unchanged(system))
    near = begin + shaken((begin.size,), seed, 0.1) - 1
    state = normal(system, mobility, unpacked(system, near))
    begin, direction = packed(system, state), rng.normal(size=begin.size)
    steps = [
        packed_step(system, step_from(system, mobility, unpacked(system, begin + h * direction)))
        for h in (-1e-6, 1e-6)
    ]
    at = linearised(system, state, step_from(system, mobility, state).last)
    return step_change(at, mobility, direction), (steps[1] - steps[0]) / 2e-6


@FEW
@given(drawn, SEEDS)
def test_products_with_the_jacobian_are_what_differences_give(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(replace(case, deficits=False)))
    for mobility in mobilities(case.regions, seed):
        found, differences = products_and_differences(economy, mobility, seed)
        assert found == pytest.approx(differences, rel=1e-5, abs=1e-6)


def test_newton_leads_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    economy = economy_of(accounts(Drawn(7, 4, 3, True, True, True, True)))
    shock, labour_share = trade_shock(economy, 5), np.full(4, 0.7)
    mixed = [equilibrium(economy, shock, each, labour_share) for each in mobilities(4, 5)]
    monkeypatch.setattr(solver, "MOST_MIXED", 0)
    for found, mobility in zip(mixed, mobilities(4, 5), strict=True):
        by_newton = equilibrium(economy, shock, mobility, labour_share)
        assert (found.method, by_newton.method) == ("mixed", "Newton")
        assert ratios(by_newton) == pytest.approx(ratios(found), rel=1e-10)
        assert by_newton.changes.labour == pytest.approx(found.changes.labour, rel=1e-10)
