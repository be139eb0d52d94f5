"""Industries that contain one another by their codes or divisions: both are added up.

`C13-C15` holds C13, C14 and C15, C391 is a part of C39 and all are of section C, in classifications
whose codes are built so (GB/T 4754, ISIC, NACE, SIC, NAICS). In any other, codes that look like it
tell an overlap only where the figures agree: the whole is nowhere less than its parts together.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW
from yanzhen.study.problem import Problem
from yanzhen.study.tables import REQUIRED_TABLES

Tables = Mapping[str, TypedTable]

HIERARCHICAL = re.compile(r"GB/T\s*4754|ISIC|NACE|\bSIC|NAICS", re.IGNORECASE)
_RANGE = re.compile(r"([A-Z]?)(\d{2,6})(?:\s*[-–—~至]\s*([A-Z]?)(\d{2,6}))?")
_SECTION = re.compile(r"[A-Z]")
_LISTED = re.compile(r"\s*[;；,，、+]\s*")


@dataclass(frozen=True)
class CodeRanges:
    """Ranges of codes of equal length, each of a letter and two numbers as text."""

    ranges: tuple[tuple[str, str, str], ...]

    def hold(self, other: "CodeRanges") -> bool:
        """Whether every range of the other lies in one of these."""
        return all(any(_within(one, own) for own in self.ranges) for one in other.ranges)


def check_overlaps(about: About | None, tables: Tables) -> list[Problem]:
    """Report industries, with figures of the same year, that are parts of others."""
    if any(name not in tables for name in REQUIRED_TABLES):
        return []
    table = tables["industries"]
    figures = _figures(tables["activity"].frame)
    known = bool(about and HIERARCHICAL.search(about.industry_classification))
    rows = table.numbered().filter(pl.col("industry").is_in(figures["industry"].implode()))
    rows = rows.drop_nulls("industry").unique("industry", keep="first", maintain_order=True)
    problems = []
    # Codes of digits alone may number anything; those of a classification begin with its letter.
    for column, sure in (("division", True), ("industry", known)):
        spans = {
            code: span
            for code, text in zip(rows["industry"], rows[column], strict=True)
            if text is not None and (span := code_ranges(text)) is not None
        }
        numbers = dict(rows.select("industry", ROW).iter_rows())
        for whole, parts in _wholes(spans):
            if _together(
                figures, whole, parts, sure and (column == "division" or not whole[0].isdigit())
            ):
                at = table.file, "industries", numbers[whole], column
                listed = ", ".join(parts), "、".join(parts)
                problems.append(Problem.of("overlap", *at, whole=whole, parts=listed))
    first = {problem.row: problem for problem in reversed(problems)}
    return list(first.values())


def contained(codes: Iterable[str]) -> dict[str, list[str]]:
    """Return the codes that hold others of them, each with those, by how such codes are built.

    Examples
    --------
    >>> contained(["C", "C10-C12", "C10", "C13"])
    {'C': ['C10-C12', 'C10', 'C13'], 'C10-C12': ['C10']}
    """
    return dict(_wholes({code: span for code in codes if (span := code_ranges(code)) is not None}))


def _figures(activity: pl.DataFrame) -> pl.DataFrame:
    return activity.select(
        "region", "industry", "year", figure=pl.coalesce("output", "value_added", "employment")
    ).drop_nulls()


def code_ranges(text: str) -> CodeRanges | None:
    """Read ranges of codes; None where any part of the text is something else."""
    ranges = []
    for part in _LISTED.split(text.strip()):
        if _SECTION.fullmatch(part):
            ranges.append((part, "", ""))
            continue
        written = _RANGE.fullmatch(part)
        if written is None:
            return None
        letter, first, other, last = written.groups()
        last = last or first
        if (other and other != letter) or len(first) != len(last) or first > last:
            return None
        ranges.append((letter, first, last))
    return CodeRanges(tuple(ranges))


def _within(inner: tuple[str, str, str], outer: tuple[str, str, str]) -> bool:
    """Whether codes lie in a range: as long as its ends, or longer and beginning as one of it."""
    letter, first, last = inner
    digits = len(outer[1])
    if not digits:
        return letter == outer[0]
    same = letter == outer[0] or not (letter and outer[0])
    return (
        same and len(first) >= digits and outer[1] <= first[:digits] and last[:digits] <= outer[2]
    )


def _wholes(spans: Mapping[str, CodeRanges]) -> Iterator[tuple[str, list[str]]]:
    """Codes that hold others, with these; two that hold one another are no overlap known of."""
    parts: dict[str, list[str]] = {}
    for whole, part in permutations(spans, 2):
        if spans[whole].hold(spans[part]) and not spans[part].hold(spans[whole]):
            parts.setdefault(whole, []).append(part)
    yield from parts.items()


def _together(figures: pl.DataFrame, whole: str, parts: list[str], sure: bool) -> bool:
    """Whether both have figures of one cell, and where it isn't sure, figures that agree."""
    below = (
        figures.filter(pl.col("industry").is_in(parts))
        .group_by("region", "year", maintain_order=True)
        .agg(pl.col("figure").sum())
    )
    both = figures.filter(pl.col("industry") == whole).join(below, on=["region", "year"])
    if sure:
        return not both.is_empty()
    agree = both.select((pl.col("figure") * (1 + 1e-9) >= pl.col("figure_right")).all()).item()
    return both.filter(pl.col("figure_right") > 0).height > 1 and bool(agree)
