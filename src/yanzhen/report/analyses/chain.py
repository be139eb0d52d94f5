"""The report of an analysis of chains."""

from typing import Any

import polars as pl

from yanzhen.modes.chain import ChainAnalysis, Guard, chain_analysis
from yanzhen.modes.chain.network.linkage import STRENGTH
from yanzhen.report.analyses.analysis import Asked, Tell, Work, unasked
from yanzhen.report.document.document import (
    Document,
    Drawing,
    Paragraph,
    Section,
    filled_view,
    there,
)
from yanzhen.report.document.parts import View, view
from yanzhen.report.figures.chain_security import (
    chain_concentration,
    chain_exposure,
    chain_gaps,
    chain_services,
)
from yanzhen.report.figures.chain_stages import chain_stages
from yanzhen.report.findings.chain import chain_findings, guard_finding, guarded_inputs
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.chain import COLUMNS, chain_frames, chain_table, chain_tables
from yanzhen.report.tables.table import Table
from yanzhen.report.text.focus import WHOLE, Focus, focus_of, focused_title
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.unknown_distances import unknown_distances
from yanzhen.study import Study
from yanzhen.study.distances import assumed_regions
from yanzhen.study.result_columns import columns_of

CHAIN_FIGURES = {
    "stages": chain_stages,
    "gaps": chain_gaps,
    "exposure": chain_exposure,
    "concentration": chain_concentration,
    "services": chain_services,
}
TABLE_OF = {
    "stages": "chain",
    "gaps": "gaps",
    "exposure": "exposure",
    "concentration": "concentration",
    "services": "services",
}
"""The table that holds the figures of a picture."""
MOST_ROWS = 30


def chain_document(found: ChainAnalysis, reader: Reader, focus: Focus = WHOLE) -> Document:
    """Return the report of an analysis of chains; tables hold the rows of the focus."""
    said = chain_limits(found, reader)
    return Document(
        reader=reader,
        title=focused_title(reader, "chain", found.year, focus),
        lead=reader.word(
            "chain.lead",
            regions=found.regions.height,
            industries=found.chain["industry"].n_unique(),
            table_year=found.table_year,
            status=reader.word(f"chain.status_{found.table_status}"),
        ),
        year=found.year,
        findings=chain_findings(found, reader, focus),
        sections=_sections(found, reader, focus),
        limits=said,
        tables=[*chain_tables(found, reader, focus), source_table(reader)],
        notes=said,
        frames=chain_frames(found, focus),
        kinds=columns_of(ChainAnalysis),
    )


def _sections(found: ChainAnalysis, reader: Reader, focus: Focus) -> list[Section]:
    views = _views(found, reader, focus)

    def drawing(key: str) -> Drawing:
        return Drawing(f"chain-{key}", CHAIN_FIGURES[key](found, reader))

    return [
        Section("guard", [*_guard(found, reader), *there(views, "broken", "caps")]),
        Section(
            "map",
            [drawing("stages"), *there(views, "chain", "stages", "regions", "links", "flows")],
        ),
        Section("missing", [drawing("gaps"), *there(views, "gaps", "sources", "fillers")]),
        Section(
            "safe",
            [
                drawing("exposure"),
                *there(views, "exposure"),
                drawing("concentration"),
                *there(views, "concentration", "critical"),
            ],
        ),
        Section("together", there(views, "cohorts", "cohort_members", "cohort_sites")),
        Section("following", [drawing("services"), *there(views, "services")]),
        Section("basis", there(views, "not_evaluated", "without_output")),
    ]


def _guard(found: ChainAnalysis, reader: Reader) -> list[Paragraph]:
    if not found.guarded:
        return [Paragraph(reader.word("chain.guard_none"), "reading")]
    if found.broken.is_empty() and found.guard_holds:
        return [Paragraph(reader.word("chain.guard_holds"), "reading")]
    return []


def _views(found: ChainAnalysis, reader: Reader, focus: Focus) -> dict[str, View]:
    """Return the tables of the page, each with its first rows; the workbook has them all."""
    frames = main_frames(found, focus, MOST_ROWS)
    frames["flows"] = frames["flows"].filter(pl.col("region") != pl.col("supplier_region"))
    frames["services"] = frames["services"].sort(
        pl.col("net").abs(), "service", "region", descending=[True, False, False]
    )
    frames["cohort_members"] = frames["cohort_members"].join(
        frames["cohorts"].select("cohort").head(5), on="cohort", how="semi"
    )
    frames["cohort_sites"] = frames["cohort_sites"].join(
        frames["cohorts"].select("cohort").head(3), on="cohort", how="semi"
    )
    shown = {}
    for key, columns in COLUMNS.items():
        most = None if key in ("regions", "stages", "caps", "broken") else MOST_ROWS
        frame = frames[key] if most is None else frames[key].head(most)
        if frame.height:
            drawn = chain_table(found, key, frame, reader)
            whole = key in ("caps", "broken")
            shown[key] = view(drawn) if whole else filled_view(drawn, frame, columns)
    return shown


def main_frames(found: ChainAnalysis, focus: Focus, most: int) -> dict[str, pl.DataFrame]:
    """Return the frames of which a page shows the first rows.

    Gaps are those that are open, with sources of the first `most`; concentration is of inputs that
    count.
    """
    frames = chain_frames(found, focus)
    frames["gaps"] = frames["gaps"].filter(pl.col("gap_beyond_reach") > 0)
    open_gaps = frames["gaps"].select("region", "input").head(most)
    for key in ("sources", "fillers"):
        frames[key] = frames[key].join(open_gaps, on=["region", "input"], how="semi")
    frames["concentration"] = guarded_inputs(frames["concentration"])
    return frames


def chain_limits(found: ChainAnalysis, reader: Reader) -> list[str]:
    """Return what an analysis of chains cannot show, in sentences."""
    estimated = found.table_status == "estimated"
    keys = [*(["estimated", "cut"] if estimated else []), "ghosh", "broad", "cohorts"]
    if found.own_year is not None:
        keys.insert(1, "own_tables")
    values = {
        "strength": f"{100 * found.strength:g}",
        "own": found.own_year,
        "year": found.table_year,
    }
    return [
        *(reader.word(f"chain_limit.{key}", **values) for key in keys),
        *unknown_distances(reader),
        reader.word("limit.absence"),
    ]


def chain_values(found: ChainAnalysis, asked: Asked) -> dict[str, Any]:
    """Return the analysis as JSON-able values, the tables narrowed to what is looked at."""
    focus = focus_of(asked)
    return {
        "synthetic": found.study.about.synthetic,
        "year": found.year,
        "table_year": found.table_year,
        "table_status": found.table_status,
        "own_tables_year": found.own_year,
        "linkage": found.strength,
        "guard_holds": found.guard_holds,
        "region": focus.region,
        "industry": found.industry,
        "distances_assumed": assumed_regions(found.study.tables),
        "units": {"money": found.study.about.units.money},
        "tables": {key: frame.to_dicts() for key, frame in chain_frames(found, focus).items()},
    }


def _run(study: Study, asked: Asked, tell: Tell) -> ChainAnalysis:
    guard = Guard(asked.get("max_concentration"), asked.get("max_exposure"), asked.get("worsen_by"))
    repair, linkage = asked.get("repair", False), asked.get("linkage", STRENGTH)
    return chain_analysis(study, asked.get("industry"), guard, repair, linkage)


def _table(found: ChainAnalysis, key: str, asked: Asked, reader: Reader) -> Table:
    return chain_table(found, key, chain_frames(found, focus_of(asked))[key], reader)


WORK = Work(
    ChainAnalysis,
    _run,
    findings=lambda found, asked, reader: chain_findings(found, reader, focus_of(asked)),
    document=lambda found, asked, reader: chain_document(found, reader, focus_of(asked)),
    year=lambda found: found.year,
    tables=tuple(COLUMNS),
    table=_table,
    figures={key: unasked(figure) for key, figure in CHAIN_FIGURES.items()},
    table_of=TABLE_OF,
    values=chain_values,
    refused=lambda found, reader: None if found.guard_holds else guard_finding(found, reader),
)
