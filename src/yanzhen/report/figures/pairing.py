"""Every pair of home and host: joint gains with the pairs chosen, modes, and a managed park."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from yanzhen.report.figures.appraisal import COLOURS, gain_title, party_names
from yanzhen.report.figures.encodings import kinds, neither_loses, zero_line
from yanzhen.report.figures.theme import (
    CATEGORIES,
    EVEN,
    GAIN,
    INK,
    LOSS,
    QUIET,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.quantities import percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.modes.coconstruction.surveys.surveys import (
        ModeSurvey,
        PairSurvey,
        TrusteeshipSurvey,
    )

CELL = 19
MODES = ("sharing", "trusteeship", "sharing + trusteeship", "market")


def pair_matrix(survey: "PairSurvey", reader: Reader) -> Chart:
    """Draw the joint gain of every pair, the pairs chosen ringed."""
    if survey.gains.is_empty():
        return empty(reader, "pair_matrix")
    known, unit = reader.names, reader.money
    rows = [
        {
            "home": known.regions.get(row["home"], row["home"]),
            "host": known.places.get(row["host"], row["host"]),
            "joint": row["joint"] * unit.factor,
            "paired": row["paired"],
        }
        for row in survey.gains.iter_rows(named=True)
    ]
    title = _joint_title(reader)
    # A few pairs are worth far more than the others: colour goes by the sign's square root.
    reach = max(abs(row["joint"]) for row in rows) or 1.0
    x, y = _axes(rows, reader)
    cells = (
        alt.Chart(values(rows))
        .mark_rect()
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "joint:Q",
                title=title,
                scale=alt.Scale(
                    type="symlog",
                    constant=reach / 100,
                    domain=[-reach, 0, reach],
                    range=[LOSS, EVEN, GAIN],
                ),
                legend=alt.Legend(orient="top", gradientLength=240, tickCount=3),
            ),
            tooltip=[
                alt.Tooltip("home:N", title=reader.word("column.home")),
                alt.Tooltip("host:N", title=reader.word("column.host")),
                alt.Tooltip("joint:Q", title=title, format=",.3f"),
            ],
        )
    )
    chosen = (
        alt.Chart(values([row for row in rows if row["paired"]]))
        .mark_point(color=INK, size=42, strokeWidth=1.6)
        .encode(x=x, y=y)
    )
    chart = alt.layer(cells, chosen).properties(
        width=WIDTH, height=CELL * len({row["home"] for row in rows})
    )
    return finished(chart, reader, "pair_matrix", homes=survey.places[0], hosts=survey.places[1])


def mode_matrix(survey: "ModeSurvey", reader: Reader) -> Chart:
    """Draw the mode that is worth most to every pair; the paler, the less it is worth."""
    if survey.pairs.is_empty():
        return empty(reader, "mode_matrix")
    known, unit = reader.names, reader.money
    said = {mode: reader.word(f"mode.{mode.replace(' + ', '_')}") for mode in MODES}
    ranked = survey.pairs.with_columns(strength=pl.col("joint").rank() / pl.len())
    rows = [
        {
            "home": known.regions.get(row["home"], row["home"]),
            "host": known.places.get(row["host"], row["host"]),
            "mode": said[row["mode"]],
            "joint": row["joint"] * unit.factor,
            "strength": row["strength"],
        }
        for row in ranked.iter_rows(named=True)
    ]
    x, y = _axes(rows, reader)
    chart = (
        alt.Chart(values(rows))
        .mark_rect()
        .encode(
            x=x,
            y=y,
            color=kinds("mode", [*said.values()], [*CATEGORIES[:3], QUIET], symbolType="square"),
            opacity=alt.Opacity(
                "strength:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[0.1, 1])
            ),
            tooltip=[
                alt.Tooltip("home:N", title=reader.word("column.home")),
                alt.Tooltip("host:N", title=reader.word("column.host")),
                alt.Tooltip("mode:N", title=reader.word("column.mode")),
                alt.Tooltip("joint:Q", title=_joint_title(reader), format=",.3f"),
            ],
        )
        .properties(width=WIDTH, height=CELL * len({row["home"] for row in rows}))
    )
    return finished(chart, reader, "mode_matrix")


def uplift_curve(survey: "TrusteeshipSurvey", reader: Reader) -> Chart:
    """Draw what a trusteeship is worth to both over the home's part of what it adds."""
    unit, parties = reader.money, party_names(reader)
    rows = [
        {"share": row["share"], "party": label, "gain": row[party] * unit.factor}
        for row in survey.curve.iter_rows(named=True)
        for party, label in parties.items()
    ]
    lines = (
        alt.Chart(values(rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X(
                "share:Q",
                title=reader.word("column.uplift_share"),
                axis=alt.Axis(format=".0%", grid=False, tickCount=10),
            ),
            y=alt.Y("gain:Q", title=gain_title(reader), axis=alt.Axis(tickCount=6)),
            color=kinds("party", [*parties.values()], [COLOURS[party] for party in parties]),
        )
    )
    runs = () if survey.interval is None else (survey.interval,)
    bands = neither_loses(values([{"low": low, "high": high} for low, high in runs]))
    stated = (
        alt.Chart(values([{"share": survey.trusteeship.home_part}]))
        .mark_rule(color=INK, strokeDash=[2, 3])
        .encode(x=alt.X("share:Q"))
    )
    layers = [bands, zero_line("y", "gain"), lines, stated]
    chart = alt.layer(*layers).properties(width=WIDTH, height=280)
    return finished(chart, reader, "uplift_curve", found=uplift_interval(survey, reader))


def uplift_interval(survey: "TrusteeshipSurvey", reader: Reader) -> str:
    """Return the parts of the uplift for which neither loses, in words."""
    if survey.interval is None:
        return reader.word("contract.no_uplift")
    low, high = (percent(part, 1) for part in survey.interval)
    return reader.word("contract.uplift", low=low, high=high)


def _joint_title(reader: Reader) -> str:
    return reader.word("in_unit", what=reader.word("column.joint"), unit=reader.money.name)


def _axes(rows: list[dict[str, object]], reader: Reader) -> tuple[alt.X, alt.Y]:
    homes = list(dict.fromkeys(str(row["home"]) for row in rows))
    hosts = list(dict.fromkeys(str(row["host"]) for row in rows))
    hosts.sort(key=lambda host: homes.index(host) if host in homes else len(homes))
    x = alt.X(
        "host:N",
        sort=hosts,
        title=reader.word("column.host"),
        axis=alt.Axis(labelAngle=-90, ticks=False, domain=False, orient="top"),
    )
    y = alt.Y(
        "home:N",
        sort=homes,
        title=reader.word("column.home"),
        axis=alt.Axis(ticks=False, domain=False),
    )
    return x, y
