"""The SYNTHETIC nation: drawn alike by a seed, hard enough, and said to be made up."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from yanzhen.market.large.nation import ARRAYS, NotANation, is_nation, read_nation, write_nation
from yanzhen.market.large.record import clear_and_record
from yanzhen.market.large.synth import Marginals, marginals_of, synthetic_market
from yanzhen.market.problem.market import Market
from yanzhen.study import read_study


@pytest.fixture(scope="module")
def marginals() -> Marginals:
    return marginals_of(read_study("china-provinces"))


@pytest.fixture(scope="module")
def nation(marginals: Marginals) -> Market:
    return synthetic_market(100_000, 1000, 17, 0.3, marginals)


def test_the_seed_decides_every_number(marginals: Marginals) -> None:
    one, two = (synthetic_market(3000, 60, 5, 0.3, marginals) for _ in range(2))
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    other = synthetic_market(3000, 60, 6, 0.3, marginals)
    assert not np.array_equal(one.mass, other.mass)


def test_output_has_the_margins_of_the_figures(nation: Market, marginals: Marginals) -> None:
    industries = marginals.output.shape[1]
    by_industry = np.bincount(nation.cell % industries, nation.mass)
    np.testing.assert_allclose(by_industry, marginals.output.sum(axis=0), rtol=0.01)


def test_no_two_enterprises_are_alike(nation: Market) -> None:
    assert np.unique(nation.intensities[:, 0]).size == nation.mass.size


def test_it_is_as_hard_as_it_says(nation: Market) -> None:
    _, certificate, record = clear_and_record(nation, 1e-5)
    assert certificate.passed
    assert record.binding_share >= 0.7
    assert record.binding_groups >= 20
    assert 0.1 <= record.moving_share <= 0.3


def test_a_nation_is_read_back_as_written_and_says_it_is_synthetic(
    tmp_path: Path, marginals: Marginals
) -> None:
    folder = tmp_path / "nation"
    write_nation(folder, 2000, 40, 3, marginals, "china-provinces", 0.3)
    again, drawn = read_nation(folder), synthetic_market(2000, 40, 3, 0.3, marginals)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(again, name), getattr(drawn, name))
    about = tomllib.loads((folder / "nation.toml").read_text(encoding="utf-8"))
    assert about["synthetic"] is True
    assert "SYNTHETIC" in about["title_en"]
    assert "SYNTHETIC" in about["title_zh"]


def test_a_folder_that_is_no_nation_is_refused(tmp_path: Path) -> None:
    assert not is_nation(tmp_path)
    with pytest.raises(NotANation, match=r"nation\.toml"):
        read_nation(tmp_path)
