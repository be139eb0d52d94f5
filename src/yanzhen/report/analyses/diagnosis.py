"""The report of a diagnosis."""

from collections.abc import Callable
from typing import Any

import polars as pl

from yanzhen.accounts.panel import whole_panel
from yanzhen.advantage.diagnosis import Diagnosis, diagnose
from yanzhen.report.analyses.analysis import Asked, NotThere, Tell, Work
from yanzhen.report.document.document import (
    Document,
    Drawing,
    Paragraph,
    Section,
    filled_view,
    there,
    with_rows,
)
from yanzhen.report.document.parts import View
from yanzhen.report.figures import DIAGNOSIS_FIGURES
from yanzhen.report.figures.theme import Chart
from yanzhen.report.findings.diagnosis import diagnosis_findings
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.diagnosis import COLUMNS, diagnosis_table, diagnosis_tables
from yanzhen.report.tables.table import Table
from yanzhen.report.text.focus import WHOLE, Focus, focus_of, focused, focused_title
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.unknown_distances import unknown_distances
from yanzhen.study import Study
from yanzhen.study.result_columns import columns_of

TABLE_OF = {
    "specialisation": "specialisation",
    "industry_space": "proximities",
    "shift_share": "shift_share",
    "centres": "centres",
    "rank_intervals": "capacity",
    "opportunities": "opportunities",
}
"""The table that holds the figures of a picture."""
MOST_ROWS = 30
LIMITS = ("levels", "changes", "estimates", "complexity", "ranks", "reasons", "supply")
VIEWS = {
    "regions": (
        "region", "output", "diversity", "eci", "outlook", "krugman", "herfindahl",
        "observed", "estimated", "missing",
    ),
    "industries": (
        "industry", "output", "ubiquity", "pci", "locational_gini", "herfindahl",
        "observed", "estimated", "missing",
    ),
    "autocorrelation": ("industry", "moran", "expected", "z", "p", "regions"),
    "macro_shifts": (
        "industry", "macro_region", "before", "after", "share_before", "share_after",
        "absolute_shift", "cells",
    ),
    "capacity": ("region", "rank_median", "rank_low", "rank_high", "first", "lacking"),
    "capacity_weights": ("weighting", "indicator", "weight"),
    "pressure": (
        "region", "industry", "pressure", "pressure_low", "pressure_high", "cost_percentile",
        "emission_intensity_percentile", "share_lost_percentile", "gradient_percentile",
    ),
    "opportunities": (
        "region", "industry", "mean_percentile", "location_quotient", "relatedness", "pci",
        "supply_gap", "market_access", "supplier_access", "cost",
    ),
    "supply_gaps": ("region", "input", "need", "supply", "gap_beyond_reach", "share_open"),
    "not_evaluated": ("term", "needs"),
    "not_defined": ("term", "region", "industry", "reason"),
}  # fmt: skip


def diagnosis_document(diagnosis: Diagnosis, reader: Reader, focus: Focus = WHOLE) -> Document:
    """Return the report of a diagnosis.

    Tables hold the rows of the focus; pictures show it among the rest.
    """
    said = _limits(reader)
    return Document(
        reader=reader,
        title=focused_title(reader, "diagnosis", diagnosis.year, focus),
        lead=reader.word(
            "diagnosis.lead",
            year=diagnosis.year,
            regions=diagnosis.regions.height,
            industries=diagnosis.industries.height,
        ),
        year=diagnosis.year,
        findings=diagnosis_findings(diagnosis, reader, focus),
        sections=_sections(diagnosis, reader, focus),
        limits=said,
        tables=[
            *with_rows(diagnosis_tables(diagnosis, reader, focus).values()),
            source_table(reader),
        ],
        notes=said,
        frames=focused(diagnosis, focus),
        kinds=columns_of(Diagnosis),
        status="estimated" if diagnosis.regions["estimated"].sum() else "observed",
    )


def _sections(diagnosis: Diagnosis, reader: Reader, focus: Focus) -> list[Section]:
    views = _views(diagnosis, reader, focus)
    reasons = Paragraph(reader.word("diagnosis_limit.reasons"), "caveat")

    def drawing(key: str) -> Drawing:
        return Drawing(key, DIAGNOSIS_FIGURES[key](diagnosis, reader, focus))

    return [
        Section("specialised", [drawing("specialisation"), *there(views, "regions")]),
        Section(
            "space", [drawing("industry_space"), *there(views, "industries", "autocorrelation")]
        ),
        Section(
            "changed", [drawing("shift_share"), *there(views, "macro_shifts"), drawing("centres")]
        ),
        Section("capable", [drawing("rank_intervals"), *there(views, "capacity")]),
        Section("pressed", [reasons, *there(views, "pressure")]),
        Section("open", [drawing("opportunities"), *there(views, "opportunities", "supply_gaps")]),
        Section("basis", there(views, "not_evaluated", "not_defined", "capacity_weights")),
    ]


def _views(diagnosis: Diagnosis, reader: Reader, focus: Focus) -> dict[str, View]:
    """Return the tables of the page, each with its first rows; the workbook has them all."""
    frames = focused(diagnosis, focus)
    frames["opportunities"] = frames["opportunities"].sort(
        "mean_percentile", "region", "industry", descending=[True, False, False], nulls_last=True
    )
    frames["pressure"] = frames["pressure"].drop_nulls("pressure")
    if focus.industry is None:
        frames["macro_shifts"] = frames["macro_shifts"].filter(pl.col("industry").is_null())
    frames["supply_gaps"] = frames["supply_gaps"].filter(pl.col("gap_beyond_reach") > 0)
    shown = {}
    for key, columns in VIEWS.items():
        most = None if key in ("regions", "industries", "capacity_weights") else MOST_ROWS
        frame = frames[key] if most is None else frames[key].head(most)
        if frame.height:
            shown[key] = filled_view(diagnosis_table(diagnosis, key, frame, reader), frame, columns)
    return shown


def _limits(reader: Reader) -> list[str]:
    about = reader.study.about
    said = [reader.word(f"diagnosis_limit.{key}") for key in LIMITS]
    if about.flagged_regions:
        regions = reader.names.regions
        listed = (regions.get(code, code) for code in about.flagged_regions)
        reason = reader.flag_reason
        said.append(
            reader.word(
                "diagnosis_limit.flagged",
                regions=reader.word("comma").join(listed),
                reason=reason or reader.word("no_data"),
            )
        )
    return [*said, *unknown_distances(reader), reader.word("limit.absence")]


def diagnosis_values(found: Diagnosis, asked: Asked) -> dict[str, Any]:
    """Return the diagnosis as JSON-able values, the tables narrowed to what is looked at."""
    focus, about = focus_of(asked), found.study.about
    units = about.units
    return {
        "synthetic": about.synthetic,
        "year": found.year,
        "first_year": found.first_year,
        "region": focus.region,
        "industry": focus.industry,
        "units": {
            "money": units.money,
            "persons": units.persons,
            "emissions": units.emissions,
        },
        "size": {"measure": about.size, "unit": about.size_unit},
        "tables": {key: frame.to_dicts() for key, frame in focused(found, focus).items()},
    }


def _run(study: Study, asked: Asked, tell: Tell) -> Diagnosis:
    years, year = whole_panel(study).years, asked.get("year")
    if not years:
        raise NotThere("not_there.output")
    if year is not None and year not in years:
        listed = ", ".join(str(each) for each in years)
        raise NotThere("not_there.year", year=year, listed=listed)
    return diagnose(study, year)


def _table(found: Diagnosis, key: str, asked: Asked, reader: Reader) -> Table:
    return diagnosis_table(found, key, focused(found, focus_of(asked))[key], reader)


def _focused(
    figure: Callable[[Diagnosis, Reader, Focus], Chart],
) -> Callable[[Diagnosis, Asked, Reader], Chart]:
    return lambda found, asked, reader: figure(found, reader, focus_of(asked))


WORK = Work(
    Diagnosis,
    _run,
    findings=lambda found, asked, reader: diagnosis_findings(found, reader, focus_of(asked)),
    document=lambda found, asked, reader: diagnosis_document(found, reader, focus_of(asked)),
    year=lambda found: found.year,
    tables=tuple(COLUMNS),
    table=_table,
    figures={key: _focused(figure) for key, figure in DIAGNOSIS_FIGURES.items()},
    table_of=TABLE_OF,
    values=diagnosis_values,
)
