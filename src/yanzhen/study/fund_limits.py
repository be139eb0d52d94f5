"""Funds and their limits: what can't be meant."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW
from yanzhen.study.problem import Problem, Words
from yanzhen.study.products import FIRST_YEAR, LAST_YEAR
from yanzhen.study.successions import successors
from yanzhen.study.words import same, words

Tables = Mapping[str, TypedTable]
CODES = {"region": "regions", "industry": "industries", "product": "products", "aid": "regions"}
"""Whose codes a limit of each kind may name; of a year it is four digits."""


def check_funds(tables: Tables) -> list[Problem]:
    """Report funds with nothing to spend, and limits that name nothing or limit nothing."""
    problems = []
    if "funds" in tables:
        funds = tables["funds"]
        problems += [
            Problem.at(funds.file, "funds", row, "size", same("0"), words("no_budget"))
            for row in funds.numbered().filter(pl.col("size") == 0)[ROW]
        ]
    if "fund_limits" in tables:
        limits = tables["fund_limits"]
        problems += [
            Problem.at(limits.file, "fund_limits", row[ROW], *fault)
            for row in limits.numbered().iter_rows(named=True)
            for fault in _faults(tables, row)
        ]
    return problems


def _faults(tables: Tables, row: Mapping[str, Any]) -> Iterator[tuple[str, Words, Words]]:
    kind, of = row["kind"], row["of"]
    if kind is None or of is None:
        return
    if kind == "year":
        is_known = len(of) == 4 and of.isascii() and of.isdigit()
        is_known = is_known and FIRST_YEAR <= int(of) <= LAST_YEAR
    else:
        table = tables.get(CODES[kind])
        is_known = table is not None and of in table.frame[_key(CODES[kind])]
    if not is_known:
        yield "of", same(of), words("of_limit", kind=kind, tables=CODES.get(kind, ""))
    elif CODES.get(kind) == "regions":
        into = successors(tables["regions"].frame).get(of)
        if into is not None:
            yield "of", same(of), words("limit_on_successor", successor=into)
    limits = [row[name] for name in ("least", "most", "most_share")]
    if all(each is None for each in limits):
        yield "most", words("nothing"), words("some_limit")
    if kind == "aid":
        for name in ("least", "most"):
            if row[name] is not None:
                yield name, same(f"{row[name]:g}"), words("only_share")


def _key(table: str) -> str:
    return table.removesuffix("ies") + "y" if table.endswith("ies") else table.removesuffix("s")
