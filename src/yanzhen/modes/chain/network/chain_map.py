"""The map of a chain: who supplies whom, where, how far, and at which stage."""

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import (
    Floats,
    InputOutputTable,
    leontief_inverse,
    technical_coefficients,
)
from yanzhen.accounts.linkages import linkages
from yanzhen.modes.chain.network.multiregional_flows import SupplyWeb
from yanzhen.study.result_columns import columns

LEAST_SHARE = 0.01
"""Flows below this share of what a region buys of a product are not listed."""
STAGES = columns("industry output upstreamness downstreamness backward forward")
"""`backward` and `forward` are both around 1."""
LINKS = columns("input user value share_of_inputs kilometres own_share")
"""`share_of_inputs` is of the user's located inputs, `kilometres` the mean over the flow, and
`own_share` what is bought in the region itself."""
FLOWS = columns("input supplier_region region value share kilometres")
"""`region` uses the input; `share` is of what it buys of the product."""
CHAIN = columns("region industry output in_chain share")
"""`output` is all of it, and `share` the chain's part of it."""
REGIONS = columns("region macro_region output stage inputs own_share kilometres")
"""`stage` is the mean upstreamness of the output, `kilometres` the mean over the inputs, nothing
for those of the region's own."""


def stages(nation: InputOutputTable) -> pl.DataFrame:
    """Position and linkages of every sector of the nation, the most upstream first.

    Upstreamness is the mean number of steps to final use (Antràs, Chor, Fally and Hillberry 2012),
    over all sectors and domestic flows; exports count as final use.
    """
    return (
        linkages(nation)
        .rename({"sector": "industry"})
        .with_columns(forward="forward_ghosh")
        .select(*STAGES)
        .sort("upstreamness", "industry", descending=[True, False])
    )


def links(web: SupplyWeb, distance: Floats) -> pl.DataFrame:
    """Which product goes into which industry, how much and from how far, the largest first."""
    s = len(web.sectors)
    bought = web.purchases
    shares = web.shares
    value = bought.sum(axis=0)
    own = np.einsum("irr,rij->ij", shares, bought)
    far = np.einsum("ikr,kr,rij->ij", shares, distance, bought)
    total = value.sum(axis=0, keepdims=True)
    i, j = np.indices((s, s))
    sectors = np.array(web.sectors, dtype=object)
    columns = {
        "value": value,
        "share_of_inputs": _over(value, np.broadcast_to(total, value.shape)),
        "kilometres": _over(far, value),
        "own_share": _over(own, value),
    }
    return (
        pl.DataFrame({"input": sectors[i.ravel()].tolist(), "user": sectors[j.ravel()].tolist()})
        .with_columns(pl.Series(name, x.ravel(), nan_to_null=True) for name, x in columns.items())
        .filter(pl.col("value") > 0)
        .sort("value", "input", "user", descending=[True, False, False])
    )


def flows(web: SupplyWeb, distance: Floats, least_share: float = LEAST_SHARE) -> pl.DataFrame:
    """Between which regions a product goes into production, the largest first.

    Flows below `least_share` are left out.
    """
    shares = web.shares
    need = web.purchases.sum(axis=2)
    value = shares * need.T[:, None, :]
    i, k, r = np.nonzero((shares >= least_share) & (value > 0))
    sectors, regions = (np.array(x, dtype=object) for x in (web.sectors, web.regions))
    return pl.DataFrame(
        {
            "input": sectors[i].tolist(),
            "supplier_region": regions[k].tolist(),
            "region": regions[r].tolist(),
            "value": value[i, k, r],
            "share": shares[i, k, r],
            "kilometres": pl.Series(distance[k, r], nan_to_null=True),
        }
    ).sort("value", "input", "supplier_region", "region", descending=[True, False, False, False])


def chain_of(web: SupplyWeb, industry: str) -> pl.DataFrame:
    """Output of every region and industry that one industry's output takes, at all stages.

    With K the industry in all regions and L the Leontief inverse, L E_K L_KK⁻¹ x_K: the output of
    the chain without counting what the industry itself uses of its own product twice; at K it is
    the industry's output.
    """
    n, s = web.output.shape
    x = web.output.ravel()
    leontief = leontief_inverse(technical_coefficients(web.flows, x))
    own = np.arange(n) * s + web.sectors.index(industry)
    columns = leontief[:, own]
    needed = columns @ np.linalg.solve(columns[own], x[own])
    r, i = np.indices((n, s))
    return (
        pl.DataFrame(
            {
                "region": np.array(web.regions, dtype=object)[r.ravel()].tolist(),
                "industry": np.array(web.sectors, dtype=object)[i.ravel()].tolist(),
                "output": x,
                "in_chain": needed,
            }
        )
        .with_columns(share=pl.col("in_chain") / pl.when(pl.col("output") > 0).then("output"))
        .sort("in_chain", "region", "industry", descending=[True, False, False])
    )


def reach(web: SupplyWeb, distance: Floats, upstreamness: Floats) -> pl.DataFrame:
    """How far each region's inputs come and at which stage it works.

    Parameters
    ----------
    upstreamness : (S,) of the web's sectors

    Returns
    -------
    `REGIONS` without the macro-region
    """
    shares = web.shares
    need = web.purchases.sum(axis=2)
    total = need.sum(axis=1)
    own = np.einsum("irr,ri->r", shares, need)
    far = np.einsum("ikr,kr,ri->r", shares, distance, need)
    size = web.output.sum(axis=1)
    columns = {
        "output": size,
        "stage": _over(web.output @ upstreamness, size),
        "inputs": total,
        "own_share": _over(own, total),
        "kilometres": _over(far, total),
    }
    return pl.DataFrame({"region": web.regions}).with_columns(
        pl.Series(name, x, nan_to_null=True) for name, x in columns.items()
    )


def _over(part: Floats, whole: Floats) -> Floats:
    found: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return found
