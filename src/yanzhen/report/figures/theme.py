"""What all figures share: type, colours, title with the way to read, and the empty picture."""

import unicodedata
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from yanzhen.report.text.reader import Reader

Chart = alt.Chart | alt.LayerChart | alt.FacetChart
Rows = dict[str, list[dict[str, Any]]]
"""Rows of a chart by the name of the dataset."""

FONT = (
    '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", '
    '"Hiragino Sans GB", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif'
)
WIDTH = 720

INK = "#1f2933"
QUIET = "#5f6b76"
RULE = "#d5dae0"
NO_DATA = "#c3c7cc"
# Okabe and Ito (2008): told apart under the common colour-vision deficiencies.
BLUE, VERMILION, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#aa4499"
ORANGE, SKY, BLACK = "#e69f00", "#56b4e9", "#000000"
CATEGORIES = [BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK]
ON_COLOUR = "#fdfdfd"
"""Text on a dark bar: white on either ground, so not the white that a dark ground replaces."""
PHONE, LINE = 44, 22
"""Characters of a line of text that a telephone shows, and the height of a line."""
LOSS, EVEN, GAIN = "#b35806", "#f7f7f7", "#2166ac"
_NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "minus": "−"}
LOOK = {
    "font": FONT,
    "background": "white",
    "locale": {"number": _NUMBERS},
    "title": {
        "anchor": "start",
        "fontSize": 16,
        "fontWeight": 600,
        "color": INK,
        "subtitleColor": QUIET,
        "subtitleFontSize": 12,
        "subtitleLineHeight": 17,
        "subtitlePadding": 6,
        "offset": 14,
        "frame": "bounds",
    },
    "axis": {
        "labelColor": INK,
        "titleColor": QUIET,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": RULE,
        "domainColor": RULE,
        "tickColor": RULE,
        "labelLimit": 220,
        "titlePadding": 8,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": QUIET,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 260,
        "titleLimit": 320,
    },
    "view": {"stroke": None},
    "text": {"color": INK, "fontSize": 12},
}


def finished(chart: Chart, reader: Reader, figure: str, **values: object) -> Chart:
    """Give a chart its title, the line that says how to read it, and the common look.

    Parameters
    ----------
    chart : the marks; it is changed itself
    reader : whose study is named as synthetic in the title where it is
    figure : key of the figure in `words.toml`
    values : figures for the placeholders of title and reading line
    """
    title = reader.word(f"figure.{figure}.title", **values)
    if reader.study.about.synthetic:
        title = f"{reader.word('synthetic_mark')} {title}"
    reading = reader.word(f"figure.{figure}.reading", **values)
    # `properties` would copy all of the chart and hold it against Vega-Lite's schema again.
    chart.title = alt.TitleParams(_lines(title, 82), subtitle=_lines(reading, 116))
    chart.config = LOOK
    return chart


def empty(reader: Reader, figure: str) -> Chart:
    """Return the picture that says why there is nothing to draw."""
    lines = _lines(reader.word(f"figure.{figure}.empty"), PHONE)
    first = -LINE * (len(lines) - 1) / 2
    chart: alt.Chart = (
        alt.Chart(values([{"text": lines}]))
        .mark_text(fontSize=14, color=QUIET, lineHeight=LINE, dy=first)
        .encode(text=alt.Text("text:N"))
        .properties(width=WIDTH, height=36 + LINE * len(lines))
    )
    title = reader.word(f"figure.{figure}.name")
    if reader.study.about.synthetic:
        title = f"{reader.word('synthetic_mark')} {title}"
    titled: alt.Chart = chart.properties(title=title).configure(font=FONT, background="white")
    return titled


def values(rows: list[dict[str, Any]]) -> alt.InlineData:
    """Return rows as the data of a chart."""
    # Altair copies lists at every step of building a chart, a tuple it passes on; and rows have no
    # schema that it could hold each of them against.
    with debug_mode(False):
        return alt.InlineData(values=tuple(rows))


def named(chart: Chart, datasets: Rows) -> Chart:
    """Return a chart that holds its rows by name, so that a page can redraw it with others.

    Parameters
    ----------
    chart : whose data are `alt.NamedData`
    datasets : rows by name
    """
    chart.datasets = datasets
    return chart


def _lines(text: str, width: int) -> list[str]:
    """Break a text into lines; a Chinese character is two wide and may end any line."""
    lines, line, used = [], "", 0
    for piece in _pieces(text):
        wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in piece)
        if used + wide > width and line.strip() and piece not in "，。；：、）”":
            lines.append(line.strip())
            line, used = "", 0
        line += piece
        used += wide
    return [*lines, line.strip()]


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for c in text:
        if pieces and _latin(c) and _latin(pieces[-1][-1]):
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


def _latin(c: str) -> bool:
    return unicodedata.east_asian_width(c) not in "WF" and not c.isspace()
