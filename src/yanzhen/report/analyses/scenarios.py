"""The report on scenarios beside the plan."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.market.counterfactuals.comparison import Comparison
from yanzhen.report.document.document import (
    Definitions,
    Document,
    Drawing,
    Paragraph,
    Section,
    there,
    with_rows,
)
from yanzhen.report.document.folder import write_report
from yanzhen.report.document.parts import view
from yanzhen.report.document.writing import write_text
from yanzhen.report.figures.scenarios import race_subsidies, who_gains, who_receives
from yanzhen.report.findings.scenarios import scenario_findings
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.scenarios import scenario_tables, titles
from yanzhen.report.tables.table import Table, frames_of
from yanzhen.report.text.limits import origins
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import columns_of

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

LIMITS = ("constants", "payoff", "supposed", "race", "options")
MOST_ROWS = 10
"""Rows of a scenario on the page, where a table has more; the workbook has them all."""
NOT_ON_THE_PAGE = ("flows", "race_sites")
WHOLE = ("macro_regions", "money", "jobs", "incidence", "regimes", "races", "certificates")
LARGEST_FLOWS = 100


def write_comparison(plan: "Plan", comparison: Comparison, folder: Path, reader: Reader) -> None:
    """Write the comparison of scenarios with a plan into a folder, as `write_report`.

    `comparison.json` (of the flows the 100 that change most) holds codes and names in both
    languages.
    """
    write_report(comparison_document(plan, comparison, reader), folder, "comparison")
    about = plan.study.about
    said: dict[str, Any] = {
        "study": about.title_en,
        "study_zh": about.title_zh,
        "synthetic": about.synthetic,
        "period": list(plan.period),
        "units": {"money": about.units.money, "persons": about.units.persons},
        "size": {"measure": about.size, "unit": about.size_unit},
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


def comparison_document(plan: "Plan", comparison: Comparison, reader: Reader) -> Document:
    """Return the comparison of scenarios with a plan."""
    notes = comparison.scenarios.select(f"title_{reader.lang}", f"note_{reader.lang}").iter_rows()
    limits = [reader.word(f"scenario_limit.{key}") for key in LIMITS]
    return Document(
        reader=reader,
        title=_title(plan, reader),
        lead=reader.word(
            "scenario.lead", scenarios=len(titles(comparison, reader)), base=plan.base_year
        ),
        year=plan.period[0],
        findings=scenario_findings(plan, comparison, reader),
        sections=_sections(plan, comparison, reader),
        limits=limits,
        tables=[*with_rows(scenario_tables(comparison, reader)), source_table(reader)],
        notes=[
            origins(reader),
            *(reader.word("scenario.noted", title=title, note=note) for title, note in notes),
            *limits,
        ],
        frames=frames_of(comparison),
        kinds=columns_of(Comparison),
    )


# Kept whole: the sections of a document, one after another.
def _sections(plan: "Plan", comparison: Comparison, reader: Reader) -> list[Section]:
    named = titles(comparison, reader)
    notes = comparison.scenarios.select("scenario", f"note_{reader.lang}").iter_rows()
    views = {
        table.key: view(table, _first_rows(table))
        for table in with_rows(scenario_tables(comparison, reader))
        if table.key not in NOT_ON_THE_PAGE
    }
    races = [
        Drawing(f"race-{name}", race_subsidies(comparison, name, reader))
        for name in comparison.races["scenario"]
    ]
    passed = bool(comparison.scenarios["certified"].all())

    def unless(there_is: object, key: str) -> list[Paragraph]:
        return [] if there_is else [Paragraph(reader.word(key))]

    return [
        Section(
            "supposed",
            [
                Definitions(
                    tuple(
                        (named[name], note or reader.word("scenario.without_note"))
                        for name, note in notes
                    )
                )
            ],
        ),
        Section(
            "moved",
            [
                Paragraph(origins(reader), "caveat"),
                Drawing("who_gains", who_gains(plan, comparison, reader)),
                *there(views, "macro_regions", "regions"),
            ],
        ),
        Section(
            "money",
            [
                Drawing("who_receives", who_receives(comparison, reader)),
                *there(views, "money", "jobs", "incidence", "rents"),
            ],
        ),
        Section(
            "prices",
            [
                Paragraph(reader.word("scenario.prices_lead")),
                *there(views, "subsidies", "prices"),
            ],
        ),
        Section(
            "race",
            [*unless(races, "scenario.no_race"), *races, *there(views, "regimes", "races")],
        ),
        Section("gates", [*unless("gates" in views, "scenario.no_gates"), *there(views, "gates")]),
        Section(
            "options",
            [*unless("options" in views, "scenario.no_options"), *there(views, "options")],
        ),
        Section(
            "certificate",
            [
                Paragraph(reader.word("certificate.passed" if passed else "certificate.failed")),
                *there(views, "certificates"),
            ],
        ),
    ]


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


def _title(plan: "Plan", reader: Reader) -> str:
    study = reader.study_title
    first, last = plan.period
    return reader.word("scenario.title", study=study, first=first, last=last)
