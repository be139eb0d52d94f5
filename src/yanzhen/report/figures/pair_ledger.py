"""Both ledgers of a pair of places, tax and statistics apart, and the schemes side by side."""

from typing import TYPE_CHECKING, Any

import altair as alt

from yanzhen.report.figures.appraisal import COLOURS, gain_title, party_names
from yanzhen.report.figures.encodings import kinds, year_axis, zero_line
from yanzhen.report.figures.theme import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    VERMILION,
    WIDTH,
    Chart,
    Rows,
    finished,
    named,
)
from yanzhen.report.tables.cooperation import scheme_title
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    import polars as pl

    from yanzhen.modes.coconstruction.gains.pair_ledger import PairLedger

SERIES = {
    "shared_home": BLUE,
    "recovered": ORANGE,
    "tax_host": VERMILION,
    "tax_third": GREEN,
    "top_up": PURPLE,
    "exit_payment": BLACK,
    "dividend_home": ORANGE,
    "dividend_host": PURPLE,
    "dividend_third": BLACK,
}
"""What is received, from the bottom of a bar upwards."""
ALWAYS = ("shared_home", "tax_host")
COUNTED = {"output_home": BLUE, "output_host": VERMILION}


def series_of(ledger: "PairLedger") -> tuple[str, ...]:
    """What of a ledger is drawn: the taxes of home and host always, all else where there is any."""
    there = _by_series(ledger)
    return tuple(name for name in SERIES if name in ALWAYS or any(there[name]))


def tax_rows(ledger: "PairLedger", reader: Reader) -> Rows:
    """Rows of `ledger_tax`."""
    there = _by_series(ledger)
    shown = {name: there[name] for name in series_of(ledger)}
    return {"tax": _stacked_rows(shown, ledger, reader)}


def ledger_tax(ledger: "PairLedger", reader: Reader) -> Chart:
    """Draw what home, host and third party receive year by year."""
    shown = {reader.word(f"ledger.{name}"): SERIES[name] for name in series_of(ledger)}
    chart = _stacked("tax", shown, "column.received", reader)
    drawn = finished(chart, reader, "ledger_tax")
    return named(drawn, tax_rows(ledger, reader))


def statistics_rows(ledger: "PairLedger", reader: Reader) -> Rows:
    """Rows of `ledger_statistics`."""
    shown = {name: ledger.yearly[name].to_list() for name in COUNTED}
    return {"statistics": _stacked_rows(shown, ledger, reader)}


def ledger_statistics(ledger: "PairLedger", reader: Reader) -> Chart:
    """Draw who counts the output of what has moved, year by year."""
    shown = {reader.word(f"ledger.{name}"): colour for name, colour in COUNTED.items()}
    chart = _stacked("statistics", shown, "column.output_counted", reader)
    drawn = finished(chart, reader, "ledger_statistics")
    return named(drawn, statistics_rows(ledger, reader))


def scheme_rows(schemes: "pl.DataFrame", reader: Reader) -> Rows:
    """Rows of `scheme_gains`: those schemes that can be put to the pair."""
    unit = reader.money
    return {
        "schemes": [
            {
                "scheme": scheme_title(row, reader),
                "order": k,
                "party": reader.word(f"party.{party}"),
                "gain": row[party] * unit.factor,
            }
            for k, row in enumerate(schemes.iter_rows(named=True))
            if row["joint"] is not None
            for party in ("home", "host", "third")
        ]
    }


def scheme_gains(schemes: "pl.DataFrame", reader: Reader) -> Chart:
    """Draw what every scheme is worth to each party of the same pair."""
    title, parties = gain_title(reader), list(party_names(reader, COLOURS).values())
    y = alt.Y(
        "scheme:N",
        title=None,
        sort=alt.EncodingSortField("order", op="min"),
        axis=alt.Axis(ticks=False, labelLimit=190),
    )
    bars = (
        alt.Chart(alt.NamedData("schemes"))
        .mark_bar()
        .encode(
            y=y,
            yOffset=alt.YOffset("party:N", sort=parties),
            x=alt.X("gain:Q", title=title, axis=alt.Axis(tickCount=5, titleAnchor="end")),
            color=kinds("party", parties, list(COLOURS.values()), columns=1),
            tooltip=[
                alt.Tooltip("scheme:N", title=reader.word("column.scheme")),
                alt.Tooltip("party:N", title=reader.word("column.party")),
                alt.Tooltip("gain:Q", title=title, format=",.2f"),
            ],
        )
    )
    # A scheme takes as much room whether or not it can be put to the pair, so none jumps.
    height = 48 * schemes.height
    chart = alt.layer(bars, zero_line("x", "gain")).properties(width=WIDTH, height=height)
    drawn = finished(chart, reader, "scheme_gains")
    return named(drawn, scheme_rows(schemes, reader))


def counted_text(ledger: "PairLedger", reader: Reader) -> str:
    """Return the part of the output that the home counts, over all years."""
    home, host = (float(ledger.yearly[name].sum()) for name in COUNTED)
    return reader.share_of(home, home + host)


def _by_series(ledger: "PairLedger") -> dict[str, list[float]]:
    yearly = ledger.yearly
    shared = {"shared_home": (yearly["tax_home"] - yearly["recovered"]).to_list()}
    return shared | {name: yearly[name].to_list() for name in SERIES if name != "shared_home"}


def _stacked_rows(
    shown: dict[str, list[float]], ledger: "PairLedger", reader: Reader
) -> list[dict[str, Any]]:
    factor = reader.money.factor
    return [
        {
            "year": year,
            "series": reader.word(f"ledger.{name}"),
            "order": k,
            "amount": amount * factor,
        }
        for k, (name, amounts) in enumerate(shown.items())
        for year, amount in zip(ledger.yearly["year"], amounts, strict=True)
    ]


def _stacked(data: str, shown: dict[str, str], what: str, reader: Reader) -> alt.Chart:
    """Bars by year, stacked in the order of the series."""
    title = reader.word("in_unit", what=reader.word(what), unit=reader.money.name)
    chart: alt.Chart = (
        alt.Chart(alt.NamedData(data))
        .mark_bar(width={"band": 0.8})
        .encode(
            x=year_axis(),
            y=alt.Y("amount:Q", title=title, axis=alt.Axis(tickCount=6)),
            color=kinds(
                "series", list(shown), list(shown.values()), columns=1, symbolType="square"
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("year:O", title=reader.word("column.year")),
                alt.Tooltip("series:N", title=reader.word("column.party")),
                alt.Tooltip("amount:Q", title=title, format=",.3f"),
            ],
        )
        .properties(width=WIDTH, height=260)
    )
    return chart
