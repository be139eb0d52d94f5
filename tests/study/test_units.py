"""Units and their factors."""

import pytest

from yanzhen.study import Units
from yanzhen.study.units import CURRENCIES, KINDS, UNITS, factor, units_of


@pytest.mark.parametrize("kind", KINDS)
def test_default_unit_is_declared(kind: str) -> None:
    assert getattr(Units(), kind) in units_of(kind)


def test_hundred_million_is_ten_thousand_times_ten_thousand() -> None:
    assert factor("100 million CNY") == factor("10,000 CNY") * 1e4


def test_fifteen_mu_are_a_hectare() -> None:
    assert 15 * factor("mu") == pytest.approx(factor("ha"), rel=1e-15)


def test_a_tonne_of_coal_equivalent_is_29_gigajoules() -> None:
    assert factor("tce") == 29.3076 * factor("GJ")


@pytest.mark.parametrize("currency", CURRENCIES)
def test_every_currency_has_every_scale(currency: str) -> None:
    names = [name for name, unit in UNITS.items() if unit.currency == currency]
    assert sorted(factor(name) for name in names) == [1.0, 1e3, 1e4, 1e6, 1e8, 1e9]


def test_names_are_unambiguous_in_chinese() -> None:
    assert len({unit.zh for unit in UNITS.values()}) == len(UNITS)
