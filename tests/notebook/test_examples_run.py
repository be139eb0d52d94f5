"""Docstrings of the calls: their examples run, and give what they say."""

import doctest
from importlib import import_module

import pytest

MODULES = (
    *("analyses", "checks", "comparisons", "contracts", "examples", "pictures", "plans"),
    "result",
)
SHOWN = (
    *("chain", "check", "compare", "contract", "diagnose"),
    *("docking", "effects", "fund", "plan"),
)
"""Calls that an example shows."""


@pytest.fixture(scope="module")
def examples() -> dict[str, doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    modules = [import_module(f"yanzhen.notebook.{name}") for name in MODULES]
    return {each.name: each for module in modules for each in finder.find(module) if each.examples}


def test_the_examples_of_the_calls_run(examples: dict[str, doctest.DocTest]) -> None:
    runner = doctest.DocTestRunner()
    said: list[str] = []
    for example in examples.values():
        runner.run(example, out=said.append)
    assert runner.failures == 0, "".join(said)


def test_every_call_shows_an_example(examples: dict[str, doctest.DocTest]) -> None:
    shown = {name.rpartition(".")[2] for name in examples}
    assert set(SHOWN) <= shown
    assert {"with_parameters", "with_policy", "why"} <= shown
