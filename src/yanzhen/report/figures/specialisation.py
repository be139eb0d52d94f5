"""The heat map: how much more than the nation each region does of each industry."""

from math import log2
from typing import TYPE_CHECKING, Any

import altair as alt

from yanzhen.report.figures.encodings import column_names, row_names
from yanzhen.report.figures.net_arrivals import ROW
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
from yanzhen.report.text.focus import Focus, industries_in_order, regions_in_order
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis

END = 2.0
"""The colour ends at four times, and at a quarter of, the nation's share: log2."""
MOST_REGIONS = 60
MOST_INDUSTRIES = 45


def specialisation(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> Chart:
    """Draw location quotients; estimated cells are struck through, the focus is framed."""
    known = diagnosis.specialisation.drop_nulls("location_quotient")
    if known.is_empty():
        return empty(reader, "specialisation")
    name = reader.names
    regions = _largest(diagnosis, "region", regions_in_order(diagnosis), MOST_REGIONS, focus)
    industries = _largest(
        diagnosis, "industry", industries_in_order(diagnosis), MOST_INDUSTRIES, focus
    )
    rows = [
        {
            "region": name.regions[row["region"]],
            "industry": name.industries[row["industry"]],
            "quotient": row["location_quotient"],
            "depth": _depth(row["location_quotient"]),
            "status": reader.word(f"status.{row['output_status']}"),
            "estimated": row["output_status"] == "estimated",
            "asked": row["region"] == focus.region or row["industry"] == focus.industry,
        }
        for row in diagnosis.specialisation.iter_rows(named=True)
        if row["region"] in regions and row["industry"] in industries
    ]
    base = alt.Chart(values(rows)).encode(
        x=column_names("industry", [name.industries[code] for code in industries]),
        y=row_names("region", [name.regions[code] for code in regions], 150),
        tooltip=_tooltips(reader),
    )
    title = reader.word("column.location_quotient")
    squares = base.mark_rect(stroke="white", strokeWidth=1).encode(
        color=alt.Color(
            "depth:Q",
            title=title,
            scale=alt.Scale(domain=[-END, 0, END], range=[LOSS, EVEN, GAIN], clamp=True),
            legend=alt.Legend(
                orient="bottom",
                gradientLength=230,
                values=[-END, -END / 2, 0, END / 2, END],
                labelExpr="{'-2': '≤ ¼', '-1': '½', '0': '1', '1': '2', '2': '≥ 4'}[datum.value]",
            ),
        )
    )
    missing = base.transform_filter("datum.quotient === null").mark_rect(color=NO_DATA)
    strokes = base.transform_filter("datum.estimated && datum.quotient !== null").mark_point(
        shape="M-1,1L1,-1", size=150, filled=False, stroke=INK, strokeWidth=0.8, opacity=0.55
    )
    framed = base.transform_filter("datum.asked").mark_rect(
        filled=False, stroke=INK, strokeWidth=1.6
    )
    layers = [squares, missing, strokes, *([framed] if focus != Focus() else [])]
    chart = alt.layer(*layers).properties(width=WIDTH, height=ROW * len(regions))
    hidden = len(regions) < diagnosis.regions.height or (
        len(industries) < diagnosis.industries.height
    )
    left_out = reader.word(
        "figure.specialisation.left_out", regions=len(regions), industries=len(industries)
    )
    said = left_out if hidden else ""
    return finished(chart, reader, "specialisation", year=diagnosis.year, left_out=said)


def _depth(quotient: float | None) -> float | None:
    if quotient is None:
        return None
    return -END if quotient <= 2**-END else min(END, log2(quotient))


def _largest(
    diagnosis: "Diagnosis", label: str, ordered: list[str], most: int, focus: Focus
) -> list[str]:
    """Return the largest by output, and what is asked for, in the order given."""
    frame = diagnosis.regions if label == "region" else diagnosis.industries
    kept = set(frame.sort("output", label, descending=True, nulls_last=True)[label].head(most))
    kept |= {focus.region, focus.industry} & set(ordered)
    return [code for code in ordered if code in kept]


def _tooltips(reader: Reader) -> list[Any]:
    return [
        alt.Tooltip("region:N", title=reader.word("column.region")),
        alt.Tooltip("industry:N", title=reader.word("column.industry")),
        alt.Tooltip("quotient:Q", title=reader.word("column.location_quotient"), format=".2f"),
        alt.Tooltip("status:N", title=reader.word("column.output_status")),
    ]
