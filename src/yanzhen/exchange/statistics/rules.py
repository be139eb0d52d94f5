"""Which cells may not be shown, and how wide the interval must be that is left of each.

An enterprise is told from a cell by those who know the others in it. A cell is sensitive when it
has fewer than `least` enterprises, when the largest has more than `largest` of it or the two
largest have `two_largest` or more: dominance rules, (1, k) and (2, k) in Hundepool et al.,
*Statistical Disclosure Control* (2012), chapter 4. The upper protection level of a cell X with
contributions x1 ≥ x2 ≥ … is what would have to be added to it for the rule to hold (table of upper
protection levels there):

    (1, k)   x1 / k − X          (2, k)   (x1 + x2) / k − X

and for every sensitive cell, also one that has few enterprises and no dominant one, at least
p · x1: whoever takes the upper end of the interval for x1 is wrong by p or more. The handbook's p%
rule takes off X − x1 − x2, what the others in the cell already hide; here nothing is taken off.
The lower protection level is p · x1, for whoever takes the lower end. The sliding level, the least
width wherever it lies, is twice the upper one, what the usual symmetrical choice would ask.

Numbers of records are hidden in the same cells. A hidden one is known to be at least 1 (zeros are
shown): where there are few enterprises it must be possible that it is one more, and there must be
three numbers that it may be.
"""

from dataclasses import dataclass

import numpy as np

from yanzhen.exchange.statistics.arrays import Flags, Floats
from yanzhen.exchange.statistics.cells import Cells

REASONS = ("few", "one_dominates", "two_dominate")
ROUNDING = 1e-12
"""Part of a limit by which sums of doubles may miss it: shares so near are the limit itself."""


@dataclass(frozen=True)
class SafetyRule:
    """When a cell may be shown.

    Attributes
    ----------
    least : enterprises
    largest : most of a cell that one enterprise may have, share
    two_largest : what two enterprises must have less of it than, share
    closeness : p, how far at least from the largest contribution an estimate must be, share
    """

    least: int = 5
    largest: float = 0.70
    two_largest: float = 0.85
    closeness: float = 0.15

    def __post_init__(self) -> None:
        shares = (self.largest, self.two_largest, self.closeness)
        if self.least < 2 or not all(0 < share < 1 for share in shares):
            raise ValueError("a rule asks for two enterprises or more, and shares between 0 and 1")


@dataclass(frozen=True)
class Levels:
    """What the interval of each cell must hold: (C,) above and below its value, and in width."""

    upper: Floats
    lower: Floats
    sliding: Floats


def sensitive(rule: SafetyRule, cells: Cells) -> dict[str, Flags]:
    """Return for each reason the cells (C,) that may not be shown because of it."""
    return {
        "few": cells.count < rule.least,
        "one_dominates": cells.largest > (1 + ROUNDING) * rule.largest * cells.total,
        "two_dominate": cells.largest + cells.second
        >= (1 - ROUNDING) * rule.two_largest * cells.total,
    }


def value_levels(rule: SafetyRule, cells: Cells) -> Levels:
    """Return the protection levels of sums, 0 where a cell is not sensitive."""
    told = np.logical_or.reduce(list(sensitive(rule, cells).values()))
    close = rule.closeness * cells.largest
    one = cells.largest / rule.largest - cells.total
    two = (cells.largest + cells.second) / rule.two_largest - cells.total
    upper = np.where(told, np.maximum.reduce([close, one, two]), 0.0)
    return Levels(upper, np.where(told, close, 0.0), 2 * upper)


def record_levels(rule: SafetyRule, cells: Cells) -> Levels:
    """Return the protection levels of numbers of records, 0 where there are enough enterprises."""
    few = cells.count < rule.least
    upper = np.where(few, 1.0, 0.0)
    return Levels(upper, np.zeros(len(cells)), 2 * upper)
