"""What people write where a figure belongs, and what to tell them of it."""

import math
import re
import unicodedata

from yanzhen.study.faults import same
from yanzhen.study.problem import Words

EMPTY_CELL: Words = ("an empty cell where the figure is not known", "数据未知时留空的单元格")
_ALONE: Words = (
    "a number alone, without unit or sign, or an empty cell where it is not known",
    "单纯的数字，不带单位和符号；未知则留空",
)
_LARGEST = 1.7976931348623157e308
_LARGEST_WHOLE = 2**63 - 1
# What stands for a figure that is not known, after NFKC, in lower case and without space.
_SIGNS = re.compile(r"[.·•。⋯*]+|[-‐-―−ー_~/\\|]+|[x×]+|\?+|\(\)")
_WORDS = frozenset(
    (
        *("na", "n.a", "n.a.", "n/a", "#n/a", "n.d.", "n/d", "nd", "#na", "<na>"),
        *("null", "#null!", "nil", "none", "missing", "unknown", "notavailable", "tbd", "blank"),
        *(
            "空",
            "空白",
            "空值",
            "无",
            "无数据",
            "不详",
            "未知",
            "缺",
            "缺失",
            "缺省",
            "暂无",
            "暂缺",
        ),
        *("保密", "未公布", "未统计", "待补", "不适用", "没有", "数据缺失"),
    )
)
_ERRORS = ("#div/0!", "#value!", "#ref!", "#name?", "#num!", "#spill!", "#calc!")


def is_mark_of_missing(cell: str) -> bool:
    """Whether a cell says in one of the usual ways that its figure is not known."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell)).casefold()
    return plain in _WORDS or _SIGNS.fullmatch(plain) is not None


def no_figure(cell: str, share: bool = False, whole: bool = False) -> tuple[Words, Words]:
    """Say what a cell holds that cannot be read as a figure, and what it should most likely be.

    Parameters
    ----------
    cell : as it is written
    share : whether the figure is a share, 1 being the whole
    whole : whether it must be a whole number
    """
    if is_mark_of_missing(cell):
        return (f"{cell!r}, a mark for what is not known", f"“{cell}”，表示未知的符号"), EMPTY_CELL
    plain = unicodedata.normalize("NFKC", cell).strip().replace("−", "-")
    if plain.casefold() in _ERRORS:
        return (f"the error {cell}", f"错误值 {cell}"), EMPTY_CELL
    if re.fullmatch(r"[+-]?(inf|infinity|nan)", plain.casefold()):
        return (f"{cell}, which is not a finite number", f"{cell}，不是有限数值"), (
            f"a finite number, or {EMPTY_CELL[0]}",
            f"有限数值，或{EMPTY_CELL[1]}",
        )
    return _meant(cell, plain, share, whole) or (
        (f"{cell!r}, which is not a number", f"“{cell}”，不是数字"),
        _ALONE,
    )


def _meant(cell: str, plain: str, share: bool, whole: bool) -> tuple[Words, Words] | None:
    """Say which number a cell means that is written as more than a number."""
    if _is_number(plain) and plain == cell.strip():
        return _out_of_range(cell) or ((same(cell), ("a whole number", "整数")) if whole else None)
    day = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[ T]00:00:00)?", plain)
    if day:
        # Excel counts days from the end of 1899, and shows a number formatted as a date as a day.
        return (f"the date {day.group(1)}", f"日期 {day.group(1)}"), (
            "a number (in Excel: set the format of the cells to General), or an empty cell",
            "数字（在 Excel 中将单元格格式设为“常规”），或留空",
        )
    below_zero = re.fullmatch(r"\((.+)\)", plain)
    bare = re.sub(r"(?<=\d)[, \u00a0'’](?=\d{3})", "", below_zero.group(1) if below_zero else plain)
    sign = "-" if below_zero else ""
    if bare.endswith(("%", "‰")) and _is_number(bare[:-1].strip()):
        per_cent = float(bare[:-1]) / (10 if bare.endswith("‰") else 1)
        return (f"{cell!r} with a percent sign", f"带百分号的“{cell}”"), same(
            f"{sign}{per_cent / 100 if share else per_cent:.12g}"
        )
    if not _is_number(bare):
        return None
    if below_zero:
        return (f"{cell!r} in brackets", f"带括号的“{cell}”"), (
            f"{sign}{bare} if a negative number is meant",
            f"若表示负数则写作 {sign}{bare}",
        )
    if plain != cell.strip():
        return (f"{cell!r} in full-width characters", f"全角字符“{cell}”"), same(bare)
    return (f"{cell!r} with separators of thousands", f"带千位分隔符的“{cell}”"), same(bare)


def _out_of_range(cell: str) -> tuple[Words, Words] | None:
    """Say of a number that it is too large to be computed with."""
    value = float(cell)
    if math.isinf(value):
        return (f"{cell}, a number beyond range", f"{cell}，超出可计算范围的数"), (
            f"a number between -{_LARGEST:.1e} and {_LARGEST:.1e}",
            f"介于 -{_LARGEST:.1e} 与 {_LARGEST:.1e} 之间的数",
        )
    if value.is_integer() and abs(value) > _LARGEST_WHOLE:
        return (f"{cell}, a whole number beyond range", f"{cell}，超出可计算范围的整数"), (
            f"a whole number of at most {_LARGEST_WHOLE:,}",
            f"不超过 {_LARGEST_WHOLE:,} 的整数",
        )
    return None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text) is not None
