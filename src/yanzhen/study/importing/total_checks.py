"""Totals among the rows and columns of a file: held against their parts, and left out.

A total is told by its name, or by a code that holds others (C10-C12 beside C10). Where its figures
are no sum of those beside it, the whole and the parts can't both be right, and one must be chosen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from yanzhen.study.importing.extraction import Value
from yanzhen.study.overlaps import contained

_ALIKE = 5e-3
_MOSTLY = 0.5


@dataclass(frozen=True)
class TotalCheck:
    """How a total compares with the sum of what it is the total of.

    Attributes
    ----------
    axis : region or industry
    label : of the total, as written
    cells : figures compared, in which every part is known
    largest : the largest difference to the sum, as a share of the total; None without such cells
    where : the figure that differs most, or the first of the total
    total, parts : the figure there and the sum, in the file's unit
    is_kept : whether it stays in the study, above its parts
    """

    axis: str
    label: str
    cells: int
    largest: float | None
    where: Value
    total: float | None = None
    parts: float | None = None
    is_kept: bool = False


def checked_total(
    axis: str, label: str, totals: Iterable[Value], parts: Iterable[Value]
) -> TotalCheck:
    """Hold the figures of a total against the sums of others along an axis."""
    sums: dict[tuple[object, ...], list[float | None]] = {}
    for part in parts:
        sums.setdefault(_beside(axis, part), []).append(part.figure.value)
    compared = []
    first: Value | None = None
    for total in totals:
        first = first or total
        pieces = sums.get(_beside(axis, total), [])
        known = [piece for piece in pieces if piece is not None]
        if total.figure.value is None or not pieces or len(known) < len(pieces):
            continue
        whole, summed = total.figure.value, float(np.sum(known))
        scale = max(abs(whole), abs(summed))
        compared.append((abs(whole - summed) / scale if scale else 0.0, whole, summed, total))
    assert first is not None
    if not compared:
        return TotalCheck(axis, label, 0, None, first)
    gap, whole, summed, where = max(compared, key=lambda each: each[0])
    return TotalCheck(axis, label, len(compared), gap, where, whole, summed)


def _beside(axis: str, value: Value) -> tuple[object, ...]:
    """What a figure and those that it may be the sum of have in common."""
    other = value.industry if axis == "region" else value.region
    return (value.column, other, value.year, value.grid.file, value.grid.sheet)


@dataclass(frozen=True)
class Overlap:
    """An industry beside industries that it contains.

    Attributes
    ----------
    whole, parts : codes
    check : of the whole as a total of its largest parts
    is_total : whether its figures are their sum in most cells that tell, and below it in none
    """

    whole: str
    parts: tuple[str, ...]
    check: TotalCheck
    is_total: bool


def overlaps(values: Sequence[Value], code_of: Mapping[str, str]) -> list[Overlap]:
    """Industries of a file that contain others of it, the widest first.

    Parameters
    ----------
    code_of : code of each industry's label
    """
    by_code: dict[str, list[Value]] = {}
    for value in values:
        code = code_of.get(value.industry)
        if code is not None:
            by_code.setdefault(code, []).append(value)
    held = contained(by_code)
    found = []
    for whole, parts in held.items():
        inner = {code for part in parts for code in held.get(part, ())}
        largest = [part for part in parts if part not in inner]
        below = [value for part in largest for value in by_code[part]]
        check = checked_total("industry", by_code[whole][0].industry, by_code[whole], below)
        found.append(Overlap(whole, tuple(parts), check, _is_sum(by_code[whole], below)))
    return sorted(found, key=lambda each: -len(each.parts))


def _is_sum(totals: Sequence[Value], parts: Sequence[Value]) -> bool:
    """Whether figures are the sums of others in most of the cells that tell."""
    sums: dict[tuple[object, ...], list[float | None]] = {}
    for part in parts:
        sums.setdefault(_beside("industry", part), []).append(part.figure.value)
    alike = compared = 0
    for total in totals:
        pieces = sums.get(_beside("industry", total), [])
        if total.figure.value is None or not pieces or None in pieces:
            continue
        gap = total.figure.value - float(np.sum([piece for piece in pieces if piece is not None]))
        compared += 1
        alike += abs(gap) <= _ALIKE * abs(total.figure.value) + 1e-9
    return compared > 0 and alike > _MOSTLY * compared
