"""A package that is not installed is told by its extra, never as want of data."""

import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from yanzhen.study.extras import EXTRA_OF, lacking

ROOT = Path(__file__).parents[2]


def test_every_extra_is_one_of_the_package_and_brings_what_is_said() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = declared["optional-dependencies"]
    distributions = packages_distributions()
    for module, extra in EXTRA_OF.items():
        brought = " ".join(extras[extra]).lower().replace("_", "-")
        names = distributions.get(module, [module])
        assert any(name.lower().replace("_", "-") in brought for name in names), module


def test_a_missing_package_is_told_with_the_command() -> None:
    said = lacking(ModuleNotFoundError("No module named 'docx'", name="docx.shared"))
    assert said is not None and "pip install 'yanzhen[office]'" in said[0] and "office" in said[1]
    assert lacking(ModuleNotFoundError(name="nowhere")) is None
