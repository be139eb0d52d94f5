"""A part of a plan's report that another analysis of the same study gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from yanzhen.report.document.document import Document, Drawing
from yanzhen.report.document.parts import View, view
from yanzhen.report.tables.table import Kind, Table

SOURCES = "sources"
"""Of the whole study, which the plan has too."""


@dataclass(frozen=True)
class Chapter:
    """What stands in the report of a plan beside what the market gives.

    Attributes
    ----------
    key : anchor on the page and beginning of the files' names; `page.<key>` is its heading
    findings : in sentences
    drawings, views : of the page
    tables : of the workbook
    frames, kinds : of the files for other programs
    limits : in sentences
    heading : in place of that of `words.toml`
    command : that makes a report of it alone, empty where there is none
    """

    key: str
    findings: Sequence[str]
    drawings: Sequence[Drawing] = ()
    views: Sequence[View] = ()
    tables: Sequence[Table] = ()
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    kinds: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    limits: Sequence[str] = ()
    heading: str = ""
    command: str = ""


def chapter_of(key: str, document: Document, heading: str) -> Chapter:
    """Return another analysis's document as a chapter: pictures first, then tables."""
    parts = [part for section in document.sections for part in section.parts]
    return Chapter(
        key=key,
        findings=document.findings,
        drawings=[part for part in parts if isinstance(part, Drawing)],
        views=[
            view(part) if isinstance(part, Table) else part
            for part in parts
            if isinstance(part, Table | View)
        ],
        tables=[table for table in document.tables if table.key != SOURCES],
        frames=document.frames,
        kinds=document.kinds,
        limits=document.limits,
        heading=heading,
        command=f"yanzhen {key}",
    )
