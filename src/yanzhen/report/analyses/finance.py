"""The report on financial products of projects and the finance of parks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from yanzhen.finance.rates import finance_parameters
from yanzhen.finance.study_finance import Finance, study_finance
from yanzhen.report.analyses.analysis import Asked, NotThere, Tell, Work
from yanzhen.report.document.document import (
    Document,
    Drawing,
    Part,
    Section,
    filled_view,
    with_rows,
)
from yanzhen.report.figures.finance import (
    cover_figure,
    flows_figure,
    offers_figure,
    waterfall_figure,
)
from yanzhen.report.figures.theme import Chart
from yanzhen.report.findings.finance import finance_findings
from yanzhen.report.tables.basis import parameter_table, source_table
from yanzhen.report.tables.finance import KEYS, ON_PAGE, finance_columns, finance_table
from yanzhen.report.tables.table import Table
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, require_checked
from yanzhen.study.assumptions import used_parameters

SHEET_ROWS = 2_000
"""Of a table in the workbook; the files have it whole."""
SECTIONS = {
    "finance_offers": (("offers",), ("offers", "values")),
    "finance_flows": (("flows",), ("yearly", "defaults", "repaid")),
    "finance_parks": (("waterfall", "cover"), ("park_years", "park_claims")),
}
"""Pictures and tables of each section."""
TABLE_OF = {
    "offers": "offers",
    "flows": "yearly",
    "waterfall": "park_years",
    "cover": "park_years",
}
LIMITS = ("products", "default", "parks", "parameters")
NAMED_BY = {"project": "projects", "product": "products", "site": "park_finance"}
"""What can be asked for, and the table that names it."""


def run_finance(study: Study, asked: Asked, tell: Tell) -> Finance:
    """Reckon the products of a study's projects, and its parks.

    Raises
    ------
    NotThere
        If what is asked for is not in the study.
    StudyError
        When the study or the parameters cannot be used, with everything wrong.
    """
    _require_there(study, asked)
    changed = dict(asked.get("value") or {})
    parameters = finance_parameters(used_parameters(require_checked(study)), changed)
    return study_finance(study, parameters)


def finance_document(found: Finance, reader: Reader, asked: Asked) -> Document:
    """Return the report on products and parks."""
    looked_at = _asked_for(found, asked)
    limits = [
        *(reader.word(f"finance.limit.{key}") for key in LIMITS),
        reader.word("limit.absence"),
    ]
    parameters = parameter_table(found, reader)

    def shown(key: str) -> Table:
        return finance_table(key, reader, getattr(looked_at, key).head(SHEET_ROWS))

    def on_page(key: str) -> Iterable[str]:
        return ON_PAGE[key].split() if key in ON_PAGE else finance_columns()[key]

    def parts(pictures: tuple[str, ...], tables: tuple[str, ...]) -> list[Part]:
        filled = [key for key in tables if getattr(looked_at, key).height]
        if not filled:
            return []
        drawn = [Drawing(f"finance-{key}", FIGURES[key](found, asked, reader)) for key in pictures]
        return [
            *drawn,
            *(filled_view(shown(key), getattr(looked_at, key), on_page(key)) for key in filled),
        ]

    sections = [Section(key, parts(*of)) for key, of in SECTIONS.items()]
    return Document(
        reader=reader,
        title=reader.report_title(reader.word("finance.title"), found.year),
        lead=reader.word("finance.lead"),
        year=found.year,
        findings=finance_findings(looked_at, reader),
        sections=[
            *(section for section in sections if section.parts),
            Section("basis", [parameters]),
        ],
        limits=limits,
        tables=[
            *with_rows(shown(key) for key in KEYS),
            replace(parameters, key="finance_parameters"),
            source_table(reader),
        ],
        notes=limits,
        frames={**{key: getattr(found, key) for key in KEYS}, "parameters": found.parameters},
        kinds=finance_columns(),
    )


def finance_json(found: Finance, asked: Asked) -> dict[str, Any]:
    """Return everything as JSON-able values, the tables narrowed to what is looked at."""
    looked_at = _asked_for(found, asked)
    return {
        "synthetic": found.study.about.synthetic,
        "year": found.year,
        "unit": found.study.about.units.money,
        "tables": {key: getattr(looked_at, key).to_dicts() for key in (*KEYS, "parameters")},
    }


def _require_there(study: Study, asked: Asked) -> None:
    for name, table in NAMED_BY.items():
        code, known = asked.get(name), study.tables[table][name].unique().sort().to_list()
        if code is not None and code not in known:
            listed = ", ".join(known) or "—"
            raise NotThere("not_there.code", code=code, table=table, listed=listed)


def _asked_for(found: Finance, asked: Asked) -> Finance:
    """What is looked at: one project, one product, one park, or all."""
    _require_there(found.study, asked)
    chosen = {name: asked[name] for name in NAMED_BY if asked.get(name) is not None}
    return replace(
        found,
        **{
            key: frame.filter(
                *(pl.col(name) == code for name, code in chosen.items() if name in frame.columns)
            )
            for key in KEYS
            for frame in [getattr(found, key)]
        },
    )


def _of(
    figure: Callable[[Finance, Reader], Chart],
) -> Callable[[Finance, Asked, Reader], Chart]:
    return lambda found, asked, reader: figure(_asked_for(found, asked), reader)


FIGURES: Mapping[str, Callable[[Finance, Asked, Reader], Chart]] = {
    "offers": _of(offers_figure),
    "flows": _of(flows_figure),
    "waterfall": _of(waterfall_figure),
    "cover": _of(cover_figure),
}
WORK = Work(
    Finance,
    run_finance,
    findings=lambda found, asked, reader: finance_findings(_asked_for(found, asked), reader),
    document=lambda found, asked, reader: finance_document(found, reader, asked),
    year=lambda found: found.year,
    tables=KEYS,
    table=lambda found, key, asked, reader: finance_table(
        key, reader, getattr(_asked_for(found, asked), key)
    ),
    figures=FIGURES,
    table_of=TABLE_OF,
    values=finance_json,
)
