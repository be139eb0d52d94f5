"""Who signed a statement, who disputes it, and what it is by that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Act = Literal["sign", "dispute", "resolve"]
State = Literal["issued", "disputed", "final"]


@dataclass(frozen=True)
class Signature:
    """What a party said to a statement.

    Attributes
    ----------
    party : `home`, `host` or `third`
    act : sign; dispute, with the reason; resolve one's own dispute, with how
    name : of the person
    at : moment, as the store writes it
    note : reason or resolution
    """

    party: str
    act: Act
    name: str
    at: str
    note: str = ""


def state_of(parties: Sequence[str], said: Sequence[Signature]) -> State:
    """Return what a statement is: final once all have signed and nobody disputes it.

    Parameters
    ----------
    parties : who has to sign
    said : in its order; a dispute takes a party's own signature back
    """
    if any(disputes(party, said) for party in parties):
        return "disputed"
    return "final" if all(has_signed(party, said) for party in parties) else "issued"


def has_signed(party: str, said: Sequence[Signature]) -> bool:
    """Whether a party's signature stands."""
    own = [each.act for each in said if each.party == party and each.act != "resolve"]
    return bool(own) and own[-1] == "sign"


def disputes(party: str, said: Sequence[Signature]) -> bool:
    """Whether a party disputes a statement."""
    own = [each.act for each in said if each.party == party]
    return bool(own) and own[-1] == "dispute"
