"""Results held against a second computation that shares nothing with ours.

See docs/en/explanation/trust.md.

python benchmarks/independent.py [CONTRACTS] [TABLES]

Prints for each kind of result how many figures were compared and the largest difference.
"""

import sys

import numpy as np
import own_tests  # noqa: F401
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.modes.naive_ledger import naive_settle
from tests.modes.random_contracts import projects, sound_contracts
from tests.whole.recomputed import (
    Agreement,
    chains_by_inverses,
    flows_of_plan,
    indicators_of_diagnosis,
)
from yanzhen.advantage.diagnosis import diagnose
from yanzhen.modes.coconstruction.contract.terms import Contract
from yanzhen.modes.coconstruction.settlement.ledger import settle
from yanzhen.modes.coconstruction.settlement.projects import Projects
from yanzhen.pipeline import plan_study
from yanzhen.study import read_study

PARTS = ("tax", "recovered", "top_up", "dividends", "statistics")


def ledgers(contracts: int) -> Agreement:
    """Ledgers of contracts drawn at random against the naive ledger of the tests."""
    agreement = Agreement()

    @seed(0)
    @settings(
        max_examples=contracts,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(sound_contracts, projects())
    def take(contract: Contract, rows: Projects) -> None:
        ledger, expected = settle([contract], rows), naive_settle(contract, rows)
        for part in PARTS:
            ours, theirs = np.asarray(getattr(ledger, part)), np.asarray(expected[part])
            agreement.compare(part, ours.astype(float), theirs.astype(float))

    take()
    return agreement


def chains(tables: int) -> Agreement:
    """Chains of random multi-regional tables of 2 to 9 regions and 2 to 8 sectors."""
    whole = Agreement()
    for number in range(tables):
        one = chains_by_inverses(number, 2 + number % 8, 2 + number % 7)
        whole.figures += one.figures
        whole.largest_difference = max(whole.largest_difference, one.largest_difference)
    return whole


def main(contracts: int, tables: int) -> int:
    study = read_study("china-provinces")
    results = {
        "flows, arrivals and departures of the example's plan": flows_of_plan(plan_study(study)),
        "indicators and shift-share of the example": indicators_of_diagnosis(diagnose(study)),
        f"ledgers of {contracts:,} random contracts, in fen": ledgers(contracts),
        f"chains of {tables:,} random multi-regional tables": chains(tables),
    }
    for name, agreement in results.items():
        print(f"{name}: {agreement.figures:,} figures, {agreement.largest_difference:.1e} apart")
    return int(any(each.largest_difference > 1e-9 for each in results.values()))


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:]]
    raise SystemExit(main(*[*numbers, *(2_000, 100)[len(numbers) :]]))
