"""Contracts on drawn SYNTHETIC studies: what `check` passes is appraised, paired and chosen."""

import math
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.whole.drawn_study import DrawnStudy, drawn_studies, write_drawn
from yanzhen.market.equilibrium.cleared_study import clear_study
from yanzhen.market.equilibrium.newton_dense import NotCleared
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.modes.coconstruction import Given, preset
from yanzhen.modes.coconstruction.contract.terms import Contract
from yanzhen.modes.coconstruction.gains import parties
from yanzhen.modes.coconstruction.gains.appraisal import appraise
from yanzhen.modes.coconstruction.settlement.agreements import Agreement, agreements
from yanzhen.modes.coconstruction.surveys.surveys import survey_modes, survey_pairs
from yanzhen.pipeline.checking import check_for_all
from yanzhen.report.analyses.contract_appraisal import appraisal_findings, appraisal_values
from yanzhen.report.analyses.contract_surveys import pair_findings
from yanzhen.report.text.reader import Reader
from yanzhen.study import StudyError, require_checked

STUDIES = 10
TERMS = preset("liaoning").complete(Given(tax_kinds=("value_added_tax",)))
NET_TAXES = (0.05, -0.03, 0.0, 0.2)
"""Taxes less subsidies per unit of output, the larger the subsidies the lower."""
Result = TypeVar("Result")


@settings(
    max_examples=STUDIES,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(drawn_studies(), st.integers(0, len(NET_TAXES) - 1))
def test_what_check_passes_is_appraised_paired_and_chosen(drawn: DrawnStudy, first: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        checks = check_for_all(write_drawn(_taxed(drawn, first), Path(folder) / "study"))
        if checks.problems or checks.study is None:
            return
        study = checks.study
        cleared = _answered(lambda: clear_study(study_inputs(require_checked(study))))
        if cleared is None:
            return
        homes, hosts = (
            tuple(sorted({*of(cleared).values()})) for of in (parties.homes, parties.hosts)
        )
        if not homes:
            assert any("yanzhen contract gains" in each.found for each in checks.warnings)
            return
        paired = _answered(
            lambda: survey_pairs(cleared, TERMS, "liaoning", homes, hosts, (), (3, 3))
        )
        if paired is not None:
            pair_findings(paired, Reader(paired.study, "en"))
            numbers = [paired.worth, paired.gap, paired.blocking]
            tables = [getattr(paired, name).to_dicts() for name in ("pairs", "prices", "gains")]
            assert [*_unclean(numbers), *_unclean(tables)] == []
        modes = _answered(lambda: survey_modes(cleared, TERMS, "liaoning", homes, hosts))
        if modes is not None:
            assert [*_unclean(modes.modes.to_dicts()), *_unclean(modes.pairs.to_dicts())] == []
        agreed = _answered(lambda: agreements(study)) or ()
        start = cleared.inputs.period[0]
        own = Agreement(Contract("own", homes[0], hosts[-1], start, TERMS), (), "liaoning")
        for each in [*agreed[:1], own]:
            found = _answered(lambda each=each: appraise(cleared, each))  # type: ignore[misc]
            if found is not None:
                appraisal_findings(found, Reader(found.study, "zh"))
                shown = [appraisal_values(found), found.sensitivity.to_dicts()]
                assert [*_unclean(shown)] == []


def _taxed(drawn: DrawnStudy, first: int) -> DrawnStudy:
    """The same study with taxes of every kind, by industry: plain, subsidised, none, high."""
    tables, text = drawn
    rates = {
        row["industry"]: NET_TAXES[(first + k) % len(NET_TAXES)]
        for k, row in enumerate(tables["industries"])
    }
    activity = [
        {**row, "tax": round((row.get("output") or 0.0) * rates.get(row["industry"], 0.0), 4)}
        for row in tables["activity"]
    ]
    return {**tables, "activity": activity}, text


def _answered(make: Callable[[], Result]) -> Result | None:
    """What a command makes, or None where it says in a sentence why it cannot."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            return make()
        except (StudyError, NotCleared):
            return None


def _unclean(value: Any) -> Iterator[float]:
    """Figures that nobody should read: not finite, minus zero, or the rounding of a sum."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _unclean(each)
    elif isinstance(value, float):
        minus_zero = value == 0 and math.copysign(1.0, value) < 0
        if not math.isfinite(value) or minus_zero or 0 < abs(value) < 1e-13:
            yield value
