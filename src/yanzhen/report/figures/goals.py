"""Pictures of the scoreboard and of tracked projects."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.goals.projects import ENDS
from yanzhen.report.figures.encodings import ABOVE, kinds, written_above, zero_line
from yanzhen.report.figures.theme import (
    BLUE,
    CATEGORIES,
    GREEN,
    INK,
    LOSS,
    NO_DATA,
    QUIET,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.tables.goals import indicators, unit_of
from yanzhen.report.text.quantities import number, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.goals.scoreboard import Goals
    from yanzhen.goals.tracking import Tracking

ROW = 40
"""Height of a row of the scoreboard: a name, a line of figures, and a bar."""
MOST_REGIONS = 40


def scoreboard_figure(found: "Goals", reader: Reader) -> Chart:
    """Draw every indicator: how far it moved toward what is wanted, its figures, or its needs."""
    rows = _board_rows(found, reader)
    order = [row["row"] for row in rows]
    reach = max([abs(row["moved"]) for row in rows if row["moved"] is not None], default=0.1)
    base = alt.Chart(values(rows))
    y = alt.Y("row:O", sort=order, title=None, axis=None, scale=alt.Scale(paddingInner=0.0))
    x = alt.X(
        "moved:Q",
        title=reader.word("goals.axis.moved"),
        scale=alt.Scale(domain=[-1.05 * reach, 1.05 * reach]),
        axis=alt.Axis(format="+.0%", orient="top", tickCount=5, grid=False),
    )
    names = [reader.word(f"goals.moved.{key}") for key in ("toward", "away")]
    bars = base.transform_filter("datum.moved != null").mark_bar(size=7, yOffset=14).encode(
        x=x,
        y=y,
        color=kinds("side", names, [BLUE, LOSS], sort=names, symbolType="square"),
        tooltip=[
            alt.Tooltip("label:N", title=reader.word("goals.head.indicator")),
            alt.Tooltip("moved:Q", title=reader.word("goals.axis.moved"), format="+.1%"),
            alt.Tooltip("figures:N", title=reader.word("goals.head.now")),
        ],
    )  # fmt: skip
    heads = base.transform_filter("datum.head")
    others = base.transform_filter("!datum.head")
    texts = [
        heads.mark_text(align="left", dy=-11, limit=ABOVE, fontWeight=700, fontSize=13).encode(
            x=alt.value(0), y=y, text="label:N"
        ),
        written_above(others, -11, "label").encode(y=y),
        written_above(base, 3, "figures").encode(
            y=y, color=alt.condition("datum.known", alt.value(INK), alt.value(QUIET))
        ),
    ]
    chart = alt.layer(zero_line("x", "moved"), bars, *texts).properties(
        width=WIDTH, height=ROW * len(order)
    )
    return finished(chart, reader, "goal_scoreboard", last=found.year)


def _board_rows(found: "Goals", reader: Reader) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    known = indicators(reader)
    for family in found.families.to_dicts():
        directed = family["directed"]
        said = reader.word(
            "goals.figure.family",
            known=family["known"],
            all=family["known"] + family["missing"],
            moved=reader.word("goals.figure.no_total") if directed is None else _signed(directed),
        )
        head = reader.word(f"goals.family.{family['family']}")
        whole = {"label": head, "figures": said, "moved": None, "head": True, "known": True}
        rows.append({"row": len(rows), **whole})
        for row in found.scoreboard.filter(family=family["family"]).to_dicts():
            of = known[row["indicator"]]
            moved = row["directed"]
            side = "toward" if (moved or 0) >= 0 else "away"
            rows.append(
                {
                    "row": len(rows),
                    "label": of.name(reader.lang),
                    "figures": _figures(row, unit_of(of, reader), reader),
                    "moved": None if moved is None else _relative(moved),
                    "side": reader.word(f"goals.moved.{side}"),
                    "head": False,
                    "known": row["now"] is not None,
                }
            )
    return rows


def _figures(row: dict[str, Any], unit: str, reader: Reader) -> str:
    """The figures of an indicator in one line, or what it needs."""
    if row["now"] is None:
        return reader.word("goals.figure.missing", needs=row["needs"])
    now = f"{row['now_year']}: {number(row['now'])}"
    said = [now if row["base"] is None else f"{row['base_year']}: {number(row['base'])} → {now}"]
    said[0] += unit if unit == "%" else f" {unit}" if unit else ""
    if row["plan"] is not None:
        within = ""
        if row["plan_low"] is not None:
            within = f" [{number(row['plan_low'])}, {number(row['plan_high'])}]"
        plan = number(row["plan"])
        said.append(
            reader.word("goals.figure.plan", year=row["plan_year"], plan=plan, within=within)
        )
    if row["target"] is not None:
        target = number(row["target"])
        said.append(reader.word("goals.figure.target", year=row["target_year"], target=target))
    return reader.word("semicolon").join(said)


def _relative(directed: float) -> float:
    """The relative change of which a change of logarithms is made."""
    return float(pl.select(pl.lit(directed).exp() - 1).item())


def _signed(directed: float) -> str:
    text = percent(_relative(directed))
    return f"+{text}" if directed > 0 else text


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
        color=kinds("part", parts, [BLUE, NO_DATA, VERMILION], sort=parts, symbolType="square"),
        tooltip=[
            alt.Tooltip("stage:N", title=reader.word("goals.head.stage")),
            alt.Tooltip("part:N", title=reader.word("goals.head.part")),
            alt.Tooltip("count:Q", title=reader.word("goals.axis.projects"), format=","),
        ],
    )  # fmt: skip
    texts = (
        alt.Chart(values(labels))
        .mark_text(align="left", dy=-14, fontSize=12)
        .encode(x=alt.value(2), y=y, text="label:N")
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
    shown = kinds("event", order, colours, sort=order)
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
        band.encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q", color=shown),
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
                symbolType="square",
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


_STATE_COLOURS = {
    **dict(
        zip(
            ("signed", "started", "in_production", "at_capacity"),
            ("#56b4e9", BLUE, GREEN, "#00664b"),
            strict=True,
        )
    ),
    "stalled": CATEGORIES[4],
    **dict(zip(ENDS, (VERMILION, NO_DATA), strict=True)),
}
