"""Pictures of what a fund should hold."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import either, kinds, row_names, zero_line
from yanzhen.report.figures.geography import geography
from yanzhen.report.figures.region_map import HEIGHTS, ROW, Shading, shaded_map
from yanzhen.report.figures.theme import (
    BLUE,
    EVEN,
    GAIN,
    GREEN,
    LOSS,
    NO_DATA,
    ORANGE,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.tables.finance import product_names
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.finance.fund.study_fund import Fund

MOST_PROJECTS, MOST_REGIONS, TICKS = 40, 60, 8


def frontier_figure(found: "Fund", reader: Reader, budget: float | None = None) -> Chart:
    """Draw mean and worst of the best portfolio against the budget.

    Parameters
    ----------
    budget : that is marked; the fund's own where none is given
    """
    if found.frontier.is_empty():
        return empty(reader, "fund_frontier")
    factor = _of_objective(found, reader)
    lines = {"benefit": reader.word("fund.line.mean"), "worst": reader.word("fund.line.worst")}
    rows = [
        {
            "budget": row["budget"] * reader.money.factor,
            "line": lines[name],
            "value": row[name] * factor,
            "held": row["held"],
        }
        for row in found.frontier.iter_rows(named=True)
        for name in lines
    ]
    x = alt.X(
        "budget:Q",
        title=reader.word("fund.axis.budget", unit=reader.money.name),
        axis=alt.Axis(tickCount=TICKS),
    )
    y = alt.Y("value:Q", title=_axis(found, reader))
    base = alt.Chart(values(rows)).encode(
        x=x,
        y=y,
        color=kinds("line", list(lines.values()), [BLUE, VERMILION], sort=list(lines.values())),
    )
    dots = base.mark_point(filled=True, size=60, opacity=1).encode(
        tooltip=[
            alt.Tooltip("budget:Q", title=reader.word("fund.head.budget"), format=",.4~g"),
            alt.Tooltip("value:Q", title=reader.word("fund.head.benefit"), format=",.4~g"),
            alt.Tooltip("held:Q", title=reader.word("fund.head.held")),
        ]
    )
    here = (
        alt.Chart(values([{"budget": (budget or found.budget) * reader.money.factor}]))
        .mark_rule(color=NO_DATA, strokeDash=[5, 4], strokeWidth=2)
        .encode(x=alt.X("budget:Q"))
    )
    chart = alt.layer(here, base.mark_line(strokeWidth=2), dots).properties(width=WIDTH, height=300)
    return finished(chart, reader, "fund_frontier")


def additionality_figure(found: "Fund", reader: Reader) -> Chart:
    """Draw what each support adds against what it costs the public."""
    if found.supports.is_empty():
        return empty(reader, "fund_additionality")
    held = set(found.decisions.filter("held").select("project", "product").iter_rows())
    marks = {key: reader.word(f"fund.mark.{key}") for key in ("held", "not_held", "gift")}
    names, money, people = product_names(reader), reader.money, reader.persons
    is_output = found.objective == "output"
    column, factor = (
        ("region_change", reader.size.factor) if is_output else ("region_jobs", people.factor)
    )
    rows = [
        {
            "project": row["project"],
            "product": names.get(row["product"], row["product"]),
            "cost": row["cost"] * money.factor,
            "added": row[column] * factor,
            "mark": marks[_mark(row, held)],
        }
        for row in found.supports.drop_nulls(column).iter_rows(named=True)
    ]
    used = [label for label in marks.values() if any(row["mark"] == label for row in rows)]
    colours = dict(zip(marks.values(), (BLUE, NO_DATA, ORANGE), strict=True))
    chart = (
        alt.Chart(values(rows))
        .mark_point(filled=True, size=90, opacity=0.9, stroke="white")
        .encode(
            x=alt.X(
                "cost:Q",
                title=reader.word("fund.axis.cost", unit=money.name),
                axis=alt.Axis(tickCount=TICKS),
            ),
            y=alt.Y("added:Q", title=_axis(found, reader)),
            color=kinds("mark", used, [colours[label] for label in used], sort=used),
            tooltip=[
                alt.Tooltip("project:N", title=reader.word("fund.head.project")),
                alt.Tooltip("product:N", title=reader.word("fund.head.product")),
                alt.Tooltip("cost:Q", title=reader.word("fund.head.cost"), format=",.4~g"),
                alt.Tooltip("added:Q", title=reader.word("fund.head.benefit"), format=",.4~g"),
            ],
        )
        .properties(width=WIDTH, height=320)
    )
    return finished(alt.layer(zero_line("y", "added"), chart), reader, "fund_additionality")


def coming_figure(found: "Fund", reader: Reader) -> Chart:
    """Draw the chance that each project comes, without support and with its own."""
    shown = found.decisions.select("project", "product", "held").join(
        found.supports, on=["project", "product"], how="inner", maintain_order="left"
    )
    if shown.is_empty():
        return empty(reader, "fund_coming")
    labels = {key: reader.word(f"fund.coming.{key}") for key in ("without", "with_support")}
    order = shown["project"].to_list()[:MOST_PROJECTS]
    points: list[dict[str, Any]] = [
        {"name": row["project"], "kind": label, "chance": row[key]}
        for row in shown.head(MOST_PROJECTS).iter_rows(named=True)
        for key, label in labels.items()
    ]
    y = row_names("name", order, 130, sort=order)
    base = alt.Chart(values(points))
    line = base.mark_rule(color=NO_DATA, strokeWidth=3).encode(
        x=alt.X("min(chance):Q"), x2=alt.X2("max(chance):Q"), y=y
    )
    dots = base.mark_point(filled=True, opacity=1, size=80, stroke="white").encode(
        x=alt.X(
            "chance:Q",
            title=reader.word("fund.axis.chance"),
            axis=alt.Axis(format=".0%", orient="top", tickCount=TICKS),
        ),
        y=y,
        color=kinds("kind", list(labels.values()), [ORANGE, GREEN], sort=list(labels.values())),
        tooltip=[
            alt.Tooltip("name:N", title=reader.word("fund.head.project")),
            alt.Tooltip("kind:N", title=reader.word("fund.head.coming")),
            alt.Tooltip("chance:Q", title=reader.word("fund.axis.chance"), format=".2%"),
        ],
    )
    chart = alt.layer(line, dots).properties(width=WIDTH, height=max(ROW * len(order), 60))
    return finished(chart, reader, "fund_coming")


def regions_map(found: "Fund", reader: Reader) -> Chart:
    """Draw what each region gains by what is held, on the map where there is one."""
    held = found.decisions.filter("held").select("project", "product")
    gained = (
        found.supports.join(held, on=["project", "product"])
        .group_by("region")
        .agg(pl.col("region_change", "amount").sum())
        .sort("region_change", "region", descending=[True, False])
    )
    if gained.is_empty():
        return empty(reader, "fund_regions")
    names, factor = reader.names.regions, reader.size.factor
    rows = [
        {
            "region": row["region"],
            "name": names.get(row["region"], row["region"]),
            "value": row["region_change"] * factor,
            "label": f"{row['region_change'] * factor:,.3g}",
        }
        for row in gained.iter_rows(named=True)
    ]
    title = reader.word(
        "in_unit", what=reader.word("fund.head.region_change"), unit=reader.size.name
    )
    place = geography(found)
    if place.basemap not in HEIGHTS or not place.has_areas_of(row["region"] for row in rows):
        return finished(_bars(rows[:MOST_REGIONS], title), reader, "fund_regions", basemap="")
    limit = max(max(abs(row["value"]) for row in rows), 1e-12)
    shaded = Shading(
        [-limit, 0, limit],
        [LOSS, EVEN, GAIN],
        title,
        {"value": (title, ",.4~g")},
        reader.word("no_data"),
    )
    basemap = reader.word(f"basemap.{place.basemap}", source=place.source)
    chart = shaded_map(reader, place, rows, shaded)
    return finished(chart, reader, "fund_regions", basemap=basemap)


def _bars(rows: list[dict[str, Any]], title: str) -> Chart:
    order = [row["name"] for row in rows]
    bars = (
        alt.Chart(values(rows))
        .mark_bar(size=14)
        .encode(
            x=alt.X("value:Q", title=title, axis=alt.Axis(tickCount=TICKS, orient="top")),
            y=row_names("name", order, 130, sort=order),
            color=either(alt.ColorValue, "datum.value < 0", LOSS, GAIN),
            tooltip=[
                alt.Tooltip("name:N", title=title),
                alt.Tooltip("value:Q", title=title, format=",.4~g"),
            ],
        )
    )
    return alt.layer(bars, zero_line("x", "value")).properties(
        width=WIDTH, height=max(ROW * len(order), 60)
    )


def _mark(row: dict[str, Any], held: set[tuple[str, str]]) -> str:
    if row["gift"]:
        return "gift"
    return "held" if (row["project"], row["product"]) in held else "not_held"


def _of_objective(found: "Fund", reader: Reader) -> float:
    return reader.size.factor if found.objective == "output" else reader.persons.factor


def _axis(found: "Fund", reader: Reader) -> str:
    unit = reader.size.name if found.objective == "output" else reader.persons.name
    return reader.word("in_unit", what=reader.word(f"fund.{found.objective}"), unit=unit)
