"""The tables of an analysis of chains."""

from collections import Counter

import polars as pl

from yanzhen.modes.chain import ChainAnalysis
from yanzhen.report.tables.table import Table, frames_of, shown_columns, shown_table
from yanzhen.report.text.focus import Focus
from yanzhen.report.text.reader import Reader
from yanzhen.study.names import name_in

COLUMNS = shown_columns(
    ChainAnalysis,
    {
        "links": "input user value share_of_inputs own_share kilometres",
        "concentration": """region input need herfindahl own_share largest_supplier largest_share
            concentration concentration_after change""",
        "cohorts": """cohort industry origin members output site value alone beyond moves_together
            moves_alone strength_needed""",
    },
    """stages regions links flows chain gaps sources fillers concentration exposure critical broken
    caps cohorts cohort_members cohort_sites services without_output not_evaluated""",
)
HEADS = {
    ("broken", "before"): "chain_before",
    ("broken", "after"): "chain_after",
    ("chain", "share"): "chain_share",
    ("flows", "share"): "flow_share",
    ("flows", "region"): "using_region",
    ("flows", "value"): "flow_value",
    ("links", "value"): "flow_value",
    ("sources", "source"): "supplier_region",
    ("gaps", "region"): "using_region",
    ("cohorts", "alone"): "cohort_alone",
    ("cohorts", "value"): "cohort_value",
    ("cohort_sites", "alone"): "cohort_alone",
    ("cohort_sites", "value"): "cohort_value",
    ("cohort_members", "gain"): "cohort_gain",
    ("caps", "place"): "arriving_in",
    ("caps", "origin"): "leaving_from",
    ("caps", "price"): "permit_price",
    ("services", "net"): "net_demand",
}
"""Heads that say something else than in the tables of a plan."""
GAPS = ("gaps", "sources", "fillers")


def chain_frames(found: ChainAnalysis, focus: Focus) -> dict[str, pl.DataFrame]:
    """Return the frames of an analysis with the rows of the focus.

    A region narrows what has a column of that name, to where it uses, supplies or loses; an
    industry narrows inputs, users and leads. Stages and limits stay whole.
    """
    return {
        key: frame if key in ("stages", "not_evaluated") else _narrowed(frame, focus)
        for key, frame in frames_of(found).items()
    }


def chain_table(found: ChainAnalysis, key: str, frame: pl.DataFrame, reader: Reader) -> Table:
    """Return rows of one frame as shown."""
    if key in ("broken", "caps"):
        everything = reader.word("all")
        known = [name for name in ("input", "place", "origin", "industry") if name in frame.columns]
        frame = frame.with_columns(pl.col(name).fill_null(everything) for name in known)
    if "cohort" in frame.columns:
        frame = frame.with_columns(pl.col("cohort").replace(_cohort_names(found, reader)))
    return shown_table(
        reader,
        key,
        frame,
        COLUMNS[key],
        title=reader.word(f"chain_table.{key}.title", year=found.year),
        note=reader.word(f"chain_table.{key}.note", **_values(found, reader)),
        heads={
            column: reader.word(f"column.{shown}")
            for (table, column), shown in HEADS.items()
            if table == key
        },
    )


def chain_tables(found: ChainAnalysis, reader: Reader, focus: Focus) -> list[Table]:
    """Return every table that has rows, in reading order."""
    frames = chain_frames(found, focus)
    return [
        chain_table(found, key, frames[key], reader)
        for key in COLUMNS
        if not frames[key].is_empty()
    ]


def _values(found: ChainAnalysis, reader: Reader) -> dict[str, object]:
    table = found.study.tables["industries"]
    named = dict(table.select("industry", name_in(reader.lang)).iter_rows())
    return {
        "industry": named.get(found.industry) or found.industry,
        "strength": f"{100 * found.strength:g}",
    }


def _cohort_names(found: ChainAnalysis, reader: Reader) -> dict[str, str]:
    """Names of cohorts by the origin and industry of their lead, numbered where these recur."""
    name, counted, named = reader.names, Counter[tuple[str, str]](), {}
    for cohort, origin, industry in found.cohorts.select("cohort", "origin", "industry").rows():
        counted[origin, industry] += 1
        said = reader.word(
            "figure.opportunities.pair",
            region=name.regions.get(origin, origin),
            industry=name.industries.get(industry, industry),
        )
        number = counted[origin, industry]
        named[cohort] = said if number == 1 else f"{said} {number}"
    return named


def _narrowed(frame: pl.DataFrame, focus: Focus) -> pl.DataFrame:
    regions = [name for name in ("region", "supplier_region", "origin") if name in frame.columns]
    if focus.region is not None and regions:
        frame = frame.filter(
            pl.any_horizontal(pl.col(name).eq_missing(focus.region) for name in regions)
        )
    kinds = [name for name in ("industry", "input", "user") if name in frame.columns]
    if focus.industry is not None and kinds and "in_chain" not in frame.columns:
        frame = frame.filter(
            pl.any_horizontal(pl.col(name).eq_missing(focus.industry) for name in kinds)
        )
    return frame
