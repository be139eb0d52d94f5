"""Pictures of what became of projects: board, funnel, times, and why which are at risk."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from yanzhen.goals.projects import ENDS
from yanzhen.goals.risk import CHARACTERISTICS
from yanzhen.report.figures.encodings import (
    SQUARES,
    at_pixel,
    diamonds,
    kinds,
    written_above,
    zero_marks,
)
from yanzhen.report.figures.theme import (
    BLUE,
    CATEGORIES,
    GREEN,
    QUIET,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.tables.goals import in_region
from yanzhen.report.text.quantities import number, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.goals.tracking import Tracking

MOST_REGIONS = 40
MOST_AT_RISK = 10
"""Projects at risk that are drawn."""


def funnel_figure(found: "Tracking", reader: Reader) -> Chart:
    """Draw how many signed projects reached each stage, by what became of them since."""
    stages = found.funnel.to_dicts()
    if not stages or not stages[0]["reached"]:
        return empty(reader, "project_funnel")
    parts = [reader.word(f"goals.became.{key}") for key in ("further", "open", "ended")]
    rows, labels = [], []
    for row in stages:
        name = reader.word(f"goals.stage.{row['stage']}")
        further = row["reached"] - row["still_open"] - row["ended"]
        for place, count in enumerate((further, row["still_open"], row["ended"])):
            rows.append({"stage": name, "part": parts[place], "count": count, "order": place})
        said = f"{row['reached']:,}"
        if row["share"] is not None:
            said += reader.word(
                "goals.figure.share",
                share=percent(row["share"]),
                low=percent(row["low"]),
                high=percent(row["high"]),
            )
        labels.append({"stage": name, "count": row["reached"], "label": said})
    order, counted = [row["stage"] for row in labels], reader.word("goals.axis.projects")
    y = alt.Y(
        "stage:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=120)
    )
    bars = alt.Chart(values(rows)).mark_bar(height={"band": 0.5}, yOffset=8).encode(
        x=alt.X("sum(count):Q", title=counted, axis=alt.Axis(tickCount=5)),
        y=y,
        order=alt.Order("order:Q"),
        color=kinds("part", parts, [BLUE, QUIET, VERMILION], sort=parts, **SQUARES),
        tooltip=[
            alt.Tooltip("stage:N", title=reader.word("goals.head.stage")),
            alt.Tooltip("part:N", title=reader.word("goals.head.part")),
            alt.Tooltip("count:Q", title=reader.word("goals.axis.projects"), format=","),
        ],
    )  # fmt: skip
    texts = (
        alt.Chart(values(labels))
        .mark_text(align="left", dy=-14, fontSize=12)
        .encode(x=at_pixel(2), y=y, text=alt.Text("label:N"))
    )
    chart = alt.layer(bars, texts).properties(width=WIDTH, height=62 * len(order))
    return finished(chart, reader, "project_funnel", day=found.last_day)


def incidence_figure(found: "Tracking", reader: Reader, origin: str) -> Chart:
    """Draw the cumulative incidence of every event after signing, or after production began."""
    figure = f"incidence_{origin}"
    rows = found.incidence.filter(origin=origin)
    if rows.is_empty():
        return empty(reader, figure)
    causes = rows["cause"].unique(maintain_order=True).sort().to_list()
    names = {cause: reader.word(f"goals.cause.{cause}") for cause in causes}
    points = [{**row, "event": names[row["cause"]]} for row in rows.to_dicts()]
    order = [names[cause] for cause in causes]
    colours = [VERMILION if cause in ("ended", "closed") else GREEN for cause in causes]
    x = alt.X("months:Q", title=reader.word("goals.axis.months"), axis=alt.Axis(tickCount=8))
    y = alt.Y("probability:Q", title=reader.word("goals.axis.share"), axis=alt.Axis(format=".0%"))
    look = {"symbolType": "square", "symbolOpacity": 1, "symbolStrokeWidth": 0}
    shown = kinds("event", order, colours, sort=order, **look)
    base = alt.Chart(values(points))
    band = base.transform_filter("datum.low != null").mark_area(
        opacity=0.18, interpolate="step-after"
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2)
    tooltip = [
        alt.Tooltip("event:N", title=reader.word("goals.head.cause")),
        alt.Tooltip("months:Q", title=reader.word("goals.axis.months")),
        alt.Tooltip("probability:Q", title=reader.word("goals.axis.share"), format=".1%"),
        alt.Tooltip("low:Q", title=reader.word("goals.head.low"), format=".1%"),
        alt.Tooltip("high:Q", title=reader.word("goals.head.high"), format=".1%"),
    ]
    chart = alt.layer(
        band.encode(x=x, y=alt.Y("low:Q", title=None), y2=alt.Y2("high:Q"), color=shown),
        line.encode(x=x, y=y, color=shown),
        base.mark_circle(opacity=0, size=120).encode(x=x, y=y, tooltip=tooltip),
    ).properties(width=WIDTH, height=300)
    return finished(chart, reader, figure, day=found.last_day)


def board_figure(found: "Tracking", reader: Reader) -> Chart:
    """Draw the projects of each region by their state."""
    rows = found.board
    if rows.is_empty():
        return empty(reader, "project_board")
    totals = (
        rows.group_by("region").agg(pl.col("projects").sum()).sort(
            "projects", "region", descending=[True, False]
        )
    )  # fmt: skip
    kept = totals["region"].to_list()[:MOST_REGIONS]
    name = reader.names.regions
    said = {code: name.get(code, code) if code else reader.word("no_data") for code in kept}
    states = [state for state in _STATE_COLOURS if state in set(rows["state"])]
    names = {state: reader.word(f"goals.state.{state}") for state in states}
    points = [
        {
            "region": said[row["region"]],
            "state": names[row["state"]],
            "projects": row["projects"],
            "order": states.index(row["state"]),
        }
        for row in rows.filter(pl.col("region").is_in(kept, nulls_equal=True)).to_dicts()
    ]
    order, legend = [said[code] for code in kept], [names[state] for state in states]
    chart = (
        alt.Chart(values(points))
        .mark_bar()
        .encode(
            x=alt.X(
                "projects:Q",
                title=reader.word("goals.axis.projects"),
                stack="zero",
                axis=alt.Axis(tickCount=6),
            ),
            y=alt.Y(
                "region:N",
                sort=order,
                title=None,
                axis=alt.Axis(ticks=False, domain=False, labelLimit=130),
            ),
            order=alt.Order("order:Q"),
            color=kinds(
                "state",
                legend,
                [_STATE_COLOURS[state] for state in states],
                sort=legend,
                **SQUARES,
            ),
            tooltip=[
                alt.Tooltip("region:N", title=reader.word("column.region")),
                alt.Tooltip("state:N", title=reader.word("goals.head.state")),
                alt.Tooltip("projects:Q", title=reader.word("goals.axis.projects"), format=","),
            ],
        )
        .properties(width=WIDTH, height=26 * len(order))
    )
    return finished(chart, reader, "project_board", day=found.last_day)


def risk_figure(found: "Tracking", reader: Reader, cause: str, region: str | None) -> Chart:
    """Draw the projects most at risk of an event, their hazard split by characteristic.

    Parts of a hazard are multiplied, so bars are of logarithms: they add up to the diamond.
    """
    rows = in_region(found.at_risk.filter(cause=cause), region).head(MOST_AT_RISK)
    figure = f"risk_{cause}"
    if rows.is_empty():
        return empty(reader, figure)
    about = [name for name in CHARACTERISTICS if rows[f"by_{name}"].null_count() < rows.height]
    names = {name: reader.word(f"goals.characteristic.{name}") for name in about}
    bars, sums = [], []
    for at, row in enumerate(rows.with_columns(pl.col("^by_.*$").log(2)).to_dicts()):
        place = reader.names.regions.get(row["region"], row["region"] or reader.word("no_data"))
        label = f"{row['project']}  {place}"
        said = number(row["relative_hazard"])
        sums.append({"at": at, "label": label, "hazard": said, "part": 0.0})
        for name in about:
            part, factor = row[f"by_{name}"], number(2 ** row[f"by_{name}"])
            bars.append({"at": at, "about": names[name], "part": part, "factor": factor})
            sums[-1]["part"] += part
        sums[-1]["label"] = f"{label}  ×{said}"
    order = list(range(rows.height))
    y = alt.Y("at:O", sort=order, title=None, axis=None)
    x = alt.X(
        "part:Q",
        title=reader.word("goals.axis.hazard"),
        stack="zero",
        axis=alt.Axis(
            tickMinStep=0.5, tickCount=7, labelExpr="'×' + format(pow(2, datum.value), '.2~r')"
        ),
    )
    drawn = alt.Chart(values(bars)).mark_bar(size=9, yOffset=8).encode(
        x=x,
        y=y,
        color=kinds(
            "about", list(names.values()), [BLUE, VERMILION, GREEN][: len(about)],
            sort=list(names.values()), **SQUARES,
        ),
        tooltip=[
            alt.Tooltip("about:N", title=reader.word("goals.head.term")),
            alt.Tooltip("factor:N", title=reader.word("goals.head.factor")),
        ],
    )  # fmt: skip
    whole = alt.Chart(values(sums))
    chart = alt.layer(
        drawn,
        zero_marks(whole, y, 15, yOffset=8),
        diamonds(whole, 40, yOffset=8).encode(
            x=alt.X("part:Q"),
            y=y,
            tooltip=[
                alt.Tooltip("label:N", title=reader.word("goals.head.project")),
                alt.Tooltip("hazard:N", title=reader.word("goals.head.relative_hazard")),
            ],
        ),
        written_above(whole, -7, "label").encode(y=y),
    ).properties(width=WIDTH, height=34 * rows.height)
    return finished(chart, reader, figure, day=found.last_day)


_STATE_COLOURS = {
    **dict(
        zip(
            ("signed", "started", "in_production", "at_capacity"),
            ("#b38cc9", BLUE, GREEN, "#00664b"),
            strict=True,
        )
    ),
    "stalled": CATEGORIES[4],
    **dict(zip(ENDS, (VERMILION, QUIET), strict=True)),
}
