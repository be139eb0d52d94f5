"""How a term is written in a file, and what is impossible in it by itself."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from yanzhen.modes.coconstruction.contract.rounding import LARGEST
from yanzhen.modes.coconstruction.contract.terms import Split
from yanzhen.study.problem import Words

Faults = Iterator[tuple[Words, Words]]
"""What a term says and what it should, in English and Chinese."""


@dataclass(frozen=True)
class Kind:
    """How a term is read and judged.

    Attributes
    ----------
    expected : what a file should say, in English and Chinese
    read : the term of what a file says; None where it cannot be read
    faults : what is impossible in a term by itself
    """

    expected: Words
    read: Callable[[object], Any]
    faults: Callable[[Any], Faults]


def a_text(value: object) -> str | None:
    """Read text without the blanks around it; None where it is none."""
    return value.strip() if isinstance(value, str) else None


def texts(value: object) -> tuple[str, ...] | None:
    """Read a list of texts; None where it is none."""
    whole = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return tuple(value) if whole else None  # type: ignore[arg-type]


def a_number(value: object) -> int | None:
    """Read a whole number; None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def a_split(value: object) -> Split | None:
    """Read a ratio such as `60:40`; None where it is none."""
    parts = value.replace("：", ":").split(":") if isinstance(value, str) else []
    if len(parts) not in (2, 3) or not all(part.strip().isdecimal() for part in parts):
        return None
    return Split(*(int(part) for part in parts))


def a_part(value: object) -> Fraction | None:
    """Read a part such as `50%` or `1/3`; None where it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if not isinstance(value, str):
        return None
    try:
        if value.endswith("%"):
            return Fraction(value[:-1].strip()) / 100
        return Fraction(value.strip())
    except (ValueError, ZeroDivisionError):
        return None


def _none(_: object) -> Faults:
    yield from ()


def _unknown_or_twice(words: tuple[str, ...], known: Collection[str]) -> Faults:
    for k, word in enumerate(words):
        if word not in known:
            listed = ", ".join(known)
            yield (f"'{word}'", f"“{word}”"), (f"one of: {listed}", f"下列之一：{listed}")
        elif word in words[:k]:
            yield (f"'{word}' twice", f"“{word}”重复"), ("each once", "各列一次")


def _no_ratio(split: Split) -> Faults:
    parts = (split.home, split.host, split.third)
    if min(parts) < 0 or not 0 < sum(parts) <= 10**9:
        said = ":".join(map(str, parts))
        yield (said, said), ("parts of zero or more, not all zero", "不小于零且不全为零的份数")


def _no_ratio_of_two(split: Split) -> Faults:
    yield from _no_ratio(split)
    if split.third:
        yield (
            (str(split), str(split)),
            (
                "home and host alone: a third party has no statistics",
                "仅迁出地与迁入地：第三方不计统计",
            ),
        )


def _no_part(part: Fraction) -> Faults:
    if not 0 <= part <= 1 or part.denominator > 10**6:
        yield (
            (str(part), str(part)),
            ("between 0 and 1, to a millionth at the finest", "0 至 1 之间，至多精确到百万分之一"),
        )


def _repays_nothing(part: Fraction) -> Faults:
    yield from _no_part(part)
    if part == 0:
        yield (
            ("0", "0"),
            ("more than 0, or no recovery: nothing would be repaid", "大于 0，否则应删去优先偿还"),
        )


TEXT = Kind(("text in double quotes", "英文双引号括起的文字"), a_text, _none)
TEXTS = Kind(
    ('a list of texts such as ["value_added_tax"]', '文字列表，如 ["value_added_tax"]'),
    texts,
    _none,
)
RATIO = Kind(
    ('a ratio such as "60:40" or "50:30:20"', '比例，如 "60:40" 或 "50:30:20"'), a_split, _no_ratio
)
RATIO_OF_TWO = replace(RATIO, faults=_no_ratio_of_two)
PART = Kind(('a part such as "50%" or "1/3"', '份额，如 "50%" 或 "1/3"'), a_part, _no_part)
REPAYING_PART = replace(PART, faults=_repays_nothing)


def one_of(known: Collection[str]) -> Kind:
    """One word of those known."""
    return replace(TEXT, faults=lambda word: _unknown_or_twice((word,), known))


def some_of(known: Collection[str]) -> Kind:
    """Words of those known, each once."""
    return replace(TEXTS, faults=lambda words: _unknown_or_twice(words, known))


def whole(least: int, expected: Words | None = None) -> Kind:
    """A whole number that is not too small and that money and years can hold.

    Parameters
    ----------
    least : smallest number
    expected : how the range is said where it is not `least or more`
    """
    said = expected or (f"{least} or more", f"不小于 {least}")

    def out_of_range(number: int) -> Faults:
        if not least <= number <= LARGEST:
            yield (str(number), str(number)), said

    return Kind(("a whole number", "整数"), a_number, out_of_range)


ABOVE_ZERO = whole(1, ("more than 0", "大于 0"))
