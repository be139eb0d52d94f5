"""What a study is, in a few lines: as text and as HTML."""

from collections.abc import Mapping

import polars as pl
from markupsafe import Markup, escape

from yanzhen.phrasebook import Language
from yanzhen.study.about import About
from yanzhen.study.units import UNITS
from yanzhen.study.words import word

Tables = Mapping[str, pl.DataFrame]
_CELL = Markup('<td style="text-align: {side}; padding: 0.1em 1em 0.1em 0">{text}</td>')
_MARK = Markup('<p><strong style="border: 2px solid; padding: 0 0.4em">{text}</strong></p>')


def study_text(about: About, tables: Tables, warnings: int, language: Language) -> str:
    """Return the title of a study, its units and how many rows each table has."""
    filled = ", ".join(
        f"{name} {rows:,}" + (f" ({years})" if years else "")
        for name, rows, years in _filled(tables, language)
    )
    lines = [*_heading(about, language), word(language, "summary.tables", listed=filled)]
    if warnings:
        lines.append(word(language, "summary.warnings", count=warnings))
    return "\n".join(lines)


def study_html(about: About, tables: Tables, warnings: int, language: Language) -> str:
    """Return the same as HTML; colours are those of the page that it stands in."""
    title, *lines = _heading(about, language)
    if warnings:
        lines.append(word(language, "summary.warnings", count=warnings))
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                _CELL.format(side=side, text=text)
                for side, text in (("left", name), ("right", f"{count:,}"), ("left", years))
            )
        )
        for name, count, years in _filled(tables, language)
    )
    mark = word(language, "summary.synthetic")
    return str(
        Markup("<div>{}<h3>{}</h3>{}<table>{}</table></div>").format(
            _MARK.format(text=mark) if about.synthetic else "",
            title,
            Markup("").join(Markup("<p>{}</p>").format(escape(line)) for line in lines),
            rows,
        )
    )


def _heading(about: About, language: Language) -> list[str]:
    """Title, and on a line of its own base year, measure and units."""
    mark = f"[{word(language, 'summary.synthetic')}] " if about.synthetic else ""
    title = about.title_zh if language == "zh" else about.title_en
    unit = UNITS[about.size_unit]
    said = word(
        language,
        "summary.units",
        year=about.base_year,
        size=word(language, f"size.{about.size}"),
        unit=unit.zh if language == "zh" else unit.en,
    )
    return [f"{mark}{title}", said]


def _filled(tables: Tables, language: Language) -> list[tuple[str, int, str]]:
    """Name, rows and years of every table that has any row."""
    return [
        (name, table.height, _years(table, language))
        for name, table in tables.items()
        if table.height
    ]


def _years(table: pl.DataFrame, language: Language) -> str:
    if "year" not in table.columns or table["year"].null_count() == table.height:
        return ""
    first, last = table["year"].min(), table["year"].max()
    if first == last:
        return str(first)
    return word(language, "summary.years", first=first, last=last)
