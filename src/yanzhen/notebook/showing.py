"""A result as a few lines of text, and as a card of HTML that stands on light and dark pages."""

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from yanzhen.notebook.pictures import picture_address, title_of
from yanzhen.notebook.words import NOTEBOOK, word
from yanzhen.phrasebook import Language
from yanzhen.report.document.parts import sources, view

if TYPE_CHECKING:
    from yanzhen.notebook.result import ShownResult

WIDTH = {"zh": 60, "en": 110}
"""Characters of a line; Chinese ones are twice as wide."""
FINDINGS = 3
"""Findings that the text shows."""
FIRST = 5
"""Findings that stand on the card before its picture; the others unfold."""


def text_of(result: "ShownResult") -> str:
    """Return at most ten lines: what it is, what it finds first, and what can be asked of it."""
    lang, findings = result.lang, result.findings
    filled = ", ".join(name for name, frame in result.tables.items() if frame.height)
    lines = [_marked(result), *(f"- {_short(each, lang)}" for each in findings[:FINDINGS])]
    if result.proof is not None:
        lines.append(word(lang, "proof.passed" if result.passed else "proof.failed"))
    lines.append(word(lang, "text.tables", listed=_short(filled, lang)))
    if result.figures:
        lines.append(word(lang, "text.figures", listed=_short(", ".join(result.figures), lang)))
    return "\n".join([*lines, word(lang, "text.further", count=len(findings))])


def html_of(result: "ShownResult") -> str:
    """Return the result as HTML that needs no script and no network."""
    about = result.study.about
    chart = result.figures[result.leading] if result.leading else None
    proof = result.proof
    said: dict[str, object] = {
        "w": lambda key, **values: word(result.lang, key, **values),
        "heading": result.heading,
        "study": result.reader.study_title,
        "synthetic": about.synthetic,
        "numbers": result.numbers,
        "findings": result.findings,
        "first": FIRST,
        "picture": None if chart is None else picture_address(chart),
        "picture_title": "" if chart is None else title_of(chart),
        "proof": None if proof is None else view(proof),
        "passed": result.passed,
        "tables": [(name, frame.height) for name, frame in result.tables.items() if frame.height],
        "figures": list(result.figures),
        "sources": list(dict.fromkeys(each["title"] for each in sources(result.reader))),
        "licence": about.licence,
        "lang": "zh-CN" if result.lang == "zh" else "en",
    }
    return _environment().get_template("result.html").render(said)


def _marked(result: "ShownResult") -> str:
    if not result.study.about.synthetic:
        return result.heading
    return f"[{word(result.lang, 'synthetic')}] {result.heading}"


def _short(text: str, lang: Language) -> str:
    return text if len(text) <= WIDTH[lang] else f"{text[: WIDTH[lang] - 1]}…"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(NOTEBOOK.package, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
