"""The page of an analysis that has none of its own: findings, report, pictures and tables."""

from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from urllib.parse import urlencode

from yanzhen.report.analyses.analysis import NOTHING, Analysis
from yanzhen.web.card import kept_card, open_card
from yanzhen.web.figure import figure
from yanzhen.web.progress import ready
from yanzhen.web.text import bullets, notice, raw
from yanzhen.web.view import View


def page_of(analysis: Analysis) -> Callable[[View], None]:
    """Return what shows an analysis."""
    return partial(_show, analysis)


def _show(analysis: Analysis, view: View) -> None:
    if is_made(analysis, view):
        show_result(analysis, view)


def is_made(analysis: Analysis, view: View) -> bool:
    """Whether a result is there to be shown; otherwise says what lacks, or makes it."""
    study = view.bench.studies.read(view.study)
    lacking = [name for name in analysis.needs if study.tables[name].is_empty()]
    if lacking:
        notice(view.word("lacks_tables", tables=", ".join(lacking)), "note")
        return False
    return ready(view, analysis.name, _asked(analysis, view))


def _asked(analysis: Analysis, view: View) -> dict[str, str]:
    return {ask.name: view.chosen(ask.name) for ask in analysis.served("result")}


def show_result(
    analysis: Analysis,
    view: View,
    shown_above: tuple[str, ...] = (),
    narrowed: Mapping[str, str] = NOTHING,
) -> None:
    """Show findings, reports, pictures and tables of a result.

    Parameters
    ----------
    shown_above : pictures that the page has shown already
    narrowed : what pictures and tables are narrowed to, beside what the result is asked for
    """
    study, asked = view.bench.studies.read(view.study), _asked(analysis, view)
    kept, work, lang = view.bench.analyses[analysis.name], analysis.work, view.lang
    root = f"/api/v1/{analysis.results}/{view.study}"
    quality = "synthetic" if study.about.synthetic else "modelled"
    bullets(kept.findings(view.study, lang, asked), "findings", "ol")
    links = (
        f'<a class="tool" download href="{escape(f"{root}/report?{query}")}">{name}</a>'
        for form, name in (("html", "HTML"), ("xlsx", "Excel"), ("docx", "Word"))
        for query in [urlencode({**asked, "lang": lang, "form": form})]
    )
    raw("p", f"{escape(view.word('analysis.report'))} {''.join(links)}", classes="tools reports")
    asked |= narrowed
    for key, table in work.table_of.items():
        if key in shown_above:
            continue
        figure(
            view,
            f"{root}/figures/{key}?{urlencode({**asked, 'lang': lang})}",
            kept.picture(view.study, key, lang, asked),
            partial(kept.table, view.study, table, lang, asked),
            f"{root}/tables/{table}?{urlencode(asked)}",
            quality,
        )
    for key in work.tables:
        shown = kept.table(view.study, key, lang, asked)
        card = open_card if key in work.opened and shown.rows else kept_card
        card(view, shown, f"{root}/tables/{key}?{urlencode(asked)}", quality)
