"""`--cluster` of `yanzhen plan` and `yanzhen estimate`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from yanzhen.cli.app import app
from yanzhen.study import StudyError

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler with workers in this process, which cost no start."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


def test_workers_estimate_what_this_machine_does(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    here = CliRunner().invoke(app, ["estimate", "china-provinces", "--json"])
    there = CliRunner().invoke(
        app, ["estimate", "china-provinces", "--json", "--cluster", address, "--lang", "en"]
    )
    assert there.exit_code == 0, there.output
    assert json.loads(there.stdout) == json.loads(here.stdout)
    assert "Dashboard:" in there.stderr
    assert list(tmp_path.glob("yanzhen/workers/*.pickle"))


def test_a_plan_has_its_draws_cleared_by_the_workers(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yanzhen.market.plan.cluster_draws import ClusterDraws

    given: list[Any] = []

    def planned(*asked: Any) -> None:
        given.extend(asked)
        raise StudyError([])

    monkeypatch.setattr("yanzhen.pipeline.run_plan", planned)
    asked = ["plan", "china-provinces", "--out", str(tmp_path / "plan"), "--cluster", address]
    CliRunner().invoke(app, asked)
    assert isinstance(given[-1], ClusterDraws)


@pytest.mark.parametrize("asked", [["estimate"], ["plan", "--out", "nowhere"]])
def test_a_cluster_that_is_none_is_said(asked: list[str]) -> None:
    refused = CliRunner().invoke(
        app, [asked[0], "china-provinces", *asked[1:], "--cluster", "local:0", "--lang", "en"]
    )
    assert refused.exit_code == 2
    assert "No cluster answers: local:0" in " ".join(refused.stderr.split())
