"""A small case of a contract with round figures."""

import numpy as np

from yanzhen.modes.coconstruction.contract.terms import Contract, Period, Split, Terms
from yanzhen.modes.coconstruction.gains.gains import Case
from yanzhen.modes.coconstruction.settlement.projects import one_contract

TERMS = Terms(
    "合成", "SYNTHETIC", tax_kinds=("value_added_tax",), periods=(Period(None, Split(40, 60)),)
)


def small_case(terms: Terms = TERMS, home_rate: float = 0.0, host_rate: float = 0.0) -> Case:
    """One project paying 1,000 a year for three years; outlay 300 and cost 100 in the first."""
    return Case(
        contract=Contract("c", "home", "host", 2020, terms),
        projects=one_contract(
            ("p",),
            2020,
            {"value_added_tax": np.full((1, 3), 1000)},
            outlay=np.array([[300, 0, 0]]),
        ),
        probability_without=np.array([0.2]),
        probability_with=np.array([0.7]),
        tax_lost=np.full((1, 3), 500),
        host_cost=np.array([[100, 0, 0]]),
        home_rate=home_rate,
        host_rate=host_rate,
    )
