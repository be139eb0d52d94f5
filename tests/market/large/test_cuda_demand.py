"""Demand from a graphics processor: on one where there is one, otherwise in the simulator."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.market.cases import random_market
from tests.market.large.test_demand_providers import CONTRACT, Held, some_prices
from yanzhen.market.large.cuda_demand import CudaDemand, NoDevice, require_device
from yanzhen.market.large.demand_pass import KEEP_NONE, pack
from yanzhen.market.large.demand_provider import Quote
from yanzhen.market.large.population import HeldPopulation
from yanzhen.market.large.shards import ShardedNation
from yanzhen.market.problem.choice import choose, site_demand, total_premium

SIMULATED = os.environ.get("NUMBA_ENABLE_CUDASIM") == "1"


def at_hand() -> bool:
    try:
        require_device()
    except NoDevice:
        return False
    return True


on_device = pytest.mark.skipif(not at_hand(), reason="no graphics processor")


@pytest.fixture(scope="module")
def held() -> Held:
    market = random_market(3, 30, 9, calibrated=True, grouped=True, floored=True)
    return Held(
        market,
        ShardedNation(Path(), "", market.sigma, 0, ()),
        {
            "threads": HeldPopulation(market, None),
            "cuda": HeldPopulation(market, None, CudaDemand),
        },
    )


@pytest.mark.skipif(at_hand(), reason="the same tests run here")
def test_the_kernel_in_the_simulator() -> None:
    """The tests below, in a process whose kernels numba-cuda runs without a device."""
    if find_spec("numba_cuda") is None:
        pytest.skip("needs the extra gpu")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            __file__,
        ],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{len(CONTRACT) + 2} passed" in run.stdout


@pytest.mark.skipif(at_hand(), reason="there is one")
def test_without_a_device_it_says_what_is_missing() -> None:
    with pytest.raises(NoDevice) as missing:
        require_device()
    assert missing.value.what == ("gpu" if find_spec("numba_cuda") is None else "device")


@on_device
@pytest.mark.parametrize("clause", CONTRACT, ids=lambda clause: clause.__name__)
def test_it_keeps_to_what_every_provider_does(held: Held, clause: Any) -> None:
    clause(held, held.populations["cuda"])


@on_device
@pytest.mark.parametrize("split", [False, True])
def test_in_single_precision_it_is_as_near_as_threads(split: bool) -> None:
    market = random_market(2, 40, 70, grouped=True, calibrated=True, resources=3)
    prices = some_prices(market)
    quote = Quote(total_premium(market, prices), prices.constants, market.sigma, split)
    packed = pack(market)
    found = CudaDemand(market, packed).evaluate(quote, KEEP_NONE)
    choice = choose(market, prices)
    dense = site_demand(market, choice)
    np.testing.assert_allclose(found.demand, dense, rtol=2e-6)
    assert np.linalg.norm(found.demand - dense) <= 5e-7 * np.linalg.norm(dense)
    assert found.stayed == pytest.approx(float(market.mass @ choice.stay), rel=2e-6)
    assert found.inclusive == pytest.approx(float(market.mass @ choice.inclusive), rel=2e-6)
