"""What a region's industries need and cannot get nearby."""

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import Floats
from yanzhen.study.result_columns import columns

OUT_OF_REACH = 1e-12
"""Nearness below which nothing would arrive, and shares of it are lost in rounding."""
GAPS = columns("region input need supply gap gap_beyond_reach share_open")
"""`share_open` is of the need, beyond reach."""


def needs(output: Floats, a: Floats) -> Floats:
    """(N, S) inputs of every product that a region's industries use, D_ri = Σ_s a_ris Y_rs.

    NaN in a region in which the output of any using industry is missing.

    Parameters
    ----------
    output : (N, S) Y, NaN where missing
    a : (S, S) technical coefficients of inputs of all origins, or (N, S, S) of each region
    """
    used = a.reshape(-1, a.shape[-1]).any(axis=0)
    known = np.nan_to_num(output)
    need: Floats = known @ a.T if a.ndim == 2 else np.einsum("ris,rs->ri", a, known)
    need[np.isnan(output[:, used]).any(axis=1)] = np.nan
    return need


def supply_gap(need: Floats, supply: Floats) -> Floats:
    """(N, S) need that the region's own supply leaves open, (D − O)⁺; NaN where one is missing."""
    return np.maximum(need - supply, 0.0)


def gap_beyond_reach(need: Floats, supply: Floats, weight: Floats) -> Floats:
    """(N, S) need left open by the region itself and by what others can spare within reach.

    Regions with more than they need offer the rest, E = (O − D)⁺, to those with a gap
    G = (D − O)⁺ in proportion to the gap and nearness w; what is offered is worth its nearness,
    and a region takes no more than its gap:

        gap_ri = (G_ri − Σ_k E_ki w_kr² G_ri / Σ_q w_kq G_qi)⁺

    (the modified two-step floating catchment area of Delamater 2013). A region whose need or
    supply is missing neither offers nor takes, and is NaN.

    Parameters
    ----------
    need, supply : (N, S) D and O of the same product
    weight : (N, N) w between 0 (out of reach) and 1 (as near as home)
    """
    if not ((weight >= 0) & (weight <= 1)).all():
        raise ValueError("the weight of reach lies between 0 and 1")
    weight = np.where(weight < OUT_OF_REACH, 0.0, weight)
    there = ~np.isnan(need) & ~np.isnan(supply)
    balance = np.where(there, need - supply, 0.0)
    gap, spare = np.maximum(balance, 0.0), np.maximum(-balance, 0.0)
    asked = weight @ gap
    offered = np.divide(spare, asked, out=np.zeros_like(spare), where=asked > 0)
    received = gap * ((weight**2).T @ offered)
    return np.where(there, np.maximum(gap - received, 0.0), np.nan)


def supply_gaps(
    regions: tuple[str, ...],
    inputs: tuple[str, ...],
    need: Floats,
    supply: Floats,
    weight: Floats,
) -> pl.DataFrame:
    """Gaps of every region and input as a long frame, the largest beyond reach first."""
    count = len(inputs)
    beyond = gap_beyond_reach(need, supply, weight)
    arrays = {
        "need": need,
        "supply": supply,
        "gap": supply_gap(need, supply),
        "gap_beyond_reach": beyond,
        "share_open": np.divide(beyond, need, out=np.full(need.shape, np.nan), where=need > 0),
    }
    return (
        pl.DataFrame(
            {
                "region": [region for region in regions for _ in range(count)],
                "input": list(inputs) * len(regions),
            },
            schema={"region": pl.String, "input": pl.String},
        )
        .with_columns(
            pl.Series(name, values.ravel(), nan_to_null=True) for name, values in arrays.items()
        )
        .sort(
            "gap_beyond_reach",
            "region",
            "input",
            descending=[True, False, False],
            nulls_last=True,
        )
    )
