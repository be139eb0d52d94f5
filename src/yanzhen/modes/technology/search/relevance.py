"""Relevance of documents to queries: text in Chinese and English, classes, industry, maturity.

    score = s_l Σ_f u_fl w_f + Σ_c u_c w_c − λ max(0, TRL asked − TRL)

over shared text features f (words, character n-grams, terms of the bilingual table) and shared
classes and industries c, with the BM25 weights w of the document (`index`). Query weights are
u_fl = λ_channel,l · (k₃ + 1) n / (k₃ + n); terms weigh less for a document in the query's own
language l, where they repeat words that are shared already. The scale s_l makes scores of different
queries alike: it is one over the most that the text can reach, counting for a document in language
l only the part of the query that can be carried over to it,

    1 / s_l = (Σ_f u_fl idf_f)^(1 − γ) · (Σ_f u_fl idf_f · spread_fl)^γ,

where the second sum is taken as at least the first over `most_raised`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.modes.technology.search.index import K1, LANGUAGES, B, Index, found, index_of
from yanzhen.modes.technology.search.search import Queries, search
from yanzhen.modes.technology.text.classes import with_structure
from yanzhen.modes.technology.text.features import CHANNELS, CLASS, INDUSTRY, Features, features_of


@dataclass(frozen=True)
class Weights:
    """How much each part of relevance counts.

    Attributes
    ----------
    word, ngram, term : of shared words, character n-grams and terms of the bilingual table
    term_within : of terms shared by texts of one language, which mostly repeat the words
    ipc : of all patent classes of the query shared
    industry : of the same industry
    maturity : lost for each level of maturity that is lacking
    carried : γ, how far a document in another language is judged only on what can be carried over
    most_raised : most by which that raises its score
    repeated : k₃ of the query's counts
    k1, b : of BM25
    """

    word: float = 1.0
    ngram: float = 0.05
    term: float = 2.0
    term_within: float = 1.0
    ipc: float = 0.2
    industry: float = 0.05
    maturity: float = 0.01
    carried: float = 0.85
    most_raised: float = 3.0
    repeated: float = 2.0
    k1: float = K1
    b: float = B

    @property
    def by_channel(self) -> NDArray[np.float32]:
        """(2, 5) weights of the channels in another language and in the query's own."""
        return np.array(
            [
                (self.word, self.ngram, term, self.ipc, self.industry)
                for term in (self.term, self.term_within)
            ],
            np.float32,
        )


STANDARD = Weights()
ENTRIES_AT_A_TIME = 1 << 22
"""Features of asking texts that are weighed together, in double precision."""


def rank(
    queries: pl.DataFrame,
    documents: pl.DataFrame,
    top: int,
    weights: Weights = STANDARD,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> pl.DataFrame:
    """Rank documents by relevance to each query.

    Parameters
    ----------
    queries : query, and any of title, text, ipc, industry, trl_low
    documents : document, and any of title, text, ipc, industry, trl
    top : documents for each query
    weights : of the parts
    threads : threads to use; the result does not depend on it
    progress : told the share of queries done

    Returns
    -------
    query, document, rank (from 1), score; nothing for a query that shares nothing
    """
    index = index_of(table_features(documents, threads), weights.k1, weights.b)
    asked = queries_of(table_features(queries, threads), index, weights, whole(queries, "trl_low"))
    hits = search(index, asked, whole(documents, "trl"), weights.maturity, top, threads, progress)
    row, place = np.nonzero(hits.document >= 0)
    return pl.DataFrame(
        {
            "query": queries["query"].gather(row),
            "document": documents["document"].gather(hits.document[row, place]),
            "rank": (place + 1).astype(np.int64),
            "score": hits.score[row, place].astype(np.float64),
        }
    )


def table_features(table: pl.DataFrame, threads: int | None = None) -> Features:
    """Features of the rows of a table with any of title, text, ipc, industry."""
    texts = features_of(cells(table, "title"), cells(table, "text"), threads)
    return with_structure(texts, cells(table, "ipc"), cells(table, "industry"))


def cells(table: pl.DataFrame, column: str) -> list[str | None]:
    """Cells of a column of texts, all missing where there is no such column."""
    return table[column].to_list() if column in table.columns else [None] * table.height


def whole(table: pl.DataFrame, column: str) -> NDArray[np.int8]:
    """Whole numbers of a column, 0 where missing."""
    if column not in table.columns:
        return np.zeros(table.height, np.int8)
    return table[column].cast(pl.Int8).fill_null(0).to_numpy()


def queries_of(
    features: Features, index: Index, weights: Weights, least_trl: NDArray[np.int8]
) -> Queries:
    """Weigh the features of queries for an index.

    Parameters
    ----------
    features : of the queries
    index : of the documents
    weights : of the parts
    least_trl : (Q,) maturity asked for, 0 for none
    """
    numbers, owns, scales = zip(
        *(_weighed(part, index, weights) for part in _parts(features)), strict=True
    )
    return Queries(
        features.start,
        np.concatenate(numbers),
        np.concatenate(owns),
        np.concatenate(scales),
        least_trl,
    )


def _parts(features: Features) -> Iterator[Features]:
    """Rows of features in parts of about `ENTRIES_AT_A_TIME`, at least one part."""
    first = 0
    while True:
        most = features.start[first] + ENTRIES_AT_A_TIME
        last = int(np.searchsorted(features.start, most, side="right")) - 1
        last = min(max(last, first + 1), features.language.size)
        entries = slice(features.start[first], features.start[last])
        yield Features(
            features.start[first : last + 1] - features.start[first],
            features.key[entries],
            features.channel[entries],
            features.count[entries],
            features.language[first:last],
        )
        if last >= features.language.size:
            return
        first = last


def _weighed(
    features: Features, index: Index, weights: Weights
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
    """Number and weight of each feature, and the scales of each query."""
    number = found(features.key, index.keys, index.number)
    known = number >= 0
    row = np.repeat(np.arange(features.language.size), np.diff(features.start))
    own = _repeated(features.count, weights)
    idf = np.where(known, index.idf[number], 0) if index.idf.size else np.zeros(number.size)
    mass = own * idf * (features.channel < CLASS)
    scale = np.ones((features.language.size, LANGUAGES, len(CHANNELS)), dtype=np.float32)
    for language in range(LANGUAGES):
        by_channel = weights.by_channel[(features.language == language).astype(np.int64)]
        there = mass * by_channel[row, features.channel]
        spread = index.spread[number, language] if index.idf.size else np.zeros(number.size)
        full = _sums(row, there, features.language.size)
        carried = _sums(row, there * spread, features.language.size)
        carried = np.maximum(carried, full / weights.most_raised)
        most = full ** (1 - weights.carried) * carried**weights.carried
        text = np.divide(1.0, most, out=np.zeros(most.size), where=most > 0)
        scale[:, language, :CLASS] = text[:, None] * by_channel[:, :CLASS]
        scale[:, language, CLASS:] = by_channel[:, CLASS:]
    for channel in (CLASS, INDUSTRY):
        coded = features.channel == channel
        most = _sums(row, idf * coded, features.language.size)[row]
        share = np.divide(1.0, most, out=np.zeros(most.size), where=most > 0)
        own = np.where(coded, share, own)
    return number, own.astype(np.float32), scale


def known_share(features: Features, index: Index, weights: Weights) -> NDArray[np.float64]:
    """(Q,) share of the weight of each query's text features that any document has.

    A feature that no document has weighs as one of the rarest.
    """
    return np.concatenate([_known(part, index, weights) for part in _parts(features)])


def _known(features: Features, index: Index, weights: Weights) -> NDArray[np.float64]:
    number = found(features.key, index.keys, index.number)
    known = number >= 0
    rarest = np.log1p((index.documents + 0.5) / 0.5)
    idf = np.where(known, index.idf[number], rarest) if index.idf.size else rarest
    by_channel = weights.by_channel[1, features.channel]
    mass = _repeated(features.count, weights) * by_channel * idf * (features.channel < CLASS)
    row = np.repeat(np.arange(features.language.size), np.diff(features.start))
    there = _sums(row, mass * known, features.language.size)
    full = _sums(row, mass, features.language.size)
    return np.divide(there, full, out=np.zeros_like(full), where=full > 0)


def _repeated(count: NDArray[np.float32], weights: Weights) -> NDArray[np.float32]:
    """Weight of features that a query has so often."""
    return (weights.repeated + 1) * count / (weights.repeated + count)


def _sums(row: NDArray[np.int64], values: NDArray[np.floating], rows: int) -> NDArray[np.float64]:
    sums: NDArray[np.float64] = np.bincount(row, values, rows).astype(np.float64)
    return sums
