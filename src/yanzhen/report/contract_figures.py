"""Pictures of contracts: what the home receives by year, and both gains over the home's share."""

import altair as alt
import polars as pl

from yanzhen.modes.coconstruction.ledger import Ledger
from yanzhen.modes.coconstruction.presets import SideBySide
from yanzhen.modes.coconstruction.share_curve import GainInterval
from yanzhen.report.figures.theme import (
    BLUE,
    FONT,
    GAIN,
    INK,
    QUIET,
    RULE,
    VERMILION,
    WIDTH,
    Chart,
    values,
)
from yanzhen.report.words import Lang

FEN_IN_TEN_THOUSAND_YUAN = 1_000_000
PANEL = 210


def titles(ledger: Ledger, lang: Lang) -> dict[str, str]:
    """Title of each contract by its name; the name where two have one title."""
    terms = {each.name: each.terms for each in ledger.contracts}
    found = {
        name: (each.title_zh if lang == "zh" else each.title_en) or name
        for name, each in terms.items()
    }
    twice = {title for title in found.values() if list(found.values()).count(title) > 1}
    return {name: f"{title} ({name})" if title in twice else title for name, title in found.items()}


def receipts(found: SideBySide, lang: Lang, synthetic: bool) -> Chart:
    """Draw what the home receives in each year under each contract.

    Parameters
    ----------
    found : contracts laid side by side
    synthetic : whether the projects are made up; then the title says so
    """
    title = titles(found.ledger, lang)
    order = list(title.values())
    rows = [
        {
            "contract": title[name],
            "year": year,
            "received": home / FEN_IN_TEN_THOUSAND_YUAN,
        }
        for name, year, home in found.yearly.select("contract", "year", "home").iter_rows()
    ]
    # One panel a contract: schemes often pay the same, and lines would hide one another.
    chart = (
        alt.Chart(values(rows))
        .mark_bar(color=BLUE, width={"band": 0.75})
        .encode(
            x=alt.X(
                "year:O",
                title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False),
            ),
            y=alt.Y("received:Q", title=_said(lang, "万元", "10,000 yuan")),
            tooltip=[
                alt.Tooltip("contract:N", title=_said(lang, "合同", "Contract")),
                alt.Tooltip("year:O", title=_said(lang, "年份", "Year")),
                alt.Tooltip("received:Q", title=_said(lang, "万元", "10,000 yuan"), format=",.2f"),
            ],
        )
        .properties(width=PANEL, height=130)
        .facet(
            alt.Facet("contract:N", title=None, sort=order, header=alt.Header(labelFontSize=13)),
            columns=3,
        )
    )
    return _finished(
        chart,
        lang,
        ("迁出地逐年所得", "What the home receives in each year"),
        (
            "税收、补助、退出补偿与分红合计；同一批项目，各合同单独成立。",
            "Tax, top-up, exit payment and dividends; the same projects, each contract alone.",
        ),
        synthetic,
    )


def both_gains(curve: pl.DataFrame, interval: GainInterval, lang: Lang, synthetic: bool) -> Chart:
    """Draw the gains of home and host over the home's share, and where neither loses.

    Parameters
    ----------
    curve : share, home, host in fen, as `gain_curve` gives it
    interval : as `gain_interval` gives it
    synthetic : whether the figures are made up; then the title says so
    """
    parties = {"home": _said(lang, "迁出地", "Home"), "host": _said(lang, "迁入地", "Host")}
    rows = [
        {
            "share": row["share"],
            "party": parties[party],
            "gain": row[party] / FEN_IN_TEN_THOUSAND_YUAN,
        }
        for row in curve.iter_rows(named=True)
        for party in parties
    ]
    x = alt.X(
        "share:Q",
        title=_said(lang, "迁出地份额", "Share of the home"),
        axis=alt.Axis(format=".0%", grid=False),
        scale=alt.Scale(domain=[float(curve["share"][0]), float(curve["share"][-1])]),
    )
    lines = (
        alt.Chart(values(rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=x,
            y=alt.Y("gain:Q", title=_said(lang, "期望收益现值，万元", "Gain, 10,000 yuan")),
            color=alt.Color(
                "party:N",
                title=None,
                scale=alt.Scale(domain=list(parties.values()), range=[BLUE, VERMILION]),
                legend=alt.Legend(orient="top"),
            ),
            strokeDash=alt.StrokeDash(
                "party:N", title=None, scale=alt.Scale(domain=list(parties.values()))
            ),
        )
    )
    bands = (
        alt.Chart(values([{"low": low, "high": high} for low, high in interval.intervals]))
        .mark_rect(opacity=0.12, color=GAIN)
        .encode(x=alt.X("low:Q"), x2="high:Q")
    )
    zero = alt.Chart(values([{"gain": 0}])).mark_rule(color=QUIET).encode(y="gain:Q")
    chart = alt.layer(bands, zero, lines).properties(width=WIDTH, height=320)
    shares = "; ".join(f"{low:.1%}–{high:.1%}" for low, high in interval.intervals)
    reading = (
        f"两条线都不低于零的份额：{shares or '无'}。",
        f"Shares at which neither line is below zero: {shares or 'none'}.",
    )
    return _finished(
        chart, lang, ("双方收益随份额的变化", "Both gains over the share"), reading, synthetic
    )


def _finished(
    chart: Chart, lang: Lang, title: tuple[str, str], reading: tuple[str, str], synthetic: bool
) -> Chart:
    mark = _said(lang, "【合成数据】", "SYNTHETIC: ") if synthetic else ""
    dressed: Chart = (
        chart.properties(
            title=alt.TitleParams(mark + _said(lang, *title), subtitle=_said(lang, *reading))
        )
        .configure(font=FONT, background="white")
        .configure_title(
            anchor="start",
            fontSize=16,
            color=INK,
            subtitleColor=QUIET,
            subtitleFontSize=12,
            subtitlePadding=6,
            offset=14,
        )
        .configure_axis(
            labelColor=INK,
            titleColor=QUIET,
            titleFontWeight="normal",
            gridColor=RULE,
            domainColor=RULE,
        )
        .configure_legend(labelColor=INK, labelLimit=260)
        .configure_view(stroke=None)
    )
    return dressed


def _said(lang: Lang, zh: str, en: str) -> str:
    return zh if lang == "zh" else en
