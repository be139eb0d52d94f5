"""A SYNTHETIC agreement with two years of quarters, a transfer and a correction."""

import polars as pl

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.books import Books
from yanzhen.exchange.settlement.declared import DeclaredTable, declarations_from
from yanzhen.exchange.settlement.folder import settle_period
from yanzhen.exchange.settlement.journal import Draft, transferred
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.statement import Statement

TERMS = """title_zh = "沪皖合作园区（合成示例）"
title_en = "Shanghai-Anhui park (SYNTHETIC)"
tax_kinds = ["value_added_tax", "enterprise_income_tax"]
third_party = "省级财政"

[[periods]]
years = 5
split = "50:40:10"

[recovery]
share = "50%"

[cap]
amount = 900000000

[extension]
years = 2

[statistics]
gdp = "40:60"
energy = "30:70"
"""
AGREEMENT = Agreement("deal-0001", "上海市", "安徽省合肥市", 2024, TERMS, synthetic=True)
HEAD = "project,year,quarter,value_added_tax,enterprise_income_tax,outlay,gdp,energy"
ROWS = [
    f"{name},{year},{quarter},{base * quarter}.37,{base}.05,{outlay},{base // 1000},{base // 9000}"
    for name, base, outlay in (("合肥钢构件厂", 1_200_000, 400_000), ("芯片封测二期", 2_500_000, 0))
    for year in (2024, 2025)
    for quarter in (1, 2, 3, 4)
]


def declared(rows: list[str] = ROWS) -> DeclaredTable:
    """Rows of text as declarations."""
    names, cells = HEAD.split(","), [row.split(",") for row in rows]
    columns = {name: [row[k] for row in cells] for k, name in enumerate(names)}
    return declarations_from(pl.DataFrame(columns), "payments.csv", AGREEMENT)


def example() -> tuple[Books, list[Statement]]:
    """Return books with the statements of a year, and of the next quarter, which corrects it."""
    books = Books(AGREEMENT)
    table = declared()
    statements = [settle_period(books, table, Period(2024, quarter)) for quarter in (1, 2, 3, 4)]
    paid = Draft(
        "transfer", "2024-12-20", "", transferred("host", "home", 3_000_000_00), None, "预拨"
    )
    books.record(paid)
    statements.append(settle_period(books, table, Period(2024)))
    changed = [row.replace("2024,2,2400000.37", "2024,2,2300000.37") for row in ROWS]
    statements.append(settle_period(books, declared(changed), Period(2025, 1)))
    return books, statements
