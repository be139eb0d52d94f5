"""The report as one HTML file that asks nothing of any network."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.document.chapter import Chapter
from yanzhen.report.document.parts import Cell, Head, View, cell, head, picture, rendered, view
from yanzhen.report.document.writing import write_text
from yanzhen.report.figures import FIGURES, limited_resources, prices
from yanzhen.report.findings.plan import findings
from yanzhen.report.tables.basis import certificate_table, parameter_table
from yanzhen.report.tables.plan import move_table, price_table, table
from yanzhen.report.tables.table import Table
from yanzhen.report.text.limits import carried_forward, limits, origins
from yanzhen.report.text.names import names
from yanzhen.report.text.quantities import points
from yanzhen.report.text.routes import ROUTE
from yanzhen.report.text.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

SECTIONS = (
    "findings", "course", "where", "why", "scarce", "refusals", "past", "when", "further",
    "certificate", "basis", "limits", "sources",
)  # fmt: skip
LARGEST_MOVES = 30
REASONS_NAMED = 3
MOST_PLACES = 60
MOST_REFUSED = 100
REGION_COLUMNS = (
    "region", "macro_region", "output", "departures", "arrivals", "net", "net_low", "net_high",
    "gaining_share", "jobs_arriving", "jobs_leaving", "rents", "flagged",
)  # fmt: skip


def write_html(plan: "Plan", path: Path, lang: Lang, chapters: Sequence[Chapter] = ()) -> None:
    """Write the report of a plan: findings, pictures, tables, certificate, limits, sources.

    Chapters of other analyses stand before the certificate.

    The file holds everything it needs, the Vega library included, so that it can be sent by mail
    and opened anywhere. The same plan gives the same bytes.
    """
    write_text(path, page(plan, lang, chapters))


def page(plan: "Plan", lang: Lang, chapters: Sequence[Chapter] = ()) -> str:
    """Return the report of a plan as HTML."""
    about = plan.study.about
    title = word(
        lang,
        "page.title",
        study=about.title_zh if lang == "zh" else about.title_en,
        first=plan.period[0],
        last=plan.period[1],
    )
    limited = limited_resources(plan)
    gated = [
        view(_first(table(plan, key, lang)))
        for key in ("refused", "unevaluated")
        if not getattr(plan, key).is_empty()
    ]
    further = [
        view(_first(_largest_net(plan, lang) if key == "services" else table(plan, key, lang)))
        for key in ("policies", "options", "chain_points", "chains", "services")
        if not getattr(plan, key).is_empty()
    ]
    sometimes = {"refusals": bool(gated), "further": bool(further)}
    context: dict[str, Any] = {
        "lead": word(
            lang,
            "page.lead",
            first=plan.period[0],
            last=plan.period[1],
            base=plan.base_year,
            regions=plan.regions.height,
            industries=plan.industries.height,
        ),
        "sections": _sections(sometimes, chapters),
        "chapters": [
            {
                "key": chapter.key,
                "findings": chapter.findings,
                "pictures": [picture(key, chart) for key, chart in chapter.charts.items()],
                "views": chapter.views,
                "limits": chapter.limits,
            }
            for chapter in chapters
        ],
        "gated": gated,
        "further": further,
        "findings": findings(plan, lang),
        "figures": {
            key: picture(key, figure(plan, lang))
            for key, figure in FIGURES.items()
            if key != "prices"
        },
        "price_figures": [
            picture(f"prices-{resource}", prices(plan, lang, resource))
            for resource in limited or ["output"]
        ],
        "price_views": [_places(price_table(plan, resource, lang)) for resource in limited],
        "views": _views(plan, lang),
        "optional_views": [
            view(table(plan, key, lang))
            for key in ("not_evaluated",)
            if not getattr(plan, key).is_empty()
        ],
        "passed": plan.certificate.passed,
        "limits": limits(plan, lang),
        "origins": origins(plan, lang),
        "carried_forward": carried_forward(plan, lang),
    }
    return rendered("page.html", plan, lang, title, context)


def _sections(sometimes: dict[str, bool], chapters: Sequence[Chapter]) -> tuple[str, ...]:
    """Return the keys of the sections in the order of the page."""
    kept = [key for key in SECTIONS if sometimes.get(key, True)]
    at = kept.index("certificate")
    return (*kept[:at], *(chapter.key for chapter in chapters), *kept[at:])


def _views(plan: "Plan", lang: Lang) -> dict[str, View]:
    whole = ("macro_regions", "macro_flows", "industries", "without_flagged")
    views = {key: view(table(plan, key, lang)) for key in whole}
    held_out = table(plan, "hold_out", lang)
    overall = [i for i, row in enumerate(plan.hold_out["industry"]) if row is None]
    views["hold_out"] = view(held_out, overall)
    views["regions"] = view(table(plan, "regions", lang), columns=REGION_COLUMNS)
    views["parameters"] = view(parameter_table(plan, lang))
    views["moves"] = _moves(plan, lang)
    views["certificate"] = view(certificate_table(plan, lang))
    return views


def _largest_net(plan: "Plan", lang: Lang) -> Table:
    """Return the regions and services whose demand changes most."""
    ranked = plan.services.sort(
        pl.col("net").abs(), "service", "region", descending=[True, False, False]
    )
    return table(replace(plan, services=ranked.head(LARGEST_MOVES)), "services", lang)


def _first(shown: Table) -> Table:
    """Return the first rows of a table that may be long."""
    return replace(shown, rows=shown.rows[:MOST_REFUSED])


def _places(shown: Table) -> View:
    kept = (
        "place",
        "capacity",
        "demand",
        "used",
        "premium",
        "premium_low",
        "premium_high",
        "premium_in_all",
        "binding_share",
        "rent",
        "recipient",
    )
    return view(shown, list(range(min(len(shown.rows), MOST_PLACES))), kept)


def _moves(plan: "Plan", lang: Lang) -> View:
    """Return the largest moves with their first reasons."""
    largest = plan.moves.head(LARGEST_MOVES)
    shown = move_table(replace(plan, moves=largest), lang)
    kept = (
        "industry", "origin", "destination", "output", "output_low", "output_high", "jobs",
        "emissions", "price",
    )  # fmt: skip
    places = [shown.index(name) for name in kept]
    name = names(plan, lang)
    terms = plan.reasons.join(largest.select(ROUTE), on=ROUTE, how="semi").sort("rank")
    rows = []
    for i, move in enumerate(largest.select(ROUTE).iter_rows()):
        first = terms.filter(industry=move[0], origin=move[1], destination=move[2]).head(
            REASONS_NAMED
        )
        reasons = word(lang, "comma").join(
            f"{name.term(row['term'])} {points(row['size'])}" for row in first.iter_rows(named=True)
        )
        cells = [cell(shown, i, place) for place in places]
        rows.append([Cell(str(i + 1), "number"), *cells, Cell(reasons, "wide")])
    return View(
        "moves",
        word(lang, "table.largest_moves.title", count=len(rows)),
        word(lang, "table.largest_moves.note"),
        [
            Head("", "", True),
            *(head(shown.columns[place]) for place in places),
            Head(word(lang, "column.reasons"), word(lang, "unit.points"), False),
        ],
        rows,
        any(row < len(rows) and column in places for row, column in shown.estimated),
    )
