"""What the ledger of a plan starts from: measures of the base year by region and industry."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.market.equilibrium.cleared_study import ClearedStudy

OWN = ("value_added", "tax")
"""Measures that only a region's own figures tell."""


def measures_before(cleared: ClearedStudy) -> Mapping[str, Floats]:
    """(N, S) output, value added, jobs, tax, energy and emissions of the base year, NaN unknown.

    Jobs, energy and emissions are the market's: a region's own, otherwise its industry's usual ones
    per output. Value added and tax are the region's own alone.
    """
    panel, advantage = cleared.inputs.panel, cleared.inputs.advantage
    output = advantage.output
    measures = {
        "output": output,
        "jobs": advantage.jobs_per_output * output,
        "energy": advantage.energy_per_output * output,
        "emissions": advantage.emissions_per_output * output,
    }
    rows = cleared.inputs.study.tables["activity"].filter(
        pl.col("year") == panel.base_year,
        pl.col("region").is_in(panel.regions),
        pl.col("industry").is_in(panel.industries),
    )
    regions = {code: n for n, code in enumerate(panel.regions)}
    industries = {code: s for s, code in enumerate(panel.industries)}
    at = (
        [regions[code] for code in rows["region"]],
        [industries[code] for code in rows["industry"]],
    )
    for name in OWN:
        own = np.full(output.shape, np.nan)
        own[at] = rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        measures[name] = own
    return measures
