"""A contract of one pair: gains over the share, from what, year by year, and how sure they are."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from yanzhen.report.figures.theme import (
    BLUE,
    GAIN,
    GREEN,
    INK,
    LOSS,
    QUIET,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.quantities import money, number, percent, small
from yanzhen.report.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.modes.coconstruction.appraisal import Appraisal

COLOURS = {"home": BLUE, "host": VERMILION, "third": GREEN}


def gain_curve(appraisal: "Appraisal", lang: Lang) -> Chart:
    """Draw the gains of home and host over the home's share, and where neither loses."""
    unit = money(appraisal, lang)
    parties = {party: word(lang, f"party.{party}") for party in ("home", "host")}
    rows = [
        {
            "share": row["share"],
            "party": label,
            "dashed": party == "host",
            "gain": row[party] * unit.factor,
        }
        for row in appraisal.curve.iter_rows(named=True)
        for party, label in parties.items()
    ]
    title = word(lang, "in_unit", what=word(lang, "column.expected_gain"), unit=unit.name)
    x = alt.X(
        "share:Q",
        title=word(lang, "column.home_share"),
        axis=alt.Axis(format=".0%", grid=False, tickCount=10),
        scale=alt.Scale(domain=[0, 1]),
    )
    lines = (
        alt.Chart(values(rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=x,
            y=alt.Y("gain:Q", title=title, axis=alt.Axis(tickCount=6)),
            color=_party_colour(parties),
            strokeDash=alt.StrokeDash(
                "dashed:N",
                legend=None,
                scale=alt.Scale(domain=[False, True], range=[[1, 0], [7, 4]]),
            ),
        )
    )
    bands = (
        alt.Chart(
            values([{"low": low, "high": high} for low, high in appraisal.interval.intervals])
        )
        .mark_rect(opacity=0.14, color=GAIN)
        .encode(x=alt.X("low:Q"), x2="high:Q")
    )
    zero = alt.Chart(values([{"gain": 0}])).mark_rule(color=QUIET).encode(y="gain:Q")
    layers = [bands, zero, lines]
    if appraisal.nash_share is not None:
        mark = [{"share": appraisal.nash_share}]
        layers.append(
            alt.Chart(values(mark)).mark_rule(color=INK, strokeDash=[2, 3]).encode(x="share:Q")
        )
    chart = alt.layer(*layers).properties(width=WIDTH, height=300)
    return finished(chart, appraisal, lang, "gain_curve", found=interval_text(appraisal, lang))


def interval_text(appraisal: "Appraisal", lang: Lang) -> str:
    """Return the shares for which neither party loses, and the one bargained for, in words."""
    runs = appraisal.interval.intervals
    if not runs:
        return word(lang, "contract.no_interval")
    shares = word(lang, "comma").join(
        percent(low, 1) if low == high else f"{percent(low, 1)}–{percent(high, 1)}"
        for low, high in runs
    )
    nash = "" if appraisal.nash_share is None else percent(appraisal.nash_share, 0)
    return word(
        lang,
        "contract.interval",
        shares=shares,
        nash=nash,
        weight=percent(appraisal.home_weight, 0),
    )


def gain_parts(appraisal: "Appraisal", lang: Lang) -> Chart:
    """Draw from what each party gains and loses."""
    unit = money(appraisal, lang)
    rows = [
        {
            "part": word(
                lang,
                "contract.of_party",
                party=word(lang, f"party.{row['party']}"),
                what=word(lang, f"gain_part.{row['part']}"),
            ),
            "amount": row["amount"] * unit.factor,
            "label": number(row["amount"] * unit.factor),
            "positive": row["amount"] >= 0,
        }
        for row in appraisal.parts.iter_rows(named=True)
        if row["amount"] != 0
    ]
    if not rows:
        return empty(appraisal, lang, "gain_parts")
    title = word(lang, "in_unit", what=word(lang, "column.expected_gain"), unit=unit.name)
    reach = 1.3 * max(abs(row["amount"]) for row in rows)
    y = alt.Y("part:N", title=None, sort=None, axis=alt.Axis(ticks=False, labelLimit=330))
    x = alt.X("amount:Q", title=title, scale=alt.Scale(domain=[-reach, reach], nice=False))
    bars = (
        alt.Chart(values(rows))
        .mark_bar(height={"band": 0.7})
        .encode(
            y=y,
            x=x,
            color=alt.Color(
                "positive:N", legend=None, scale=alt.Scale(domain=[True, False], range=[GAIN, LOSS])
            ),
        )
    )
    labels = [
        alt.Chart(values([row for row in rows if row["positive"] == positive]))
        .mark_text(align="left" if positive else "right", dx=5 if positive else -5)
        .encode(y=y, x="amount:Q", text="label:N")
        for positive in (True, False)
    ]
    chart = alt.layer(bars, *labels).properties(width=WIDTH, height=30 * len(rows))
    return finished(chart, appraisal, lang, "gain_parts")


def gain_course(appraisal: "Appraisal", lang: Lang) -> Chart:
    """Draw each party's cumulated gain year by year."""
    unit = money(appraisal, lang)
    shown = _parties(appraisal)
    parties = {party: word(lang, f"party.{party}") for party in shown}
    rows = [
        {
            "year": row["year"],
            "party": parties[row["party"]],
            "cumulated": row["cumulated"] * unit.factor,
        }
        for row in appraisal.yearly.iter_rows(named=True)
        if row["party"] in parties
    ]
    title = word(lang, "in_unit", what=word(lang, "column.cumulated"), unit=unit.name)
    zero = alt.Chart(values([{"cumulated": 0}])).mark_rule(color=QUIET).encode(y="cumulated:Q")
    lines = (
        alt.Chart(values(rows))
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=30))
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("cumulated:Q", title=title, axis=alt.Axis(tickCount=6)),
            color=_party_colour(parties),
            tooltip=[
                alt.Tooltip("year:O", title=word(lang, "column.year")),
                alt.Tooltip("party:N", title=word(lang, "column.party")),
                alt.Tooltip("cumulated:Q", title=title, format=",.2f"),
            ],
        )
    )
    chart = alt.layer(zero, lines).properties(width=WIDTH, height=260)
    said = word(lang, "semicolon").join(
        word(lang, "contract.breaks_even", party=label, year=appraisal.break_even[party])
        if appraisal.break_even[party] is not None
        else word(lang, "contract.never_even", party=label, year=appraisal.yearly["year"].max())
        for party, label in parties.items()
    )
    return finished(chart, appraisal, lang, "gain_course", found=said)


def gain_sensitivity(appraisal: "Appraisal", lang: Lang) -> Chart:
    """Draw how far each party's gain goes when one assumption goes to the ends of its interval."""
    if appraisal.sensitivity.is_empty():
        return empty(appraisal, lang, "gain_sensitivity")
    unit = money(appraisal, lang)
    parties = {party: word(lang, f"party.{party}") for party in ("home", "host")}
    ends = {end: word(lang, f"column.at_{end}") for end in ("low", "high")}
    rows = [
        {
            "assumption": word(
                lang,
                "contract.between",
                what=word(lang, f"assumption_of.{row['assumption']}"),
                low=_end(row["low"]),
                high=_end(row["high"]),
            ),
            "party": label,
            **{end: row[f"{party}_{end}"] * unit.factor for end in ends},
        }
        for row in appraisal.sensitivity.iter_rows(named=True)
        for party, label in parties.items()
    ]
    dots = [{**row, "end": label, "gain": row[end]} for row in rows for end, label in ends.items()]
    title = word(lang, "in_unit", what=word(lang, "column.expected_gain"), unit=unit.name)
    y = alt.Y("assumption:N", title=None, sort=None, axis=alt.Axis(labelLimit=330, ticks=False))
    offset = alt.YOffset("party:N", sort=[*parties.values()])
    bars = (
        alt.Chart(values(rows))
        .mark_rule(strokeWidth=5, opacity=0.4)
        .encode(
            y=y,
            yOffset=offset,
            x=alt.X("low:Q", title=title, axis=alt.Axis(tickCount=6)),
            x2="high:Q",
            color=_party_colour(parties),
        )
    )
    marks = (
        alt.Chart(values(dots))
        .mark_point(size=60, opacity=1, filled=True)
        .encode(
            y=y,
            yOffset=offset,
            x="gain:Q",
            color=_party_colour(parties),
            shape=alt.Shape(
                "end:N",
                title=None,
                scale=alt.Scale(domain=[*ends.values()], range=["triangle-left", "circle"]),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=[
                alt.Tooltip("assumption:N", title=word(lang, "column.parameter")),
                alt.Tooltip("party:N", title=word(lang, "column.party")),
                alt.Tooltip("end:N", title=word(lang, "column.value")),
                alt.Tooltip("gain:Q", title=title, format=",.2f"),
            ],
        )
    )
    zero = alt.Chart(values([{"gain": 0}])).mark_rule(color=QUIET).encode(x="gain:Q")
    chart = alt.layer(zero, bars, marks).properties(
        width=WIDTH, height=36 * appraisal.sensitivity.height
    )
    return finished(chart, appraisal, lang, "gain_sensitivity")


def _end(value: float) -> str:
    return small(value) if 0 < abs(value) < 0.001 else f"{value:g}"


def _parties(appraisal: "Appraisal") -> tuple[str, ...]:
    third = appraisal.parts.filter(pl.col("party") == "third")["amount"].abs().sum() > 0
    return ("home", "host", "third") if third else ("home", "host")


def _party_colour(parties: dict[str, str]) -> alt.Color:
    return alt.Color(
        "party:N",
        title=None,
        scale=alt.Scale(domain=list(parties.values()), range=[COLOURS[party] for party in parties]),
        legend=alt.Legend(orient="top"),
    )
