"""The tables of a diagnosis."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.report.tables.table import Kind, Table, shown_table
from yanzhen.report.text.focus import Focus, focused
from yanzhen.report.text.words import Lang, word, word_or

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis

EARLIER = " of an earlier year"
"""How `needs` says that a year before the last one is wanted."""

CELLS: Mapping[str, Kind] = {"observed": "count", "estimated": "count", "missing": "count"}
COLUMNS: Mapping[str, Mapping[str, Kind]] = {
    "regions": {
        "region": "region",
        "macro_region": "macro_region",
        "output": "money",
        "diversity": "count",
        "eci": "index",
        "fitness": "index",
        "outlook": "index",
        "krugman": "index",
        "hachman": "index",
        "herfindahl": "index",
        **CELLS,
    },
    "industries": {
        "industry": "industry",
        "output": "money",
        "ubiquity": "count",
        "pci": "index",
        "complexity": "index",
        "locational_gini": "index",
        "hoover": "index",
        "herfindahl": "index",
        "gini": "index",
        "ellison_glaeser": "index",
        **CELLS,
    },
    "specialisation": {
        "region": "region",
        "industry": "industry",
        "output": "money",
        "output_status": "status",
        "location_quotient": "index",
        "density": "share",
        "outlook_gain": "index",
        "gradient": "index",
    },
    "proximities": {"industry": "industry", "related": "industry", "proximity": "index"},
    "shift_share": {
        "region": "region",
        "industry": "industry",
        "before": "money",
        "after": "money",
        "change": "money",
        "national": "money",
        "mix": "money",
        "competitive": "money",
    },
    "macro_shifts": {
        "industry": "industry",
        "macro_region": "macro_region",
        "before": "money",
        "after": "money",
        "share_before": "share",
        "share_after": "share",
        "absolute_shift": "money",
        "relative_shift": "share",
        "cells": "count",
    },
    "centres": {
        "industry": "industry",
        "year": "year",
        "longitude": "index",
        "latitude": "index",
        "moved_km": "kilometres",
        "regions": "count",
    },
    "autocorrelation": {
        "industry": "industry",
        "moran": "index",
        "expected": "index",
        "z": "index",
        "p": "index",
        "regions": "count",
    },
    "capacity": {
        "region": "region",
        "macro_region": "macro_region",
        "rank_median": "number",
        "rank_low": "number",
        "rank_high": "number",
        "score": "index",
        "first": "share",
        "lacking": "text",
    },
    "capacity_groups": {"region": "region", "group": "term", "score": "index"},
    "capacity_weights": {"weighting": "term", "indicator": "term", "weight": "index"},
    "pressure": {
        "region": "region",
        "industry": "industry",
        "pressure": "index",
        "pressure_low": "index",
        "pressure_high": "index",
        "known": "count",
        "cost": "index",
        "emission_intensity": "number",
        "share_lost": "share",
        "gradient": "index",
        "cost_percentile": "index",
        "emission_intensity_percentile": "index",
        "share_lost_percentile": "index",
        "gradient_percentile": "index",
        "output_status": "status",
    },
    "opportunities": {
        "region": "region",
        "industry": "industry",
        "mean_percentile": "index",
        "known": "count",
        "location_quotient": "index",
        "relatedness": "share",
        "outlook_gain": "index",
        "supply_gap": "share",
        "supplier_access": "share",
        "market_access": "share",
        "cost": "index",
        "pci": "index",
        "national_output": "money",
        "relatedness_percentile": "index",
        "outlook_gain_percentile": "index",
        "supply_gap_percentile": "index",
        "supplier_access_percentile": "index",
        "market_access_percentile": "index",
        "cost_percentile": "index",
        "output_status": "status",
    },
    "supply_gaps": {
        "region": "region",
        "input": "industry",
        "need": "money",
        "supply": "money",
        "gap": "money",
        "gap_beyond_reach": "money",
        "share_open": "share",
    },
    "not_evaluated": {"term": "term", "needs": "text"},
    "not_defined": {
        "term": "term",
        "region": "region",
        "industry": "industry",
        "reason": "term",
    },
}
HEADS = {"share_before": "share_at_first", "share_after": "share_at_last"}
"""Heads that say something else in the tables of a plan."""
STATUS_OF: Mapping[str, Mapping[str, str]] = {
    "specialisation": {"output": "output_status", "location_quotient": "output_status"},
    "opportunities": {"location_quotient": "output_status"},
}


def diagnosis_tables(diagnosis: "Diagnosis", lang: Lang, focus: Focus) -> dict[str, Table]:
    """Return every table of a diagnosis with the rows of the focus, in reading order."""
    frames = focused(diagnosis, focus)
    return {key: diagnosis_table(diagnosis, key, frames[key], lang) for key in COLUMNS}


def _named_indicators(lacking: pl.Series, lang: Lang) -> pl.Series:
    """Name the indicators of a list of codes."""
    named = [
        None
        if codes is None
        else word(lang, "comma").join(
            word_or(lang, f"term.{code}", code) for code in codes.split(", ")
        )
        for codes in lacking
    ]
    return pl.Series(lacking.name, named, dtype=pl.String)


def diagnosis_table(diagnosis: "Diagnosis", key: str, frame: pl.DataFrame, lang: Lang) -> Table:
    """Return rows of one frame of a diagnosis as shown."""
    if key in ("macro_shifts", "centres", "not_defined"):
        every = [name for name in ("region", "industry") if name in frame.columns]
        frame = frame.with_columns(pl.col(every).fill_null(word(lang, "all")))
    if key == "not_evaluated":
        # Names of tables and columns are the same in both languages; the word between is not.
        frame = frame.with_columns(
            pl.col("needs")
            .str.replace_all(" and ", ", ", literal=True)
            .str.replace_all(EARLIER, word(lang, "of_an_earlier_year"), literal=True)
        )
    if key == "capacity":
        frame = frame.with_columns(_named_indicators(frame["lacking"], lang))
    return shown_table(
        diagnosis,
        lang,
        key,
        frame,
        COLUMNS[key],
        title=word(lang, f"diagnosis_table.{key}.title", year=diagnosis.year),
        note=word(
            lang,
            f"diagnosis_table.{key}.note",
            first=diagnosis.first_year or diagnosis.year,
            last=diagnosis.year,
        ),
        heads={name: word(lang, f"column.{shown}") for name, shown in HEADS.items()},
        status_of=STATUS_OF.get(key),
    )
