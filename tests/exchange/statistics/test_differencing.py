import polars as pl
import pytest

from tests.exchange.statistics.drawn_tables import LINKED, cells_in, drawn, drawn_case, shown
from yanzhen.exchange.statistics.differencing import Version, audit_versions
from yanzhen.exchange.statistics.heuristic import protect
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.problem import problem_of
from yanzhen.exchange.statistics.rules import SafetyRule

RULE = SafetyRule()


def version(name: str, contributions: pl.DataFrame, hierarchies: dict[str, Hierarchy]) -> Version:
    cells = cells_in(contributions, hierarchies)
    tables = shown(cells, protect(problem_of(cells, RULE)), hierarchies)
    return Version(name, tables, contributions, hierarchies, LINKED, 0.0)


def test_the_same_tables_again_tell_nothing_new() -> None:
    contributions, hierarchies = drawn_case(0)
    first, again = (version(name, contributions, hierarchies) for name in ("1", "2"))
    assert audit_versions([first], again, RULE) == ()


def test_one_enterprise_that_is_new_is_told_by_the_difference() -> None:
    contributions, hierarchies = drawn_case(0)
    newcomer = contributions.head(1).with_columns(
        pl.lit("newcomer").alias("enterprise"), pl.lit(77.0).alias("value")
    )
    first = version("first", contributions, hierarchies)
    then = version("then", pl.concat([contributions, newcomer]), hierarchies)
    found = audit_versions([first], then, RULE)
    of_all = next(each for each in found if each.cell == ("R", "I", "S"))
    assert of_all.since == "first"
    assert of_all.low == of_all.high == pytest.approx(77.0)


def test_a_cell_shown_once_stays_told_although_it_is_hidden_now() -> None:
    """What one publication hides to protect a sensitive cell, another showed."""
    contributions, hierarchies = drawn_case(1)
    cells = cells_in(contributions, hierarchies)
    problem = problem_of(cells, RULE)
    careless = shown(cells, problem.primary, hierarchies)
    first = Version("careless", careless, contributions, hierarchies, LINKED, 0.0)
    found = audit_versions([first], version("then", contributions, hierarchies), RULE)
    assert found
    assert all(each.since == "" for each in found)


def test_many_changes_tell_of_no_one_in_the_cells_that_have_them() -> None:
    contributions, hierarchies = drawn_case(0)
    more = drawn(99, hierarchies, 400).with_columns(
        ("new " + pl.col("enterprise")).alias("enterprise")
    )
    first = version("first", contributions, hierarchies)
    then = version("then", pl.concat([contributions, more]), hierarchies)
    told = {each.cell for each in audit_versions([first], then, RULE)}
    assert ("R", "I", "S") not in told
