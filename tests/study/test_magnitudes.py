"""Figures in another unit, told once; figures that are accepted; prices and enterprises."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.study.small import NATION, REGIONS, YEARS, complete, small
from yanzhen.study import Problem, write_study
from yanzhen.study.checking import Checked, checked

Change = Callable[[pl.DataFrame], pl.DataFrame]
LEAVES = pl.col("region") != NATION


def changed(folder: Path, **tables: Change | pl.DataFrame) -> Checked:
    """What is said of the small study with tables changed, or put in."""
    study = small()
    frames = {
        name: complete(name, change)
        if isinstance(change, pl.DataFrame)
        else change(study.tables[name])
        for name, change in tables.items()
    }
    write_study(replace(study, tables={**study.tables, **frames}), folder / "study")
    return checked(folder / "study")


def times(measure: str, factor: float, where: pl.Expr) -> Change:
    figure = pl.col(measure)
    return lambda rows: rows.with_columns(pl.when(where).then(figure * factor).otherwise(figure))


def within(found: tuple[Problem, ...]) -> list[tuple[str, int | None, str]]:
    return [(problem.table, problem.row, problem.column) for problem in found]


@pytest.mark.parametrize("factor", [10.0, 100.0, 1e4])
def test_a_whole_year_in_another_unit_is_told_once(tmp_path: Path, factor: float) -> None:
    last = pl.col("year") == YEARS[1]
    found = changed(tmp_path, activity=times("emissions", factor, last))
    assert within(found.problems) == [("activity", None, "emissions")]
    assert found.problems[0].found.startswith(
        f"{YEARS[0]} and {YEARS[1]} that differ as by a unit: {YEARS[1]} about {factor:,.3g} times"
    )
    assert f"a factor of {factor:,.0f} put right" in found.problems[0].expected
    assert found.warnings == ()


def test_the_unit_that_it_is_likely_in_is_named(tmp_path: Path) -> None:
    last = pl.col("year") == YEARS[1]
    found = changed(tmp_path, activity=times("value_added", 1e-2, last))
    assert "perhaps given in million CNY, in whichever" in found.problems[0].expected
    found = changed(tmp_path / "b", activity=times("emissions", 1e6, last))
    assert "perhaps given in t CO2" in found.problems[0].expected


@pytest.mark.parametrize("year", YEARS)
def test_of_two_years_neither_is_blamed(tmp_path: Path, year: int) -> None:
    found = changed(tmp_path, activity=times("output", 10.0, pl.col("year") == year))
    first, last = YEARS
    ratio = {first: "0.1", last: "10"}[year]
    (problem,) = (each for each in found.problems if each.column == "output")
    assert f"{first} and {last} that differ as by a unit: {last} about {ratio} " in problem.found
    assert "output per person employed: " in problem.found
    assert "whichever of the years is wrong" in problem.expected


@pytest.mark.parametrize("accepted_year", YEARS)
def test_either_of_two_years_may_be_accepted(tmp_path: Path, accepted_year: int) -> None:
    accepted = pl.DataFrame(
        {
            "table": ["activity"],
            "cell": [str(accepted_year)],
            "column": ["emissions"],
            "reason": ["seen"],
        }
    )
    last = pl.col("year") == YEARS[1]
    found = changed(tmp_path, activity=times("emissions", 10.0, last), accepted=accepted)
    assert found.problems == ()


@pytest.mark.parametrize("factor", [0.5, 2.0, 3.0])
def test_growth_and_decline_are_no_other_unit(tmp_path: Path, factor: float) -> None:
    last = pl.col("year") == YEARS[1]
    found = changed(tmp_path, activity=times("emissions", factor, last))
    assert (found.problems, found.warnings) == ((), ())


def test_a_year_that_is_accepted_is_not_told(tmp_path: Path) -> None:
    accepted = pl.DataFrame(
        {
            "table": ["activity"],
            "cell": [str(YEARS[1])],
            "column": ["emissions"],
            "reason": ["seen"],
        }
    )
    last = pl.col("year") == YEARS[1]
    found = changed(tmp_path, activity=times("emissions", 10.0, last), accepted=accepted)
    assert found.problems == ()


def test_a_cell_far_from_its_neighbour_is_a_warning_until_it_is_accepted(tmp_path: Path) -> None:
    cell = (pl.col("region") == REGIONS[0]) & (pl.col("industry") == "13")
    cell &= pl.col("year") == YEARS[1]
    change = times("emissions", 1e-5, cell)
    found = changed(tmp_path / "a", activity=change)
    assert found.problems == ()
    (warning,) = found.warnings
    assert (warning.column, warning.severity) == ("emissions", "warning")
    accepted = pl.DataFrame(
        {
            "table": ["activity"],
            "cell": [f"{REGIONS[0]}; 13; {YEARS[1]}"],
            "column": ["emissions"],
            "reason": ["the plant was closed"],
        }
    )
    found = changed(tmp_path / "b", activity=change, accepted=accepted)
    assert (found.problems, found.warnings) == ((), ())


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("activty", "110000;13;2017", "output"), "table"),
        (("activity", "110000;13;2017", "outputt"), "column"),
        (("activity", "110000;99;2017", "output"), "cell"),
        (("activity", "1999", "output"), "cell"),
    ],
)
def test_what_is_accepted_must_be_there(
    tmp_path: Path, row: tuple[str, str, str], column: str
) -> None:
    names = ("table", "cell", "column")
    accepted = pl.DataFrame({**dict(zip(names, row, strict=True)), "reason": "seen"})
    assert within(changed(tmp_path, accepted=accepted).problems) == [("accepted", 2, column)]


def test_parts_in_another_unit_than_their_total_are_told(tmp_path: Path) -> None:
    found = changed(tmp_path, activity=times("emissions", 100.0, LEAVES))
    assert within(found.problems) == [("activity", None, "emissions")]
    assert found.problems[0].found == "parts that come to 100 times their totals"


def test_a_region_whose_output_per_worker_is_far_off_is_pointed_out(tmp_path: Path) -> None:
    here = pl.col("region") == REGIONS[2]
    found = changed(tmp_path, activity=times("employment", 1e-2, here))
    assert [w.found for w in found.warnings] == [
        f"output per worker of {REGIONS[2]} 100 times the others'"
    ]


def test_zeros_of_a_year_a_region_and_a_column_are_asked_about(tmp_path: Path) -> None:
    last = pl.col("year") == YEARS[1]
    found = changed(tmp_path / "a", activity=times("emissions", 0.0, last))
    assert [w.found for w in found.warnings] == [f"zero as all figures of {YEARS[1]}"]
    here = pl.col("region") == REGIONS[0]
    found = changed(tmp_path / "b", activity=times("emissions", 0.0, here))
    assert [w.found for w in found.warnings] == [f"zero as all figures of {REGIONS[0]}"]
    found = changed(tmp_path / "c", activity=times("emissions", 0.0, pl.lit(True)))
    assert [w.found for w in found.warnings] == ["zero as all its figures"]
    assert found.problems == ()


def enterprises(output: float, count: int = 1) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "enterprise": ["E1", "E2"],
            "industry": ["13", "20"],
            "origin": [REGIONS[0], REGIONS[1]],
            "count": [count, 1],
            "output": [output, 1.0],
            "land": [output, 1.0],
            "status": ["synthetic", "synthetic"],
        }
    )


def test_enterprises_of_a_few_times_their_industry_are_worth_a_look_and_no_more(
    tmp_path: Path,
) -> None:
    """A step between units is at least ten; less may be a list of other years or plants."""
    own = small().tables["activity"].filter(region=REGIONS[0], industry="13")["output"].max()
    found = changed(tmp_path, enterprises=enterprises(5 * float(own)))  # type: ignore[arg-type]
    assert found.problems == ()
    assert any((each.table, each.column) == ("enterprises", "output") for each in found.warnings)


def test_enterprises_larger_than_their_industry_are_told_once(tmp_path: Path) -> None:
    assert changed(tmp_path / "a", enterprises=enterprises(50.0)).problems == ()
    for folder, table in (("b", enterprises(1e5)), ("c", enterprises(50.0, 2000))):
        (problem,) = changed(tmp_path / folder, enterprises=table).problems
        assert (problem.table, problem.row, problem.column) == ("enterprises", 2, "output")
        assert f"13, {REGIONS[0]}" in problem.found


@pytest.mark.parametrize(
    ("resource", "price", "one_off", "eats"),
    [
        ("land", 0.5, False, False),
        ("land", 30.0, False, True),
        ("land", 5.0, True, False),
        ("output", 0.05, False, False),
        ("output", 1.5, False, True),
        ("jobs", 10.0, False, False),
        ("jobs", 10_000.0, False, True),
    ],
)
@pytest.mark.parametrize("column", ["posted_price", "price_floor"])
def test_a_price_that_eats_the_output_is_told(
    tmp_path: Path, resource: str, price: float, one_off: bool, eats: bool, column: str
) -> None:
    resources = pl.DataFrame(
        {
            "place": REGIONS[0],
            "resource": resource,
            column: price,
            "one_off": one_off,
            "status": "synthetic",
        }
    )
    found = changed(tmp_path, enterprises=enterprises(50.0), resources=resources)
    assert within(found.problems) == ([("resources", 2, column)] if eats else [])


@pytest.mark.parametrize(("price", "eats"), [(0.004, False), (4.0, True)])
def test_a_price_is_held_against_what_intensities_say(
    tmp_path: Path, price: float, eats: bool
) -> None:
    # 1.5 million CNY of output a mu: a hectare makes 22.5 million, 0.225 of the study's unit.
    intensities = pl.DataFrame(
        {
            "industry": ["13", "20"],
            "resource": "land",
            "amount": 150.0,
            "unit": "10,000 CNY per mu",
            "status": "synthetic",
        }
    )
    resources = pl.DataFrame(
        {
            "place": REGIONS[0],
            "resource": "land",
            "posted_price": price,
            "status": "synthetic",
        }
    )
    found = changed(tmp_path, intensities=intensities, resources=resources)
    assert within(found.problems) == ([("resources", 2, "posted_price")] if eats else [])


def test_a_wage_in_another_unit_is_pointed_out(tmp_path: Path) -> None:
    prices = pl.DataFrame(
        {
            "place": REGIONS,
            "factor": "wage",
            "year": [2017] * len(REGIONS),
            "price": [62_000.0, 71_000.0, 5.5, 48_000.0, 51_000.0],
            "unit": "CNY per year",
            "status": "synthetic",
        }
    )
    warnings = changed(tmp_path, factor_prices=prices).warnings
    assert ("factor_prices", 4, "price") in within(warnings)
