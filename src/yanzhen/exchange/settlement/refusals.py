"""Why something about an agreement is refused, in English and Chinese."""

from yanzhen.exchange.settlement.words import PHRASES


class SettlementError(ValueError):
    """Something that cannot be done with an agreement or a statement as it stands.

    Parameters
    ----------
    key : of the words, below `refused`
    values : of the placeholders in the words
    """

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.words = PHRASES.words(f"refused.{key}", **values)
        super().__init__(self.words[0])


class NoSuchAgreement(SettlementError):
    """There is no such agreement, statement or row, or it is not to be seen."""


class NotYourParty(SettlementError):
    """Somebody acts for a party of which the organisation is not."""


class NotAsItStands(SettlementError):
    """What is asked contradicts what was done with the agreement before."""
