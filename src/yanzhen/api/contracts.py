"""Contracts of two places of a study: terms as an address says them, what they come to, schemes."""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from yanzhen.api.contract_query import ContractQuery
from yanzhen.api.plans import Plans
from yanzhen.api.problem_details import Refusal, refused_where_not_cleared
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.market.problem.tolerance import TOLERANCE
from yanzhen.modes.coconstruction import (
    PRESETS,
    ContractError,
    Given,
    Terms,
    check_contracts,
    preset,
)
from yanzhen.modes.coconstruction.contract.declarations import turned
from yanzhen.modes.coconstruction.contract.terms import Contract, Split
from yanzhen.modes.coconstruction.gains.appraisal import Appraisal, appraise_terms
from yanzhen.modes.coconstruction.gains.pair_ledger import PairLedger, pair_ledger, schemes_on_pair
from yanzhen.modes.coconstruction.gains.parties import homes, hosts, industries
from yanzhen.modes.coconstruction.gains.prospect import Prospect, prospect_of, settled_case
from yanzhen.modes.coconstruction.gains.sensitivity import sensitivity_of
from yanzhen.modes.coconstruction.settlement.agreements import Agreement, agreements
from yanzhen.modes.coconstruction.settlement.presets import USUAL_KINDS
from yanzhen.study import Study, StudyError
from yanzhen.study.units import UNITS


def schemes() -> list[dict[str, Any]]:
    """Return the schemes that come with the package, what they leave open, and their sources."""
    return [
        {
            "key": scheme.key,
            "title_zh": scheme.terms.title_zh,
            "title_en": scheme.terms.title_en,
            "open": list(scheme.open),
            "sources": [
                {"document": document, "address": address} for document, address in scheme.sources
            ],
            "note_zh": scheme.note_zh,
            "note_en": scheme.note_en,
        }
        for scheme in map(preset, PRESETS)
    ]


@dataclass(frozen=True)
class Answer:
    """What terms come to between two places.

    Attributes
    ----------
    appraisal : gains, shares, division, break-even
    ledger : who receives and counts what
    """

    appraisal: Appraisal
    ledger: PairLedger


class Contracts:
    """Contracts put to the markets of a server's plans.

    Parameters
    ----------
    plans : the plans kept
    """

    def __init__(self, plans: Plans) -> None:
        self.plans = plans
        self._markets = lru_cache(maxsize=4)(self._cleared)
        self._prospects = lru_cache(maxsize=256)(self._look_ahead)

    def market(self, study: str) -> ClearedStudy:
        """Return the market of a study's plan, without any contract.

        Raises
        ------
        Refusal
            404 where no plan has been made.
        """
        return self._markets(study, self.plans.place(study))

    def agreed(self, study: str) -> dict[str, Terms]:
        """Return the terms of a study's own agreements by their codes; none where any is wrong."""
        read = self.market(study).inputs.study
        try:
            return {each.contract.name: each.contract.terms for each in agreements(read)}
        except ContractError:
            return {}

    def base_terms(self, study: str, scheme: str, given: Given) -> Terms:
        """Return the terms of a scheme or of a study's agreement before any number is turned.

        Raises
        ------
        Refusal
            404 where there is neither of that name.
        """
        if scheme in PRESETS:
            return preset(scheme).complete(given)
        found = self.agreed(study).get(scheme)
        if found is None:
            said = f"There is no scheme and no agreement {scheme!r}."
            raise Refusal(404, said, f"没有办法或协议“{scheme}”。")
        return found

    def agreement(self, study: str, asked: ContractQuery) -> Agreement:
        """Return the contract that is asked about, put to its pair.

        Raises
        ------
        Refusal
            404 where the study has no such place or industry, or there is no such scheme; 409 with
            every contradiction of the terms.
        """
        cleared = self.market(study)
        _require_known(cleared, asked)
        start = cleared.inputs.period[0]
        notice = start + asked.leave - 1 if asked.leave else None
        terms = self.terms(study, asked)
        contract = Contract("terms", asked.home, asked.host, start, terms, notice)
        _refuse(check_contracts([contract]))
        margin = None if asked.margin is None else asked.margin / 100
        covered = (asked.industry,) if asked.industry else ()
        return Agreement(contract, covered, asked.scheme, margin)

    def terms(self, study: str, asked: ContractQuery) -> Terms:
        """Return the terms asked about, contradictory or not: the scheme's, as they are turned."""
        fen = fen_of(self.market(study).inputs.study)
        terms = self.base_terms(study, asked.scheme, _given(asked, certain=True))
        try:
            terms = turned(terms, asked.term_values(fen))
        except ValueError as error:
            raise Refusal(422, f"{error}.", f"条款超出范围：{error}。") from None
        if terms.equity is None:
            terms = replace(
                terms,
                tax_kinds=asked.tax_kinds or terms.tax_kinds,
                base=asked.base or terms.base,
                counted_from=asked.counted_from or terms.counted_from,
            )
        return terms

    def answer(self, study: str, asked: ContractQuery) -> Answer:
        """Return what the terms come to.

        Raises
        ------
        Refusal
            As `agreement`, and 409 where the terms cannot be settled on what moves.
        """
        agreement = self.agreement(study, asked)
        prospect = self._prospect(study, asked)
        # With periods of different ratios the share looked at is that of the first.
        share = "equity" if agreement.contract.terms.equity is not None else "period 1"
        try:
            cleared = self.market(study)
            settled = settled_case(cleared, agreement, prospect)
            weight = asked.weight / 100
            found = appraise_terms(cleared, agreement, prospect, weight, share, settled)
            return Answer(found, pair_ledger(cleared, agreement, prospect, settled))
        except ContractError as error:
            raise as_refusal(error) from None

    def side_by_side(self, study: str, asked: ContractQuery) -> pl.DataFrame:
        """Return every scheme on the same pair, beside the terms; as `schemes_on_pair`."""
        agreement = self.agreement(study, asked)
        prospect = self._prospect(study, asked)
        schemes, given = map(preset, PRESETS), _given(asked, certain=False)
        try:
            return schemes_on_pair(self.market(study), agreement, prospect, schemes, given)
        except ContractError as error:
            raise as_refusal(error) from None

    def sensitivity(self, study: str, asked: ContractQuery) -> Appraisal:
        """Return the appraisal with its sensitivity, the market cleared for each assumption."""
        found = self.answer(study, asked).appraisal
        with refused_where_not_cleared():
            sensitivity = sensitivity_of(self.market(study), self.agreement(study, asked))
            return replace(found, sensitivity=sensitivity)

    def _prospect(self, study: str, asked: ContractQuery) -> Prospect:
        place = self.plans.place(study)
        try:
            with refused_where_not_cleared():
                return self._prospects(study, place, asked.home, asked.host, asked.industry)
        except StudyError as error:
            raise as_refusal(error) from None

    def _cleared(self, study: str, place: Path) -> ClearedStudy:
        """The market of a plan kept at a place; what the prices are cleared to is proved again."""
        inputs = study_inputs(self.plans.read(study).study)
        formulation, prices = self.plans.market(study)
        with refused_where_not_cleared():
            clearing = clear(formulation.market, TOLERANCE, prices, formulation.labels)
        return ClearedStudy(inputs, formulation, clearing)

    def _look_ahead(self, study: str, place: Path, home: str, host: str, industry: str) -> Prospect:
        """What the market sends to a pair; it is the same under any terms."""
        terms = preset("liaoning").complete(Given(tax_kinds=USUAL_KINDS))
        cleared = self._markets(study, place)
        contract = Contract(f"{home}-{host}", home, host, cleared.inputs.period[0], terms)
        covered = (industry,) if industry else ()
        return prospect_of(cleared, Agreement(contract, covered, "liaoning"))


def fen_of(study: Study) -> int:
    """Fen in one unit of the study's money."""
    return round(UNITS[study.about.units.money].factor * 100)


def _given(asked: ContractQuery, certain: bool) -> Given:
    """What the reader gives where a source leaves it open.

    `certain` where the terms must be whole: what is not given then starts at a half, to be turned.
    """
    half = Fraction(1, 2) if certain else None
    return Given(
        tax_kinds=asked.tax_kinds or USUAL_KINDS,
        top_up_share=half if asked.supplement is None else Fraction(asked.supplement, 100),
        equity_split=(Split(1, 1) if certain else None)
        if asked.equity_share is None
        else Split(asked.equity_share, 100 - asked.equity_share),
        payout=half if asked.paid_out is None else Fraction(asked.paid_out, 100),
    )


def _require_known(cleared: ClearedStudy, asked: ContractQuery) -> None:
    places = ((asked.home, homes(cleared)), (asked.host, hosts(cleared)))
    for code, known in places:
        if code not in known.values():
            raise Refusal(404, f"The study has no place {code!r}.", f"研究没有地区“{code}”。")
    if asked.industry and asked.industry not in industries(cleared).values():
        said = f"The study has no industry {asked.industry!r}."
        raise Refusal(404, said, f"研究没有行业“{asked.industry}”。")


def _refuse(problems: tuple[Any, ...]) -> None:
    if problems:
        raise as_refusal(ContractError(problems))


def as_refusal(error: StudyError) -> Refusal:
    """Return what is wrong with terms, projects or a study as a refusal with every problem.

    Terms that contradict one another, or that don't fit what they are put to, conflict (409).
    """
    contract = isinstance(error, ContractError)
    return Refusal(
        409 if contract else 422,
        "These terms cannot be settled." if contract else "The study does not say enough.",
        "这些条款无法结算。" if contract else "研究数据不足。",
        error.problems,
    )
