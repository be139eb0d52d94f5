"""Draws cleared by workers are those of this machine, to the bit."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from threadpoolctl import threadpool_limits

from tests.market.stages import stages
from tests.study.small import small
from yanzhen.market.plan.uncertainty import uncertainty


def test_workers_give_the_frames_of_this_machine_and_one_lost_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
    from yanzhen.market.plan.cluster_draws import ClusterDraws

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cleared = stages(small()).cleared
    with threadpool_limits(limits=1, user_api="blas"):
        here = uncertainty(cleared, 5, 9)
        shares: list[float] = []
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
            ) as cluster,
            distributed.Client(cluster) as client,
        ):

            def tell(share: float) -> None:
                shares.append(share)
                if len(shares) == 1:
                    client.retire_workers([min(client.nthreads())])

            there = uncertainty(cleared, 5, 9, tell, elsewhere=ClusterDraws(client))
            assert len(client.nthreads()) == 1
    assert shares == pytest.approx(np.arange(1, 10) / 9)
    for name, frame in vars(here).items():
        if isinstance(frame, pl.DataFrame):
            assert frame.equals(getattr(there, name)), name
    assert len(list(tmp_path.glob("yanzhen/workers/*.pickle"))) == 1


def test_without_draws_no_worker_is_asked() -> None:
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    from yanzhen.market.plan.cluster_draws import ClusterDraws

    cleared = stages(small()).cleared
    assert uncertainty(cleared, 5, 0, elsewhere=ClusterDraws(None)).draws == 0
