"""Ranking: equal to plain sums, to bm25s, and the same however it is searched."""

from dataclasses import replace

import bm25s
import numpy as np
import polars as pl
import pytest

from yanzhen.modes.technology.search import relevance
from yanzhen.modes.technology.search.index import ENTRY, found, index_of
from yanzhen.modes.technology.search.relevance import (
    STANDARD,
    known_share,
    queries_of,
    rank,
    table_features,
    whole,
)
from yanzhen.modes.technology.search.search import DOCUMENTS_AT_A_TIME, entry_of, search
from yanzhen.modes.technology.text.classes import levels
from yanzhen.modes.technology.text.features import WORD, Features, features_of


def made_up(count: int, seed: int, language: str = "mixed") -> list[str]:
    """Texts of words drawn by Zipf's law, of a Chinese and an English vocabulary."""
    random = np.random.default_rng(seed)
    han = [chr(0x4E00 + a) + chr(0x4E00 + b) for a, b in random.integers(0, 3000, (400, 2))]
    latin = ["".join(chr(97 + c) for c in random.integers(0, 26, 7)) for _ in range(400)]
    share = 1 / np.arange(1, 401)
    texts = []
    for k in range(count):
        words = han if language == "zh" or (language == "mixed" and k % 2) else latin
        texts.append(" ".join(random.choice(words, random.integers(5, 25), p=share / share.sum())))
    return texts


def only_words(features: Features) -> Features:
    kept = features.channel == WORD
    row = np.repeat(np.arange(features.language.size), np.diff(features.start))[kept]
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=features.language.size))])
    return Features(
        start, features.key[kept], features.channel[kept], features.count[kept], features.language
    )


def test_word_weights_are_those_of_bm25s() -> None:
    texts = made_up(200, 1, "latin")
    index = index_of(only_words(features_of([None] * 200, texts)), k1=1.2, b=0.6)
    tokens = [text.split() for text in texts]
    peer = bm25s.BM25(method="lucene", k1=1.2, b=0.6)
    peer.index(tokens, show_progress=False)
    asked = sorted(set(tokens[0]))
    own = only_words(features_of([None], [" ".join(asked)]))
    number = found(own.key, index.keys, index.number)
    scores = np.zeros(200)
    for d in range(200):
        entries = slice(index.start[d], index.start[d + 1])
        scores[d] = index.weight[entries][np.isin(index.feature[entries], number)].sum()
    np.testing.assert_allclose(scores, peer.get_scores(asked), rtol=2e-5)


@pytest.fixture(scope="module")
def tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    random = np.random.default_rng(3)

    def table(key: str, level: str, count: int, seed: int) -> pl.DataFrame:
        texts = made_up(count, seed)
        classes = np.array(["C08L63/00", "H01M 10/05", "B23K", ""])
        return pl.DataFrame(
            {
                key: [f"{key}{k}" for k in range(count)],
                "title": [text[:12] for text in texts],
                "text": texts,
                "ipc": random.choice(classes, count),
                "industry": random.choice(["26", "38"], count),
                level: random.integers(1, 10, count),
            }
        )

    return table("query", "trl_low", 40, 4), table("document", "trl", 600, 5)


def test_scores_are_the_sums_that_the_documentation_states(
    tables: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    queries, documents = tables
    ranked = rank(queries, documents, 5)
    index = index_of(table_features(documents), STANDARD.k1, STANDARD.b)
    features = table_features(queries)
    asked = queries_of(features, index, STANDARD, whole(queries, "trl_low"))
    for q in range(queries.height):
        entries = slice(asked.start[q], asked.start[q + 1])
        dense = np.zeros(index.idf.size)
        there = asked.feature[entries] >= 0
        dense[asked.feature[entries][there]] = asked.weight[entries][there]
        score = np.zeros(documents.height)
        for d in range(documents.height):
            own = slice(index.start[d], index.start[d + 1])
            shared = index.feature[own]
            part = dense[shared] * index.weight[own]
            by_channel = asked.scale[q, index.language[d]]
            lacking = max(0, queries["trl_low"][q] - documents["trl"][d])
            score[d] = part @ by_channel[index.channel[shared]] - STANDARD.maturity * lacking
        mine = ranked.filter(pl.col("query") == queries["query"][q])["score"].to_numpy()
        np.testing.assert_allclose(mine, np.sort(score)[::-1][:5], atol=1e-5)


def test_threads_do_not_change_the_ranking(tables: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    many = pl.concat([tables[0]] * 30)
    assert rank(many, tables[1], 5, threads=1).equals(rank(many, tables[1], 5, threads=2))


def test_queries_are_weighed_alike_in_parts(
    tables: tuple[pl.DataFrame, pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    index = index_of(table_features(tables[0].tail(25)))
    nothing = tables[0].head(1).with_columns(title=None, text=None, ipc=None, industry=None)
    asking = pl.concat([tables[0], nothing], how="vertical_relaxed")
    features, none = table_features(asking), whole(asking, "none")
    whole_queries = queries_of(features, index, STANDARD, none)
    known = known_share(features, index, STANDARD)
    assert known.min() == 0 < known[0] < 1 == known.max()
    monkeypatch.setattr(relevance, "ENTRIES_AT_A_TIME", 100)
    in_parts = queries_of(features, index, STANDARD, none)
    for name in ("start", "feature", "weight", "scale"):
        np.testing.assert_array_equal(getattr(in_parts, name), getattr(whole_queries, name))
    np.testing.assert_array_equal(known_share(features, index, STANDARD), known)


def test_search_in_several_lots_finds_what_plain_sums_find() -> None:
    documents = short_texts(2 * DOCUMENTS_AT_A_TIME + 3000, 8, 6)
    queries = short_texts(30, 40, 7)
    random = np.random.default_rng(8)
    index = index_of(table_features(documents))
    trl = random.integers(0, 10, documents.height).astype(np.int8)
    least_trl = random.integers(0, 10, queries.height).astype(np.int8)
    asked = queries_of(table_features(queries), index, STANDARD, least_trl)
    hits = search(index, asked, trl, 0.05, 20)
    for q in range(queries.height):
        score = np.zeros(documents.height)
        for k in range(asked.start[q], asked.start[q + 1]):
            f = asked.feature[k]
            if f >= 0:
                own = index.entries[index.feature_start[f] : index.feature_start[f + 1]]
                by_language = asked.weight[k] * asked.scale[q, :, index.channel[f]]
                score[own["document"]] += (
                    by_language[index.language[own["document"]]] * own["weight"]
                )
        lacking = np.where(trl > 0, np.maximum(least_trl[q] - trl, 0), 0)
        score -= 0.05 * lacking
        np.testing.assert_allclose(hits.score[q], np.sort(score)[::-1][:20], atol=1e-5)
        np.testing.assert_allclose(hits.score[q], score[hits.document[q]], atol=1e-5)


def test_entries_of_a_document_are_found_from_any_place_before() -> None:
    entries = np.zeros(300, ENTRY)
    entries["document"] = np.sort(np.random.default_rng(9).choice(1000, 300, replace=False))
    for place in (0, 7, 150, 299):
        for document in range(entries["document"][place] + 1, 1001):
            expected = np.searchsorted(entries["document"], document)
            assert entry_of(entries, place, 300, document) == expected
    assert entry_of(entries, 0, 5, 1000) == 5


def short_texts(count: int, words: int, seed: int) -> pl.DataFrame:
    """Titles of words of one vocabulary, by Zipf's law, and an industry."""
    random = np.random.default_rng(seed)
    letters = np.random.default_rng(0).integers(0, 26, (1500, 7))
    vocabulary = np.array(["".join(chr(97 + c) for c in word) for word in letters])
    share = 1 / np.arange(1, 1501)
    drawn = vocabulary[random.choice(1500, (count, words), p=share / share.sum())]
    return pl.DataFrame(
        {
            "title": [" ".join(row) for row in drawn],
            "industry": random.choice(["26", "38"], count),
        }
    )


def test_a_need_finds_its_achievement_across_languages() -> None:
    needs = pl.DataFrame(
        {
            "query": ["zh", "en"],
            "title": ["退役锂离子电池正极材料的回收", "Dewatering of municipal sewage sludge"],
        }
    )
    achievements = pl.DataFrame(
        {
            "document": ["battery", "sludge", "tea"],
            "title": [
                "Recovery of cathode materials from spent lithium-ion batteries",
                "城市污水污泥深度脱水工艺",
                "Picking robot for tea",
            ],
        }
    )
    ranked = rank(needs, achievements, 1)
    assert ranked["document"].to_list() == ["battery", "sludge"]


def test_immature_achievements_rank_below_mature_ones() -> None:
    needs = pl.DataFrame({"query": ["a"], "title": ["激光熔覆"], "trl_low": [8]})
    documents = pl.DataFrame({"document": ["x", "y"], "title": ["激光熔覆"] * 2, "trl": [3, 8]})
    assert rank(needs, documents, 2)["document"].to_list() == ["y", "x"]


def test_a_query_that_shares_nothing_finds_nothing() -> None:
    documents = pl.DataFrame({"document": ["x"], "title": ["激光熔覆"]})
    for title in ("茶", "", None):
        asked = pl.DataFrame({"query": ["a"], "title": [title]}, schema_overrides={"title": str})
        assert rank(asked, documents, 5).is_empty()
        assert rank(
            documents.rename({"document": "query"}),
            pl.DataFrame({"document": ["a"], "title": [title]}, schema_overrides={"title": str}),
            5,
        ).is_empty()


def test_search_without_documents_finds_nothing() -> None:
    nothing = pl.DataFrame({"document": [], "title": []}, schema={"document": str, "title": str})
    asked = pl.DataFrame({"query": ["a"], "title": ["激光"]})
    assert rank(asked, nothing, 5).is_empty()


def test_ties_go_to_the_earlier_document() -> None:
    documents = pl.DataFrame({"document": list("abcde"), "title": ["激光熔覆"] * 5})
    asked = pl.DataFrame({"query": ["q"], "title": ["激光熔覆"]})
    assert rank(asked, documents, 3)["document"].to_list() == ["a", "b", "c"]


def test_features_that_weigh_nothing_find_nothing() -> None:
    documents = pl.DataFrame({"document": list("abc"), "title": ["激光熔覆设备"] * 3})
    asked = pl.DataFrame({"query": ["q"], "title": ["激光熔覆设备"]})
    silent = replace(STANDARD, word=0.0, ngram=0.0, term=0.0, term_within=0.0)
    assert rank(asked, documents, 3, silent).is_empty()
    assert rank(asked, documents, 3, replace(silent, word=1.0)).height == 3


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("C08L 63/00", ("C08", "C08L", "C08L63")),
        ("H01M10/0525", ("H01", "H01M", "H01M10")),
        ("b23k", ("B23", "B23K")),
        ("G06", ("G06",)),
        ("Z99Z", ()),
        ("", ()),
        ("none", ()),
    ],
)
def test_levels_of_patent_classes(symbol: str, expected: tuple[str, ...]) -> None:
    assert levels(symbol) == expected


def test_search_keeps_the_order_of_scores(tables: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    index = index_of(table_features(tables[1]))
    asked = queries_of(table_features(tables[0]), index, STANDARD, whole(tables[0], "none"))
    hits = search(index, asked, whole(tables[1], "trl"), 0.0, 30)
    assert (np.diff(hits.score, axis=1)[hits.document[:, 1:] >= 0] <= 0).all()
