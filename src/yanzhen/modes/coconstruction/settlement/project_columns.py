"""Columns of the projects table: what each is called in both languages and how a cell is read.

A reader returns the value of a cell, or what is expected in its place as a pair of sentences.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from yanzhen.modes.coconstruction.contract.rounding import LARGEST
from yanzhen.modes.coconstruction.contract.terms import CONDITIONS, STATISTICS, TAX_KINDS
from yanzhen.study.problem import Words

YUAN = ("yuan, a number", "元，数值")
DECIMALS = ("yuan with at most two decimals (whole fen)", "元，至多两位小数（整分）")
RANGE = (
    f"at most {LARGEST / 100:,.2f} yuan either way; the amount may be in another unit",
    f"绝对值不超过 {LARGEST / 100:,.2f} 元，或单位有误",
)
AT_LEAST_ZERO = ("zero or more: this is not refunded, and cannot be below zero", "不得为负")
WHOLE = ("a whole number, zero or more", "非负整数")
FEW = (f"at most {LARGEST}; it may be in another unit", f"不超过 {LARGEST}，或单位有误")
YEAR = ("a year such as 2025", "年份，如 2025")
YEAR_OR_DAY = ("a year or a date such as 2025 or 2025-07-01", "年份或日期，如 2025、2025-07-01")
DAY = ("a date such as 2016-05-01", "日期，如 2016-05-01")
TRUTH = ("true or false", "true 或 false（是、否）")
NAME = ("a name", "名称")
MOST_DIGITS = 30
"""Of a count that is read: Python itself refuses thousands."""
_DATE = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?(?:[ T]00:00:00(?:\.0+)?)?"
)


def _text(cell: str) -> Any:
    return cell or NAME


def _amount(cell: str) -> Any:
    """Yuan as fen."""
    try:
        fen = Decimal(cell) * 100
    except InvalidOperation:
        return YUAN
    if not fen.is_finite():
        return YUAN
    if abs(fen) > LARGEST:
        return RANGE
    return int(fen) if fen == fen.to_integral_value() else DECIMALS


def _amount_paid(cell: str) -> Any:
    """Yuan as fen, not below zero."""
    fen = _amount(cell)
    return AT_LEAST_ZERO if isinstance(fen, int) and fen < 0 else fen


def _count(cell: str) -> Any:
    if not cell.isdecimal():
        return WHOLE
    return int(cell) if len(cell) <= MOST_DIGITS and int(cell) <= LARGEST else FEW


def _year(cell: str) -> Any:
    four = len(cell) == 4 and cell.isdecimal()
    return int(cell) if four and 1900 <= int(cell) <= 2200 else YEAR


def _parts(cell: str) -> tuple[int | None, ...]:
    """Year, month and day as far as they are said, of a day that exists; nothing otherwise."""
    match = _DATE.fullmatch(cell)
    if match is None:
        return ()
    year, month, day = (None if part is None else int(part) for part in match.groups())
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        return ()
    return (year, month, day) if year is not None and 1900 <= year <= 2200 else ()


def _year_of(cell: str) -> Any:
    """The year of a year or a date."""
    parts = _parts(cell)
    return parts[0] if parts else YEAR_OR_DAY


def _day(cell: str) -> Any:
    parts = _parts(cell)
    return date(*parts) if parts and None not in parts else DAY  # type: ignore[arg-type]


def _truth(cell: str) -> Any:
    words = {"true": True, "false": False, "1": True, "0": False, "是": True, "否": False}
    return words.get(cell.lower(), TRUTH)


READ: dict[str, tuple[Callable[[str], Any], Words]] = {
    "project": (_text, NAME),
    "year": (_year, YEAR),
    "from": (_day, DAY),
    "to": (_day, DAY),
    **{kind: (_amount, YUAN) for kind in TAX_KINDS},
    "outlay": (_amount_paid, YUAN),
    "profit": (_amount, YUAN),
    **{name: (_count, WHOLE) for name in STATISTICS},
    "type": (_text, NAME),
    "registration": (_year_of, YEAR_OR_DAY),
    "move": (_year_of, YEAR_OR_DAY),
    "production": (_year_of, YEAR_OR_DAY),
    "exit": (_year_of, YEAR_OR_DAY),
    **{name: (_truth, TRUTH) for name in CONDITIONS},
    "stock_home": (_amount_paid, YUAN),
    "stock_host": (_amount_paid, YUAN),
}
"""By name: how a cell is read, and what is expected where it is empty."""

DATES = ("registration", "move", "production", "exit")
FIXED = {"type", *DATES, *CONDITIONS, "stock_home", "stock_host"}
"""Columns that are the same in all rows of a project, where they say anything."""
MAY_BE_EMPTY = {*FIXED, "from", "to"}
ALSO_CALLED = {
    "production_year": "production",
    "项目": "project",
    "年份": "year",
    "起": "from",
    "止": "to",
    "增值税": "value_added_tax",
    "企业所得税": "enterprise_income_tax",
    "营业税": "business_tax",
    "其他地方税": "other_local_tax",
    "迁出地投入": "outlay",
    "利润": "profit",
    "地区生产总值": "gdp",
    "产值": "output",
    "能耗": "energy",
    "固定资产投资": "investment",
    "类型": "type",
    "登记": "registration",
    "迁移": "move",
    "投产": "production",
    "退出": "exit",
    "政府主导": "government_led",
    "迁出地推荐": "recommended_by_home",
    "迁出地存量": "stock_home",
    "迁入地存量": "stock_host",
}
"""Other names of columns."""
