"""Whose turn it is."""

from yanzhen.store.jobs.fairness import Standing, in_turn


def job(name: str, organisation: str, owner: str) -> Standing:
    return Standing(name, organisation, owner, f"2026-01-01T00:00:0{name[-1]}")


def names(order: list[Standing]) -> list[str]:
    return [each.job for each in order]


WAITING = [
    job("a1", "park", "anna"),
    job("a2", "park", "anna"),
    job("b3", "park", "bo"),
    job("c4", "fund", "chen"),
]


def test_who_has_nothing_running_comes_before_who_has() -> None:
    running = [job("x0", "park", "anna")]
    assert names(in_turn(WAITING, running, {}, None)) == ["c4", "b3", "a1", "a2"]


def test_among_equals_who_was_served_longest_ago_comes_first() -> None:
    served = {"park": "2026-01-02", "fund": "2026-01-01", "anna": "2026-01-02", "bo": "2026-01-01"}
    assert names(in_turn(WAITING, [], served, None)) == ["c4", "b3", "a1", "a2"]
    served = {"park": "2026-01-01", "fund": "2026-01-02", "anna": "2026-01-01"}
    assert names(in_turn(WAITING, [], served, None)) == ["b3", "a1", "a2", "c4"]


def test_a_person_who_runs_as_many_as_allowed_waits() -> None:
    running = [job("x0", "park", "anna")]
    assert names(in_turn(WAITING, running, {}, 1)) == ["c4", "b3"]
