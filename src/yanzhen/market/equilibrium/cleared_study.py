"""A study with its market formulated and cleared: what plans, scenarios and modes start from."""

from dataclasses import dataclass

from yanzhen.market.equilibrium.newton_dense import Clearing, clear
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.market.problem.tolerance import TOLERANCE
from yanzhen.study.short_repr import ShortRepr


@dataclass(frozen=True, repr=False)
class ClearedStudy(ShortRepr):
    """A study's market and prices that clear it.

    Attributes
    ----------
    inputs : what the market is formulated from
    formulation : the market and its labels
    clearing : prices, choices and certificate
    """

    inputs: StudyInputs
    formulation: Formulation
    clearing: Clearing


def clear_study(inputs: StudyInputs, tolerance: float = TOLERANCE) -> ClearedStudy:
    """Formulate, calibrate and clear the market of a study.

    Raises
    ------
    StudyError
        As `formulate` does.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear it were not found.
    """
    formulation = formulate(inputs)
    clearing = clear(formulation.market, tolerance, labels=formulation.labels)
    return ClearedStudy(inputs, formulation, clearing)
