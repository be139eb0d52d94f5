"""Endings of English words cut off, so that recycling, recycled and recycle are one."""

import numpy as np
from numba import njit

from yanzhen.modes.technology.text.hash_table import codes_of

D, E, G, LETTER_I, N, S, U, Y = (np.uint32(ord(c)) for c in "deginsuy")
LEAST = 4
"""Letters that must be left when -ing or -ed goes."""


@njit(cache=True)
def stem(word, size):  # type: ignore[no-untyped-def]
    """Cut the endings of word[:size] in place; the new size.

    -ies becomes -y; -s goes unless after s, u or i; then -ing or -ed, a doubled last letter, -e.
    """
    if size > 4 and word[size - 1] == S and word[size - 2] == E and word[size - 3] == LETTER_I:
        word[size - 3] = Y
        size -= 2
    elif size > 3 and word[size - 1] == S:
        before = word[size - 2]
        if before != S and before != U and before != LETTER_I:
            size -= 1
    cut = 0
    if (
        size >= LEAST + 3
        and word[size - 1] == G
        and word[size - 2] == N
        and word[size - 3] == LETTER_I
    ):
        cut = 3
    elif size >= LEAST + 2 and word[size - 1] == D and word[size - 2] == E:
        cut = 2
    size -= cut
    if cut and size > LEAST and word[size - 1] == word[size - 2]:
        size -= 1
    if size > LEAST and word[size - 1] == E:
        size -= 1
    return size


def stemmed(word: str) -> str:
    """One word without its endings."""
    codes = codes_of([word])[0].copy()
    size = stem(codes, codes.size)
    return "".join(map(chr, codes[:size]))
