"""What a study's plan would make of its indicators: sizes of its base year with what moves."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.goals.figures import Figures, figures_of
from yanzhen.goals.measuring import Added
from yanzhen.market.equilibrium.cleared_study import ClearedStudy, clear_study
from yanzhen.market.plan.balances import arriving, leaving
from yanzhen.market.plan.draws import SEED
from yanzhen.market.plan.uncertainty import Uncertainty, uncertainty
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.study import Study


@dataclass(frozen=True)
class Outlook:
    """What a plan adds to sizes, region by region and industry by industry.

    Attributes
    ----------
    year : last year of the plan
    draws : draws that cleared
    added : of the plan first, then of each draw
    """

    year: int
    draws: int
    added: Added


def outlook(study: Study, draws: int, tell: Callable[[float], None]) -> Outlook:
    """Clear the market of a study, and again under drawn parameters and room.

    Raises
    ------
    StudyError
        When the study has no market.
    NoPrices
        When its prices were not found.
    """
    cleared = clear_study(study_inputs(study))
    return outlook_of(cleared, uncertainty(cleared, SEED, draws, tell))


def outlook_of(cleared: ClearedStudy, drawn: Uncertainty) -> Outlook:
    """Return what a plan adds to the sizes of its base year.

    Nothing else changes but what moves: neither growth nor prices are foreseen.

    Parameters
    ----------
    drawn : the plan's draws; without any there is no interval
    """
    inputs = cleared.inputs
    figures = figures_of(inputs.study)
    site = dict(cleared.formulation.room.sites.select("site", "region").iter_rows())
    came = drawn.arrivals.with_columns(
        region=pl.col("site").replace_strict(site, return_dtype=pl.String)
    )
    left = drawn.leaving.select("draw", "industry", "output", region="origin")
    kept = came["draw"].unique().sort().to_list()
    added = np.stack(
        [
            _plan(figures, cleared),
            *(_net(figures, came.filter(draw=one), left.filter(draw=one)) for one in kept),
        ],
        axis=1,
    )
    base = figures.years.index(inputs.panel.base_year)
    return Outlook(inputs.period[1], len(kept), Added(base, added))


def _plan(figures: Figures, cleared: ClearedStudy) -> Floats:
    of = cleared.formulation, cleared.clearing
    return _net(figures, arriving(*of), leaving(*of).rename({"origin": "region"}))


def _net(figures: Figures, came: pl.DataFrame, left: pl.DataFrame) -> Floats:
    """(cells,) sizes that come less those that leave."""
    place = {code: at for at, code in enumerate(figures.regions)}
    kind = {code: at for at, code in enumerate(figures.industries)}
    net = np.zeros(len(place) * len(kind))
    for rows, sign in ((came, 1.0), (left, -1.0)):
        for region, industry, output in rows.select("region", "industry", "output").iter_rows():
            if region in place and industry in kind:
                net[place[region] * len(kind) + kind[industry]] += sign * output
    return net
