"""A contract of two places in a notebook."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from yanzhen.market.equilibrium.cleared_study import ClearedStudy, clear_study
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.modes.coconstruction import PRESETS, Contract, Terms, preset, read_terms
from yanzhen.modes.coconstruction.gains.appraisal import appraise
from yanzhen.modes.coconstruction.gains.contract_offer import require_movers
from yanzhen.modes.coconstruction.gains.parties import homes, hosts, industries
from yanzhen.modes.coconstruction.settlement.agreements import Agreement
from yanzhen.modes.coconstruction.settlement.presets import given_of
from yanzhen.notebook.codes import code_among, codes_among
from yanzhen.notebook.given import Given, language_for, study_of
from yanzhen.notebook.pictures import Pictures
from yanzhen.notebook.plans import PlanResult
from yanzhen.notebook.result import ShownResult
from yanzhen.phrasebook import Language
from yanzhen.report.analyses.contract_appraisal import (
    appraisal_document,
    appraisal_findings,
    scheme_title,
)
from yanzhen.report.document.document import Document
from yanzhen.report.figures.appraisal import (
    gain_course,
    gain_curve,
    gain_parts,
    gain_sensitivity,
)
from yanzhen.report.tables.basis import certificate_table
from yanzhen.report.tables.table import Table
from yanzhen.study import Problem, Study, StudyError, require_checked
from yanzhen.study.intervals import Interval, outside

FIGURES = {
    "gain_curve": gain_curve,
    "gain_parts": gain_parts,
    "gain_course": gain_course,
    "gain_sensitivity": gain_sensitivity,
}


@dataclass(frozen=True, repr=False, eq=False)
class ContractResult(ShownResult):
    """What a contract is worth to both places; `yanzhen.contract` appraises one.

    Attributes
    ----------
    found : gains and tables (`yanzhen.modes.coconstruction.gains.appraisal.Appraisal`)
    cleared : the study and its market without the contract
    """

    cleared: ClearedStudy

    name: ClassVar[str] = "contract"
    leading: ClassVar[str] = "gain_curve"

    @property
    def heading(self) -> str:
        named, terms = self.reader.names, self.found.terms
        title = terms.title_zh if self.lang == "zh" else terms.title_en
        return self.reader.word(
            "contract.gains_title",
            home=named.regions[self.found.home],
            host=named.places[self.found.host],
            scheme=scheme_title(self.found.scheme, title),
        )

    @cached_property
    def findings(self) -> list[str]:
        return list(appraisal_findings(self.found, self.reader))

    @property
    def figures(self) -> Pictures:
        return Pictures(
            {
                name: lambda draw=draw: draw(self.found, self.reader)  # type: ignore[misc]
                for name, draw in FIGURES.items()
            }
        )

    @property
    def proof(self) -> Table:
        return certificate_table(self.cleared.clearing, self.reader)

    @property
    def passed(self) -> bool:
        return self.cleared.clearing.certificate.passed

    def document(self) -> Document:
        return appraisal_document(self.found, self.reader)


# Kept wide: what a contract leaves open, each of its own.
def contract(
    of: Given,
    home: str,
    host: str,
    terms: str | Path | Terms = "liaoning",
    industry: str | Sequence[str] = (),
    tax_kinds: Sequence[str] = ("value_added_tax",),
    top_up_share: str = "",
    home_weight: float = 0.5,
    start_year: int | None = None,
    lang: Language | None = None,
) -> ContractResult:
    """Appraise a contract of benefit sharing between two places by the study's market.

    Parameters
    ----------
    of : a study, its path or name, or a plan, whose market is not cleared again
    home, host : codes or names of the region that sends and the place that receives
    terms : a scheme by its name (`yanzhen contract presets` lists them), a TOML file, or terms
    industry : codes or names of those that it covers, all without any
    tax_kinds, top_up_share : what a scheme may leave open
    home_weight : bargaining weight of the home, between 0 and 1
    start_year : the plan's first without it
    lang : zh or en; that of the result or the locale without it

    Raises
    ------
    StudyError
        When the study, the places or the terms cannot be used, with everything wrong.

    Examples
    --------
    >>> import yanzhen as yz
    >>> found = yz.contract(yz.examples.china_provinces(), "Shanghai", "Anhui", lang="en")
    >>> found.home, found.host, found.division.columns
    ('310000', '340000', ['rule', 'party', 'amount', 'transfer'])
    """
    cleared = of.cleared if isinstance(of, PlanResult) else _cleared(study_of(of))
    study = cleared.inputs.study
    _require_weight(home_weight, study)
    require_movers(study, cleared.formulation)
    sender = code_among(home, homes(cleared), "home", study)
    receiver = code_among(host, hosts(cleared), "host", study)
    asked = [industry] if isinstance(industry, str) else industry
    covered = codes_among(asked, industries(cleared), "industry", study)
    scheme, agreed = _terms(terms, tax_kinds, top_up_share, study)
    year = start_year or cleared.inputs.period[0]
    signed = Contract(f"{sender}-{receiver}", sender, receiver, year, agreed)
    found = appraise(cleared, Agreement(signed, covered, scheme), home_weight)
    return ContractResult(found, language_for(of, lang), cleared)


def _require_weight(weight: float, study: Study) -> None:
    fault = outside(weight, Interval.written("[0, 1]"))
    if fault is not None:
        raise StudyError([Problem.at(study.path, "", None, "home_weight", *fault)])


def _cleared(study: Study) -> ClearedStudy:
    return clear_study(study_inputs(require_checked(study)))


def _terms(
    asked: str | Path | Terms, tax_kinds: Sequence[str], top_up_share: str, study: Study
) -> tuple[str, Terms]:
    """Name and terms of a scheme, completed with what is given, or of a TOML file."""
    if isinstance(asked, Terms):
        return "", asked
    if Path(asked).is_file():
        return Path(asked).stem, read_terms(asked)
    scheme = code_among(str(asked), {key: key for key in PRESETS}, "terms", study)
    return scheme, preset(scheme).complete(given_of(list(tax_kinds), top_up_share, "", ""))
