"""Pictures of what a plan does to the whole economy."""

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.effects.response import FREE, IMMOBILE, PARTS
from yanzhen.report.figures.encodings import diamonds, either, kinds, row_names, zero_line
from yanzhen.report.figures.geography import geography
from yanzhen.report.figures.region_map import HEIGHTS, ROW, Shading, shaded_bars, shaded_map
from yanzhen.report.figures.theme import (
    BLUE,
    EVEN,
    GAIN,
    GREEN,
    INK,
    LOSS,
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
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.effects.plan_effects import Effects

MOST_REGIONS = 60
PART_COLOURS = dict(zip(PARTS, (BLUE, GREEN, SKY, PURPLE, NO_DATA), strict=True))


def gains_map(found: "Effects", reader: Reader) -> Chart:
    """Draw the change of real income per head where people stay, on the map where there is one."""
    rows = _by_region(found, reader, IMMOBILE)
    if not rows:
        return empty(reader, "effects_gains")
    shown = [
        {
            "region": row["region"],
            "name": row["name"],
            "value": row["real_income_change"],
            "label": _signed(row["real_income_change"]),
        }
        for row in sorted(rows, key=lambda row: (-row["real_income_change"], row["region"]))
    ]
    limit = max(max(abs(row["value"]) for row in shown), 1e-6)
    title = reader.word("effects.head.real_income_change")
    shaded = Shading(
        [-limit, 0, limit],
        [LOSS, EVEN, GAIN],
        title,
        {"value": (title, "+.2%")},
        reader.word("no_data"),
    )
    place = geography(found)
    basemap = ""
    if place.basemap in HEIGHTS and place.has_areas_of(row["region"] for row in shown):
        chart = shaded_map(reader, place, shown, shaded)
        basemap = reader.word(f"basemap.{place.basemap}", source=place.source)
    else:
        chart = shaded_bars(shown[:MOST_REGIONS], reader, shaded)
    return finished(chart, reader, "effects_gains", basemap=basemap)


def response_figure(found: "Effects", reader: Reader) -> Chart:
    """Draw what the plan itself moves beside what output comes to in equilibrium, by region."""
    rows = _by_region(found, reader, IMMOBILE)[:MOST_REGIONS]
    if not rows:
        return empty(reader, "effects_response")
    free = {row["region"]: row["output_change"] for row in _by_region(found, reader, FREE)}
    labels = {key: reader.word(f"effects.answer.{key}") for key in ("plan", "immobile", "free")}
    points = []
    for row in rows:
        of = {
            "plan": row["net_share"],
            "immobile": row["output_change"],
            "free": free.get(row["region"]),
        }
        points += [
            {
                "name": row["name"],
                "answer": labels[key],
                "change": change,
                "over": float(key == "plan"),
            }
            for key, change in of.items()
            if change is not None
        ]
    order = [row["name"] for row in sorted(rows, key=lambda row: -(row["net_share"] or 0.0))]
    used = [label for label in labels.values() if any(p["answer"] == label for p in points)]
    y = row_names("name", order, 130, sort=order)
    x = alt.X(
        "change:Q",
        title=reader.word("effects.head.output_change"),
        axis=alt.Axis(format=".0%", orient="top"),
    )
    base = alt.Chart(values(points))
    line = base.mark_rule(color=NO_DATA, strokeWidth=3).encode(
        x=alt.X("min(change):Q"), x2=alt.X2("max(change):Q"), y=y
    )
    dots = base.mark_point(filled=True, opacity=1, stroke="white").encode(
        x=x,
        y=y,
        color=kinds("answer", used, [INK, BLUE, ORANGE], sort=used),
        shape=alt.Shape(
            "answer:N", scale=alt.Scale(domain=used, range=["diamond", "circle", "square"]),
            sort=used, legend=None,
        ),
        size=either(alt.SizeValue, str(alt.datum.answer == labels["plan"]), 110, 70),
        order=alt.Order("over:Q"),
        tooltip=[
            alt.Tooltip("name:N", title=reader.word("column.region")),
            alt.Tooltip("answer:N", title=reader.word("effects.head.answer")),
            alt.Tooltip("change:Q", title=reader.word("column.change"), format="+.1%"),
        ],
    )  # fmt: skip
    chart = alt.layer(zero_line("x", "change"), line, dots).properties(
        width=WIDTH, height=ROW * len(order)
    )
    return finished(chart, reader, "effects_response")


def parts_figure(found: "Effects", reader: Reader) -> Chart:
    """Draw the parts of each region's change of real income as bars on both sides of zero."""
    rows = found.welfare.filter(pl.col("region").is_not_null(), mobility=IMMOBILE)
    if rows.is_empty():
        return empty(reader, "effects_parts")
    total = rows.filter(part="total").sort("size", "region", descending=[True, False])
    name = reader.names.regions
    kept = total["region"].to_list()[:MOST_REGIONS]
    order = [name.get(code, code) for code in kept]
    heads = {part: reader.word(f"effects.part.{part}") for part in PARTS if part != "people"}
    bars = [
        {
            "name": name.get(row["region"], row["region"]),
            "part": heads[row["part"]],
            "size": row["size"],
        }
        for row in rows.iter_rows(named=True)
        if row["part"] in heads and row["region"] in kept
    ]
    sums = [
        {"name": label, "total": size}
        for label, size in zip(order, total["size"].to_list(), strict=False)
    ]
    y = row_names("name", order, 130, sort=order)
    stacked = (
        alt.Chart(values(bars))
        .mark_bar(size=12)
        .encode(
            x=alt.X(
                "size:Q",
                stack="zero",
                title=reader.word("effects.head.real_income_change"),
                axis=alt.Axis(format=".1%", orient="top"),
            ),
            y=y,
            color=kinds(
                "part", list(heads.values()), [PART_COLOURS[part] for part in heads],
                sort=list(heads.values()), columns=alt.ExprRef("width < 480 ? 1 : 4"),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=reader.word("column.region")),
                alt.Tooltip("part:N", title=reader.word("column.part")),
                alt.Tooltip("size:Q", title=reader.word("column.size"), format="+.2%"),
            ],
        )
    )  # fmt: skip
    marks = diamonds(alt.Chart(values(sums)).encode(y=y), 60).encode(
        x=alt.X("total:Q"),
        tooltip=[
            alt.Tooltip(
                "total:Q", title=reader.word("effects.head.real_income_change"), format="+.2%"
            )
        ],
    )
    chart = alt.layer(stacked, zero_line("x", "size"), marks).properties(
        width=WIDTH, height=ROW * len(order)
    )
    return finished(chart, reader, "effects_parts")


def waterfall(found: "Effects", reader: Reader, region: str | None) -> Chart:
    """Draw how the change of real income of one region comes about, part on part.

    Parameters
    ----------
    region : the one that gains most without one
    """
    rows = found.welfare.filter(pl.col("region").is_not_null())
    totals = rows.filter(part="total", mobility=IMMOBILE).sort("size", "region", descending=True)
    if totals.is_empty():
        return empty(reader, "effects_waterfall")
    code = region if region in totals["region"] else totals["region"][0]
    heads = {part: reader.word(f"effects.part.{part}") for part in (*PARTS, "total")}
    modes = {mode: reader.word(f"effects.mobility.{mode}") for mode in (IMMOBILE, FREE)}
    steps = [
        step | {"mode": label, "part": heads[step["part"]]}
        for mode, label in modes.items()
        for step in _steps(rows.filter(region=code, mobility=mode))
    ]
    order = list(heads.values())
    base = alt.Chart(values(steps)).encode(
        y=alt.Y(
            "part:N", sort=order, title=None, axis=alt.Axis(labelLimit=210, ticks=False),
            scale=alt.Scale(domain=order),
        ),
        yOffset=alt.YOffset("mode:N", sort=list(modes.values())),
    )  # fmt: skip
    bars = base.mark_bar(height=13).encode(
        x=alt.X(
            "begin:Q",
            title=reader.word("effects.head.real_income_change"),
            axis=alt.Axis(format=".1%", tickCount=6),
            scale=alt.Scale(padding=40),
        ),
        x2=alt.X2("end:Q"),
        color=kinds("mode", list(modes.values()), [BLUE, ORANGE], sort=list(modes.values())),
        tooltip=[
            alt.Tooltip("mode:N", title=reader.word("effects.head.mobility")),
            alt.Tooltip("part:N", title=reader.word("column.part")),
            alt.Tooltip("label:N", title=reader.word("column.size")),
        ],
    )
    labels = base.mark_text(align="left", dx=4).encode(x=alt.X("far:Q"), text=alt.Text("label:N"))
    chart = alt.layer(zero_line("x", "begin"), bars, labels).properties(
        width=WIDTH - 200, height=38 * len(order)
    )
    return finished(
        chart, reader, "effects_waterfall", region=reader.names.regions.get(str(code), str(code))
    )


def _steps(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Where each part begins and ends, one on the other; those of nothing are left out."""
    sizes, at, steps = dict(rows.select("part", "size").iter_rows()), 0.0, []
    for part in (*PARTS, "total"):
        if sizes.get(part):
            begin = 0.0 if part == "total" else at
            at = begin + sizes[part]
            far = max(begin, at)
            label = _signed(sizes[part])
            steps.append({"part": part, "begin": begin, "end": at, "far": far, "label": label})
    return steps


def ledger_figure(found: "Effects", reader: Reader) -> Chart:
    """Draw what leaves and what comes, region by region; hollowed-out regions are marked."""
    rows = found.ledger_regions.filter(year=found.last_year, measure="output").sort(
        pl.col("arrivals") - pl.col("departures"), "region", descending=[True, False]
    )
    rows = rows.filter((pl.col("arrivals") > 0) | (pl.col("departures") > 0)).head(MOST_REGIONS)
    if rows.is_empty():
        return empty(reader, "effects_ledger")
    name, unit = reader.names.regions, reader.money
    flagged = set(found.hollowing.filter(pl.col("industry").is_null())["region"])
    heads = {key: reader.word(f"column.{key}") for key in ("arrivals", "departures")}
    order, bars = [], []
    for row in rows.iter_rows(named=True):
        label = name.get(row["region"], row["region"])
        if row["region"] in flagged:
            label = reader.word("effects.flagged_region", region=label)
        order.append(label)
        for key, sign in (("arrivals", 1), ("departures", -1)):
            bars.append(
                {
                    "name": label,
                    "flow": heads[key],
                    "amount": sign * row[key] * unit.factor,
                    "said": amount(row[key], unit),
                    "kept": percent(row["kept"]),
                }
            )
    drawn = (
        alt.Chart(values(bars))
        .mark_bar(size=13)
        .encode(
            x=alt.X(
                "amount:Q",
                title=reader.word("in_unit", what=reader.word("column.output"), unit=unit.name),
                axis=alt.Axis(orient="top"),
            ),
            y=row_names("name", order, 150, sort=order),
            color=kinds("flow", list(heads.values()), [GAIN, LOSS], sort=list(heads.values())),
            tooltip=[
                alt.Tooltip("name:N", title=reader.word("column.region")),
                alt.Tooltip("flow:N", title=reader.word("effects.head.flow")),
                alt.Tooltip("said:N", title=reader.word("column.output")),
                alt.Tooltip("kept:N", title=reader.word("effects.head.kept")),
            ],
        )
    )
    chart = alt.layer(drawn, zero_line("x", "amount")).properties(
        width=WIDTH, height=ROW * len(order)
    )
    return finished(chart, reader, "effects_ledger")


def disparity_figure(found: "Effects", reader: Reader) -> Chart:
    """Draw the change of each measure of disparity, relative to before, with its interval."""
    rows = found.disparity.filter(pl.col("before") > 0)
    if rows.is_empty():
        return empty(reader, "effects_disparity")
    modes = {mode: reader.word(f"effects.mobility.{mode}") for mode in (IMMOBILE, FREE)}
    points = [
        {
            "measure": reader.word(f"effects.measure.{row['measure']}"),
            "mode": modes[row["mobility"]],
            **{
                key: None if row[key] is None else row[key] / row["before"]
                for key in ("change", "low", "high")
            },
        }
        for row in rows.iter_rows(named=True)
    ]
    order = list(dict.fromkeys(str(point["measure"]) for point in points))
    base = alt.Chart(values(points)).encode(
        y=alt.Y("measure:N", sort=order, title=None, axis=alt.Axis(labelLimit=210, ticks=False)),
        yOffset=alt.YOffset("mode:N", sort=list(modes.values())),
        color=kinds("mode", list(modes.values()), [BLUE, VERMILION], sort=list(modes.values())),
        tooltip=[
            alt.Tooltip("measure:N", title=reader.word("column.measure")),
            alt.Tooltip("mode:N", title=reader.word("effects.head.mobility")),
            alt.Tooltip("change:Q", title=reader.word("column.change"), format="+.1%"),
            alt.Tooltip("low:Q", title=reader.word("column.low"), format="+.1%"),
            alt.Tooltip("high:Q", title=reader.word("column.high"), format="+.1%"),
        ],
    )
    x = alt.X("change:Q", title=reader.word("effects.head.relative"), axis=alt.Axis(format="+.0%"))
    intervals = base.mark_rule(strokeWidth=5, opacity=0.4, strokeCap="round").encode(
        x=alt.X("low:Q"), x2=alt.X2("high:Q")
    )
    dots = base.mark_circle(size=80, opacity=1, stroke="white").encode(x=x)
    chart = alt.layer(zero_line("x", "change"), intervals, dots).properties(
        width=WIDTH - 200, height=42 * len(order)
    )
    return finished(chart, reader, "effects_disparity", draws=found.draws)


def _by_region(found: "Effects", reader: Reader, mobility: str) -> list[dict[str, Any]]:
    name = reader.names.regions
    return [
        {**row, "name": name.get(row["region"], row["region"])}
        for row in found.response.filter(mobility=mobility).iter_rows(named=True)
    ]


def _signed(change: float) -> str:
    text = f"{100 * change:+.1f}%".replace("-", "−")
    return "0.0%" if text in ("+0.0%", "−0.0%") else text
