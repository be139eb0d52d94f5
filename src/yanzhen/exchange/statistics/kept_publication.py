"""A publication as the store keeps it: one text, from which all that is shown is read."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from yanzhen.exchange.statistics.cells import Table
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.reading import ALL
from yanzhen.exchange.statistics.rules import SafetyRule
from yanzhen.exchange.statistics.truth import Key
from yanzhen.exchange.statistics.writing import levels_of
from yanzhen.phrasebook import Words

FIGURES = {"records": pl.Int64, "value": pl.Float64}


@dataclass(frozen=True)
class PublicTables:
    """What is given out of a period.

    Attributes
    ----------
    period : a year such as `2025`, or a quarter such as `2025Q1`
    money : unit of the values
    synthetic : whether the deals are made up
    rule, unit : that the tables keep to, and to what values are rounded
    hierarchies : dimension to its codes and their names
    declared, titles : the tables as they were declared, and what they are called
    tables : see `published.published_tables`
    intervals : hidden cell to the least and the most that its value can be for an outsider, worked
        out from these tables alone; None where there are too many
    attacked_with : periods published before, with which these tables were attacked
    """

    period: str
    money: str
    synthetic: bool
    rule: SafetyRule
    unit: float
    hierarchies: Mapping[str, Hierarchy]
    declared: tuple[Table, ...]
    titles: Mapping[str, Words]
    tables: Mapping[str, pl.DataFrame]
    intervals: Mapping[Key, tuple[float, float]] | None
    attacked_with: tuple[str, ...]

    @property
    def narrowest(self) -> tuple[float, float] | None:
        """The interval that is narrowest beside its upper end; None where none is worked out."""
        found = [each for each in (self.intervals or {}).values() if each[1] > 0]
        return min(found, key=lambda each: (each[1] - each[0]) / each[1], default=None)

    @property
    def hidden(self) -> int:
        """Number of hidden cells, one that several tables share counted once."""
        dimensions = list(self.hierarchies)
        each = [
            table.filter(pl.col("value").is_null()).select(dimensions)
            for table in self.tables.values()
        ]
        return pl.concat(each).unique().height


def as_text(given: PublicTables) -> str:
    """Return the text of a publication: the same tables are the same bytes."""
    intervals = given.intervals
    said = {
        "period": given.period,
        "money": given.money,
        "synthetic": given.synthetic,
        "rule": asdict(given.rule),
        "unit": given.unit,
        "hierarchies": [
            {
                "dimension": name,
                "codes": [
                    [code, above, *tree.names.get(code, (code, code))]
                    for code, above in sorted(tree.parents.items())
                ],
            }
            for name, tree in given.hierarchies.items()
        ],
        "tables": [
            {
                "name": table.name,
                "titles": list(given.titles[table.name]),
                "levels": levels_of(table),
                "cells": given.tables[table.name].rows(),
            }
            for table in given.declared
        ],
        "intervals": None
        if intervals is None
        else [[list(key), low, high] for key, (low, high) in intervals.items()],
        "attacked_with": list(given.attacked_with),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, allow_nan=False)


def from_text(text: str) -> PublicTables:
    """Return a publication from its text."""
    said: dict[str, Any] = json.loads(text)
    hierarchies = {
        each["dimension"]: Hierarchy(
            {code: above for code, above, *_ in each["codes"]},
            {code: (en, zh) for code, _, en, zh in each["codes"]},
        )
        for each in said["hierarchies"]
    }
    schema = {**dict.fromkeys(hierarchies, pl.String), **FIGURES}
    intervals = said["intervals"]
    return PublicTables(
        period=said["period"],
        money=said["money"],
        synthetic=said["synthetic"],
        rule=SafetyRule(**said["rule"]),
        unit=said["unit"],
        hierarchies=hierarchies,
        declared=tuple(
            Table(
                each["name"],
                {name: None if depth == ALL else depth for name, depth in each["levels"].items()},
            )
            for each in said["tables"]
        ),
        titles={each["name"]: (each["titles"][0], each["titles"][1]) for each in said["tables"]},
        tables={
            each["name"]: pl.DataFrame(each["cells"], schema=schema, orient="row")
            for each in said["tables"]
        },
        intervals=None
        if intervals is None
        else {tuple(key): (low, high) for key, low, high in intervals},
        attacked_with=tuple(said["attacked_with"]),
    )
