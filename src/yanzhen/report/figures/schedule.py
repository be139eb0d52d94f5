"""The schedule: what arrives each year of the plan, by receiving macro-region."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import kinds, year_axis
from yanzhen.report.figures.theme import CATEGORIES, WIDTH, Chart, empty, finished, values
from yanzhen.report.text.names import macro_regions_in_order
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan


def schedule(plan: "Plan", reader: Reader) -> Chart:
    """Draw arrivals of each year, stacked by macro-region, with the share reached so far."""
    macro = plan.regions.select("region", "macro_region")
    yearly = (
        plan.schedule.join(macro, on="region", how="left", maintain_order="left")
        .group_by("year", "macro_region", maintain_order=True)
        .agg(pl.col("arrivals").sum())
        .sort("year", "macro_region")
    )
    total = float(yearly["arrivals"].sum())
    if total <= 0:
        return empty(reader, "schedule")
    name, unit = reader.names, reader.size
    order = [name.macro_region(code) for code in macro_regions_in_order(plan)]
    rows = [
        {
            "year": row["year"],
            "macro_region": name.macro_region(row["macro_region"]),
            "arrivals": row["arrivals"] * unit.factor,
            "order": order.index(name.macro_region(row["macro_region"])),
        }
        for row in yearly.iter_rows(named=True)
    ]
    tops = _tops(yearly, total, unit.factor, reader)
    title = reader.word("in_unit", what=reader.word("axis.arrivals_in_year"), unit=unit.name)
    x = year_axis(reader.word("column.year"))
    bars = (
        alt.Chart(values(rows))
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y(
                "arrivals:Q",
                title=title,
                # Room for the label above the tallest bar.
                scale=alt.Scale(domainMax=1.12 * max(row["arrivals"] for row in tops)),
                axis=alt.Axis(format=",.0f", tickCount=5),
            ),
            order=alt.Order("order:Q", sort="ascending"),
            color=kinds("macro_region", order, CATEGORIES, sort=order, symbolType="square"),
            tooltip=[
                alt.Tooltip("year:O", title=reader.word("column.year")),
                alt.Tooltip("macro_region:N", title=reader.word("column.macro_region")),
                alt.Tooltip("arrivals:Q", title=title, format=",.1f"),
            ],
        )
    )
    labels = (
        alt.Chart(values(tops))
        .mark_text(dy=-8)
        .encode(x=x, y=alt.Y("arrivals:Q"), text=alt.Text("label:N"))
    )
    chart = alt.layer(bars, labels).properties(width=WIDTH, height=280)
    return finished(chart, reader, "schedule", first=plan.period[0], last=plan.period[1])


def _tops(
    yearly: pl.DataFrame, total: float, factor: float, reader: Reader
) -> list[dict[str, Any]]:
    """Return the height of each year's bar, and the share of all arrivals reached by then."""
    so_far = (
        yearly.group_by("year", maintain_order=True)
        .agg(pl.col("arrivals").sum())
        .sort("year")
        .with_columns(so_far=pl.col("arrivals").cum_sum())
    )
    return [
        {
            "year": row["year"],
            "arrivals": row["arrivals"] * factor,
            "label": reader.share_of(row["so_far"], total, 0),
        }
        for row in so_far.iter_rows(named=True)
    ]
