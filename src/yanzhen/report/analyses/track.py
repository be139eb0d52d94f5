"""The report on what became of projects: board, funnel, times, hazards, who is at risk."""

from collections.abc import Callable, Mapping
from typing import Any

from yanzhen.goals.risk import BAD
from yanzhen.goals.tracking import Tracking, tracking
from yanzhen.report.analyses.analysis import Asked, Work, unasked
from yanzhen.report.analyses.goals import filled
from yanzhen.report.document.document import Document, Drawing, Paragraph, Part, Section
from yanzhen.report.figures.projects import (
    board_figure,
    funnel_figure,
    incidence_figure,
    risk_figure,
)
from yanzhen.report.figures.theme import Chart
from yanzhen.report.findings.goals import track_findings
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.goals import (
    HEADS,
    TRACK_TABLES,
    in_region,
    track_columns,
    track_frame,
    track_table,
)
from yanzhen.report.tables.table import Table
from yanzhen.report.text.reader import Reader

FIRST = 10
"""Projects at risk of each event that the page lists; the workbook and the files have all."""
ON_PAGE = (
    "project", "region", "industry", "state", "days", "relative_hazard", "by_capital", "by_class",
    "by_macro_region",
)  # fmt: skip
"""Columns of the projects at risk on the page."""
Draw = Callable[[Tracking, Asked, Reader], Chart]


def _risk(cause: str) -> Draw:
    return lambda found, asked, reader: risk_figure(found, reader, cause, asked.get("region"))


FIGURES: Mapping[str, Draw] = {
    "funnel": unasked(funnel_figure),
    "board": unasked(board_figure),
    "incidence_signed": lambda found, asked, reader: incidence_figure(found, reader, "signed"),
    "incidence_in_production": lambda found, asked, reader: incidence_figure(
        found, reader, "in_production"
    ),
    **{f"risk_{cause}": _risk(cause) for cause in BAD},
}


def track_document(found: Tracking, reader: Reader, asked: Asked) -> Document:
    """Return the report on what became of projects."""
    shown = {key: _table(found, key, asked, reader) for key in TRACK_TABLES}
    drawn = {key: Drawing(f"track-{key}", of(found, asked, reader)) for key, of in FIGURES.items()}
    limits = [
        *(reader.word(f"goals.limit.{key}") for key in ("register", "late", "hazard")),
        reader.word("limit.absence"),
    ]
    return Document(
        reader=reader,
        title=reader.report_title(reader.word("track.title"), found.year),
        lead=reader.word("track.lead", day=found.last_day),
        year=found.year,
        findings=track_findings(found, reader, asked.get("region")),
        sections=[
            Section("track_board", [drawn["board"], filled(shown["project_regions"])]),
            Section("track_funnel", [drawn["funnel"], filled(shown["project_funnel"])]),
            Section("track_times", [drawn["incidence_signed"], drawn["incidence_in_production"]]),
            Section(
                "track_risk",
                [
                    *_at_risk(found, drawn, asked, reader),
                    *(filled(each) for each in (shown["project_hazards"],) if each.rows),
                    filled(shown["project_models"]),
                ],
            ),
        ],
        limits=limits,
        tables=[*(each for each in shown.values() if each.rows), source_table(reader)],
        notes=limits,
        frames={key: track_frame(found, key) for key in TRACK_TABLES},
        kinds=track_columns(),
        named_in=(HEADS, "column"),
        data_until=found.year,
    )


def _at_risk(
    found: Tracking, drawn: Mapping[str, Drawing], asked: Asked, reader: Reader
) -> list[Part]:
    """The projects most at risk of each event: a picture of why, and a table."""
    parts: list[Part] = []
    for cause in BAD:
        rows = in_region(found.at_risk.filter(cause=cause), asked.get("region"))
        if rows.height:
            first = track_table("projects_at_risk", reader, rows.head(FIRST))
            said = reader.word(
                "goals.at_risk",
                cause=reader.word(f"goals.cause.{cause}"),
                projects=rows.height,
                shown=len(first.rows),
            )
            heading = Paragraph(said, "subheading")
            parts += [heading, drawn[f"risk_{cause}"], filled(first, ON_PAGE)]
    return parts


def _table(found: Tracking, key: str, asked: Asked, reader: Reader) -> Table:
    return track_table(key, reader, in_region(track_frame(found, key), asked.get("region")))


def track_json(found: Tracking, asked: Asked) -> dict[str, Any]:
    """Return what became of projects as JSON-able values."""
    return {
        "synthetic": found.study.about.synthetic,
        "year": found.year,
        "last_day": found.last_day,
        "tables": {
            key: in_region(track_frame(found, key), asked.get("region")).to_dicts()
            for key in TRACK_TABLES
        },
    }


WORK = Work(
    Tracking,
    lambda study, *_: tracking(study),
    findings=lambda found, asked, reader: track_findings(found, reader, asked.get("region")),
    document=lambda found, asked, reader: track_document(found, reader, asked),
    year=lambda found: found.year,
    tables=tuple(TRACK_TABLES),
    table=_table,
    figures=FIGURES,
    table_of={
        "funnel": "project_funnel",
        "board": "project_board",
        "incidence_signed": "project_incidence",
        "incidence_in_production": "project_incidence",
        **{f"risk_{cause}": "projects_at_risk" for cause in BAD},
    },
    values=track_json,
    opened=("projects_at_risk",),
)
