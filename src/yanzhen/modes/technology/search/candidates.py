"""Pairs of achievement and partner that are worth a look, with the relevance of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.modes.technology.search.evidence import evidence
from yanzhen.modes.technology.search.feedback import moved
from yanzhen.modes.technology.search.index import Index, index_of
from yanzhen.modes.technology.search.relevance import (
    Weights,
    known_share,
    queries_of,
    table_features,
    whole,
)
from yanzhen.modes.technology.search.search import Queries, search
from yanzhen.modes.technology.text.features import CLASS, Features

ALL_PAIRS = 200_000
"""Pairs up to which every one is a candidate."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Compared:
    """Texts of both sides, compared.

    Attributes
    ----------
    achievement, partner : (n,) rows of the candidate pairs, sorted by achievement, then partner
    relevance : (n,) zero where they share nothing
    evidence : (n,) of `evidence`
    index : of the side that was searched
    queries : of the side that asked
    achievements_ask : whether achievements were the queries and partners the documents
    silent : rows of the asking side and of the searched side whose texts hold nothing that can be
        compared
    """

    achievement: Rows
    partner: Rows
    relevance: NDArray[np.float64]
    evidence: NDArray[np.float64]
    index: Index
    queries: Queries
    achievements_ask: bool
    silent: tuple[Rows, Rows]


def compared(
    achievements: pl.DataFrame,
    partners: pl.DataFrame,
    achievements_ask: bool,
    most: int,
    weights: Weights,
    judged: tuple[Rows, Rows, NDArray[np.bool_]],
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Compared:
    """Compare achievements with partners.

    Relevance is that of `relevance.rank` without maturity, its text part times the root of the
    share of the asking text that the other side has at all: a text of which little is known
    anywhere must not match fully by the one word that is. That does not change the order of the
    texts that it is compared with.

    Parameters
    ----------
    achievements, partners : title, text, ipc, industry, and trl or stage_low
    achievements_ask : who asks: the achievements, each for its best partners, or the partners
    most : candidates of each that asks, where not every pair is one
    weights : of relevance; maturity is left to the terms of a match
    judged : achievement, partner and whether accepted, of pairs that users judged
    threads : threads to use; the result does not depend on it
    progress : told the share of queries done
    """
    sides = (achievements, partners) if achievements_ask else (partners, achievements)
    asking, searched = (table_features(side, threads) for side in sides)
    index = index_of(searched, weights.k1, weights.b)
    queries = _scaled(
        queries_of(asking, index, weights, whole(sides[0], "none")),
        known_share(asking, index, weights),
    )
    query, document = judged[:2] if achievements_ask else judged[1::-1]
    queries = moved(queries, index, query, document, judged[2])
    every = achievements.height * partners.height <= ALL_PAIRS
    limit = sides[1].height if every else most
    hits = search(index, queries, whole(sides[1], "none"), 0.0, limit, threads, progress)
    there = hits.document >= 0
    row, value = np.nonzero(there)[0], hits.score[there].astype(np.float64)
    column = hits.document[there].astype(np.int64)
    if every:
        relevance = np.zeros((sides[0].height, sides[1].height))
        relevance[row, column] = value
        row, column = (each.ravel() for each in np.indices(relevance.shape))
        value = relevance.ravel()
    achievement, partner = (row, column) if achievements_ask else (column, row)
    order = np.lexsort((partner, achievement))
    shared = evidence(index, queries, asking.language, row, column)
    return Compared(
        achievement[order],
        partner[order],
        value[order],
        shared[order],
        index,
        queries,
        achievements_ask,
        (_silent(asking), _silent(searched)),
    )


def _scaled(queries: Queries, known: NDArray[np.floating]) -> Queries:
    """Queries whose text part counts as far as the other side knows the text at all."""
    scale = queries.scale.copy()
    scale[:, :, :CLASS] *= np.sqrt(known)[:, None, None]
    return replace(queries, scale=scale)


def _silent(features: Features) -> Rows:
    row = np.repeat(np.arange(features.language.size), np.diff(features.start))
    texts = np.bincount(row[features.channel < CLASS], minlength=features.language.size)
    return np.flatnonzero(texts == 0)
