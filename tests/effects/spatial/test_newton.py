"""Newton's method: exact derivatives, and the same equilibrium as by mixing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from tests.effects.spatial.cases import Drawn, accounts, drawn, shaken
from tests.effects.spatial.test_equilibrium import FEW, SEEDS, ratios
from tests.effects.spatial.test_mobility import free, migration, trade_shock
from yanzhen.effects.spatial import solver
from yanzhen.effects.spatial.baseline import economy_of
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


@FEW
@given(drawn, SEEDS)
def test_products_with_the_jacobian_are_what_differences_give(case: Drawn, seed: int) -> None:
    economy = economy_of(accounts(replace(case, deficits=False)))
    system = hat_system(economy, trade_shock(economy, seed), np.full(case.regions, 0.7))
    rng = np.random.default_rng(seed)
    for mobility in mobilities(case.regions, seed):
        size = 2 * case.regions + 2 * int(system.used.sum())
        near = unpacked(system, packed(system, unchanged(system)) + shaken((size,), seed, 0.1) - 1)
        state = normal(system, mobility, near)
        begin, direction = packed(system, state), rng.normal(size=size)
        steps = [
            packed_step(
                system, step_from(system, mobility, unpacked(system, begin + h * direction))
            )
            for h in (-1e-6, 1e-6)
        ]
        at = linearised(system, state, step_from(system, mobility, state).last)
        found = step_change(at, mobility, direction)
        assert found == pytest.approx((steps[1] - steps[0]) / 2e-6, rel=1e-5, abs=1e-6)


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
