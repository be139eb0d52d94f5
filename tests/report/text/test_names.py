"""The names of a study are found once, and go with it."""

import gc

from tests.study.small import small
from yanzhen.report.text import names as module
from yanzhen.report.text.names import names


def test_names_are_found_once_for_a_study_and_a_language() -> None:
    study, other = small(), small()
    assert names(study, "zh") is names(study, "zh")
    assert names(study, "zh") is not names(study, "en")
    assert names(study, "zh") is not names(other, "zh")
    assert names(study, "zh") == names(other, "zh")


def test_names_go_with_their_study() -> None:
    study = small()
    names(study, "zh")
    key = id(study)
    assert key in module._KNOWN
    del study
    gc.collect()
    assert key not in module._KNOWN
