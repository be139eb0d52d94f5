"""Units of the figures of whole regions that are taken into the study's own."""

from collections.abc import Mapping

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW
from yanzhen.study.problem import Problem
from yanzhen.study.rates import unit_named
from yanzhen.study.units import UNITS
from yanzhen.study.words import words

KINDS: Mapping[str, str] = {"gdp": "money", "population": "persons"}
"""Kind of unit of each indicator that is converted."""


def indicator_factor(indicator: str, unit: str, about: About) -> float | None:
    """Return what figures of `gdp` or `population` are multiplied with, into the study's unit.

    None where the unit is of another kind or currency, or nothing tells its size.
    """
    own = getattr(about.units, KINDS[indicator])
    if unit == own:
        return 1.0
    given, wanted = unit_named(unit), unit_named(own)
    if given is None or wanted is None or (given[0], given[2]) != (wanted[0], wanted[2]):
        return None
    times = given[1] / wanted[1]
    # NaN where one of the two is of a size that nothing tells.
    return times if times > 0 else None


def check_indicator_units(about: About | None, tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Report GDP and population in units that cannot be taken into the study's."""
    if about is None or "indicators" not in tables:
        return []
    table = tables["indicators"]
    own = {name: getattr(about.units, kind) for name, kind in KINDS.items()}
    rows = (
        table.numbered()
        .filter(pl.col("indicator").is_in(list(KINDS)))
        .drop_nulls(["unit", "value"])
        .select(ROW, "indicator", "unit")
    )
    problems = []
    for row, name, unit in rows.iter_rows():
        if indicator_factor(name, unit, about) is None:
            declared = UNITS.get(own[name])
            such_as = own[name] if declared is None else (declared.en, declared.zh)
            found = words("quoted", value=unit)
            expected = words(f"unit_of_{name}", unit=such_as, currency=about.currency)
            problems.append(Problem.at(table.file, "indicators", row, "unit", found, expected))
    return problems
