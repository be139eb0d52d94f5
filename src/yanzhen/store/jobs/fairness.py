"""Whose turn it is: organisations one after the other, in each its persons, then the oldest job."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """A job that waits or runs, as far as the order goes.

    Attributes
    ----------
    job, organisation, owner : identities
    queued_at : since when it waits
    """

    job: str
    organisation: str
    owner: str
    queued_at: str


def in_turn(
    waiting: Iterable[Standing],
    running: Iterable[Standing],
    served: Mapping[str, str],
    allowed: int | None,
) -> list[Standing]:
    """Return the jobs that may begin, the next first.

    First comes whose organisation, then whose owner, has the fewest jobs running, and of these who
    was served longest ago; the jobs of one person come by age.

    Parameters
    ----------
    served : when an organisation's or a person's latest job began, by identity
    allowed : jobs of a person that run at once, None for any number
    """
    running = list(running)
    of_organisation = Counter(job.organisation for job in running)
    of_owner = Counter(job.owner for job in running)

    def order(job: Standing) -> tuple[int, str, int, str, str, str]:
        return (
            of_organisation[job.organisation],
            served.get(job.organisation, ""),
            of_owner[job.owner],
            served.get(job.owner, ""),
            job.queued_at,
            job.job,
        )

    may_begin = (job for job in waiting if allowed is None or of_owner[job.owner] < allowed)
    return sorted(may_begin, key=order)
