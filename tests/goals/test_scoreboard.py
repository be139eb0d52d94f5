"""The scoreboard of the example, every number computed again from its files; what is missing."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from math import log
from pathlib import Path
from statistics import fmean, quantiles

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.study.small import complete, small
from yanzhen.goals.figures import figures_of
from yanzhen.goals.outlook import outlook_of
from yanzhen.goals.scoreboard import SCOREBOARD, Goals, family_totals, goals, scoreboard
from yanzhen.goals.vintages import Vintage, read_vintage, revisions, scores
from yanzhen.market.equilibrium.cleared_study import ClearedStudy, clear_study
from yanzhen.market.plan.draws import SEED
from yanzhen.market.plan.uncertainty import Uncertainty, uncertainty
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.study import Study, StudyError, WantOfData, read_study
from yanzhen.study.formulas import Formula
from yanzhen.study.goal_indicators import indicators_of_goals

FOLDER = files("yanzhen.study").joinpath("examples", "china_provinces")
RECEIVING = ("Central", "West", "Northeast")


@pytest.fixture(scope="module")
def cleared() -> ClearedStudy:
    return clear_study(study_inputs(read_study("china-provinces")))


@pytest.fixture(scope="module")
def drawn(cleared: ClearedStudy) -> Uncertainty:
    return uncertainty(cleared, SEED, 4, lambda share: None)


@pytest.fixture(scope="module")
def board(cleared: ClearedStudy, drawn: Uncertainty) -> Goals:
    return scoreboard(cleared.inputs.study, outlook_of(cleared, drawn))


def rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(FOLDER.joinpath(f"{name}.csv").read_text("utf-8").splitlines())


@pytest.fixture(scope="module")
def again() -> dict[tuple[str, int], float]:
    """Every value of the scoreboard, computed from the files with nothing of the package."""
    macro = {row["region"]: row["macro_region"] for row in rows("regions") if row["parent"]}
    industries = [row for row in rows("industries") if row["sector"] == "manufacturing"]
    wholes = {row["parent"] for row in industries}
    kind = {row["industry"]: row["class"] for row in industries if row["industry"] not in wholes}
    given: dict[str, dict[tuple[str, str, int], float]] = {}
    for table in ("activity", "trade"):
        for row in rows(table):
            if row["region"] in macro and row["industry"] in kind:
                for column in set(row) - {"region", "industry", "year"}:
                    if row[column]:
                        at = row["region"], row["industry"], int(row["year"])
                        given.setdefault(column, {})[at] = float(row[column])
    found: dict[tuple[str, int], float] = {}

    def share(name: str, top: str, bottom: str, places=None, kinds=None, factor=100.0) -> None:
        """Top over bottom, or a part of the cells over all, on the cells known throughout."""
        years = {y for *_, y in given[top]} & {y for *_, y in given[bottom]}
        cells = {
            (r, i)
            for r in macro
            for i in kind
            if all((r, i, y) in given[c] for c in (top, bottom) for y in years)
        }
        of = {cell for cell in cells if kinds is None or kind[cell[1]] in kinds}
        part = {cell for cell in of if places is None or macro[cell[0]] in places}
        for year in years:
            above = sum(given[top][(*cell, year)] for cell in part)
            found[name, year] = factor * above / sum(given[bottom][(*cell, year)] for cell in of)

    share("receiving_share", "output", "output", RECEIVING)
    for place in RECEIVING:
        share(f"{place.lower()}_share", "output", "output", (place,))
    for name in ("labour", "technology"):
        share(f"{name}_receiving_share", "output", "output", RECEIVING, (name,))
    share("energy_west_share", "output", "output", ("West",), ("energy",))
    share("export_share", "exports", "output")
    share("purchases_from_other_regions", "inflow", "output")
    share("value_added_rate", "value_added", "output")
    share("emissions_per_output", "emissions", "output", factor=1.0)
    years = (2007, 2012, 2015, 2017)
    cells = [
        (r, i) for r in macro for i in kind if all((r, i, y) in given["output"] for y in years)
    ]
    for year in years:
        by_region = {r: sum(given["output"][c, i, year] for c, i in cells if c == r) for r in macro}
        whole = sum(by_region.values())
        found["concentration", year] = sum((x / whole) ** 2 for x in by_region.values())
    heads = {(row["indicator"], row["region"], int(row["year"])): float(row["value"])
             for row in rows("indicators")}  # fmt: skip
    for year in (2012, 2017, 2019):
        gdp, people = ({r: heads[name, r, year] for r in macro} for name in ("gdp", "population"))
        g, p = sum(gdp.values()), sum(people.values())
        found["inequality", year] = sum(
            gdp[r] / g * log(gdp[r] / g / (people[r] / p)) for r in macro
        )
        between = 0.0
        for place in set(macro.values()):
            own = [r for r in macro if macro[r] == place]
            a, b = sum(gdp[r] for r in own) / g, sum(people[r] for r in own) / p
            between += a * log(a / b)
        found["inequality_between", year] = between
    return found


def test_every_value_is_that_computed_again(
    board: Goals, again: dict[tuple[str, int], float]
) -> None:
    shown = {(code, year): value for code, year, value, *_ in board.values.iter_rows()}
    assert shown.keys() == again.keys()
    assert shown == pytest.approx(again, rel=1e-12)


def test_the_board_stands_on_the_first_and_the_last_year(
    board: Goals, again: dict[tuple[str, int], float]
) -> None:
    of = dict(board.definitions.select("indicator", "direction").iter_rows())
    family: dict[str, list[float | None]] = {}
    for row in board.scoreboard.iter_rows(named=True):
        years = sorted(year for code, year in again if code == row["indicator"])
        if not years:
            assert row["now"] is None and row["needs"]
            continue
        assert (row["now_year"], row["now"]) == (
            years[-1],
            pytest.approx(again[row["indicator"], years[-1]]),
        )
        if len(years) > 1:
            assert (row["base_year"], row["base"]) == (
                years[0],
                pytest.approx(again[row["indicator"], years[0]]),
            )
            assert row["change"] == pytest.approx(row["now"] - row["base"])
            sign = {"up": 1, "down": -1, "": None}[of[row["indicator"]]]
            directed = sign and sign * log(row["now"] / row["base"])
            assert row["directed"] == (directed and pytest.approx(directed))
            family.setdefault(row["family"], []).append(directed)
        else:
            assert row["base"] is None and row["change"] is None
            family.setdefault(row["family"], []).append(None)
    for row in board.families.iter_rows(named=True):
        moved = family.get(row["family"], [])
        assert row["known"] == len(moved)
        known = [each for each in moved if each is not None]
        assert row["directed"] == (pytest.approx(fmean(known)) if known else None)


def test_what_has_no_data_stands_there_with_the_table_that_it_needs(board: Goals) -> None:
    missing = board.scoreboard.filter(pl.col("now").is_null())
    assert dict(missing.select("indicator", "needs").iter_rows()) == {
        "policies_in_force": "policies",
        "tax_burden": "activity.tax",
        "receiving_output_per_worker": "activity.employment",
        "foreign_investment_used": "foreign_investment.amount",
        "foreign_receiving_share": "foreign_investment.amount",
        "energy_per_output": "activity.energy",
        "agreements_in_force": "agreements",
    }
    assert board.families.filter(family="policy_environment")["directed"].to_list() == [None]


def test_only_output_has_a_plan_and_its_interval_is_over_the_draws(board: Goals) -> None:
    planned = board.scoreboard.drop_nulls("plan")
    assert set(planned["plan_year"]) == {2022} and board.draws == 4
    assert "inequality" not in planned["indicator"] and planned.height == 8
    assert (planned["plan_low"] < planned["plan_high"]).all()
    assert board.scoreboard["target"].null_count() == board.scoreboard.height


def plan_and_draws(
    cleared: ClearedStudy, drawn: Uncertainty
) -> Iterator[dict[tuple[str, str], float]]:
    """What comes less what leaves of each region and industry: of the plan, then of each draw."""
    at = dict(cleared.formulation.room.sites.select("site", "region").iter_rows())
    net: dict[tuple[str, str], float] = {}
    blocks = zip(
        cleared.formulation.blocks.select("origin", "industry").iter_rows(),
        cleared.formulation.market.mass.tolist(),
        cleared.clearing.choice.probability.tolist(),
        strict=True,
    )
    for (origin, industry), size, chances in blocks:
        for place, chance in zip(at.values(), chances, strict=True):
            net[place, industry] = net.get((place, industry), 0.0) + size * chance
            net[origin, industry] = net.get((origin, industry), 0.0) - size * chance
    yield net
    for draw in range(drawn.draws):
        net = {}
        for _, industry, site, size in drawn.arrivals.filter(draw=draw).iter_rows():
            net[at[site], industry] = net.get((at[site], industry), 0.0) + size
        for _, industry, origin, size in drawn.leaving.filter(draw=draw).iter_rows():
            net[origin, industry] = net.get((origin, industry), 0.0) - size
        yield net


def test_the_plan_and_its_interval_are_those_computed_again(
    board: Goals, cleared: ClearedStudy, drawn: Uncertainty
) -> None:
    """Sizes of 2017 with what moves, from the files and the market, with nothing of `goals`."""
    macro = {row["region"]: row["macro_region"] for row in rows("regions")}
    kind = {row["industry"]: row["class"] for row in rows("industries")}
    size_in = {(row["region"], row["industry"], row["year"]): float(row["output"])
               for row in rows("activity") if row["output"]}  # fmt: skip
    cells = [
        (place, industry)
        for place in macro
        for industry in kind
        if all((place, industry, year) in size_in for year in ("2007", "2012", "2015", "2017"))
    ]
    assert sorted(board.plan_cells.iter_rows()) == sorted(cells)
    parts = {
        "receiving_share": (RECEIVING, None),
        **{f"{place.lower()}_share": ((place,), None) for place in RECEIVING},
        **{f"{name}_receiving_share": (RECEIVING, name) for name in ("labour", "technology")},
        "energy_west_share": (("West",), "energy"),
    }
    again: dict[str, list[float]] = {"concentration": [], **{name: [] for name in parts}}
    for net in plan_and_draws(cleared, drawn):
        size = {cell: size_in[*cell, "2017"] + net.get(cell, 0.0) for cell in cells}
        whole = sum(size.values())
        by_region = {place: sum(size[c] for c in cells if c[0] == place) for place, _ in cells}
        again["concentration"].append(sum((x / whole) ** 2 for x in by_region.values()))
        for name, (places, only) in parts.items():
            of = [cell for cell in cells if only in (None, kind[cell[1]])]
            above = sum(size[cell] for cell in of if macro[cell[0]] in places)
            again[name].append(100 * above / sum(size[cell] for cell in of))
    planned = {row["indicator"]: row for row in board.scoreboard.drop_nulls("plan").to_dicts()}
    assert planned.keys() == again.keys()
    for name, (plan, *draws) in again.items():
        row = planned[name]
        low, *_, high = quantiles(draws, n=20, method="inclusive")
        found = row["plan"], row["plan_low"], row["plan_high"]
        assert found == pytest.approx((plan, low, high), rel=1e-9), name
        assert plan != pytest.approx(row["now"], rel=1e-6), name


ROWS = st.lists(
    st.tuples(st.sampled_from(["layout", "global_factors"]), st.floats(-1, 1) | st.none()),
    min_size=1,
)


@settings(max_examples=30)
@given(ROWS)
def test_a_missing_indicator_changes_no_total(known: list[tuple[str, float | None]]) -> None:
    def frame(rows: list[tuple[str, float | None]], missing: int) -> pl.DataFrame:
        there = [{"family": f, "directed": d, "now": 1.0} for f, d in rows]
        none = [{"family": "layout"} for _ in range(missing)]
        return SCOREBOARD.frame({**dict.fromkeys(SCOREBOARD), **row} for row in [*there, *none])

    without, beside = (family_totals(frame(known, missing)) for missing in (0, 3))
    assert without["directed"].to_list() == beside["directed"].to_list()
    assert without["known"].to_list() == beside["known"].to_list()
    assert (beside["missing"] - without["missing"]).sum() == 3


def with_targets(study: Study, *rows: tuple[str, str | None, int, float]) -> Study:
    frame = pl.DataFrame(
        [(f"t{n}", *row, "SYNTHETIC") for n, row in enumerate(rows)],
        schema=["target", "indicator", "region", "year", "value", "source"],
        orient="row",
    )
    return replace(study, tables={**study.tables, "targets": complete("targets", frame)})


def test_targets_of_the_nation_and_of_a_region_are_reckoned_from_the_last_figure(
    board: Goals,
) -> None:
    study = with_targets(
        board.study,
        ("central_share", None, 2025, 30.0),
        ("value_added_rate", "340000", 2017, 1.0),
        ("foreign_investment_used", None, 2025, 1.0),
    )
    found = scoreboard(study, ("none", "无"))
    row = found.scoreboard.filter(indicator="central_share").row(0, named=True)
    assert row["distance"] == pytest.approx(30.0 - row["now"])
    assert row["path_needed"] == pytest.approx(row["distance"] / 8)
    of = {row["indicator"]: row for row in found.targets.iter_rows(named=True)}
    assert of["value_added_rate"]["met"] and of["value_added_rate"]["path_needed"] is None
    assert of["value_added_rate"]["now"] != pytest.approx(22.25, abs=0.1)
    assert of["foreign_investment_used"]["now"] is None
    assert not of["central_share"]["met"]
    assert found.no_plan[0] and found.scoreboard["plan"].null_count() == found.scoreboard.height


def test_a_study_in_employment_has_shares_of_employment_and_a_plan_of_them() -> None:
    of_output = goals(small(), 2)
    activity = (
        small()
        .tables["activity"]
        .with_columns(employment="output", employment_status="output_status")
    )
    only = activity.with_columns(
        pl.lit(None, activity[name].dtype).alias(name)
        for name in ("output", "value_added", "output_status")
    )
    study = small()
    study = replace(
        study,
        tables={**study.tables, "activity": only},
        about=replace(study.about, size="employment"),
    )
    of_jobs = goals(study, 2)
    share = pl.col("indicator") == "central_share"
    one, other = (each.scoreboard.filter(share).row(0, named=True) for each in (of_jobs, of_output))
    assert (one["base"], one["now"]) == (other["base"], other["now"])
    assert one["plan"] is not None and not of_jobs.no_plan[0]
    needs = dict(of_jobs.scoreboard.select("indicator", "needs").iter_rows())
    assert needs["value_added_rate"] == "activity.value_added; activity.output"
    own, size = study.tables["goal_indicators"], study.about.measured_by
    named = {each.code: each for each in indicators_of_goals(own, size)}
    assert named["central_share"].names == ("Employment in Central", "中部就业比重")
    assert "activity.employment" in named["central_share"].text
    assert "activity.output" in named["value_added_rate"].text


def test_what_was_revised_and_what_was_foreseen_is_held_against_the_new_year(
    board: Goals,
) -> None:
    old = board.scoreboard.with_columns(plan_year=pl.lit(2017, pl.Int64))
    narrow = pl.col("indicator") == "central_share"
    old = old.with_columns(plan_low=pl.when(narrow).then(0.0).otherwise("plan_low"))
    old = old.with_columns(plan_high=pl.when(narrow).then(99.0).otherwise("plan_high"))
    before = board.values.with_columns(
        value=pl.when(indicator="inequality", year=2012).then(0.5).otherwise("value")
    )
    vintage = Vintage(old, before, board.plan_cells)
    changed = revisions(vintage, board.values)
    assert changed.select("indicator", "year", "before").rows() == [("inequality", 2012, 0.5)]
    assert changed["revised"][0] == pytest.approx(0.071421 - 0.5, abs=1e-6)
    held = scores(vintage, figures_of(board.study), formulas_of(board))
    assert held.filter(narrow)["covered"].to_list() == [True]
    assert held.filter(indicator="west_share")["covered"].to_list() == [True]
    assert held.filter(indicator="northeast_share")["covered"].to_list() == [False]
    assert (held["error"] == held["actual"] - held["plan"]).all()
    assert held["cells"].to_list() == held["cells_before"].to_list()
    few = replace(vintage, plan_cells=board.plan_cells.filter(region="340000"))
    fewer = scores(few, figures_of(board.study), formulas_of(board))
    central = fewer.filter(narrow).row(0, named=True)
    assert central["actual"] == 100.0 and central["cells"] < central["cells_before"]


def formulas_of(board: Goals) -> dict[str, Formula]:
    own, size = board.study.tables["goal_indicators"], board.study.about.measured_by
    return {each.code: each.formula for each in indicators_of_goals(own, size)}


def test_the_folder_of_a_plan_stands_for_its_scoreboard(board: Goals, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    board.scoreboard.write_parquet(tmp_path / "tables" / "goals_scoreboard.parquet")
    board.values.write_parquet(tmp_path / "tables" / "goals_goal_values.parquet")
    board.plan_cells.write_parquet(tmp_path / "tables" / "goals_goal_plan_cells.parquet")
    assert revisions(read_vintage(tmp_path), board.values).is_empty()


def test_a_folder_without_an_earlier_scoreboard_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no earlier scoreboard"):
        read_vintage(tmp_path)


def test_a_study_without_any_figure_wants_data(board: Goals) -> None:
    gone = {"activity", "indicators", "trade"}
    tables = {n: f.clear() if n in gone else f for n, f in board.study.tables.items()}
    with pytest.raises(WantOfData):
        goals(replace(board.study, tables=tables), 2)
