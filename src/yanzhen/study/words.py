"""Every message of a study, in Chinese and English side by side, from `words.toml`.

A problem has two: what was found and what is expected, under one key.
"""

from yanzhen.phrasebook import Phrasebook, Words
from yanzhen.study.size import Size

STUDY = Phrasebook("yanzhen.study")
word, words, message = STUDY.word, STUDY.words, STUDY.message


def same(text: str) -> Words:
    """Return words that are the same in both languages."""
    return text, text


def size_words(size: Size) -> Words:
    """Return the name of a measure of size."""
    return words(f"size.{size.measure}")
