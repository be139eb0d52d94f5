"""Which workers are silent, whatever clocks say."""

from dataclasses import replace

from yanzhen.store.jobs.leases import Held
from yanzhen.store.jobs.silence import Watch

HELD = Held("job", 1, "w", "2026-01-01T00:00:30.000000Z")


def test_a_lease_that_is_renewed_is_not_silent() -> None:
    watch = Watch(30.0)
    for ticks in range(0, 100, 20):
        assert watch.silent((replace(HELD, leased_until=f"2026-{ticks}"),), float(ticks)) == []


def test_a_lease_that_nobody_renews_is_silent_after_as_long_as_it_lasts() -> None:
    watch = Watch(30.0)
    assert watch.silent((HELD,), 100.0) == []
    assert watch.silent((HELD,), 129.0) == []
    assert watch.silent((HELD,), 130.0) == [HELD]


def test_who_holds_a_job_anew_is_watched_anew() -> None:
    watch = Watch(30.0)
    watch.silent((HELD,), 0.0)
    taken = replace(HELD, attempt=2, worker="v")
    assert watch.silent((taken,), 29.0) == []
    assert watch.silent((taken,), 31.0) == []
    assert watch.silent((), 60.0) == [] and watch.silent((taken,), 70.0) == []
