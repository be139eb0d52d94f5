"""The example's plan, made once for all tests of notebooks."""

import pytest

import yanzhen as yz
from yanzhen.notebook.plans import PlanResult


@pytest.fixture(scope="session")
def plan() -> PlanResult:
    return yz.plan(yz.examples.china_provinces(), draws=0, lang="en")
