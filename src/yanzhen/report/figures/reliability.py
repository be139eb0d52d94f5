"""The reliability diagram: of what was foreseen with a probability, how much happened."""

from typing import TYPE_CHECKING

import altair as alt

from yanzhen.report.figures.theme import BLUE, QUIET, WIDTH, Chart, empty, finished, values
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.history.outlook import Outlook


def reliability(reader: Reader, outlook: "Outlook", event: str) -> Chart:
    """Draw what happened over what was foreseen, by tenths of the candidates.

    Parameters
    ----------
    result : what the figures are of
    outlook : an event as foreseen and as it happened
    event : entry or exit
    """
    figure = f"reliability_{event}"
    if outlook.reliability.is_empty() or not outlook.happened:
        return empty(reader, figure)
    rows = outlook.reliability.to_dicts()
    most = 1.05 * max(max(row["foreseen"], row["high"]) for row in rows)
    scale = alt.Scale(domain=[0, most], nice=False)
    axis = alt.Axis(format=".0%" if most > 0.1 else ".1%", tickCount=6)
    foreseen, observed = reader.word("foresight.foreseen"), reader.word("foresight.observed")
    base = alt.Chart(values(rows)).encode(
        x=alt.X("foreseen:Q", title=foreseen, scale=scale, axis=axis),
        tooltip=[
            alt.Tooltip("foreseen:Q", title=foreseen, format=".1%"),
            alt.Tooltip("observed:Q", title=observed, format=".1%"),
            alt.Tooltip("low:Q", title=reader.word("foresight.interval_low"), format=".1%"),
            alt.Tooltip("high:Q", title=reader.word("foresight.interval_high"), format=".1%"),
            alt.Tooltip("candidates:Q", title=reader.word("foresight.candidates"), format=",d"),
        ],
    )
    diagonal = (
        alt.Chart(values([{"at": 0.0}, {"at": most}]))
        .mark_line(color=QUIET, strokeDash=[4, 3])
        .encode(x=alt.X("at:Q", scale=scale), y=alt.Y("at:Q", scale=scale))
    )
    y = alt.Y("low:Q", title=observed, scale=scale, axis=axis)
    bars = base.mark_rule(color=BLUE, strokeWidth=4, opacity=0.4).encode(y=y, y2=alt.Y2("high:Q"))
    dots = base.mark_circle(color=BLUE, size=80, opacity=1).encode(
        y=alt.Y("observed:Q", title=observed, scale=scale, axis=axis)
    )
    line = base.mark_line(color=BLUE, strokeWidth=1.5, opacity=0.6).encode(y=alt.Y("observed:Q"))
    chart = alt.layer(diagonal, bars, line, dots).properties(width=WIDTH, height=360)
    return finished(chart, reader, figure)
