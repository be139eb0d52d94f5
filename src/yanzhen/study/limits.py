"""What the declaration of a single table asks of its rows: limits, required cells, keys."""

from collections.abc import Iterator

import dataframely as dy
import polars as pl

from yanzhen.study.cells import MOST_SHOWN, TypedTable, Words
from yanzhen.study.columns import Meaning
from yanzhen.study.problem import Problem
from yanzhen.study.tables import TABLES, meanings

_ROW = "_row"

# The rules over several columns of a row: the columns shown as found, and what is expected.
_ROW_RULES: dict[str, tuple[tuple[str, ...], Words]] = {
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
    "low_at_most_value": (("low", "value"), ("low at most value", "low 不大于 value")),
    "value_at_most_high": (("value", "high"), ("value at most high", "value 不大于 high")),
}


def check_limits(table: TypedTable) -> list[Problem]:
    """Report every row that breaks a rule of its table's own schema."""
    schema = _with_rows(TABLES[table.table])
    _, failure = schema.filter(table.frame.with_columns(table.rows.alias(_ROW)))
    if len(failure) == 0:
        return []
    details = failure.details()
    problems = []
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


def _with_rows(schema: type[dy.Schema]) -> type[dy.Schema]:
    """Return the schema with the spreadsheet's row beside, so that failures name it."""
    return type(f"{schema.__name__}WithRows", (schema,), {_ROW: dy.Int64()})


def _beyond(
    table: TypedTable, broken: pl.DataFrame, column: str, limit: str
) -> Iterator[Problem]:
    said = meanings(table.table)[column]
    low, high = _bounds(table.table, column)
    expected = _expected(said, low, high)
    for row, value in broken.select(_ROW, column).head(MOST_SHOWN).iter_rows():
        found = ("nothing", "空白") if limit == "nullability" else (_shown(value), _shown(value))
        yield _problem(table, row, column, found, expected)
    yield from _more(table, broken, column)


def _expected(said: Meaning, low: float | None, high: float | None) -> Words:
    """Say what a cell of a column must be."""
    if said.kind in ("code", "text"):
        return f"a {said.kind}: {said.en}", f"{'代码' if said.kind == 'code' else '文字'}：{said.zh}"
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


def _duplicates(table: TypedTable, broken: pl.DataFrame) -> Iterator[Problem]:
    key = TABLES[table.table].primary_key()
    column = ", ".join(key)
    complete = broken.drop_nulls(key)
    repeated = complete.with_columns(first=pl.col(_ROW).min().over(key)).filter(
        pl.col(_ROW) > pl.col("first")
    )
    for cells in repeated.head(MOST_SHOWN).iter_rows(named=True):
        shown = ", ".join(_shown(cells[name]) for name in key)
        yield _problem(
            table,
            cells[_ROW],
            column,
            (f"{shown} again, as in row {cells['first']}", f"{shown} 重复，与第 {cells['first']} 行相同"),
            (f"one row for each {column}", f"每个 {column} 只有一行"),
        )
    yield from _more(table, repeated, column)


def _row_rule(table: TypedTable, broken: pl.DataFrame, rule: str) -> Iterator[Problem]:
    columns, expected = _ROW_RULES[rule]
    for row, *values in broken.select(_ROW, *columns).head(MOST_SHOWN).iter_rows():
        found = ", ".join(
            f"{name} {_shown(value)}" for name, value in zip(columns, values, strict=True)
        )
        yield _problem(table, row, columns[0], (found, found), expected)
    yield from _more(table, broken, columns[0])


def _more(table: TypedTable, broken: pl.DataFrame, column: str) -> Iterator[Problem]:
    if broken.height > MOST_SHOWN:
        more = broken.height - MOST_SHOWN
        yield _problem(
            table,
            broken[_ROW][MOST_SHOWN],
            column,
            (
                f"{more:,} more rows with the same fault, from this one on",
                f"自本行起另有 {more:,} 行有同样问题",
            ),
            ("as in the rows before", "同前述各行"),
        )


def _problem(
    table: TypedTable, row: int | None, column: str, found: Words, expected: Words
) -> Problem:
    return Problem(
        table.file, table.table, row, column, found[0], expected[0], found[1], expected[1]
    )


def _shown(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)
