"""A plan in a notebook: its tables and pictures, other parameters, more policies, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.notebook.answers import WhyResult
from yanzhen.notebook.changes import (
    study_with_parameters,
    study_with_policies,
    warn_of_calibration,
    warn_of_intervals,
)
from yanzhen.notebook.codes import by_name, code_among, places
from yanzhen.notebook.given import Given, language_for, study_of
from yanzhen.notebook.pictures import Pictures
from yanzhen.notebook.progress import progress
from yanzhen.notebook.result import ShownResult
from yanzhen.phrasebook import Language
from yanzhen.pipeline import planned_study
from yanzhen.report.analyses.plan import plan_document
from yanzhen.report.document.document import Document
from yanzhen.report.figures import FIGURES
from yanzhen.report.findings.first_page import figures
from yanzhen.report.findings.plan import findings
from yanzhen.report.tables.basis import certificate_table
from yanzhen.report.tables.table import Table
from yanzhen.study import Study


@dataclass(frozen=True, repr=False, eq=False)
class PlanResult(ShownResult):
    """An orderly-transfer plan; `yanzhen.plan` makes one.

    Attributes
    ----------
    found : the plan's tables (`yanzhen.market.plan.plan.Plan`)
    cleared : the study and the market that the plan is of
    draws : of parameters and room, behind the intervals

    Examples
    --------
    >>> import yanzhen as yz
    >>> plan = yz.plan(yz.examples.china_provinces(), draws=0, lang="en")
    >>> plan.moves.columns[:4]
    ['industry', 'origin', 'destination', 'origin_macro_region']
    >>> plan.columns_of("macro_regions").row(4)
    ('net', 'Float64', '100 million CNY', 'Net arrivals')
    >>> plan.passed, list(plan.figures)[:3]
    (True, ['history', 'macro_regions', 'flows'])
    """

    cleared: ClearedStudy
    draws: int

    name: ClassVar[str] = "plan"
    leading: ClassVar[str] = "flows"

    @property
    def heading(self) -> str:
        first, last = self.found.period
        title = self.reader.study_title
        return self.reader.word("page.title", study=title, first=first, last=last)

    @cached_property
    def findings(self) -> list[str]:
        return findings(self.found, self.reader)

    @cached_property
    def numbers(self) -> tuple[tuple[str, str], ...]:
        return figures(self.found, self.reader)

    @property
    def proof(self) -> Table:
        return certificate_table(self.found, self.reader)

    @property
    def passed(self) -> bool:
        passed: bool = self.found.certificate.passed
        return passed

    @property
    def figures(self) -> Pictures:
        return Pictures(
            {
                name: lambda figure=figure: figure(self.found, self.reader)  # type: ignore[misc]
                for name, figure in FIGURES.items()
            }
        )

    def document(self) -> Document:
        """Return the report of the plan, without the chapters of other analyses."""
        return plan_document(self.found, self.reader)

    def with_parameters(self, **values: float) -> "PlanResult":
        """Make the plan anew with other values of some parameters.

        Says so where a value is outside the interval that the study states, and where the change
        cannot move how much leaves because staying is calibrated to what was observed.

        Raises
        ------
        StudyError
            When a parameter is not known or its value has no meaning, with everything wrong.

        Examples
        --------
        >>> import warnings
        >>> import yanzhen as yz
        >>> plan = yz.plan(yz.examples.china_provinces(), draws=0, lang="en")
        >>> with warnings.catch_warnings(record=True) as told:
        ...     warnings.simplefilter("always")
        ...     pickier = plan.with_parameters(sigma=0.05)
        >>> str(told[0].message)[:41]
        'sigma: how much leaves stays as it is, fo'
        >>> abs(pickier.leaving["output"].sum() / plan.leaving["output"].sum() - 1) < 1e-9
        True
        """
        changed = study_with_parameters(self.study, values)
        warn_of_intervals(self.study, values, self.lang)
        made = _planned(changed, self.draws, self.lang)
        warn_of_calibration(self.cleared, made.cleared, list(values), self.lang)
        return made

    def with_policy(
        self,
        instrument: str,
        value: float,
        place: str | Sequence[str] | None = None,
        industry: str | None = None,
        unit: str | None = None,
    ) -> "PlanResult":
        """Make the plan anew with one more policy in force.

        Staying is calibrated to what was observed, so that a policy changes where enterprises go
        and at what prices; the table `policies` of the plan made says what it does at the constants
        of a market without it, and so does `yanzhen.compare`.

        Parameters
        ----------
        instrument : as in the study's table of policies
        value : subsidies and taxes per unit of output are shares
        place : code or name of a region or a site, or several; everywhere without it
        industry : code or name; all without it
        unit : of the value where it is no share

        Raises
        ------
        StudyError
            When the policy cannot act, with everything wrong.

        Examples
        --------
        >>> import warnings
        >>> import yanzhen as yz
        >>> plan = yz.plan(yz.examples.china_provinces(), draws=0, lang="en")
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     paid = plan.with_policy("subsidy_per_output", 0.05, place="Gansu")
        >>> gansu = dict(region="620000")
        >>> arriving = [each.regions.filter(**gansu)["arrivals"].item() for each in (plan, paid)]
        >>> arriving[1] > arriving[0]
        True
        """
        known = places(self.study)
        asked = [place] if place is None or isinstance(place, str) else list(place)
        where = [each if each is None else code_among(each, known, "place", self.study)
                 for each in asked]  # fmt: skip
        what = None
        if industry is not None:
            named = by_name(self.study.tables["industries"], "industry")
            what = code_among(industry, named, "industry", self.study)
        row = {"instrument": instrument, "value": value, "unit": unit, "industry": what}
        changed = study_with_policies(self.study, [{**row, "place": each} for each in where])
        made = _planned(changed, self.draws, self.lang)
        warn_of_calibration(self.cleared, made.cleared, [instrument], self.lang)
        return made

    def why(self, industry: str, to: str, origin: str | None = None) -> WhyResult:
        """Say why an industry may or may not come to a place, by which rule, and why it does.

        Parameters
        ----------
        industry, to, origin : codes or names; with an origin the move's reasons are told too

        Raises
        ------
        StudyError
            When the study has no such industry or place.

        Examples
        --------
        >>> import yanzhen as yz
        >>> plan = yz.plan(yz.examples.china_provinces(), draws=0, lang="en")
        >>> plan.why("Textiles", to="Anhui", origin="Zhejiang").reasons.columns
        ['industry', 'origin', 'destination', 'rank', 'term', 'size']
        """
        study, known = self.study, places(self.study)
        named = by_name(study.tables["industries"], "industry")
        return WhyResult(
            self.found,
            code_among(industry, named, "industry", study),
            code_among(to, known, "to", study),
            None if origin is None else code_among(origin, known, "origin", study),
            self.lang,
        )


def plan(study: Given, draws: int = 200, lang: Language | None = None) -> PlanResult:
    """Make the transfer plan of a study in memory.

    Parameters
    ----------
    study : a study, its path or name, or a result of one
    draws : of parameters and room, for the intervals; none for none
    lang : zh or en; that of the result or the locale without it

    Raises
    ------
    StudyError
        When the study cannot be used.
    yanzhen.market.equilibrium.newton_dense.NotCleared
        When prices that clear the market were not found.

    Examples
    --------
    >>> import yanzhen as yz
    >>> plan = yz.plan(yz.examples.china_provinces(), draws=0, lang="en")
    >>> print(plan)  # doctest: +ELLIPSIS
    China: 31 provinces, 17 manufacturing industries: plan for orderly industrial transfer, ...
    """
    return _planned(study_of(study), draws, language_for(study, lang))


def _planned(study: Study, draws: int, lang: Language) -> PlanResult:
    with progress(lang) as tell:
        made = planned_study(study, draws, tell)
    return PlanResult(made.plan, lang, made.cleared, draws)
