"""The picture of contracts side by side: what the home receives by year."""

import altair as alt

from yanzhen.modes.coconstruction.settlement.ledger import Ledger
from yanzhen.modes.coconstruction.settlement.presets import SideBySide
from yanzhen.report.figures.encodings import year_axis
from yanzhen.report.figures.theme import (
    BLUE,
    FONT,
    INK,
    QUIET,
    RULE,
    Chart,
    values,
)
from yanzhen.report.text.words import Lang

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
            x=year_axis(),
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


def _finished(
    chart: Chart, lang: Lang, title: tuple[str, str], reading: tuple[str, str], synthetic: bool
) -> Chart:
    mark = _said(lang, "【合成数据 SYNTHETIC】", "SYNTHETIC: ") if synthetic else ""
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
