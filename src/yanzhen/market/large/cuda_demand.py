"""Demand at prices from one graphics processor: the provider that `--device cuda` chooses.

Enterprises are on the device, in single or double precision as they are given. A pass brings the
terms of the sites there and the sums of demand back; both are of the size sites × resources.
"""

from importlib.util import find_spec
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from yanzhen.market.large.curvature import ChoiceModel
from yanzhen.market.large.demand_pass import (
    KEEP_NONE,
    Demand,
    Enterprises,
    Reals,
    SparseChoices,
    Terms,
)
from yanzhen.market.large.demand_provider import Quote, ThreadedDemand, terms_of
from yanzhen.market.problem.market import Market

BLOCKS = 528
"""Runs of enterprises, whatever the device, so that every one adds up in the same order; four for
each multiprocessor of the largest there are today."""
COLUMNS_A_BLOCK = 128
FEW_PAIRS, COARSE_KEEP = 30_000_000, 0.05
"""Pairs of which choices may be kept as finely as asked, and how coarsely those of more are."""


class NoDevice(Exception):
    """There is no graphics processor that can be used.

    Attributes
    ----------
    what : is missing, the extra (`gpu`) or a `device`
    """

    def __init__(self, what: Literal["gpu", "device"], said: str) -> None:
        super().__init__(said)
        self.what = what


def require_device() -> None:
    """Make sure that a graphics processor can be used.

    Raises
    ------
    NoDevice
        With what is missing: the extra `gpu`, or a device.
    """
    if find_spec("numba_cuda") is None:
        raise NoDevice("gpu", "The extra gpu, numba-cuda, is not installed.")
    from numba import cuda

    if not cuda.is_available():
        raise NoDevice("device", "CUDA finds no graphics processor.")


class CudaDemand:
    """Enterprises on a graphics processor, all of whose pairs one kernel passes over.

    Choices are not kept there: where no sample gives the curvature, the threads of this machine
    pass over the same enterprises once more for it.

    Parameters
    ----------
    market : the market
    enterprises : all of its enterprises
    threads : threads of this machine for choices, all of them unless told
    sites_a_thread : sites of each thread of the device
    """

    keeps_choices = False

    def __init__(
        self,
        market: Market,
        enterprises: Enterprises,
        threads: int | None = None,
        sites_a_thread: int = 4,
    ) -> None:
        from numba import cuda

        from yanzhen.market.large.cuda_kernel import TILE

        self._threaded = ThreadedDemand(market, enterprises, threads)
        self.market = market
        self.count = self._threaded.count
        self.precision = self._threaded.precision
        self._sites_a_thread = sites_a_thread
        self._real: type[Any] = enterprises.mass.dtype.type
        self._resources = enterprises.resources
        self._characteristics = enterprises.weights.shape[1] - enterprises.resources
        groups = market.stayers.size
        filling = -enterprises.mass.size % TILE
        self._rows = enterprises.mass.size + filling
        per_group = enterprises.weights.shape[2]
        self._enterprises = tuple(
            cuda.to_device(_filled(array, count))
            for array, count in (
                (enterprises.weights, filling // per_group),
                (enterprises.mass, filling),
                (enterprises.stay, filling),
                (enterprises.cell, filling),
                # The last group is of those without a constant.
                (np.where(enterprises.calibration < 0, groups, enterprises.calibration), filling),
            )
        )
        self._terms: Terms | None = None
        self._base: Reals | None = None
        self._base_there: Any = None
        self._quote: Quote | None = None
        self._keep = KEEP_NONE

    def evaluate(self, quote: Quote, keep: float) -> Demand:
        from numba import cuda

        from yanzhen.market.large.cuda_kernel import (
            TILE,
            add_blocks_kernel,
            layout_for,
            pass_kernel,
        )

        terms = self._terms = terms_of(self.market, quote, self._real, self._terms)
        if self._base is not terms.base:
            self._base, self._base_there = terms.base, cuda.to_device(terms.base)
        self._quote, self._keep = quote, keep
        layout = layout_for(
            terms.sites,
            self._characteristics,
            self._resources,
            quote.split,
            self._real,
            self._sites_a_thread,
        )
        blocks = min(BLOCKS, self._rows // TILE)
        columns = self._resources * terms.sites + terms.constants.size + 1
        parts = cuda.device_array((blocks, columns), np.float64)
        total = cuda.device_array(columns, np.float64)
        pass_kernel(layout)[blocks, layout.threads](
            *self._enterprises,
            cuda.to_device(terms.terms),
            self._base_there,
            cuda.to_device(terms.constants),
            terms.scale,
            terms.sites,
            layout.at_once,
            parts,
        )
        add_blocks_kernel()[-(-columns // COLUMNS_A_BLOCK), COLUMNS_A_BLOCK](parts, total)
        sums: NDArray[np.float64] = total.copy_to_host()
        demand, rest = np.split(sums, [self._resources * terms.sites])
        staying, logarithms = rest[:-1], rest[-1]
        return Demand(
            demand.reshape(self._resources, terms.sites).T.copy(),
            staying[:-1].copy(),
            float(staying.sum()),
            float(logarithms / terms.scale),
            SparseChoices((), keep),
        )

    def choice_model(self) -> ChoiceModel:
        assert self._quote is not None
        few = self.count * self.market.capacity.shape[0] <= FEW_PAIRS
        self._threaded.evaluate(self._quote, self._keep if few else COARSE_KEEP)
        return self._threaded.choice_model()


def _filled(array: NDArray[Any], rows: int) -> NDArray[Any]:
    """An array with so many rows of zeros more."""
    return np.ascontiguousarray(np.pad(array, [(0, rows)] + [(0, 0)] * (array.ndim - 1)))
