"""A nation of the server: every answer is certified, and a later wish ends an earlier search."""

from pathlib import Path

import numpy as np
import pytest

from yanzhen.api.nation import TOLERANCE, NationCaps, ServedNation
from yanzhen.market.large import standing_market
from yanzhen.market.large.nation import NotANation, write_nation
from yanzhen.market.large.synth import Marginals


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> ServedNation:
    folder = tmp_path_factory.mktemp("served") / "nation"
    rng = np.random.default_rng(2)
    marginals = Marginals(rng.lognormal(size=(31, 3)), rng.uniform(0.0, 10.0, (31, 2)))
    write_nation(folder, 1000, 62, 5, marginals, "china-provinces")
    return ServedNation(folder)


def test_what_a_move_tells_is_certified_and_of_the_caps_moved(nation: ServedNation) -> None:
    first = nation.clear()
    assert nation.first is first and first.study.about.synthetic
    dearest = first.regions.sort("price", descending=True)["region"][0]
    answers: list[NationCaps] = []
    nation.move({dearest: 0.8}, lambda found: answers.append(found) is None)
    assert all(each.standing.certificate.passed for each in answers)
    assert answers[-1].standing.certificate.tolerance == TOLERANCE
    before = first.regions.filter(region=dearest).row(0, named=True)
    after = answers[-1].regions.filter(region=dearest).row(0, named=True)
    assert after["cap"] == pytest.approx(0.8)
    assert after["price"] > before["price"]
    others = answers[-1].regions.filter(answers[-1].regions["region"] != dearest)["cap"]
    assert others.drop_nulls().to_list() == pytest.approx([1.0] * others.drop_nulls().len())
    assert nation.first is first


def test_a_closer_answer_is_not_sought_once_nobody_wants_it(
    nation: ServedNation, monkeypatch: pytest.MonkeyPatch
) -> None:
    nation.clear()
    # So coarse a first answer is never as good as the last.
    monkeypatch.setattr(standing_market, "CLOSER", 1.0)
    monkeypatch.setattr(standing_market, "FIRST_TOLERANCE", 0.1)
    told: list[NationCaps] = []
    region = nation.clear().regions.sort("price", descending=True)["region"][1]
    nation.move({region: 0.5}, lambda found: bool(told.append(found)))
    assert len(told) == 1


def test_a_folder_without_a_nation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotANation, match=r"nation\.toml"):
        ServedNation(tmp_path)
