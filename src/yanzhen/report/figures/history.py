"""Where production has gone so far: shares of the macro-regions in observed output."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import MOST_TICKS, kinds
from yanzhen.report.figures.theme import CATEGORIES, WIDTH, Chart, empty, finished, values
from yanzhen.report.text.names import macro_regions_in_order
from yanzhen.report.text.quantities import percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan


def history(plan: "Plan", reader: Reader) -> Chart:
    """Draw the shares of the macro-regions in output that is observed in all years."""
    shares = plan.history.drop_nulls("share")
    if shares["year"].n_unique() < 2:
        return empty(reader, "history")
    name = reader.names
    order = [name.macro_region(code) for code in macro_regions_in_order(plan)]
    rows = [
        {
            "macro_region": name.macro_region(row["macro_region"]),
            "year": row["year"],
            "share": row["share"],
            "label": percent(row["share"]),
            "label_at": row["label_at"],
            "lowest": row["lowest"],
        }
        for row in _apart(shares).sort("macro_region", "year").iter_rows(named=True)
    ]
    first, last = shares["year"].min(), shares["year"].max()
    base = alt.Chart(values(rows)).encode(
        x=alt.X(
            "year:Q",
            title=reader.word("column.year"),
            axis=alt.Axis(format="d", grid=False, **_years(shares["year"])),
            scale=alt.Scale(nice=False, padding=34),
        ),
        y=alt.Y(
            "share:Q",
            title=reader.word("axis.output_share"),
            axis=alt.Axis(format=".0%"),
            scale=alt.Scale(zero=True),
        ),
        color=kinds("macro_region", order, CATEGORIES, sort=order),
        tooltip=[
            alt.Tooltip("macro_region:N", title=reader.word("column.macro_region")),
            alt.Tooltip("year:Q", title=reader.word("column.year"), format="d"),
            alt.Tooltip("share:Q", title=reader.word("axis.output_share"), format=".1%"),
        ],
    )
    points = base.mark_point(size=70, filled=True, opacity=1).encode(
        shape=alt.Shape("macro_region:N", title=None, sort=order, scale=alt.Scale(domain=order))
    )
    named = base.encode(y=alt.Y("label_at:Q"), text=alt.Text("label:N"))
    labels = [
        named.transform_filter("!datum.lowest").mark_text(dy=-12),
        named.transform_filter("datum.lowest").mark_text(dy=14),
    ]
    chart = alt.layer(base.mark_line(strokeWidth=2.5), points, *labels).properties(
        width=WIDTH, height=320
    )
    return finished(chart, reader, "history", first=first, last=last)


def _years(years: pl.Series) -> dict[str, Any]:
    """Name each year where they are few, otherwise as many as there is room for."""
    each = years.unique().sort().to_list()
    return {"values": each} if len(each) <= MOST_TICKS else {"tickMinStep": 1}


def _apart(shares: pl.DataFrame) -> pl.DataFrame:
    """Return the heights at which the labels of each year stand clear of one another.

    The label of the lowest point stands below it, all others above.
    """
    least = 0.055 * float(shares["share"].max() or 0.0)  # type: ignore[arg-type]
    heights = []
    for _, year in shares.sort("share", "macro_region").group_by("year", maintain_order=True):
        below = 0.0
        for i, row in enumerate(year.iter_rows(named=True)):
            height = row["share"] if i < 2 else max(row["share"], below + least)
            heights.append(row | {"label_at": height, "lowest": i == 0 and year.height > 1})
            below = height
    return pl.DataFrame(heights)
