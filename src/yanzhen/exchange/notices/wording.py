"""The words of this room: what notices say."""

from yanzhen.phrasebook import BilingualError, Phrasebook

PHRASES = Phrasebook("yanzhen.exchange.notices")


class NotTaken(BilingualError):
    """A setting or a webhook that cannot be taken.

    Attributes
    ----------
    field : that is wrong
    words : why, in English and Chinese
    """

    phrases = PHRASES

    def __init__(self, key: str, field: str, **values: object) -> None:
        self.field = field
        super().__init__(key, **values)
