"""Chinese words by jieba's dictionary: the most probable way to cut a run, in compiled code.

The cut is that of `jieba.cut(text, HMM=False)` on Chinese characters (dynamic programming over
all words of the dictionary, ties to the longer word), so that a million texts can be cut.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from yanzhen.modes.technology.text.hash_table import (
    SEED,
    Hashes,
    codes_of,
    empty_keys,
    hashed,
    mixed,
    slot_of,
)

WORD_SALT = 11


@dataclass(frozen=True)
class Lexicon:
    """Words and the beginnings of words, by hash.

    Attributes
    ----------
    keys : places by hash
    weight : log of the share of a word, NaN for a mere beginning
    single : log of the share of a character that is no word
    """

    keys: Hashes
    weight: NDArray[np.float64]
    single: float


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The dictionary that comes with jieba."""
    path = files("jieba").joinpath("dict.txt")
    table = pl.read_csv(
        path.read_bytes(),
        separator=" ",
        has_header=False,
        new_columns=["word", "count", "tag"],
        schema_overrides={"word": pl.String, "count": pl.Int64},
        quote_char=None,
    ).unique("word", keep="last", maintain_order=True)
    count = table["count"].to_numpy().astype(np.float64)
    codes, starts = codes_of(table["word"].to_list())
    total = np.log(count.sum())
    keys = empty_keys(2 * table.height)
    weight = np.full(keys.size, np.nan)
    with np.errstate(divide="ignore"):
        _fill(keys, weight, codes, starts, np.log(count) - total)
    return Lexicon(keys, weight, -float(total))


@njit(cache=True)
def _fill(keys, weight, codes, starts, logs):  # type: ignore[no-untyped-def]
    for k in range(starts.size - 1):
        state = SEED
        for i in range(starts[k], starts[k + 1]):
            state = hashed(state, codes[i])
            key = mixed(state, WORD_SALT)
            slot = slot_of(keys, key)
            keys[slot] = key
        if np.isfinite(logs[k]):
            weight[slot] = logs[k]


@njit(cache=True)
def cut(codes, first, last, keys, weight, single, best, end):  # type: ignore[no-untyped-def]
    """Cut the run codes[first:last]; end[i - first] becomes the end of the word that begins at i.

    `best` and `end` are room for last - first + 1 numbers.
    """
    best[last - first] = 0.0
    for i in range(last - 1, first - 1, -1):
        state = SEED
        best[i - first] = -np.inf
        found = False
        for j in range(i, last):
            state = hashed(state, codes[j])
            key = mixed(state, WORD_SALT)
            slot = slot_of(keys, key)
            if keys[slot] == 0:
                break
            if not np.isnan(weight[slot]):
                found = True
                value = weight[slot] + best[j + 1 - first]
                if value >= best[i - first]:
                    best[i - first] = value
                    end[i - first] = j + 1
        if not found:
            best[i - first] = single + best[i + 1 - first]
            end[i - first] = i + 1
