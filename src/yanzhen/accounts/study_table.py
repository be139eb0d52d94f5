"""The input-output table of a study: of which year, of the nation or of regions, and its faults.

Every consumer takes its table from here, so that one rule holds for all: the year nearest to the
one asked for, the earlier of two; a table of regions added up where the nation's is needed; gaps
that the rounding of printed figures explains booked as statistical error; industries that the
table does not list without inputs or sales in it. Regions' own tables that don't tell purchases by
origin are apart (`regional_tables`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from yanzhen.accounts.input_output import (
    Floats,
    InputOutputTable,
    is_productive,
    unbalanced_table,
)
from yanzhen.accounts.multiregional import nation_of
from yanzhen.accounts.regional_tables import own_rows, regional_tables, rows_by_origin
from yanzhen.accounts.words import message
from yanzhen.accounts.years import nearest_year
from yanzhen.phrasebook import Words
from yanzhen.study import Problem, Study, StudyError, WantOfData
from yanzhen.study.movable import movable_industries

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


def has_table(study: Study) -> bool:
    """Whether a study has any table of the nation or of several regions."""
    return not rows_by_origin(study.tables["input_output"]).is_empty()


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
    rows = rows_by_origin(study.tables["input_output"])
    if rows.is_empty():
        raise WantOfData([_fault(study, "", message("no_table"))])
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
    movable = movable_industries(study.tables["industries"])["industry"]
    for year in rows_by_origin(study.tables["input_output"])["year"].unique().sort():
        try:
            found = study_table(study, year)
        except StudyError as refused:
            problems += refused.problems
            continue
        warnings += _rounding(study, found)
        missing = sorted(set(movable) - set(found.nation.sectors))
        if missing:
            words = message("industries_not_listed", listed=", ".join(missing), year=year)
            warnings.append(_fault(study, "supplier", words).as_warning())
    for year in own_rows(study.tables["input_output"])["year"].unique().sort():
        problems += _unbalanced_own(study, year)
    return tuple(problems), tuple(warnings)


def _unbalanced_own(study: Study, year: int) -> list[Problem]:
    """Sectors of regions' own tables whose row and column differ by more than rounding."""
    own = regional_tables(study, year)
    if own is None:
        return []
    gap = np.abs(own.sold - own.output)
    size = np.maximum(own.output, own.used)
    wrong = np.argwhere(gap > ROUNDED * size + 1e-9 * own.output.max(initial=0.0))
    return [
        _fault(
            study,
            "value",
            message(
                "unbalanced_own_sector",
                sector=f"{own.regions[n]}/{own.sectors[s]}",
                year=own.year,
                output=own.sold[n, s],
                made=own.output[n, s],
            ),
        )
        for n, s in wrong[:MOST_NAMED]
    ]


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
    return [
        _fault(
            study,
            "value",
            message(
                "idle_sector",
                sector=_named(table, k),
                output=table.output[k],
                bought=table.intermediate[:, k].sum(),
                sold=table.domestic[k].sum(),
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
    words = message("unproductive", sector=_named(table, k), share=share[k])
    return [_fault(study, "value", words)]


def _rounding(study: Study, found: StudyTable) -> list[Problem]:
    """Say how large the gaps are that were booked as statistical error."""
    if not found.booked.any():
        return []
    table = found.regions or found.nation
    k = int(np.abs(found.booked).argmax())
    sector = {"sector": _named(table, k), "year": table.year, "output": table.output[k]}
    number = int(np.count_nonzero(found.booked))
    words = message("booked_as_rounding", **sector, number=number, booked=found.booked[k])
    return [_fault(study, "value", words).as_warning()]


def _unbalanced(study: Study, table: InputOutputTable, k: int, made: float) -> Problem:
    sector = {"sector": _named(table, k), "year": table.year, "output": table.output[k]}
    return _fault(study, "value", message("unbalanced_sector", **sector, made=made))


def _named(table: InputOutputTable, k: int) -> str:
    several = len(set(table.regions)) > 1
    return f"{table.regions[k]}/{table.sectors[k]}" if several else table.sectors[k]


def _fault(study: Study, column: str, words: tuple[Words, Words]) -> Problem:
    return Problem.at(study.path, "input_output", None, column, *words)
