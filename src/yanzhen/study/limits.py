"""What the declaration of a single table asks of its rows: limits, required cells, keys."""

from collections.abc import Mapping
from typing import Any

import dataframely as dy
import polars as pl

from yanzhen.study.cells import TypedTable
from yanzhen.study.columns import Meaning
from yanzhen.study.faults import ROW, faults, same, shown
from yanzhen.study.problem import Problem, Words
from yanzhen.study.tables import TABLES, meanings

# The rules over several columns of a row: the columns shown as found, and what is expected.
ROW_RULES: dict[str, tuple[tuple[str, ...], Words]] = {
    "value_added_within_output": (
        ("value_added", "output"),
        ("value added of at most output", "增加值不大于总产出"),
    ),
    "value_added_part_for_value_added": (
        ("supplier", "origin"),
        (
            "compensation, taxes, depreciation or surplus exactly where origin is value_added",
            "当且仅当 origin 为 value_added 时，supplier 为 compensation、taxes、"
            "depreciation 或 surplus",
        ),
    ),
    "flow_not_negative": (
        ("value", "supplier", "user"),
        (
            "a value of at least 0 (only taxes, surplus, capital_formation and "
            "statistical_error may be negative)",
            "不小于 0 的金额（仅 taxes、surplus、capital_formation、statistical_error 可为负）",
        ),
    ),
    "rule_begins_before_it_ends": (
        ("valid_from", "valid_to"),
        ("valid_from before valid_to", "valid_from 早于 valid_to"),
    ),
    "policy_begins_before_it_ends": (
        ("from_year", "to_year"),
        ("from_year not after to_year", "from_year 不晚于 to_year"),
    ),
    "stage_low_at_most_high": (
        ("stage_low", "stage_high"),
        ("stage_low at most stage_high", "stage_low 不大于 stage_high"),
    ),
    "variance_not_negative": (
        ("parameter_a", "parameter_b", "covariance"),
        ("a variance of at least 0", "不小于 0 的方差"),
    ),
    "low_at_most_value": (("low", "value"), ("low at most value", "low 不大于 value")),
    "value_at_most_high": (("value", "high"), ("value at most high", "value 不大于 high")),
}


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
    low, high = _bounds(table.table, column)
    expected = _expected(meanings(table.table)[column], low, high)

    def words(cells: Mapping[str, Any]) -> tuple[Words, Words]:
        missing = limit == "nullability"
        return ("nothing", "空白") if missing else same(shown(cells[column])), expected

    return faults(table.file, table.table, column, broken, words)


def _expected(said: Meaning, low: float | None, high: float | None) -> Words:
    """Say what a cell of a column must be."""
    if said.kind in ("code", "text"):
        return (
            f"a {said.kind}: {said.en}",
            f"{'代码' if said.kind == 'code' else '文字'}：{said.zh}",
        )
    if said.kind == "codes":
        return f"codes separated by ; without gaps: {said.en}", f"以 ; 分隔的代码：{said.zh}"
    if said.kind == "date":
        return "a day such as 2022-01-31", "日期，如 2022-01-31"
    if said.kind == "choice":
        listed = ", ".join(said.values)
        return f"one of {listed}", f"下列之一：{listed}"
    if said.kind == "year":
        return f"a year from {low:.0f} to {high:.0f}", f"{low:.0f} 至 {high:.0f} 的年份"
    if low is not None and high is not None and said.unit != "number":
        return f"a number from {low:g} to {high:g}", f"{low:g} 至 {high:g} 的数"
    if low is not None:
        return f"a number of at least {low:g}", f"不小于 {low:g} 的数"
    return "a number", "数字"


def _bounds(table: str, column: str) -> tuple[float | None, float | None]:
    declared = TABLES[table].columns()[column]
    return getattr(declared, "min", None), getattr(declared, "max", None)


def _duplicates(table: TypedTable, broken: pl.DataFrame) -> list[Problem]:
    key = TABLES[table.table].primary_key()
    column = ", ".join(key)
    complete = broken.drop_nulls(key)
    repeated = complete.with_columns(first=pl.col(ROW).min().over(key)).filter(
        pl.col(ROW) > pl.col("first")
    )

    def words(cells: Mapping[str, Any]) -> tuple[Words, Words]:
        values = ", ".join(shown(cells[name]) for name in key)
        first = cells["first"]
        return (
            (f"{values} again, as in row {first}", f"{values} 重复，与第 {first} 行相同"),
            (f"one row for each {column}", f"每个 {column} 只有一行"),
        )

    return faults(table.file, table.table, column, repeated, words)


def _row_rule(table: TypedTable, broken: pl.DataFrame, rule: str) -> list[Problem]:
    columns, expected = ROW_RULES[rule]

    def words(cells: Mapping[str, Any]) -> tuple[Words, Words]:
        return same(", ".join(f"{name} {shown(cells[name])}" for name in columns)), expected

    return faults(table.file, table.table, columns[0], broken, words)
