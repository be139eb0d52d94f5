"""Caliendo and Parro (2015), Table 2: what NAFTA's tariff changes of 1993 to 2005 did."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.baseline import economy_of, without_negative_uses
from yanzhen.effects.spatial.economy import Accounts, Economy
from yanzhen.effects.spatial.equilibrium import Equilibrium, equilibrium, with_deficits
from yanzhen.effects.spatial.shock import no_shock
from yanzhen.effects.spatial.welfare import welfare_parts

TRADED = 20
NOT_TRADED_THETA = 8.22
# Welfare, terms of trade, volume of trade and real wage, per cent, as printed.
TABLE_2 = {
    "Mexico": ["1.31", "-0.41", "1.72", "1.72"],
    "Canada": ["-0.06", "-0.11", "0.04", "0.32"],
    "United States": ["0.08", "0.04", "0.04", "0.11"],
}


def names(file: Path) -> tuple[str, ...]:
    with file.open(encoding="utf-8") as opened:
        return tuple(row[1] for row in list(csv.reader(opened))[1:])


def by_industry(file: Path, industries: int, regions: int) -> Floats:
    given = np.loadtxt(file).reshape(TRADED, regions, regions)
    return np.concatenate([given, np.zeros((industries - TRADED, regions, regions))])


def accounts_of_1993(folder: Path) -> Accounts:
    countries, sectors = names(folder / "countries.csv"), names(folder / "sectors.csv")
    n, s = len(countries), len(sectors)
    trade = by_industry(folder / "xbilat1993.txt", s, n) * 1000
    at_home = np.arange(n)
    trade[:, at_home, at_home] = 0.0
    exports = trade.sum(axis=1).T
    output = np.maximum(np.loadtxt(folder / "GO.txt").T, exports)
    trade[:, at_home, at_home] = (output - exports).T
    added = np.loadtxt(folder / "B.txt").T
    # One cell is −0.0008: Canada's other manufactures in basic metals.
    mix = np.maximum(np.loadtxt(folder / "IO.txt").reshape(n, s, s), 0.0)
    used = mix.sum(axis=1, keepdims=True)
    mix = np.divide(mix, used, out=mix, where=used > 0)
    theta = np.append(np.loadtxt(folder / "T.txt"), np.full(s - TRADED, NOT_TRADED_THETA))
    tariff = by_industry(folder / "tariffs1993.txt", s, n) / 100
    inputs = mix * (1 - added)[:, None, :]
    return Accounts(countries, sectors, trade, output, added, inputs, theta, tariff)


@pytest.fixture(scope="module")
def balanced(reference_data: Path) -> tuple[Economy, Path]:
    folder = reference_data / "caliendo-parro-2015"
    if not folder.is_dir():
        pytest.skip(f"Caliendo and Parro's data not found at {folder}")
    as_booked = without_negative_uses(economy_of(accounts_of_1993(folder)))
    return with_deficits(as_booked, np.zeros(len(as_booked.regions))), folder


@pytest.fixture(scope="module")
def nafta(balanced: tuple[Economy, Path]) -> Equilibrium:
    economy, folder = balanced
    later = by_industry(folder / "tariffs2005.txt", *economy.output.shape[::-1]) / 100
    members = [economy.regions.index(country) for country in TABLE_2]
    among = np.ix_(range(TRADED), members, members)
    tariff = economy.tariff.copy()
    tariff[among] = later[among]
    return equilibrium(economy, replace(no_shock(economy), tariff=tariff))


def test_table_2_to_the_printed_digit(nafta: Equilibrium) -> None:
    parts = welfare_parts(nafta)
    columns = (
        parts.welfare,
        parts.terms_of_trade,
        parts.volume_of_trade,
        nafta.real_wage_change - 1,
    )
    found = {
        country: [f"{100 * column[nafta.before.regions.index(country)]:.2f}" for column in columns]
        for country in TABLE_2
    }
    assert found == TABLE_2


def test_the_certificate_holds(nafta: Equilibrium) -> None:
    assert nafta.certificate.passed and nafta.method == "mixed"
    assert max(nafta.certificate.residuals.values()) < 1e-10


def test_parts_add_up_by_partner_and_by_industry(nafta: Equilibrium) -> None:
    parts = welfare_parts(nafta)
    for whole, split in (
        (parts.terms_of_trade, (parts.terms_with, parts.terms_in)),
        (parts.volume_of_trade, (parts.volume_with, parts.volume_in)),
    ):
        for part in split:
            assert part.sum(axis=1) == pytest.approx(whole, abs=1e-14)


def test_without_a_change_of_tariffs_nothing_changes(balanced: tuple[Economy, Path]) -> None:
    economy, _ = balanced
    found = equilibrium(economy, no_shock(economy))
    assert np.abs(found.real_income_change - 1).max() < 1e-12
    assert np.abs(found.changes.price - 1).max() < 1e-12
