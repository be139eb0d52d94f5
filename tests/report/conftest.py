"""Plans to report on: made-up ones, and the embedded example's."""

from pathlib import Path

import pytest

from tests.report.synthetic import synthetic_plan
from tests.report.synthetic_places import ELSEWHERE, HARMFUL, INDUSTRIES, PROVINCES
from yanzhen.market.plan.plan import Plan
from yanzhen.pipeline import PlanRun, run_plan
from yanzhen.report import figures
from yanzhen.report.analyses.plan import plan_in_word
from yanzhen.report.document.docx import write_docx
from yanzhen.report.text.reader import Reader


@pytest.fixture(scope="session")
def plan() -> Plan:
    """Provinces of China, SYNTHETIC numbers."""
    return synthetic_plan()


@pytest.fixture(scope="session")
def plan_for_word(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its report in Chinese as a Word document."""
    pytest.importorskip("docx")
    path = tmp_path_factory.mktemp("word") / "report.docx"
    write_docx(plan_in_word(plan, Reader(plan.study, "zh")), path)
    return path


@pytest.fixture(scope="session")
def foreign_plan() -> Plan:
    """Four regions of no country, SYNTHETIC numbers."""
    return synthetic_plan(regions=ELSEWHERE, classification="made up")


@pytest.fixture(scope="session")
def harmful_plan() -> Plan:
    """Names that would run as scripts if they were not escaped."""
    regions = {code: (HARMFUL, HARMFUL, *row[2:]) for code, row in PROVINCES.items()}
    industries = {code: (HARMFUL, HARMFUL) for code in INDUSTRIES}
    return synthetic_plan(regions=regions, industries=industries)


@pytest.fixture(scope="session")
def example_run(tmp_path_factory: pytest.TempPathFactory) -> PlanRun:
    """The run of the embedded example, from real figures, without its report."""
    from yanzhen import pipeline

    folder: Path = tmp_path_factory.mktemp("example")
    with pytest.MonkeyPatch.context() as patch:
        # Reports are written by the tests that look at them.
        patch.setattr(pipeline, "write_plan", lambda plan, out, lang, chapters: None)
        return run_plan("china-provinces", folder, "zh", lambda stage, done: None, draws=10)


@pytest.fixture(scope="session")
def example_plan(example_run: PlanRun) -> Plan:
    """The plan of the embedded example."""
    return example_run.plan


@pytest.fixture(params=sorted(figures.FIGURES))
def figure(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)
