"""The industry space: which industries go together, and where a region stands in it."""

from math import pi, sqrt
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from yanzhen.advantage.specialisation import least
from yanzhen.report.figures.encodings import either, haloed
from yanzhen.report.figures.network_layout import backbone, layout
from yanzhen.report.figures.theme import (
    INK,
    NO_DATA,
    QUIET,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.focus import Focus
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis

HEIGHT = 560
LINKS_PER_INDUSTRY = 1.5
"""Closest pairs that are drawn, for each industry."""
LINK = "#aab4be"
SMALLEST, LARGEST = 60, 1900
MOST_LABELS = 60
LONGEST_LINE = 14


def industry_space(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> Chart:
    """Draw industries as a network by proximity, as large as their output.

    Coloured by complexity; with a region in focus by whether the region is strong in them.
    """
    codes = diagnosis.industries["industry"].to_list()
    phi = _proximity(diagnosis, codes)
    if len(codes) < 2 or not phi.any():
        return empty(reader, "industry_space")
    unit = reader.size.name
    closest = round(LINKS_PER_INDUSTRY * len(codes))
    links = backbone(phi, closest)
    places = layout(links)
    nodes = _nodes(diagnosis, reader, focus, codes, places)
    x = alt.X("x:Q", axis=None, scale=_scale(places[:, 0]))
    y = alt.Y("y:Q", axis=None, scale=_scale(places[:, 1]))
    lines = _lines(_edges(links, places, codes, focus), x, y)
    base = alt.Chart(values(nodes)).encode(x=x, y=y)
    circles = base.mark_circle(invalid=None, stroke="white", strokeWidth=1.2, opacity=1).encode(
        size=alt.Size(
            "output:Q",
            title=reader.word("in_unit", what=reader.word("column.output"), unit=unit),
            scale=alt.Scale(type="linear", range=[SMALLEST, LARGEST], domainMin=0),
            legend=alt.Legend(orient="bottom", tickCount=3, symbolFillColor=NO_DATA, format=",~r"),
        ),
        color=_colour(diagnosis, reader, focus),
        tooltip=[
            alt.Tooltip("industry:N", title=reader.word("column.industry")),
            alt.Tooltip("output:Q", title=reader.word("column.output"), format=",.1f"),
            alt.Tooltip("pci:Q", title=reader.word("column.pci"), format=".2f"),
            alt.Tooltip("quotient:N", title=reader.word("column.location_quotient")),
        ],
    )
    ring = base.transform_filter("datum.asked").mark_point(
        filled=False, size=2300, stroke=INK, strokeWidth=2, opacity=1
    )
    # Names stand below their circles.
    named = alt.Chart(values([node for node in nodes if node["label"]])).encode(
        x=x, y=alt.Y("below:Q", axis=None, scale=_scale(places[:, 1])), text=alt.Text("label:N")
    )
    texts = haloed(named, lineBreak="\n", fontSize=11, baseline="top")
    layers = [lines, circles, *([ring] if focus.industry else []), *texts]
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    return finished(
        chart,
        reader,
        "industry_space",
        year=diagnosis.year,
        colour=_colour_said(diagnosis, reader, focus),
        count=closest,
        regions=diagnosis.regions.height,
        industries=len(codes),
    )


def _lines(edges: list[dict[str, Any]], x: alt.X, y: alt.Y) -> alt.Chart:
    width = alt.Scale(domain=[0, 1], range=[0.4, 5])
    lines: alt.Chart = (
        alt.Chart(values(edges))
        .mark_rule()
        .encode(
            x=x,
            y=y,
            x2=alt.X2("x2:Q"),
            y2=alt.Y2("y2:Q"),
            strokeWidth=alt.StrokeWidth("proximity:Q", scale=width, legend=None),
            color=either(alt.ColorValue, "datum.asked", INK, LINK),
        )
    )
    return lines


def _proximity(diagnosis: "Diagnosis", codes: list[str]) -> NDArray[np.float64]:
    place = {code: i for i, code in enumerate(codes)}
    phi = np.zeros((len(codes), len(codes)))
    for industry, related, value in diagnosis.proximities.drop_nulls().iter_rows():
        i, j = place[industry], place[related]
        phi[i, j] = phi[j, i] = value
    return phi


def _nodes(
    diagnosis: "Diagnosis",
    reader: Reader,
    focus: Focus,
    codes: list[str],
    places: NDArray[np.float64],
) -> list[dict[str, Any]]:
    factor = reader.size.factor
    own = diagnosis.specialisation.filter(region=focus.region or "")
    quotient = dict(own.select("industry", "location_quotient").iter_rows())
    rows = diagnosis.industries.select("industry", "output", "pci").iter_rows(named=True)
    large = diagnosis.industries.sort("output", descending=True, nulls_last=True)
    labelled = {*large["industry"].head(MOST_LABELS), focus.industry}
    most = max(float(diagnosis.industries["output"].drop_nulls().max() or 1.0), 1e-9)  # type: ignore[arg-type]
    low, high = _ends(places[:, 1])
    shown = []
    for row in rows:
        code, x = row["industry"], places[codes.index(row["industry"])]
        found = quotient.get(code)
        shown.append(
            {
                "x": round(float(x[0]), 4),
                "y": round(float(x[1]), 4),
                "below": round(
                    float(x[1]) - _radius((row["output"] or 0.0) / most) * (high - low), 4
                ),
                "industry": reader.names.industries[code],
                "label": _broken(reader.names.industries[code]) if code in labelled else "",
                "output": (row["output"] or 0.0) * factor,
                "pci": row["pci"],
                "quotient": "" if found is None else f"{found:.2f}",
                "standing": _standing(reader, found),
                "asked": code == focus.industry,
            }
        )
    return shown


def _edges(
    links: NDArray[np.float64], places: NDArray[np.float64], codes: list[str], focus: Focus
) -> list[dict[str, Any]]:
    return [
        {
            "x": round(float(places[i, 0]), 4),
            "y": round(float(places[i, 1]), 4),
            "x2": round(float(places[j, 0]), 4),
            "y2": round(float(places[j, 1]), 4),
            "proximity": float(links[i, j]),
            "asked": focus.industry in (codes[i], codes[j]),
        }
        for i, j in zip(*np.nonzero(np.triu(links)), strict=True)
    ]


def _scale(along: NDArray[np.float64]) -> alt.Scale:
    return alt.Scale(domain=_ends(along), nice=False, zero=False)


def _ends(along: NDArray[np.float64]) -> list[float]:
    """Return the ends of an axis with room for circles and names."""
    low, high = float(along.min()), float(along.max())
    margin = 0.1 * max(high - low, 1e-6)
    return [low - 1.3 * margin, high + margin]


def _radius(share: float) -> float:
    """Return the radius of a circle and a gap, as a share of the height."""
    return (sqrt((SMALLEST + (LARGEST - SMALLEST) * share) / pi) + 3) / HEIGHT


def _colour(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> alt.Color | alt.ColorValue:
    if focus.region is None and _complexity_unknown(diagnosis):
        return alt.ColorValue(NO_DATA)
    if focus.region is None:
        limit = max((abs(v) for v in diagnosis.industries["pci"].drop_nulls()), default=1.0)
        return alt.Color(
            "pci:Q",
            title=reader.word("column.pci"),
            scale=alt.Scale(domain=[-limit, limit], range=["#f1e3c8", "#e9b872", "#c8553d"]),
            legend=alt.Legend(orient="bottom", gradientLength=160, format=".1f", tickCount=3),
        )
    kinds = [reader.word(f"standing.{kind}") for kind in ("strong", "weak", "unknown")]
    return alt.Color(
        "standing:N",
        title=reader.names.regions[focus.region],
        scale=alt.Scale(domain=kinds, range=["#8ab4dc", "#e4e7eb", NO_DATA]),
        legend=alt.Legend(orient="bottom", symbolStrokeColor=QUIET, columns=1),
    )


def _complexity_unknown(diagnosis: "Diagnosis") -> bool:
    return diagnosis.industries["pci"].drop_nulls().is_empty()


def _colour_said(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> str:
    if focus.region is None and _complexity_unknown(diagnosis):
        return reader.word("figure.industry_space.without_complexity")
    if focus.region is None:
        return reader.word("figure.industry_space.by_complexity")
    return reader.word("figure.industry_space.by_region", region=reader.names.regions[focus.region])


def _standing(reader: Reader, quotient: float | None) -> str:
    kind = "unknown" if quotient is None else "strong" if quotient >= least(1.0) else "weak"
    return reader.word(f"standing.{kind}")


def _broken(text: str) -> str:
    """Break a long name into lines, at a space or between Chinese characters."""
    if any(ord(c) > 0x2E7F for c in text):
        return "\n".join(text[i : i + 8] for i in range(0, len(text), 8))
    lines = [""]
    for part in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(part) > LONGEST_LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {part}".strip()
    return "\n".join(lines)
