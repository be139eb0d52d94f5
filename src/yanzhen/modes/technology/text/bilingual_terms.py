"""The bilingual term table: what one thing is called in Chinese and in English."""

from collections import defaultdict
from collections.abc import Iterable
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
from yanzhen.modes.technology.text.stemming import stemmed
from yanzhen.modes.technology.text.writing import plain

CHINESE_SALT, LATIN_SALT = 21, 22


@dataclass(frozen=True)
class Terms:
    """Phrases of both languages by hash, and the concepts that each stands for.

    Attributes
    ----------
    keys : places by hash of a phrase or of its beginning
    entry : entry of a whole phrase, −1 for a mere beginning
    start : (entries + 1,) where the concepts of an entry begin
    concept : row of the term table
    zh, en : (rows,) first name of each concept
    """

    keys: Hashes
    entry: NDArray[np.int32]
    start: NDArray[np.int32]
    concept: NDArray[np.int32]
    zh: tuple[str, ...]
    en: tuple[str, ...]


def term_table() -> pl.DataFrame:
    """The embedded table: zh, en (alternatives separated by ;), field.

    General terms of science and industry, written for this program without regard to any set of
    texts that it is measured on.
    """
    return pl.read_csv(files("yanzhen.modes.technology.text").joinpath("terms.csv").read_bytes())


@lru_cache(maxsize=1)
def embedded_terms() -> Terms:
    """The embedded table, ready for the search in texts."""
    return terms_of(term_table())


def terms_of(table: pl.DataFrame) -> Terms:
    """Make a table of terms ready for the search in texts.

    Parameters
    ----------
    table : zh, en (alternatives separated by ;)
    """
    chinese: defaultdict[str, list[int]] = defaultdict(list)
    latin: defaultdict[str, list[int]] = defaultdict(list)
    for row, (zh, en) in enumerate(table.select("zh", "en").iter_rows()):
        for phrase in _phrases(zh):
            chinese[phrase].append(row)
        for phrase in _phrases(en):
            stems = " ".join(map(stemmed, phrase.split()))
            if row not in latin[stems]:
                latin[stems].append(row)
    phrases = [*chinese, *latin]
    codes, starts = codes_of(phrases)
    salt = np.repeat([CHINESE_SALT, LATIN_SALT], [len(chinese), len(latin)])
    keys = empty_keys(codes.size)
    entry = np.full(keys.size, -1, dtype=np.int32)
    _fill(keys, entry, codes, starts, salt)
    concepts = [*chinese.values(), *latin.values()]
    return Terms(
        keys,
        entry,
        np.cumsum([0, *map(len, concepts)]).astype(np.int32),
        np.concatenate(concepts).astype(np.int32),
        tuple(zh.split(";")[0] for zh in table["zh"]),
        tuple(en.split(";")[0] for en in table["en"]),
    )


def _phrases(cell: str) -> Iterable[str]:
    return dict.fromkeys(plain(phrase).strip() for phrase in cell.split(";"))


@njit(cache=True)
def _fill(keys, entry, codes, starts, salt):  # type: ignore[no-untyped-def]
    for k in range(starts.size - 1):
        state = SEED
        for i in range(starts[k], starts[k + 1]):
            state = hashed(state, codes[i])
            key = mixed(state, salt[k])
            slot = slot_of(keys, key)
            keys[slot] = key
        entry[slot] = k
