"""Prices at the scarce places: how far room is used, and what it costs where it is full."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import kinds
from yanzhen.report.figures.theme import (
    CATEGORIES,
    LOSS,
    ON_COLOUR,
    SKY,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.quantities import UNKNOWN, amount, number, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

ROW = 20
MOST = 40
TOLD = {
    "place": "place",
    "label": "used",
    "interval": "premium_interval",
    "scarce": "binding_share",
    "capacity": "capacity",
    "rent": "rent",
}
"""What is told of a bar, with its heading."""
INSIDE = 0.7  # of the longest bar: a bar as long as this holds its own label


# Kept whole: one chart, whose layers share its rows and scales.
def prices(plan: "Plan", reader: Reader, resource: str = "") -> Chart:
    """Draw how much of its room each place uses, with the premium where room is scarce.

    Parameters
    ----------
    resource : the limited resource, room for sizes where none is named; premiums of different
        resources have different units
    """
    resource = resource or plan.study.about.measured_by.resource
    limited = plan.prices.filter(pl.col("resource") == resource).drop_nulls("used")
    if limited.is_empty():
        return empty(reader, "prices")
    labels = [reader.word(f"figure.prices.{kind}") for kind in ("scarce", "room_left", "floor")]
    shown = _shown(limited)
    if not shown.filter(pl.col("kind") == 2).height:
        labels.pop()
    rows = _rows(shown, resource, labels, reader)
    farthest = max(1.0, float(shown["used"].max()))  # type: ignore[arg-type]
    base = alt.Chart(values(rows)).encode(
        y=alt.Y(
            "place:N",
            sort=[row["place"] for row in rows],
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=140),
        ),
        x=alt.X(
            "used:Q",
            title=reader.word("axis.used"),
            # Room for the label beside a bar that is almost full.
            scale=alt.Scale(domain=[0, 1.12 * farthest], nice=False),
            axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        ),
    )
    bars = base.mark_bar(size=13).encode(
        color=kinds(
            "kind",
            labels,
            [LOSS, SKY, CATEGORIES[4]][: len(labels)],
            symbolType="square",
            columns=alt.ExprRef(f"width < 420 ? 1 : {len(labels)}"),
        ),
        tooltip=[
            alt.Tooltip(f"{field}:N", title=reader.word(f"column.{key}"))
            for field, key in TOLD.items()
        ],
    )
    inside = f"datum.kind === '{labels[0]}' && datum.used > {INSIDE * farthest}"
    texts = base.encode(text=alt.Text("label:N"))
    written = [
        texts.transform_filter(f"!({inside})").mark_text(align="left", dx=5),
        texts.transform_filter(inside).mark_text(align="right", dx=-5, color=ON_COLOUR),
    ]
    chart = alt.layer(bars, *written).properties(width=WIDTH, height=ROW * len(rows))
    return finished(
        chart,
        reader,
        "prices",
        resource=reader.names.resource(resource),
        full=limited.filter(pl.col("scarce")).height,
        places=limited.height,
    )


def _shown(limited: pl.DataFrame) -> pl.DataFrame:
    """Return the dearest places with their kind: 0 scarce, 1 with room left, 2 at the floor."""
    order = [True, True, False, False]
    at_floor = ~pl.col("scarce") & (pl.col("premium") > 0)
    return (
        limited.sort("premium", "used", "place", "place_kind", descending=order)
        .head(MOST)
        .with_columns(kind=pl.when(at_floor).then(2).when("scarce").then(0).otherwise(1))
    )


def _rows(
    shown: pl.DataFrame, resource: str, kinds: list[str], reader: Reader
) -> list[dict[str, Any]]:
    unit = reader.money
    return [
        {
            "place": _place(reader, row["place"], row["place_kind"]),
            "used": row["used"],
            "kind": kinds[row["kind"]],
            "label": _label(reader, resource, row["used"], row["premium"]),
            "interval": _interval(reader, resource, row["premium_low"], row["premium_high"]),
            "scarce": percent(row["binding_share"], 0),
            "rent": amount(row["rent"], unit),
            "capacity": amount(row["capacity"], reader.resource_unit(resource)),
        }
        for row in shown.iter_rows(named=True)
    ]


def limited_resources(plan: "Plan") -> list[str]:
    """Return the resources limited anywhere, by the rent they bring, most first."""
    return (
        plan.prices.group_by("resource", maintain_order=True)
        .agg(pl.col("rent").sum())
        .sort("rent", "resource", descending=[True, False])["resource"]
        .to_list()
    )


def _place(reader: Reader, place: str, kind: str) -> str:
    """Return a place's name; a region that is a site and a group of sites has two rows."""
    named = reader.names.places.get(place, place)
    if kind == "site":
        return named
    return reader.word("figure.prices.group", place=named)


def _interval(reader: Reader, resource: str, low: float | None, high: float | None) -> str:
    """Return the premium over the draws."""
    if low is None or high is None:
        return UNKNOWN
    if resource == reader.study.about.measured_by.resource:
        return reader.word("span", low=percent(low, 2), high=percent(high, 2))
    unit, per = reader.money, reader.resource_unit(resource)
    shown = [number(end * unit.factor / per.factor) for end in (low, high)]
    ends = reader.word("span", low=shown[0], high=shown[1])
    return reader.word("per_unit", money=unit.text.format(ends), unit=per.name)


def _label(reader: Reader, resource: str, used: float, premium: float | None) -> str:
    share = percent(used, 0)
    if premium is None or premium <= 0:
        return share
    if resource == reader.study.about.measured_by.resource:
        # A margin on room for sizes: a share of a year's output.
        return reader.word("figure.prices.share_label", used=share, premium=percent(premium, 2))
    unit, per = reader.money, reader.resource_unit(resource)
    return reader.word(
        "figure.prices.label",
        used=share,
        premium=unit.text.format(number(premium * unit.factor / per.factor)),
        unit=per.name,
    )
