"""Places that resemble one another, by the cosine of their quotients."""

import numpy as np
import polars as pl
import pytest

from yanzhen.advantage.peers import peers, similarities
from yanzhen.advantage.specialisation import location_quotient


def test_the_cosine_is_that_of_the_vectors() -> None:
    quotient = location_quotient(np.random.default_rng(3).uniform(0.0, 9.0, (6, 5)))
    found = similarities(quotient, 2)
    for row, value in zip(quotient, found, strict=True):
        cosine = row @ quotient[2] / np.linalg.norm(row) / np.linalg.norm(quotient[2])
        assert value == pytest.approx(cosine)


def test_what_is_not_known_of_both_is_left_out() -> None:
    quotient = np.array([[1.0, 2.0, np.nan], [2.0, 4.0, 7.0], [np.nan, np.nan, 1.0]])
    found = similarities(quotient, 0)
    assert found[1] == pytest.approx(1.0)
    assert np.isnan(found[2])


def test_peers_are_the_most_alike_first_without_the_place_itself() -> None:
    frame = pl.DataFrame(
        {
            "region": [code for code in "abc" for _ in range(3)],
            "industry": list("xyz") * 3,
            "output": [8.0, 1.0, 1.0, 7.0, 2.0, 1.0, 1.0, 1.0, 8.0],
        }
    )
    found = peers(frame, "output", "a")
    assert found["region"].to_list() == ["b", "c"]
    assert found["similarity"].is_sorted(descending=True)
    assert peers(frame, "output", "nowhere").is_empty()
