"""The parameters a study is run with: its own, and standard assumptions where it has none."""

import polars as pl

from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.reading import Study
from yanzhen.study.standard import (
    meanings_of_parameters,
    parameter_fault,
    standard_assumptions,
)


def used_parameters(study: Study) -> pl.DataFrame:
    """The standard parameters, each replaced by the study's own row where there is one.

    Raises
    ------
    StudyError
        When the study has a parameter that nothing uses, or a value beyond any meaning.
    """
    own = study.numbered("parameters")
    meaning = meanings_of_parameters()
    problems = [
        Problem.at(study.path, "parameters", row, "parameter", *fault)
        for row, name, value in own.select("row", "parameter", "value").iter_rows()
        if (fault := parameter_fault(name, value, meaning)) is not None
    ]
    if problems:
        raise StudyError(problems)
    standard = standard_assumptions()
    kept = standard.filter(~pl.col("parameter").is_in(own["parameter"].implode()))
    return pl.concat([kept, own.select(standard.columns)]).sort("parameter")


def parameter_values(parameters: pl.DataFrame) -> dict[str, float]:
    """Values by name."""
    return dict(zip(parameters["parameter"], parameters["value"], strict=True))
