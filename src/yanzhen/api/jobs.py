"""Long work as pages and programs ask for it: queued in the store, done by workers."""

from collections.abc import Callable, Mapping

from yanzhen.api.pagination import not_of_this_list
from yanzhen.api.permission import require
from yanzhen.api.problem_details import Refusal
from yanzhen.store.database.connection import Database
from yanzhen.store.jobs.job import ENDED as ENDED
from yanzhen.store.jobs.job import Job as Job
from yanzhen.store.jobs.limits import Limits, TooMany
from yanzhen.store.jobs.queue import anything_outstanding, cancel, enqueue, latest, listed, read
from yanzhen.store.people.viewing import current_viewer

TRY_AGAIN = 30
"""Seconds after which there may be room for another job."""


class Jobs:
    """The jobs of a server, of which everybody sees those of the own organisation.

    Parameters
    ----------
    database : gives the store that holds them
    limits : of persons
    wake : called when there is work to do
    """

    def __init__(
        self, database: Callable[[], Database], limits: Limits, wake: Callable[[], None]
    ) -> None:
        self._database, self._limits, self._wake = database, limits, wake

    def start(self, kind: str, subject: Mapping[str, str]) -> Job:
        """Queue a piece of work; the same work that has not ended is given back instead.

        Raises
        ------
        Refusal
            429 where one has as many jobs waiting or running as are allowed.
        """
        try:
            job = enqueue(self._database(), current_viewer(), kind, subject, self._limits)
        except TooMany as error:
            many = error.allowed
            raise Refusal(
                429,
                f"{many} of your jobs wait or run; wait for one, or cancel it.",
                f"您已有{many}项任务在排队或运行；请等待其中一项完成，或将其取消。",
                retry_after=TRY_AGAIN,
            ) from None
        self._wake()
        return job

    def all(self) -> list[Job]:
        """Return the latest jobs, the newest first."""
        return listed(self._database(), current_viewer())

    def page(self, limit: int, after: str) -> list[Job]:
        """Return jobs, the newest first, from behind one of them.

        Parameters
        ----------
        limit : jobs at most
        after : name of the job behind which to begin; empty for the newest

        Raises
        ------
        Refusal
            422 where there is no such job.
        """
        try:
            return listed(self._database(), current_viewer(), limit, after)
        except LookupError:
            raise not_of_this_list() from None

    def read(self, name: str) -> Job | None:
        """Return a job as it stands, None where there is no such job."""
        return read(self._database(), current_viewer(), name)

    def latest(self, kind: str, subject: Mapping[str, str]) -> Job | None:
        """Return the latest job that makes this, wherever its study lies; None without any."""
        return latest(self._database(), current_viewer(), kind, subject)

    def cancel(self, name: str) -> Job | None:
        """Stop a job that has not ended; one that has stays as it is."""
        require("remove", "jobs")
        cancelled = cancel(self._database(), current_viewer(), name)
        self._wake()
        return cancelled

    def busy(self) -> bool:
        """Whether the machine has work to do, for whomever."""
        return anything_outstanding(self._database())
