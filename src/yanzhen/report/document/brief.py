"""One page of A4 as PDF: verdict, map, figures, what they rest on, and the imprint."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import vl_convert

from yanzhen.report.document.writing import beside
from yanzhen.report.figures.theme import Chart
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang

# Names as the systems list them; GB/T 9704-2012 has 小标宋 for titles, 黑体 for headings, 仿宋 for
# text. What stands behind them is what systems bring without these.
TITLE = (
    "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "STZhongsong",
    "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Songti SC",
)  # fmt: skip
HEADING = (
    "SimHei", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei",
    "PingFang SC", "Heiti SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
)  # fmt: skip
TEXT = (
    "FangSong_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC", "Source Han Serif SC",
    "SimSun", "STSong", "Songti SC",
)  # fmt: skip
ENGLISH = "Libertinus Serif"
"""Comes with typst."""


class NoChineseFont(Exception):
    """None of the fonts with Chinese characters that are known by name is there."""


@dataclass(frozen=True)
class Brief:
    """What one page says.

    Attributes
    ----------
    reader : the study that it is about and the language of all its texts
    title : of the page
    addressee : for whom it is
    verdict : in one sentence
    figures : each under its name
    map_title, chart, reading : the picture, and how to read it
    rests_on : in sentences
    imprint : study, period, source, status and proof, each under its name
    made : day of the plan that it is of
    """

    reader: Reader
    title: str
    addressee: str
    verdict: str
    figures: Sequence[tuple[str, str]]
    map_title: str
    chart: Chart
    reading: str
    rests_on: Sequence[str]
    imprint: Sequence[tuple[str, str]]
    made: date


def write_brief(brief: Brief, path: Path, fonts: Path | None = None) -> None:
    """Write a brief as PDF, tagged for screen readers (PDF/UA-1); the same gives the same bytes.

    Parameters
    ----------
    fonts : a folder with fonts beside those of the system

    Raises
    ------
    NoChineseFont
        When the text is Chinese and none of the fonts that are known by name is there.
    ModuleNotFoundError
        Without the extra `pdf`.
    """
    with beside(path) as part:
        part.write_bytes(typeset(brief, fonts))


def typeset(brief: Brief, fonts: Path | None = None) -> bytes:
    """Return a brief as PDF.

    Raises
    ------
    NoChineseFont, ModuleNotFoundError
        As `write_brief`.
    """
    import typst

    found = typst.Fonts(font_paths=[] if fonts is None else [str(fonts)])
    content = {
        "lang": brief.reader.lang,
        "fonts": families(brief.reader.lang, frozenset(found.families())),
        "synthetic": brief.reader.study.about.synthetic,
        "words": {key: brief.reader.word(f"brief.{key}") for key in ("figures", "rests_on")}
        | {"synthetic": brief.reader.word("page.synthetic")},
        "title": brief.title,
        "addressee": brief.addressee,
        "verdict": brief.verdict,
        "figures": list(brief.figures),
        "map_title": brief.map_title,
        "reading": brief.reading,
        "rests_on": list(brief.rests_on),
        "imprint": list(brief.imprint),
    }
    made: bytes = typst.compile(  # type: ignore[call-overload]  # it takes files by name
        {
            "main.typ": _template(),
            "brief.json": json.dumps(content, ensure_ascii=False).encode(),
            "map.svg": _svg(brief.chart),
        },
        font_paths=found,
        format="pdf",
        timestamp=datetime(brief.made.year, brief.made.month, brief.made.day, tzinfo=UTC),
        pdf_standards=["ua-1"],
    )
    return made


def families(lang: Lang, there: frozenset[str]) -> dict[str, list[str]]:
    """Return the fonts to take for each part, of those that are there.

    Raises
    ------
    NoChineseFont
        When the language is Chinese and none of the fonts that are known by name is there.
    """
    wanted = {"title": TITLE, "heading": HEADING, "text": TEXT}
    chinese = {part: [name for name in names if name in there] for part, names in wanted.items()}
    any_chinese = [name for part in ("text", "title", "heading") for name in chinese[part]]
    if lang == "zh" and not any_chinese:
        raise NoChineseFont
    first = [ENGLISH] if lang == "en" else []
    return {part: [*first, *(chinese[part] or any_chinese)] for part in wanted}


def _svg(chart: Chart) -> bytes:
    """Return a chart without its title, which the page says itself."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec.pop("title", None)
    drawn: str = vl_convert.vegalite_to_svg(spec)
    return drawn.encode()


@cache
def _template() -> bytes:
    return files("yanzhen.report.document").joinpath("page", "brief.typ").read_bytes()
