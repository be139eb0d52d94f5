"""The likelihood of choices summed by the workers of a cluster.

Tastes go out, and from each part its log likelihood, scores and information come back; what
everyone chose lies in a file that each worker reads once. A worker that is lost costs one
evaluation at most.
"""

from collections.abc import Sequence

from distributed import Client, get_worker

from yanzhen.accounts.panel import Floats
from yanzhen.history.choices import Likelihood
from yanzhen.history.offered_choices import Evaluate, OfferedChoices, evaluate_parts
from yanzhen.market.large.cluster import Workers
from yanzhen.market.large.shard_store import Done, unseen
from yanzhen.market.large.worker_files import held, put


class ClusterLikelihood:
    """Evaluates likelihoods by the workers of a cluster, in place of the threads of this machine.

    Parameters
    ----------
    client : of the cluster
    done : told how many parts are done
    """

    def __init__(self, client: Client, done: Done = unseen) -> None:
        self.workers = Workers(client)
        self.done = done

    def __call__(self, offered: OfferedChoices) -> Evaluate:
        """What evaluates the parts of some choices, in their order."""
        path = str(put(offered))
        names = [str(number) for number in range(len(offered.parts))]

        def evaluate(tastes: Floats) -> list[Likelihood]:
            return self.workers.over(names, self.done, evaluate_over, path, tastes)

        return evaluate


def evaluate_over(path: str, names: Sequence[str], tastes: Floats) -> list[Likelihood]:
    """Likelihood of some parts, on a worker."""
    offered = held(path, _as_it_is)
    parts = [int(name) for name in names]
    return evaluate_parts(offered, parts, tastes, get_worker().state.nthreads)


def _as_it_is(offered: OfferedChoices) -> OfferedChoices:
    return offered
