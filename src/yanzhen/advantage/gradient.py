"""The industrial gradient: specialisation and productivity together."""

import numpy as np
import polars as pl

from yanzhen.advantage.cross_table import Floats, cross_table, long_frame, require_amounts
from yanzhen.advantage.specialisation import location_quotient


def gradient_coefficient(value_added: Floats, employment: Floats) -> Floats:
    """Location quotient times relative productivity.

        C_rs = LQ_rs · (V_rs / L_rs) / (Σ_k V_ks / Σ_k L_ks)

    LQ of value added; the sums of the productivity run over the regions with both figures. In
    Chinese work on industrial transfer an industry is expected to leave regions of a high
    coefficient for those of a lower one.

    Parameters
    ----------
    value_added : (N, S) V, NaN where missing
    employment : (N, S) L, NaN where missing; without workers there is no productivity

    Returns
    -------
    (N, S), NaN where either figure is missing
    """
    return location_quotient(value_added) * relative_productivity(value_added, employment)


def relative_productivity(value_added: Floats, employment: Floats) -> Floats:
    """Value added per worker over the industry's in the nation, NaN where either is missing."""
    require_amounts(value_added)
    require_amounts(employment)
    both = ~np.isnan(value_added) & ~np.isnan(employment)
    v, workers = np.where(both, value_added, 0.0), np.where(both, employment, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (v / workers) / (v.sum(axis=0) / workers.sum(axis=0))
    return np.where(both & np.isfinite(ratio), ratio, np.nan)


def gradients(frame: pl.DataFrame) -> pl.DataFrame:
    """Gradient coefficients of a long frame (region, industry, value_added, employment), one year.

    Returns
    -------
    region, industry, location_quotient, relative_productivity, gradient (null where missing)
    """
    v = cross_table(frame, "value_added")
    workers = cross_table(frame, "employment", v.regions, v.industries).values
    return long_frame(
        v.regions,
        v.industries,
        {
            "location_quotient": location_quotient(v.values),
            "relative_productivity": relative_productivity(v.values, workers),
            "gradient": gradient_coefficient(v.values, workers),
        },
    )
