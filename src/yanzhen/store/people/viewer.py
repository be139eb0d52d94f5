"""Who asks: every function that reads or writes what belongs to somebody takes a `Viewer`."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["analyst", "enterprise", "zone", "planner", "fund", "auditor", "administrator"]
EVERYTHING = frozenset({"read", "write", "administer"})


@dataclass(frozen=True)
class Viewer:
    """A person who is logged in, or the one local user of a laptop.

    Attributes
    ----------
    person : identity
    organisation : identity of the organisation that the person belongs to
    role : what the person may do there
    scopes : what the way of logging in allows; all, but for an API token
    """

    person: str
    organisation: str
    role: Role
    scopes: frozenset[str] = EVERYTHING

    @property
    def actor(self) -> tuple[str, str]:
        """Person and organisation, as the record of changes names who did something."""
        return self.person, self.organisation


LOCAL = Viewer("local", "local", "administrator")
"""The one user of a server that listens on the loopback and asks for no password."""
