"""What the parts of a match are worth: assumptions with their intervals, open to the user."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files

import polars as pl

from yanzhen.study import Problem, StudyError
from yanzhen.study.problem import nearest

POSITIVE = ("sigma",)


@dataclass(frozen=True)
class MatchWeights:
    """Weights of the value of a pair, in units of relevance; `matching_parameters.csv` says which.

    The value of achievement a at partner j is

        relevance · r_aj + meaning · cos_aj + concordance · c_aj + relatedness · d_aj
        − maturity · levels outside the stages taken − distance · km / 1000
        + accepted where users accepted the pair

    and that of no match `present`; each has a taste of scale `sigma`.
    """

    relevance: float
    meaning: float
    concordance: float
    relatedness: float
    maturity: float
    distance: float
    present: float
    sigma: float
    accepted: float


def match_parameters() -> pl.DataFrame:
    """The standard weights: parameter, value, unit, low, high, source, note_zh, note_en."""
    text = files("yanzhen.modes.technology").joinpath("matching_parameters.csv").read_bytes()
    return pl.read_csv(
        text, schema_overrides={"value": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    )


def match_weights(changed: Mapping[str, float] | None = None) -> MatchWeights:
    """The standard weights, some of them changed.

    Raises
    ------
    StudyError
        When a name is not among them or a value makes no sense.
    """
    table = match_parameters()
    values = dict(zip(table["parameter"], table["value"], strict=True))
    problems = []
    for name, value in (changed or {}).items():
        near = nearest(name, values)
        if name not in values:
            expected = near or ", ".join(values)
            problems.append(_problem(name, expected, expected))
        elif not 0 <= value < float("inf") or (name in POSITIVE and value == 0):
            above = ("a number above zero", "大于零的数")
            problems.append(_problem(f"{name} = {value:g}", *above))
        else:
            values[name] = value
    if problems:
        raise StudyError(problems)
    return MatchWeights(**{field.name: values[field.name] for field in fields(MatchWeights)})


def _problem(said: str, expected: str, expected_zh: str) -> Problem:
    return Problem.at("", "parameters", None, "", (said, said), (expected, expected_zh))
