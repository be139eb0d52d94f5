"""Demand at given prices: all that the solver asks of the enterprises, wherever they are held.

A provider holds the enterprises of one market, sorted by cell, and passes over all of them. What it
must keep to, and `tests/market/large/test_demand_providers.py` holds every one to:

- a pass is a function of the quote alone: the same quote gives the same bits, whatever was asked
  before, by whatever number of threads or workers;
- demand differs from that in double precision by no more than the payoffs' precision explains, so
  that prices cleared to a tolerance by any two lie within 1e-8 of one another once it is small;
- choices are kept where, and only where, `keep` is at most 1, and `choice_model` is then asked for
  before the next pass, if at all. A provider that keeps none says so by `keeps_choices`, and the
  curvature comes from a sample.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from yanzhen.market.large.curvature import ChoiceModel, choice_model
from yanzhen.market.large.demand_pass import (
    Demand,
    Enterprises,
    Terms,
    evaluate_demand,
    terms_at,
)
from yanzhen.market.problem.market import Floats, Market


@dataclass(frozen=True)
class Quote:
    """Prices of one pass, and the scale at which enterprises answer to them.

    Attributes
    ----------
    premium : (J, R) p̃_jr, those of groups added
    constants : (M,) a_m
    sigma : scale of the taste
    split : whether what premiums lose by rounding to single precision is a term of its own
    """

    premium: Floats
    constants: Floats
    sigma: float
    split: bool


class DemandProvider(Protocol):
    """Enterprises of a market, who answer to prices.

    Attributes
    ----------
    count : enterprises
    precision : relative spacing of payoffs
    keeps_choices : whether choices can be kept for the curvature
    """

    @property
    def count(self) -> int: ...
    @property
    def precision(self) -> float: ...
    @property
    def keeps_choices(self) -> bool: ...

    def evaluate(self, quote: Quote, keep: float) -> Demand:
        """Pass over all pairs of enterprises and sites.

        Parameters
        ----------
        quote : the prices
        keep : probability from which all choices are kept for the curvature, and smaller ones by
            chance; none where it is above 1
        """
        ...

    def choice_model(self) -> ChoiceModel:
        """Choices kept by the last pass, and how they answer to a change of prices."""
        ...


Provide = Callable[[Market, Enterprises], DemandProvider]
"""Makes the provider of all enterprises from the market and its enterprises as `pack` lays them
out, in single or double precision by their dtype. The market's own rows are not in that order."""


def terms_of(
    market: Market,
    quote: Quote,
    precision: type[np.float32] | type[np.float64],
    before: Terms | None = None,
) -> Terms:
    """Lay a quote out for the pass, taking base payoffs over from terms at the same scale."""
    base = before.base if before is not None and before.sigma == quote.sigma else None
    return terms_at(
        market, quote.premium, quote.constants, quote.sigma, precision, quote.split, base
    )


class ThreadedDemand:
    """Enterprises in memory, passed over by the threads of this machine.

    Parameters
    ----------
    market : the market
    enterprises : some of its enterprises, or all
    threads : threads to use, all of the machine's unless told; the result does not depend on it
    """

    keeps_choices = True

    def __init__(self, market: Market, enterprises: Enterprises, threads: int | None) -> None:
        self.market = market
        self.enterprises = enterprises
        self.threads = threads
        self.count = enterprises.count
        self.precision = float(np.finfo(enterprises.mass.dtype).eps)
        self._terms: Terms | None = None
        self._passed: Demand | None = None

    def evaluate(self, quote: Quote, keep: float) -> Demand:
        precision = self.enterprises.mass.dtype.type
        self._terms = terms_of(self.market, quote, precision, self._terms)
        self._passed = evaluate_demand(
            self.enterprises, self._terms, keep=keep, threads=self.threads
        )
        return self._passed

    def choice_model(self) -> ChoiceModel:
        assert self._terms is not None and self._passed is not None
        return choice_model(self.enterprises, self._terms, self._passed.choices)
