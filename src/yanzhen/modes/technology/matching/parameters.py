"""What the parts of a match are worth: assumptions with their intervals, open to the user."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from yanzhen.study import StudyError
from yanzhen.study.standard import declaration, parameter_problems


@dataclass(frozen=True)
class MatchWeights:
    """Weights of the value of a pair, in units of relevance; `matching_parameters.csv` says which.

    The value of achievement a at partner j is

        relevance · r_aj + meaning · cos_aj + concordance · c_aj + relatedness · d_aj
        − maturity · levels outside the stages taken − distance · km / 1000
        + accepted where users accepted the pair

    and that of no match `present`; each has a taste of scale `sigma`. A need is
    matched with an achievement from the evidence `evidence` on (`evidence`), or where it was
    accepted.
    """

    relevance: float
    meaning: float
    concordance: float
    relatedness: float
    maturity: float
    distance: float
    present: float
    sigma: float
    evidence: float
    accepted: float


def match_weights(changed: Mapping[str, float] | None = None) -> MatchWeights:
    """The standard weights, some of them changed.

    Raises
    ------
    StudyError
        When a name is not among them or a value has no meaning.
    """
    declared = declaration("yanzhen.modes.technology.matching", "matching_parameters.csv")
    problems = parameter_problems(changed or {}, declared.meaning)
    if problems:
        raise StudyError(problems)
    values = dict(declared.table.select("parameter", "value").iter_rows()) | dict(changed or {})
    return MatchWeights(**{field.name: values[field.name] for field in fields(MatchWeights)})
