"""The report on what a fund should hold."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from yanzhen.finance.fund.study_fund import OBJECTIVES, Fund, fund_parameters, study_fund
from yanzhen.market.equilibrium.cleared_study import clear_study
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.report.analyses.analysis import Asked, NotThere, Tell, Work, unasked
from yanzhen.report.document.document import (
    Document,
    Drawing,
    Part,
    Section,
    filled_view,
    with_rows,
)
from yanzhen.report.figures.fund import (
    additionality_figure,
    coming_figure,
    frontier_figure,
    regions_map,
)
from yanzhen.report.figures.theme import Chart
from yanzhen.report.findings.fund import fund_findings
from yanzhen.report.tables.basis import parameter_table, source_table
from yanzhen.report.tables.fund import KEYS, fund_columns, fund_table
from yanzhen.report.tables.table import Table
from yanzhen.report.text.focus import focus_of, narrowed
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.unknown_distances import unknown_distances
from yanzhen.study import Study, require_checked

NAMED_IN = ("fund.head", "column")
SHEET_ROWS, MOST_ROWS = 2_000, 100
"""Of a table in the workbook and on the page; the files have it whole."""
SECTIONS = {
    "fund_portfolio": (("frontier", "additionality"), ("decisions", "limits", "frontier")),
    "fund_adds": (("coming", "regions"), ("supports", "together", "outlay", "refused")),
}
"""Pictures and tables of each section."""
TABLE_OF = {
    "frontier": "frontier",
    "additionality": "supports",
    "coming": "supports",
    "regions": "supports",
}
LIMITS = ("probability", "parameters", "public_money")


def run_fund(study: Study, asked: Asked, tell: Tell) -> Fund:
    """Clear the market of a study and choose what its fund should hold.

    Raises
    ------
    NotThere
        If there is no such fund or objective, or the budget is nothing.
    StudyError
        When the study, the parameters or the limits cannot be used, with everything wrong.
    """
    objective, budget = asked.get("objective") or OBJECTIVES[0], asked.get("budget")
    if objective not in OBJECTIVES:
        raise NotThere("not_there.objective", name=objective, listed=", ".join(OBJECTIVES))
    if budget is not None and not budget > 0:
        raise NotThere("not_there.budget", budget=f"{budget:g}")
    code, funds = asked.get("fund"), study.tables["funds"]["fund"].to_list()
    if code is not None and code not in funds:
        raise NotThere("not_there.fund", name=code, listed=", ".join(funds) or "—")
    inputs = study_inputs(require_checked(study))
    parameters = fund_parameters(inputs.parameters, dict(asked.get("value") or {}))
    cleared = clear_study(inputs)
    return study_fund(cleared, parameters, code, budget, objective, lambda share: tell(share, None))


def fund_document(found: Fund, reader: Reader, asked: Asked) -> Document:
    """Return the report on a fund."""
    limits = [
        *(reader.word(f"fund.limit.{key}") for key in LIMITS),
        *unknown_distances(reader),
        reader.word("limit.absence"),
    ]
    parameters = parameter_table(found, reader)
    frames = {key: narrowed(getattr(found, key), focus_of(asked)) for key in KEYS}
    shown = {
        key: fund_table(found, key, reader, frame.head(SHEET_ROWS)) for key, frame in frames.items()
    }

    def parts(pictures: tuple[str, ...], tables: tuple[str, ...]) -> list[Part]:
        drawn = [Drawing(f"fund-{key}", FIGURES[key](found, asked, reader)) for key in pictures]
        viewed = [
            filled_view(
                fund_table(found, key, reader, frames[key].head(MOST_ROWS)),
                frames[key].head(MOST_ROWS),
                fund_columns()[key],
            )
            for key in tables
            if frames[key].height
        ]
        return [*drawn, *viewed]

    return Document(
        reader=reader,
        title=reader.report_title(reader.word("fund.title"), found.year),
        lead=reader.word("fund.lead"),
        year=found.year,
        findings=fund_findings(found, reader, asked.get("region")),
        sections=[
            *(Section(key, parts(*of)) for key, of in SECTIONS.items()),
            Section("basis", [parameters]),
        ],
        limits=limits,
        tables=[
            *with_rows(shown.values()),
            replace(parameters, key="fund_parameters"),
            source_table(reader),
        ],
        notes=limits,
        frames={**{key: getattr(found, key) for key in KEYS}, "parameters": found.parameters},
        kinds=fund_columns(),
        named_in=NAMED_IN,
    )


def fund_json(found: Fund, asked: Asked) -> dict[str, Any]:
    """Return everything as JSON-able values, the tables narrowed to what is looked at."""
    units = found.study.about.units
    return {
        "synthetic": found.study.about.synthetic,
        "year": found.year,
        "fund": found.fund,
        "objective": found.objective,
        "budget": found.budget,
        "worth": found.worth,
        "bound": found.bound,
        "gap": found.gap,
        "benefit": found.benefit,
        "worst": found.worst,
        "draws": found.draws,
        "excess_demand": found.excess,
        "units": {"money": units.money, "persons": units.persons},
        "tables": {
            key: narrowed(getattr(found, key), focus_of(asked)).to_dicts()
            for key in (*KEYS, "parameters")
        },
    }


def _table(found: Fund, key: str, asked: Asked, reader: Reader) -> Table:
    return fund_table(found, key, reader, narrowed(getattr(found, key), focus_of(asked)))


FIGURES: Mapping[str, Callable[[Fund, Asked, Reader], Chart]] = {
    "frontier": unasked(frontier_figure),
    "additionality": unasked(additionality_figure),
    "coming": unasked(coming_figure),
    "regions": unasked(regions_map),
}
WORK = Work(
    Fund,
    run_fund,
    findings=lambda found, asked, reader: fund_findings(found, reader, asked.get("region")),
    document=lambda found, asked, reader: fund_document(found, reader, asked),
    year=lambda found: found.year,
    tables=KEYS,
    table=_table,
    figures=FIGURES,
    table_of=TABLE_OF,
    values=fund_json,
)
