"""A package that is not installed is told by its extra, never as want of data."""

import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from tests.study.small import small
from yanzhen.accounts.panel import output_panel
from yanzhen.advantage import ranking as ranking_module
from yanzhen.report.diagnosis_findings import _not_evaluated
from yanzhen.study.extras import EXTRA_OF, install, lacking

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


def test_a_ranking_without_its_extra_is_no_want_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: Any, **__: Any) -> Any:
        raise ImportError("this needs pymcdm")

    monkeypatch.setattr(ranking_module, "undertaking_capacity", absent)
    panel = output_panel(small())
    found = ranking_module.ranking(small(), panel, panel.output, 500.0, 1)
    assert found.not_evaluated.rows() == [("capacity", install("capacity"))]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_findings_tell_an_extra_apart_from_data(lang: Any) -> None:
    rows = [("capacity", install("capacity")), ("distance", "distances")]
    diagnosis = SimpleNamespace(
        not_evaluated=pl.DataFrame(rows, schema=["term", "needs"], orient="row")
    )
    said = _not_evaluated(cast(Any, diagnosis), lang)
    data, _, extra = said.partition("。" if lang == "zh" else "; the tables")
    assert "pip install" not in data and "pip install 'yanzhen[capacity]'" in extra
