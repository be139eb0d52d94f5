"""The likelihood of choices summed part by part, here and by workers of a cluster."""

from pathlib import Path

import numpy as np
import pytest

from yanzhen.history import offered_choices
from yanzhen.history.choices import Choices
from yanzhen.history.conditional import ConditionalLogit, fit_conditional, maximum_likelihood
from yanzhen.history.offered_choices import (
    ANYWHERE,
    Evaluate,
    OfferedChoices,
    added_up,
    entries_of,
    evaluate_parts,
    evaluated_here,
)

REGIONS, INDUSTRIES, CHOOSERS = 9, 4, 30


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> OfferedChoices:
    """SYNTHETIC choices in eight parts: some may stay where they are, some regions are refused."""
    monkeypatch.setattr(offered_choices, "PAIRS_AT_ONCE", REGIONS * 3 * 4)
    random = np.random.default_rng(8)
    terms = random.normal(size=(2, REGIONS, INDUSTRIES))
    terms[0, 3, 2] = np.nan
    industry = random.integers(0, INDUSTRIES, CHOOSERS)
    origin = random.integers(0, REGIONS, CHOOSERS)
    origin[::5] = ANYWHERE
    counts = random.poisson(0.8, (CHOOSERS, REGIONS)).astype(np.float64)
    own = origin != ANYWHERE
    counts[own, origin[own]] = 0.0
    counts[industry == 2, 3] = 0.0
    kilometres = random.uniform(0.0, 3000.0, (REGIONS, REGIONS))
    found = OfferedChoices(
        ("near", "large", "distance"),
        terms,
        kilometres,
        industry,
        origin,
        *entries_of(counts),
        industry,
    )
    assert len(found.parts) == 8
    return found


def whole(offered: OfferedChoices) -> Choices:
    """Every attribute written out, pair by pair."""
    attributes = np.full((CHOOSERS, REGIONS, 3), np.nan)
    counts = np.zeros((CHOOSERS, REGIONS))
    for i, (s, n) in enumerate(zip(offered.industry, offered.origin, strict=True)):
        for j in range(REGIONS):
            if j != n:
                far = offered.kilometres[n, j]
                attributes[i, j] = [*offered.terms[:, j, s], -far / 1000.0]
        for k in range(offered.start[i], offered.start[i + 1]):
            counts[i, offered.region[k]] += offered.times[k]
    none = np.zeros((CHOOSERS, 0))
    cell = np.arange(CHOOSERS)
    return Choices(
        offered.names, attributes, cell, none, np.zeros((REGIONS, 0)), counts, offered.cluster
    )


def fitted(offered: OfferedChoices, evaluate: Evaluate) -> ConditionalLogit:
    total = float(offered.times.sum())
    return maximum_likelihood(
        offered.names, lambda at: added_up(evaluate(at)), offered.cluster, total
    )


def bits(found: ConditionalLogit) -> tuple[bytes, ...]:
    arrays = (found.estimates, found.covariance, found.robust, found.clustered)
    return tuple(each.tobytes() for each in (*arrays, np.float64(found.log_likelihood)))


def test_sums_over_parts_are_those_of_the_whole(offered: OfferedChoices) -> None:
    parts, one = fitted(offered, evaluated_here(offered)), fit_conditional(whole(offered))
    for name in ("estimates", "covariance", "robust", "clustered"):
        np.testing.assert_allclose(getattr(parts, name), getattr(one, name), rtol=1e-9, atol=1e-12)
    assert parts.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-12)
    assert parts.choices == one.choices


def test_threads_do_not_change_a_bit(offered: OfferedChoices) -> None:
    tastes, every = np.array([0.3, -0.2, 0.5]), range(8)
    one, three = (added_up(evaluate_parts(offered, every, tastes, n)) for n in (1, 3))
    assert one.value == three.value
    assert one.scores.tobytes() == three.scores.tobytes()
    assert one.information.tobytes() == three.information.tobytes()


def test_workers_give_the_same_bits_and_one_lost_changes_nothing(
    offered: OfferedChoices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
    from yanzhen.history.cluster_likelihood import ClusterLikelihood

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with (
        distributed.LocalCluster(
            n_workers=3, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        evaluate = ClusterLikelihood(client)(offered)
        rounds = []

        def until_one_is_lost(tastes: np.ndarray) -> list[offered_choices.Likelihood]:
            rounds.append(len(client.nthreads()))
            if len(rounds) == 2:
                client.retire_workers([min(client.nthreads())])
            return list(evaluate(tastes))

        there = fitted(offered, until_one_is_lost)
    assert rounds[0] == 3 and rounds[-1] == 2
    assert bits(there) == bits(fitted(offered, evaluated_here(offered)))


def test_a_file_that_was_changed_is_not_opened(tmp_path: Path) -> None:
    from yanzhen.market.large.shards import ShardsBroken
    from yanzhen.market.large.worker_files import held, put

    path = put({"a": 1}, tmp_path)
    assert held(str(path), dict) == {"a": 1}
    other = put({"a": 2}, tmp_path)
    other.write_bytes(path.read_bytes())
    with pytest.raises(ShardsBroken, match="expected"):
        held(str(other), dict)
