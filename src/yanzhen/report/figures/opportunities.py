"""The opportunity scatter: how near an industry lies to a region, and how complex it is."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import kinds
from yanzhen.report.figures.theme import (
    CATEGORIES,
    INK,
    NO_DATA,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.focus import Focus, regions_in_order
from yanzhen.report.text.names import Names, names
from yanzhen.report.text.quantities import money
from yanzhen.report.text.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis

HEIGHT = 470
LABELLED = 8
MOST_POINTS = 1500
UNRANKED = 1_000_000


def opportunities(diagnosis: "Diagnosis", lang: Lang, focus: Focus) -> Chart:
    """Draw relatedness against complexity, as large as the industry's market.

    The pairs in focus are coloured by macro-region over the others in grey; the best of them,
    by the mean of their percentile ranks, are named.
    """
    known = diagnosis.opportunities.drop_nulls(["relatedness", "pci", "national_output"])
    asked = known.filter(_asked(focus))
    if asked.is_empty():
        return empty(diagnosis, lang, "opportunities")
    name, unit = names(diagnosis, lang), money(diagnosis, lang)
    best = asked.sort(
        "mean_percentile", "region", "industry", descending=[True, False, False], nulls_last=True
    )
    points = best.head(MOST_POINTS)
    others = known.filter(~_asked(focus)).head(MOST_POINTS) if focus != Focus() else known.clear()
    macro = dict(diagnosis.regions.select("region", "macro_region").iter_rows())
    order = list(
        dict.fromkeys(name.macro_region(macro[code]) for code in regions_in_order(diagnosis))
    )
    seen = points.filter(pl.col("output_status") != "estimated").select("region", "industry")
    ranks = {pair: rank for rank, pair in enumerate(seen.rows(), 1)}
    rows = [
        _point(
            row,
            ranks.get((row["region"], row["industry"]), UNRANKED),
            name,
            macro,
            focus,
            lang,
            unit.factor,
        )
        for row in points.iter_rows(named=True)
    ]
    grey = [
        _point(row, UNRANKED, name, macro, focus, lang, unit.factor)
        for row in others.iter_rows(named=True)
    ]
    x = alt.X(
        "relatedness:Q",
        title=word(lang, "axis.relatedness"),
        axis=alt.Axis(format=".0%"),
        scale=alt.Scale(zero=True, nice=True),
    )
    y = alt.Y("pci:Q", title=word(lang, "axis.pci"), scale=alt.Scale(zero=False, nice=True))
    size = alt.Size(
        "market:Q",
        title=word(lang, "in_unit", what=word(lang, "column.national_output"), unit=unit.name),
        scale=alt.Scale(range=[15, 420], domainMin=0),
        legend=alt.Legend(orient="bottom", tickCount=3, symbolFillColor=NO_DATA, format=",~r"),
    )
    behind = (
        alt.Chart(values(grey)).mark_circle(color=NO_DATA, opacity=0.45).encode(x=x, y=y, size=size)
    )
    circles = (
        alt.Chart(values(rows))
        .mark_circle(stroke="white", strokeWidth=0.6)
        .encode(
            x=x,
            y=y,
            size=size,
            opacity=alt.condition("datum.estimated", alt.value(0.3), alt.value(0.85)),
            color=kinds("macro_region", order, CATEGORIES[: len(order)], symbolOpacity=1),
            tooltip=_tooltips(lang, unit.name),
        )
    )
    named = alt.Chart(values([row for row in rows if row["rank"] <= LABELLED])).encode(x=x, y=y)
    marks = named.mark_point(shape="circle", filled=False, size=130, stroke=INK, opacity=1)
    numbers = named.mark_text(fontSize=11, fontWeight=600, dx=9, dy=-8, align="left").encode(
        text="rank:N"
    )
    chart = alt.layer(*([behind] if grey else []), circles, marks, numbers).properties(
        width=WIDTH, height=HEIGHT
    )
    listed = word(lang, "semicolon").join(
        f"{row['rank']} {row['label']}"
        for row in sorted(rows, key=lambda row: int(row["rank"]))
        if row["rank"] <= LABELLED
    )
    return finished(
        chart,
        diagnosis,
        lang,
        "opportunities",
        year=diagnosis.year,
        what=_what(name, focus, lang),
        listed=listed,
    )


def _asked(focus: Focus) -> pl.Expr:
    asked = pl.lit(True)
    if focus.region is not None:
        asked &= pl.col("region") == focus.region
    if focus.industry is not None:
        asked &= pl.col("industry") == focus.industry
    return asked


def _what(name: Names, focus: Focus, lang: Lang) -> str:
    parts = []
    if focus.region is not None:
        parts.append(name.regions[focus.region])
    if focus.industry is not None:
        parts.append(name.industries[focus.industry])
    return word(lang, "comma").join(parts) if parts else word(lang, "macro_region.all")


def _point(
    row: dict[str, Any],
    rank: int,
    name: Names,
    macro: dict[str, str | None],
    focus: Focus,
    lang: Lang,
    factor: float,
) -> dict[str, Any]:
    region, industry = name.regions[row["region"]], name.industries[row["industry"]]
    label = word(lang, "figure.opportunities.pair", region=region, industry=industry)
    if focus.region is not None:
        label = industry
    elif focus.industry is not None:
        label = region
    return {
        "rank": rank,
        "label": label,
        "region": region,
        "industry": industry,
        "macro_region": name.macro_region(macro[row["region"]]),
        "relatedness": row["relatedness"],
        "pci": row["pci"],
        "market": row["national_output"] * factor,
        "quotient": row["location_quotient"],
        "mean_percentile": row["mean_percentile"],
        "estimated": row["output_status"] == "estimated",
        "status": word(lang, f"status.{row['output_status']}"),
    }


def _tooltips(lang: Lang, unit: str) -> list[Any]:
    market = word(lang, "in_unit", what=word(lang, "column.national_output"), unit=unit)
    return [
        alt.Tooltip("region:N", title=word(lang, "column.region")),
        alt.Tooltip("industry:N", title=word(lang, "column.industry")),
        alt.Tooltip("relatedness:Q", title=word(lang, "column.density"), format=".0%"),
        alt.Tooltip("pci:Q", title=word(lang, "column.pci"), format=".2f"),
        alt.Tooltip("market:Q", title=market, format=",.1f"),
        alt.Tooltip("quotient:Q", title=word(lang, "column.location_quotient"), format=".2f"),
        alt.Tooltip("mean_percentile:Q", title=word(lang, "column.mean_percentile"), format=".2f"),
        alt.Tooltip("status:N", title=word(lang, "column.output_status")),
    ]
