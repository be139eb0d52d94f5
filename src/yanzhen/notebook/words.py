"""The words of notebooks, from `words.toml`."""

from yanzhen.phrasebook import Phrasebook

NOTEBOOK = Phrasebook("yanzhen.notebook")
word, words, message = NOTEBOOK.word, NOTEBOOK.words, NOTEBOOK.message
