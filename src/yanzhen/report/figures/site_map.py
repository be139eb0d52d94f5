"""Where the sites lie that an enterprise could go to, coloured by what they offer it."""

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.report.figures.encodings import either
from yanzhen.report.figures.geography import albers, flat, geography, ground, western_edge
from yanzhen.report.figures.maps import BORDER, border_lines, land, shading
from yanzhen.report.figures.theme import (
    EVEN,
    GAIN,
    INK,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

HEIGHT = 620
BEST = 10


def site_map(plan: "Plan", admitted: pl.DataFrame, reader: Reader) -> Chart:
    """Draw the sites that are open to an enterprise, over the provinces where these are known.

    Parameters
    ----------
    admitted : rank, site, region, gain
    """
    sites = plan.study.tables["sites"].select("site", "longitude", "latitude", "point")
    located = admitted.join(sites, on="site", how="inner", maintain_order="left")
    shown = located.drop_nulls(["longitude", "latitude"])
    if shown.is_empty():
        return empty(reader, "site_map")
    place = geography(plan)
    on_boundaries = place.basemap == "boundaries"
    plane = _plane(shown, on_boundaries)
    rows = _rows(shown, plane, reader)
    shapes, lines = ground(plane) if on_boundaries else ((), [])
    layers: list[alt.Chart | None] = [
        land(shapes),
        border_lines(lines),
        _dots(rows, shown["gain"], reader),
    ]
    chart = (
        alt.layer(*(layer for layer in layers if layer is not None))
        .project(type="identity")
        .properties(width=WIDTH, height=HEIGHT)
    )
    missing = located.height - shown.height
    return finished(
        chart,
        reader,
        "site_map",
        count=f"{shown.height:,}",
        best=min(BEST, shown.height),
        centres=_said(reader, "centres") if shown["point"].null_count() < shown.height else "",
        missing=_said(reader, "missing", count=missing) if missing else "",
        basemap=reader.word(
            f"basemap.{'boundaries' if on_boundaries else 'points'}", source=place.source
        ),
    )


def _said(reader: Reader, key: str, **values: object) -> str:
    return reader.word(f"figure.site_map.{key}", **values)


def _plane(shown: pl.DataFrame, on_boundaries: bool) -> NDArray[np.float64]:
    degrees = shown.select("longitude", "latitude").to_numpy().astype(np.float64)
    if on_boundaries:
        return albers(degrees)
    return flat(degrees, western_edge(degrees[:, 0]), float(degrees[:, 1].mean()))


def _rows(shown: pl.DataFrame, plane: NDArray[np.float64], reader: Reader) -> list[dict[str, Any]]:
    """Return the sites, the best last so that they lie on top."""
    name = reader.names
    rows = [
        {
            "x": round(float(x), 1),
            "y": round(float(y), 1),
            "site": name.places[row["site"]],
            "region": name.regions.get(row["region"], row["region"]),
            "gain": round(row["gain"], 5),
            "rank": row["rank"],
        }
        for row, (x, y) in zip(shown.iter_rows(named=True), plane, strict=True)
    ]
    return rows[::-1]


def _dots(rows: list[dict[str, Any]], gain: pl.Series, reader: Reader) -> alt.Chart:
    """Return a dot for each site, ringed where it is among the best."""
    ends = [float(gain.quantile(share) or 0.0) for share in (0.05, 0.95)]
    base = alt.Chart(values(rows)).encode(
        longitude=alt.Longitude("x:Q"), latitude=alt.Latitude("y:Q")
    )
    best = f"datum.rank <= {BEST}"
    dots: alt.Chart = base.mark_circle(opacity=0.9).encode(
        size=either(alt.SizeValue, best, 110, 28),
        stroke=either(alt.StrokeValue, best, INK, BORDER),
        strokeWidth=either(alt.StrokeWidthValue, best, 1.8, 0.4),
        color=shading(
            "gain",
            reader.word("column.gain"),
            ends,
            [EVEN, GAIN],
            format=".1%",
            orient="bottom-left",
        ),
        tooltip=[
            alt.Tooltip("site:N", title=reader.word("column.site")),
            alt.Tooltip("region:N", title=reader.word("column.region")),
            alt.Tooltip("rank:Q", title=reader.word("column.rank")),
            alt.Tooltip("gain:Q", title=reader.word("column.gain"), format=".2%"),
        ],
    )
    return dots
