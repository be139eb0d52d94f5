"""Every message of the accounts, in both languages, from `words.toml`."""

from yanzhen.phrasebook import Phrasebook

ACCOUNTS = Phrasebook("yanzhen.accounts")
words, message = ACCOUNTS.words, ACCOUNTS.message
