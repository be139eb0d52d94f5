"""The parameters of effects: as declared, as a study has them, and as they are set by hand."""

import polars as pl

from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import StudyError
from yanzhen.study.assumptions import parameter_values
from yanzhen.study.standard import Declaration, declaration, parameter_problems


def effects_parameters(of_study: pl.DataFrame, changed: dict[str, float]) -> pl.DataFrame:
    """The parameters in use.

    Parameters
    ----------
    of_study : all that a study is run with; its own values go before the declared ones
    changed : by the user, who is then the source

    Raises
    ------
    StudyError
        When a name that is set by hand is not among them, or a value has no meaning; names every
        one.
    """
    declared = _declared()
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
            value=names.replace_strict(changed, default=pl.col("value"), return_dtype=pl.Float64),
            source=pl.when(of_user).then(pl.lit("user")).otherwise("source"),
        )
    )


def effects_values(inputs: StudyInputs) -> dict[str, float]:
    """Values of the parameters of a study where nothing is set by hand."""
    return parameter_values(effects_parameters(inputs.parameters, {}))


def _declared() -> Declaration:
    return declaration("yanzhen.effects", "effects_parameters.csv")
