"""The index of documents: BM25 weights of their features, by document and by feature."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.modes.technology.text.features import CHANNELS, CLASS, Features
from yanzhen.modes.technology.text.hash_table import Hashes, empty_keys, slot_of

K1 = 1.2
B = 0.6
LANGUAGES = 2
FEATURES_AT_FIRST = 10_000
ENTRY = np.dtype([("document", np.int32), ("weight", np.float32)])


@dataclass(frozen=True)
class Index:
    """Documents ready for search.

    Attributes
    ----------
    keys, number : places by hash of a feature, and the feature's number
    channel : (F,) of `CHANNELS`
    idf : (F,) log(1 + (N − df + ½) / (df + ½))
    spread : (F, 2) how common a feature is in each language as a share of how common it is in all
        documents, one at most
    start, feature, weight : features of each document, row after row, numbers ascending, with
        idf · tf / (tf + k₁ (1 − b + b · length / mean length)) of its channel, and idf for classes
        and industries, which do not repeat
    feature_start, entries : the same by feature, documents ascending
    most : (F,) largest weight of each feature in any document
    language : (N,) of each document
    """

    keys: Hashes
    number: NDArray[np.int32]
    channel: NDArray[np.uint8]
    idf: NDArray[np.float32]
    spread: NDArray[np.float32]
    start: NDArray[np.int64]
    feature: NDArray[np.int32]
    weight: NDArray[np.float32]
    feature_start: NDArray[np.int64]
    entries: NDArray[np.void]
    most: NDArray[np.float32]
    language: NDArray[np.uint8]

    @property
    def documents(self) -> int:
        """Number of documents."""
        return self.language.size


def index_of(features: Features, k1: float = K1, b: float = B) -> Index:
    """Index documents by their features (Robertson and Zaragoza 2009, section 3.4).

    Parameters
    ----------
    features : of the documents
    k1, b : saturation of counts, and how much a long document is held against it
    """
    keys, number, feature, channel = _numbered(
        features.key, features.channel, empty_keys(FEATURES_AT_FIRST)
    )
    documents = features.language.size
    length, by_language = _counted(
        features.start, feature, channel, features.count, features.language
    )
    frequency = by_language.sum(axis=1)
    idf = np.log1p((documents - frequency + 0.5) / (frequency + 0.5))
    mean = length.sum(axis=0) / np.maximum((length > 0).sum(axis=0), 1)
    weight = _weighed(features.start, feature, channel, features.count, length, mean, idf, k1, b)
    entries = np.empty(feature.size, ENTRY)
    feature_start, most = _by_feature(features.start, feature, weight, channel.size, entries)
    return Index(
        keys,
        number,
        channel,
        idf.astype(np.float32),
        _spread(features.language, by_language),
        features.start,
        feature,
        weight,
        feature_start,
        entries,
        most,
        features.language,
    )


def _spread(language: NDArray[np.uint8], by_language: NDArray[np.float64]) -> NDArray[np.float32]:
    documents = np.bincount(language, minlength=LANGUAGES).astype(np.float64)
    frequency = by_language.sum(axis=1, keepdims=True)
    share = by_language / np.maximum(documents, 1.0) * language.size / frequency
    spread: NDArray[np.float32] = np.minimum(share, 1.0).astype(np.float32)
    return spread


@njit(cache=True)
def _numbered(keys, channels, table):  # type: ignore[no-untyped-def]
    """Number features in the order of their first appearance; the table grows with them."""
    number = np.full(table.size, -1, np.int32)
    feature = np.empty(keys.size, np.int32)
    channel = np.empty(keys.size, np.uint8)
    known = 0
    for k in range(keys.size):
        slot = slot_of(table, keys[k])
        if table[slot] == 0:
            if 2 * (known + 1) > table.size:
                table, number = _grown(table, number)
                slot = slot_of(table, keys[k])
            table[slot] = keys[k]
            number[slot] = known
            channel[known] = channels[k]
            known += 1
        feature[k] = number[slot]
    return table, number, feature, channel[:known].copy()


@njit(cache=True)
def _grown(table, number):  # type: ignore[no-untyped-def]
    """A table of twice the size with the same entries."""
    larger = np.zeros(2 * table.size, np.uint64)
    numbers = np.full(2 * table.size, -1, np.int32)
    for slot in range(table.size):
        if table[slot] != 0:
            place = slot_of(larger, table[slot])
            larger[place] = table[slot]
            numbers[place] = number[slot]
    return larger, numbers


@njit(cache=True)
def _counted(start, feature, channel, count, language):  # type: ignore[no-untyped-def]
    """Length of each document by channel, and documents of each feature by language."""
    length = np.zeros((start.size - 1, len(CHANNELS)))
    by_language = np.zeros((channel.size, LANGUAGES))
    for d in range(start.size - 1):
        for k in range(start[d], start[d + 1]):
            f = feature[k]
            length[d, channel[f]] += count[k]
            by_language[f, language[d]] += 1.0
    return length, by_language


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True)
def _weighed(start, feature, channel, count, length, mean, idf, k1, b):  # type: ignore[no-untyped-def]
    """BM25 weight of each feature of each document, idf alone for classes and industries."""
    weight = np.empty(feature.size, np.float32)
    for d in range(start.size - 1):
        for k in range(start[d], start[d + 1]):
            c = channel[feature[k]]
            times = np.float64(count[k])
            saturated = 1.0
            if c < CLASS:
                relative = length[d, c] / mean[c]
                saturated = times / (times + k1 * (1 - b + b * relative))
            weight[k] = idf[feature[k]] * saturated
    return weight


@njit(cache=True)
def _by_feature(start, feature, weight, features, entries):  # type: ignore[no-untyped-def]
    """Write the entries; returns where each feature's begin, and the largest weight of each."""
    begin = np.zeros(features + 1, np.int64)
    for f in feature:
        begin[f + 1] += 1
    begin = np.cumsum(begin)
    place = begin[:-1].copy()
    most = np.zeros(features, np.float32)
    for d in range(start.size - 1):
        for k in range(start[d], start[d + 1]):
            f = feature[k]
            entries[place[f]].document = d
            entries[place[f]].weight = weight[k]
            most[f] = max(most[f], weight[k])
            place[f] += 1
    return begin, most


@njit(cache=True)
def found(keys, table, number):  # type: ignore[no-untyped-def]
    """Numbers of features, −1 for one that no document has."""
    feature = np.empty(keys.size, np.int32)
    for k in range(keys.size):
        feature[k] = number[slot_of(table, keys[k])]
    return feature
