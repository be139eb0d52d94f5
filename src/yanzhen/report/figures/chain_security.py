"""Pictures of gaps, of what depends on whom, and of what a plan changes in it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import either, row_names
from yanzhen.report.figures.theme import (
    BLUE,
    CATEGORIES,
    ORANGE,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.findings.chain import guarded_inputs
from yanzhen.report.text.focus import regions_in_order
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.modes.chain import ChainAnalysis

ROW = 17
MOST = 40
CHANGES = 24
DARKEST = {"chain_gaps": 0.3, "chain_exposure": 0.15}
"""Share at which the colour ends."""


def chain_gaps(found: "ChainAnalysis", reader: Reader) -> Chart:
    """Draw the share of every region's need of each input that stays open."""
    rows = found.gaps.filter(pl.col("gap_beyond_reach") > 0)
    if rows.is_empty():
        return empty(reader, "chain_gaps")
    name = reader.names
    regions = [code for code in regions_in_order(found) if code in set(rows["region"])]
    inputs = [code for code in found.stages["industry"] if code in set(rows["input"])]
    data = [
        {
            "row": name.regions[row["region"]],
            "column": name.industries[row["input"]],
            "share": row["share_open"],
            "amount": row["gap_beyond_reach"] * reader.money.factor,
        }
        for row in rows.iter_rows(named=True)
    ]
    tooltip = [
        alt.Tooltip("row:N", title=reader.word("column.region")),
        alt.Tooltip("column:N", title=reader.word("column.input")),
        alt.Tooltip("share:Q", title=reader.word("column.share_open"), format=".1%"),
        alt.Tooltip("amount:Q", title=reader.word("column.gap_beyond_reach"), format=",.1f"),
    ]
    chart = _squares(
        data,
        [name.regions[code] for code in regions[:MOST]],
        [name.industries[code] for code in inputs],
        reader.word("column.share_open"),
        "chain_gaps",
        tooltip,
    )
    return finished(chart, reader, "chain_gaps", year=found.year)


def chain_exposure(found: "ChainAnalysis", reader: Reader) -> Chart:
    """Draw what each region would lose with the supplies of each other."""
    if found.exposure.is_empty():
        return empty(reader, "chain_exposure")
    name = reader.names
    ordered = regions_in_order(found)
    regions = [name.regions[code] for code in ordered[:MOST]]
    data = [
        {
            "row": name.regions[row["region"]],
            "column": name.regions[row["supplier_region"]],
            "share": row["exposure"],
            "after": row["exposure_after"],
            "bought": row["share_bought"],
        }
        for row in found.exposure.iter_rows(named=True)
        if row["region"] in ordered[:MOST] and row["supplier_region"] in ordered[:MOST]
    ]
    tooltip = [
        alt.Tooltip("row:N", title=reader.word("column.region")),
        alt.Tooltip("column:N", title=reader.word("column.supplier_region")),
        alt.Tooltip("share:Q", title=reader.word("column.exposure"), format=".1%"),
        alt.Tooltip("after:Q", title=reader.word("column.exposure_after"), format=".1%"),
        alt.Tooltip("bought:Q", title=reader.word("column.share_bought"), format=".1%"),
    ]
    chart = _squares(
        data, regions, regions, reader.word("column.exposure"), "chain_exposure", tooltip
    )
    return finished(chart, reader, "chain_exposure", year=found.year)


def chain_concentration(found: "ChainAnalysis", reader: Reader) -> Chart:
    """Draw where the plan changes the concentration of outside supply most."""
    rows = (
        guarded_inputs(found.concentration)
        .drop_nulls("change")
        .sort(pl.col("change").abs(), "region", "input", descending=[True, False, False])
        .head(CHANGES)
        .sort("change", "region", "input", descending=[True, False, False])
    )
    if rows.is_empty():
        return empty(reader, "chain_concentration")
    name = reader.names
    data = [
        {
            "label": f"{name.regions[row['region']]} · {name.industries[row['input']]}",
            "before": row["concentration"],
            "after": row["concentration_after"],
            "worse": row["change"] > 0,
        }
        for row in rows.iter_rows(named=True)
    ]
    title = reader.word("column.concentration")
    base = alt.Chart(values(data)).encode(
        y=row_names("label", [row["label"] for row in data], 330),
        color=either(alt.ColorValue, "datum.worse", ORANGE, BLUE),
        tooltip=[
            alt.Tooltip("label:N", title=reader.word("column.input")),
            alt.Tooltip("before:Q", title=reader.word("column.chain_before"), format=".3f"),
            alt.Tooltip("after:Q", title=reader.word("column.chain_after"), format=".3f"),
        ],
    )
    x = alt.X("before:Q", title=title, scale=alt.Scale(zero=False))
    chart = alt.layer(
        base.mark_rule(strokeWidth=2).encode(x=x, x2=alt.X2("after:Q")),
        base.mark_point(filled=False, size=46, strokeWidth=1.6).encode(x=x),
        base.mark_point(filled=True, size=60, opacity=1).encode(x=alt.X("after:Q")),
    ).properties(width=WIDTH, height=ROW * len(data))
    return finished(chart, reader, "chain_concentration")


def chain_services(found: "ChainAnalysis", reader: Reader) -> Chart:
    """Draw the net change of each region's demand for producer services."""
    if found.services.is_empty():
        return empty(reader, "chain_services")
    name, shown = reader.names, reader.money
    order = (
        found.services.group_by("region", maintain_order=True)
        .agg(pl.col("net").sum())
        .sort("net", "region", descending=[True, False])["region"]
        .to_list()
    )
    kept = {*order[: MOST // 2], *order[-MOST // 2 :]}
    data = [
        {
            "region": name.regions.get(row["region"], row["region"]),
            "service": name.industries[row["service"]],
            "net": row["net"] * shown.factor,
        }
        for row in found.services.iter_rows(named=True)
        if row["region"] in kept
    ]
    services = list(dict.fromkeys(row["service"] for row in data))
    regions = [name.regions.get(code, code) for code in order if code in kept]
    chart = (
        alt.Chart(values(data))
        .mark_bar()
        .encode(
            x=alt.X(
                "net:Q",
                title=reader.word(
                    "in_unit_a_year", what=reader.word("column.net_demand"), unit=shown.name
                ),
            ),
            y=row_names("region", regions, 130),
            color=alt.Color(
                "service:N",
                title=None,
                scale=alt.Scale(domain=services, range=CATEGORIES),
                legend=alt.Legend(orient="bottom", columns=2, labelLimit=340),
            ),
            tooltip=[
                alt.Tooltip("region:N", title=reader.word("column.region")),
                alt.Tooltip("service:N", title=reader.word("column.service")),
                alt.Tooltip("net:Q", title=reader.word("column.net_demand"), format=",.1f"),
            ],
        )
        .properties(width=WIDTH, height=ROW * len(regions))
    )
    return finished(chart, reader, "chain_services", unit=shown.name)


def _squares(
    data: Sequence[dict[str, Any]],
    rows: list[str],
    columns: list[str],
    title: str,
    figure: str,
    tooltip: list[alt.Tooltip],
) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(values(list(data)))
        .mark_rect(stroke="white", strokeWidth=1)
        .encode(
            x=alt.X(
                "column:N",
                title=None,
                scale=alt.Scale(domain=columns),
                axis=alt.Axis(
                    orient="top", labelAngle=-50, labelLimit=150, ticks=False, domain=False
                ),
            ),
            y=row_names("row", rows, 130),
            color=alt.Color(
                "share:Q",
                title=title,
                scale=alt.Scale(
                    domain=[0, DARKEST[figure]], range=["#f2f5f7", "#08306b"], clamp=True
                ),
                legend=alt.Legend(orient="bottom", format="%", gradientLength=230),
            ),
            tooltip=tooltip,
        )
        .properties(width=WIDTH, height=ROW * len(rows))
    )
    return chart
