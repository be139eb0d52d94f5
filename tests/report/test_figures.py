"""Figures: what they draw is what the plan holds."""

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
import vl_convert

from yanzhen.market.plan.plan import Plan
from yanzhen.report import figures
from yanzhen.report.figures.encodings import round_ticks
from yanzhen.report.figures.theme import LOSS, SKY, empty
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang

CLOSEST = 8.0
"""Pixels between two ticks of an axis."""


def rows_of(spec: dict[str, Any], layer: int | None = None) -> list[dict[str, Any]]:
    """Rows of a chart's data, or of one of its layers'."""
    part = spec if layer is None else spec["layer"][layer]
    rows: list[dict[str, Any]] = spec["datasets"][part.get("data", spec.get("data"))["name"]]
    return rows


def drawn(plan: Plan, figure: str, lang: Lang = "en") -> dict[str, Any]:
    spec: dict[str, Any] = figures.FIGURES[figure](plan, Reader(plan.study, lang)).to_dict()
    return spec


def test_a_figure_is_a_valid_chart_that_renders(plan: Plan, figure: str, lang: str) -> None:
    svg = vl_convert.vegalite_to_svg(drawn(plan, figure, lang))
    assert svg.count("<path") > 5


def test_a_synthetic_figure_says_so(foreign_plan: Plan, figure: str, lang: str) -> None:
    assert "SYNTHETIC" in drawn(foreign_plan, figure, lang)["title"]["text"][0]


def test_a_real_figure_does_not_say_synthetic(foreign_plan: Plan, figure: str) -> None:
    real = replace(foreign_plan.study, about=replace(foreign_plan.study.about, synthetic=False))
    assert "SYNTHETIC" not in drawn(replace(foreign_plan, study=real), figure)["title"]["text"][0]


def test_a_figure_says_how_to_read_it(foreign_plan: Plan, figure: str) -> None:
    assert drawn(foreign_plan, figure)["title"]["subtitle"][0].startswith("How to read: ")


def test_every_measured_axis_names_what_it_measures(foreign_plan: Plan, figure: str) -> None:
    def axes(spec: Any) -> list[dict[str, Any]]:
        if isinstance(spec, list):
            return [axis for part in spec for axis in axes(part)]
        if not isinstance(spec, dict):
            return []
        encoding = spec.get("encoding", {})
        own = [encoding[c] for c in ("x", "y") if encoding.get(c, {}).get("axis") is not None]
        return own + [axis for part in spec.values() for axis in axes(part)]

    titles = [axis.get("title") for axis in axes(drawn(foreign_plan, figure))]
    measured = [
        a.get("title") for a in axes(drawn(foreign_plan, figure)) if a["type"] == "quantitative"
    ]
    assert all(measured), titles


def test_a_plan_without_moves_draws_a_reason_instead(plan: Plan, figure: str, lang: str) -> None:
    still = replace(
        plan,
        moves=plan.moves.clear(),
        reasons=plan.reasons.clear(),
        prices=plan.prices.clear(),
        schedule=plan.schedule.clear(),
        allocation=plan.allocation.clear(),
        history=plan.history.clear(),
        completeness=plan.completeness.clear(),
    )
    spec = drawn(still, figure, lang)
    assert spec["mark"]["type"] == "text"
    assert rows_of(spec) == rows_of(empty(Reader(plan.study, lang), figure).to_dict())


def test_the_same_plan_gives_the_same_chart(foreign_plan: Plan, figure: str) -> None:
    assert drawn(foreign_plan, figure) == drawn(foreign_plan, figure)


def test_net_arrivals_sum_to_zero(plan: Plan) -> None:
    cells = [row for row in rows_of(drawn(plan, "net_arrivals"), 0) if row["net"]]
    assert sum(row["net"] for row in cells) == pytest.approx(0, abs=1e-6)


def test_a_cell_without_output_or_moves_has_no_number(plan: Plan) -> None:
    known = plan.activity.filter(pl.col("year") == 2017).drop_nulls("output")
    one = known.row(0, named=True)
    without = pl.col("region").ne(one["region"]) | pl.col("industry").ne(one["industry"])
    elsewhere = pl.col("industry") != one["industry"]
    gone = replace(
        plan,
        leaving=plan.leaving.filter(elsewhere | (pl.col("origin") != one["region"])),
        arriving=plan.arriving.filter(elsewhere | (pl.col("region") != one["region"])),
        activity=plan.activity.filter(without),
    )
    rows = rows_of(drawn(gone, "net_arrivals"), 0)
    empty_cells = [row for row in rows if row["status"] == "missing" and row["net"] is None]
    assert empty_cells


def test_reasons_drawn_sum_to_the_gain_marked(plan: Plan) -> None:
    spec = drawn(plan, "reasons")
    bars, sums = rows_of(spec, 0), rows_of(spec, 1)
    assert len(sums) == 10
    for flow in sums:
        sizes = [bar["size"] for bar in bars if bar["flow"] == sums.index(flow) + 1]
        assert sum(sizes) == pytest.approx(flow["gain"])


def test_schedule_adds_up_to_the_plan(plan: Plan) -> None:
    bars = rows_of(drawn(plan, "schedule", "zh"), 0)
    assert sum(bar["arrivals"] for bar in bars) == pytest.approx(plan.moves["output"].sum())


def test_the_market_is_compared_only_where_there_is_a_past(plan: Plan) -> None:
    past = pl.when(pl.col("industry") == "07").then(None).otherwise(pl.col("past"))
    partly = replace(plan, allocation=plan.allocation.with_columns(past=past))
    pairs = rows_of(drawn(partly, "comparison", "zh"), 0)
    both = partly.allocation.drop_nulls("past")
    assert sum(pair["market"] for pair in pairs) == pytest.approx(both["market"].sum())


def test_two_regions_of_one_name_stay_two(plan: Plan) -> None:
    table = plan.study.tables["regions"].with_columns(name_en=pl.lit("Same"))
    same = replace(plan.study, tables={**plan.study.tables, "regions": table})
    rows = rows_of(drawn(replace(plan, study=same), "comparison"), 0)
    assert len({row["region"] for row in rows}) == 31


def test_prices_of_a_scarce_place_show_the_premium(plan: Plan) -> None:
    labels = [row["label"] for row in rows_of(drawn(plan, "prices"), 0)]
    assert (
        sum("premium" in label for label in labels)
        == plan.prices.filter(pl.col("premium") > 0).height
    )


def test_a_floor_price_where_room_is_left_is_not_called_scarce_nor_free(plan: Plan) -> None:
    said = "Room left, at the price floor"
    kinds = [row["kind"] for row in rows_of(drawn(plan, "prices"), 0)]
    assert said not in kinds
    colours = drawn(plan, "prices")["layer"][0]["encoding"]["color"]["scale"]["range"]
    assert colours == [LOSS, SKY]
    spare = plan.prices.filter(resource="output", scarce=False)["place"][0]
    floored = plan.prices.with_columns(
        premium=pl.when(pl.col("place") == spare).then(0.05).otherwise("premium")
    )
    kinds = [row["kind"] for row in rows_of(drawn(replace(plan, prices=floored), "prices"), 0)]
    assert kinds.count(said) == 1


def ticks_of(svg: str) -> list[list[float]]:
    """The places of the ticks of each axis in a drawing, in pixels."""
    axes = re.findall(r'role-axis-tick".*?</g>', svg)
    places = (
        re.findall(r'<line transform="translate\(([-\d.]+),([-\d.]+)\)"', axis) for axis in axes
    )
    return [sorted(float(x) + float(y) for x, y in each) for each in places]


@pytest.mark.parametrize("width", [280, 720])
def test_ticks_stand_apart(plan: Plan, figure: str, width: int) -> None:
    spec = drawn(plan, figure)
    spec["width"] = width
    for places in ticks_of(vl_convert.vegalite_to_svg(spec)):
        gaps = [after - before for before, after in pairwise(places)]
        assert min(gaps, default=CLOSEST) >= CLOSEST


def test_a_history_of_many_years_names_no_more_than_there_is_room_for(plan: Plan) -> None:
    years = pl.DataFrame({"year": range(1980, 2018)}, schema={"year": plan.history["year"].dtype})
    long = plan.history.drop("year").unique("macro_region").join(years, how="cross")
    long = long.select(plan.history.columns)
    places = ticks_of(vl_convert.vegalite_to_svg(drawn(replace(plan, history=long), "history")))
    assert max(map(len, places)) < 38


@pytest.mark.parametrize("last", [1, 12, 13, 60, 61, 300, 722, 2543])
def test_ticks_of_ranks_are_round_and_few(last: int) -> None:
    ticks = round_ticks(last)
    assert ticks[0] == 1 and ticks[-1] <= last
    assert 1 <= len(ticks) <= 13
    assert len({after - before for before, after in pairwise(ticks[1:])}) <= 1
