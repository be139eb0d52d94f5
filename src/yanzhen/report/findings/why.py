"""Why a pair of industry and place is refused or open, and why enterprises go there, in words."""

from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.text.names import names
from yanzhen.report.text.quantities import amount, money, number, percent, points
from yanzhen.report.text.words import Lang, word, word_or

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan


def pair_gates(plan: "Plan", industry: str, site: str) -> pl.DataFrame:
    """Return every gate that a pair meets, with title, article and source of its rule."""
    rules = plan.study.tables["rules"].select("rule", "title_zh", "title_en", "article", "source")
    return plan.gates.filter(industry=industry, site=site).join(
        rules, on="rule", how="left", maintain_order="left"
    )


def why(plan: "Plan", industry: str, site: str, origin: str | None, lang: Lang) -> list[str]:
    """Return the answer in sentences: the gates first, then the move and its reasons."""
    met = pair_gates(plan, industry, site)
    said = [_gate(plan, row, lang) for row in met.iter_rows(named=True)]
    closed = not met.filter(state="refused").is_empty()
    named = names(plan, lang)
    whom = {
        "industry": named.industries.get(industry, industry),
        "site": named.places.get(site, site),
    }
    said.insert(0, word(lang, "why.refused" if closed else "why.open", **whom))
    if closed or origin is None:
        return said
    return [*said, *_move(plan, industry, origin, site, lang)]


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


def _gate(plan: "Plan", row: dict[str, Any], lang: Lang) -> str:
    if row["listing"] == "no_room":
        return word(lang, "why.no_room")
    rule = word(
        lang,
        "why.rule",
        title=row[f"title_{lang}"] or row["rule"] or "",
        article=row["article"] or "",
        source=row["source"] or word(lang, "no_data"),
    )
    if row["listing"] != "condition":
        return word(
            lang, "why.listed", listing=word_or(lang, f"listing.{row['listing']}", ""), rule=rule
        )
    if row["state"] == "not_evaluated":
        return word(lang, "why.not_evaluated", requirement=row["requirement"], rule=rule)
    return word(
        lang,
        f"why.condition_{row['state']}",
        requirement=row["requirement"],
        found=number(row["found"]),
        region=names(plan, lang).regions.get(row["found_in"], row["found_in"]),
        year=row["found_year"],
        rule=rule,
    )


def _move(plan: "Plan", industry: str, origin: str, site: str, lang: Lang) -> list[str]:
    keys = {"industry": industry, "origin": origin, "destination": site}
    moves = plan.moves.filter(**keys)
    if moves.is_empty():
        return [word(lang, "why.nothing_moves")]
    move, named = moves.row(0, named=True), names(plan, lang)
    terms = word(lang, "comma").join(
        f"{named.term(row['term'])} {points(row['size'])}"
        for row in plan.reasons.filter(**keys).iter_rows(named=True)
    )
    return [
        word(
            lang,
            "why.moves",
            origin=named.regions.get(origin, origin),
            output=amount(move["output"], money(plan, lang)),
            gain=points(move["gain"]),
            price=percent(move["price"], 2),
        ),
        word(lang, "why.reasons", terms=terms),
    ]
