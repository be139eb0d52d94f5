"""Every message of the measures of advantage, in both languages, from `words.toml`."""

from yanzhen.phrasebook import Phrasebook

ADVANTAGE = Phrasebook("yanzhen.advantage")
words, message = ADVANTAGE.words, ADVANTAGE.message
