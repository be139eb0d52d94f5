"""A toy analysis in one module: how many sites each region has."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from yanzhen.report.analyses.analysis import Analysis, Ask, Asked, Tell, Work
from yanzhen.report.document.document import Document, Drawing, Section
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.table import Column, Table
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study


@dataclass(frozen=True)
class Sites:
    """Sites by region: columns region, sites."""

    study: Study
    counted: pl.DataFrame


def _run(study: Study, asked: Asked, tell: Tell) -> Sites:
    tell(0.5, ("Counting", "计数"))
    region = pl.col("region")
    counted = study.tables["regions"].select("region").with_columns(sites=region.str.len_chars())
    return Sites(study, counted.filter(region == (asked.get("region") or region)))


def _table(found: Sites, key: str, asked: Asked, reader: Reader) -> Table:
    rows = found.counted.filter(pl.col("region") == (asked.get("region") or pl.col("region")))
    columns = (Column("region", "Region", "", "text"), Column("sites", "Sites", "", "count"))
    return Table(key, "Toy sites", "Counted.", columns, rows.rows(), frozenset())


def _figure(found: Sites, asked: Asked, reader: Reader) -> alt.Chart:
    bars = alt.Chart(alt.Data(values=found.counted.to_dicts()), width=300, height=200)
    return bars.mark_bar().encode(x="sites:Q", y="region:N").properties(title="Toy bars")


def _document(found: Sites, asked: Asked, reader: Reader) -> Document:
    table = _table(found, "sites", asked, reader)
    return Document(
        reader=reader,
        title="Toy",
        lead="A toy.",
        year=2020,
        findings=_findings(found, asked, reader),
        sections=[
            Section("toys", [Drawing("toy", _figure(found, asked, reader)), table], heading="Toys")
        ],
        limits=["It is a toy."],
        tables=[table, source_table(reader)],
        frames={"sites": found.counted},
    )


def _findings(found: Sites, asked: Asked, reader: Reader) -> list[str]:
    return [f"Toy: {found.counted.height} regions."]


def _values(found: Sites, asked: Asked) -> dict[str, Any]:
    return {"sites": found.counted.to_dicts()}


WORK = Work(
    Sites,
    _run,
    findings=_findings,
    document=_document,
    year=lambda found: 2020,
    tables=("sites",),
    table=_table,
    figures={"bars": _figure},
    table_of={"bars": "sites"},
    values=_values,
)
TOY = Analysis(
    "toy",
    "toys",
    __name__,
    "Count the sites of a study, as a toy. 玩具。",
    ("计数…", "Counting…"),
    ("玩具", "Toy"),
    "toy",
    asks=(Ask("region", "region", "One region. 一个地区。", metavar="CODE"),),
    in_plan=True,
)
