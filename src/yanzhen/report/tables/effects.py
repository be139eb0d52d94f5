"""The tables on what a plan does to the whole economy."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.effects.accounting import rules_of
from yanzhen.effects.production import REMAINDER
from yanzhen.effects.spatial.certificate import CHECKS as CHECKED
from yanzhen.phrasebook import in_language
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import Columns, columns, columns_of

if TYPE_CHECKING:
    from yanzhen.effects.plan_effects import Effects

MEASURES = ("output", "value_added", "jobs", "tax", "energy", "emissions")
BALANCE = columns(
    """region output departures arrivals net kept value_added jobs tax energy emissions lost
    flagged""",
    kept="share", value_added="money", tax="money", energy="number", lost="number",
)  # fmt: skip
"""The plan's last year by region: what it had, loses, gains and keeps of output; net changes of the
other measures; the industries that are flagged beside the whole region."""
WORDED = {
    "mobility": "mobility", "part": "part", "measure": "measure", "reason": "hollowing",
    "basis": "basis", "assumption": "assumption",
}  # fmt: skip
"""Columns of codes, and the group of `words.toml` that says them."""
KEYS = (
    "balance", "hollowing", "response", "welfare", "disparity", "leakage", "footprints", "cells",
    "multipliers", "joint", "joint_regions", "fit", "flows", "ledger", "ledger_regions",
    "assumptions", "checks", "uniqueness",
)  # fmt: skip
"""In reading order."""


def effects_columns() -> dict[str, Columns]:
    """Return the columns of every table."""
    from yanzhen.effects.plan_effects import Effects

    return {"balance": BALANCE, **columns_of(Effects)}


def effects_frame(found: "Effects", key: str) -> pl.DataFrame:
    """Return the figures of one table."""
    frame: pl.DataFrame = _balance(found) if key == "balance" else getattr(found, key)
    return frame


def effects_table(found: "Effects", key: str, reader: Reader, frame: pl.DataFrame) -> Table:
    """Return rows of one table as shown."""
    declared = effects_columns()[key]
    units = reader.study.about.units
    units_of = {
        "output": units.money, "value_added": units.money, "tax": units.money,
        "jobs": units.persons, "energy": units.energy, "emissions": units.emissions,
    }  # fmt: skip

    def said(column: str, code: str) -> str:
        if column == "check":
            return in_language(CHECKED[code], reader.lang)
        if column == "reason":
            return in_language(rules_of(found.limits)[code], reader.lang)
        text = reader.word_or(f"effects.{WORDED[column]}.{code}", code)
        unit = units_of.get(code) if column == "measure" else None
        if unit is None:
            return text
        return reader.word("in_unit", what=text, unit=reader.plain_unit(unit))

    coded = [name for name in (*WORDED, "check") if name in declared]
    shown = frame.with_columns(
        pl.col(name).replace({code: said(name, code) for code in frame[name].drop_nulls().unique()})
        for name in coded
    )
    if "industry" in declared or "region" in declared:
        everything = reader.word("all")
        shown = shown.with_columns(
            pl.col(name).fill_null(everything)
            for name in ("region", "industry")
            if name in declared
        )
    if "industry" in declared:
        rest = reader.word("effects.remainder")
        shown = shown.with_columns(pl.col("industry").replace({REMAINDER: rest}))
    kinds = {name: ("text" if name in coded else kind) for name, kind in declared.items()}
    return shown_table(
        reader,
        f"effects_{key}",
        shown,
        kinds,
        title=reader.word(f"effects.table.{key}.title", year=found.last_year),
        note=reader.word(
            f"effects.table.{key}.note",
            energy=reader.plain_unit(units.energy),
        ),
        heads={
            name: head
            for name in declared
            if (head := reader.word_or(f"effects.head.{key}_{name}", ""))
            or (head := reader.word_or(f"effects.head.{name}", ""))
        },
        status_of={"amount": "status"} if key == "flows" else None,
    )


def _balance(found: "Effects") -> pl.DataFrame:
    last = found.ledger_regions.filter(year=found.last_year).with_columns(
        net=pl.col("arrivals") - pl.col("departures")
    )
    frame = last.filter(measure="output").select(
        "region", "departures", "arrivals", "net", "kept", output="before"
    )
    for measure in MEASURES[1:]:
        frame = frame.join(
            last.filter(measure=measure).select("region", pl.col("net").alias(measure)),
            on="region",
            how="left",
            maintain_order="left",
        )
    whole = found.hollowing.filter(pl.col("industry").is_null()).select(
        "region", flagged=pl.lit(value=True)
    )
    parts = (
        found.hollowing.filter(pl.col("industry").is_not_null())
        .group_by("region")
        .agg(lost=pl.len().cast(pl.Float64))
    )
    return (
        frame.join(whole, on="region", how="left", maintain_order="left")
        .join(parts, on="region", how="left", maintain_order="left")
        .with_columns(pl.col("flagged").fill_null(value=False), pl.col("lost").fill_null(0.0))
        .select(*BALANCE)
        .sort("net", "region", descending=[True, False])
    )
