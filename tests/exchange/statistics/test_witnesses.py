"""Hypercubes as patterns, and deviations as witnesses that the audit checks by arithmetic."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.exchange.statistics.drawn_tables import LINKED, cells_in, drawn, drawn_case, shown, tree
from yanzhen.exchange.statistics.audit import audit
from yanzhen.exchange.statistics.cells import Table, cells_of
from yanzhen.exchange.statistics.heuristic import Pattern, protect
from yanzhen.exchange.statistics.problem import problem_of
from yanzhen.exchange.statistics.published import published_tables
from yanzhen.exchange.statistics.rules import SafetyRule
from yanzhen.exchange.statistics.suppression import witnesses_of

RULE = SafetyRule()
CUBE = {"region": tree("R", (2, 3)), "industry": tree("I", (2, 3)), "state": tree("S", (4,))}
WHOLE = [Table("whole", dict.fromkeys(CUBE))]


@pytest.mark.parametrize("seed", range(12))
def test_programmes_find_nothing_in_what_hypercubes_protect(seed: int) -> None:
    """The audit gets no witnesses: linear programmes alone attack."""
    contributions, hierarchies = drawn_case(seed)
    cells = cells_in(contributions, hierarchies)
    pattern = protect(problem_of(cells, RULE), by_looking=0)
    unit = 10.0 if seed % 2 else 0.0
    tables = shown(cells, pattern.hidden, hierarchies, unit)
    found = audit(tables, contributions, hierarchies, LINKED, RULE, unit)
    assert found.witnessed == 0 < found.programmes
    assert found.findings == ()


def cube(seed: int) -> tuple[pl.DataFrame, Pattern]:
    contributions = drawn(seed, CUBE, 400)
    return contributions, protect(
        problem_of(cells_of(contributions, CUBE, WHOLE), RULE), by_looking=0
    )


def test_hypercubes_keep_every_sum_exactly_and_move_hidden_cells_only() -> None:
    contributions, pattern = cube(1)
    cells = cells_of(contributions, CUBE, WHOLE)
    whole_steps = 0
    for deviations in pattern.deviations.values():
        for each in deviations:
            moves = np.zeros(len(cells))
            moves[each.cells] = each.moves
            if (np.abs(each.moves) == 1).all():
                whole_steps += 1
                assert not (cells.relations @ moves).any()
            assert pattern.hidden[each.cells].all()
    assert whole_steps > 50


def test_witnesses_spare_the_programmes_and_prove_no_more_than_they_do() -> None:
    contributions, pattern = cube(2)
    cells = cells_of(contributions, CUBE, WHOLE)
    tables = published_tables(cells, pattern.hidden, CUBE, WHOLE, 0.0)
    witnesses = witnesses_of(pattern, cells)
    given = audit(tables, contributions, CUBE, WHOLE, RULE, witnesses=witnesses)
    assert given.findings == ()
    assert given.witnessed == given.sensitive > 100
    assert given.programmes == 0
    # A cell of four alike is the hardest to tell apart: 2 × 15 % of a quarter of it.
    assert given.narrowest is not None
    assert given.narrowest >= 2 * RULE.closeness / (RULE.least - 1)


@pytest.mark.parametrize("seed", range(3))
def test_witnesses_for_other_tables_hide_no_leak(seed: int) -> None:
    """A hidden cell is shown by mistake: what was found for the right tables does not cover it."""
    contributions, hierarchies = drawn_case(seed)
    cells = cells_in(contributions, hierarchies)
    problem = problem_of(cells, RULE)
    pattern = protect(problem, by_looking=0)
    witnesses = witnesses_of(pattern, cells)
    leaks = 0
    for cell in np.flatnonzero(pattern.hidden & ~problem.primary)[:4].tolist():
        hidden = pattern.hidden.copy()
        hidden[cell] = False
        tables = shown(cells, hidden, hierarchies)
        believed = audit(tables, contributions, hierarchies, LINKED, RULE, witnesses=witnesses)
        sought = audit(tables, contributions, hierarchies, LINKED, RULE)
        assert {each.cell for each in believed.findings} == {each.cell for each in sought.findings}
        leaks += len(sought.findings)
    assert leaks > 0


def test_false_witnesses_prove_nothing() -> None:
    contributions, _ = cube(1)
    cells = cells_of(contributions, CUBE, WHOLE)
    problem = problem_of(cells, RULE)
    tables = published_tables(cells, problem.primary, CUBE, WHOLE, 0.0)
    keys = cells.keys.rows()
    alone = {"value": [{keys[cell]: 1.0} for cell in np.flatnonzero(problem.primary)]}
    honest = audit(tables, contributions, CUBE, WHOLE, RULE)
    told = audit(tables, contributions, CUBE, WHOLE, RULE, witnesses=alone)
    assert told.witnessed == 0
    assert len(told.findings) == len(honest.findings) > 0


def test_a_witness_counts_for_nobody_who_is_alone_in_a_cell_that_it_moves() -> None:
    """Two sellers in a square: each knows what is in his cell, and so what is in the other's."""
    square = {"region": tree("R", (2,)), "industry": tree("I", (2,))}
    table = [Table("square", dict.fromkeys(square))]
    rows = [("one", "R0", "I0", 40.0), ("two", "R0", "I1", 50.0)]
    rows += [(f"{place}{n}", "R1", f"I{place}", 30.0) for place in range(2) for n in range(6)]
    contributions = pl.DataFrame(
        rows, schema=["enterprise", "region", "industry", "value"], orient="row"
    )
    cells = cells_of(contributions, square, table)
    hidden = np.array([len(key[0]) > 1 and len(key[1]) > 1 for key in cells.keys.rows()])
    tables = published_tables(cells, hidden, square, table, 0.0)
    swap = {("R0", "I0"): 1.0, ("R0", "I1"): -1.0, ("R1", "I0"): -1.0, ("R1", "I1"): 1.0}
    rule = replace(RULE, least=2)
    found = audit(tables, contributions, square, table, rule, witnesses={"value": [swap]})
    told = {(each.cell, each.attacker) for each in found.findings if each.measure == "value"}
    assert {(("R0", "I0"), "two"), (("R0", "I1"), "one")} <= told
