"""The report on what a plan does to the whole economy."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from yanzhen.effects.assumed import effects_parameters, effects_values
from yanzhen.effects.plan_effects import MODELS, Effects, plan_effects
from yanzhen.effects.study_economy import study_economy
from yanzhen.market.equilibrium.cleared_study import clear_study
from yanzhen.market.plan.draws import SEED
from yanzhen.market.plan.uncertainty import Uncertainty, uncertainty
from yanzhen.market.problem.study_inputs import StudyInputs, study_inputs
from yanzhen.report.analyses.analysis import Asked, NotThere, Tell, Work, unasked
from yanzhen.report.document.chapter import Chapter
from yanzhen.report.document.document import (
    Document,
    Drawing,
    Part,
    Section,
    filled_view,
    with_rows,
)
from yanzhen.report.document.parts import View
from yanzhen.report.figures.effects import (
    disparity_figure,
    gains_map,
    ledger_figure,
    parts_figure,
    response_figure,
    waterfall,
)
from yanzhen.report.figures.theme import Chart
from yanzhen.report.findings.effects import effects_findings
from yanzhen.report.tables.basis import parameter_table, source_table
from yanzhen.report.tables.effects import KEYS, effects_columns, effects_frame, effects_table
from yanzhen.report.tables.table import Table
from yanzhen.report.text.focus import focus_of, narrowed
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.unknown_distances import unknown_distances
from yanzhen.study import Problem, Study, StudyError, require_checked
from yanzhen.study.assumptions import parameter_values
from yanzhen.study.distances import assumed_regions

KEY = "effects"
NAMED_IN = ("effects.head", "column")
MOST_ROWS, SHEET_ROWS = 70, 2_000
"""Of a table on the page, and in the workbook, which the files have whole."""
SECTIONS = {
    "effects_books": (("ledger",), ("balance", "hollowing")),
    "effects_economy": (
        ("gains", "response", "parts", "waterfall"),
        ("response", "joint", "joint_regions"),
    ),
    "effects_disparity": (("disparity",), ("disparity",)),
    "effects_sourcing": ((), ("leakage", "footprints")),
    "effects_basis": ((), ("assumptions", "fit", "checks", "uniqueness")),
}
"""Pictures and tables of each section."""
TABLE_OF = {
    "ledger": "balance",
    "gains": "response",
    "response": "response",
    "parts": "welfare",
    "waterfall": "welfare",
    "disparity": "disparity",
}
"""The table that holds the figures of a picture."""


def effects_document(found: Effects, reader: Reader, asked: Asked) -> Document:
    """Return the report on the effects of a plan."""
    said = effects_limits(found, reader)
    frames = {key: narrowed(effects_frame(found, key), focus_of(asked)) for key in KEYS}
    shown = {
        key: effects_table(found, key, reader, frame.head(SHEET_ROWS))
        for key, frame in frames.items()
    }
    parameters = parameter_table(found, reader)

    def viewed(key: str) -> View:
        frame = frames[key].head(MOST_ROWS)
        drawn = effects_table(found, key, reader, frame)
        return filled_view(drawn, frame, effects_columns()[key])

    def parts(pictures: tuple[str, ...], tables: tuple[str, ...]) -> list[Part]:
        drawn = [Drawing(f"{KEY}-{key}", FIGURES[key](found, asked, reader)) for key in pictures]
        return [*drawn, *(viewed(key) for key in tables if shown[key].rows)]

    sections = [Section(key, parts(*of)) for key, of in SECTIONS.items()]
    sections[-1] = replace(sections[-1], parts=[*sections[-1].parts, parameters])
    return Document(
        reader=reader,
        title=reader.report_title(reader.word("effects.title"), found.year),
        lead=reader.word("effects.lead", first=found.year, last=found.last_year),
        year=found.year,
        findings=effects_findings(found, reader, asked.get("region")),
        sections=[section for section in sections if section.parts],
        limits=said,
        tables=[
            *with_rows(shown.values()),
            replace(parameters, key="effects_parameters"),
            source_table(reader),
        ],
        notes=said,
        frames={
            **{key: effects_frame(found, key) for key in KEYS},
            "parameters": found.parameters,
        },
        kinds=effects_columns(),
        named_in=NAMED_IN,
    )


def effects_lacking(needs: str, reader: Reader) -> Chapter:
    """Return the chapter of a study whose effects cannot be computed: why."""
    heading = reader.word("effects.title")
    return Chapter(KEY, [reader.word("effects.lacking", needs=needs)], heading=heading)


def effects_limits(found: Effects, reader: Reader) -> list[str]:
    """Return what the effects cannot be taken for, in sentences."""
    keys = ["books"]
    if found.trade_basis:
        keys += ["sourcing", "spatial", *(["flows"] if _estimated(found) else [])]
    return [
        *(reader.word(f"effects.limit.{key}") for key in keys),
        *unknown_distances(reader),
        reader.word("limit.absence"),
    ]


def effects_json(found: Effects, asked: Asked) -> dict[str, Any]:
    """Return the effects as JSON-able values, the tables narrowed to what is looked at."""
    units = found.study.about.units
    return {
        "synthetic": found.study.about.synthetic,
        "year": found.year,
        "last_year": found.last_year,
        "trade_basis": found.trade_basis,
        "left_out": found.left_out,
        "draws": found.draws,
        "distances_assumed": assumed_regions(found.study.tables),
        "units": {
            "money": units.money, "persons": units.persons, "energy": units.energy,
            "emissions": units.emissions,
        },
        "tables": {
            key: narrowed(effects_frame(found, key), focus_of(asked)).to_dicts()
            for key in (*KEYS, "parameters", "not_evaluated")
        },
    }  # fmt: skip


def run_effects(study: Study, asked: Asked, tell: Tell) -> Effects:
    """Clear the market of a study, draw it again and compute the effects of its plan.

    Raises
    ------
    NotThere
        If there is no such model.
    StudyError
        When the study, the parameters or both cannot be used, with everything wrong.
    """
    model, changed = asked.get("model"), dict(asked.get("value") or {})
    require_model(model)
    inputs = study_inputs(require_checked(study))
    try:
        parameters = effects_parameters(inputs.parameters, changed)
    except StudyError as refused:
        raise StudyError([*refused.problems, *_wrong_besides(inputs)]) from None
    cleared = clear_study(inputs)
    draws = int(parameter_values(parameters)["effects_draws"])

    def drawn() -> Uncertainty:
        return uncertainty(cleared, SEED, draws, lambda share: tell(0.6 * share, None))

    return plan_effects(cleared, parameters, drawn, model, lambda share: tell(share, None))


def require_model(model: str | None) -> None:
    """Refuse a model that there is not; without one the tables decide.

    Raises
    ------
    NotThere
        If there is no such model.
    """
    if model is not None and model not in MODELS:
        raise NotThere("not_there.model", name=model, listed=", ".join(MODELS))


def _wrong_besides(inputs: StudyInputs) -> tuple[Problem, ...]:
    """What is wrong with a study's own economy, to be said with wrong parameters."""
    try:
        study_economy(inputs, effects_values(inputs))
    except StudyError as refused:
        return refused.problems
    return ()


def _estimated(found: Effects) -> bool:
    return "estimated" in found.flows["status"]


def _table(found: Effects, key: str, asked: Asked, reader: Reader) -> Table:
    frame = narrowed(effects_frame(found, key), focus_of(asked))
    return effects_table(found, key, reader, frame)


FIGURES: Mapping[str, Callable[[Effects, Asked, Reader], Chart]] = {
    "ledger": unasked(ledger_figure),
    "gains": unasked(gains_map),
    "response": unasked(response_figure),
    "parts": unasked(parts_figure),
    "waterfall": lambda found, asked, reader: waterfall(found, reader, asked.get("region")),
    "disparity": unasked(disparity_figure),
}
WORK = Work(
    Effects,
    run_effects,
    findings=lambda found, asked, reader: effects_findings(found, reader, asked.get("region")),
    document=lambda found, asked, reader: effects_document(found, reader, asked),
    year=lambda found: found.year,
    tables=KEYS,
    table=_table,
    figures=FIGURES,
    table_of=TABLE_OF,
    values=effects_json,
)
