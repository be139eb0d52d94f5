"""Why a pair of industry and place is refused or open, and why enterprises go there, in words."""

from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.text.limits import SUMMED
from yanzhen.report.text.quantities import amount, number, percent, points
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan


def pair_gates(plan: "Plan", industry: str, site: str) -> pl.DataFrame:
    """Return every gate that a pair meets, with title, article and source of its rule."""
    rules = plan.study.tables["rules"].select("rule", "title_zh", "title_en", "article", "source")
    return plan.gates.filter(industry=industry, site=site).join(
        rules, on="rule", how="left", maintain_order="left"
    )


def why(plan: "Plan", industry: str, site: str, origin: str | None, reader: Reader) -> list[str]:
    """Return the answer in sentences: the gates first, then the move and its reasons."""
    met = pair_gates(plan, industry, site)
    said = [_gate(row, reader) for row in met.iter_rows(named=True)]
    closed = not met.filter(state="refused").is_empty()
    named = reader.names
    whom = {
        "industry": named.industries.get(industry, industry),
        "site": named.places.get(site, site),
    }
    said.insert(0, reader.word("why.refused" if closed else "why.open", **whom))
    if closed or origin is None:
        return said
    return [*said, *_move(plan, industry, origin, site, reader)]


def answer(plan: "Plan", industry: str, site: str, origin: str | None) -> dict[str, Any]:
    """Return the same as JSON-able values."""
    keys: dict[str, Any] = {"industry": industry, "destination": site}
    if origin is not None:
        keys["origin"] = origin
    met = pair_gates(plan, industry, site)
    return {
        "industry": industry,
        "place": site,
        "origin": origin,
        "refused": not met.filter(state="refused").is_empty(),
        "gates": met.to_dicts(),
        "moves": plan.moves.filter(**keys).to_dicts(),
        "reasons": [] if origin is None else plan.reasons.filter(**keys).to_dicts(),
    }


def _gate(row: dict[str, Any], reader: Reader) -> str:
    if row["listing"] == "no_room":
        return reader.word("why.no_room")
    rule = reader.word(
        "why.rule",
        title=row[f"title_{reader.lang}"] or row["rule"] or "",
        article=row["article"] or "",
        source=row["source"] or reader.word("no_data"),
    )
    if row["listing"] != "condition":
        return reader.word(
            "why.listed", listing=reader.word_or(f"listing.{row['listing']}", ""), rule=rule
        )
    if row["state"] == "not_evaluated":
        return reader.word("why.not_evaluated", requirement=row["requirement"], rule=rule)
    return reader.word(
        f"why.condition_{row['state']}",
        requirement=row["requirement"],
        found=number(row["found"]),
        region=reader.names.regions.get(row["found_in"], row["found_in"]),
        year=row["found_year"],
        rule=rule,
    )


def _move(plan: "Plan", industry: str, origin: str, site: str, reader: Reader) -> list[str]:
    keys = {"industry": industry, "origin": origin, "destination": site}
    moves = plan.moves.filter(**keys)
    if moves.is_empty():
        rest = plan.leaving.filter(industry=industry, origin=origin)
        unlisted = float((rest["output"] - rest["listed"]).sum())
        if unlisted <= SUMMED * float(rest["output"].sum()):
            return [reader.word("why.nothing_moves")]
        least = amount(float(plan.moves["output"][-1]), reader.size)
        return [reader.word("why.not_listed", count=f"{plan.moves.height:,}", least=least)]
    move, named = moves.row(0, named=True), reader.names
    terms = reader.word("comma").join(
        f"{named.term(row['term'])} {points(row['size'])}"
        for row in plan.reasons.filter(**keys).iter_rows(named=True)
    )
    return [
        reader.word(
            "why.moves",
            origin=named.regions.get(origin, origin),
            output=amount(move["output"], reader.size),
            gain=points(move["gain"]),
            price=percent(move["price"], 2),
        ),
        reader.word("why.reasons", terms=terms),
    ]
