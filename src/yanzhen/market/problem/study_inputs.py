"""What the market of a study is formulated from: the study and the results of the rooms before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from yanzhen.accounts.completion import completed
from yanzhen.accounts.panel import Panel, output_panel, require_output
from yanzhen.accounts.share_shift_projection import ShareShiftProjection, project_share_shifts
from yanzhen.advantage.attraction import LocationalAdvantage, locational_advantage
from yanzhen.study import Study
from yanzhen.study.assumptions import parameter_values, used_parameters


@dataclass(frozen=True)
class StudyInputs:
    """What the market of a study is formulated from.

    Attributes
    ----------
    study : tables
    panel : observed output
    past : departures and room carried forward, None with one year of output
    advantage : of every region in the panel's last year
    parameters : table of the parameters used
    """

    study: Study
    panel: Panel
    past: ShareShiftProjection | None
    advantage: LocationalAdvantage
    parameters: pl.DataFrame

    @cached_property
    def values(self) -> dict[str, float]:
        """Parameters by name."""
        return parameter_values(self.parameters)

    @property
    def period(self) -> tuple[int, int]:
        """First and last year of the plan, which follows the panel's last."""
        last = self.panel.base_year
        return last + 1, last + int(self.values["plan_years"])

    def with_values(self, changes: Mapping[str, float]) -> "StudyInputs":
        """The same with other values of some of the parameters."""
        values = pl.Series("value", list({**self.values, **changes}.values()), dtype=pl.Float64)
        return replace(self, parameters=self.parameters.with_columns(values))


def study_inputs(study: Study) -> StudyInputs:
    """Measure what the market of a checked study is formulated from.

    Raises
    ------
    StudyError
        When no output of manufacturing by region is known, or a parameter is used by nothing.
    """
    parameters = used_parameters(study)
    panel = output_panel(study)
    require_output(study, panel)
    past = project_share_shifts(panel) if len(panel.years) > 1 else None
    advantage = locational_advantage(
        study, panel, completed(panel)[:, :, -1], parameter_values(parameters)["access_decay"]
    )
    return StudyInputs(study, panel, past, advantage, parameters)
