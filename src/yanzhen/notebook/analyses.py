"""Analyses of a study or of a plan in a notebook: diagnosis, chains, docking, effects."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from yanzhen.effects.assumed import effects_parameters
from yanzhen.effects.plan_effects import plan_effects
from yanzhen.modes.chain import Guard, chain_analysis
from yanzhen.notebook.codes import asked_code
from yanzhen.notebook.given import Given, language_for, study_of
from yanzhen.notebook.pictures import Pictures
from yanzhen.notebook.plans import PlanResult
from yanzhen.notebook.result import ShownResult
from yanzhen.phrasebook import Language
from yanzhen.report.analyses.analysis import Analysis
from yanzhen.report.analyses.docking import NAMED_IN as DOCKING_NAMES
from yanzhen.report.analyses.effects import NAMED_IN as EFFECTS_NAMES
from yanzhen.report.analyses.effects import require_model
from yanzhen.report.analyses.fund import NAMED_IN as FUND_NAMES
from yanzhen.report.analyses.registry import ANALYSES
from yanzhen.report.document.document import Document
from yanzhen.report.tables.basis import certificate_table
from yanzhen.report.tables.docking import docking_certificate_table
from yanzhen.report.tables.table import Table
from yanzhen.study import Study


@dataclass(frozen=True, repr=False, eq=False)
class Analysed(ShownResult):
    """The result of an analysis.

    Attributes
    ----------
    asked : what was asked beside the study, such as one region
    """

    asked: Mapping[str, Any]

    analysis: ClassVar[Analysis]

    @property
    def heading(self) -> str:
        work, reader = self.analysis.work, self.reader
        return reader.report_title(self.analysis.title[self.lang == "en"], work.year(self.found))

    @cached_property
    def findings(self) -> list[str]:
        return list(self.analysis.work.findings(self.found, self.asked, self.reader))

    @property
    def figures(self) -> Pictures:
        return Pictures(
            {
                name: lambda draw=draw: draw(self.found, self.asked, self.reader)  # type: ignore[misc]
                for name, draw in self.analysis.work.figures.items()
            }
        )

    def document(self) -> Document:
        return self.analysis.work.document(self.found, self.asked, self.reader)


class DiagnosisResult(Analysed):
    """Where the advantage is (`yanzhen.advantage.diagnosis.Diagnosis`)."""

    name = "diagnosis"
    analysis = ANALYSES["diagnosis"]
    leading = "rank_intervals"


class ChainResult(Analysed):
    """Who depends on whom, and what a plan changes in it (`yanzhen.modes.chain.ChainAnalysis`)."""

    name = "chain"
    analysis = ANALYSES["chain"]
    leading = "exposure"

    @property
    def proof(self) -> Table | None:
        return (
            None if self.found.certificate is None else certificate_table(self.found, self.reader)
        )

    @property
    def passed(self) -> bool:
        return self.found.certificate is None or bool(self.found.certificate.passed)


class DockingResult(Analysed):
    """Who could supply whom (`yanzhen.modes.chain.docking.docking_lists.Docking`)."""

    name = "docking"
    analysis = ANALYSES["docking"]
    leading = "docking"
    named_in = DOCKING_NAMES

    @property
    def proof(self) -> Table:
        return docking_certificate_table(self.found, self.reader)

    @property
    def passed(self) -> bool:
        return bool(self.found.certificate.passed)


class EffectsResult(Analysed):
    """What a plan does to the whole economy (`yanzhen.effects.plan_effects.Effects`)."""

    name = "effects"
    analysis = ANALYSES["effects"]
    leading = "gains"
    named_in = EFFECTS_NAMES


class FundResult(Analysed):
    """What a transfer fund should hold (`yanzhen.finance.fund.study_fund.Fund`)."""

    name = "fund"
    analysis = ANALYSES["fund"]
    leading = "frontier"
    named_in = FUND_NAMES


def diagnose(
    study: Given,
    year: int | None = None,
    region: str | None = None,
    industry: str | None = None,
    lang: Language | None = None,
) -> DiagnosisResult:
    """Diagnose where the advantage is: specialisation, change, capacity, pressure, opportunities.

    Parameters
    ----------
    study : a study, its path or name, or a result of one
    year : with observed output, the last without it
    region, industry : code or name, to look at one
    lang : zh or en; that of the result or the locale without it

    Raises
    ------
    StudyError
        When the study cannot be used or has no such region or industry.
    yanzhen.report.analyses.analysis.NotThere
        When there is no output in the year.

    Examples
    --------
    >>> import yanzhen as yz
    >>> found = yz.diagnose(yz.examples.china_provinces(), region="Anhui", lang="en")
    >>> found.year, found.regions.height
    (2017, 31)
    """
    asked = {"year": year, "region": region, "industry": industry}
    return DiagnosisResult(*_analysed(DiagnosisResult.analysis, study, asked, lang))


def docking(
    study: Given,
    inputs: int = 5,
    suppliers: int = 4,
    enterprise: str | None = None,
    region: str | None = None,
    industry: str | None = None,
    lang: Language | None = None,
) -> DockingResult:
    """List suppliers for each buyer's largest inputs, cleared within both sides' capacity.

    Parameters
    ----------
    study : a study, its path or name, or a result of one
    inputs, suppliers : largest inputs of each buyer, and suppliers listed for each
    enterprise, region, industry : of the buyers shown, by code or name
    lang : zh or en; that of the result or the locale without it

    Raises
    ------
    StudyError
        When the study cannot be used or has no such region or industry.

    Examples
    --------
    >>> import yanzhen as yz
    >>> found = yz.docking(yz.examples.synthetic_docking(), inputs=1, suppliers=2, lang="en")
    >>> found.pairs["rank"].max(), found.pairs["supplier"].n_unique() > 100
    (2, True)
    """
    asked = {
        "inputs": inputs,
        "suppliers": suppliers,
        "enterprise": enterprise,
        "region": region,
        "industry": industry,
    }
    return DockingResult(*_analysed(DockingResult.analysis, study, asked, lang))


def chain(
    of: Given,
    industry: str | None = None,
    max_exposure: float | None = None,
    max_concentration: float | None = None,
    worsen_by: float | None = None,
    repair: bool = False,
    lang: Language | None = None,
) -> ChainResult:
    """Look into industrial chains: the map, gaps, dependencies, cohorts, before and after the plan.

    Parameters
    ----------
    of : a study, its path or name, or a plan, whose market is not cleared again
    industry : code or name of the one whose chain is followed; the largest without it
    max_exposure, max_concentration, worsen_by : guard on the security of supply that the plan may
        not break: most of a region's output lost with another's supplies, highest concentration of
        a region's outside supply, and by how much the plan may raise either
    repair : whether a plan that breaks them is cleared again under caps
    lang : zh or en; that of the result or the locale without it

    Raises
    ------
    StudyError
        When the study has no input-output table or no such industry.

    Examples
    --------
    >>> import yanzhen as yz
    >>> found = yz.chain(yz.examples.china_provinces(), lang="en")
    >>> found.table_year, found.exposure.height > 0
    (2017, True)
    """
    study = study_of(of)
    followed = _codes(ChainResult.analysis, study, {"industry": industry})["industry"]
    cleared = of.cleared if isinstance(of, PlanResult) else None
    guard = Guard(max_concentration, max_exposure, worsen_by)
    found = chain_analysis(study, followed, guard, repair, plan=cleared)
    return ChainResult(found, language_for(of, lang), {"industry": followed})


def effects(
    of: Given,
    model: str | None = None,
    region: str | None = None,
    lang: Language | None = None,
    **values: float,
) -> EffectsResult:
    """Say what a plan does to the whole economy: books, sourcing, wages, prices, welfare.

    `import yanzhen as yz; yz.effects(plan)` calls this.

    Parameters
    ----------
    of : a study, its path or name, or a plan, whose market is not cleared again and whose draws are
        taken
    model : accounting, io, spatial or joint, each with those before it; as far as the tables allow
        without it
    region : code or name, to look at one
    lang : zh or en; that of the result or the locale without it
    values : other values of parameters that the result lists

    Raises
    ------
    StudyError
        When the study or the parameters cannot be used, with everything wrong.
    yanzhen.report.analyses.analysis.NotThere
        When there is no such model.

    Examples
    --------
    >>> import yanzhen as yz
    >>> found = yz.effects(yz.examples.china_provinces(), model="io", lang="en")
    >>> found.year, found.ledger_regions["region"].n_unique()
    (2017, 31)
    """
    require_model(model)
    changed = {name: float(value) for name, value in values.items()}
    asked = {"model": model, "region": region, "value": changed}
    if not isinstance(of, PlanResult):
        return EffectsResult(*_analysed(EffectsResult.analysis, of, asked, lang))
    asked |= _codes(EffectsResult.analysis, of.study, {"region": region})
    parameters = effects_parameters(of.cleared.inputs.parameters, changed)
    found = plan_effects(of.cleared, parameters, lambda: of.found.uncertainty, model)
    return EffectsResult(found, language_for(of, lang), asked)


def fund(
    study: Given,
    fund: str | None = None,
    budget: float | None = None,
    objective: str = "output",
    region: str | None = None,
    lang: Language | None = None,
    **values: float,
) -> FundResult:
    """Choose what a transfer fund should hold: where its money changes the outcome, under limits.

    Parameters
    ----------
    study : a study, its path or name, or a result of one
    fund : its code, where the study has several
    budget : in the study's money, in place of the fund's size
    objective : what is to be added, output or jobs
    region : code or name, to look at one
    lang : zh or en; that of the result or the locale without it
    values : other values of parameters that the result lists

    Raises
    ------
    StudyError
        When the study, the parameters or the limits cannot be used, with everything wrong.
    yanzhen.report.analyses.analysis.NotThere
        When there is no such fund or objective, or the budget is nothing.

    Examples
    --------
    >>> import yanzhen as yz
    >>> study = yz.examples.china_provinces()
    >>> asking = {
    ...     "funds": {"fund": ["F"], "name_en": ["SYNTHETIC fund"], "size": [50.0]},
    ...     "products": {
    ...         "product": ["G"], "kind": ["performance"], "provider": ["fund"],
    ...         "tenor_months": [36], "measure": ["jobs"], "achieved": [1.0],
    ...         "tolerance": [0.1], "financed_share": [0.2],
    ...     },
    ...     "projects": {
    ...         "project": ["P1", "P2"], "origin": ["440000", "320000"],
    ...         "site": ["340000", "420000"], "industry": ["IO42-20"] * 2,
    ...         "output": [20.0, 30.0], "investment": [10.0, 15.0],
    ...         "start": ["2018-03-31"] * 2, "products": ["G"] * 2, "fund": ["F"] * 2,
    ...     },
    ... }
    >>> found = yz.fund(yz.read_frames({**study.tables, **asking}, study.about), lang="en")
    >>> found.decisions["project"].to_list(), found.decisions["held"].all()
    (['P2', 'P1'], True)
    """
    asked = {
        "fund": fund,
        "budget": budget,
        "objective": objective,
        "region": region,
        "value": {name: float(value) for name, value in values.items()},
    }
    return FundResult(*_analysed(FundResult.analysis, study, asked, lang))


def _analysed(
    analysis: Analysis, given: Given, asked: Mapping[str, Any], lang: Language | None
) -> tuple[Any, Language, Mapping[str, Any]]:
    """What was found, the language, and what was asked, with codes for names."""
    study = study_of(given)
    coded = _codes(analysis, study, asked)
    found = analysis.work.run(study, coded, lambda share, line: None)
    return found, language_for(given, lang), coded


def _codes(analysis: Analysis, study: Study, asked: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {ask.name: ask.kind for ask in analysis.asks}
    return {name: asked_code(value, kinds[name], name, study) for name, value in asked.items()}
