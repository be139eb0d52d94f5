"""A part of a plan's report that another analysis of the same study gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from yanzhen.report.document.parts import View
from yanzhen.report.figures.theme import Chart
from yanzhen.report.tables.table import Kind, Table


@dataclass(frozen=True)
class Chapter:
    """What stands in the report of a plan beside what the market gives.

    Attributes
    ----------
    key : anchor on the page and beginning of the files' names; `page.<key>` is its heading
    findings : in sentences
    charts : by the key of their picture
    views : tables of the page
    tables : of the workbook
    frames, kinds : of the files for other programs
    limits : in sentences
    """

    key: str
    findings: list[str]
    charts: Mapping[str, Chart] = field(default_factory=dict)
    views: list[View] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    kinds: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    limits: list[str] = field(default_factory=list)
