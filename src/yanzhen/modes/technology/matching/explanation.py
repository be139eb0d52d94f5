"""Why two texts were found alike: the words of both sides behind each part of the relevance."""

import numpy as np
import polars as pl

from yanzhen.modes.technology.search.candidates import Compared
from yanzhen.modes.technology.search.index import found
from yanzhen.modes.technology.text.classes import SEPARATOR, levels
from yanzhen.modes.technology.text.features import CHANNELS, CLASS, INDUSTRY, occurrences
from yanzhen.modes.technology.text.hash_table import hash_of
from yanzhen.modes.technology.text.writing import plain
from yanzhen.study.result_columns import columns

SHARED_WORDS = columns("achievement partner channel in_achievement in_partner contribution")
"""`channel` is word, ngram, term, class or industry; words as they stand in each text."""


def shared_words(
    achievements: pl.DataFrame, partners: pl.DataFrame, matched: Compared, pairs: pl.DataFrame
) -> pl.DataFrame:
    """What each pair shares, heaviest first; a pair's contributions sum to its relevance.

    Parameters
    ----------
    achievements, partners : both sides
    matched : how they were compared
    pairs : achievement_row, partner_row

    Returns
    -------
    pl.DataFrame
        `SHARED_WORDS`
    """
    rows = []
    for i, j in pairs.select("achievement_row", "partner_row").iter_rows():
        own, other = _named(achievements, i, matched), _named(partners, j, matched)
        for feature, contribution in _contributions(matched, i, j):
            rows.append(
                (
                    achievements["achievement"][i],
                    partners["partner"][j],
                    CHANNELS[matched.index.channel[feature]],
                    own.get(feature, ""),
                    other.get(feature, ""),
                    contribution,
                )
            )
    return SHARED_WORDS.frame(rows)


def _contributions(matched: Compared, i: int, j: int) -> list[tuple[int, float]]:
    index, queries = matched.index, matched.queries
    q, d = (i, j) if matched.achievements_ask else (j, i)
    asked = slice(queries.start[q], queries.start[q + 1])
    weight = dict(zip(queries.feature[asked].tolist(), queries.weight[asked].tolist(), strict=True))
    own = slice(index.start[d], index.start[d + 1])
    scale = queries.scale[q, index.language[d]]
    parts = [
        (f, weight[f] * w * float(scale[index.channel[f]]))
        for f, w in zip(index.feature[own].tolist(), index.weight[own].tolist(), strict=True)
        if weight.get(f, 0.0) > 0
    ]
    return sorted(parts, key=lambda part: (-part[1], part[0]))


def _named(table: pl.DataFrame, row: int, matched: Compared) -> dict[int, str]:
    """Words of a text, classes and industries by the number of their feature."""
    names: dict[int, str] = {}
    for column in ("title", "text"):
        written = plain(table[column][row] or "")
        there = occurrences(written)
        numbers = found(there.key, matched.index.keys, matched.index.number)
        for number, first, last in zip(
            numbers.tolist(), there.first.tolist(), there.last.tolist(), strict=True
        ):
            names.setdefault(number, written[first:last])
    parts = (table[column][row] or "" for column in ("ipc", "industry"))
    symbols, codes = (part.split(SEPARATOR) for part in parts)
    coded = [(level, CLASS) for symbol in symbols for level in levels(symbol)]
    coded += [(code.strip(), INDUSTRY) for code in codes]
    keys = np.array([hash_of(*each) for each in coded], dtype=np.uint64)
    numbers = found(keys, matched.index.keys, matched.index.number)
    for number, (name, _) in zip(numbers.tolist(), coded, strict=True):
        names.setdefault(number, name)
    return names
