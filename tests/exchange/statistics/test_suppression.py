from itertools import combinations

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from tests.exchange.statistics.drawn_tables import (
    LINKED,
    cells_in,
    drawn,
    drawn_case,
    shown,
    tree,
)
from yanzhen.exchange.statistics.audit import audit
from yanzhen.exchange.statistics.cells import Table, cells_of
from yanzhen.exchange.statistics.heuristic import Unprotectable, protect
from yanzhen.exchange.statistics.hierarchy import Hierarchy, flat
from yanzhen.exchange.statistics.problem import problem_of
from yanzhen.exchange.statistics.published import published_tables
from yanzhen.exchange.statistics.rules import SafetyRule
from yanzhen.exchange.statistics.suppression import suppress

RULE = SafetyRule()


@pytest.mark.parametrize("seed", range(40))
def test_no_attack_on_linked_tables_finds_an_interval_below_the_rule(seed: int) -> None:
    """Of what the heuristic hides; benchmarks/suppression.py attacks 1,000."""
    contributions, hierarchies = drawn_case(seed)
    cells = cells_in(contributions, hierarchies)
    hidden = protect(problem_of(cells, RULE)).hidden
    unit = 10.0 if seed % 2 else 0.0
    tables = shown(cells, hidden, hierarchies, unit)
    found = audit(tables, contributions, hierarchies, LINKED, RULE, unit)
    assert found.sensitive > 0
    assert found.findings == ()


def small_case(seed: int) -> tuple[pl.DataFrame, dict[str, Hierarchy], list[Table]]:
    hierarchies = {"region": tree("R", (2,)), "industry": tree("I", (2,))}
    return drawn(seed, hierarchies, 25), hierarchies, [Table("t", dict.fromkeys(hierarchies))]


@pytest.mark.parametrize("seed", range(4))
def test_small_tables_are_solved_to_the_optimum(seed: int) -> None:
    """Against every pattern, the lightest first, until the audit finds nothing in one."""
    contributions, hierarchies, tables = small_case(seed)
    cells = cells_of(contributions, hierarchies, tables)
    problem = problem_of(cells, RULE)
    free = np.flatnonzero(~problem.primary)
    patterns = [
        np.array(each, np.int64) for n in range(free.size + 1) for each in combinations(free, n)
    ]
    patterns.sort(key=lambda each: float(problem.weights[each].sum()))

    def holds(further: NDArray[np.int64]) -> bool:
        hidden = problem.primary.copy()
        hidden[further] = True
        published = published_tables(cells, hidden, hierarchies, tables, 0.0)
        return audit(published, contributions, hierarchies, tables, RULE).findings == ()

    best = next(each for each in patterns if holds(each))
    found = suppress(cells, RULE, seconds=60)
    least = problem.weights[problem.primary].sum() + problem.weights[best].sum()
    assert found.loss == pytest.approx(least)
    assert found.gap == pytest.approx(0.0, abs=1e-9)
    assert holds(np.flatnonzero(found.hidden & ~problem.primary))


def test_the_optimum_is_no_worse_than_the_heuristic_and_the_bound_no_better() -> None:
    contributions, hierarchies = drawn_case(3)
    cells = cells_in(contributions, hierarchies)
    problem = problem_of(cells, RULE)
    quick = float(problem.weights[protect(problem).hidden].sum())
    found = suppress(cells, RULE, seconds=60)
    assert found.bound <= found.loss <= quick
    tables = shown(cells, found.hidden, hierarchies)
    assert audit(tables, contributions, hierarchies, LINKED, RULE).findings == ()


def test_a_pattern_is_found_even_when_there_is_no_time_for_a_better_one() -> None:
    contributions, hierarchies = drawn_case(4)
    cells = cells_in(contributions, hierarchies)
    found = suppress(cells, RULE, seconds=0)
    tables = shown(cells, found.hidden, hierarchies)
    assert audit(tables, contributions, hierarchies, LINKED, RULE).findings == ()
    assert 0 < found.bound <= found.loss


def test_tables_without_a_sensitive_cell_are_shown_whole() -> None:
    hierarchies = {"region": flat(("a", "b"), "all")}
    rows = [(f"e{n}", code, 10.0) for code in "ab" for n in range(6)]
    contributions = pl.DataFrame(rows, schema=["enterprise", "region", "value"], orient="row")
    found = suppress(cells_of(contributions, hierarchies, [Table("t", {"region": None})]), RULE)
    assert not found.hidden.any()
    assert (found.loss, found.bound, found.gap) == (0.0, 0.0, 0.0)


def test_a_cell_that_others_shown_before_give_away_cannot_be_protected() -> None:
    contributions, hierarchies = drawn_case(5)
    cells = cells_in(contributions, hierarchies)
    everything = np.ones(len(cells), bool)
    with pytest.raises(Unprotectable) as refused:
        suppress(cells, RULE, shown=everything)
    assert problem_of(cells, RULE).primary[refused.value.cell]


def test_cells_weigh_alike_where_their_number_is_to_be_least() -> None:
    contributions, hierarchies, tables = small_case(1)
    cells = cells_of(contributions, hierarchies, tables)
    found = suppress(cells, RULE, weigh_by="number", seconds=60)
    assert found.loss == found.hidden.sum()
