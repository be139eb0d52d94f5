"""The parameters that are known: values that stand where a study says nothing, and their meaning.

A declaration is a CSV table beside the code that uses it: parameter, value, unit, low, high,
source, notes, and `meaning`, the interval outside of which a value has no meaning.
`assumptions.csv` declares those of every plan, `optional_parameters.csv` those that act only where
a study has them; `FURTHER` are those of analyses beside the plan, which a study may set as well.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain

import polars as pl

from yanzhen.study.intervals import Interval, outside, read_intervals
from yanzhen.study.problem import Problem, Words, nearest
from yanzhen.study.tables import TABLES
from yanzhen.study.words import same, words

FURTHER = (
    ("yanzhen.finance", "finance_parameters.csv"),
    ("yanzhen.effects", "effects_parameters.csv"),
    ("yanzhen.finance.fund", "fund_parameters.csv"),
)
COLUMNS = tuple(TABLES["parameters"].columns())


@dataclass(frozen=True)
class Declaration:
    """Parameters as they are declared.

    Attributes
    ----------
    table : the columns of the table `parameters`
    meaning : interval outside of which a value has no meaning, by name
    """

    table: pl.DataFrame
    meaning: Mapping[str, Interval]


@lru_cache
def declaration(package: str, file: str) -> Declaration:
    """Read the declaration of parameters that lies beside the code of a package."""
    schema = {name: column.dtype for name, column in TABLES["parameters"].columns().items()}
    read = pl.read_csv(files(package).joinpath(file).read_bytes(), schema_overrides=schema)
    intervals = read_intervals(read["parameter"].to_list(), read["meaning"].to_list())
    return Declaration(read.select(COLUMNS), intervals)


def _standard() -> Declaration:
    return declaration("yanzhen.study", "assumptions.csv")


@lru_cache(maxsize=1)
def meanings_of_parameters() -> Mapping[str, Interval]:
    """The interval of meaning of every parameter that a study may have."""
    optional = declaration("yanzhen.study", "optional_parameters.csv")
    further = [declaration(*each).meaning.items() for each in FURTHER]
    return {**_standard().meaning, **optional.meaning, **dict(chain.from_iterable(further))}


def declared_parameters() -> pl.DataFrame:
    """Every parameter that a study may have, as it is declared; null where it has no value."""
    optional = declaration("yanzhen.study", "optional_parameters.csv").table
    further = [declaration(*each).table for each in FURTHER]
    return pl.concat([_standard().table, optional, *further])


def standard_assumptions() -> pl.DataFrame:
    """The standard parameter table: value, unit, interval, source, notes."""
    return _standard().table


def _meant(name: str, known: Collection[str]) -> Words:
    """What a parameter that nothing uses was probably meant to be."""
    near = nearest(name, known)
    if near:
        return words("quoted", value=near)
    return words("one_of_parameters", names=(", ".join(known), "、".join(known)))


def parameter_fault(
    name: str, value: float, meaning: Mapping[str, Interval]
) -> tuple[Words, Words] | None:
    """What was found and expected where a parameter is unknown or its value has no meaning."""
    if name not in meaning:
        return words("unused_parameter", name=name), _meant(name, meaning)
    fault = outside(value, meaning[name])
    if fault is None:
        return None
    (found, _), expected = fault
    return same(f"{name} = {found}"), expected


def parameter_problems(
    values: Mapping[str, float], meaning: Mapping[str, Interval], file: str = ""
) -> list[Problem]:
    """Report each parameter that a command or a file sets and that cannot be used."""
    return [
        Problem.at(file, "parameters", None, "", *fault)
        for name, value in values.items()
        if (fault := parameter_fault(name, value, meaning)) is not None
    ]
