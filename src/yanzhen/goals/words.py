"""Every message of goals, in both languages, from `words.toml`."""

from yanzhen.phrasebook import Phrasebook

GOALS = Phrasebook("yanzhen.goals")
words, message = GOALS.words, GOALS.message
