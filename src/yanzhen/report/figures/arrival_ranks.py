"""Who receives most, and how sure that is: ranks of places by arrivals over the draws."""

from typing import TYPE_CHECKING, Any

import altair as alt

from yanzhen.report.figures.encodings import macro_region_kinds, row_names
from yanzhen.report.figures.theme import WIDTH, Chart, empty, finished, values
from yanzhen.report.text.names import macro_regions_in_order
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

ROW = 18
MOST = 60


def arrival_ranks(plan: "Plan", reader: Reader) -> Chart:
    """Draw the rank of each receiving place: 5 to 95 % of the draws, with the plan's own."""
    known = plan.sites.drop_nulls(["rank_low", "rank_high"]).sort("rank", "site").head(MOST)
    if known.is_empty() or plan.moves.is_empty():
        return empty(reader, "arrival_ranks")
    name, unit = reader.names, reader.size
    macro = dict(plan.regions.select("region", "macro_region").iter_rows())
    order = [name.macro_region(code) for code in macro_regions_in_order(plan)]
    rows = [
        {
            "site": name.places.get(row["site"], row["site"]),
            "macro_region": name.macro_region(macro.get(row["region"])),
            "rank": row["rank"],
            "low": row["rank_low"],
            "high": row["rank_high"],
            "arrivals": amount(row["arrivals"], unit),
            "from": amount(row["arrivals_low"], unit),
            "to": amount(row["arrivals_high"], unit),
            "first": percent(row["first_five_share"], 0),
        }
        for row in known.iter_rows(named=True)
    ]
    last = max(row["high"] for row in rows)
    base = alt.Chart(values(rows)).encode(
        y=row_names("site", [row["site"] for row in rows], 130),
        color=macro_region_kinds(order, symbolOpacity=1, symbolType="circle"),
        tooltip=[
            alt.Tooltip("site:N", title=reader.word("column.site")),
            alt.Tooltip("rank:Q", title=reader.word("column.rank")),
            alt.Tooltip("low:Q", title=reader.word("column.rank_low"), format=".0f"),
            alt.Tooltip("high:Q", title=reader.word("column.rank_high"), format=".0f"),
            alt.Tooltip("arrivals:N", title=reader.word("column.arrivals")),
            alt.Tooltip("from:N", title=reader.word("column.arrivals_low")),
            alt.Tooltip("to:N", title=reader.word("column.arrivals_high")),
            alt.Tooltip("first:N", title=reader.word("column.first_five_share")),
        ],
    )
    look: dict[str, Any] = {
        "title": reader.word("axis.arrival_rank"),
        "scale": alt.Scale(domain=[0.4, last + 0.6], nice=False),
        "axis": alt.Axis(tickMinStep=1, format="d", orient="top"),
    }
    bars = base.mark_rule(strokeWidth=6, strokeCap="round", opacity=0.45).encode(
        x=alt.X("low:Q", **look), x2=alt.X2("high:Q")
    )
    dots = base.mark_circle(size=70, opacity=1, stroke="white", strokeWidth=1).encode(
        x=alt.X("rank:Q", **look)
    )
    chart = alt.layer(bars, dots).properties(width=WIDTH, height=ROW * len(rows))
    return finished(chart, reader, "arrival_ranks", draws=plan.uncertainty.cleared)
