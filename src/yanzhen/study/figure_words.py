"""What people write where a figure belongs, and what to tell them of it."""

import math
import re
import unicodedata

from yanzhen.phrasebook import Words
from yanzhen.study.words import message

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
        return message("mark_of_missing", cell=cell)
    plain = unicodedata.normalize("NFKC", cell).strip().replace("−", "-")
    if plain.casefold() in _ERRORS:
        return message("error_value", cell=cell)
    if re.fullmatch(r"[+-]?(inf|infinity|nan)", plain.casefold()):
        return message("not_finite", cell=cell)
    return _meant(cell, plain, share, whole) or message("not_a_number", cell=cell)


def _meant(cell: str, plain: str, share: bool, whole: bool) -> tuple[Words, Words] | None:
    """Say which number a cell means that is written as more than a number."""
    if _is_number(plain) and plain == cell.strip():
        return _out_of_range(cell, plain) or (message("not_whole", cell=cell) if whole else None)
    day = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[ T]00:00:00)?", plain)
    if day:
        # Excel counts days from the end of 1899, and shows a number formatted as a date as a day.
        return message("date_as_figure", date=day.group(1))
    below_zero = re.fullmatch(r"\((.+)\)", plain)
    bare = re.sub(r"(?<=\d)[, \u00a0'’](?=\d{3})", "", below_zero.group(1) if below_zero else plain)
    sign = "-" if below_zero else ""
    if bare.endswith(("%", "‰")) and _is_number(bare[:-1].strip()):
        per_cent = float(bare[:-1].strip()) / (10 if bare.endswith("‰") else 1)
        figure = f"{sign}{per_cent / 100 if share else per_cent:.12g}"
        return message("percent_sign", cell=cell, figure=figure)
    if not _is_number(bare):
        return None
    written = "in_brackets" if below_zero else "thousands"
    if not below_zero and plain != cell.strip():
        written = "full_width_figure"
    return message(written, cell=cell, bare=bare)


def _out_of_range(cell: str, plain: str) -> tuple[Words, Words] | None:
    """Say of a number that it is too large to be computed with."""
    value = float(plain)
    if math.isinf(value):
        return message("beyond_range", cell=cell, largest=_LARGEST)
    if value.is_integer() and abs(value) > _LARGEST_WHOLE:
        return message("whole_beyond_range", cell=cell, largest=_LARGEST_WHOLE)
    return None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text) is not None
