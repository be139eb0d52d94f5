"""The words of this room: why an introduction cannot be asked for or answered."""

from yanzhen.phrasebook import Phrasebook

PHRASES = Phrasebook("yanzhen.exchange.docking")
