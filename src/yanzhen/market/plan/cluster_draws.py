"""Draws of a plan cleared again by the workers of a cluster.

A draw is a task: its parameters and room go out, the sums of its cleared market come back, and what
all draws share lies in a file that each worker reads once. A draw's bits depend on nothing but the
draw; a worker that is lost costs the draws that it was at, which others take.
"""

from collections.abc import Iterator, Sequence

from distributed import Client, KilledWorker

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.large.cluster import Workers
from yanzhen.market.large.worker_files import held, put
from yanzhen.market.plan.draw_sums import Sums
from yanzhen.market.plan.draws import Draw
from yanzhen.market.plan.uncertainty import Redrawn


class ClusterDraws:
    """Clears draws by the workers of a cluster, in place of the threads of this machine.

    Parameters
    ----------
    client : of the cluster
    """

    def __init__(self, client: Client) -> None:
        self.client = client

    def __call__(self, cleared: ClearedStudy, draws: Sequence[Draw]) -> Iterator[Sums | str]:
        """Sums of every draw's market, or why it did not clear, in the order of the draws.

        Raises
        ------
        ConnectionError
            When there is no worker, or worker after worker is lost over the same draw.
        """
        if not draws:
            return
        Workers(self.client).there()
        path = str(put(cleared))
        asked = [self.client.submit(redraw, path, one, pure=False) for one in draws]
        try:
            for future in asked:
                yield future.result()
        except KilledWorker as lost:
            raise ConnectionError(str(lost)) from lost


def redraw(path: str, one: Draw) -> Sums | str:
    """Clear the market of a plan under one draw, on a worker."""
    return held(path, Redrawn)(one)
