"""Why something about an agreement is refused, in English and Chinese."""

from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.phrasebook import BilingualError


class SettlementError(BilingualError):
    """Something that cannot be done with an agreement or a statement as it stands.

    Parameters
    ----------
    key : of the words, below `refused`
    values : of the placeholders in the words
    """

    phrases = PHRASES

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"refused.{key}", **values)
        self.key = key


class NoSuchAgreement(SettlementError):
    """There is no such agreement, statement or row, or it is not to be seen."""


class NotYourParty(SettlementError):
    """Somebody acts for a party of which the organisation is not."""


class NotAsItStands(SettlementError):
    """What is asked contradicts what was done with the agreement before."""
