"""Cooperation at a plan: the mode for the pairs of its largest moves, and the study's agreements.

Amounts in the study's money, expected and discounted to the first year.
"""

from dataclasses import dataclass
from typing import Annotated

import polars as pl

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.modes.coconstruction.contract.consistency import ContractError
from yanzhen.modes.coconstruction.gains.appraisal import appraise_terms
from yanzhen.modes.coconstruction.gains.prospect import prospect_of
from yanzhen.modes.coconstruction.settlement.agreements import Agreement, agreements
from yanzhen.modes.coconstruction.settlement.presets import USUAL_KINDS, Given, preset
from yanzhen.modes.coconstruction.surveys.surveys import ModeSurvey, survey_modes
from yanzhen.study.result_columns import columns

SCHEME = "liaoning"
"""Whose terms stand for benefit sharing: halves for ten years, of one tax."""
MOST_HOMES, MOST_HOSTS = 6, 8
AGREEMENTS = columns(
    """agreement home host scheme from_year home_gain host_gain joint home_even host_even missing
    missing_zh""",
    missing="text",
)
"""`home_even` and `host_even` are years from which each is no longer behind, null for never;
`missing` says why it cannot be appraised, empty where it can; the figures are null then."""


@dataclass(frozen=True)
class PlanSurvey(ModeSurvey):
    """What cooperation is worth at a plan: modes for the pairs of its largest moves, agreements."""

    agreements: Annotated[pl.DataFrame, AGREEMENTS]


def plan_survey(cleared: ClearedStudy, moves: pl.DataFrame) -> PlanSurvey:
    """Look at cooperation between the homes and hosts of a plan's largest moves.

    Parameters
    ----------
    cleared : the plan's study and market
    moves : origin, destination, output

    Raises
    ------
    ContractError
        With everything that is wrong with the study's agreements.
    StudyError
        When the study doesn't say what an industry pays in taxes.
    """
    terms = preset(SCHEME).complete(Given(tax_kinds=USUAL_KINDS))
    homes, hosts = _largest(moves, "origin", MOST_HOMES), _largest(moves, "destination", MOST_HOSTS)
    survey = survey_modes(cleared, terms, SCHEME, homes, hosts)
    rows = (_appraised(cleared, each) for each in agreements(cleared.inputs.study))
    return PlanSurvey(**vars(survey), agreements=AGREEMENTS.frame(rows))


def _largest(moves: pl.DataFrame, side: str, most: int) -> tuple[str, ...]:
    """Places from which, or to which, most output moves."""
    ranked = (
        moves.group_by(side, maintain_order=True)
        .agg(pl.col("output").sum())
        .sort("output", side, descending=[True, False])
    )
    return tuple(ranked[side].head(most).sort())


def _appraised(cleared: ClearedStudy, agreement: Agreement) -> dict[str, object]:
    contract = agreement.contract
    named = {
        "agreement": contract.name,
        "home": contract.home,
        "host": contract.host,
        "scheme": agreement.scheme,
        "from_year": contract.start_year,
    }
    try:
        appraisal = appraise_terms(cleared, agreement, prospect_of(cleared, agreement))
    except ContractError as error:
        first = error.problems[0]
        return {**named, "missing": first.found, "missing_zh": first.found_zh}
    return {
        **named,
        "home_gain": appraisal.home_gain,
        "host_gain": appraisal.host_gain,
        "joint": appraisal.home_gain + appraisal.host_gain,
        "home_even": appraisal.break_even["home"],
        "host_even": appraisal.break_even["host"],
        "missing": "",
        "missing_zh": "",
    }
