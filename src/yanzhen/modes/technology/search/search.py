"""The best documents for each query, found exactly without reading all that they share with it.

Documents are taken in lots that fit the processor's cache. In each lot a query's features are read
in the order of the most that they can add for an entry read. What the features not yet read can add
at most is known; once it is less than the least score of the best so far, a document whose sum lies
further below cannot enter (the upper bounds of Turtle and Flood 1995). As soon as scoring the
documents that are left in full takes less than reading on, that is done.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.modes.technology.search.index import LANGUAGES, Index

DOCUMENTS_AT_A_TIME = 16_384
FEW = 256
QUERIES_AT_A_TIME = 512
FULL_SCORE = 1600
"""What scoring a document in full takes, in entries of the index that could be read meanwhile."""
FRESH = 0.5
"""Entries for each document to read before looking again which documents are left."""
ROUNDING = np.float32(1e-4)
"""Held back in comparisons, since sums over a lot are added in another order than scores."""

Floats32 = NDArray[np.float32]


@dataclass(frozen=True)
class Queries:
    """Weighted features of queries.

    Attributes
    ----------
    start : (Q + 1,)
    feature : numbers of the index, −1 for one that no document has
    weight : what the feature's document weight is multiplied with, not negative
    scale : (Q, 2, 5) what the sum over the features of a channel is multiplied with, by language
        of the document, not negative
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
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Hits:
    """Find the documents with the highest score for each query, of equal ones the earlier.

    Parameters
    ----------
    index : the documents
    queries : weighted features
    trl : (N,) maturity of each document, 0 where it is not known
    maturity_penalty : score lost for each level that a document lacks, not negative
    top : documents for each query
    threads : threads to use; the result does not depend on it
    progress : told the share of queries done
    """
    count = queries.start.size - 1
    document = np.full((count, top), -1, dtype=np.int32)
    score = np.zeros((count, top), dtype=np.float32)
    firsts = range(0, count, QUERIES_AT_A_TIME)

    def one_chunk(first: int) -> None:
        _search(
            (index.channel, index.most, index.language),
            (index.start, index.feature, index.weight),
            (index.feature_start, index.entries),
            (queries.start, queries.feature, queries.weight, queries.scale, queries.least_trl),
            trl,
            np.float32(maturity_penalty),
            first,
            min(first + QUERIES_AT_A_TIME, count),
            document,
            score,
        )

    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        for done, _ in enumerate(pool.map(one_chunk, firsts), start=1):
            if progress is not None:
                progress(done / len(firsts))
    return Hits(document, score)


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True, nogil=True)
def _search(  # type: ignore[no-untyped-def]
    about, by_document, by_feature, queries, trl, penalty, first, last, document_out, score_out
):
    channel, most, language = about
    feature_start = by_feature[0]
    query_start, query_feature, query_weight, scale, least_trl = queries
    documents = language.size
    sums = np.zeros(min(DOCUMENTS_AT_A_TIME, documents), np.float32)
    own_weight = np.zeros(most.size, np.float32)
    heap_score = np.empty(min(document_out.shape[1], documents), np.float32)
    heap_row = np.empty(heap_score.size, np.int32)
    for q in range(first, last):
        own = slice(query_start[q], query_start[q + 1])
        order, asked_weight, rest, entries = _reading_order(
            query_feature[own], query_weight[own], channel, most, feature_start, scale[q]
        )
        asked = query_feature[own][order]
        own_weight[asked] = query_weight[own][order]
        place = feature_start[asked]
        held = 0
        for lot in range(0, documents, DOCUMENTS_AT_A_TIME):
            spoken = language[lot : lot + DOCUMENTS_AT_A_TIME]
            least = _least(heap_score, held)
            unread = _read_lot(
                (asked, asked_weight, rest, entries),
                by_feature,
                place,
                lot,
                spoken,
                documents,
                least,
                sums,
            )
            left = rest[:, unread]
            for few in range(0, spoken.size, FEW):
                some = slice(few, min(few + FEW, spoken.size))
                if _possible(sums[some], spoken[some], left, least) == 0:
                    continue
                for k in range(some.start, some.stop):
                    d, value = lot + k, sums[k]
                    lost = penalty * max(least_trl[q] - trl[d], 0) if trl[d] > 0 else np.float32(0)
                    if value <= 0 or value + left[spoken[k]] - lost <= least:
                        continue
                    score = _score(d, by_document, own_weight, channel, scale[q, spoken[k]]) - lost
                    if held < heap_score.size:
                        heap_score[held], heap_row[held] = score, d
                        held += 1
                        _sift_up(heap_score, heap_row, held - 1)
                    elif _before(heap_score[0], heap_row[0], score, d):
                        heap_score[0], heap_row[0] = score, d
                        _sift_down(heap_score, heap_row, held)
                    least = _least(heap_score, held)
            sums[:] = 0
        own_weight[asked] = 0
        _write_best(heap_score[:held], heap_row[:held], document_out[q], score_out[q])


@njit(cache=True)
def _read_lot(query, by_feature, place, lot, language, documents, least, sums):  # type: ignore[no-untyped-def]
    """Add up a lot's documents feature by feature; returns the first feature not read.

    Reading ends early once scoring the documents that may still be above the least takes less.
    """
    asked, weight, rest, entries = query
    feature_start, posted = by_feature
    share = language.size / documents
    looked = 0
    for k in range(asked.size):
        fresh = (entries[looked] - entries[k]) * share
        if fresh >= FRESH * language.size and max(rest[0, k], rest[1, k]) < least:
            looked = k
            left = _possible(sums, language, rest[:, k], least)
            if left * FULL_SCORE < entries[k] * share:
                return k
        end = feature_start[asked[k] + 1]
        place[k] = _add(sums, lot, language, weight[:, k], posted, place[k], end)
    return asked.size


@njit(cache=True)
def _reading_order(feature, own, channel, most, feature_start, scale):  # type: ignore[no-untyped-def]
    """Places of the features that count, in the order in which they are read.

    Also, by language of the document, their weights and what all from each place of the order on
    can add at most; and how many entries they have.
    """
    used = np.flatnonzero((feature >= 0) & (own > 0))
    weight = np.empty((LANGUAGES, used.size), np.float32)
    bound = np.empty((used.size, LANGUAGES))
    size = np.empty(used.size)
    for k, place in enumerate(used):
        f = feature[place]
        size[k] = feature_start[f + 1] - feature_start[f]
        for spoken in range(LANGUAGES):
            weight[spoken, k] = own[place] * scale[spoken, channel[f]]
            bound[k, spoken] = weight[spoken, k] * most[f]
    turn = np.argsort(-np.maximum(bound[:, 0], bound[:, 1]) / size, kind="mergesort")
    rest = np.zeros((LANGUAGES, used.size + 1))
    entries = np.zeros(used.size + 1)
    for k in range(used.size - 1, -1, -1):
        entries[k] = entries[k + 1] + size[turn[k]]
        for spoken in range(LANGUAGES):
            rest[spoken, k] = rest[spoken, k + 1] + bound[turn[k], spoken]
    return used[turn], weight[:, turn], rest.astype(np.float32), entries


@njit(cache=True)
def _add(into, first, language, own, posted, place, end):  # type: ignore[no-untyped-def]
    """Add a feature's entries for a lot of documents from first on; returns where they end."""
    last = first + language.size
    here, there = own[0], own[1]
    if place < end and posted[place].document < first:
        place = entry_of(posted, place, end, first)
    while place < end and posted[place].document < last:
        d = posted[place].document - first
        into[d] += (there if language[d] else here) * posted[place].weight
        place += 1
    return place


@njit(cache=True)
def entry_of(posted, place, end, document):  # type: ignore[no-untyped-def]
    """First entry of a document or of one after it, sought in steps that double."""
    step = 1
    while place + step < end and posted[place + step].document < document:
        place += step
        step *= 2
    end = min(place + step, end)
    while place < end:
        middle = (place + end) // 2
        if posted[middle].document < document:
            place = middle + 1
        else:
            end = middle
    return place


@njit(cache=True)
def _possible(sums, language, rest, least):  # type: ignore[no-untyped-def]
    """Number of documents whose score may still be above the least."""
    count = 0
    for d in range(language.size):
        count += sums[d] > least - (rest[1] if language[d] else rest[0])
    return count


@njit(cache=True)
def _score(d, by_document, own_weight, channel, scale):  # type: ignore[no-untyped-def]
    start, feature, weight = by_document
    score = np.float32(0.0)
    for k in range(start[d], start[d + 1]):
        own = own_weight[feature[k]]
        if own != 0:
            score += own * scale[channel[feature[k]]] * weight[k]
    return score


@njit(cache=True, inline="always")
def _least(score, held):  # type: ignore[no-untyped-def]
    """Partial sum up to which a document cannot enter."""
    return score[0] - ROUNDING if held == score.size else np.float32(-np.inf)


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
    """Take the worst that is left from the heap again and again, and write it behind the others."""
    for last in range(row.size - 1, -1, -1):
        row_out[last], score_out[last] = row[0], score[0]
        score[0], row[0] = score[last], row[last]
        _sift_down(score, row, last)
