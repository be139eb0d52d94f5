"""The rooms before the market, run for a study in memory."""

from dataclasses import dataclass

import polars as pl

from yanzhen.accounts.completion import complete
from yanzhen.accounts.panel import Panel, output_panel
from yanzhen.accounts.share_shift_projection import ShareShiftProjection, project_share_shifts
from yanzhen.advantage.locational_advantage import LocationalAdvantage, locational_advantage
from yanzhen.market.counterfactuals.baseline import Equilibrium, Given
from yanzhen.market.equilibrium.newton_dense import Clearing, clear
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.study import Study
from yanzhen.study.assumptions import parameter_values, used_parameters

TOLERANCE = 1e-8


@dataclass(frozen=True)
class Stages:
    """What the market's functions ask for."""

    study: Study
    panel: Panel
    past: ShareShiftProjection | None
    offered: LocationalAdvantage
    parameters: pl.DataFrame
    formulation: Formulation
    clearing: Clearing

    @property
    def given(self) -> Given:
        return Given(
            self.study, self.panel, self.past, self.offered, parameter_values(self.parameters)
        )

    @property
    def base(self) -> Equilibrium:
        return Equilibrium(self.formulation, self.clearing)


def stages(study: Study) -> Stages:
    """Run a study as far as its cleared market."""
    parameters = used_parameters(study)
    values = parameter_values(parameters)
    panel = output_panel(study)
    past = project_share_shifts(panel)
    offered = locational_advantage(
        study, panel, complete(panel, 1).output[:, :, -1], values["access_decay"]
    )
    formulation = formulate(study, panel, past, offered, values)
    return Stages(
        study,
        panel,
        past,
        offered,
        parameters,
        formulation,
        clear(formulation.market, TOLERANCE),
    )
