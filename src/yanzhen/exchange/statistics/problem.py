"""What secondary suppression starts from: cells, sums, and what must stay uncertain.

Several measures, such as sums and numbers of records, are hidden in the same cells.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array, csr_array

from yanzhen.exchange.statistics.arrays import Flags, Floats, Integers
from yanzhen.exchange.statistics.blocks import Blocks
from yanzhen.exchange.statistics.cells import Cells
from yanzhen.exchange.statistics.rules import (
    Levels,
    SafetyRule,
    record_levels,
    sensitive,
    value_levels,
)

OUTSIDER = -1
"""Who attacks without a contribution of his own."""


@dataclass(frozen=True)
class Measure:
    """One number of each cell.

    Attributes
    ----------
    name : in messages
    values : (C,)
    least : what everybody knows of a hidden one: it is at least this
    levels : what an attacker's interval must hold
    own : (C, E) what each enterprise knows to be its own part
    """

    name: str
    values: Floats
    least: float
    levels: Levels
    own: csr_array

    @cached_property
    def room(self) -> Floats:
        """How far each cell may fall, as an outsider knows (C,)."""
        return np.asarray(self.values - self.least, np.float64)

    @cached_property
    def of_enterprise(self) -> csc_array:
        """`own` by enterprise."""
        return csc_array(self.own)


@dataclass(frozen=True)
class Problem:
    """Cells of which some are hidden already, and others may be.

    Attributes
    ----------
    relations : (R, C) sums that hold
    measures : of the cells
    primary : (C,) hidden because of what they are
    shown : (C,) must be shown, because they were before
    weights : (C,) loss of hiding each
    owner : (C,) number of the enterprise that is alone in a cell and so knows it, or -1
    blocks : which cells lie near each other
    """

    relations: csr_array
    measures: tuple[Measure, ...]
    primary: Flags
    shown: Flags
    weights: Floats
    owner: Integers
    blocks: Blocks

    @property
    def size(self) -> int:
        """C."""
        return self.primary.size

    def rooms_of(self, measure: Measure, attacker: int) -> tuple[Integers, Floats]:
        """Return the cells that an enterprise is in, and how far each may fall for all it knows."""
        own = measure.of_enterprise
        part = slice(own.indptr[attacker], own.indptr[attacker + 1])
        cells = own.indices[part].astype(np.int64)
        room = measure.values[cells] - np.maximum(own.data[part], measure.least)
        room[self.owner[cells] == attacker] = 0.0
        return cells, room


def problem_of(
    cells: Cells, rule: SafetyRule, weigh_by: str = "value", shown: Flags | None = None
) -> Problem:
    """Return what is to be solved for the sums and the numbers of records of cells.

    Parameters
    ----------
    weigh_by : `value`, the logarithm of one more than a cell's value, so that neither many small
        cells nor a few large ones are given up lightly; or `number`, each cell alike
    shown : (C,) cells that cannot be hidden any more
    """
    size = len(cells)
    entries = cells.own["cell"].to_numpy(), cells.own["number"].to_numpy()
    shape = (size, len(cells.enterprises))
    values = csr_array((cells.own["value"].to_numpy(), entries), shape)
    records = csr_array((cells.own["records"].to_numpy().astype(float), entries), shape)
    measures = (
        Measure("value", cells.total, 0.0, value_levels(rule, cells), values),
        Measure("records", cells.records.astype(float), 1.0, record_levels(rule, cells), records),
    )
    primary = np.logical_or.reduce(list(sensitive(rule, cells).values()))
    weights = np.log1p(cells.total) if weigh_by == "value" else np.ones(size)
    kept = np.zeros(size, bool) if shown is None else shown & ~primary
    return Problem(cells.relations, measures, primary, kept, weights, cells.owner, cells.blocks)
