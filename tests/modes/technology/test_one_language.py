"""Within one language, by texts alone, the ranker beside plain BM25 and character n-grams."""

from typing import get_args

import numpy as np
import polars as pl
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from yanzhen.modes.technology.evaluation import Half, Rank, graded_set, ndcg_of, plain_bm25
from yanzhen.modes.technology.relevance import rank


def by_texts(queries: pl.DataFrame, documents: pl.DataFrame, top: int) -> pl.DataFrame:
    return rank(
        queries.select("query", "title", "text"), documents.select("document", "title", "text"), top
    )


def by_characters(queries: pl.DataFrame, documents: pl.DataFrame, top: int) -> pl.DataFrame:
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
    text = pl.concat_str("title", "text", separator=" ", ignore_nulls=True)
    known = vectors.fit_transform(documents.select(text).to_series().to_list())
    score = (vectors.transform(queries.select(text).to_series().to_list()) @ known.T).toarray()
    order = np.argsort(-score, axis=1, kind="stable")[:, :top]
    row, place = (each.ravel() for each in np.indices(order.shape))
    return pl.DataFrame(
        {
            "query": queries["query"].gather(row),
            "document": documents["document"].gather(order.ravel()),
            "rank": place + 1,
            "score": score[row, order.ravel()],
        }
    )


@pytest.mark.parametrize("half", get_args(Half))
@pytest.mark.parametrize("other", [plain_bm25, by_characters])
def test_not_worse_than_plain_rankings_by_more_than_one_need(half: Half, other: Rank) -> None:
    graded = graded_set(half)
    ours = ndcg_of(by_texts, graded, "same")["ndcg"]
    theirs = ndcg_of(other, graded, "same")["ndcg"]
    assert ours.sum() >= theirs.sum() - 1.0
    assert theirs.mean() > 0.5
