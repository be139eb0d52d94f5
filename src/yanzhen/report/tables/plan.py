"""The tables of a plan."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.report.tables.table import Kind, Table, shown_table
from yanzhen.report.text.names import names
from yanzhen.report.text.routes import ROUTE
from yanzhen.report.text.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

MOVES: Mapping[str, Kind] = {
    "industry": "industry",
    "origin": "region",
    "destination": "place",
    "origin_macro_region": "macro_region",
    "destination_macro_region": "macro_region",
    "output": "money",
    "output_low": "money",
    "output_high": "money",
    "jobs": "persons",
    "emissions": "emissions",
    "emissions_status": "status",
    "enterprises": "count",
    "price": "share",
    "price_paid": "money",
    "surplus": "money",
    "gain": "share",
    "status": "status",
}
COLUMNS: Mapping[str, Mapping[str, Kind]] = {
    "macro_regions": {
        "macro_region": "macro_region",
        "output": "money",
        "departures": "money",
        "arrivals": "money",
        "net": "money",
        "net_low": "money",
        "net_high": "money",
        "gaining_share": "share",
        "share_before": "share",
        "share_after": "share",
    },
    "macro_flows": {
        "origin_macro_region": "macro_region",
        "destination_macro_region": "macro_region",
        "output": "money",
        "output_low": "money",
        "output_high": "money",
    },
    "regions": {
        "region": "region",
        "macro_region": "macro_region",
        "output": "money",
        "departures": "money",
        "arrivals": "money",
        "net": "money",
        "net_low": "money",
        "net_high": "money",
        "gaining_share": "share",
        "net_share": "share",
        "jobs_arriving": "persons",
        "jobs_leaving": "persons",
        "emissions_arriving": "emissions",
        "emissions_leaving": "emissions",
        "rents": "money",
        "flagged": "flag",
    },
    "leaving": {
        "industry": "industry",
        "origin": "region",
        "output": "money",
        "listed": "money",
        "jobs": "persons",
        "emissions": "emissions",
    },
    "arriving": {
        "industry": "industry",
        "destination": "place",
        "region": "region",
        "output": "money",
        "jobs": "persons",
        "emissions": "emissions",
    },
    "industries": {
        "industry": "industry",
        "output": "money",
        "departures": "money",
        "departure_share": "share",
        "departures_assumed": "flag",
        "departures_clipped": "flag",
        "balanced_cells": "count",
        "in_findings": "flag",
    },
    "sites": {
        "site": "place",
        "region": "region",
        "room_growth": "money",
        "room_idle": "money",
        "room_from": "room_from",
        "capacity": "money",
        "arrivals": "money",
        "arrivals_low": "money",
        "arrivals_high": "money",
        "rank": "count",
        "rank_low": "count",
        "rank_high": "count",
        "first_five_share": "share",
        "premium": "share",
        "premium_in_all": "share",
        "flagged": "flag",
        "status": "status",
    },
    "schedule": {
        "year": "year",
        "industry": "industry",
        "region": "region",
        "departures": "money",
        "arrivals": "money",
    },
    "allocation": {
        "industry": "industry",
        "region": "region",
        "market": "money",
        "market_low": "money",
        "market_high": "money",
        "past": "money",
    },
    "history": {
        "macro_region": "macro_region",
        "year": "year",
        "output": "money",
        "share": "share",
    },
    "activity": {
        "region": "region",
        "industry": "industry",
        "year": "year",
        "output": "money",
        "output_status": "status",
    },
    "completeness": {
        "industry": "industry",
        "year": "year",
        "observed": "count",
        "estimated": "count",
        "missing": "count",
        "total_basis": "total_basis",
    },
    "hold_out": {
        "industry": "industry",
        "year": "year",
        "cells": "count",
        "uncompleted": "count",
        "median_absolute_percentage_error": "percent",
        "weighted_error": "percent",
    },
    "without_flagged": {"macro_region": "macro_region", "net": "money", "net_without": "money"},
    "refused": {
        "industry": "industry",
        "site": "place",
        "listing": "listing",
        "rule": "rule",
        "article": "text",
        "source": "text",
        "requirement": "text",
        "found": "number",
        "found_in": "region",
        "found_year": "year",
    },
    "unevaluated": {
        "rule": "rule",
        "article": "text",
        "source": "text",
        "requirement": "text",
        "pairs": "count",
        "output": "money",
    },
    "gates": {
        "industry": "industry",
        "site": "place",
        "listing": "listing",
        "rule": "rule",
        "requirement": "text",
        "state": "gate_state",
        "found": "number",
        "found_in": "region",
        "found_year": "year",
    },
    "not_evaluated": {"term": "term", "needs": "text"},
    "policies": {
        "policy": "text",
        "instrument": "instrument",
        "place": "place",
        "industry": "industry",
        "arrivals": "money",
        "moving": "money",
        "displaced": "money",
        "already_coming": "money",
        "jobs": "persons",
        "public_money": "money",
        "cost_per_job": "number",
        "rents": "money",
        "enterprise_surplus": "money",
        "social_surplus": "money",
        "capitalised": "share",
    },
    "services": {
        "service": "industry",
        "region": "region",
        "gained": "money",
        "lost": "money",
        "net": "money",
    },
    "options": {"industry": "industry", "option": "option", "output": "money"},
    "chains": {"industry": "industry", "site": "place", "point": "point", "output": "money"},
    "chain_points": {
        "point": "point",
        "residual": "measure",
        "rounds": "count",
        "converged": "flag",
    },
}
PRICES: Mapping[str, Kind] = {
    "place": "place",
    "place_kind": "place_kind",
    "premium": "premium",
    "premium_low": "premium",
    "premium_high": "premium",
    "premium_in_all": "premium",
    "binding_share": "share",
    "floor": "premium",
    "posted": "premium",
    "capacity": "resource",
    "demand": "resource",
    "used": "share",
    "binding": "flag",
    "scarce": "flag",
    "rent": "money",
    "recipient": "recipient",
}
# Which column says how the figures of another came about.
STATUS_OF: Mapping[str, Mapping[str, str]] = {
    "moves": {"output": "status", "jobs": "status", "emissions": "emissions_status"},
    "sites": {"room_growth": "status", "room_idle": "status", "capacity": "status"},
    "activity": {"output": "output_status"},
}


def tables(plan: "Plan", lang: Lang) -> list[Table]:
    """Return every table of a plan, in reading order; reasons stand beside their moves."""
    shown = [table(plan, key, lang) for key in COLUMNS]
    prices = [price_table(plan, resource, lang) for resource in _resources(plan)]
    place = next(i for i, found in enumerate(shown) if found.key == "sites")
    return [
        *shown[:place],
        move_table(plan, lang),
        *prices,
        *shown[place:],
    ]


def table(plan: "Plan", key: str, lang: Lang) -> Table:
    """Return one frame of a plan as shown."""
    frame: pl.DataFrame = getattr(plan, key)
    if key == "hold_out":
        frame = frame.with_columns(
            pl.col("industry").fill_null(word(lang, "all")),
            pl.col("year").cast(pl.String).fill_null(word(lang, "all")),
        )
    return shown_table(plan, lang, key, frame, COLUMNS[key], status_of=STATUS_OF.get(key))


def move_table(plan: "Plan", lang: Lang) -> Table:
    """Return the moves, each with the size of every reason beside it."""
    name = names(plan, lang)
    terms = plan.reasons["term"].unique(maintain_order=True).to_list()
    # A reason of size zero has no row.
    sizes = (
        plan.reasons.pivot("term", index=ROUTE, values="size")
        .rename({term: _reason(term) for term in terms})
        .with_columns(pl.col([_reason(term) for term in terms]).fill_null(0.0))
    )
    of_terms: dict[str, Kind] = {_reason(term): "share" for term in terms}
    kinds = {**MOVES, **of_terms}
    return shown_table(
        plan,
        lang,
        "moves",
        plan.moves.join(sizes, on=ROUTE, how="left", maintain_order="left"),
        kinds,
        heads={_reason(term): word(lang, "reason_of", term=name.term(term)) for term in terms},
        status_of=STATUS_OF["moves"],
    )


def price_table(plan: "Plan", resource: str, lang: Lang) -> Table:
    """Return the prices of one resource; amounts of different resources have different units."""
    frame = plan.prices.filter(pl.col("resource") == resource)
    frame = frame.sort(
        "premium", "used", "place", "place_kind", descending=[True, True, False, False]
    )
    name = names(plan, lang).resource(resource)
    return shown_table(
        plan,
        lang,
        f"prices_{resource}",
        frame,
        PRICES,
        title=word(lang, "table.prices.title", resource=name),
        note=word(lang, "table.prices.note"),
        resource=resource,
    )


def _reason(term: str) -> str:
    return f"reason_{term}"


def _resources(plan: "Plan") -> list[str]:
    return plan.prices["resource"].unique().sort().to_list()
