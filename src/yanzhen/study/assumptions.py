"""The parameters a study is run with: its own, and standard assumptions where it has none."""

import polars as pl

from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.reading import Study
from yanzhen.study.standard import expected_parameter, known_parameters, standard_assumptions


def used_parameters(study: Study) -> pl.DataFrame:
    """The standard parameters, each replaced by the study's own row where there is one.

    Raises
    ------
    StudyError
        When the study has a parameter that nothing uses.
    """
    own = study.tables["parameters"]
    standard = standard_assumptions()
    known = known_parameters()
    strangers = [name for name in own["parameter"] if name not in known]
    if strangers:
        raise StudyError([_unknown(study, name) for name in strangers])
    kept = standard.filter(~pl.col("parameter").is_in(own["parameter"].implode()))
    return pl.concat([kept, own.select(standard.columns)]).sort("parameter")


def parameter_values(parameters: pl.DataFrame) -> dict[str, float]:
    """Values by name."""
    return dict(zip(parameters["parameter"], parameters["value"], strict=True))


def _unknown(study: Study, name: str) -> Problem:
    row = study.tables["parameters"]["parameter"].to_list().index(name) + 2
    found = (f"'{name}'", f"“{name}”")
    return Problem.at(study.path, "parameters", row, "parameter", found, expected_parameter(name))
