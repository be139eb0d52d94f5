"""The opportunity scatter: how near an industry lies to a region, and how complex it is."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import either, macro_region_kinds
from yanzhen.report.figures.theme import (
    INK,
    NO_DATA,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.focus import Focus, named_macro_regions
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis

HEIGHT = 470
LABELLED = 8
MOST_POINTS = 1500
UNRANKED = 1_000_000


def opportunities(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> Chart:
    """Draw relatedness against complexity, as large as the industry's market.

    The pairs in focus are coloured by macro-region over the others in grey; the best of them,
    by the mean of their percentile ranks, are named.
    """
    known = diagnosis.opportunities.drop_nulls(["relatedness", "pci", "national_output"])
    asked = known.filter(_asked(focus))
    if asked.is_empty():
        return empty(reader, "opportunities")
    unit = reader.size
    points = asked.sort(
        "mean_percentile", "region", "industry", descending=[True, False, False], nulls_last=True
    ).head(MOST_POINTS)
    others = known.filter(~_asked(focus)).head(MOST_POINTS) if focus != Focus() else known.clear()
    macro_regions = named_macro_regions(diagnosis, reader)
    seen = points.filter(pl.col("output_status") != "estimated").select("region", "industry")
    ranks = {pair: rank for rank, pair in enumerate(seen.rows(), 1)}
    rows = _rows(diagnosis, reader, focus, points, ranks)
    grey = _rows(diagnosis, reader, focus, others, {})
    x, y = _axes(reader)
    market = reader.word("in_unit", what=reader.word("column.national_output"), unit=unit.name)
    size = alt.Size(
        "market:Q",
        title=market,
        scale=alt.Scale(range=[15, 420], domainMin=0),
        legend=alt.Legend(orient="bottom", tickCount=3, symbolFillColor=NO_DATA, format=",~r"),
    )
    pale = alt.Chart(values(grey)).mark_circle(color=NO_DATA, opacity=0.45)
    behind = [pale.encode(x=x, y=y, size=size)] if grey else []
    circles = (
        alt.Chart(values(rows))
        .mark_circle(stroke="white", strokeWidth=0.6)
        .encode(
            x=x,
            y=y,
            size=size,
            opacity=either(alt.OpacityValue, "datum.estimated", 0.3, 0.85),
            color=macro_region_kinds(macro_regions, symbolOpacity=1),
            tooltip=_tooltips(reader, market),
        )
    )
    best_rows = [row for row in rows if row["rank"] <= LABELLED]
    named = alt.Chart(values(best_rows)).encode(x=x, y=y)
    marks = named.mark_point(shape="circle", filled=False, size=130, stroke=INK, opacity=1)
    numbers = named.mark_text(fontSize=11, fontWeight=600, dx=9, dy=-8, align="left").encode(
        text=alt.Text("rank:N")
    )
    layers = [*behind, circles, marks, numbers]
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    ranked = sorted(best_rows, key=lambda row: int(row["rank"]))
    return finished(
        chart,
        reader,
        "opportunities",
        year=diagnosis.year,
        what=_what(focus, reader),
        listed=reader.word("semicolon").join(f"{row['rank']} {row['label']}" for row in ranked),
    )


def _axes(reader: Reader) -> tuple[alt.X, alt.Y]:
    x = alt.X(
        "relatedness:Q",
        title=reader.word("axis.relatedness"),
        axis=alt.Axis(format=".0%"),
        scale=alt.Scale(zero=True, nice=True),
    )
    y = alt.Y("pci:Q", title=reader.word("axis.pci"), scale=alt.Scale(zero=False, nice=True))
    return x, y


def _asked(focus: Focus) -> pl.Expr:
    asked = pl.lit(True)
    if focus.region is not None:
        asked &= pl.col("region") == focus.region
    if focus.industry is not None:
        asked &= pl.col("industry") == focus.industry
    return asked


def _what(focus: Focus, reader: Reader) -> str:
    parts = []
    if focus.region is not None:
        parts.append(reader.names.regions[focus.region])
    if focus.industry is not None:
        parts.append(reader.names.industries[focus.industry])
    return reader.word("comma").join(parts) if parts else reader.word("macro_region.all")


def _rows(
    diagnosis: "Diagnosis",
    reader: Reader,
    focus: Focus,
    pairs: pl.DataFrame,
    ranks: dict[tuple[str, str], int],
) -> list[dict[str, Any]]:
    name, factor = reader.names, reader.size.factor
    macro = dict(diagnosis.regions.select("region", "macro_region").iter_rows())
    return [
        {
            "rank": ranks.get((row["region"], row["industry"]), UNRANKED),
            "label": _label(
                name.regions[row["region"]], name.industries[row["industry"]], focus, reader
            ),
            "region": name.regions[row["region"]],
            "industry": name.industries[row["industry"]],
            "macro_region": name.macro_region(macro[row["region"]]),
            "relatedness": row["relatedness"],
            "pci": row["pci"],
            "market": row["national_output"] * factor,
            "quotient": row["location_quotient"],
            "mean_percentile": row["mean_percentile"],
            "estimated": row["output_status"] == "estimated",
            "status": reader.word(f"status.{row['output_status']}"),
        }
        for row in pairs.iter_rows(named=True)
    ]


def _label(region: str, industry: str, focus: Focus, reader: Reader) -> str:
    """Name what the focus leaves open of a pair."""
    if focus.region is not None:
        return industry
    if focus.industry is not None:
        return region
    return reader.word("figure.opportunities.pair", region=region, industry=industry)


def _tooltips(reader: Reader, market: str) -> list[Any]:
    return [
        alt.Tooltip("region:N", title=reader.word("column.region")),
        alt.Tooltip("industry:N", title=reader.word("column.industry")),
        alt.Tooltip("relatedness:Q", title=reader.word("column.density"), format=".0%"),
        alt.Tooltip("pci:Q", title=reader.word("column.pci"), format=".2f"),
        alt.Tooltip("market:Q", title=market, format=",.1f"),
        alt.Tooltip("quotient:Q", title=reader.word("column.location_quotient"), format=".2f"),
        alt.Tooltip("mean_percentile:Q", title=reader.word("column.mean_percentile"), format=".2f"),
        alt.Tooltip("status:N", title=reader.word("column.output_status")),
    ]
