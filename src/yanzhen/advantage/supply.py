"""What each region's manufacturing needs from manufacturing and cannot get within reach."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import technical_coefficients
from yanzhen.accounts.panel import Floats, Panel
from yanzhen.accounts.regional_inputs import regional_inputs
from yanzhen.accounts.study_table import has_table, national_table_of
from yanzhen.accounts.supply_gaps import GAPS, gap_beyond_reach, needs, supply_gaps
from yanzhen.advantage.access import decayed
from yanzhen.study import Study
from yanzhen.study.result_columns import NOT_EVALUATED


@dataclass(frozen=True)
class Supply:
    """Supply gaps of regions.

    Attributes
    ----------
    share_open : (N, S) gap beyond reach over the need, NaN where not known
    """

    gaps: Annotated[pl.DataFrame, GAPS]
    share_open: Floats
    not_evaluated: Annotated[pl.DataFrame, NOT_EVALUATED]


def supply(study: Study, panel: Panel, output: Floats, distance: Floats, reach_km: float) -> Supply:
    """Measure the supply gaps of a panel's industries as inputs of one another.

    Needs follow the input coefficients of all origins, regions' own where they have tables of their
    own (`accounts.regional_inputs`) and the nation's elsewhere; a region's supply of an input is
    its whole output of it, so a gap is a lower bound where final users buy from it too.

    Parameters
    ----------
    output : (N, S) completed output
    distance : (N, N) km
    reach_km : distance at which another region's supply counts 1 / e
    """
    lacking = []
    if not has_table(study):
        lacking.append("input_output")
    if not study.about.measured_by.is_money:
        lacking.append("activity.output")
    if not np.isfinite(distance).all():
        lacking.append("regions.longitude, regions.latitude, distances")
    if lacking:
        need, weight = np.full(output.shape, np.nan), np.eye(len(panel.regions))
    else:
        need, weight = (
            needs(output, _coefficients(study, panel, output)),
            decayed(distance, reach_km),
        )
        if np.isnan(need).all():
            lacking.append("activity.output of every using industry")
    beyond = gap_beyond_reach(need, output, weight)
    frame = supply_gaps(panel.regions, panel.industries, need, output, weight)
    off = [("supply_gap", ", ".join(lacking))] if lacking else []
    return Supply(
        frame.drop_nulls("need"),
        np.divide(beyond, need, out=np.full(need.shape, np.nan), where=need > 0),
        NOT_EVALUATED.frame(off),
    )


def _coefficients(study: Study, panel: Panel, output: Floats) -> Floats:
    """(S, S) inputs of all origins per unit of output, or (N, S, S) by regions' own tables."""
    national = national_table_of(study, panel.base_year, panel.industries)
    own = regional_inputs(study, panel, output, national)
    if own is not None:
        return own.products
    rows = np.array([national.sectors.index(code) for code in panel.industries])
    a = technical_coefficients(national.domestic + national.imported, national.output)
    chosen: Floats = a[np.ix_(rows, rows)]
    return chosen
