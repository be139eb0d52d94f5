"""The best documents for each query: candidates by their rarest shared features, then all of them.

Blocking. A query's features are taken in the order of what they can add, and the documents that
have them are counted up until `postings` of them are read; the best by that partial sum are the
candidates. Each candidate is then scored in full. With `postings` above all there are, the search
is exhaustive.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.modes.technology.index import Index

FEWEST_POSTINGS = 200_000
POSTINGS_A_DOCUMENT = 4
CANDIDATES_AN_ANSWER = 10
FEWEST_CANDIDATES = 100
QUERIES_AT_A_TIME = 512

Floats32 = NDArray[np.float32]


@dataclass(frozen=True)
class Queries:
    """Weighted features of queries.

    Attributes
    ----------
    start : (Q + 1,)
    feature : numbers of the index, −1 for one that no document has
    weight : what the feature's document weight is multiplied with
    scale : (Q, 2) what the sum over text features is multiplied with, by language of the document
    least_trl : (Q,) maturity asked for, 0 for none
    """

    start: NDArray[np.int64]
    feature: NDArray[np.int32]
    weight: Floats32
    scale: Floats32
    least_trl: NDArray[np.int8]


@dataclass(frozen=True)
class Hits:
    """Best documents of each query.

    Attributes
    ----------
    document : (Q, top) rows of the documents, best first, −1 where there are no more
    score : (Q, top)
    """

    document: NDArray[np.int32]
    score: Floats32


def search(
    index: Index,
    queries: Queries,
    trl: NDArray[np.int8],
    maturity_penalty: float,
    top: int,
    postings: int | None = None,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Hits:
    """Find the documents with the highest score for each query.

    Parameters
    ----------
    index : the documents
    queries : weighted features
    trl : (N,) maturity of each document, 0 where it is not known
    maturity_penalty : score lost for each level that a document lacks
    top : documents for each query
    postings : entries of the index read for each query to find candidates; without it,
        `POSTINGS_A_DOCUMENT` times the documents, `FEWEST_POSTINGS` at least
    threads : threads to use; the result does not depend on it
    progress : told the share of queries done
    """
    count = queries.start.size - 1
    document = np.full((count, top), -1, dtype=np.int32)
    score = np.zeros((count, top), dtype=np.float32)
    candidates = max(FEWEST_CANDIDATES, CANDIDATES_AN_ANSWER * top)
    fair = max(FEWEST_POSTINGS, POSTINGS_A_DOCUMENT * index.documents)
    most = fair if postings is None else postings
    firsts = range(0, count, QUERIES_AT_A_TIME)

    def one_chunk(first: int) -> None:
        last = min(first + QUERIES_AT_A_TIME, count)
        _search(
            (index.channel, index.idf, index.language),
            (index.start, index.feature, index.weight),
            (index.feature_start, index.document, index.feature_weight),
            (queries.start, queries.feature, queries.weight, queries.scale, queries.least_trl),
            trl,
            np.float32(maturity_penalty),
            first,
            last,
            most,
            min(candidates, index.documents),
            document,
            score,
        )

    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        for done, _ in enumerate(pool.map(one_chunk, firsts), start=1):
            if progress is not None:
                progress(done / len(firsts))
    return Hits(document, score)


@njit(cache=True, nogil=True)
def _search(  # type: ignore[no-untyped-def]
    about,
    by_document,
    by_feature,
    queries,
    trl,
    penalty,
    first,
    last,
    postings,
    candidates,
    documents_out,
    score_out,
):
    channel, idf, language = about
    start, feature, weight = by_document
    feature_start, posted, posted_weight = by_feature
    query_start, query_feature, query_weight, scale, least_trl = queries
    partial = np.zeros((language.size, 2), np.float32)
    seen = np.empty(language.size, np.int32)
    own_weight = np.zeros(idf.size, np.float32)
    heap_score = np.empty(candidates, np.float32)
    heap_row = np.empty(candidates, np.int32)
    for q in range(first, last):
        begin, end = query_start[q], query_start[q + 1]
        worth = np.empty(end - begin, np.float32)
        for k in range(begin, end):
            f = query_feature[k]
            worth[k - begin] = -query_weight[k] * idf[f] if f >= 0 else np.float32(0.0)
            if f >= 0:
                own_weight[f] = query_weight[k]
        touched = 0
        read = 0
        for place in np.argsort(worth, kind="mergesort"):
            f = query_feature[begin + place]
            if f < 0 or query_weight[begin + place] <= 0:
                continue
            size = feature_start[f + 1] - feature_start[f]
            if read > 0 and read + size > postings:
                continue
            read += size
            own = query_weight[begin + place]
            structured = np.int64(channel[f] >= 3)
            for k in range(feature_start[f], feature_start[f + 1]):
                d = posted[k]
                if partial[d, 0] == 0 and partial[d, 1] == 0:
                    seen[touched] = d
                    touched += 1
                partial[d, structured] += own * posted_weight[k]
        held = 0
        for t in range(touched):
            d = seen[t]
            value = partial[d, 0] * scale[q, language[d]] + partial[d, 1]
            partial[d, 0] = 0
            partial[d, 1] = 0
            if held < candidates:
                heap_score[held], heap_row[held] = value, d
                held += 1
                _sift_up(heap_score, heap_row, held - 1)
            elif _before(heap_score[0], heap_row[0], value, d):
                heap_score[0], heap_row[0] = value, d
                _sift_down(heap_score, heap_row, held)
        for c in range(held):
            d = heap_row[c]
            text = structured_sum = np.float32(0.0)
            for k in range(start[d], start[d + 1]):
                own = own_weight[feature[k]]
                if own != 0:
                    if channel[feature[k]] >= 3:
                        structured_sum += own * weight[k]
                    else:
                        text += own * weight[k]
            lacking = max(least_trl[q] - trl[d], 0) if trl[d] > 0 else 0
            heap_score[c] = text * scale[q, language[d]] + structured_sum - penalty * lacking
        for k in range(begin, end):
            if query_feature[k] >= 0:
                own_weight[query_feature[k]] = 0
        _write_best(heap_score[:held], heap_row[:held], documents_out[q], score_out[q])


@njit(cache=True, inline="always")
def _before(score, row, other_score, other_row):  # type: ignore[no-untyped-def]
    """Whether one hit ranks below another: a lower score, or the same and a later row."""
    return score < other_score or (score == other_score and row > other_row)


@njit(cache=True)
def _sift_up(score, row, k):  # type: ignore[no-untyped-def]
    while k > 0:
        parent = (k - 1) // 2
        if not _before(score[k], row[k], score[parent], row[parent]):
            break
        score[k], score[parent] = score[parent], score[k]
        row[k], row[parent] = row[parent], row[k]
        k = parent


@njit(cache=True)
def _sift_down(score, row, size):  # type: ignore[no-untyped-def]
    k = 0
    while True:
        least = k
        for child in (2 * k + 1, 2 * k + 2):
            if child < size and _before(score[child], row[child], score[least], row[least]):
                least = child
        if least == k:
            break
        score[k], score[least] = score[least], score[k]
        row[k], row[least] = row[least], row[k]
        k = least


@njit(cache=True)
def _write_best(score, row, row_out, score_out):  # type: ignore[no-untyped-def]
    by_row = np.argsort(row)
    order = by_row[np.argsort(-score[by_row], kind="mergesort")]
    for k in range(min(order.size, row_out.size)):
        row_out[k] = row[order[k]]
        score_out[k] = score[order[k]]
