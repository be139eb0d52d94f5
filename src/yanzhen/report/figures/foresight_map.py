"""Where it was foreseen and where not: on the map, or region by region where there is none."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import kinds
from yanzhen.report.figures.geography import geography
from yanzhen.report.figures.region_map import (
    HEIGHTS,
    LABELS,
    ROW,
    Shading,
    shaded_bars,
    shaded_map,
)
from yanzhen.report.figures.theme import (
    BLUE,
    EVEN,
    GAIN,
    LOSS,
    NO_DATA,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.protocols import RegionalResult
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.history.outlook import Outlook

MOST_REGIONS = 30


def hits(result: RegionalResult, reader: Reader, outlook: "Outlook", event: str) -> Chart:
    """Draw the share of each region's events that were among the most probable ones.

    Parameters
    ----------
    result : what the figures are of
    outlook : an event as foreseen and as it happened
    event : entry or exit
    """
    figure = f"hits_{event}"
    seen = outlook.by_region.filter(pl.col("happened") > 0)
    if seen.is_empty() or outlook.cells["probability"].null_count() == outlook.candidates:
        return empty(reader, figure)
    name = reader.names
    rows = [
        {
            **row,
            "name": name.regions.get(row["region"], row["region"]),
            "value": row["hits"] / row["happened"],
            "label": f"{row['hits']}/{row['happened']}",
        }
        for row in seen.sort("happened", "region", descending=[True, False]).iter_rows(named=True)
    ]
    overall = reader.share_of(int(seen["hits"].sum()), int(seen["happened"].sum()), 0)
    place = geography(result)
    tooltips = {
        key: (reader.word(f"foresight.{key}"), ",d")
        for key in ("candidates", "happened", "foretold", "hits")
    }
    if place.basemap in HEIGHTS and place.has_areas_of(seen["region"]):
        title = reader.word("foresight.share_foretold")
        blank = reader.word("no_data_or_event")
        shaded = Shading([0, 1], [EVEN, GAIN], title, tooltips, blank)
        chart: Chart = shaded_map(reader, place, rows, shaded)
        basemap = reader.word(f"basemap.{place.basemap}", source=place.source)
    else:
        chart = _counts(rows[:MOST_REGIONS], reader, tooltips)
        basemap = _drawn(rows, reader)
    return finished(chart, reader, figure, share=overall, basemap=basemap)


def share_misses(
    result: RegionalResult, reader: Reader, shares: pl.DataFrame, foreseen: str, figure: str
) -> Chart:
    """Draw how far each region's output was foretold too high or too low.

    Parameters
    ----------
    result : what the figures are of
    shares : region, size, actual and a column of foreseen shares
    foreseen : name of that column
    figure : key of the figure in `words.toml`
    """
    if shares.is_empty():
        return empty(reader, figure)
    name = reader.names
    found = (
        shares.group_by("region", maintain_order=True)
        .agg(
            actual=(pl.col("actual") * pl.col("size")).sum(),
            foretold=(pl.col(foreseen) * pl.col("size")).sum(),
        )
        .filter(pl.col("actual") > 0)
        .with_columns(value=pl.col("foretold") / pl.col("actual") - 1)
        .sort(pl.col("value").abs(), "region", descending=[True, False])
    )
    rows = [
        {
            "region": row["region"],
            "name": name.regions.get(row["region"], row["region"]),
            "value": row["value"],
            "label": f"{100 * row['value']:+.0f}%".replace("-", "−"),
        }
        for row in found.iter_rows(named=True)
    ]
    limit = max(0.01, float(found["value"].abs().quantile(0.9) or 0.0))
    title = reader.word("foresight.foretold_over_actual")
    place = geography(result)
    shaded = Shading(
        [-limit, 0, limit],
        [LOSS, EVEN, GAIN],
        title,
        {"value": (title, "+.1%")},
        reader.word("no_data"),
    )
    if place.basemap in HEIGHTS and place.has_areas_of(found["region"]):
        chart: Chart = shaded_map(reader, place, rows, shaded)
        basemap = reader.word(f"basemap.{place.basemap}", source=place.source)
    else:
        chart = shaded_bars(rows[:MOST_REGIONS], reader, shaded)
        basemap = _drawn(rows, reader)
    return finished(chart, reader, figure, basemap=basemap)


def _drawn(rows: list[dict[str, Any]], reader: Reader) -> str:
    """Say how many regions are drawn where it is not all of them."""
    return reader.word("foresight.first", count=MOST_REGIONS) if len(rows) > MOST_REGIONS else ""


def _counts(
    rows: list[dict[str, Any]], reader: Reader, tooltips: dict[str, tuple[str, str]]
) -> Chart:
    """Rank regions by the events that happened, and draw how many of them were foretold."""
    labels = {key: reader.word(f"foresight.{key}") for key in ("happened", "hits")}
    points = [
        {**row, "kind": label, "count": row[key]} for row in rows for key, label in labels.items()
    ]
    y = alt.Y("name:N", title=None, sort=None, axis=LABELS)
    rules = alt.Chart(values(rows)).mark_rule(color=NO_DATA, strokeWidth=4)
    dots = (
        alt.Chart(values(points))
        .mark_circle(size=80, opacity=1)
        .encode(
            x=alt.X(
                "count:Q",
                title=reader.word("foresight.count"),
                axis=alt.Axis(format=",d", tickMinStep=1),
            ),
            y=y,
            color=kinds("kind", list(labels.values()), [VERMILION, BLUE]),
            tooltip=[
                alt.Tooltip("name:N", title=reader.word("column.region")),
                *(
                    alt.Tooltip(f"{key}:Q", title=head, format=form)
                    for key, (head, form) in tooltips.items()
                ),
            ],
        )
    )
    chart: Chart = alt.layer(rules.encode(x=alt.X("hits:Q"), x2=alt.X2("happened:Q"), y=y), dots)
    sized: Chart = chart.properties(width=WIDTH, height=ROW * len(rows))
    return sized
