"""The scoreboard as a picture."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import (
    ABOVE,
    at_pixel,
    either,
    kinds,
    written_above,
    zero_marks,
)
from yanzhen.report.figures.theme import (
    BLUE,
    INK,
    LOSS,
    QUIET,
    WIDTH,
    Chart,
    finished,
    values,
)
from yanzhen.report.tables.goals import indicators, needed, unit_of
from yanzhen.report.text.quantities import number, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.goals.scoreboard import Goals

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
        axis=alt.Axis(
            labelExpr="datum.value == 0 ? '0' : format(datum.value, '+.0%')",
            orient="top",
            tickCount=5,
            grid=False,
        ),
    )
    names = [reader.word(f"goals.moved.{key}") for key in ("toward", "away")]
    moved = base.transform_filter("datum.moved != null")
    bars = moved.mark_bar(size=7, yOffset=14).encode(
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
            x=at_pixel(0), y=y, text=alt.Text("label:N")
        ),
        written_above(others, -11, "label").encode(y=y),
        written_above(base, 3, "figures").encode(
            y=y, color=either(alt.ColorValue, "datum.known", INK, QUIET)
        ),
    ]
    chart = alt.layer(bars, zero_marks(moved, y, 13, yOffset=14), *texts).properties(
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
        return reader.word("goals.figure.missing", needs=needed(reader, row["needs"]))
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
