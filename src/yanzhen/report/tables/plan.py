"""The tables of a plan."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from yanzhen.market.plan.plan import Plan
from yanzhen.report.tables.table import Table, shown_columns, shown_table
from yanzhen.report.text.quantities import percent
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.routes import ROUTE
from yanzhen.study.result_columns import Kind

COLUMNS = shown_columns(
    Plan,
    {
        "prices": """place place_kind premium premium_low premium_high premium_in_all binding_share
            floor posted capacity demand used binding scarce rent recipient"""
    },
    """macro_regions macro_flows regions leaving arriving industries moves prices sites schedule
    allocation history activity completeness hold_out without_flagged without_earlier refused
    unevaluated gates not_evaluated policies services options chains chain_points""",
)
LISTED, MOVES_AT_LEAST = 0.8, 2_000
"""Share of what moves that the moves listed hold together, and moves listed however small."""
# Which column says how the figures of another came about.
STATUS_OF: Mapping[str, Mapping[str, str]] = {
    "moves": {"output": "status", "jobs": "jobs_status", "emissions": "emissions_status"},
    "sites": {"room_growth": "status", "room_idle": "status", "capacity": "status"},
    "activity": {"output": "output_status"},
}


def tables(plan: Plan, reader: Reader) -> list[Table]:
    """Return every table of a plan, in reading order; reasons stand beside their moves."""
    return [shown for key in COLUMNS for shown in _shown(plan, key, reader)]


def listed_tables(plan: Plan, reader: Reader) -> list[Table]:
    """Return the same tables for a workbook, whose moves are the largest alone."""
    listed = listed_moves(plan, reader)
    return [
        shown
        for key in COLUMNS
        for shown in ([listed] if key == "moves" else _shown(plan, key, reader))
    ]


def _shown(plan: Plan, key: str, reader: Reader) -> list[Table]:
    if key == "moves":
        return [move_table(plan, reader)]
    if key == "prices":
        return [price_table(plan, resource, reader) for resource in _resources(plan)]
    return [table(plan, key, reader)]


def table(plan: Plan, key: str, reader: Reader) -> Table:
    """Return one frame of a plan as shown."""
    frame: pl.DataFrame = getattr(plan, key)
    if key == "hold_out":
        frame = frame.with_columns(
            pl.col("industry").fill_null(reader.word("all")),
            pl.col("year").cast(pl.String).fill_null(reader.word("all")),
        )
    return shown_table(reader, key, frame, COLUMNS[key], status_of=STATUS_OF.get(key))


def move_table(plan: Plan, reader: Reader) -> Table:
    """Return the moves, each with the size of every reason beside it."""
    name = reader.names
    terms = plan.reasons["term"].unique(maintain_order=True).to_list()
    # A reason of size zero has no row.
    sizes = (
        plan.reasons.pivot("term", index=ROUTE, values="size")
        .rename({term: _reason(term) for term in terms})
        .with_columns(pl.col([_reason(term) for term in terms]).fill_null(0.0))
    )
    of_terms: dict[str, Kind] = {_reason(term): "share" for term in terms}
    return shown_table(
        reader,
        "moves",
        plan.moves.join(sizes, on=ROUTE, how="left", maintain_order="left"),
        {**COLUMNS["moves"], **of_terms},
        heads={_reason(term): reader.word("reason_of", term=name.term(term)) for term in terms},
        status_of=STATUS_OF["moves"],
    )


def listed_moves(plan: Plan, reader: Reader) -> Table:
    """Return the largest moves that together hold `LISTED` of what all of them move."""
    moves = plan.moves.sort("output", descending=True, maintain_order=True)
    held = moves["output"].cum_sum() / moves["output"].sum()
    count = max(int((held < LISTED).sum()) + 1, MOVES_AT_LEAST)
    if count >= moves.height:
        return move_table(plan, reader)
    shown = move_table(replace(plan, moves=moves.head(count)), reader)
    note = reader.word(
        "table.moves.listed",
        note=shown.note,
        shown=f"{count:,}",
        rows=f"{moves.height:,}",
        share=percent(float(held[count - 1])),
    )
    return replace(shown, note=note)


def price_table(plan: Plan, resource: str, reader: Reader) -> Table:
    """Return the prices of one resource; amounts of different resources have different units."""
    frame = plan.prices.filter(pl.col("resource") == resource)
    frame = frame.sort(
        "premium", "used", "place", "place_kind", descending=[True, True, False, False]
    )
    name = reader.names.resource(resource)
    return shown_table(
        reader,
        f"prices_{resource}",
        frame,
        COLUMNS["prices"],
        title=reader.word("table.prices.title", resource=name),
        note=reader.word("table.prices.note"),
        resource=resource,
    )


def _reason(term: str) -> str:
    return f"reason_{term}"


def _resources(plan: Plan) -> list[str]:
    """Resources with prices, and room for sizes, of which there is a picture even without any."""
    own = plan.study.about.measured_by.resource
    return sorted({*plan.prices["resource"], own})
