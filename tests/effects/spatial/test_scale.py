"""External economies of scale: industries that are the more productive the more work in them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from tests.effects.spatial.cases import Drawn, accounts, drawn
from tests.effects.spatial.test_equilibrium import FEW, SEEDS, ratios
from tests.effects.spatial.test_mobility import trade_shock
from tests.effects.spatial.test_newton import mobilities, products_and_differences
from yanzhen.effects.spatial import solver
from yanzhen.effects.spatial.baseline import economy_of
from yanzhen.effects.spatial.economy import Economy
from yanzhen.effects.spatial.equilibrium import equilibrium
from yanzhen.effects.spatial.shock import no_shock
from yanzhen.study import StudyError


def with_scale(case: Drawn, part: float) -> Economy:
    """A drawn economy whose φ θ is a part of one."""
    books = accounts(replace(case, deficits=False))
    return economy_of(replace(books, scale=part / books.theta))


def alone(labour: float, scale: float) -> np.ndarray:
    """Real wages where nobody trades and labour of the first region changes."""
    books = accounts(Drawn(1, 2, 1, False, False, False, False))
    at_home = np.zeros_like(books.trade)
    at_home[0] = np.diag(books.output[:, 0])
    economy = economy_of(replace(books, trade=at_home, scale=np.array([scale])))
    found = equilibrium(economy, replace(no_shock(economy), labour=np.array([labour, 1.0])))
    return found.real_wage_change


def test_alone_a_region_gains_by_its_people_to_the_power_of_scale() -> None:
    """ŵ / P̂ = L̂^φ: one product, made of labour alone, bought where it is made."""
    assert alone(2.0, 0.1) == pytest.approx([2**0.1, 1.0], rel=1e-10)
    assert alone(2.0, 0.0) == pytest.approx([1.0, 1.0], rel=1e-10)


@FEW
@given(drawn, SEEDS)
def test_markets_clear_by_code_of_its_own(case: Drawn, seed: int) -> None:
    economy = with_scale(case, 0.5)
    found = equilibrium(economy, trade_shock(economy, seed))
    assert found.certificate.passed
    without = replace(economy, scale=np.zeros(case.industries))
    assert np.abs(ratios(equilibrium(without, no_shock(without))) - 1).max() < 1e-12
    assert np.abs(ratios(equilibrium(economy, no_shock(economy))) - 1).max() < 1e-12


@FEW
@given(drawn, SEEDS)
def test_products_with_the_jacobian_are_what_differences_give(case: Drawn, seed: int) -> None:
    economy = with_scale(case, 0.5)
    for mobility in mobilities(case.regions, seed):
        found, differences = products_and_differences(economy, mobility, seed)
        assert found == pytest.approx(differences, rel=1e-5, abs=1e-6)


def test_newton_leads_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    economy = with_scale(Drawn(7, 4, 3, True, False, True, True), 0.5)
    shock = trade_shock(economy, 5)
    mixed = equilibrium(economy, shock)
    monkeypatch.setattr(solver, "MOST_MIXED", 0)
    by_newton = equilibrium(economy, shock)
    assert (mixed.method, by_newton.method) == ("mixed", "Newton")
    assert ratios(by_newton) == pytest.approx(ratios(mixed), rel=1e-10)


def test_scale_makes_specialisation_stronger() -> None:
    economy = with_scale(Drawn(3, 3, 2, False, False, True, False), 0.0)
    better = replace(no_shock(economy), productivity=np.array([[1.2, 1.0], [1, 1], [1, 1]]))
    grown = [
        equilibrium(replace(economy, scale=part / economy.theta), better).after.output[0, 0]
        for part in (0.0, 0.3, 0.6)
    ]
    assert grown[0] < grown[1] < grown[2]


def test_scale_beyond_what_trade_bears_is_refused() -> None:
    books = accounts(Drawn(3, 3, 2, False, False, True, False))
    with pytest.raises(StudyError, match="i1") as refused:
        economy_of(replace(books, scale=np.array([0.5, 1.0]) / books.theta))
    assert "φ θ below one" in str(refused.value)
    with pytest.raises(StudyError, match="scale"):
        economy_of(replace(books, scale=np.array([-0.1, 0.0])))
