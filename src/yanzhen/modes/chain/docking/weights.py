"""What a pair of supplier and buyer is worth: the terms of its score and their weights."""

from dataclasses import dataclass, fields

import polars as pl

from yanzhen.study import StudyError
from yanzhen.study.standard import Declaration, declaration, parameter_problems

TERMS = ("present", "input_share", "coverage", "size", "distance")
"""Terms of a score in the order in which they are added up; the supplier's price comes last."""


@dataclass(frozen=True)
class DockingWeights:
    """Weights of the score of a pair, margin on the value of the goods, and what is open to it.

    The score of supplier a for the need of buyer b for input k is

        − present + input_share · s_bk + coverage · min(1, K_a / D_bk)
        − size · |log10 (w_a / w_b)| − freight cost from a to b,

    s_bk the share of k in the inputs of b's industry, K_a what a can add, D_bk what b would take,
    w the output of one enterprise. A size that is not known costs nothing.

    Attributes
    ----------
    spare : share of output that a supplier could add, where its own figure is empty
    open : share of its inputs that a buyer would take from new suppliers
    input_share, coverage : margin gained
    size : margin lost for a factor of ten
    freight : share of the goods' value for 1000 km, where the study has no freight cost
    present : worth of the present supplier, which a docking has to beat
    sigma : scale of the taste
    """

    spare: float
    open: float
    input_share: float
    coverage: float
    size: float
    freight: float
    present: float
    sigma: float


def docking_parameters() -> pl.DataFrame:
    """The standard weights: parameter, value, unit, low, high, source, note_zh, note_en."""
    return _declared().table


def with_values(parameters: pl.DataFrame, changed: dict[str, float]) -> pl.DataFrame:
    """The parameters with some values set by the user, who is then their source.

    Raises
    ------
    StudyError
        When a name is not among them, or a value has no meaning; names every one.
    """
    problems = parameter_problems(changed, _declared().meaning)
    if problems:
        raise StudyError(problems)
    column = pl.col("parameter")
    of_user = column.is_in(list(changed))
    return parameters.with_columns(
        value=column.replace_strict(changed, default=pl.col("value"), return_dtype=pl.Float64),
        source=pl.when(of_user).then(pl.lit("user")).otherwise("source"),
    )


def weights_of(parameters: pl.DataFrame) -> DockingWeights:
    """The weights of a table of parameters."""
    value = dict(zip(parameters["parameter"], parameters["value"], strict=True))
    return DockingWeights(**{f.name: value[f"docking_{f.name}"] for f in fields(DockingWeights)})


def _declared() -> Declaration:
    return declaration("yanzhen.modes.chain.docking", "docking_parameters.csv")
