"""The rooms before the market, run for a study in memory."""

from dataclasses import dataclass

import polars as pl

from yanzhen.accounts.completion import complete
from yanzhen.accounts.panel import Panel, output_panel
from yanzhen.accounts.share_shift_projection import ShareShiftProjection, project_share_shifts
from yanzhen.advantage.attraction import LocationalAdvantage, locational_advantage
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.newton_dense import Clearing, clear
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import Study
from yanzhen.study.assumptions import parameter_values, used_parameters

TOLERANCE = 1e-8


@dataclass(frozen=True)
class Stages:
    """A cleared study, its parts by their names."""

    cleared: ClearedStudy

    @property
    def inputs(self) -> StudyInputs:
        return self.cleared.inputs

    @property
    def study(self) -> Study:
        return self.inputs.study

    @property
    def panel(self) -> Panel:
        return self.inputs.panel

    @property
    def past(self) -> ShareShiftProjection | None:
        return self.inputs.past

    @property
    def advantage(self) -> LocationalAdvantage:
        return self.inputs.advantage

    @property
    def parameters(self) -> pl.DataFrame:
        return self.inputs.parameters

    @property
    def formulation(self) -> Formulation:
        return self.cleared.formulation

    @property
    def clearing(self) -> Clearing:
        return self.cleared.clearing


def stages(study: Study) -> Stages:
    """Run a study as far as its cleared market."""
    parameters = used_parameters(study)
    decay = parameter_values(parameters)["access_decay"]
    panel = output_panel(study)
    output = complete(panel, 1).output[:, :, -1]
    advantage = locational_advantage(study, panel, output, decay)
    inputs = StudyInputs(study, panel, project_share_shifts(panel), advantage, parameters)
    formulation = formulate(inputs)
    return Stages(ClearedStudy(inputs, formulation, clear(formulation.market, TOLERANCE)))
