"""Rows that count twice: totals among what they total, and one row under two names.

A region without parts of its own is a region of analysis; so is every industry. A yearbook's row
"total" left among them doubles the nation. It is told by its name, or by its figures: they are the
sum of others in every cell that all of them have, to the rounding of the table, in so many digits
that chance is out of the question.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW
from yanzhen.study.problem import Problem, Words
from yanzhen.study.tables import REQUIRED_TABLES
from yanzhen.study.words import words

Tables = Mapping[str, TypedTable]
Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

MEASURES = ("output", "value_added", "employment")
DIGITS_OF_ALL = 5.0
"""Digits, over all cells, in which a total of all the others must agree with their sum."""
DIGITS_OF_SOME = 9.0
"""The same for a total of some of the others, of which there are many choices."""
CELLS_OF_A_COPY = 6
DISTINCT_IN_A_COPY = 4
MOST_BESIDE = 3000
"""Rows up to which a subtotal of the rows beside it is looked for."""

_TOTAL_ZH = re.compile(r"合\s*计|总\s*计|小\s*计|^\s*其\s*中|^\s*总\s*数\s*$")
_TOTAL_EN = re.compile(r"\b(sub-?\s?|grand )?totals?\b|^of which\b", re.IGNORECASE)
_ALL_REGIONS = {
    *("全国", "全省", "全市", "全区", "全自治区", "全县", "全州", "全域", "各省合计"),
    *("whole country", "nationwide", "nation", "national", "all regions", "all provinces"),
}
_ALL_INDUSTRIES = {
    *("全部工业", "全部制造业", "全部行业", "全行业", "规模以上工业", "工业", "制造业"),
    *("manufacturing", "all industries", "all manufacturing", "industry", "all sectors"),
}


@dataclass(frozen=True)
class _Rows:
    """Regions or industries with their figures side by side.

    Attributes
    ----------
    key : name of the column of codes
    code, zh, en, row : of each; row as the spreadsheet counts it
    groups : (N,) each, what they may be parts of together: parent and macro-region of a region,
        sector of an industry
    figures : (N, C) cells of the others' key, year and measure; nan where not known
    rounding : (N, C) last digit that a row keeps in the cell's measure
    """

    key: str
    code: tuple[str, ...]
    zh: tuple[str, ...]
    en: tuple[str, ...]
    row: tuple[int, ...]
    groups: tuple[tuple[str | None, ...], ...]
    figures: Floats
    rounding: Floats

    @cached_property
    def fullest(self) -> int:
        """The cell that most rows know."""
        return int(np.argmax((~np.isnan(self.figures)).sum(axis=0)))


def check_double_counting(tables: Tables) -> list[Problem]:
    """Report totals among what they total, and rows that stand in their table under two codes."""
    return [
        problem
        for table, rows in _both(tables)
        for problem in (*_totals(tables[table], rows), *_copies(tables, table, rows))
    ]


def _totals(table: TypedTable, rows: _Rows) -> Iterator[Problem]:
    every = _ALL_REGIONS if table.table == "regions" else _ALL_INDUSTRIES
    for k, code in enumerate(rows.code):
        parts = _parts(rows, k)
        if parts is not None:
            yield _total(table, rows, k, _sum_of(rows, parts))
        elif _named_total(rows, k, every):
            name = rows.zh[k] or rows.en[k] or code
            yield _total(table, rows, k, words("named_total", name=name))


def _copies(tables: Tables, table: str, rows: _Rows) -> Iterator[Problem]:
    named: dict[tuple[str, str | None], int] = {}
    for k, code in enumerate(rows.code):
        first = _copied(rows, k)
        if first is not None:
            values = {"code": code, "other": rows.code[first]}
            at = tables[table].file, table, rows.row[k], rows.key
            yield Problem.of("figures_of_another", *at, **values)
            continue
        before = named.setdefault((rows.zh[k], rows.groups[0][k]), k)
        if before != k and rows.zh[k] and not _apart(tables, table, rows, before, k):
            values = {"code": code, "name": rows.zh[k], "other": rows.code[before]}
            at = tables[table].file, table, rows.row[k], "name_zh"
            yield Problem.of("name_of_another", *at, **values)


def _both(tables: Tables) -> Iterator[tuple[str, _Rows]]:
    if any(name not in tables or not tables[name].frame.height for name in REQUIRED_TABLES):
        return
    regions = tables["regions"].numbered()
    parents = regions["parent"].drop_nulls().unique()
    leaves = regions.filter(~pl.col("region").is_in(parents.implode()))
    activity = tables["activity"].frame
    groups = ["parent", "macro_region"]
    yield "regions", _rows(leaves, "region", groups, activity, ["industry", "year"])
    industries = tables["industries"].numbered()
    lying = activity.filter(pl.col("region").is_in(leaves["region"].implode()))
    yield "industries", _rows(industries, "industry", ["sector"], lying, ["region", "year"])


def _rows(
    rows: pl.DataFrame, key: str, groups: list[str], activity: pl.DataFrame, cell: list[str]
) -> _Rows:
    """Rows that have some figure, in the order of their table."""
    figures = (
        activity.drop_nulls([key, *cell])
        .filter(pl.any_horizontal(pl.col(*MEASURES).is_not_null()))
        .unique([key, *cell], keep="first", maintain_order=True)
    )
    kept = rows.drop_nulls(key).unique(key, keep="first", maintain_order=True)
    kept = kept.join(figures.select(key).unique(), on=key, how="semi", maintain_order="left")
    placed = figures.join(
        kept.select(key, at=pl.int_range(pl.len())), on=key, how="inner", maintain_order="left"
    ).with_columns(cell=pl.struct(cell).rank("dense").cast(pl.Int64) - 1)
    shape = (kept.height, int(placed["cell"].max() or 0) + 1)  # type: ignore[arg-type]
    columns, rounding = [], []
    for measure in MEASURES:
        values = np.full(shape, np.nan)
        values[placed["at"], placed["cell"]] = placed[measure].cast(pl.Float64)
        known = (~np.isnan(values)).sum(axis=0) > 1
        columns.append(values[:, known])
        last = _last_digits(values[:, known])
        rounding.append(np.repeat(last[:, None], int(known.sum()), axis=1))
    return _Rows(
        key,
        tuple(kept[key]),
        tuple(kept["name_zh"].fill_null("")),
        tuple(kept["name_en"].fill_null("")),
        tuple(kept[ROW]),
        tuple(tuple(kept[group]) for group in groups),
        np.hstack(columns),
        np.hstack(rounding),
    )


def _last_digits(values: Floats) -> Floats:
    """Of each row the power of ten, at most 1, that all its figures are multiples of, or 1e-9."""
    last = np.full(values.shape[0], 1e-9)
    for decimals in reversed(range(9)):
        rounded = np.round(values, decimals)
        off = np.abs(values - rounded) > 1e-12 * (1 + np.abs(rounded))
        last[~off.any(axis=1)] = 10.0**-decimals
    return last


def is_name_of_a_total(name: str) -> bool:
    """Whether a name says that its row is the total of others, or a part of one beside it."""
    return bool(_TOTAL_ZH.search(name) or _TOTAL_EN.search(name))


def is_name_of_all(name: str, table: str) -> bool:
    """Whether a name is that of all regions, or of all industries, of a country or province."""
    every = _ALL_REGIONS if table == "regions" else _ALL_INDUSTRIES
    return name.strip().casefold() in every


def _named_total(rows: _Rows, k: int, every: set[str]) -> bool:
    """Whether the name of a row says that it is a total of others of its group."""
    texts = (rows.zh[k], rows.en[k], rows.code[k])
    if len(rows.code) < 2:
        return False
    if any(is_name_of_a_total(text) for text in texts):
        return True
    alone = rows.groups[-1].count(rows.groups[-1][k]) < 2 and len(rows.groups) == 1
    return not alone and any(text.strip().casefold() in every for text in texts[:2])


def _parts(rows: _Rows, k: int) -> Indices | None:
    """Rows of which one is the sum: all others, or some that belong together."""
    others = np.delete(np.arange(len(rows.code), dtype=np.int64), k)
    if _is_sum(rows, k, others, DIGITS_OF_ALL):
        return others
    for group in rows.groups:
        alike = np.array([j for j in others if group[j] == group[k]], dtype=np.int64)
        if alike.size < others.size and _is_sum(rows, k, alike, DIGITS_OF_SOME):
            return alike
    return _in_a_row(rows, k, 1) if rows.figures.size else None


def _in_a_row(rows: _Rows, k: int, step: int) -> Indices | None:
    """The rows next to one that sum to it, as a yearbook prints a subtotal beside its parts.

    Parameters
    ----------
    step : 1 for the rows below it, which are tried first; -1 for those above
    """
    height = len(rows.code)
    fullest = rows.fullest
    if height <= MOST_BESIDE and not np.isnan(rows.figures[k, fullest]):
        order = np.arange(k + step, height if step > 0 else -1, step, dtype=np.int64)
        running = np.cumsum(np.nan_to_num(rows.figures[order, fullest]))
        digits = rows.rounding[:, fullest]
        allowed = (digits[k] + np.cumsum(digits[order])) / 2
        near = np.abs(running - rows.figures[k, fullest]) <= allowed + 1e-9 * running
        for last in np.flatnonzero(near):
            if _is_sum(rows, k, order[: last + 1], DIGITS_OF_SOME):
                return order[: last + 1]
    return _in_a_row(rows, k, -1) if step > 0 else None


def _is_sum(rows: _Rows, k: int, parts: Indices, digits: float) -> bool:
    """Whether a row is the sum of others wherever all of them are known."""
    if parts.size < 2 or not rows.figures.size or _plainly_not(rows, k, parts):
        return False
    whole, pieces = rows.figures[k], rows.figures[parts]
    shared = ~np.isnan(whole) & ~np.isnan(pieces).any(axis=0)
    total, pieces = whole[shared], pieces[:, shared]
    # What rounding of the sum and of its parts may come to.
    rounded = (rows.rounding[k] + rows.rounding[parts].sum(axis=0)) / 2
    allowed = rounded[shared] + 1e-9 * np.abs(total)
    if np.any(np.abs(pieces.sum(axis=0) - total) > allowed):
        return False
    agreed = np.log10(np.maximum(np.abs(total), allowed) / allowed).sum()
    return bool(agreed >= digits) and _of_different_mix(pieces)


def _plainly_not(rows: _Rows, k: int, parts: Indices) -> bool:
    """Whether the cell that most rows know tells already that a row is no sum of others."""
    gap = abs(rows.figures[parts, rows.fullest].sum() - rows.figures[k, rows.fullest])
    digits = rows.rounding[:, rows.fullest]
    allowed = (digits[k] + digits[parts].sum()) / 2
    return bool(gap > allowed + 1e-9 * abs(rows.figures[k, rows.fullest]))


def _of_different_mix(pieces: Floats) -> bool:
    """Whether at least two parts have figures that are no multiple of one another.

    Of proportional rows, as in a study made up by shares, any may be the sum of others by chance.
    """
    filled = pieces[pieces.sum(axis=1) > 0]
    if filled.shape[0] < 2:
        return False
    mix = filled / filled.sum(axis=1, keepdims=True)
    return not np.allclose(mix, mix[0], rtol=1e-3, atol=1e-6)


def _copied(rows: _Rows, k: int) -> int | None:
    """An earlier row with the same figures in every cell, where they are many and differ."""
    own = rows.figures[k]
    if (own > 0).sum() < CELLS_OF_A_COPY or np.unique(own[own > 0]).size < DISTINCT_IN_A_COPY:
        return None
    same = (rows.figures == own) | (np.isnan(rows.figures) & np.isnan(own))
    twins = np.flatnonzero(same.all(axis=1))
    # Where several are alike the figures are made up so; a row copied by mistake is there twice.
    return int(twins[0]) if twins.size == 2 and twins[0] < k else None


def _apart(tables: Tables, table: str, rows: _Rows, first: int, second: int) -> bool:
    """Whether two regions of one name lie at different places."""
    if table != "regions":
        return False
    frame = tables["regions"].frame.unique("region", keep="first")
    places = [
        frame.row(by_predicate=pl.col("region") == rows.code[k], named=True)
        for k in (first, second)
    ]
    ours, theirs = ((place["longitude"], place["latitude"]) for place in places)
    return places[0]["macro_region"] != places[1]["macro_region"] or (
        None not in (*ours, *theirs) and ours != theirs
    )


def _sum_of(rows: _Rows, parts: Sequence[int] | Indices) -> Words:
    codes = [rows.code[k] for k in parts[:6]]
    more = len(parts) - len(codes)
    listed = ", ".join(codes), "、".join(codes)
    if more:
        listed = words("and_more", listed=listed, more=more, all=len(parts))
    return words("sum_of", parts=listed)


def _total(table: TypedTable, rows: _Rows, k: int, found: Words) -> Problem:
    column = "parent" if table.table == "regions" else "industry"
    at = table.file, table.table, rows.row[k], column
    return Problem.of(f"total_of_{table.table}", *at, code=rows.code[k], found=found)
