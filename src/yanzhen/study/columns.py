"""How the columns of the tables are declared: type, meaning in both languages, unit, reference.

One declaration serves every use. The type and the limits check a table; the descriptions make
the data dictionary and the notes of the Excel template; the unit kind says which unit of the
study a figure is in; `refers` names the tables whose codes a column may hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import dataframely as dy

from yanzhen.study.problem import Words
from yanzhen.study.statuses import STATUSES

UnitKind = Literal[
    "money",
    "persons",
    "energy",
    "emissions",
    "area",
    "money_per_unit",
    "per_resource",
    "per_row",
    "share",
    "number",
    "kilometres",
    "hours",
    "degrees",
    "year",
    "years",
    "none",
]
Kind = Literal["code", "codes", "text", "date", "choice", "amount", "integer", "year", "flag"]

# What each kind of unit is, in English and in Chinese.
UNIT_KINDS: Mapping[UnitKind, Words] = MappingProxyType(
    {
        "money": ("unit of money of the study", "本研究的货币单位"),
        "persons": ("unit of persons of the study", "本研究的人数单位"),
        "energy": ("unit of energy of the study", "本研究的能源单位"),
        "emissions": ("unit of emissions of the study", "本研究的排放单位"),
        "area": ("unit of area of the study", "本研究的面积单位"),
        "money_per_unit": (
            "unit of money per unit of the resource",
            "货币单位 / 该资源的单位",
        ),
        "per_resource": ("unit of the resource", "该资源的单位"),
        "per_row": ("as the row's column unit says", "见同行 unit 列"),
        "share": ("share, 0.1 = 10 %", "份额，0.1 即 10 %"),
        "number": ("number", "个数"),
        "kilometres": ("km", "千米"),
        "hours": ("hours", "小时"),
        "degrees": ("degrees", "度"),
        "year": ("year", "年份"),
        "years": ("years", "年"),
        "none": ("", ""),
    }
)

# What each kind of column is, in English and in Chinese.
KIND_WORDS: Mapping[Kind, Words] = MappingProxyType(
    {
        "code": ("code (text)", "代码（文本）"),
        "codes": ("codes separated by ; (text)", "以 ; 分隔的代码（文本）"),
        "text": ("text", "文字"),
        "date": ("day, YYYY-MM-DD", "日期 YYYY-MM-DD"),
        "choice": ("one of the values", "选项"),
        "amount": ("number", "数值"),
        "integer": ("whole number", "整数"),
        "year": ("year", "年份"),
        "flag": ("true or false", "true 或 false"),
    }
)

# A spreadsheet keeps fifteen digits of a number.
LARGEST_INTEGER = 10**15 - 1

# What a cell of Excel holds; a study must be able to go through a workbook and back.
LONGEST_TEXT = 32_767
# Controls other than tab and line break, and those that turn the direction of reading.
_CONTROLS = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff"
CONTROL = f"[{_CONTROLS}]"

FULL_WIDTH = "[０-９Ａ-Ｚａ-ｚ]"
_INNER = f"[^０-９Ａ-Ｚａ-ｚ{_CONTROLS}]"
_LAST = rf"[^\s０-９Ａ-Ｚａ-ｚ{_CONTROLS}]"
PLAIN_CODE = rf"^[^\s'’‘０-９Ａ-Ｚａ-ｚ{_CONTROLS}]({_INNER}*{_LAST})?$"
DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
NO_SURROUNDING_SPACE = rf"^[^\s{_CONTROLS}]([^{_CONTROLS}]*[^\s{_CONTROLS}])?$"
_LISTED = rf"[^;；\s{_CONTROLS}]([^;；{_CONTROLS}]*[^;；\s{_CONTROLS}])?"


@dataclass(frozen=True)
class Meaning:
    """What a column of a table says.

    Attributes
    ----------
    kind : how a cell of the column is read
    en, zh : description in English and in Chinese
    unit : kind of unit; `per_row` means that the table's own column `unit` names it
    refers : tables whose keys the column may hold
    also : further codes that the column may hold
    values : the declared values of a choice
    required : whether every row must have a value
    key : whether the column belongs to the key of its table
    """

    kind: Kind
    en: str
    zh: str
    unit: UnitKind
    refers: tuple[str, ...]
    also: tuple[str, ...]
    values: tuple[str, ...]
    required: bool
    key: bool


def meaning(column: dy.Column) -> Meaning:
    """Return the meaning declared with a column."""
    declared = (column.metadata or {})["meaning"]
    assert isinstance(declared, Meaning)
    return declared


def code(
    en: str,
    zh: str,
    *,
    key: bool = False,
    required: bool = False,
    refers: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
) -> dy.String:
    """Declare a column of codes: text, even where it consists of digits."""
    said = Meaning("code", en, zh, "none", refers, also, (), required or key, key)
    return dy.String(
        nullable=not said.required,
        primary_key=key,
        regex=PLAIN_CODE,
        description=en,
        metadata={"meaning": said},
    )


def codes(en: str, zh: str, *, refers: tuple[str, ...] = (), pattern: str = _LISTED) -> dy.String:
    """Declare a column that lists codes, separated by semicolons, each of a pattern."""
    said = Meaning("codes", en, zh, "none", refers, (), (), False, False)
    return dy.String(
        nullable=True,
        regex=f"^{pattern}(;{pattern})*$",
        description=en,
        metadata={"meaning": said},
    )


def text(en: str, zh: str, *, required: bool = False) -> dy.String:
    """Declare a column of free text."""
    said = Meaning("text", en, zh, "none", (), (), (), required, False)
    return dy.String(
        nullable=not required,
        regex=NO_SURROUNDING_SPACE,
        description=en,
        metadata={"meaning": said},
    )


def date(en: str, zh: str, *, key: bool = False) -> dy.String:
    """Declare a column of days, kept as text such as 2022-01-31."""
    said = Meaning("date", en, zh, "none", (), (), (), key, key)
    return dy.String(
        nullable=not key,
        primary_key=key,
        regex=DAY,
        description=en,
        metadata={"meaning": said},
    )


def choice(
    en: str, zh: str, values: tuple[str, ...], *, key: bool = False, required: bool = False
) -> dy.String:
    """Declare a column that holds one of a few declared values."""
    said = Meaning("choice", en, zh, "none", (), (), values, required or key, key)
    return dy.String(
        nullable=not said.required,
        primary_key=key,
        regex=f"^({'|'.join(values)})$",
        description=en,
        metadata={"meaning": said},
    )


def status(en: str = "the row's figures", zh: str = "本行数据") -> dy.String:
    """Declare a status column; empty means observed, or synthetic where the study is."""
    return choice(
        f"How {en} came about; empty = observed, or synthetic if the study is",
        f"{zh}的来历：observed 观测，estimated 估计，synthetic 合成；"
        "空白即观测（合成研究中即合成）",
        STATUSES,
    )


def amount(
    en: str,
    zh: str,
    unit: UnitKind,
    *,
    required: bool = False,
    low: float | None = 0.0,
    high: float | None = None,
) -> dy.Float64:
    """Declare a column of figures, by default not negative."""
    said = Meaning("amount", en, zh, unit, (), (), (), required, False)
    return dy.Float64(
        nullable=not required, min=low, max=high, description=en, metadata={"meaning": said}
    )


def integer(
    en: str,
    zh: str,
    unit: UnitKind,
    *,
    required: bool = False,
    low: int = 0,
    high: int = LARGEST_INTEGER,
) -> dy.Int64:
    """Declare a column of whole numbers."""
    said = Meaning("integer", en, zh, unit, (), (), (), required, False)
    return dy.Int64(
        nullable=not required, min=low, max=high, description=en, metadata={"meaning": said}
    )


def year(en: str, zh: str, *, key: bool = False, required: bool = False) -> dy.Int64:
    """Declare a column of calendar years."""
    said = Meaning("year", en, zh, "year", (), (), (), required or key, key)
    return dy.Int64(
        nullable=not said.required,
        primary_key=key,
        min=1900,
        max=2200,
        description=en,
        metadata={"meaning": said},
    )


def flag(en: str, zh: str) -> dy.Bool:
    """Declare a column of true and false."""
    said = Meaning("flag", en, zh, "none", (), (), (), False, False)
    return dy.Bool(nullable=True, description=en, metadata={"meaning": said})
