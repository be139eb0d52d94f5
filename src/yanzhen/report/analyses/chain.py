"""An analysis of chains as one HTML file, a workbook, and files for other programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.document.exports import write_frames
from yanzhen.report.document.parts import View, picture, rendered, view
from yanzhen.report.document.workbook import Book, how_to_read, write_book
from yanzhen.report.document.writing import write_text
from yanzhen.report.figures.chain_security import (
    chain_concentration,
    chain_exposure,
    chain_gaps,
    chain_services,
)
from yanzhen.report.figures.chain_stages import chain_stages
from yanzhen.report.findings.chain import chain_findings, guarded_inputs
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.chain import COLUMNS, chain_frames, chain_table, chain_tables
from yanzhen.report.text.focus import WHOLE, Focus
from yanzhen.report.text.names import names
from yanzhen.report.text.unknown_distances import unknown_distances
from yanzhen.report.text.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.modes.chain import ChainAnalysis

CHAIN_FIGURES = {
    "stages": chain_stages,
    "gaps": chain_gaps,
    "exposure": chain_exposure,
    "concentration": chain_concentration,
    "services": chain_services,
}
CHAIN_SECTIONS = (
    "findings", "guard", "map", "missing", "safe", "together", "following", "basis", "limits",
    "sources",
)  # fmt: skip
MOST_ROWS = 30


def write_chain(found: "ChainAnalysis", folder: Path, lang: Lang, focus: Focus = WHOLE) -> None:
    """Write the report of an analysis of chains into a folder.

    `chain.html` and `chain.xlsx` are in the language asked; the tables in `tables` hold codes, as
    CSV and Parquet. Tables hold the rows of the focus. The same analysis gives the same bytes.
    """
    write_text(folder / "chain.html", chain_page(found, lang, focus))
    write_book(chain_book(found, lang, focus), folder / "chain.xlsx", lang)
    write_frames(found, chain_frames(found, focus), COLUMNS, folder / "tables")


def chain_page(found: "ChainAnalysis", lang: Lang, focus: Focus = WHOLE) -> str:
    """Return the report of an analysis of chains as HTML."""
    context: dict[str, Any] = {
        "lead": word(
            lang,
            "chain.lead",
            regions=found.regions.height,
            industries=found.chain["industry"].n_unique(),
            table_year=found.table_year,
            status=word(lang, f"chain.status_{found.table_status}"),
        ),
        "sections": CHAIN_SECTIONS,
        "findings": chain_findings(found, lang, focus),
        "figures": {
            key: picture(f"chain-{key}", figure(found, lang))
            for key, figure in CHAIN_FIGURES.items()
        },
        "views": _views(found, lang, focus),
        "guard_holds": found.broken.is_empty() and found.guard_holds,
        "guarded": found.guarded,
        "limits": chain_limits(found, lang),
    }
    return rendered("chain.html", found, lang, _title(found, lang, focus), context)


def _title(found: "ChainAnalysis", lang: Lang, focus: Focus) -> str:
    about, name = found.study.about, names(found, lang)
    title = word(
        lang,
        "chain.title",
        study=about.title_zh if lang == "zh" else about.title_en,
        year=found.year,
    )
    asked = [
        *([name.regions[focus.region]] if focus.region is not None else []),
        *([name.industries[focus.industry]] if focus.industry is not None else []),
    ]
    if not asked:
        return title
    return word(lang, "diagnosis.focus", title=title, focus=word(lang, "comma").join(asked))


def _views(found: "ChainAnalysis", lang: Lang, focus: Focus) -> dict[str, View]:
    """Return the tables of the page, each with its first rows; the workbook has them all."""
    frames = chain_frames(found, focus)
    frames["gaps"] = frames["gaps"].filter(pl.col("gap_beyond_reach") > 0)
    open_gaps = frames["gaps"].select("region", "input").head(MOST_ROWS)
    for key in ("sources", "fillers"):
        frames[key] = frames[key].join(open_gaps, on=["region", "input"], how="semi")
    frames["concentration"] = guarded_inputs(frames["concentration"])
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
            # A column that is empty throughout says nothing that the list of gaps doesn't.
            kept = tuple(
                name
                for name in columns
                if frame[name].null_count() < frame.height or key in ("caps", "broken")
            )
            shown[key] = view(chain_table(found, key, frame, lang), columns=kept)
    return shown


def chain_limits(found: "ChainAnalysis", lang: Lang) -> list[str]:
    """Return what an analysis of chains cannot show, in sentences."""
    estimated = found.table_status == "estimated"
    keys = [*(["estimated", "cut"] if estimated else []), "ghosh", "broad", "cohorts"]
    return [
        *(word(lang, f"chain_limit.{key}", strength=f"{100 * found.strength:g}") for key in keys),
        *unknown_distances(found, lang),
        word(lang, "limit.absence"),
    ]


def chain_book(found: "ChainAnalysis", lang: Lang, focus: Focus) -> Book:
    """Return the report of an analysis of chains as a workbook."""
    return Book(
        title=_title(found, lang, focus),
        synthetic=found.study.about.synthetic,
        year=found.year,
        lines=[*how_to_read(found, lang), *chain_limits(found, lang)],
        findings=chain_findings(found, lang, focus),
        tables=[*chain_tables(found, lang, focus), source_table(found, lang)],
    )
