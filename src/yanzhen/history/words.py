"""Every message of what is learnt from the past, in both languages, from `words.toml`."""

from yanzhen.phrasebook import Phrasebook

HISTORY = Phrasebook("yanzhen.history")
words, message = HISTORY.words, HISTORY.message
