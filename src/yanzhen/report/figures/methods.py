"""Ways of foreseeing side by side: a figure of each, with its interval."""

from typing import TYPE_CHECKING

import altair as alt

from yanzhen.report.figures.encodings import either, row_names
from yanzhen.report.figures.theme import (
    BLUE,
    QUIET,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.history.accuracy import Measured

ROW = 30
OWN = ("model", "market")


def methods(
    reader: Reader,
    figure: str,
    measured: "dict[str, Measured | None]",
    chance: float | None,
    **said: object,
) -> Chart:
    """Draw one figure of every way of foreseeing, with its interval.

    Parameters
    ----------
    result : what the figures are of
    figure : key of the figure in `words.toml`
    measured : by way; one without the figure is left out
    chance : value that knowing nothing would give, None where there is none
    said : figures for title and reading line
    """
    known = {name: each for name, each in measured.items() if each is not None}
    if not known:
        return empty(reader, figure)
    rows = [
        {
            "method": reader.word(f"method.{name}"),
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "own": name in OWN,
            "label": f"{each.value:.3f}",
        }
        for name, each in known.items()
    ]
    title = reader.word(f"figure.{figure}.axis")
    base = alt.Chart(values(rows)).encode(
        y=row_names("method", [reader.word(f"method.{name}") for name in known], 190),
        color=either(alt.ColorValue, "datum.own", VERMILION, BLUE),
        tooltip=[
            alt.Tooltip("method:N", title=reader.word("foresight.method")),
            alt.Tooltip("value:Q", title=title, format=".3f"),
            alt.Tooltip("low:Q", title=reader.word("foresight.interval_low"), format=".3f"),
            alt.Tooltip("high:Q", title=reader.word("foresight.interval_high"), format=".3f"),
        ],
    )
    scale = alt.Scale(domainMin=0) if chance is None else alt.Scale(zero=False, padding=12)
    x = alt.X("low:Q", title=title, scale=scale, axis=alt.Axis(format=".2f"))
    layers = [
        base.mark_rule(strokeWidth=5, strokeCap="round", opacity=0.4).encode(
            x=x, x2=alt.X2("high:Q")
        ),
        base.mark_circle(size=80, opacity=1).encode(x=alt.X("value:Q", title=title, scale=scale)),
        base.mark_text(dy=-12, fontSize=11).encode(x=alt.X("value:Q"), text=alt.Text("label:N")),
    ]
    if chance is not None:
        line = alt.Chart(values([{"chance": chance}])).mark_rule(color=QUIET, strokeDash=[4, 3])
        layers.insert(0, line.encode(x=alt.X("chance:Q")))
    chart = alt.layer(*layers).properties(width=WIDTH, height=ROW * len(rows))
    return finished(chart, reader, figure, **said)
