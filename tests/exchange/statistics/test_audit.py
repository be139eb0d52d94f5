import numpy as np
import polars as pl
import pytest

from tests.exchange.statistics.drawn_tables import LINKED, cells_in, drawn_case, shown
from yanzhen.exchange.statistics.attack_solver import intervals
from yanzhen.exchange.statistics.audit import audit
from yanzhen.exchange.statistics.cells import Table, cells_of
from yanzhen.exchange.statistics.equations import Contradiction, equations_of
from yanzhen.exchange.statistics.heuristic import protect
from yanzhen.exchange.statistics.hierarchy import Hierarchy, flat
from yanzhen.exchange.statistics.problem import problem_of
from yanzhen.exchange.statistics.published import published_tables
from yanzhen.exchange.statistics.rules import SafetyRule

RULE = SafetyRule()


def test_the_interval_of_a_published_example() -> None:
    """Geurts (1992), table 10, as in Hundepool et al., chapter 4, example 3: from 3 to 6."""
    hierarchies = {"row": flat(("1", "2", "3"), "T"), "column": flat(("1", "2"), "T")}
    figures = {
        **{("1", "T"): 7, ("2", "T"): 3, ("3", "T"): 6, ("T", "T"): 16},
        **{("3", "1"): 3, ("3", "2"): 3, ("T", "1"): 9, ("T", "2"): 7},
    }
    cells = [(row, column) for row in "123T" for column in "12T"]
    table = pl.DataFrame(
        [(*cell, figures.get(cell)) for cell in cells],
        schema=["row", "column", "value"],
        orient="row",
    )
    declared = [Table("t", {"row": None, "column": None})]
    equations = equations_of({"t": table}, "value", hierarchies, declared, 0.0, 0.0)
    found = intervals(equations)
    assert found["1", "1"] == pytest.approx((3.0, 6.0))
    assert found["2", "2"] == pytest.approx((0.0, 3.0))


def test_figures_rounded_leave_wider_intervals() -> None:
    contributions, hierarchies = drawn_case(0)
    cells = cells_in(contributions, hierarchies)
    hidden = protect(problem_of(cells, RULE)).hidden
    widths = []
    for unit in (0.0, 50.0):
        tables = shown(cells, hidden, hierarchies, unit)
        found = intervals(equations_of(tables, "value", hierarchies, LINKED, unit, 0.0))
        keys = cells.keys.rows()
        for place in np.flatnonzero(hidden):
            low, high = found[keys[place]]
            assert low - 1e-6 <= cells.total[place] <= high + 1e-6
        widths.append(sum(high - low for low, high in found.values() if high < np.inf))
    assert widths[0] < widths[1]


def test_hiding_the_sensitive_cells_alone_is_found_out() -> None:
    contributions, hierarchies = drawn_case(6)
    cells = cells_in(contributions, hierarchies)
    primary = problem_of(cells, RULE).primary
    tables = shown(cells, primary, hierarchies)
    assert audit(tables, contributions, hierarchies, LINKED, RULE).findings


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_leak_is_found_and_the_cell_named(seed: int) -> None:
    """One sensitive cell shown in all tables, by whatever mistake."""
    contributions, hierarchies = drawn_case(seed)
    cells = cells_in(contributions, hierarchies)
    hidden = protect(problem_of(cells, RULE)).hidden
    leaked = int(np.flatnonzero(problem_of(cells, RULE).primary)[seed])
    hidden[leaked] = False
    found = audit(shown(cells, hidden, hierarchies), contributions, hierarchies, LINKED, RULE)
    told = {each.cell: each for each in found.findings if each.measure == "value"}
    finding = told[cells.keys.row(leaked)]
    assert finding.low == finding.high == finding.true == pytest.approx(cells.total[leaked])


def three_alone() -> tuple[pl.DataFrame, dict[str, Hierarchy], list[Table]]:
    """Two cells with one enterprise each, hidden, beside two that may be shown."""
    hierarchies = {"region": flat(("a", "b", "c", "d"), "all")}
    alone = [("x", "a", 50.0), ("y", "b", 40.0)]
    many = [(f"{code}{number}", code, 10.0) for code in "cd" for number in range(6)]
    contributions = pl.DataFrame(
        [*alone, *many], schema=["enterprise", "region", "value"], orient="row"
    )
    return contributions, hierarchies, [Table("t", {"region": None})]


def test_a_contributor_alone_in_a_cell_finds_out_the_other() -> None:
    contributions, hierarchies, tables = three_alone()
    cells = cells_of(contributions, hierarchies, tables)
    hidden = np.isin(cells.keys["region"].to_numpy(), ["a", "b"])
    published = published_tables(cells, hidden, hierarchies, tables, 0.0)
    found = audit(published, contributions, hierarchies, tables, RULE)
    by = {(each.cell, each.measure): each for each in found.findings}
    assert by[("a",), "value"].attacker == "y"
    assert by[("b",), "value"].attacker == "x"
    assert by[("a",), "value"].low == pytest.approx(50.0)


def test_the_pattern_keeps_contributors_from_finding_out_each_other() -> None:
    contributions, hierarchies, tables = three_alone()
    cells = cells_of(contributions, hierarchies, tables)
    hidden = protect(problem_of(cells, RULE)).hidden
    assert hidden.sum() > 2
    published = published_tables(cells, hidden, hierarchies, tables, 0.0)
    assert audit(published, contributions, hierarchies, tables, RULE).findings == ()


def four_by_four(parts: dict[tuple[str, str], list[tuple[str, float]]]) -> pl.DataFrame:
    """A row for each contribution to the cells (row, column)."""
    rows = [(who, *cell, value) for cell, of in parts.items() for who, value in of]
    return pl.DataFrame(rows, schema=["enterprise", "row", "column", "value"], orient="row")


SQUARE = {name: flat(tuple("1234"), "T") for name in ("row", "column")}
DECLARED = [Table("t", dict.fromkeys(SQUARE))]


def test_a_contributor_who_keeps_a_cell_from_falling_far_enough_is_tried() -> None:
    """An outsider's interval is wide enough only because the cell falls further than `lower`.

    Hidden 10, 5, 5, 10: the first, of one enterprise, lies between 0 and 15 for an outsider. An
    enterprise with 7 in the last knows it to be 7 or more: 15 − 7 is less than 2 (10 / 0.7 − 10).
    """
    small = {(row, column): f"{row}{column}" for row in "1234" for column in "1234"}
    parts = {cell: [(f"{name}-{n}", 1.0) for n in range(10)] for cell, name in small.items()}
    parts["1", "1"] = [("one", 10.0)]
    parts["1", "2"] = [(f"b{n}", 0.5) for n in range(10)]
    parts["2", "1"] = [(f"c{n}", 0.5) for n in range(10)]
    parts["2", "2"] = [("D", 7.0), *((f"d{n}", 0.5) for n in range(6))]
    contributions = four_by_four(parts)
    cells = cells_of(contributions, SQUARE, DECLARED)
    hidden = np.array([set(key) <= {"1", "2"} for key in cells.keys.rows()])
    published = published_tables(cells, hidden, SQUARE, DECLARED, 0.0)
    found = audit(published, contributions, SQUARE, DECLARED, RULE).findings
    told = {each.cell: each for each in found if each.measure == "value"}["1", "1"]
    assert (told.attacker, told.low, told.high) == ("D", pytest.approx(7.0), pytest.approx(15.0))


def test_a_sum_rounded_to_zero_may_be_anything_below_half_a_unit() -> None:
    small = [(row, column) for row in "1234" for column in "1234"]
    parts = {cell: [(f"{cell}-{n}", 0.7) for n in range(6)] for cell in small}
    parts["1", "1"] = parts["1", "1"][:2]
    contributions = four_by_four(parts)
    cells = cells_of(contributions, SQUARE, DECLARED)
    for hidden in (problem_of(cells, RULE).primary, protect(problem_of(cells, RULE)).hidden):
        published = published_tables(cells, hidden, SQUARE, DECLARED, 10.0)
        equations = equations_of(published, "value", SQUARE, DECLARED, 10.0, 0.0)
        bounds = dict(zip(equations.unknowns, equations.bounds, strict=True))
        assert bounds["4", "4"] == (0.0, 5.0)
        low, high = intervals(equations)["1", "1"]
        assert low <= 1.4 <= high
    assert audit(published, contributions, SQUARE, DECLARED, RULE, 10.0).findings == ()


@pytest.mark.parametrize("factor", [1e-6 / 3, 1e8 / 3])
def test_the_audit_finds_the_same_in_whatever_unit_values_are(factor: float) -> None:
    """Of very uneven size and all their digits, as large as a nation's or far below one."""
    contributions, hierarchies = drawn_case(6)
    noise = np.random.default_rng(1).lognormal(0, 3, contributions.height)
    contributions = contributions.with_columns(pl.Series(noise.round(2) + 0.01).alias("value"))
    attacked = []
    for unit in (1.0, factor):
        scaled = contributions.with_columns(pl.col("value") * unit)
        cells = cells_in(scaled, hierarchies)
        tables = shown(cells, problem_of(cells, RULE).primary, hierarchies)
        found = audit(tables, scaled, hierarchies, LINKED, RULE).findings
        attacked.append({(each.cell, each.measure): each for each in found})
    assert attacked[0].keys() == attacked[1].keys() != set()
    for key, each in attacked[0].items():
        times = factor if key[1] == "value" else 1.0
        assert attacked[1][key].high == pytest.approx(each.high * times, rel=1e-6)


def test_tables_that_contradict_each_other_are_refused() -> None:
    contributions, hierarchies = drawn_case(0)
    cells = cells_in(contributions, hierarchies)
    tables = shown(cells, protect(problem_of(cells, RULE)).hidden, hierarchies)
    name = LINKED[0].name
    tables[name] = tables[name].with_columns(pl.lit(None, pl.Float64).alias("value"))
    with pytest.raises(Contradiction):
        audit(tables, contributions, hierarchies, LINKED, RULE)
