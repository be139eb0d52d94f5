"""The tables of a comparison of scenarios."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.report.tables.table import Kind, Table, shown_table
from yanzhen.report.text.words import Lang, word, word_or

if TYPE_CHECKING:
    from yanzhen.market.counterfactuals.comparison import Comparison
    from yanzhen.market.plan.plan import Plan

MONEY = (
    "moving_output", "enterprise_surplus", "rents", "tax", "subsidy", "public_funds",
    "priced_emissions", "social_surplus",
)  # fmt: skip
JOBS = ("moving_jobs", "jobs_at_paying_places")
SHARES = ("capitalised", "capitalised_where_full")
SMALLEST = 1e-9
"""Changes smaller than this are rounding."""
COMPARED: Mapping[str, Kind] = {"before": "money", "after": "money", "change": "money"}
NAMED: Mapping[str, Kind] = {"scenario": "text"}
COLUMNS: Mapping[str, Mapping[str, Kind]] = {
    "macro_regions": {**NAMED, "macro_region": "macro_region", **COMPARED},
    "regions": {**NAMED, "region": "region", **COMPARED},
    "money": {**NAMED, "measure": "text", **COMPARED},
    "jobs": {
        **NAMED,
        "measure": "text",
        "before": "persons",
        "after": "persons",
        "change": "persons",
    },
    "incidence": {**NAMED, "cost_per_job": "number", **dict.fromkeys(SHARES, "share")},
    "rents": {**NAMED, "recipient": "recipient", **COMPARED},
    "prices": {
        **NAMED,
        "place": "place",
        "place_kind": "place_kind",
        "before": "share",
        "after": "share",
        "change": "share",
    },
    "subsidies": {
        **NAMED,
        "site": "place",
        "rate": "share",
        "arrivals": "money",
        "outlay": "money",
        "full": "flag",
        "rent_change": "money",
        "capitalised": "share",
    },
    "regimes": {
        **NAMED,
        "regime": "text",
        "highest": "share",
        "outlay": "money",
        "arrivals": "money",
        "rents": "money",
        "welfare": "money",
        "converged": "flag",
    },
    "races": {
        **NAMED,
        "localities": "count",
        "waste": "money",
        "equilibria": "count",
        "starts": "count",
        "failed_starts": "count",
        "deviations_tried": "count",
        "largest_gain": "measure",
    },
    "gates": {
        **NAMED,
        "industry": "industry",
        "site": "place",
        "change": "text",
        "listing": "listing",
        "rule": "rule",
    },
    "options": {**NAMED, "industry": "industry", "option": "text", "output": "money"},
    "certificates": {
        **NAMED,
        "certified": "flag",
        "relative_excess_demand": "measure",
        "complementary_slackness": "measure",
        "duality_gap": "measure",
        "broken_gates": "count",
    },
    "flows": {
        **NAMED,
        "industry": "industry",
        "origin": "region",
        "destination": "place",
        **COMPARED,
    },
    "race_sites": {
        **NAMED,
        "site": "place",
        "regime": "text",
        "subsidy": "share",
        "arrivals": "money",
        "outlay": "money",
        "rents": "money",
    },
}


def titles(comparison: "Comparison", lang: Lang) -> dict[str, str]:
    """Return the scenarios' titles by name."""
    return dict(comparison.scenarios.select("scenario", f"title_{lang}").iter_rows())


def scenario_tables(plan: "Plan", comparison: "Comparison", lang: Lang) -> list[Table]:
    """Return every table of a comparison, in reading order."""
    frames = _frames(comparison)
    return [_table(plan, comparison, key, frames[key], lang) for key in COLUMNS]


def _frames(comparison: "Comparison") -> dict[str, pl.DataFrame]:
    totals = comparison.totals
    of = pl.col("measure")
    order = {name: place for place, name in enumerate(comparison.scenarios["scenario"])}
    changes = {
        key: getattr(comparison, key)
        .with_columns(
            size=pl.col("change").abs(),
            place=pl.col("scenario").replace_strict(order, return_dtype=pl.Int64),
        )
        .filter(pl.col("size") > SMALLEST)
        .sort("place", "size", descending=[False, True], maintain_order=True)
        for key in ("regions", "flows", "rents")
    }
    priced = comparison.prices.filter(
        pl.col("resource") == "output", pl.col("change").abs() > SMALLEST
    )
    return {
        **changes,
        "macro_regions": comparison.macro_regions,
        "money": totals.filter(of.is_in(MONEY), (pl.col("before") != 0) | (pl.col("after") != 0)),
        "jobs": totals.filter(of.is_in(JOBS)),
        "incidence": totals.filter(of.is_in([*SHARES, "cost_per_job"])).pivot(
            "measure", index="scenario", values="after"
        ),
        "prices": priced,
        "subsidies": comparison.subsidies.filter(pl.col("outlay") > 0),
        "regimes": comparison.regimes,
        "races": comparison.races,
        "gates": comparison.gates,
        "options": comparison.options,
        "certificates": comparison.scenarios,
        "race_sites": comparison.race_sites,
    }


def _table(
    plan: "Plan", comparison: "Comparison", key: str, frame: pl.DataFrame, lang: Lang
) -> Table:
    named = titles(comparison, lang)
    said = frame.with_columns(pl.col("scenario").replace_strict(named, return_dtype=pl.String))
    worded = {"measure": "measure", "regime": "regime", "option": "option"}
    if key == "gates":
        worded["change"] = "gate_change"
    for column, family in worded.items():
        if column in said.columns:
            codes = said[column].unique().to_list()
            words = {code: word_or(lang, f"{family}.{code}", code) for code in codes}
            said = said.with_columns(pl.col(column).replace_strict(words, return_dtype=pl.String))
    heads = {
        name: word(lang, f"scenario_column.{name}")
        for name in COLUMNS[key]
        if name in COMPARED and key != "gates"
    }
    return shown_table(
        plan,
        lang,
        key,
        said,
        COLUMNS[key],
        title=word(lang, f"scenario_table.{key}.title"),
        note=word(lang, f"scenario_table.{key}.note"),
        heads=heads,
    )
