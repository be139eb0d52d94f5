"""The page of parameters, made from their declarations: value, interval, unit, source.

`python docs/generated.py` writes it anew in both languages.
"""

import sys

from yanzhen.report.text.words import Lang, word, word_or
from yanzhen.study.standard import declared_parameters

COLUMNS = ("parameter", "value", "low", "high", "unit", "source", "note")


def parameter_page(lang: Lang) -> str:
    """Return every parameter that a study may have, in one language, as a Markdown page."""
    head = " | ".join(word(lang, f"column.{name}") for name in COLUMNS)
    lines = [f"# {word(lang, 'parameter_page.title')}", "", word(lang, "parameter_page.made"), ""]
    lines += [f"| {head} |", "| --- | ---: | ---: | ---: | --- | --- | --- |"]
    sources = {
        "assumption": word(lang, "assumption"),
        "study": word(lang, "parameter_page.of_study"),
    }
    for row in declared_parameters().iter_rows(named=True):
        cells = (
            f"`{row['parameter']}`",
            *(_number(row[name]) for name in ("value", "low", "high")),
            word_or(lang, f"parameter_unit.{row['unit']}", row["unit"]),
            sources.get(row["source"], row["source"]),
            row[f"note_{lang}"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"


if __name__ == "__main__":
    print(parameter_page("zh" if sys.argv[1:] == ["zh"] else "en"), end="")
