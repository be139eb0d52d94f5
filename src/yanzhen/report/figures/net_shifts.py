"""Net shifts of the macro-regions: what happened, and what each way foretold."""

from typing import TYPE_CHECKING

import altair as alt

from yanzhen.report.figures.encodings import kinds, zero_line
from yanzhen.report.figures.theme import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.history.market_backtest import MarketBacktest

COLOURS = {
    "actual": BLACK,
    "market": VERMILION,
    "market_without_prices": ORANGE,
    "trend": BLUE,
    "persistence": GREEN,
}


def net_shifts(tested: "MarketBacktest", reader: Reader) -> Chart:
    """Draw the change of each macro-region's output at the industries' growth."""
    if tested.net_shifts.is_empty():
        return empty(reader, "net_shifts")
    name, unit = reader.names, reader.size
    labels = {key: reader.word(f"method.{key}") for key in COLOURS}
    rows = [
        {
            "macro_region": name.macro_region(row["macro_region"]),
            "method": label,
            "shift": row[key] * unit.factor,
        }
        for row in tested.net_shifts.iter_rows(named=True)
        for key, label in labels.items()
    ]
    title = reader.word("in_unit", what=reader.word("foresight.net_shift"), unit=unit.name)
    domain = list(labels.values())
    dots = (
        alt.Chart(values(rows))
        .mark_point(size=110, filled=True, opacity=0.95)
        .encode(
            x=alt.X("shift:Q", title=title, axis=alt.Axis(format="+,.0f", tickCount=6)),
            y=alt.Y(
                "macro_region:N",
                title=None,
                sort=None,
                axis=alt.Axis(ticks=False, domain=False, grid=True, gridDash=[1, 3]),
            ),
            yOffset=alt.YOffset("method:N", sort=domain, scale=alt.Scale(domain=domain)),
            color=kinds("method", domain, list(COLOURS.values()), columns=3),
            shape=alt.Shape("method:N", title=None, scale=alt.Scale(domain=domain)),
            tooltip=[
                alt.Tooltip("macro_region:N", title=reader.word("column.macro_region")),
                alt.Tooltip("method:N", title=reader.word("foresight.method")),
                alt.Tooltip("shift:Q", title=title, format="+,.1f"),
            ],
        )
    )
    regions = tested.net_shifts.height
    chart = alt.layer(zero_line("x", "at"), dots).properties(width=WIDTH, height=80 * regions)
    return finished(chart, reader, "net_shifts")
