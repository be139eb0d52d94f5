"""A small study and how its needs are matched."""

import pytest

from tests.modes.technology.small_study import small_study
from yanzhen.modes.technology.matching.matching import Matching, match
from yanzhen.study import Study


@pytest.fixture(scope="session")
def study() -> Study:
    return small_study()


@pytest.fixture(scope="session")
def needs(study: Study) -> Matching:
    return match(study, "needs")
