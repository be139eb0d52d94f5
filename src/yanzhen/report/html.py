"""The report as one HTML file that asks nothing of any network."""

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from yanzhen.report.figures import FIGURES, limited_resources, prices
from yanzhen.report.figures.theme import Chart
from yanzhen.report.findings import findings
from yanzhen.report.grounds import certificate_table, parameter_table
from yanzhen.report.limits import carried_forward, limits, origins
from yanzhen.report.names import names
from yanzhen.report.quantities import points
from yanzhen.report.routes import ROUTE
from yanzhen.report.tables import NUMBERS, Table, move_table, price_table, table
from yanzhen.report.words import Lang, word
from yanzhen.report.writing import write_text

if TYPE_CHECKING:
    from yanzhen.market.plan import Plan

SECTIONS = (
    "findings", "course", "where", "why", "scarce", "past", "when", "certificate", "basis",
    "limits", "sources",
)  # fmt: skip
LARGEST_MOVES = 30
REASONS_NAMED = 3
MOST_PLACES = 60


@dataclass(frozen=True)
class Picture:
    """A chart on the page: its texts stand in HTML, where they wrap and can be read aloud."""

    key: str
    title: str
    reading: str
    aspect: str
    spec: Markup


@dataclass(frozen=True)
class Head:
    text: str
    unit: str
    number: bool


@dataclass(frozen=True)
class Cell:
    text: str
    classes: str = ""


@dataclass(frozen=True)
class View:
    """A table on the page, every cell as text."""

    key: str
    title: str
    note: str
    heads: list[Head]
    rows: list[list[Cell]]
    has_estimates: bool = False


def write_html(plan: "Plan", path: Path, lang: Lang) -> None:
    """Write the report of a plan: findings, pictures, tables, certificate, limits, sources.

    The file holds everything it needs, the Vega library included, so that it can be sent by mail
    and opened anywhere. The same plan gives the same bytes.
    """
    write_text(path, page(plan, lang))


def page(plan: "Plan", lang: Lang) -> str:
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
    context: dict[str, Any] = {
        "lang": lang,
        "w": lambda key, **values: word(lang, key, **values),
        "title": f"{word(lang, 'synthetic_mark')} {title}" if about.synthetic else title,
        "lead": word(
            lang,
            "page.lead",
            first=plan.period[0],
            last=plan.period[1],
            base=plan.base_year,
            regions=plan.regions.height,
            industries=plan.industries.height,
        ),
        "synthetic": about.synthetic,
        "sections": SECTIONS,
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
            _view(table(plan, key, lang))
            for key in ("refused", "not_evaluated")
            if not getattr(plan, key).is_empty()
        ],
        "passed": plan.certificate.passed,
        "limits": limits(plan, lang),
        "origins": origins(plan, lang),
        "carried_forward": carried_forward(plan, lang),
        "sources": _sources(plan, lang),
        "licence": about.licence,
        "version": _version(),
        "style": Markup(_file("page.css")),
        "draw": Markup(_file("draw.js")),
        "bundle": _bundle(),
    }
    return _environment().get_template("page.html").render(context)


def picture(key: str, chart: Chart) -> Picture:
    """Return a chart for the page: texts taken out, width that of the column it stands in."""
    spec = chart.to_dict(validate=False)
    title = spec.pop("title")
    title = {"text": title} if isinstance(title, str) else title
    spec["width"] = "container"
    aspect = ""
    if "projection" in spec or any("projection" in layer for layer in spec.get("layer", [])):
        aspect = f"{chart.width} / {chart.height}"
        spec["height"] = "container"
        spec["autosize"] = {"type": "fit", "contains": "padding"}
    else:
        spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return Picture(
        key, _joined(title["text"]), _joined(title.get("subtitle", "")), aspect, embedded(spec)
    )


def embedded(value: object) -> Markup:
    """Return JSON that can stand inside a script element whatever its texts hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for harmful in "<>&\u2028\u2029":
        text = text.replace(harmful, f"\\u{ord(harmful):04x}")
    return Markup(text)


def _joined(lines: str | list[str]) -> str:
    if isinstance(lines, str):
        return lines
    text = lines[0]
    for line in lines[1:]:
        text += line if ord(text[-1]) > 0x2E7F or ord(line[0]) > 0x2E7F else f" {line}"
    return text


def _views(plan: "Plan", lang: Lang) -> dict[str, View]:
    whole = ("macro_regions", "industries", "without_flagged")
    views = {key: _view(table(plan, key, lang)) for key in whole}
    held_out = table(plan, "hold_out", lang)
    overall = [i for i, row in enumerate(plan.hold_out["industry"]) if row is None]
    views["hold_out"] = _view(held_out, overall)
    views["regions"] = _view(table(plan, "regions", lang))
    views["parameters"] = _view(parameter_table(plan, lang))
    views["moves"] = _moves(plan, lang)
    views["certificate"] = _view(certificate_table(plan, lang))
    return views


def _view(
    shown: Table, rows: list[int] | None = None, columns: tuple[str, ...] | None = None
) -> View:
    """Return a table, or some of its rows and columns, by names without codes."""
    every = tuple(dict.fromkeys(column.name for column in shown.columns))
    kept = [shown.index(name) for name in columns or every]
    chosen = range(len(shown.rows)) if rows is None else rows
    return View(
        shown.key,
        shown.title,
        shown.note,
        [
            Head(column.head, "" if column.unit == "%" else column.unit, column.kind in NUMBERS)
            for column in (shown.columns[i] for i in kept)
        ],
        [[_cell(shown, row, column) for column in kept] for row in chosen],
        any(row in chosen and column in kept for row, column in shown.estimated),
    )


def _cell(shown: Table, row: int, column: int) -> Cell:
    classes = ["number"] if shown.columns[column].kind in NUMBERS else []
    if (row, column) in shown.estimated:
        classes.append("estimated")
    if shown.columns[column].kind in ("region", "place", "macro_region"):
        classes.append("name")
    if shown.columns[column].name in ("industry", "note", "check"):
        classes.append("wide")
    return Cell(shown.text(row, column), " ".join(classes))


def _places(shown: Table) -> View:
    kept = ("place", "capacity", "demand", "used", "premium", "rent", "recipient")
    return _view(shown, list(range(min(len(shown.rows), MOST_PLACES))), kept)


def _moves(plan: "Plan", lang: Lang) -> View:
    """Return the largest moves with their first reasons."""
    largest = plan.moves.head(LARGEST_MOVES)
    shown = move_table(replace(plan, moves=largest), lang)
    kept = ("industry", "origin", "destination", "output", "jobs", "emissions", "price")
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
        cells = [_cell(shown, i, place) for place in places]
        rows.append([Cell(str(i + 1), "number"), *cells, Cell(reasons, "wide")])
    return View(
        "moves",
        word(lang, "table.largest_moves.title", count=len(rows)),
        word(lang, "table.largest_moves.note"),
        [
            Head("", "", True),
            *(
                Head(column.head, "" if column.unit == "%" else column.unit, column.kind in NUMBERS)
                for column in (shown.columns[place] for place in places)
            ),
            Head(word(lang, "column.reasons"), word(lang, "unit.points"), False),
        ],
        rows,
        any(row < len(rows) and column in places for row, column in shown.estimated),
    )


def _sources(plan: "Plan", lang: Lang) -> list[dict[str, str]]:
    """Return the study's sources; only an address of the web becomes a link."""
    return [
        {
            "title": source.title,
            "link": source.url_or_doc if _is_web_address(source.url_or_doc) else "",
            "document": source.url_or_doc,
            "covers": word(
                lang,
                "page.covers",
                table=source.table,
                columns=word(lang, "comma").join(source.columns),
            )
            if source.table
            else "",
            "licence": source.licence,
            "note": source.note,
        }
        for source in plan.study.about.sources
    ]


def _is_web_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _version() -> str:
    try:
        return version("yanzhen")
    except PackageNotFoundError:
        return ""


def _file(name: str) -> str:
    return files("yanzhen.report").joinpath("page", name).read_text("utf-8")


@cache
def _bundle() -> Markup:
    # Inside a script element only its own end tag would end it early.
    return Markup(
        vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").replace(
            "</script", "<\\/script"
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("yanzhen.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
