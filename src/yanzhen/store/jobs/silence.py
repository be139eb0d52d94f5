"""Which workers are silent: judged by what one has watched oneself.

No clock that can be set is asked, so that a jump of the time, a sleeping laptop or machines whose
clocks differ neither take a job from who works at it nor keep one that nobody does.
"""

from yanzhen.store.jobs.leases import Held


class Watch:
    """What one worker has seen of the leases of all.

    Parameters
    ----------
    lasts : seconds that a lease lasts
    """

    def __init__(self, lasts: float) -> None:
        self.lasts = lasts
        self._since: dict[Held, float] = {}

    def silent(self, held: tuple[Held, ...], ticks: float) -> list[Held]:
        """Return the leases that have stood without being renewed for as long as they last.

        Parameters
        ----------
        held : what the table says now
        ticks : seconds of a clock that is never set
        """
        self._since = {each: self._since.get(each, ticks) for each in held}
        return [each for each, since in self._since.items() if ticks - since >= self.lasts]
