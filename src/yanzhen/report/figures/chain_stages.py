"""A chain by stage and region: circles of output from upstream to downstream."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import either, row_names
from yanzhen.report.figures.theme import BLUE, QUIET, WIDTH, Chart, empty, finished, values
from yanzhen.report.text.focus import regions_in_order
from yanzhen.report.text.quantities import number
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.modes.chain import ChainAnalysis

ROW = 19
MOST_REGIONS = 40
MOST_INDUSTRIES = 24
LARGEST = 420


def chain_stages(found: "ChainAnalysis", reader: Reader) -> Chart:
    """Draw the output that one industry's chain takes, regions by industries in order of stage."""
    if found.chain.is_empty():
        return empty(reader, "chain_stages")
    name, shown = reader.names, reader.money
    industries = _largest(found.chain, "industry", MOST_INDUSTRIES)
    regions = _largest(found.chain, "region", MOST_REGIONS)
    steps = dict(found.stages.select("industry", "upstreamness").iter_rows())
    ordered = [code for code in found.stages["industry"] if code in industries]
    label = {code: f"({number(steps[code])}) {name.industries[code]}" for code in ordered}
    by_region = [code for code in regions_in_order(found) if code in regions]
    rows = [
        {
            "region": name.regions[row["region"]],
            "industry": label[row["industry"]],
            "in_chain": row["in_chain"] * shown.factor,
            "share": row["share"],
            "own": row["industry"] == found.industry,
        }
        for row in found.chain.iter_rows(named=True)
        if row["industry"] in label and row["region"] in regions
    ]
    chart = (
        alt.Chart(values(rows))
        .mark_circle(opacity=0.9)
        .encode(
            x=alt.X(
                "industry:N",
                title=None,
                scale=alt.Scale(domain=[label[code] for code in ordered]),
                axis=alt.Axis(orient="top", labelAngle=-50, labelLimit=210, ticks=False, grid=True),
            ),
            y=row_names("region", [name.regions[code] for code in by_region], 130),
            size=alt.Size(
                "in_chain:Q",
                title=reader.word("in_unit", what=reader.word("column.in_chain"), unit=shown.name),
                scale=alt.Scale(range=[0, LARGEST]),
                legend=alt.Legend(orient="bottom", symbolFillColor=QUIET, tickCount=4),
            ),
            color=either(alt.ColorValue, "datum.own", BLUE, QUIET),
            tooltip=[
                alt.Tooltip("region:N", title=reader.word("column.region")),
                alt.Tooltip("industry:N", title=reader.word("column.industry")),
                alt.Tooltip("in_chain:Q", title=reader.word("column.in_chain"), format=",.1f"),
                alt.Tooltip("share:Q", title=reader.word("column.chain_share"), format=".1%"),
            ],
        )
        .properties(width=WIDTH, height=ROW * len(by_region))
    )
    followed = name.industries[found.industry]
    return finished(chart, reader, "chain_stages", industry=followed, year=found.year)


def _largest(chain: pl.DataFrame, label: str, most: int) -> set[str]:
    summed = chain.group_by(label, maintain_order=True).agg(pl.col("in_chain").sum())
    return set(summed.sort("in_chain", label, descending=[True, False])[label].head(most))
