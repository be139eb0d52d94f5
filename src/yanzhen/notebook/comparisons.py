"""Scenarios beside a plan in a notebook."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, ClassVar

from yanzhen.market.counterfactuals.scenario import Scenario, scenario_of
from yanzhen.market.plan.plan import Plan
from yanzhen.notebook.given import Given, language_for
from yanzhen.notebook.pictures import Pictures
from yanzhen.notebook.plans import PlanResult
from yanzhen.notebook.plans import plan as make_plan
from yanzhen.notebook.result import ShownResult
from yanzhen.phrasebook import Language
from yanzhen.pipeline import compare_cleared
from yanzhen.report.analyses.scenarios import comparison_document
from yanzhen.report.document.document import Document
from yanzhen.report.figures.scenarios import race_subsidies, who_gains, who_receives
from yanzhen.report.findings.scenarios import scenario_findings
from yanzhen.report.tables.scenarios import scenario_tables
from yanzhen.report.tables.table import Table
from yanzhen.study import Problem, Study, StudyError


@dataclass(frozen=True, repr=False, eq=False)
class ComparisonResult(ShownResult):
    """Scenarios beside a plan; `yanzhen.compare` makes one.

    Attributes
    ----------
    found : the tables (`yanzhen.market.counterfactuals.comparison.Comparison`)
    plan : that the scenarios are beside
    """

    plan: Plan

    name: ClassVar[str] = "comparison"
    leading: ClassVar[str] = "who_gains"

    @property
    def study(self) -> Study:
        return self.plan.study

    @property
    def heading(self) -> str:
        first, last = self.plan.period
        title = self.reader.study_title
        return self.reader.word("scenario.title", study=title, first=first, last=last)

    @cached_property
    def findings(self) -> list[str]:
        return scenario_findings(self.plan, self.found, self.reader)

    @property
    def figures(self) -> Pictures:
        drawn = {
            "who_gains": lambda: who_gains(self.plan, self.found, self.reader),
            "who_receives": lambda: who_receives(self.found, self.reader),
        }
        for name in self.found.races["scenario"]:
            drawn[f"race_{name}"] = partial(race_subsidies, self.found, name, self.reader)
        return Pictures(drawn)

    @property
    def proof(self) -> Table:
        tables = scenario_tables(self.found, self.reader)
        return next(table for table in tables if table.key == "certificates")

    @property
    def passed(self) -> bool:
        return bool(self.found.scenarios["certified"].all())

    def document(self) -> Document:
        return comparison_document(self.plan, self.found, self.reader)


def compare(
    of: Given,
    *scenarios: str | Path | Scenario,
    lang: Language | None = None,
    **supposed: Mapping[str, Any],
) -> ComparisonResult:
    """Set scenarios beside a plan: what a subsidy, a ban, a race or another parameter would do.

    What is not explained of the past stays as it is, so that departures answer, which they do not
    where a plan is made anew.

    Parameters
    ----------
    of : a study, its path or name, or a plan, whose market is not cleared again
    scenarios : names of those that come with the package, files, or scenarios
    lang : zh or en; that of the result or the locale without it
    supposed : scenarios by name, each written as its file would be

    Raises
    ------
    StudyError
        When a scenario cannot be used, with everything that is wrong with any of them.
    ValueError
        Without any scenario.

    Examples
    --------
    >>> import yanzhen as yz
    >>> cheap = {"title_en": "Cheaper moves", "parameters": {"moving_cost": 0.05}}
    >>> found = yz.compare(yz.examples.china_provinces(), cheap=cheap, lang="en")
    >>> found.totals.filter(measure="moving_output").select(up="change").item() > 0
    True
    """
    named = _named(supposed)
    plan = of if isinstance(of, PlanResult) else make_plan(of, draws=0, lang=lang)
    found = compare_cleared(plan.cleared, [*scenarios, *named])
    return ComparisonResult(found, language_for(of, lang), plan.found)


def _named(supposed: Mapping[str, Mapping[str, Any]]) -> list[Scenario]:
    """Scenarios of mappings; what is wrong with any of them is told together."""
    scenarios, problems = [], list[Problem]()
    for name, content in supposed.items():
        try:
            scenarios.append(scenario_of(name, content))
        except StudyError as refused:
            problems += refused.problems
    if problems:
        raise StudyError(problems)
    return scenarios
