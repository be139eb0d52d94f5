"""What came of an attempt to deliver a notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended.

    Attributes
    ----------
    arrived : whether the other side took it
    error : why not
    final : whether it is of no use to try again
    """

    arrived: bool
    error: str = ""
    final: bool = False


ARRIVED = Outcome(True)
