"""The parameters of effects: as declared, as a study has them, and as they are set by hand."""

import polars as pl

from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study.assumptions import parameter_values, parameters_in_use
from yanzhen.study.standard import Declaration, declaration


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
    return parameters_in_use(_declared(), of_study, changed)


def effects_values(inputs: StudyInputs) -> dict[str, float]:
    """Values of the parameters of a study where nothing is set by hand."""
    return parameter_values(effects_parameters(inputs.parameters, {}))


def _declared() -> Declaration:
    return declaration("yanzhen.effects", "effects_parameters.csv")
