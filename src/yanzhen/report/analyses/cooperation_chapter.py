"""The chapter on cooperation in the report of a plan."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.modes.coconstruction.surveys.plan_survey import AGREEMENTS, PlanSurvey
from yanzhen.report.analyses.contract_page import limits
from yanzhen.report.analyses.contract_surveys import mode_findings, mode_table
from yanzhen.report.document.chapter import Chapter
from yanzhen.report.document.document import Drawing
from yanzhen.report.document.parts import view
from yanzhen.report.figures.pairing import mode_matrix
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.quantities import amount
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import columns_of

if TYPE_CHECKING:
    from yanzhen.study import Problem

KEY = "cooperation"
MOST_ROWS = 15
AGREED = AGREEMENTS.only(
    """agreement home host scheme from_year home_gain host_gain joint home_even host_even
    missing"""
)


def cooperation_chapter(found: PlanSurvey, reader: Reader) -> Chapter:
    """Return the chapter: which mode is for whom at the plan, and what the agreements are worth."""
    agreed = [agreement_table(found, reader)] if found.agreements.height else []
    return Chapter(
        key=KEY,
        findings=[
            reader.word(
                "cooperation.of_what",
                homes=found.modes["home"].n_unique(),
                hosts=found.modes["host"].n_unique(),
                years=found.years,
            ),
            *mode_findings(found, reader),
            *_agreed(found, reader),
        ],
        drawings=[Drawing(f"{KEY}-modes", mode_matrix(found, reader))],
        views=[
            *(view(table) for table in agreed),
            view(mode_table(found.modes.head(MOST_ROWS), reader)),
        ],
        tables=[*agreed, mode_table(found.modes, reader)],
        frames={"modes": found.modes, "pairs": found.pairs, "agreements": found.agreements},
        kinds=columns_of(PlanSurvey),
        limits=list(limits(reader, ("taxes", "payoff", "two", "managing"))),
    )


def cooperation_lacking(problems: "Sequence[Problem]", reader: Reader) -> Chapter:
    """Return the chapter of a study in which cooperation cannot be reckoned: what it lacks."""
    needs = dict.fromkeys(
        problem.expected_zh if reader.lang == "zh" else problem.expected for problem in problems
    )
    said = reader.word("semicolon").join(needs)
    return Chapter(KEY, [reader.word("cooperation.lacking", needs=said)])


def agreement_table(found: PlanSurvey, reader: Reader) -> Table:
    """What each of the study's agreements is worth to both."""
    frame = found.agreements.with_columns(
        missing=pl.col("missing_zh" if reader.lang == "zh" else "missing")
    )
    lacking = (frame["missing"] != "").any()
    kinds = AGREED if lacking else AGREED.only(" ".join(AGREED).removesuffix("missing"))
    heads = {name: reader.word(f"agreement_column.{name}") for name in kinds}
    return shown_table(reader, "plan_agreements", frame, kinds, heads=heads)


def _agreed(found: PlanSurvey, reader: Reader) -> list[str]:
    if found.agreements.is_empty():
        return [reader.word("cooperation.no_agreements")]
    unit = reader.money
    return [
        reader.word(
            "cooperation.agreement",
            agreement=row["agreement"],
            **reader.named(row, "home host"),
            home_gain=amount(row["home_gain"], unit),
            host_gain=amount(row["host_gain"], unit),
        )
        for row in found.agreements.iter_rows(named=True)
        if row["joint"] is not None
    ]
