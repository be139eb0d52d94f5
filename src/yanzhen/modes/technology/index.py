"""The index of documents: BM25 weights of their features, by document and by feature."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.modes.technology.features import CHANNELS, CLASS, Features
from yanzhen.modes.technology.hashing import Hashes, empty_keys, slot_of

K1 = 1.2
B = 0.6
LANGUAGES = 2


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
    feature_start, document, feature_weight : the same by feature
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
    document: NDArray[np.int32]
    feature_weight: NDArray[np.float32]
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
    keys = empty_keys(features.key.size)
    number = np.full(keys.size, -1, dtype=np.int32)
    feature, channel = _numbered(features.key, features.channel, keys, number)
    documents = features.language.size
    row = np.repeat(np.arange(documents), np.diff(features.start))
    frequency = np.bincount(feature, minlength=channel.size).astype(np.float64)
    idf = np.log1p((documents - frequency + 0.5) / (frequency + 0.5))
    weight = idf[feature] * _saturated(features, row, documents, k1, b)
    weight32 = weight.astype(np.float32)
    feature_start, document, feature_weight = _by_feature(
        features.start, feature, weight32, channel.size
    )
    return Index(
        keys,
        number,
        channel,
        idf.astype(np.float32),
        _spread(features.language, row, feature, frequency),
        features.start,
        feature,
        weight32,
        feature_start,
        document,
        feature_weight,
        features.language,
    )


def _saturated(
    features: Features, row: NDArray[np.int64], documents: int, k1: float, b: float
) -> NDArray[np.float64]:
    count = features.count.astype(np.float64)
    slot = row * len(CHANNELS) + features.channel
    length = np.bincount(slot, weights=count, minlength=documents * len(CHANNELS))
    by_channel = length.reshape(documents, len(CHANNELS))
    mean = by_channel.sum(axis=0) / np.maximum((by_channel > 0).sum(axis=0), 1)
    relative = length[slot] / mean[features.channel]
    saturated: NDArray[np.float64] = count / (count + k1 * (1 - b + b * relative))
    return np.where(features.channel >= CLASS, 1.0, saturated)


def _spread(
    language: NDArray[np.uint8],
    row: NDArray[np.int64],
    feature: NDArray[np.int32],
    frequency: NDArray[np.float64],
) -> NDArray[np.float32]:
    documents = np.bincount(language, minlength=LANGUAGES).astype(np.float64)
    spread = np.zeros((frequency.size, LANGUAGES), dtype=np.float32)
    for code in range(LANGUAGES):
        own = np.bincount(feature[language[row] == code], minlength=frequency.size)
        share = own / max(documents[code], 1.0) * language.size / frequency
        spread[:, code] = np.minimum(share, 1.0)
    return spread


@njit(cache=True)
def _numbered(keys, channels, table, number):  # type: ignore[no-untyped-def]
    """Number features in the order of their first appearance."""
    feature = np.empty(keys.size, np.int32)
    channel = np.empty(keys.size, np.uint8)
    known = 0
    for k in range(keys.size):
        slot = slot_of(table, keys[k])
        if table[slot] == 0:
            table[slot] = keys[k]
            number[slot] = known
            channel[known] = channels[k]
            known += 1
        feature[k] = number[slot]
    return feature, channel[:known].copy()


@njit(cache=True)
def _by_feature(start, feature, weight, features):  # type: ignore[no-untyped-def]
    begin = np.zeros(features + 1, np.int64)
    for f in feature:
        begin[f + 1] += 1
    begin = np.cumsum(begin)
    place = begin[:-1].copy()
    document = np.empty(feature.size, np.int32)
    by_feature = np.empty(feature.size, np.float32)
    for d in range(start.size - 1):
        for k in range(start[d], start[d + 1]):
            f = feature[k]
            document[place[f]] = d
            by_feature[place[f]] = weight[k]
            place[f] += 1
    return begin, document, by_feature


@njit(cache=True)
def found(keys, table, number):  # type: ignore[no-untyped-def]
    """Numbers of features, −1 for one that no document has."""
    feature = np.empty(keys.size, np.int32)
    for k in range(keys.size):
        feature[k] = number[slot_of(table, keys[k])]
    return feature
