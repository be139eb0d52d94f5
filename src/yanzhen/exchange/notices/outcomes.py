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
    untried : whether it ended before anything was sent, so that nothing is said of the other side
    """

    arrived: bool
    error: str = ""
    final: bool = False
    untried: bool = False


ARRIVED = Outcome(True)
