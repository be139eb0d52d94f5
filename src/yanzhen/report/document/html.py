"""A document as one HTML file that asks nothing of any network."""

from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from yanzhen.report.document.document import Definitions, Document, Drawing, Paragraph, Part
from yanzhen.report.document.packing import packed, packed_json
from yanzhen.report.document.parts import Picture, View, picture, sources, view
from yanzhen.report.document.vega import vega_bundle
from yanzhen.report.tables.table import Table


def page(document: Document) -> str:
    """Return a document as HTML.

    The file holds everything it needs, the Vega library included, so that it can be sent by mail
    and opened anywhere. The same document gives the same bytes.
    """
    reader = document.reader
    about = reader.study.about
    headings = {
        section.key: section.heading or reader.word(f"page.{section.key}")
        for section in document.sections
    }
    opening = [] if document.opening is None else [document.opening]
    contents = {
        **{section.key: reader.word(f"page.{section.key}") for section in opening},
        "findings": reader.word("page.findings"),
        **headings,
        "limits": reader.word("page.limits"),
        "sources": reader.word("page.sources"),
    }
    shown = [_shown(section.parts) for section in document.sections]
    said: dict[str, object] = {
        "lang": reader.lang,
        "w": reader.word,
        "title": marked_title(document),
        "lead": document.lead,
        "synthetic": about.synthetic,
        "contents": contents.items(),
        "opening": [(section.key, _shown(section.parts)) for section in opening],
        "findings": document.findings,
        "sections": [
            {
                "key": section.key,
                "heading": headings[section.key],
                "findings": section.findings,
                "parts": parts,
                "caveats": section.caveats,
            }
            for section, parts in zip(document.sections, shown, strict=True)
        ],
        "limits": document.limits,
        "stamp": document.stamp,
        "after_limits": document.after_limits,
        "sources": sources(reader),
        "licence": about.licence,
        "version": _version(),
        "style": Markup(_file("page.css")),
        "draw": Markup(_file("draw.js")),
        "search": Markup(_file("search.js")) if _has_long_table(shown) else "",
        "bundle": _bundle(),
    }
    return _environment().get_template("document.html").render(said)


def _has_long_table(sections: Iterable[Iterable[tuple[str, object]]]) -> bool:
    """Whether a table of some section is too long to be shown whole."""
    return any(isinstance(part, View) and part.is_long for parts in sections for _, part in parts)


def marked_title(document: Document) -> str:
    """Return the title, with the mark of synthetic data where it is due."""
    if not document.reader.study.about.synthetic:
        return document.title
    return f"{document.reader.word('synthetic_mark')} {document.title}"


def _shown(
    parts: Iterable[Part],
) -> list[tuple[str, Paragraph | Definitions | Picture | View]]:
    """Parts with the name of the macro that draws each."""
    shown: list[tuple[str, Paragraph | Definitions | Picture | View]] = []
    for part in parts:
        match part:
            case Paragraph():
                shown.append(("paragraph", part))
            case Definitions():
                shown.append(("definitions", part))
            case Drawing():
                shown.append(("picture", picture(part.key, part.chart)))
            case Table():
                shown.append(("grid", view(part)))
            case View():
                shown.append(("grid", part))
    return shown


def _version() -> str:
    try:
        return version("yanzhen")
    except PackageNotFoundError:
        return ""


def _file(name: str) -> str:
    return files("yanzhen.report.document").joinpath("page", name).read_text("utf-8")


@cache
def _bundle() -> Markup:
    return packed(vega_bundle())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("yanzhen.report.document", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["packed"] = packed_json
    return environment
