"""Data: bring a study, see every problem beside its cell, and what figures rest on."""

from html import escape

from nicegui import ui

from yanzhen.report.tables.basis import source_table
from yanzhen.study import TABLES, Study
from yanzhen.web.card import kept_card, open_card
from yanzhen.web.figure import quality_of
from yanzhen.web.pages.importing import bring_files, imported
from yanzhen.web.pages.overview import plan_figure
from yanzhen.web.progress import ready
from yanzhen.web.text import facts, notice, problems, raw, rows, text
from yanzhen.web.upload import chosen_file
from yanzhen.web.view import View


def data(view: View) -> None:
    """Show a study's data, and take new studies."""
    _upload(view)
    bring_files(view)
    if view.chosen("import"):
        imported(view, view.chosen("import"))
        return
    known = view.bench.studies.find(view.study)
    text("h2", known.title_zh if view.lang == "zh" else known.title_en)
    if known.origin == "upload":
        address = escape(f"/api/v1/studies/{known.key}/files")
        said = escape(view.word("data.download"))
        raw("p", f'<a download href="{address}">{said}</a>')
    found = view.bench.studies.problems(view.study)
    if found:
        notice(view.word("problem.title", count=len(found)), "bad")
        problems(view, found)
    else:
        notice(view.word("data.sound"), "good")
    _warnings(view)
    if not view.bench.studies.readable(view.study):
        return
    study = view.bench.studies.read(view.study)
    _tables(view, study)
    there = escape(view.address.page("/sources").url())
    raw("p", f'<a href="{there}">{escape(view.word("sources.to_sources"))}</a>')
    if ready(view, "plan"):
        plan = view.bench.plans.read(view.study)
        plan_figure(view, "completeness")
        root = f"/api/v1/plans/{view.study}/tables"
        synthetic = plan.study.about.synthetic
        cells = view.bench.plans.table(view.study, "activity", view.lang)
        kept_card(view, cells, f"{root}/activity", quality_of(cells, synthetic, modelled=False))
        sources = source_table(view.reader(plan))
        quality = "synthetic" if synthetic else "observed"
        open_card(view, sources, f"{root}/{sources.key}", quality)


def _warnings(view: View) -> None:
    """Show what refuses nothing and should be known before the figures are relied on."""
    found = view.bench.studies.warnings(view.study)
    if found:
        notice(view.word("problem.warnings", count=len(found)), "warn")
        problems(view, found)


def _upload(view: View) -> None:
    with ui.element("section").classes("card"):
        text("h2", view.word("data.upload"))
        text("p", view.word("data.upload_how"), "reading")
        chosen_file(
            view, view.word("data.choose"), "/api/v1/studies", view.address, ".xlsx,.xlsm,.zip"
        )
        raw(
            "p",
            f'<a download href="/api/v1/template">{escape(view.word("data.template"))}</a>',
        )


def _tables(view: View, study: Study) -> None:
    """Show how much each table holds, and what it could hold."""
    about = study.about
    facts(
        [
            (view.word("data.base_year"), str(about.base_year)),
            (view.word("data.currency"), about.currency),
            (view.word("data.regions"), about.region_classification),
            (view.word("data.industries"), about.industry_classification),
            (view.word("data.licence"), about.licence or "—"),
        ]
    )
    given = [name for name in TABLES if study.tables[name].height]
    rows(
        [view.word("data.table"), view.word("data.rows"), view.word("data.columns")],
        (
            (
                name,
                f"{study.tables[name].height:,}",
                ", ".join(
                    column
                    for column in study.tables[name].columns
                    if study.tables[name][column].null_count() < study.tables[name].height
                ),
            )
            for name in given
        ),
        view.word("data.tables"),
    )
    missing = [name for name in TABLES if name not in given]
    text("p", view.word("data.not_given", tables=", ".join(missing)), "reading")
