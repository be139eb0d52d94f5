"""Scenarios beside the plan, as one HTML file, a workbook, JSON and files for other programs."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.document.exports import write_frames
from yanzhen.report.document.parts import picture, rendered, view
from yanzhen.report.document.workbook import Book, how_to_read, write_book
from yanzhen.report.document.writing import write_text
from yanzhen.report.figures.scenarios import race_subsidies, who_gains, who_receives
from yanzhen.report.findings.scenarios import scenario_findings
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.scenarios import COLUMNS, scenario_tables, titles
from yanzhen.report.tables.table import Table, frames_of
from yanzhen.report.text.limits import origins
from yanzhen.report.text.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.market.counterfactuals.comparison import Comparison
    from yanzhen.market.plan.plan import Plan

LIMITS = ("constants", "payoff", "supposed", "race", "options")
MOST_ROWS = 10
"""Rows of a scenario on the page, where a table has more; the workbook has them all."""
NOT_ON_THE_PAGE = ("flows", "race_sites")
WHOLE = ("macro_regions", "money", "jobs", "incidence", "regimes", "races", "certificates")
LARGEST_FLOWS = 100


def write_comparison(plan: "Plan", comparison: "Comparison", folder: Path, lang: Lang) -> None:
    """Write the comparison of scenarios with a plan into a folder.

    `comparison.html` and `comparison.xlsx` are in the language asked; `comparison.json` (of the
    flows the 100 that change most) and the tables in `tables` hold codes and names in both. The
    same comparison gives the same bytes.
    """
    write_text(folder / "comparison.html", comparison_page(plan, comparison, lang))
    write_book(_book(plan, comparison, lang), folder / "comparison.xlsx", lang)
    about = plan.study.about
    said: dict[str, Any] = {
        "study": about.title_en,
        "study_zh": about.title_zh,
        "synthetic": about.synthetic,
        "period": list(plan.period),
        "units": {"money": about.units.money, "persons": about.units.persons},
    }
    largest = (
        comparison.flows.with_columns(size=pl.col("change").abs())
        .sort("size", *comparison.flows.columns[:4], descending=[True, *[False] * 4])
        .group_by("scenario", maintain_order=True)
        .head(LARGEST_FLOWS)
        .drop("size")
    )
    frames = frames_of(comparison) | {"flows": largest}
    said |= {key: frame.to_dicts() for key, frame in frames.items()}
    text = json.dumps(said, ensure_ascii=False, indent=1, allow_nan=False)
    write_text(folder / "comparison.json", text + "\n")
    write_frames(plan, frames_of(comparison), COLUMNS, folder / "tables")


def comparison_page(plan: "Plan", comparison: "Comparison", lang: Lang) -> str:
    """Return the comparison as HTML."""
    shown = {table.key: table for table in scenario_tables(plan, comparison, lang)}
    named = titles(comparison, lang)
    notes = comparison.scenarios.select("scenario", f"note_{lang}").iter_rows()
    figures = [
        picture("who_gains", who_gains(plan, comparison, lang)),
        picture("who_receives", who_receives(plan, comparison, lang)),
    ]
    races = [
        picture(f"race-{name}", race_subsidies(plan, comparison, name, lang))
        for name in comparison.races["scenario"]
    ]
    context: dict[str, Any] = {
        "lead": word(lang, "scenario.lead", scenarios=len(named), base=plan.base_year),
        "sections": (
            "findings", "supposed", "moved", "money", "prices", "race", "gates", "options",
            "certificate", "limits", "sources",
        ),
        "findings": scenario_findings(plan, comparison, lang),
        "supposed": [(named[name], note) for name, note in notes],
        "figures": figures,
        "races": races,
        "views": {
            key: view(table, _first_rows(table))
            for key, table in shown.items()
            if table.rows and key not in NOT_ON_THE_PAGE
        },
        "origins": origins(plan, lang),
        "passed": bool(comparison.scenarios["certified"].all()),
        "limits": _limits(lang),
    }  # fmt: skip
    return rendered("scenarios.html", plan, lang, _title(plan, lang), context)


def _first_rows(table: Table) -> list[int]:
    """The first rows of each scenario, or all of a table that is shown whole."""
    if table.key in WHOLE:
        return list(range(len(table.rows)))
    seen: Counter[object] = Counter()
    kept = []
    for i, row in enumerate(table.rows):
        seen[row[0]] += 1
        if seen[row[0]] <= MOST_ROWS:
            kept.append(i)
    return kept


def _title(plan: "Plan", lang: Lang) -> str:
    about = plan.study.about
    study = about.title_zh if lang == "zh" else about.title_en
    first, last = plan.period
    return word(lang, "scenario.title", study=study, first=first, last=last)


def _limits(lang: Lang) -> list[str]:
    return [word(lang, f"scenario_limit.{key}") for key in LIMITS]


def _book(plan: "Plan", comparison: "Comparison", lang: Lang) -> Book:
    notes = comparison.scenarios.select(f"title_{lang}", f"note_{lang}").iter_rows()
    said = [word(lang, "scenario.noted", title=title, note=note) for title, note in notes]
    return Book(
        title=_title(plan, lang),
        synthetic=plan.study.about.synthetic,
        year=plan.period[0],
        lines=[*how_to_read(plan, lang), origins(plan, lang), *said, *_limits(lang)],
        findings=scenario_findings(plan, comparison, lang),
        tables=[
            *(table for table in scenario_tables(plan, comparison, lang) if table.rows),
            source_table(plan, lang),
        ],
    )
