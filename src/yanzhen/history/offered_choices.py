"""Choices of a great many choosers among regions, their attributes made when they are asked for.

What a region offers depends on the industry, and on the origin by distance alone, so that nothing
of size choosers × regions is held. Choosers are cut into parts by their number alone; the log
likelihood, its gradient and its information are sums over them, always added in their order, so
that it has no meaning where each part was summed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from yanzhen.accounts.panel import Floats
from yanzhen.history.choices import PAIRS_AT_ONCE, Choices, Integers, Likelihood, likelihood
from yanzhen.market.large.demand_pass import run_chunks

ANYWHERE = -1
"""Origin of choosers who may take any region."""


@dataclass(frozen=True)
class OfferedChoices:
    """Who chose what among the regions, by industry and origin.

    Attributes
    ----------
    names : (D,) of the attributes, that of distance last where there is one
    terms : (D or D − 1, N, S) what a region offers an industry; NaN where it is refused
    kilometres : (N, N) from region to region; the attribute is −1 for each thousand of them
    industry, origin : (I,) of each chooser, who cannot take the origin
    start, region, times : (I + 1,) where the entries of each chooser begin, the regions that were
        taken and how many times
    cluster : (I,) choosers that may share what is not observed
    """

    names: tuple[str, ...]
    terms: Floats
    kilometres: Floats | None
    industry: Integers
    origin: Integers
    start: Integers
    region: Integers
    times: Floats
    cluster: Integers

    @property
    def parts(self) -> list[slice]:
        """Choosers of each part."""
        step = max(PAIRS_AT_ONCE // (self.terms.shape[1] * max(len(self.names), 1)), 1)
        count = self.industry.size
        bounds = [slice(first, min(first + step, count)) for first in range(0, count, step)]
        return bounds or [slice(0, 0)]

    def of(self, rows: slice) -> Choices:
        """The choices of some choosers, held whole."""
        industry, origin = self.industry[rows], self.origin[rows]
        columns = [term[:, industry].T for term in self.terms]
        if self.kilometres is not None:
            columns.append(-self.kilometres[origin] / 1000.0)
        attributes = np.stack(columns, axis=2)
        own = np.flatnonzero(origin != ANYWHERE)
        attributes[own, origin[own]] = np.nan
        count = industry.size
        first, last = self.start[rows.start], self.start[rows.stop]
        counts = np.zeros((count, self.terms.shape[1]))
        chooser = np.repeat(np.arange(count), np.diff(self.start[rows.start : rows.stop + 1]))
        counts[chooser, self.region[first:last]] = self.times[first:last]
        none = np.zeros((count, 0))
        qualities = np.zeros((counts.shape[1], 0))
        cell = np.arange(count)
        return Choices(self.names, attributes, cell, none, qualities, counts, self.cluster[rows])


Evaluate = Callable[[Floats], Sequence[Likelihood]]
"""Gives the likelihood of every part, in their order, at some tastes."""


def evaluated_here(offered: OfferedChoices) -> Evaluate:
    """What evaluates the parts by the threads of this machine."""
    every = range(len(offered.parts))
    return lambda tastes: evaluate_parts(offered, every, tastes)


def evaluate_parts(
    offered: OfferedChoices, parts: Sequence[int], tastes: Floats, threads: int | None = None
) -> list[Likelihood]:
    """Likelihood of some parts, in the order asked; it does not depend on the threads."""
    bounds = offered.parts
    found: dict[int, Likelihood] = {}

    def one_part(number: int) -> None:
        found[number] = likelihood(offered.of(bounds[parts[number]]), tastes)

    # How many threads share a product of matrices is in its last bits.
    with threadpool_limits(limits=1, user_api="blas"):
        run_chunks(one_part, len(parts), threads)
    return [found[number] for number in range(len(parts))]


def added_up(parts: Sequence[Likelihood]) -> Likelihood:
    """The likelihood of all choosers from that of every part, added in their order."""
    return Likelihood(
        sum((part.value for part in parts[1:]), start=parts[0].value),
        np.concatenate([part.scores for part in parts]),
        sum((part.information for part in parts[1:]), start=parts[0].information),
    )


def entries_of(counts: Floats) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """Start, region and times of the entries of (I, N) counts."""
    chooser, region = np.nonzero(counts)
    start = np.searchsorted(chooser, np.arange(len(counts) + 1)).astype(np.int64)
    return start, region.astype(np.int64), counts[chooser, region]
