"""Every message of effects, in both languages, from `words.toml`."""

from yanzhen.phrasebook import Phrasebook

EFFECTS = Phrasebook("yanzhen.effects")
words, message = EFFECTS.words, EFFECTS.message
