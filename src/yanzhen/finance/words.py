"""Every message of finance, in both languages, from `words.toml`."""

from yanzhen.phrasebook import Phrasebook

FINANCE = Phrasebook("yanzhen.finance")
message = FINANCE.message
