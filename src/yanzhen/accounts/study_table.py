"""The input-output table of a study: of which year, of the nation or of regions, and its faults.

Every consumer takes its table from here, so that one rule holds for all: the year nearest to the
one asked for, the earlier of two; a table of regions added up where the nation's is needed; gaps
that the rounding of printed figures explains booked as statistical error; industries that the
table does not list without inputs or sales in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import (
    Floats,
    InputOutputTable,
    is_productive,
    unbalanced_table,
)
from yanzhen.accounts.multiregional import nation_of
from yanzhen.study import Problem, Study, StudyError, WantOfData
from yanzhen.study.problem import Words

ERROR = "statistical_error"
EXACT = 1e-6
"""Share of a sector's output below which a gap is rounding of the sums themselves."""
ROUNDED = 1e-3
"""Share of a sector's output up to which a gap is booked as statistical error."""
MOST_DIGITS = 4
"""Figures with more decimals than this were not rounded for print."""
NATION = "nation"
MOST_NAMED = 20


@dataclass(frozen=True)
class StudyTable:
    """The table of a study nearest to a year.

    Attributes
    ----------
    nation : of one region
    regions : of several regions; None where the study's own table is national
    booked : (n,) gap of each row of the table booked as statistical error, money
    """

    nation: InputOutputTable
    regions: InputOutputTable | None
    booked: Floats


def nearest_year(years: Iterable[int], year: int) -> int:
    """The year nearest to another, the earlier of two that are as near."""
    return min(sorted(set(years)), key=lambda each: abs(each - year))


def has_table(study: Study) -> bool:
    """Whether a study has any input-output table."""
    return not study.tables["input_output"].is_empty()


def study_table(study: Study, year: int) -> StudyTable:
    """The table of a study nearest to a year.

    Raises
    ------
    WantOfData
        When the study has no input-output table.
    StudyError
        When the table cannot be an economy's: a sector's row and column differ by more than
        rounding, a sector without output buys or sells, or sectors use up more than they make.
    """
    rows = study.tables["input_output"]
    if rows.is_empty():
        raise WantOfData([_fault(study, "", _NO_TABLE)])
    table, booked = _balanced(study, unbalanced_table(rows, nearest_year(rows["year"], year)))
    faults = [*_idle(study, table), *_unproductive(study, table)]
    if faults:
        raise StudyError(faults)
    if len(set(table.regions)) == 1:
        return StudyTable(table, None, booked)
    return StudyTable(nation_of(table, NATION), table, booked)


def national_table_of(study: Study, year: int, industries: Sequence[str] = ()) -> InputOutputTable:
    """The nation's table of a study nearest to a year, with a row for every one of `industries`.

    An industry that the table does not list has neither inputs nor sales in it.

    Raises
    ------
    WantOfData, StudyError
        As `study_table`.
    """
    return with_sectors(study_table(study, year).nation, industries)


def with_sectors(nation: InputOutputTable, industries: Sequence[str]) -> InputOutputTable:
    """A national table with empty rows and columns for the industries that it does not list."""
    missing = [code for code in industries if code not in nation.sectors]
    if not missing:
        return nation
    more = len(missing)

    def wider(values: Floats, rows: int, columns: int) -> Floats:
        return np.pad(values, ((0, rows), (0, columns)))

    return replace(
        nation,
        regions=(*nation.regions, *[nation.regions[0]] * more),
        sectors=(*nation.sectors, *missing),
        domestic=wider(nation.domestic, more, more),
        imported=wider(nation.imported, more, more),
        final_domestic=wider(nation.final_domestic, more, 0),
        final_imported=wider(nation.final_imported, more, 0),
        value_added=wider(nation.value_added, 0, more),
        output=np.pad(nation.output, (0, more)),
    )


def in_order(nation: InputOutputTable, sectors: Sequence[str]) -> InputOutputTable:
    """A national table with its sectors in another order."""
    order = [nation.sectors.index(code) for code in sectors]
    return replace(
        nation,
        regions=tuple(nation.regions[k] for k in order),
        sectors=tuple(sectors),
        domestic=nation.domestic[np.ix_(order, order)],
        imported=nation.imported[np.ix_(order, order)],
        final_domestic=nation.final_domestic[order],
        final_imported=nation.final_imported[order],
        value_added=nation.value_added[:, order],
        output=nation.output[order],
    )


def check_input_output(study: Study) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Problems of a study's input-output tables, and what is worth a look, every year of them."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    movable = study.tables["industries"].filter(pl.col("sector") == "manufacturing")["industry"]
    for year in study.tables["input_output"]["year"].unique().sort():
        try:
            found = study_table(study, year)
        except StudyError as refused:
            problems += refused.problems
            continue
        warnings += _rounding(study, found)
        missing = sorted(set(movable) - set(found.nation.sectors))
        if missing:
            listed = ", ".join(missing)
            words = (
                (f"no {listed} in the table of {year}", f"{year} 年的表中没有 {listed}"),
                (
                    "every manufacturing industry; one that is not listed counts as buying and "
                    "selling nothing in it",
                    "全部制造业行业；未列出的行业按没有投入和销售处理",
                ),
            )
            warnings.append(_fault(study, "supplier", words).as_warning())
    return tuple(problems), tuple(warnings)


def _balanced(study: Study, table: InputOutputTable) -> tuple[InputOutputTable, Floats]:
    """The table with gaps of rounding booked as statistical error, and those gaps."""
    made = table.intermediate.sum(axis=0) + table.value_added.sum(axis=0)
    gap = made - table.output
    size = np.maximum(np.abs(made), np.abs(table.output))
    exact = np.abs(gap) <= EXACT * size + 1e-9 * table.output.max(initial=0.0)
    wrong = np.flatnonzero(~exact & (np.abs(gap) > np.maximum(ROUNDED * size, _printed(table))))
    if wrong.size:
        raise StudyError([_unbalanced(study, table, k, made[k]) for k in wrong[:MOST_NAMED]])
    booked = np.where(exact, 0.0, gap)
    if not booked.any():
        return table, booked
    uses, own = list(table.final_uses), list(table.final_regions)
    final, imported = table.final_domestic.copy(), table.final_imported.copy()
    for region in dict.fromkeys(table.regions):
        if (region, ERROR) not in zip(own, uses, strict=True):
            own.append(region)
            uses.append(ERROR)
            final = np.column_stack([final, np.zeros(len(final))])
            imported = np.column_stack([imported, np.zeros(len(imported))])
    at = {pair: column for column, pair in enumerate(zip(own, uses, strict=True))}
    for k, region in enumerate(table.regions):
        final[k, at[region, ERROR]] += booked[k]
    order = sorted(range(len(own)), key=lambda column: own[column])
    return (
        replace(
            table,
            final_regions=tuple(own[column] for column in order),
            final_uses=tuple(uses[column] for column in order),
            final_domestic=final[:, order],
            final_imported=imported[:, order],
            output=table.output + booked,
        ),
        booked,
    )


def _printed(table: InputOutputTable) -> Floats:
    """(n,) largest gap that rounding each printed figure of a row and a column explains."""
    parts = (table.domestic, table.imported, table.final_domestic, table.value_added)
    figures = np.concatenate([part[part != 0] for part in parts])
    digits = next((d for d in range(MOST_DIGITS + 1) if _rounded_to(figures, d)), None)
    if digits is None:
        return np.zeros(len(table.output))
    rows = (table.domestic != 0).sum(axis=1) + (table.final_domestic != 0).sum(axis=1)
    columns = sum((part != 0).sum(axis=0) for part in (table.intermediate, table.value_added))
    bound: Floats = 0.5 * 10.0**-digits * (rows + columns)
    return bound


def _rounded_to(figures: Floats, digits: int) -> bool:
    return bool(np.allclose(figures, np.round(figures, digits), rtol=1e-12, atol=1e-9))


def _idle(study: Study, table: InputOutputTable) -> list[Problem]:
    """Sectors without output that buy or sell."""
    buys, sells = table.intermediate.any(axis=0), table.domestic.any(axis=1)
    idle = np.flatnonzero((table.output <= 0) & (buys | sells))
    expected = (
        "output above zero in every sector that buys or sells",
        "凡有投入或销售的部门，总产出均大于零",
    )
    return [
        _fault(
            study,
            "value",
            (
                (
                    f"{_named(table, k)} with an output of {table.output[k]:.6g}, which buys "
                    f"{table.intermediate[:, k].sum():.6g} and sells {table.domestic[k].sum():.6g}",
                    f"{_named(table, k)} 总产出为 {table.output[k]:.6g}，却投入 "
                    f"{table.intermediate[:, k].sum():.6g}、销售 {table.domestic[k].sum():.6g}",
                ),
                expected,
            ),
        )
        for k in idle[:MOST_NAMED]
    ]


def _unproductive(study: Study, table: InputOutputTable) -> list[Problem]:
    """That the sectors use up all that they make, or more."""
    x = np.where(table.output > 0, table.output, 1.0)
    if is_productive(table.domestic / x[None], table.output):
        return []
    share = table.domestic.sum(axis=0) / x
    k = int(share.argmax())
    words = (
        (
            f"sectors that use up all that they make; {_named(table, k)} buys "
            f"{share[k]:.3g} of domestic inputs per unit of output",
            f"各部门消耗不少于其产出；{_named(table, k)} 每单位产出的国内投入为 {share[k]:.3g}",
        ),
        (
            "an economy that leaves something for final use (I − A with a non-negative inverse)",
            "可供最终使用的经济（I − A 的逆矩阵非负）",
        ),
    )
    return [_fault(study, "value", words)]


def _rounding(study: Study, found: StudyTable) -> list[Problem]:
    """Say how large the gaps are that were booked as statistical error."""
    if not found.booked.any():
        return []
    table = found.regions or found.nation
    k = int(np.abs(found.booked).argmax())
    number = int(np.count_nonzero(found.booked))
    words = (
        (
            f"{number} sectors of {table.year} whose row and column differ by rounding, most in "
            f"{_named(table, k)} ({found.booked[k]:+.3g} of {table.output[k]:.6g})",
            f"{table.year} 年有 {number} 个部门行列合计因四舍五入不等，最大为 "
            f"{_named(table, k)}（{table.output[k]:.6g} 中差 {found.booked[k]:+.3g}）",
        ),
        (
            "equal sums; the gaps are booked as statistical_error",
            "行列合计相等；差额已计入 statistical_error",
        ),
    )
    return [_fault(study, "value", words).as_warning()]


def _unbalanced(study: Study, table: InputOutputTable, k: int, made: float) -> Problem:
    words = (
        (
            f"{_named(table, k)} of {table.year} sells {table.output[k]:.6g} and uses {made:.6g}",
            f"{table.year} 年 {_named(table, k)} 销售合计 {table.output[k]:.6g}，"
            f"投入合计 {made:.6g}",
        ),
        (
            "the same total of row and column; list a difference as the final use "
            "statistical_error",
            "行合计与列合计相等；差额请作为最终使用 statistical_error 列出",
        ),
    )
    return _fault(study, "value", words)


def _named(table: InputOutputTable, k: int) -> str:
    several = len(set(table.regions)) > 1
    return f"{table.regions[k]}/{table.sectors[k]}" if several else table.sectors[k]


_Words = tuple[Words, Words]
_NO_TABLE: _Words = (
    ("no row", "没有任何行"),
    ("a national or a multi-regional input-output table", "全国或多区域投入产出表"),
)


def _fault(study: Study, column: str, words: _Words) -> Problem:
    return Problem.at(study.path, "input_output", None, column, *words)
