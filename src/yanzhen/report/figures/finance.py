"""Pictures of financial products and parks' finance."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import kinds, row_names, year_axis, zero_line
from yanzhen.report.figures.theme import (
    BLACK,
    BLUE,
    GREEN,
    INK,
    NO_DATA,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.tables.finance import product_names
from yanzhen.report.text.quantities import amount
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.finance.study_finance import Finance

PARTIES = {
    "enterprise": BLUE, "lender": VERMILION, "guarantor": GREEN, "reguarantor": SKY,
    "investor": PURPLE, "park": BLUE, "manager": NO_DATA, "fund": ORANGE, "treasury": BLACK,
    "market": NO_DATA,
}  # fmt: skip
MOST_OFFERS = 30
SOURCES = {"income": GREEN, "drawn": BLUE, "given": SKY}
USES = {"works": VERMILION, "operating": NO_DATA, "paid": ORANGE, "distributed": PURPLE}


def offers_figure(found: "Finance", reader: Reader) -> Chart:
    """Draw what each offer is worth over the market's terms beside what it costs the public."""
    if found.offers.is_empty():
        return empty(reader, "finance_offers")
    names, unit = product_names(reader), reader.money
    heads = {key: reader.word(f"finance.head.{key}") for key in ("support", "fund_cost")}
    rows = found.offers.sort("support", descending=True).head(MOST_OFFERS)
    order, bars = [], []
    for row in rows.iter_rows(named=True):
        name = f"{row['project']} · {names[row['product']]}"
        order.append(name)
        bars += [
            {
                "name": name,
                "what": head,
                "value": row[key] * unit.factor,
                "said": amount(row[key], unit),
            }
            for key, head in heads.items()
        ]
    title = reader.word("in_unit", what=reader.word("column.value"), unit=unit.name)
    drawn = (
        alt.Chart(values(bars))
        .mark_bar(height=9)
        .encode(
            x=alt.X("value:Q", title=title, axis=alt.Axis(orient="top", tickCount=6)),
            y=row_names("name", order, 230, sort=order),
            yOffset=alt.YOffset("what:N", sort=list(heads.values())),
            color=kinds("what", list(heads.values()), [BLUE, ORANGE], sort=list(heads.values())),
            tooltip=[
                alt.Tooltip("name:N", title=reader.word("column.product")),
                alt.Tooltip("what:N", title=reader.word("column.measure")),
                alt.Tooltip("said:N", title=reader.word("column.value")),
            ],
        )
    )
    chart = alt.layer(drawn, zero_line("x", "value")).properties(
        width=WIDTH - 200, height=34 * len(order)
    )
    return finished(chart, reader, "finance_offers")


def flows_figure(found: "Finance", reader: Reader) -> Chart:
    """Draw the cash flows of the first offer by year and party."""
    if found.offers.is_empty():
        return empty(reader, "finance_flows")
    offer = found.offers.row(0, named=True)
    rows = found.yearly.filter(project=offer["project"], product=offer["product"])
    words = {party: reader.word(f"finance.party.{party}") for party in PARTIES}
    there = [party for party in PARTIES if party in set(rows["party"])]
    bars = [
        {
            "year": row["year"],
            "party": words[row["party"]],
            "value": row["amount"] * reader.money.factor,
            "said": amount(row["amount"], reader.money),
        }
        for row in rows.iter_rows(named=True)
    ]
    chart = _stacked(
        bars, "party", [words[party] for party in there], [PARTIES[party] for party in there],
        reader, reader.word("column.party"),
    )  # fmt: skip
    product = product_names(reader)[offer["product"]]
    return finished(chart, reader, "finance_flows", project=offer["project"], product=product)


def waterfall_figure(found: "Finance", reader: Reader) -> Chart:
    """Draw what comes in and goes out of the first park, by year."""
    if found.park_years.is_empty():
        return empty(reader, "finance_waterfall")
    rows = _first_park(found)
    colours = {**SOURCES, **USES}
    heads = {key: reader.word(f"finance.head.{key}") for key in colours}
    heads["paid"] = reader.word("finance.head.park_years_paid")
    bars = [
        {
            "year": row["year"],
            "what": heads[key],
            "value": (row[key] if key in SOURCES else -row[key]) * reader.money.factor,
            "said": amount(row[key], reader.money),
        }
        for row in rows.iter_rows(named=True)
        for key in colours
        if row[key]
    ]
    chart = _stacked(
        bars, "what", list(heads.values()), list(colours.values()), reader,
        reader.word("column.measure"),
    )  # fmt: skip
    return finished(chart, reader, "finance_waterfall", site=_site(rows, reader))


def cover_figure(found: "Finance", reader: Reader) -> Chart:
    """Draw the debt-service and loan-life cover of the first park, over the line at 1.

    Years without income yet are left out.
    """
    rows = _first_park(found) if found.park_years.height else found.park_years
    heads = {key: reader.word(f"finance.head.{key}") for key in ("dscr", "llcr")}
    points = [
        {"year": row["year"], "what": heads[key], "cover": row[key]}
        for row in rows.filter(pl.col("income") > 0).iter_rows(named=True)
        for key in heads
        if row[key] is not None
    ]
    if not points:
        return empty(reader, "finance_cover")
    x = year_axis(reader.word("column.year"))
    lines = (
        alt.Chart(values(points))
        .mark_line(point=alt.OverlayMarkDef(filled=True, size=55), strokeWidth=2)
        .encode(
            x=x,
            y=alt.Y("cover:Q", title=reader.word("finance.axis.cover")),
            color=kinds("what", list(heads.values()), [BLUE, ORANGE], sort=list(heads.values())),
            tooltip=[
                alt.Tooltip("year:O", title=reader.word("column.year")),
                alt.Tooltip("what:N", title=reader.word("column.measure")),
                alt.Tooltip("cover:Q", title=reader.word("finance.axis.cover"), format=".2f"),
            ],
        )
    )
    even = alt.Chart(values([{"cover": 1}])).mark_rule(color=INK, strokeDash=[4, 3])
    chart = alt.layer(even.encode(y=alt.Y("cover:Q")), lines).properties(width=WIDTH, height=260)
    return finished(chart, reader, "finance_cover", site=_site(rows, reader))


def _stacked(
    bars: list[dict[str, Any]],
    field: str,
    labels: list[str],
    colours: list[str],
    reader: Reader,
    what: str,
) -> Chart:
    """Bars by year, above zero what comes in and below it what goes out."""
    title = reader.word("in_unit", what=reader.word("column.amount"), unit=reader.money.name)
    drawn = (
        alt.Chart(values(bars))
        .mark_bar()
        .encode(
            x=year_axis(reader.word("column.year")),
            y=alt.Y("value:Q", stack="zero", title=title),
            color=kinds(field, labels, colours, sort=labels, symbolType="square"),
            tooltip=[
                alt.Tooltip("year:O", title=reader.word("column.year")),
                alt.Tooltip(f"{field}:N", title=what),
                alt.Tooltip("said:N", title=reader.word("column.amount")),
            ],
        )
    )
    return alt.layer(drawn, zero_line("y", "value")).properties(width=WIDTH, height=280)


def _first_park(found: "Finance") -> pl.DataFrame:
    return found.park_years.filter(site=found.park_years["site"][0])


def _site(rows: pl.DataFrame, reader: Reader) -> str:
    site = str(rows["site"][0])
    return reader.names.places.get(site, site)
