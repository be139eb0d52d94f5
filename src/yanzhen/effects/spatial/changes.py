"""What changes within a spatial model."""

from dataclasses import dataclass

from yanzhen.accounts.panel import Floats


@dataclass(frozen=True)
class Changes:
    """Ratios of new to old, world value added held.

    Attributes
    ----------
    value_added : (N,) V̂
    labour : (N,) L̂
    cost : (N, S) ĉ of the bundle of inputs over productivity, before the number of enterprises
    price : (N, S) P̂ of what a region buys of an industry; one where it buys nothing
    spending : (N, S) X̂; one where nothing is bought
    """

    value_added: Floats
    labour: Floats
    cost: Floats
    price: Floats
    spending: Floats
