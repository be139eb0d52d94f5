"""A picture that says it all, on one page of A4 as PDF."""

import json
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import vl_convert

from yanzhen.report.document.brief import NoChineseFont, families
from yanzhen.report.document.document import Document, Drawing
from yanzhen.report.document.writing import beside
from yanzhen.report.text.words import Lang


def why_no_poster(lang: Lang) -> Literal["no_typst", "no_chinese_font"] | None:
    """Return why a poster cannot be set here, None where it can."""
    if find_spec("typst") is None:
        return "no_typst"
    import typst

    try:
        families(lang, frozenset(typst.Fonts().families()))
    except NoChineseFont:
        return "no_chinese_font"
    return None


def write_poster(document: Document, poster: Drawing, path: Path) -> None:
    """Write a picture of a document as one page, tagged for screen readers (PDF/UA-1).

    The same document gives the same bytes.

    Raises
    ------
    NoChineseFont
        When the text is Chinese and none of the fonts that are known by name is there.
    ModuleNotFoundError
        Without the extra `pdf`.
    """
    import typst

    lang = document.reader.lang
    found = typst.Fonts()
    content = {
        "lang": lang,
        "fonts": families(lang, frozenset(found.families()))["heading"],
        "title": document.title,
        "stamp": document.stamp(poster.key),
    }
    drawn: str = vl_convert.vegalite_to_svg(poster.chart.to_dict(validate=False))
    made: bytes = typst.compile(  # type: ignore[call-overload]  # it takes files by name
        {
            "main.typ": _template(),
            "poster.json": json.dumps(content, ensure_ascii=False).encode(),
            "picture.svg": drawn.encode(),
        },
        font_paths=found,
        format="pdf",
        timestamp=datetime(document.year, 1, 1, tzinfo=UTC),
        pdf_standards=["ua-1"],
    )
    with beside(path) as part:
        part.write_bytes(made)


@cache
def _template() -> bytes:
    return files("yanzhen.report.document").joinpath("page", "poster.typ").read_bytes()
