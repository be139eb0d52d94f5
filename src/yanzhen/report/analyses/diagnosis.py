"""A diagnosis as one HTML file, a workbook, and files for other programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.document.exports import write_frames
from yanzhen.report.document.parts import View, picture, rendered, view
from yanzhen.report.document.workbook import Book, how_to_read, write_book
from yanzhen.report.document.writing import write_text
from yanzhen.report.figures import DIAGNOSIS_FIGURES
from yanzhen.report.findings.diagnosis import diagnosis_findings
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.diagnosis import COLUMNS, diagnosis_table, diagnosis_tables
from yanzhen.report.text.focus import WHOLE, Focus, focused
from yanzhen.report.text.names import names
from yanzhen.report.text.unknown_distances import unknown_distances
from yanzhen.report.text.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis

DIAGNOSIS_SECTIONS = (
    "findings", "specialised", "space", "changed", "capable", "pressed", "open", "basis",
    "limits", "sources",
)  # fmt: skip
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


def write_diagnosis(diagnosis: "Diagnosis", folder: Path, lang: Lang, focus: Focus = WHOLE) -> None:
    """Write the report of a diagnosis into a folder.

    `diagnosis.html` and `diagnosis.xlsx` are in the language asked; the tables in `tables` hold
    codes, as CSV and Parquet. Tables hold the rows of the focus; pictures show it among the rest.
    The same diagnosis gives the same bytes.
    """
    write_text(folder / "diagnosis.html", diagnosis_page(diagnosis, lang, focus))
    write_book(_book(diagnosis, lang, focus), folder / "diagnosis.xlsx", lang)
    write_frames(diagnosis, focused(diagnosis, focus), COLUMNS, folder / "tables")


def diagnosis_page(diagnosis: "Diagnosis", lang: Lang, focus: Focus = WHOLE) -> str:
    """Return the report of a diagnosis as HTML."""
    context: dict[str, Any] = {
        "lead": word(
            lang,
            "diagnosis.lead",
            year=diagnosis.year,
            regions=diagnosis.regions.height,
            industries=diagnosis.industries.height,
        ),
        "sections": DIAGNOSIS_SECTIONS,
        "findings": diagnosis_findings(diagnosis, lang, focus),
        "figures": {
            key: picture(key, figure(diagnosis, lang, focus))
            for key, figure in DIAGNOSIS_FIGURES.items()
        },
        "views": _views(diagnosis, lang, focus),
        "limits": _limits(diagnosis, lang),
    }
    return rendered("diagnosis.html", diagnosis, lang, _title(diagnosis, lang, focus), context)


def _title(diagnosis: "Diagnosis", lang: Lang, focus: Focus) -> str:
    about, name = diagnosis.study.about, names(diagnosis, lang)
    title = word(
        lang,
        "diagnosis.title",
        study=about.title_zh if lang == "zh" else about.title_en,
        year=diagnosis.year,
    )
    asked = [
        *([name.regions[focus.region]] if focus.region is not None else []),
        *([name.industries[focus.industry]] if focus.industry is not None else []),
    ]
    if not asked:
        return title
    return word(lang, "diagnosis.focus", title=title, focus=word(lang, "comma").join(asked))


def _views(diagnosis: "Diagnosis", lang: Lang, focus: Focus) -> dict[str, View]:
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
            # A column that is empty throughout says nothing that the list of gaps doesn't.
            kept = tuple(name for name in columns if frame[name].null_count() < frame.height)
            found = view(diagnosis_table(diagnosis, key, frame, lang), columns=kept)
            shown[key] = found
    return shown


def _limits(diagnosis: "Diagnosis", lang: Lang) -> list[str]:
    about = diagnosis.study.about
    said = [word(lang, f"diagnosis_limit.{key}") for key in LIMITS]
    if about.flagged_regions:
        regions = names(diagnosis, lang).regions
        listed = (regions.get(code, code) for code in about.flagged_regions)
        reason = about.flag_reason_zh if lang == "zh" else about.flag_reason_en
        said.append(
            word(
                lang,
                "diagnosis_limit.flagged",
                regions=word(lang, "comma").join(listed),
                reason=reason or word(lang, "no_data"),
            )
        )
    return [*said, *unknown_distances(diagnosis, lang), word(lang, "limit.absence")]


def _book(diagnosis: "Diagnosis", lang: Lang, focus: Focus) -> Book:
    return Book(
        title=_title(diagnosis, lang, focus),
        synthetic=diagnosis.study.about.synthetic,
        year=diagnosis.year,
        lines=[*how_to_read(diagnosis, lang), *_limits(diagnosis, lang)],
        findings=diagnosis_findings(diagnosis, lang, focus),
        tables=[
            *(table for table in diagnosis_tables(diagnosis, lang, focus).values() if table.rows),
            source_table(diagnosis, lang),
        ],
    )
