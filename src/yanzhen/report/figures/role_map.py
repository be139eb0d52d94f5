"""The map of a plan for one reader: every region can be pressed, the one looked at is outlined.

Each mark holds the code of its region as `region`, by which a page follows what is pressed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import haloed
from yanzhen.report.figures.geography import Geography, geography
from yanzhen.report.figures.maps import (
    BORDER,
    border_lines,
    feature,
    land,
    outlined,
    shading,
    without_figures,
)
from yanzhen.report.figures.region_map import HEIGHTS
from yanzhen.report.figures.theme import (
    EVEN,
    GAIN,
    INK,
    LOSS,
    NO_DATA,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.findings.asker import Asker, flows_of
from yanzhen.report.text.quantities import UNKNOWN, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

HEIGHT = 560
MOST_LABELS = 60
"""Regions whose figure is written on the map; more would cover one another."""
LEAST_LABEL = 0.01
STRONGEST = 0.95
"""Share of the regions within the ends of the colours."""


@dataclass(frozen=True)
class _Shown:
    """What the colours are: `key` of its words, values by region, and the ends of the scale."""

    key: str
    values: pl.DataFrame
    ends: list[float]
    colours: list[str]


def role_map(plan: "Plan", who: Asker, reader: Reader) -> Chart:
    """Draw what concerns one reader by region.

    Parameters
    ----------
    who : of `yanzhen.report.findings.asker.asker`
    """
    shown = _shown(plan, who)
    if plan.regions.is_empty():
        return empty(reader, "role_map")
    place = geography(plan)
    rows = _rows(plan, who, shown, reader)
    words = f"figure.role_map_{shown.key}"
    layers = [
        land(place.ground),
        without_figures(place, {row["region"] for row in rows}, reader.word("no_data")),
        _marks(rows, place, shown, reader.word(f"{words}.legend"), reader),
        border_lines(place.lines),
        _labels(rows, place) if len(rows) <= MOST_LABELS else None,
    ]
    chart = (
        alt.layer(*(layer for layer in layers if layer is not None))
        .project(type="identity")
        .properties(width=WIDTH, height=min(HEIGHT, HEIGHTS.get(place.basemap, HEIGHT)))
    )
    named = {
        "region": reader.names.regions.get(who.region, who.region),
        "industry": reader.names.industries.get(who.industry, who.industry),
        "site": reader.names.places.get(who.site, who.site),
    }
    return finished(
        chart,
        reader,
        "role_map",
        title=reader.word(f"{words}.title", **named),
        colour=reader.word(f"{words}.colour"),
        basemap=reader.word(f"basemap.{place.basemap}", source=place.source),
    )


def _shown(plan: "Plan", who: Asker) -> _Shown:
    if who.role in ("enterprise", "zone"):
        end = "destination_region" if who.role == "enterprise" else "origin"
        flows = flows_of(plan, who).group_by(region=end).agg(pl.col("output").sum())
        share = flows.select("region", value=pl.col("output") / pl.col("output").sum())
        most = float(share["value"].max() or 1.0)  # type: ignore[arg-type]
        return _Shown(who.role, share, [0.0, most], [EVEN, GAIN])
    if who.role == "researcher":
        sure = plan.regions.select("region", value="gaining_share")
        return _Shown("sure", sure, [0.0, 0.5, 1.0], [LOSS, EVEN, GAIN])
    net = plan.regions.select("region", value="net_share")
    most = max(float(net["value"].abs().quantile(STRONGEST) or 0.0), 0.01)
    return _Shown("net", net, [-most, 0.0, most], [LOSS, EVEN, GAIN])


def _rows(plan: "Plan", who: Asker, shown: _Shown, reader: Reader) -> list[dict[str, Any]]:
    every = plan.regions.select("region").join(
        shown.values, on="region", how="left", maintain_order="left"
    )
    if shown.key in ("enterprise", "zone"):
        every = every.with_columns(pl.col("value").fill_null(0.0))
    return [
        {
            "region": code,
            "name": reader.names.regions.get(code, code),
            "value": value,
            "said": UNKNOWN if value is None else percent(value),
            "label": percent(value, 0) if abs(value or 0.0) >= LEAST_LABEL else "",
            "chosen": code == who.region,
        }
        for code, value in every.iter_rows()
    ]


def _marks(
    rows: list[dict[str, Any]], place: Geography, shown: _Shown, title: str, reader: Reader
) -> alt.Chart:
    """Return the regions as areas where all have one, otherwise as dots at their points."""
    areas = place.has_areas_of(row["region"] for row in rows)
    inside = "properties." if areas else ""
    colour = shading(
        f"{inside}value",
        title,
        shown.ends,
        shown.colours,
        format=".0%",
        orient="bottom-left",
    )
    # Chosen regions lie on top, or their neighbours would cover the outline.
    ordered = sorted(rows, key=lambda row: row["chosen"])
    chosen = f"datum.{inside}chosen"
    look: dict[str, Any] = {
        "color": alt.condition(f"datum.{inside}value === null", alt.value(NO_DATA), colour),
        "tooltip": [
            alt.Tooltip(f"{inside}name:N", title=reader.word("column.region")),
            alt.Tooltip(f"{inside}said:N", title=title),
        ],
        "stroke": alt.condition(chosen, alt.value(INK), alt.value(BORDER)),
        "strokeWidth": alt.condition(chosen, alt.value(2.6), alt.value(0.6)),
    }
    if areas:
        features = [feature(place.areas[row["region"]], row) for row in ordered]
        drawn: alt.Chart = outlined(features).encode(**look)
        return drawn
    dots = [
        {**row, "x": place.points[row["region"]][0], "y": place.points[row["region"]][1]}
        for row in ordered
    ]
    base = alt.Chart(values(dots)).mark_circle(size=max(40, 9000 // max(len(rows), 1)), opacity=0.9)
    drawn = base.encode(longitude="x:Q", latitude="y:Q", **look)
    return drawn


def _labels(rows: list[dict[str, Any]], place: Geography) -> Chart:
    """Return the figure of each region that has more than next to nothing, at its point."""
    written = [
        {
            "region": row["region"],
            "label": row["label"],
            "x": place.points[row["region"]][0],
            "y": place.points[row["region"]][1],
        }
        for row in rows
        if row["label"]
    ]
    base = alt.Chart(values(written)).encode(longitude="x:Q", latitude="y:Q", text="label:N")
    size = alt.ExprRef("width < 520 ? 8 : 11")
    halo, _ = haloed(base, fontSize=size)
    written_on: Chart = alt.layer(halo, base.mark_text(fontSize=size, color=INK))
    return written_on
