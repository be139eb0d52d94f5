"""The parameters a study is run with: its own, and standard assumptions where it has none."""

from collections.abc import Mapping

import polars as pl

from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.reading import Study
from yanzhen.study.standard import (
    Declaration,
    meanings_of_parameters,
    parameter_fault,
    parameter_problems,
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


def parameters_in_use(
    declared: Declaration, of_study: pl.DataFrame, changed: Mapping[str, float]
) -> pl.DataFrame:
    """The parameters of an analysis beside the plan.

    Parameters
    ----------
    declared : of the analysis
    of_study : all that a study is run with; its own values go before the declared ones
    changed : by the user, who is then the source

    Raises
    ------
    StudyError
        When a name that is set by hand is not among them, or a value has no meaning; names every
        one.
    """
    problems = parameter_problems(changed, declared.meaning)
    if problems:
        raise StudyError(problems)
    names, of_user = pl.col("parameter"), pl.col("parameter").is_in(list(changed))
    own = of_study.filter(names.is_in(declared.table["parameter"].implode()))
    standard = declared.table.filter(~names.is_in(own["parameter"].implode()))
    return (
        pl.concat([standard, own.select(standard.columns)])
        .sort("parameter")
        .with_columns(
            value=names.replace_strict(
                dict(changed), default=pl.col("value"), return_dtype=pl.Float64
            ),
            source=pl.when(of_user).then(pl.lit("user")).otherwise("source"),
        )
    )


def parameter_values(parameters: pl.DataFrame) -> dict[str, float]:
    """Values by name."""
    return dict(zip(parameters["parameter"], parameters["value"], strict=True))
