"""Part of the page Data: files as offices have them, understood, asked about, made a study."""

from collections.abc import Callable
from html import escape

from nicegui import ui

from yanzhen.api.problem_details import Refusal
from yanzhen.phrasebook import in_language
from yanzhen.study.importing.questions import Answers, Question, questions
from yanzhen.study.importing.telling import (
    changes_told,
    names_told,
    sheets_told,
    totals_told,
)
from yanzhen.study.importing.understanding import Understanding
from yanzhen.web.text import bullets, expansion, main_button, notice, problems, raw, rows, text
from yanzhen.web.view import View

ACCEPTED = ".xlsx,.xls,.csv,.tsv,.txt,.parquet,.zip,.toml"
_MOST_OPEN = 3
"""Sheets that are shown in full before the rest is folded."""


def bring_files(view: View) -> None:
    """Offer to send files as they are."""
    with ui.element("section").classes("card"):
        text("h2", view.word("import.title"))
        text("p", view.word("import.how"), "reading")
        known = next((each for each in view.bench.studies.all() if each.key == view.study), None)
        title = "" if known is None else known.title_zh if view.lang == "zh" else known.title_en
        options = f'<option value="">{escape(view.word("import.new"))}</option>'
        if known is not None:
            here = view.word("import.into", title=title)
            options += f'<option value="{escape(known.key)}">{escape(here)}</option>'
        raw(
            "form",
            f"<label>{escape(view.word('import.goes_to'))} "
            f'<select name="into">{options}</select></label> '
            f"<label>{escape(view.word('import.choose'))} "
            f'<input type="file" multiple accept="{ACCEPTED}" data-target="/api/v1/imports" '
            f'data-after="{escape(view.address.path)}" data-lang="{view.lang}" '
            f'data-study="{escape(view.study)}" onchange="yanzhen.send(this)"></label>'
            '<div role="status" class="sent"></div>',
            classes="upload",
        )


def imported(view: View, name: str) -> None:
    """Show what files say, ask what is open, and offer to make the study."""
    try:
        found = view.bench.imports.understanding(name)
    except Refusal as refusal:
        notice(refusal.said(view.lang), "bad")
        problems(view, refusal.problems)
        return
    asked = questions(found)
    if found.problems:
        notice(view.word("import.open", count=len(found.problems)), "bad")
        problems(view, found.problems, view.word("import.open_places"))
    else:
        notice(view.word("import.settled"), "good")
    if asked:
        _form(view, name, asked)
    if not found.problems:
        _write(view, name, found)
    if found.notes:
        notice(view.word("problem.warnings", count=len(found.notes)), "warn")
        problems(view, found.notes)
    _sheets(view, found)
    _names(view, found)
    _mapping(view, name)


def _sheets(view: View, found: Understanding) -> None:
    """Each sheet: which table it is, what each column means, what was left out."""
    text("h2", view.word("import.sheets"))
    heads = view.word("import.columns").split()
    for at, sheet in enumerate(sheets_told(found, view.lang)):
        if not sheet.columns:
            text("p", sheet.headline, "reading")
            continue
        with ui.expansion(sheet.headline, value=at < _MOST_OPEN).classes("opened full-width"):
            rows(heads, sheet.columns, view.word("import.columns_of_sheet"))
            bullets(sheet.left_out)


def _names(view: View, found: Understanding) -> None:
    """Codes of names, totals, and what the study gains."""
    for axis, key in ((found.regions, "regions"), (found.industries, "industries")):
        told = names_told(axis.found, view.lang)
        if told:
            rows(view.word("import.names").split(), told, view.word(f"import.{key}"))
    totals = totals_told(found.totals, view.lang)
    if totals:
        text("h2", view.word("import.totals"))
        bullets(totals)


def _form(view: View, name: str, asked: list[Question]) -> None:
    """What is open, with what may be the answer; a name may be given any code."""
    with ui.element("section").classes("card"):
        text("h2", view.word("import.questions"))
        answers: Answers = {}
        for question in asked:
            _field(view, question, _keep(answers, question))

        def take() -> None:
            _go(view, lambda: view.bench.imports.answer(name, answers))

        main_button(view.word("import.answer"), "check", take)


def _keep(answers: Answers, question: Question) -> Callable[[str | None], None]:
    def keep(value: str | None) -> None:
        if value is not None:
            answers.setdefault(question.section, {})[question.key] = value

    return keep


def _field(view: View, question: Question, keep: Callable[[str | None], None]) -> None:
    asked = in_language(question.asked, view.lang)
    if not question.choices:
        ui.input(asked, on_change=lambda event: keep(event.value)).props(
            "outlined dense stack-label"
        ).classes("wide-choice")
        return
    options = {value: in_language(said, view.lang) for value, said in question.choices}
    is_name = question.section in ("regions", "industries")
    ui.select(
        options,
        label=asked,
        with_input=is_name,
        new_value_mode="add-unique" if is_name else None,
        on_change=lambda event: keep(event.value),
    ).props("outlined dense stack-label").classes("wide-choice")


def _write(view: View, name: str, found: Understanding) -> None:
    with ui.element("section").classes("card"):
        text("h2", view.word("import.gains"))
        bullets(changes_told(found, view.lang))

        def write() -> None:
            try:
                known = view.bench.imports.write(name)
            except Refusal as refusal:
                ui.notify(refusal.said(view.lang), type="negative")
                return
            ui.navigate.to(view.address.about(known.key).url())

        main_button(view.word("import.write"), "save", write)


def _mapping(view: View, name: str) -> None:
    """What was decided, to take along and to change."""
    text("h2", view.word("import.mapping"))
    text("p", view.word("import.mapping_how"), "reading")
    address = escape(f"/api/v1/imports/{name}/mapping")
    said = escape(view.word("import.mapping_download"))
    raw("p", f'<a download href="{address}">{said}</a>')
    with expansion(view.word("import.mapping_change")).classes("opened full-width"):
        written = ui.textarea(value=view.bench.imports.mapping(name)).props(
            f'outlined autogrow aria-label="{view.word("import.mapping")}"'
        )
        written.classes("full-width")

        def change() -> None:
            mapping = str(written.value or "")
            _go(view, lambda: view.bench.imports.with_mapping(name, mapping))

        ui.button(view.word("import.mapping_use"), on_click=change, color=None).props("no-caps")


def _go(view: View, another: Callable[[], str]) -> None:
    """Go to the import that the same files become; say what is wrong with what was decided."""
    try:
        name = another()
    except Refusal as refusal:
        said = [problem.text(view.lang) for problem in refusal.problems]
        ui.notify("\n".join([refusal.said(view.lang), *said]), type="negative", multi_line=True)
        return
    ui.navigate.to(view.address.choosing(**{"import": name}).url())
