"""The parameters a study is run with: its own, and standard assumptions where it has none."""

from importlib.resources import files

import polars as pl

from yanzhen.study.problem import Problem, StudyError, nearest
from yanzhen.study.reading import Study
from yanzhen.study.tables import TABLES


def standard_assumptions() -> pl.DataFrame:
    """The standard parameter table: value, unit, interval, source, notes."""
    schema = {name: column.dtype for name, column in TABLES["parameters"].columns().items()}
    text = files("yanzhen.study").joinpath("assumptions.csv").read_bytes()
    return pl.read_csv(text, schema_overrides=schema)


def used_parameters(study: Study) -> pl.DataFrame:
    """The standard parameters, each replaced by the study's own row where there is one.

    Raises
    ------
    StudyError
        When the study has a parameter that nothing uses.
    """
    own = study.tables["parameters"]
    standard = standard_assumptions()
    known = [*standard["parameter"], "departure_share"]
    strangers = [name for name in own["parameter"] if name not in known]
    if strangers:
        raise StudyError([_unknown(study, name, known) for name in strangers])
    kept = standard.filter(~pl.col("parameter").is_in(own["parameter"].implode()))
    return pl.concat([kept, own.select(standard.columns)]).sort("parameter")


def parameter_values(parameters: pl.DataFrame) -> dict[str, float]:
    """Values by name."""
    return dict(zip(parameters["parameter"], parameters["value"], strict=True))


def _unknown(study: Study, name: str, known: list[str]) -> Problem:
    near = nearest(name, known)
    row = study.tables["parameters"]["parameter"].to_list().index(name) + 2
    return Problem(
        file=study.path,
        table="parameters",
        row=row,
        column="parameter",
        found=f"'{name}'",
        expected=f"'{near}'" if near else "one of " + ", ".join(known),
        found_zh=f"“{name}”",
        expected_zh=f"“{near}”" if near else "、".join(known) + " 之一",
    )
