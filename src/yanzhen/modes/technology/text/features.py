"""What a text is made of: words, character n-grams and terms, as hashed features with counts."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.modes.technology.text.bilingual_terms import CHINESE_SALT, LATIN_SALT, embedded_terms
from yanzhen.modes.technology.text.hash_table import (
    SEED,
    Hashes,
    codes_of,
    empty_keys,
    hash_of,
    hashed,
    mixed,
    slot_of,
)
from yanzhen.modes.technology.text.normalisation import simplified
from yanzhen.modes.technology.text.segmentation import cut, lexicon
from yanzhen.modes.technology.text.stemming import stem, stemmed
from yanzhen.modes.technology.text.writing import plain

WORD, GRAM, TERM, CLASS, INDUSTRY = range(5)
CHANNELS = ("word", "ngram", "term", "class", "industry")
SPACE = np.uint32(32)
FIRST_HAN, LAST_HAN = np.uint32(0x3400), np.uint32(0x9FFF)
LATIN_GRAM = 5
LONGEST_WORD = 40
LONGEST_PHRASE = 5
MOST_TERMS = 4
"""Nested terms of the table that may begin at one character."""
ROOM = 3 + MOST_TERMS
"""Features that one character can begin."""
TITLE_WEIGHT = 2.0
TEXTS_AT_A_TIME = 8192
CHINESE, OTHER = 0, 1
HAN_SHARE = 0.2


@dataclass(frozen=True)
class Features:
    """Features of texts, row after row.

    Attributes
    ----------
    start : (n + 1,) where each text's features begin
    key : hash of a feature; differs by channel
    channel : of `CHANNELS`
    count : occurrences, those in the title counted `TITLE_WEIGHT` times
    language : (n,) 0 where more than a fifth of the letters are Chinese characters, otherwise 1
    """

    start: NDArray[np.int64]
    key: Hashes
    channel: NDArray[np.uint8]
    count: NDArray[np.float32]
    language: NDArray[np.uint8]


@lru_cache(maxsize=1)
def stop_words() -> Hashes:
    """Words that say nothing about what a text is about, by hash."""
    words = (
        files("yanzhen.modes.technology.text").joinpath("stop_words.txt").read_text("utf-8").split()
    )
    keys = empty_keys(len(words))
    for word in words:
        key = np.uint64(hash_of(stemmed(word), WORD))
        keys[slot_of(keys, key)] = key
    return keys


def features_of(
    titles: Sequence[str | None], bodies: Sequence[str | None], threads: int | None = None
) -> Features:
    """Count the features of texts.

    Parameters
    ----------
    titles, bodies : two parts of each text, either of which may be missing
    threads : threads to use; the result does not depend on it
    """
    chunks = range(0, len(titles), TEXTS_AT_A_TIME)

    def counted(first: int) -> Features:
        rows = slice(first, first + TEXTS_AT_A_TIME)
        return _counted(titles[rows], bodies[rows])

    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        return joined(list(pool.map(counted, chunks)))


def joined(parts: Sequence[Features]) -> Features:
    """Features of several lots of texts as one."""
    sizes = [np.zeros(1, np.int64), *(np.diff(part.start) for part in parts)]
    return Features(
        np.cumsum(np.concatenate(sizes)),
        np.concatenate([np.zeros(0, np.uint64), *(part.key for part in parts)]),
        np.concatenate([np.zeros(0, np.uint8), *(part.channel for part in parts)]),
        np.concatenate([np.zeros(0, np.float32), *(part.count for part in parts)]),
        np.concatenate([np.zeros(0, np.uint8), *(part.language for part in parts)]),
    )


def _counted(titles: Sequence[str | None], bodies: Sequence[str | None]) -> Features:
    texts = [plain(part or "") for pair in zip(titles, bodies, strict=True) for part in pair]
    codes, starts = codes_of(texts)
    emitted = _emitted(codes, starts)
    start, key, channel, count, language = _sum_up(
        codes, starts, emitted.part_start, emitted.key, emitted.channel, np.float32(TITLE_WEIGHT)
    )
    return Features(start, key, channel, count, language)


@dataclass(frozen=True)
class Emitted:
    """Every occurrence of a feature in texts.

    Attributes
    ----------
    part_start : (parts + 1,) where each text's occurrences begin
    key, channel : of the feature
    first, last : characters of the occurrence
    concept : row of the term table, −1 for words and n-grams
    """

    part_start: NDArray[np.int64]
    key: Hashes
    channel: NDArray[np.uint8]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    concept: NDArray[np.int32]


def occurrences(text: str) -> Emitted:
    """Every occurrence of a feature in one text that is in its plain form."""
    return _emitted(*codes_of([text]))


def _emitted(codes: NDArray[np.uint32], starts: NDArray[np.int64]) -> Emitted:
    words, terms = lexicon(), embedded_terms()
    codes = simplified(codes)
    room = ROOM * codes.size + 1
    key = np.empty(room, np.uint64)
    channel = np.empty(room, np.uint8)
    first, last = np.empty(room, np.int64), np.empty(room, np.int64)
    concept = np.empty(room, np.int32)
    part_start = np.zeros(starts.size, np.int64)
    _emit(
        codes,
        starts,
        (words.keys, words.weight, words.single),
        (terms.keys, terms.entry, terms.start, terms.concept),
        stop_words(),
        part_start,
        (key, channel, first, last, concept),
    )
    used = slice(0, part_start[-1])
    return Emitted(part_start, key[used], channel[used], first[used], last[used], concept[used])


@njit(cache=True, inline="always")
def _is_han(code):  # type: ignore[no-untyped-def]
    return FIRST_HAN <= code <= LAST_HAN


@njit(cache=True, inline="always")
def _put(out, n, key, channel, first, last, concept):  # type: ignore[no-untyped-def]
    out[0][n] = key
    out[1][n] = channel
    out[2][n] = first
    out[3][n] = last
    out[4][n] = concept
    return n + 1


@njit(cache=True, nogil=True)
def _emit(codes, starts, words, terms, stops, part_start, out):  # type: ignore[no-untyped-def]
    longest = 0
    for part in range(starts.size - 1):
        longest = max(longest, starts[part + 1] - starts[part])
    best = np.empty(longest + 1)
    end = np.empty(longest + 1, np.int64)
    stems = np.empty((longest // 2 + 2, LONGEST_WORD), np.uint32)
    spans = np.empty((longest // 2 + 2, 3), np.int64)
    n = np.int64(0)  # not a literal, for which Numba would compile what is called a second time
    for part in range(starts.size - 1):
        i, stop, count = starts[part], starts[part + 1], 0
        while i < stop:
            if codes[i] == SPACE:
                i += 1
                continue
            first = i
            if _is_han(codes[i]):
                while i < stop and _is_han(codes[i]):
                    i += 1
                cut(codes, first, i, words[0], words[1], words[2], best, end)
                n = _put_han(codes, first, i, end, terms, stops, out, n)
                continue
            while i < stop and codes[i] != SPACE and not _is_han(codes[i]):
                i += 1
            size = min(i - first, LONGEST_WORD)
            stems[count, :size] = codes[first : first + size]
            size = stem(stems[count], size)
            spans[count, 0], spans[count, 1], spans[count, 2] = first, i, size
            count += 1
        n = _put_latin(stems, spans, count, terms, stops, out, n)
        part_start[part + 1] = n


@njit(cache=True)
def _put_han(codes, first, last, end, terms, stops, out, n):  # type: ignore[no-untyped-def]
    i = first
    while i < last:
        stop = end[i - first]
        state = SEED
        for j in range(i, stop):
            state = hashed(state, codes[j])
        key = mixed(state, WORD)
        if stops[slot_of(stops, key)] == 0:
            n = _put(out, n, key, WORD, i, stop, -1)
        i = stop
    for i in range(first, last):
        if i + 1 < last:
            key = mixed(hashed(hashed(SEED, codes[i]), codes[i + 1]), GRAM)
            n = _put(out, n, key, GRAM, i, i + 2, -1)
        state = SEED
        found = 0
        for j in range(i, last):
            state = hashed(state, codes[j])
            key = mixed(state, CHINESE_SALT)
            slot = slot_of(terms[0], key)
            if terms[0][slot] == 0 or found == MOST_TERMS:
                break
            n, found = _put_terms(terms, terms[1][slot], i, j + 1, out, n, found)
    return n


@njit(cache=True)
def _put_latin(stems, spans, count, terms, stops, out, n):  # type: ignore[no-untyped-def]
    for w in range(count):
        size = spans[w, 2]
        state = SEED
        for c in range(size):
            state = hashed(state, stems[w, c])
        key = mixed(state, WORD)
        if size > 1 and stops[slot_of(stops, key)] == 0:
            n = _put(out, n, key, WORD, spans[w, 0], spans[w, 1], -1)
            if size > LATIN_GRAM:
                for c in range(size - LATIN_GRAM + 1):
                    part = SEED
                    for k in range(c, c + LATIN_GRAM):
                        part = hashed(part, stems[w, k])
                    at = spans[w, 0] + c
                    n = _put(out, n, mixed(part, GRAM), GRAM, at, at + LATIN_GRAM, -1)
        state = SEED
        found = 0
        for v in range(w, min(w + LONGEST_PHRASE, count)):
            if v > w:
                state = hashed(state, SPACE)
            for c in range(spans[v, 2]):
                state = hashed(state, stems[v, c])
            key = mixed(state, LATIN_SALT)
            slot = slot_of(terms[0], key)
            if terms[0][slot] == 0 or found == MOST_TERMS:
                break
            n, found = _put_terms(terms, terms[1][slot], spans[w, 0], spans[v, 1], out, n, found)
    return n


@njit(cache=True)
def _put_terms(terms, entry, first, last, out, n, found):  # type: ignore[no-untyped-def]
    if entry >= 0:
        for k in range(terms[2][entry], terms[2][entry + 1]):
            if found < MOST_TERMS:
                concept = terms[3][k]
                key = mixed(hashed(SEED, np.uint32(concept)), TERM)
                n = _put(out, n, key, TERM, first, last, concept)
                found += 1
    return n, found


@njit(cache=True, nogil=True)
def _sum_up(codes, starts, part_start, keys, channels, title_weight):  # type: ignore[no-untyped-def]
    """Distinct features of texts of two parts each, with their counts, and the languages."""
    texts = (starts.size - 1) // 2
    start = np.zeros(texts + 1, np.int64)
    key = np.empty(keys.size, np.uint64)
    channel = np.empty(keys.size, np.uint8)
    count = np.zeros(keys.size, np.float32)
    language = np.zeros(texts, np.uint8)
    n = 0
    for t in range(texts):
        first, middle, last = part_start[2 * t], part_start[2 * t + 1], part_start[2 * t + 2]
        order = np.argsort(keys[first:last]) + first
        begun = n
        for k in order:
            if n == begun or key[n - 1] != keys[k]:
                key[n] = keys[k]
                channel[n] = channels[k]
                count[n] = 0.0
                n += 1
            count[n - 1] += title_weight if k < middle else np.float32(1.0)
        start[t + 1] = n
        han = letters = 0
        for i in range(starts[2 * t], starts[2 * t + 2]):
            if codes[i] != SPACE:
                letters += 1
                han += _is_han(codes[i])
        language[t] = CHINESE if han > HAN_SHARE * letters else OTHER
    return start, key[:n].copy(), channel[:n].copy(), count[:n].copy(), language
