"""The measure that rankers are compared by, and what they are compared with."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from yanzhen.modes.technology.search.evaluation import (
    GradedSet,
    among,
    bootstrap_interval,
    compare,
    graded_set,
    ndcg,
    ndcg_of,
    plain_bm25,
)


def small_set(grades: dict[str, dict[str, int]], languages: dict[str, str]) -> GradedSet:
    """Queries are named q…, documents d…; all texts are the names."""
    frames = {
        kind: pl.DataFrame({kind: names}).with_columns(
            title=pl.col(kind),
            text=pl.lit(""),
            language=pl.col(kind).replace_strict(languages, default="en"),
        )
        for kind, names in (
            ("query", sorted(grades)),
            ("document", sorted({name for each in grades.values() for name in each})),
        )
    }
    rows = [(query, name, grade) for query, each in grades.items() for name, grade in each.items()]
    listed = pl.DataFrame(rows, schema=["query", "document", "grade"], orient="row")
    return GradedSet(frames["query"], frames["document"], listed.filter(pl.col("grade") > 0))


def ranking(query: str, documents: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {"query": query, "document": documents, "rank": range(1, len(documents) + 1)},
        schema={"query": pl.String, "document": pl.String, "rank": pl.Int64},
    )


def test_a_case_reckoned_by_hand() -> None:
    """Ranked with grades 0, 3, 1; the best order is 3, 2, 1."""
    graded = small_set({"q": {"d0": 0, "d1": 1, "d2": 2, "d3": 3}}, {})
    expected = (7 / math.log2(3) + 1 / 2) / (7 + 3 / math.log2(3) + 1 / 2)
    assert ndcg(graded, ranking("q", ["d0", "d3", "d1"]))["ndcg"].to_list() == pytest.approx(
        [expected], rel=1e-12
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=15).filter(any), st.integers(1, 12))
def test_equal_to_scikit_learn_on_exponential_gains(found: list[int], top: int) -> None:
    names = [f"d{place:02d}" for place in range(len(found))]
    graded = small_set({"q": dict(zip(names, found, strict=True))}, {})
    ours = ndcg(graded, ranking("q", names), top)["ndcg"].item()
    gains = np.array([[2.0**grade - 1.0 for grade in found]])
    scores = -np.arange(len(found), dtype=float)[None, :]
    assert ours == pytest.approx(ndcg_score(gains, scores, k=top), abs=1e-12)


def test_what_is_not_ranked_gains_nothing() -> None:
    graded = small_set({"q": {"d1": 3}}, {})
    assert ndcg(graded, ranking("q", []))["ndcg"].to_list() == [0.0]
    late = ranking("q", [*(f"other{n}" for n in range(10)), "d1"])
    assert ndcg(graded, late, top=10)["ndcg"].to_list() == [0.0]
    assert ndcg(graded, late, top=11)["ndcg"].to_list() == [pytest.approx(1 / math.log2(12))]


def test_rankings_that_would_flatter_are_refused() -> None:
    graded = small_set({"q": {"d1": 3, "d2": 1}}, {})
    with pytest.raises(ValueError, match="twice"):
        ndcg(graded, ranking("q", ["d1", "d1"]))
    with pytest.raises(ValueError, match="gaps"):
        ndcg(graded, ranking("q", ["d1", "d2"]).with_columns(rank=pl.lit(1, pl.Int64)))
    barren = small_set({"q": {"d1": 3}, "lonely": {"d1": 0}}, {})
    with pytest.raises(ValueError, match="lonely"):
        ndcg(barren, ranking("q", ["d1"]))


def test_pairs_of_one_language_are_judged_among_documents_of_that_language() -> None:
    languages = {"qz": "zh", "dz": "zh", "de": "en", "qe": "en"}
    graded = small_set({"qz": {"dz": 1, "de": 3}, "qe": {"de": 2}}, languages)
    assert among(graded, "other").queries["query"].to_list() == ["qz"]
    assert among(graded, "same").grades.sort("query")["document"].to_list() == ["de", "dz"]

    def by_name(queries: pl.DataFrame, documents: pl.DataFrame, top: int) -> pl.DataFrame:
        names = documents["document"].sort().to_list()[:top]
        return pl.concat(ranking(query, names) for query in queries["query"])

    assert ndcg_of(by_name, graded, "same")["ndcg"].to_list() == [1.0, 1.0]
    assert ndcg_of(by_name, graded, "other")["ndcg"].to_list() == [1.0]
    assert ndcg_of(by_name, graded)["ndcg"].to_list()[0] == 1.0


def test_bootstrap_interval_of_a_mean() -> None:
    drawn = np.random.default_rng(1).normal(0.2, 0.5, size=400)
    low, high = bootstrap_interval(drawn, draws=4000, seed=2)
    spread = drawn.std() / math.sqrt(drawn.size)
    assert low == pytest.approx(drawn.mean() - 1.96 * spread, abs=0.1 * spread)
    assert high == pytest.approx(drawn.mean() + 1.96 * spread, abs=0.1 * spread)
    assert bootstrap_interval(drawn, 500, 3) == bootstrap_interval(drawn, 500, 3)
    assert bootstrap_interval(np.full(7, 0.25), 100, 0) == (0.25, 0.25)


def test_plain_bm25_is_the_formula() -> None:
    texts = ["wind turbine blade", "blade blade coating", "solar cell silver paste 光伏 银浆"]
    documents = pl.DataFrame({"document": ["a", "b", "c"], "title": texts, "text": [""] * 3})
    queries = pl.DataFrame({"query": ["q"], "title": ["Blade of the turbine"], "text": ["银浆"]})
    lengths = np.array([3, 3, 6])

    def term(frequencies: list[int]) -> np.ndarray:
        frequency = np.array(frequencies)
        holding = (frequency > 0).sum()
        weight = math.log(1 + (3 - holding + 0.5) / (holding + 0.5))
        return weight * frequency / (frequency + 1.5 * (0.25 + 0.75 * lengths / lengths.mean()))

    expected = term([1, 2, 0]) + term([1, 0, 0]) + term([0, 0, 1])
    found = plain_bm25(queries, documents, 3)
    scores = dict(found.select("document", "score").iter_rows())
    assert [scores[name] for name in "abc"] == pytest.approx(expected, rel=1e-6)
    assert found["document"].to_list() == ["abc"[place] for place in np.argsort(-expected)]


def test_documents_without_a_common_word_are_not_ranked() -> None:
    documents = pl.DataFrame({"document": ["a", "b"], "title": ["steel", "钢"], "text": ["", ""]})
    queries = pl.DataFrame({"query": ["q"], "title": ["钢"], "text": [None]})
    assert plain_bm25(queries, documents, 5)["document"].to_list() == ["b"]


def test_plain_bm25_gains_nothing_on_itself_and_loses_to_the_grades() -> None:
    graded = graded_set("development")
    level = compare(plain_bm25, graded, draws=200)
    assert (level.difference, level.low, level.high) == (0.0, 0.0, 0.0)
    assert 0.1 < level.baseline < 0.9

    def told(queries: pl.DataFrame, documents: pl.DataFrame, top: int) -> pl.DataFrame:
        best = graded.grades.sort("query", "grade", descending=[False, True])
        return best.with_columns(rank=pl.int_range(1, pl.len() + 1).over("query"))

    best = compare(told, graded, draws=200)
    assert best.ranker == pytest.approx(1.0, abs=1e-12)
    assert best.difference == pytest.approx(1.0 - level.baseline, abs=1e-12)
    assert best.low > 0
