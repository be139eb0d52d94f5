"""How much long work is allowed: to a person, to a job, and how often it is tried."""

from collections.abc import Mapping
from dataclasses import dataclass, field

HOUR = 3600.0


@dataclass(frozen=True)
class Limits:
    """Limits of long work.

    Attributes
    ----------
    outstanding : jobs of a person that may wait or run; None for any number
    running : jobs of a person that run at once; None for any number
    attempts : processes that may die over a job before it has failed
    seconds : that a job may run
    seconds_of : the same for one kind of work, by its name
    """

    outstanding: int | None = None
    running: int | None = None
    attempts: int = 3
    seconds: float = 6 * HOUR
    seconds_of: Mapping[str, float] = field(default_factory=dict)

    def seconds_for(self, kind: str) -> float:
        """Return the seconds that work of a kind may run."""
        return self.seconds_of.get(kind, self.seconds)


OF_ONE = Limits()
"""Of the one user of a laptop, who may ask for and run any number of jobs."""
OF_MANY = Limits(outstanding=20, running=2)
"""Of each person where many share a server."""


class TooMany(Exception):
    """A person has as many jobs waiting or running as are allowed.

    Parameters
    ----------
    allowed : jobs
    """

    def __init__(self, allowed: int) -> None:
        super().__init__(f"{allowed} jobs are waiting or running already")
        self.allowed = allowed
