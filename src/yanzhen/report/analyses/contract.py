"""One page that lays contracts side by side: a file that asks nothing of any network or script."""

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import polars as pl
import vl_convert
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from yanzhen.modes.coconstruction.contract.terms import Period, Terms
from yanzhen.modes.coconstruction.settlement.presets import PRESETS, SideBySide, preset
from yanzhen.report.document.workbook import Book, write_book
from yanzhen.report.document.writing import write_text
from yanzhen.report.figures.contracts import FEN_IN_TEN_THOUSAND_YUAN, receipts, titles
from yanzhen.report.figures.theme import Chart
from yanzhen.report.tables.table import Column, Table
from yanzhen.report.text.words import Lang, word

MOST_NAMED = 5
"""Projects without years before their move that are named."""
MONEY = {
    "tax_home": ("迁出地税收", "Tax of the home"),
    "tax_host": ("迁入地税收", "Tax of the host"),
    "tax_third": ("第三方税收", "Tax of the third party"),
    "recovered": ("其中偿还投入", "of the home's, outlay repaid"),
    "top_up": ("补助", "Top-up"),
    "exit_payment": ("退出补偿", "Exit payment"),
    "dividend_home": ("迁出地分红", "Dividends of the home"),
    "dividend_host": ("迁入地分红", "Dividends of the host"),
}


def write_contract_page(
    found: SideBySide,
    path: Path,
    lang: Lang,
    synthetic: bool,
    pictures: tuple[Chart, ...] = (),
) -> None:
    """Write the page of contracts laid side by side on the same projects.

    Parameters
    ----------
    found : what the contracts come to
    path : HTML file
    synthetic : whether the projects are made up; then the page and its pictures say so
    pictures : further charts, such as `contract_figures.both_gains`
    """
    write_text(path, contract_page(found, lang, synthetic, pictures))


def contract_page(
    found: SideBySide, lang: Lang, synthetic: bool, pictures: tuple[Chart, ...] = ()
) -> str:
    """Return the page as HTML; as `write_contract_page`."""

    def said(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    title = said("利益分享合同并列比较", "Contracts of benefit sharing side by side")
    named = titles(found.ledger, lang)
    template = files("yanzhen.report.analyses").joinpath("contract.html").read_text("utf-8")
    charts = (receipts(found, lang, synthetic), *pictures)
    money = _paid(found)
    return (
        Environment(autoescape=True, undefined=StrictUndefined)
        .from_string(template)
        .render(
            lang=lang,
            said=said,
            title=said("【合成数据 SYNTHETIC】", "SYNTHETIC: ") + title if synthetic else title,
            synthetic=synthetic,
            heads=[
                said("合同", "Contract"),
                said("适用项目", "Projects covered"),
                *(said(*MONEY[name]) for name in money),
                said("迁出地末年", "Last year of the home"),
            ],
            rows=[
                [
                    named[row["contract"]],
                    row["projects"],
                    *(f"{row[name] / FEN_IN_TEN_THOUSAND_YUAN:,.2f}" for name in money),
                    "—" if row["last_year_home"] is None else row["last_year_home"],
                ]
                for row in found.totals.iter_rows(named=True)
            ],
            unrecorded=unrecorded_said(found, lang),
            pictures=[Markup(_svg(chart)) for chart in charts],
            terms=[
                {"title": named[each.name], **_grounds(each.name, each.terms, lang)}
                for each in found.ledger.contracts
            ],
            version=version("yanzhen"),
        )
    )


def unrecorded_said(found: SideBySide, lang: Lang) -> list[str]:
    """Return of which years before a move the projects are silent, a sentence a project."""
    named = titles(found.ledger, lang)
    grouped = found.unrecorded.group_by("project", maintain_order=True).agg(
        pl.col("contract"), pl.col("first").min(), pl.col("last").max()
    )
    said = [
        word(
            lang,
            "contract.unrecorded",
            project=row["project"],
            years=word(
                lang,
                "contract.one_year" if row["first"] == row["last"] else "contract.several_years",
                first=row["first"],
                last=row["last"],
            ),
            contracts=word(lang, "comma").join(named[name] for name in row["contract"]),
        )
        for row in grouped.head(MOST_NAMED).iter_rows(named=True)
    ]
    more = grouped.height - MOST_NAMED
    return [*said, word(lang, "contract.unrecorded_more", count=more)] if more > 0 else said


def write_contract_book(found: SideBySide, path: Path, lang: Lang, synthetic: bool) -> None:
    """Write an Excel workbook: what each contract comes to, and by year."""

    def said(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    unit, named = said("万元", "10,000 yuan"), titles(found.ledger, lang)
    settled = said("金额以分结算，此处换算。", "Settled in fen, shown in 10,000 yuan.")
    note = said("", " ").join([settled, *unrecorded_said(found, lang)])
    contract = Column("contract", said("合同", "Contract"), "", "text")

    def table(
        frame: pl.DataFrame, key: str, title: str, by: Column, money: dict[str, tuple[str, str]]
    ) -> Table:
        paid = (Column(name, said(*words), unit, "money") for name, words in money.items())
        rows = [
            (
                named[row["contract"]],
                row[by.name],
                *(row[name] / FEN_IN_TEN_THOUSAND_YUAN for name in money),
            )
            for row in frame.iter_rows(named=True)
        ]
        return Table(key, title, note, (contract, by, *paid), rows, frozenset())

    totals = table(
        found.totals,
        "totals",
        said("并列比较", "Side by side"),
        Column("projects", said("适用项目", "Projects covered"), "", "count"),
        {name: MONEY[name] for name in _paid(found)},
    )
    yearly = table(
        found.yearly,
        "yearly",
        said("逐年所得", "Receipts by year"),
        Column("year", said("年份", "Year"), "", "year"),
        {"home": ("迁出地", "Home"), "host": ("迁入地", "Host"), "third": ("第三方", "Third")},
    )
    title = said("利益分享合同并列比较", "Contracts of benefit sharing side by side")
    year = found.ledger.projects.first_year
    write_book(Book(title, synthetic, year, [note], [], [totals, yearly]), path, lang)


def _paid(found: SideBySide) -> list[str]:
    """Kinds of receipts that any contract has; the taxes of home and host always."""
    always = ("tax_home", "tax_host")
    return [name for name in MONEY if name in always or (found.totals[name] != 0).any()]


def _grounds(name: str, terms: Terms, lang: Lang) -> dict[str, object]:
    """Ratios of a contract; note and sources where it is one of the schemes."""
    ratios = ", ".join(_ratio(period, lang) for period in terms.periods)
    if terms.equity is not None:
        ratios = f"{terms.equity.split}"
    scheme = preset(name) if name in PRESETS else None
    if scheme is None:
        return {"ratios": ratios, "note": "", "sources": ()}
    note = scheme.note_zh if lang == "zh" else scheme.note_en
    return {"ratios": ratios, "note": note, "sources": scheme.sources}


def _ratio(period: Period, lang: Lang) -> str:
    if period.years is None:
        return f"{period.split} ({'无期限' if lang == 'zh' else 'without end'})"
    return f"{period.split} ({period.years} {'年' if lang == 'zh' else 'years'})"


def _svg(chart: Chart) -> str:
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict())
    return svg
