"""Products, projects and parks' finance: what a kind needs, and what can't be meant."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW, faults_of, shown
from yanzhen.study.problem import Problem, Words
from yanzhen.study.tables import TABLES, meanings
from yanzhen.study.tables.finance import DEBTS, GIVEN, HIGHEST_RATE, WORKS, YEARLY
from yanzhen.study.words import message, same, words

Tables = Mapping[str, TypedTable]
Fault = tuple[str, Words, Words]
"""Column, found and expected."""

PAYMENTS = (1, 2, 4, 12)
OF_ALL = (
    *("product", "name_zh", "name_en", "kind", "provider", "financed_share", "market_rate"),
    *("default_rate", "recovery", "recovery_lag_months"),
    *("day_count", "convention", "holidays", "status"),
)
"""Columns that every kind of product may fill."""
_LOAN = "payments_per_year repayment grace_months"
NEEDED: Mapping[str, tuple[str, ...]] = {
    "loan": ("rate", "tenor_months"),
    "guarantee": ("rate", "tenor_months", "guarantee_fee"),
    "supply_chain": ("rate", "tenor_months"),
    "lease": ("rate", "tenor_months"),
    "equity": ("tenor_months", "exit"),
    "reit": ("tenor_months", "first_yield"),
    "performance": ("tenor_months", "measure"),
}
"""Columns that a kind of product must fill."""
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    kind: tuple(names.split())
    for kind, names in {
        "loan": f"{_LOAN} fee interest_subsidy",
        "guarantee": f"{_LOAN} cover fee_subsidy reguarantor reguarantee_share reguarantee_fee",
        "supply_chain": "turns advance_share fee interest_paid recourse",
        "lease": "payments_per_year rent_in_advance down_payment deposit residual fee",
        "equity": "dividend_rate rate exit_multiple concession",
        "reit": "growth payout management_fee retained exit_yield fee",
        "performance": "achieved tolerance clawback rate",
    }.items()
}
"""Columns that a kind of product may fill beside those of every kind."""
LEAST: Mapping[str, float] = {"financed_share": 1e-6, "advance_share": 0.01, "exit_yield": 0.001}
"""Below these a product is none, or worth any sum."""
MOST_MONTHS = 600
FIRST_YEAR, LAST_YEAR = 1900, 2200
PARK_NEEDED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((*WORKS, "land_sales", *YEARLY, *GIVEN), ("amount", "from_year")),
    **dict.fromkeys(DEBTS, ("amount", "from_year", "rate", "tenor_years", "rank")),
    "reserve": ("reserve_share",),
}
"""Columns that a kind of item of a park must fill."""


def check_products(tables: Tables) -> list[Problem]:
    """Report terms of products that lack what their kind needs or can't be meant."""
    return _told(tables, "products", lambda row: (*_slips("products", row), *product_faults(row)))


def check_park_finance(tables: Tables) -> list[Problem]:
    """Report items of parks that lack what their kind needs, and ranks that are held twice."""
    problems = _told(
        tables, "park_finance", lambda row: (*_slips("park_finance", row), *_park_faults(row))
    )
    if "park_finance" not in tables:
        return problems
    return [*problems, *_overlapping(tables["park_finance"]), *_reserves(tables["park_finance"])]


def check_projects(tables: Tables) -> list[Problem]:
    """Report projects that are offered products and lack what these are reckoned from."""

    def faults(row: Mapping[str, Any]) -> Iterator[Fault]:
        if row["products"] is not None:
            for column in ("investment", "start"):
                if row[column] is None:
                    yield column, words("nothing"), words("of_offered_project")
            if row["investment"] == 0:
                yield "investment", same("0"), words("of_offered_project")
            codes = row["products"].split(";")
            if len(set(codes)) < len(codes):
                yield "products", same(row["products"]), words("each_product_once")
        if row["start"] is not None and not _is_day(row["start"]):
            yield "start", same(row["start"]), words("kind.date")

    return _told(tables, "projects", faults)


def product_faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    """Say what keeps a product from being reckoned: what its kind needs or has no use for."""
    kind = row["kind"]
    if kind not in NEEDED:
        return
    for column in NEEDED[kind]:
        if row[column] is None:
            yield column, words("nothing"), words("needed_by_kind", kind=kind)
    known = {*OF_ALL, *NEEDED[kind], *OPTIONAL[kind]}
    for column in meanings("products"):
        if row[column] is not None and column not in known:
            yield column, same(shown(row[column])), words("no_use_for_kind", kind=kind)
    yield from _periods(row)
    yield from _together(row)


def _periods(row: Mapping[str, Any]) -> Iterator[Fault]:
    """Periods that don't go into one another."""
    tenor, payments = row["tenor_months"], row["payments_per_year"]
    if payments is not None and payments not in PAYMENTS:
        listed = ", ".join(map(str, PAYMENTS))
        yield "payments_per_year", same(shown(payments)), words("one_of", listed=listed)
        return
    step = 12 if row["kind"] == "reit" else 12 // (payments or 12)
    if tenor is not None and tenor > 0 and tenor % step:
        yield "tenor_months", same(shown(tenor)), words("multiple_of_months", step=step)
    grace = row["grace_months"]
    if grace is not None and tenor is not None and (grace % step or grace >= tenor):
        yield (
            "grace_months",
            same(shown(grace)),
            words("grace_within_tenor", step=step, tenor=tenor),
        )


def _together(row: Mapping[str, Any]) -> Iterator[Fault]:
    """Terms that need or exclude one another."""
    for exit_by, column in (("buyback", "rate"), ("sale", "exit_multiple")):
        if row["exit"] == exit_by and row[column] is None:
            yield column, words("nothing"), words("needed_by_exit", exit=exit_by)
    if row["kind"] == "lease":
        parts = [row[name] or 0.0 for name in ("down_payment", "deposit")]
        if sum(parts) >= 1 or parts[0] + (row["residual"] or 0.0) > 1:
            yield "down_payment", same(shown(parts[0])), words("lease_parts")
    for column, least in LEAST.items():
        value = row[column]
        if value is not None and 0 <= value < least:
            yield column, same(shown(value)), words("at_least_share", least=least)
    months = (row["tenor_months"] or 0) * (row["turns"] or 1)
    if months > MOST_MONTHS:
        yield "turns", same(shown(row["turns"])), words("months_in_all", most=MOST_MONTHS)
    for day in (row["holidays"] or "").split(";"):
        if day and not _is_day(day):
            yield "holidays", same(day), words("kind.date")
    late = row["recovery_lag_months"]
    if late and not row["recovery"]:
        yield "recovery", words("nothing"), words("needed_by_lag")


def _park_faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    kind = row["kind"]
    if kind not in PARK_NEEDED:
        return
    for column in PARK_NEEDED[kind]:
        if row[column] is None:
            yield column, words("nothing"), words("needed_by_kind", kind=kind)
    of_debt = ("rate", "tenor_years", "grace_years", "rank")
    strange = {
        **({} if kind in DEBTS else dict.fromkeys(of_debt)),
        **({} if kind == "rent" else {"lease_up_years": None}),
        **({} if kind == "reserve" else {"reserve_share": None}),
    }
    for column in strange:
        if row[column] is not None:
            yield column, same(shown(row[column])), words("no_use_for_kind", kind=kind)
    grace, tenor = row["grace_years"], row["tenor_years"]
    if kind in DEBTS and grace is not None and tenor is not None and grace >= tenor:
        yield "grace_years", same(shown(grace)), words("grace_below_tenor", tenor=tenor)


def _is_day(text: str) -> bool:
    """Whether there is such a day, in the years of a study."""
    try:
        return FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR
    except ValueError:
        return False


def _overlapping(table: TypedTable) -> list[Problem]:
    """Bonds and loans of one park with one rank: nobody could say which stands first."""
    debts = table.numbered().filter(pl.col("kind").is_in(DEBTS)).drop_nulls(["site", "rank"])
    again = debts.with_columns(
        first=pl.col("item").first().over("site", "rank"),
        nth=pl.int_range(pl.len()).over("site", "rank"),
    ).filter(pl.col("nth") > 0)
    return [
        Problem.of("overlapping_rank", table.file, "park_finance", row[ROW], "rank", **row)
        for row in again.iter_rows(named=True)
    ]


def _reserves(table: TypedTable) -> list[Problem]:
    """Reserves of parks that have nothing else, or another reserve."""
    kinds = table.numbered().drop_nulls(["site", "kind"])
    alone = kinds.filter(
        pl.col("kind") == "reserve",
        (pl.len().over("site") == 1) | ~pl.int_range(pl.len()).over("site", "kind").eq(0),
    )
    return faults_of("reserve_alone", table.file, "park_finance", "kind", alone)


def _slips(table: str, row: Mapping[str, Any]) -> Iterator[Fault]:
    """Shares that must have been meant in per cent."""
    for column, declared in TABLES[table].columns().items():
        value = row[column]
        if value is not None and _is_slip(value, getattr(declared, "max", None)):
            yield column, *message("per_cent_for_share", value=value, share=value / 100)


def _is_slip(value: float, high: float | None) -> bool:
    return high in (1.0, HIGHEST_RATE) and high < value <= 100


def _told(
    tables: Tables, name: str, faults: Callable[[Mapping[str, Any]], Iterable[Fault]]
) -> list[Problem]:
    """Report the faults of each row of a table."""
    if name not in tables:
        return []
    table = tables[name]
    return [
        Problem.at(table.file, name, row[ROW], *fault)
        for row in table.numbered().iter_rows(named=True)
        for fault in faults(row)
    ]
