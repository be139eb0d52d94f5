"""The words with which the SYNTHETIC exchange is filled."""

from yanzhen.phrasebook import Phrasebook

PHRASES = Phrasebook("yanzhen.exchange.demonstration")
