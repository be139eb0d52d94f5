"""Sources: what the tables of a study rest on, who published it, and on what terms."""

from collections.abc import Sequence
from html import escape

from nicegui import ui

from yanzhen.report.text.words import word as report_word
from yanzhen.study import Source
from yanzhen.study.provenance import STANDINGS, Resting, sources_of, without_source
from yanzhen.web.text import facts, notice, raw, root_path, rows, text
from yanzhen.web.view import View

ASSUMPTION = "assumption"
"""What stands where a figure has no source in data."""
LONGEST = 200


def sources(view: View) -> None:
    """Show every source of the study, or those whose name holds what is typed."""
    study = view.bench.studies.read(view.study)
    licence = study.about.licence or view.word("sources.not_stated")
    text("p", view.word("sources.study_licence", licence=licence))
    every = sources_of(study.about, study.tables)
    typed = view.chosen("named").strip()[:LONGEST]
    shown = [each for each in every if _holds(view, each.source, typed)]
    if every:
        _search(view, typed)
        _say_how_many(view, typed, len(shown), len(every))
    else:
        notice(view.word("sources.none"), "warn")
    for each in shown:
        _source(view, each)
    if not typed:
        _without(view, without_source(study.about, study.tables))


def _holds(view: View, source: Source, typed: str) -> bool:
    """Whether a source's name, or its publisher's, in either language holds what is typed."""
    names = (
        *(source.title, source.title_zh, source.publisher, source.publisher_zh),
        *(source.key, _said(view, source.title)),
    )
    return any(typed.casefold() in name.casefold() for name in names)


def _said(view: View, name: str) -> str:
    return report_word(view.lang, "assumption") if name == ASSUMPTION else name


def _search(view: View, typed: str) -> None:
    label = escape(view.word("sources.search"))
    kept = {"study": view.study, "lang": view.lang}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in kept.items()
    )
    raw(
        "form",
        f'{hidden}<input type="search" name="named" maxlength="{LONGEST}" '
        f'value="{escape(typed)}" aria-label="{label}" placeholder="{label}">'
        f"<button>{escape(view.word('sources.go'))}</button>",
        label=view.word("sources.search"),
        classes="search",
    ).props(f'action="{escape(root_path())}/sources" method=get role=search')


def _say_how_many(view: View, typed: str, shown: int, count: int) -> None:
    if not typed:
        text("p", view.word("sources.count", count=count), "reading")
        text("p", view.word("sources.cells_mean"), "reading")
        return
    if shown:
        text("p", view.word("sources.narrowed", typed=typed, shown=shown, count=count), "reading")
        text("p", view.word("sources.cells_mean"), "reading")
    else:
        notice(view.word("sources.nothing", typed=typed), "note")
    back = escape(view.address.page("/sources").url())
    raw("p", f'<a href="{back}">{escape(view.word("sources.all"))}</a>')


def _source(view: View, resting: Resting) -> None:
    """Show one source: what it is, on what terms, and what rests on it."""
    source = resting.source
    with ui.element("section").classes("card source"):
        text("h2", _said(view, source.title_in(view.lang)))
        said = [view.word("sources.cited")] if resting.is_cited else _of_document(view, source)
        raw("p", "<br>".join(said))
        if source.note:
            text("p", source.note, "reading")
        if not source.table:
            text("p", view.word("sources.no_table"), "reading")
            return
        _what_rests(view, resting)


def _of_document(view: View, source: Source) -> list[str]:
    """Return lines of markup: publisher, year, licence and document, each under its name."""
    document = escape(_said(view, source.url_or_doc))
    if source.link:
        document = f'<a href="{document}" rel="noopener noreferrer">{document}</a>'
    unknown = escape(view.word("sources.not_stated"))
    said = {
        "publisher": escape(source.publisher_in(view.lang)),
        "year": escape(source.year),
        "licence": escape(source.licence),
        "document": document,
    }
    colon = "：" if view.lang == "zh" else ": "
    return [
        f"{escape(view.word(f'sources.{key}'))}{colon}{each or unknown}"
        for key, each in said.items()
    ]


def _what_rests(view: View, resting: Resting) -> None:
    table = resting.source.table
    there = escape(f"{view.address.page('/dictionary').url()}#{table}")
    names = ", ".join(f"<code>{escape(each)}</code>" for each in resting.columns)
    held = f" · {escape(view.word('sources.columns'))} {names}" if names else ""
    raw(
        "p",
        f'{escape(view.word("sources.table"))} <a href="{there}"><code>{escape(table)}</code></a>'
        f"{held}",
    )
    if not resting.rows:
        text("p", view.word("sources.no_rows"), "reading")
        return
    told = [
        (view.word(f"sources.{each}"), f"{resting.cells[each]:,}")
        for each in STANDINGS
        if resting.cells[each] or each != STANDINGS[-1]
    ]
    facts([(view.word("sources.rows"), f"{resting.rows:,}"), *told])
    if resting.beside:
        others = _listed(view, [each.title_in(view.lang) for each in resting.beside])
        text("p", view.word("sources.beside", others=others), "reading")


def _listed(view: View, names: Sequence[str]) -> str:
    return ("；" if view.lang == "zh" else "; ").join(names)


def _without(view: View, missing: dict[str, tuple[str, ...]]) -> None:
    """Name the columns whose figures no source is named for."""
    if not missing:
        notice(view.word("sources.closed"), "good")
        return
    text("h2", view.word("sources.open"))
    text("p", view.word("sources.open_means"), "reading")
    rows(
        [view.word("sources.table"), view.word("sources.columns")],
        ((table, ", ".join(columns)) for table, columns in missing.items()),
        view.word("sources.open"),
    )
