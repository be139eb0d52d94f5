"""A contract of one pair: gains over the share, from what, year by year, and how sure they are."""

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import kinds, neither_loses, year_axis, zero_line
from yanzhen.report.figures.theme import (
    BLUE,
    GAIN,
    GREEN,
    INK,
    LOSS,
    VERMILION,
    WIDTH,
    Chart,
    Rows,
    empty,
    finished,
    named,
    values,
)
from yanzhen.report.text.quantities import number, percent, small
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.modes.coconstruction.gains.appraisal import Appraisal

COLOURS = {"home": BLUE, "host": VERMILION, "third": GREEN}


def curve_rows(appraisal: "Appraisal", reader: Reader) -> Rows:
    """Rows of `gain_curve`: the lines, where neither loses, the terms and Nash's share."""
    unit, parties = reader.money, party_names(reader)
    stated = stated_share(appraisal)
    gained = {"home": appraisal.home_gain, "host": appraisal.host_gain}
    return {
        "curve": [
            {
                "share": row["share"],
                "party": label,
                "dashed": party == "host",
                "gain": row[party] * unit.factor,
            }
            for row in appraisal.curve.iter_rows(named=True)
            for party, label in parties.items()
        ],
        "neither_loses": [{"low": low, "high": high} for low, high in appraisal.interval.intervals],
        "nash": [] if appraisal.nash.share is None else [{"share": appraisal.nash.share}],
        "terms": []
        if stated is None
        else [
            {"share": stated, "party": label, "gain": gained[party] * unit.factor}
            for party, label in parties.items()
        ],
    }


def gain_curve(appraisal: "Appraisal", reader: Reader) -> Chart:
    """Draw the gains of home and host over the home's share, and where neither loses."""
    parties = party_names(reader)
    title = gain_title(reader)
    tooltip = [
        alt.Tooltip("share:Q", title=reader.word("column.home_share"), format=".1%"),
        alt.Tooltip("party:N", title=reader.word("column.party")),
        alt.Tooltip("gain:Q", title=title, format=",.2f"),
    ]
    dashed = alt.Scale(domain=[False, True], range=[[1, 0], [7, 4]])
    lines = (
        alt.Chart(alt.NamedData("curve"))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X(
                "share:Q",
                title=reader.word("column.home_share"),
                axis=alt.Axis(format=".0%", grid=False, tickCount=10),
                scale=alt.Scale(domain=[0, 1]),
            ),
            y=alt.Y("gain:Q", title=title, axis=alt.Axis(tickCount=6)),
            color=_party_colour(parties),
            strokeDash=alt.StrokeDash("dashed:N", legend=None, scale=dashed),
            tooltip=tooltip,
        )
    )
    nash = (
        alt.Chart(alt.NamedData("nash"))
        .mark_rule(color=INK, strokeDash=[2, 3])
        .encode(x=alt.X("share:Q"))
    )
    terms = (
        alt.Chart(alt.NamedData("terms"))
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x=alt.X("share:Q"), y=alt.Y("gain:Q"), color=_party_colour(parties), tooltip=tooltip
        )
    )
    layers = [neither_loses(alt.NamedData("neither_loses")), zero_line("y", "gain"), lines]
    chart = alt.layer(*layers, nash, terms).properties(width=WIDTH, height=300)
    drawn = finished(chart, reader, "gain_curve", found=interval_text(appraisal, reader))
    return named(drawn, curve_rows(appraisal, reader))


def stated_share(appraisal: "Appraisal") -> float | None:
    """The home's part of what home and host divide under the terms; None where periods differ."""
    terms = appraisal.terms
    splits = [period.split for period in terms.periods]
    if terms.equity is not None:
        splits = [terms.equity.split]
    if appraisal.share == "period 1":
        splits = splits[:1]
    shares = {Fraction(each.home, (each.home + each.host) or 1) for each in splits}
    return float(shares.pop()) if len(shares) == 1 else None


def interval_text(appraisal: "Appraisal", reader: Reader) -> str:
    """Return the shares for which neither party loses, and the one bargained for, in words."""
    runs = appraisal.interval.intervals
    if not runs:
        return reader.word("contract.no_interval")
    shares = reader.word("comma").join(
        percent(low, 1) if low == high else f"{percent(low, 1)}–{percent(high, 1)}"
        for low, high in runs
    )
    nash = appraisal.nash
    if nash.share is None:
        because = nash.because[reader.lang == "en"]
        return reader.word("contract.interval_without_nash", shares=shares, because=because)
    return reader.word(
        "contract.interval",
        shares=shares,
        nash=percent(nash.share, 1),
        weight=percent(appraisal.home_weight, 0),
    )


def part_rows(appraisal: "Appraisal", reader: Reader) -> Rows:
    """Rows of `gain_parts`: parts that are not nothing, each named with its amount."""
    unit = reader.money
    return {
        "parts": [
            {
                "part": reader.word(
                    "contract.of_party",
                    party=reader.word(f"party.{row['party']}"),
                    what=number(row["amount"] * unit.factor),
                )
                + "|"
                + reader.word(f"gain_part.{row['part']}"),
                "amount": row["amount"] * unit.factor,
                "positive": row["amount"] >= 0,
            }
            for row in appraisal.parts.iter_rows(named=True)
            if row["amount"] != 0
        ]
    }


def gain_parts(appraisal: "Appraisal", reader: Reader) -> Chart:
    """Draw from what each party gains and loses."""
    rows = part_rows(appraisal, reader)
    if not rows["parts"]:
        return empty(reader, "gain_parts")
    title = gain_title(reader)
    # A name stands in two lines, so that on a telephone room is left for its bar.
    names = alt.Axis(ticks=False, labelLimit=330, labelExpr="split(datum.label, '|')")
    bars = (
        alt.Chart(alt.NamedData("parts"))
        .mark_bar(height={"band": 0.6})
        .encode(
            y=alt.Y("part:N", title=None, sort=None, axis=names),
            x=alt.X("amount:Q", title=title, axis=alt.Axis(tickCount=5, titleAnchor="end")),
            color=alt.Color(
                "positive:N", legend=None, scale=alt.Scale(domain=[True, False], range=[GAIN, LOSS])
            ),
        )
    )
    height = 42 * len(rows["parts"])
    chart = alt.layer(bars, zero_line("x", "amount")).properties(width=WIDTH, height=height)
    return named(finished(chart, reader, "gain_parts"), rows)


def course_rows(appraisal: "Appraisal", reader: Reader) -> Rows:
    """Rows of `gain_course`."""
    unit = reader.money
    shown = party_names(reader, parties_of(appraisal))
    return {
        "course": [
            {
                "year": row["year"],
                "party": shown[row["party"]],
                "cumulated": row["cumulated"] * unit.factor,
            }
            for row in appraisal.yearly.iter_rows(named=True)
            if row["party"] in shown
        ]
    }


def gain_course(appraisal: "Appraisal", reader: Reader) -> Chart:
    """Draw each party's cumulated gain year by year."""
    unit = reader.money
    parties = party_names(reader, parties_of(appraisal))
    title = reader.word("in_unit", what=reader.word("column.cumulated"), unit=unit.name)
    lines = (
        alt.Chart(alt.NamedData("course"))
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=30))
        .encode(
            x=year_axis(),
            y=alt.Y("cumulated:Q", title=title, axis=alt.Axis(tickCount=6)),
            color=_party_colour(parties),
            tooltip=[
                alt.Tooltip("year:O", title=reader.word("column.year")),
                alt.Tooltip("party:N", title=reader.word("column.party")),
                alt.Tooltip("cumulated:Q", title=title, format=",.2f"),
            ],
        )
    )
    chart = alt.layer(zero_line("y", "cumulated"), lines).properties(width=WIDTH, height=260)
    drawn = finished(chart, reader, "gain_course", found=break_even_text(appraisal, reader))
    return named(drawn, course_rows(appraisal, reader))


def break_even_text(appraisal: "Appraisal", reader: Reader) -> str:
    """Return the year from which each party is no longer behind, in words."""
    return reader.word("semicolon").join(
        reader.word("contract.never_even", party=label, year=appraisal.yearly["year"].max())
        if appraisal.break_even[party] is None
        else reader.word("contract.breaks_even", party=label, year=appraisal.break_even[party])
        for party, label in party_names(reader, parties_of(appraisal)).items()
    )


def gain_sensitivity(appraisal: "Appraisal", reader: Reader) -> Chart:
    """Draw how far each party's gain goes when one assumption goes to the ends of its interval."""
    if appraisal.sensitivity.is_empty():
        return empty(reader, "gain_sensitivity")
    parties = party_names(reader)
    ends = {end: reader.word(f"column.at_{end}") for end in ("low", "high")}
    rows = _sensitivity_rows(appraisal, reader)
    dots = [{**row, "end": label, "gain": row[end]} for row in rows for end, label in ends.items()]
    title = gain_title(reader)
    y = alt.Y("assumption:N", title=None, sort=None, axis=alt.Axis(labelLimit=330, ticks=False))
    offset = alt.YOffset("party:N", sort=[*parties.values()])
    bars = (
        alt.Chart(values(rows))
        .mark_rule(strokeWidth=5, opacity=0.4)
        .encode(
            y=y,
            yOffset=offset,
            x=alt.X("low:Q", title=title, axis=alt.Axis(tickCount=6)),
            x2=alt.X2("high:Q"),
            color=_party_colour(parties),
        )
    )
    marks = (
        alt.Chart(values(dots))
        .mark_point(size=60, opacity=1, filled=True)
        .encode(
            y=y,
            yOffset=offset,
            x=alt.X("gain:Q"),
            color=_party_colour(parties),
            shape=alt.Shape(
                "end:N",
                title=None,
                scale=alt.Scale(domain=[*ends.values()], range=["triangle-left", "circle"]),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=[
                alt.Tooltip("assumption:N", title=reader.word("column.parameter")),
                alt.Tooltip("party:N", title=reader.word("column.party")),
                alt.Tooltip("end:N", title=reader.word("column.value")),
                alt.Tooltip("gain:Q", title=title, format=",.2f"),
            ],
        )
    )
    chart = alt.layer(zero_line("x", "gain"), bars, marks).properties(
        width=WIDTH, height=36 * appraisal.sensitivity.height
    )
    return finished(chart, reader, "gain_sensitivity")


def _sensitivity_rows(appraisal: "Appraisal", reader: Reader) -> list[dict[str, Any]]:
    unit = reader.money
    return [
        {
            "assumption": reader.word(
                "contract.between",
                what=reader.word(f"assumption_of.{row['assumption']}"),
                low=_end(row["low"]),
                high=_end(row["high"]),
            ),
            "party": label,
            **{end: row[f"{party}_{end}"] * unit.factor for end in ("low", "high")},
        }
        for row in appraisal.sensitivity.iter_rows(named=True)
        for party, label in party_names(reader).items()
    ]


def _end(value: float) -> str:
    return small(value) if 0 < abs(value) < 0.001 else f"{value:g}"


def parties_of(appraisal: "Appraisal") -> tuple[str, ...]:
    """Home and host, and the third party where it pays or receives anything."""
    third = appraisal.parts.filter(pl.col("party") == "third")["amount"].abs().sum() > 0
    return ("home", "host", "third") if third else ("home", "host")


def party_names(reader: Reader, parties: Iterable[str] = ("home", "host")) -> dict[str, str]:
    """Return the names of parties to a contract."""
    return {party: reader.word(f"party.{party}") for party in parties}


def gain_title(reader: Reader) -> str:
    """Return what an axis of expected gains is called."""
    unit = reader.money.name
    return reader.word("in_unit", what=reader.word("column.expected_gain"), unit=unit)


def _party_colour(parties: dict[str, str]) -> alt.Color:
    return kinds("party", list(parties.values()), [COLOURS[party] for party in parties])
