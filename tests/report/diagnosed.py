"""Diagnoses to report on: the embedded example's, as it is and as if it were made up."""

from dataclasses import replace
from functools import cache

from yanzhen.advantage.diagnosis import Diagnosis, diagnose
from yanzhen.study import read_study


@cache
def example_diagnosis() -> Diagnosis:
    """The diagnosis of the embedded example, from real figures."""
    return diagnose(read_study("china-provinces"))


@cache
def synthetic_diagnosis() -> Diagnosis:
    """The same, of a study that says it is SYNTHETIC."""
    found = example_diagnosis()
    about = replace(found.study.about, synthetic=True)
    return replace(found, study=replace(found.study, about=about))
