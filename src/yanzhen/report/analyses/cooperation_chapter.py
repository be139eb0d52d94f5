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
from yanzhen.report.text.names import names
from yanzhen.report.text.quantities import amount, money
from yanzhen.report.text.words import Lang, word
from yanzhen.study.result_columns import columns_of

if TYPE_CHECKING:
    from yanzhen.study import Problem

KEY = "cooperation"
MOST_ROWS = 15
AGREED = AGREEMENTS.only(
    """agreement home host scheme from_year home_gain host_gain joint home_even host_even
    missing"""
)


def cooperation_chapter(found: PlanSurvey, lang: Lang) -> Chapter:
    """Return the chapter: which mode is for whom at the plan, and what the agreements are worth."""
    agreed = [agreement_table(found, lang)] if found.agreements.height else []
    return Chapter(
        key=KEY,
        findings=[
            word(
                lang,
                "cooperation.of_what",
                homes=found.modes["home"].n_unique(),
                hosts=found.modes["host"].n_unique(),
                years=found.years,
            ),
            *mode_findings(found, lang),
            *_agreed(found, lang),
        ],
        drawings=[Drawing(f"{KEY}-modes", mode_matrix(found, lang))],
        views=[
            *(view(table) for table in agreed),
            view(mode_table(found, found.modes.head(MOST_ROWS), lang)),
        ],
        tables=[*agreed, mode_table(found, found.modes, lang)],
        frames={"modes": found.modes, "pairs": found.pairs, "agreements": found.agreements},
        kinds=columns_of(PlanSurvey),
        limits=list(limits(lang, ("taxes", "payoff", "two", "managing"))),
    )


def cooperation_lacking(problems: "Sequence[Problem]", lang: Lang) -> Chapter:
    """Return the chapter of a study in which cooperation cannot be reckoned: what it lacks."""
    needs = dict.fromkeys(
        problem.expected_zh if lang == "zh" else problem.expected for problem in problems
    )
    said = word(lang, "semicolon").join(needs)
    return Chapter(KEY, [word(lang, "cooperation.lacking", needs=said)])


def agreement_table(found: PlanSurvey, lang: Lang) -> Table:
    """What each of the study's agreements is worth to both."""
    frame = found.agreements.with_columns(
        missing=pl.col("missing_zh" if lang == "zh" else "missing")
    )
    lacking = (frame["missing"] != "").any()
    kinds = AGREED if lacking else AGREED.only(" ".join(AGREED).removesuffix("missing"))
    heads = {name: word(lang, f"agreement_column.{name}") for name in kinds}
    return shown_table(found, lang, "plan_agreements", frame, kinds, heads=heads)


def _agreed(found: PlanSurvey, lang: Lang) -> list[str]:
    if found.agreements.is_empty():
        return [word(lang, "cooperation.no_agreements")]
    known, unit = names(found, lang), money(found, lang)
    return [
        word(
            lang,
            "cooperation.agreement",
            agreement=row["agreement"],
            home=known.regions[row["home"]],
            host=known.places[row["host"]],
            home_gain=amount(row["home_gain"], unit),
            host_gain=amount(row["host_gain"], unit),
        )
        for row in found.agreements.iter_rows(named=True)
        if row["joint"] is not None
    ]
