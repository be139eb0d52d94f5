"""What the declaration of a single table asks of its rows: limits, required cells, keys."""

from collections.abc import Mapping
from typing import Any

import dataframely as dy
import polars as pl

from yanzhen.study.cells import TypedTable
from yanzhen.study.columns import Meaning
from yanzhen.study.faults import ROW, faults, shown
from yanzhen.study.problem import Problem, Words
from yanzhen.study.tables import TABLES, meanings
from yanzhen.study.words import message, same, words

ROW_RULES: dict[str, tuple[str, ...]] = {
    "region_has_a_name": ("name_zh", "name_en"),
    "industry_has_a_name": ("name_zh", "name_en"),
    "value_added_within_output": ("value_added", "output"),
    "value_added_part_for_value_added": ("supplier", "origin"),
    "any_origin_at_the_user": ("origin", "supplier_region", "user_region", "user"),
    "flow_not_negative": ("value", "supplier", "user"),
    "rule_begins_before_it_ends": ("valid_from", "valid_to"),
    "policy_begins_before_it_ends": ("from_year", "to_year"),
    "stage_low_at_most_high": ("stage_low", "stage_high"),
    "item_begins_before_it_ends": ("from_year", "to_year"),
    "least_below_most": ("least", "most"),
    "variance_not_negative": ("parameter_a", "parameter_b", "covariance"),
    "low_at_most_value": ("low", "value"),
    "value_at_most_high": ("value", "high"),
}
"""The rules over several columns of a row, and the columns that a message shows as found."""


def check_limits(table: TypedTable) -> list[Problem]:
    """Report every row that breaks a rule of its table's own schema."""
    _, failure = _WITH_ROWS[table.table].filter(table.numbered())
    if len(failure) == 0:
        return []
    details = failure.details()
    problems: list[Problem] = []
    for rule in failure.counts():
        broken = details.filter(pl.col(rule) == "invalid")
        if rule == "primary_key":
            problems += _duplicates(table, broken)
        elif "|" in rule:
            column, _, limit = rule.partition("|")
            if not (limit == "nullability" and column in table.absent):
                problems += _beyond(table, broken, column, limit)
        else:
            problems += _row_rule(table, broken, rule)
    return problems


_WITH_ROWS: dict[str, type[dy.Schema]] = {
    name: type(f"{schema.__name__}WithRows", (schema,), {ROW: dy.Int64()})
    for name, schema in TABLES.items()
}
"""The schemas with the spreadsheet's row beside, so that failures name it."""


def _beyond(table: TypedTable, broken: pl.DataFrame, column: str, limit: str) -> list[Problem]:
    declared = TABLES[table.table].columns()[column]
    low, high = (getattr(declared, end, None) for end in ("min", "max"))
    expected = _expected(meanings(table.table)[column], low, high)

    def said(cells: Mapping[str, Any]) -> tuple[Words, Words]:
        missing = limit == "nullability"
        return words("nothing") if missing else same(shown(cells[column])), expected

    return faults(table.file, table.table, column, broken, said)


def _expected(said: Meaning, low: float | None, high: float | None) -> Words:
    """Say what a cell of a column must be."""
    kind: str = said.kind
    if kind not in ("code", "text", "codes", "date", "choice", "year"):
        kind = "number" if low is None else "at_least"
        if low is not None and high is not None and said.unit != "number":
            kind = "between"
    values = {"meaning": (said.en, said.zh), "listed": ", ".join(said.values)}
    return words(f"kind.{kind}", **values, low=low, high=high)


def _duplicates(table: TypedTable, broken: pl.DataFrame) -> list[Problem]:
    key = TABLES[table.table].primary_key()
    column = ", ".join(key)
    complete = broken.drop_nulls(key)
    repeated = complete.with_columns(first=pl.col(ROW).min().over(key)).filter(
        pl.col(ROW) > pl.col("first")
    )

    def said(cells: Mapping[str, Any]) -> tuple[Words, Words]:
        values = ", ".join(shown(cells[name]) for name in key)
        return message("twice", values=values, first=cells["first"], column=column)

    return faults(table.file, table.table, column, repeated, said)


def _row_rule(table: TypedTable, broken: pl.DataFrame, rule: str) -> list[Problem]:
    columns, expected = ROW_RULES[rule], words(f"row_rule.{rule}")

    def said(cells: Mapping[str, Any]) -> tuple[Words, Words]:
        empty = words("nothing")
        english, chinese = (
            ", ".join(
                f"{name} {nothing if cells[name] is None else shown(cells[name])}"
                for name in columns
            )
            for nothing in empty
        )
        return (english, chinese), expected

    return faults(table.file, table.table, columns[0], broken, said)
