"""What a pair of supplier and buyer is worth: the terms of its score and their weights."""

from dataclasses import dataclass, fields
from importlib.resources import files

import polars as pl

from yanzhen.study import Problem, StudyError
from yanzhen.study.problem import nearest

TERMS = ("present", "input_share", "coverage", "size", "distance")
"""Terms of a score in the order in which they are added up; the supplier's price comes last."""
POSITIVE = ("sigma",)
SHARES = ("spare", "open")


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
    text = files("yanzhen.modes.chain").joinpath("docking_parameters.csv").read_bytes()
    numbers = {"value": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    return pl.read_csv(text, schema_overrides=numbers)


def with_values(parameters: pl.DataFrame, changed: dict[str, float]) -> pl.DataFrame:
    """The parameters with some values set by the user, who is then their source.

    Raises
    ------
    StudyError
        When a name is not among them, or a value makes no sense; names every one.
    """
    known = parameters["parameter"].to_list()
    problems = []
    for name, value in changed.items():
        short = name.removeprefix("docking_")
        if name not in known:
            expected = nearest(name, known) or ", ".join(known)
            problems.append(_problem(name, (expected, expected)))
        elif short in SHARES and not 0 < value <= 1:
            problems.append(_problem(f"{name} = {value:g}", _SHARE))
        elif short in POSITIVE and not 0 < value < float("inf"):
            problems.append(_problem(f"{name} = {value:g}", _ABOVE_ZERO))
        elif not 0 <= value < float("inf"):
            problems.append(_problem(f"{name} = {value:g}", _NOT_NEGATIVE))
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


_SHARE = ("a share above 0 and up to 1", "大于0、不超过1的比例")
_ABOVE_ZERO = ("a number above zero", "大于零的数")
_NOT_NEGATIVE = ("zero or a number above it", "零或大于零的数")


def _problem(found: str, expected: tuple[str, str]) -> Problem:
    return Problem.at("", "parameters", None, "", (found, found), expected)
