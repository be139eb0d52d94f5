import numpy as np
import polars as pl
import pytest

from tests.exchange.statistics.drawn_tables import LINKED, cells_in, drawn_case, shown
from yanzhen.exchange.statistics import differencing
from yanzhen.exchange.statistics.attack_solver import AttackSolver, NoTruth
from yanzhen.exchange.statistics.cells import Table, cells_of
from yanzhen.exchange.statistics.differencing import Version, audit_versions
from yanzhen.exchange.statistics.heuristic import protect
from yanzhen.exchange.statistics.hierarchy import Hierarchy, flat
from yanzhen.exchange.statistics.problem import problem_of
from yanzhen.exchange.statistics.published import published_tables
from yanzhen.exchange.statistics.rules import SafetyRule

RULE = SafetyRule()


def version(
    name: str,
    contributions: pl.DataFrame,
    hierarchies: dict[str, Hierarchy],
    careless: bool = False,
) -> Version:
    """Tables of which the needed cells are hidden, or the sensitive ones alone."""
    cells = cells_in(contributions, hierarchies)
    problem = problem_of(cells, RULE)
    tables = shown(cells, problem.primary if careless else protect(problem).hidden, hierarchies)
    return Version(name, tables, contributions, hierarchies, LINKED, 0.0)


def test_the_same_tables_again_tell_nothing_new() -> None:
    contributions, hierarchies = drawn_case(0)
    first, again = (version(name, contributions, hierarchies) for name in ("1", "2"))
    assert audit_versions([first], again, RULE) == ()


def test_the_order_of_rows_is_no_difference() -> None:
    """Of values whose sums as doubles depend on the order in which they are added."""
    contributions, hierarchies = drawn_case(0)
    contributions = contributions.with_columns(
        pl.col("value") / 7,
        pl.concat_str(pl.lit("e"), pl.int_range(pl.len()) % 20).alias("enterprise"),
    )
    first = version("1", contributions, hierarchies)
    again = version("2", contributions.reverse(), hierarchies)
    for name, table in first.published.items():
        assert table.equals(again.published[name])
    assert audit_versions([first], again, RULE) == ()


def newcomers(count: int) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, Hierarchy]]:
    """Contributions, the same and those of enterprises that are new in one cell, hierarchies."""
    contributions, hierarchies = drawn_case(0)
    new = contributions.head(1).select(
        pl.lit([f"newcomer {n}" for n in range(count)]).alias("enterprise"),
        *(pl.col(each) for each in hierarchies),
        pl.lit(77.0).alias("value"),
    )
    return contributions, pl.concat([contributions, new.explode("enterprise")]), hierarchies


@pytest.mark.parametrize("count", [1, 4])
def test_enterprises_that_are_new_and_too_few_are_told_by_the_difference(count: int) -> None:
    contributions, more, hierarchies = newcomers(count)
    first = version("first", contributions, hierarchies)
    found = audit_versions([first], version("then", more, hierarchies), RULE)
    of_all = next(each for each in found if each.cell == ("R", "I", "S"))
    assert of_all.since == "first"
    assert of_all.low == of_all.high == pytest.approx(77.0 * count)


def test_as_many_that_are_new_as_the_rule_asks_for_are_told_of_nowhere() -> None:
    contributions, more, hierarchies = newcomers(RULE.least)
    first = version("first", contributions, hierarchies)
    found = audit_versions([first], version("then", more, hierarchies), RULE)
    assert not [each for each in found if each.since]


def test_a_cell_shown_once_stays_told_although_it_is_hidden_now() -> None:
    """What one publication hides to protect a sensitive cell, another showed."""
    contributions, hierarchies = drawn_case(1)
    first = version("careless", contributions, hierarchies, careless=True)
    found = audit_versions([first], version("then", contributions, hierarchies), RULE)
    assert [each for each in found if each.low == pytest.approx(each.high)]
    assert all(each.since == "" for each in found)


def test_a_total_shown_once_stays_known_although_it_is_rounded_now() -> None:
    """The total of a and b is 580: shown so first, with the parts and rounded to 50 then.

    By itself the second leaves a between 50 and 150; with the first between 55 and 105, 25 above
    its 80, where 80 / 0.7 − 80 is asked.
    """
    parents = {"all": None, "m": "all", "n": "all", "a": "m", "b": "m", "c": "n"}
    hierarchies = {"region": Hierarchy(parents, {})}
    rows = [("one", "a", 80.0)]
    rows += [
        (f"{code}{n}", code, value)
        for code, value in (("b", 50.0), ("c", 60.0))
        for n in "0123456789"
    ]
    contributions = pl.DataFrame(rows, schema=["enterprise", "region", "value"], orient="row")
    versions = []
    for levels, unit in ((1, 0.0), (None, 50.0)):
        tables = [Table("t", {"region": levels})]
        cells = cells_of(contributions, hierarchies, tables)
        hidden = cells.keys["region"].to_numpy() == "a"
        published = published_tables(cells, hidden, hierarchies, tables, unit)
        versions.append(Version(f"{unit}", published, contributions, hierarchies, tables, unit))
    by_itself = audit_versions([], versions[1], RULE)
    both = audit_versions(versions[:1], versions[1], RULE)
    assert [each for each in by_itself if each.measure == "value"] == []
    (told,) = (each for each in both if each.measure == "value")
    assert (told.cell, told.low, told.high) == (("a",), pytest.approx(55), pytest.approx(105))


def test_sums_rounded_to_zero_are_attacked_too() -> None:
    hierarchies = {"region": flat(("a", "b", "c"), "all")}
    tables = [Table("t", {"region": None})]
    rows = [(f"{code}{n}", code, 0.7) for code in "abc" for n in range(6)]
    contributions = pl.DataFrame(rows, schema=["enterprise", "region", "value"], orient="row")
    versions = []
    for name, given in (("1", contributions), ("2", contributions[1:])):
        cells = cells_of(given, hierarchies, tables)
        published = published_tables(cells, np.zeros(len(cells), bool), hierarchies, tables, 10.0)
        versions.append(Version(name, published, given, hierarchies, tables, 10.0))
    found = audit_versions(versions[:1], versions[1], RULE)
    assert {(each.measure, each.since) for each in found} == {("records", "1")}


def test_figures_that_cannot_be_of_the_same_records_are_not_attacked_in_silence() -> None:
    contributions, hierarchies = drawn_case(0)
    first = version("first", contributions.with_columns(pl.col("value") * 2), hierarchies)
    wrong = Version("1", first.published, contributions, hierarchies, LINKED, 0.0)
    with pytest.raises(NoTruth, match="all publications"):
        audit_versions([wrong], version("then", contributions, hierarchies), RULE)


@pytest.mark.parametrize("careless", [False, True])
def test_ways_that_are_kept_spare_programmes_and_hide_no_leak(
    careless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against attacks of which each has programmes of its own."""
    contributions, more, hierarchies = newcomers(2)
    versions = [
        version(name, each, hierarchies, careless)
        for name, each in (("1", contributions), ("2", more))
    ]
    solved = []
    most = AttackSolver.most
    monkeypatch.setattr(AttackSolver, "most", lambda *asked: (solved.append(1), most(*asked))[1])

    def attacked() -> tuple[dict[tuple[object, ...], tuple[float, float]], int]:
        solved.clear()
        found = audit_versions(versions[:1], versions[1], RULE)
        told = {(each.cell, each.measure, each.since): (each.low, each.high) for each in found}
        return told, len(solved)

    told, programmes = attacked()
    monkeypatch.setattr(differencing._Attack, "_proved", lambda *_: False)
    sought, each_programmes = attacked()
    assert told.keys() == sought.keys()
    assert told
    for key, interval in told.items():
        assert interval == pytest.approx(sought[key], rel=1e-5, abs=1e-4)
    # Where only the sensitive cells are hidden, nothing is proved.
    assert programmes < each_programmes or careless
