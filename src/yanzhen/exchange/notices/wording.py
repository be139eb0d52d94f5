"""The words of this room: what notices say."""

from yanzhen.phrasebook import Phrasebook

PHRASES = Phrasebook("yanzhen.exchange.notices")


class NotTaken(ValueError):
    """A setting or a webhook that cannot be taken.

    Attributes
    ----------
    field : that is wrong
    words : why, in English and Chinese
    """

    def __init__(self, key: str, field: str, **values: object) -> None:
        self.field = field
        self.words = PHRASES.words(key, **values)
        super().__init__(self.words[0])
