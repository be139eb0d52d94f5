"""Security of supply: how concentrated suppliers are, what falls if one is lost."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.input_output import Floats, allocation_coefficients, ghosh_inverse
from yanzhen.modes.chain.network.multiregional_flows import SupplyWeb
from yanzhen.study.result_columns import columns

HALF = 0.5
CONCENTRATION = columns(
    """region input need herfindahl concentration own_share largest_supplier largest_share
    need_after largest_supplier_after concentration_after change""",
    herfindahl="share",
    change="share",
)
"""The largest suppliers are those elsewhere; the last four are null without a state afterwards."""
EXPOSURE = columns(
    "region supplier_region share_bought exposure exposure_after change", change="share"
)
"""`share_bought` is of the region's inputs."""
CRITICAL = columns(
    """region industry output national_share lost_elsewhere lost_share dependents lost_share_after
    change""",
    change="share",
)
"""`lost_share` is of the others' output; `dependents` are regions that buy more than half of it
there."""


@dataclass(frozen=True)
class Security:
    """How a web depends on its suppliers; NaN where a region uses none of an input.

    Attributes
    ----------
    need : (N, S) domestic purchases of input i by the sectors of region r
    herfindahl : (N, S) Σ_k τ_i^kr² over all supplying regions, the region itself included
    concentration : (N, S) Σ_{k≠r} τ_i^kr², of suppliers elsewhere alone
    own_share : (N, S) τ_i^rr
    exposure : (N, N) E_rk, share of region r's output lost with the supplies of region k; 0 at r
    lost_elsewhere : (N, S) output that other regions lose with product i of region k
    dependents : (N, S) other regions that buy more than half of product i from region k
    """

    need: Floats
    herfindahl: Floats
    concentration: Floats
    own_share: Floats
    exposure: Floats
    lost_elsewhere: Floats
    dependents: Floats


def security(web: SupplyWeb) -> Security:
    """How a web depends on its suppliers.

    Concentration is the Herfindahl index of a product's sources in a region's purchases. The
    supplies of K (a region, or one product of one region) are lost when it sells nothing to
    anyone's production: the forward part of the hypothetical extraction (Dietzenbacher and van der
    Linden 1997) in the supply-driven model of Ghosh (1958),

        Δx = (G′ E_K) (G′)_KK⁻¹ x_K,   G = (I − B)⁻¹,

    what the others lose directly and through one another when nobody finds another source, has
    stocks or changes technique: an upper bound, to compare places with, not a forecast.
    """
    n, s = web.output.shape
    shares = web.shares
    need = web.purchases.sum(axis=2)
    used = need > 0
    squares: Floats = (shares**2).sum(axis=1).T
    own: Floats = np.einsum("irr->ri", shares)
    lost = _lost(web)
    by_region = lost.by_region.reshape(n, s, n).sum(axis=1)
    size = web.output.sum(axis=1)
    exposure = np.divide(by_region, size[:, None], out=np.zeros((n, n)), where=size[:, None] > 0)
    np.fill_diagonal(exposure, 0.0)
    over_half: Floats = ((shares > HALF) & used.T[:, None, :]).astype(np.float64)
    over_half[:, np.arange(n), np.arange(n)] = 0.0
    return Security(
        need=need,
        herfindahl=np.where(used, squares, np.nan),
        concentration=np.where(used, squares - own**2, np.nan),
        own_share=np.where(used, own, np.nan),
        exposure=exposure,
        lost_elsewhere=lost.elsewhere.reshape(n, s),
        dependents=over_half.sum(axis=2).T,
    )


@dataclass(frozen=True)
class _Lost:
    """Output lost: (N S, N) of each cell with each region's supplies, (N S,) elsewhere with a
    cell's."""

    by_region: Floats
    elsewhere: Floats


def _lost(web: SupplyWeb) -> _Lost:
    n, s = web.output.shape
    x = web.output.ravel()
    passed_on = ghosh_inverse(allocation_coefficients(web.flows, x)).T
    by_region = np.zeros((n * s, n))
    elsewhere = np.zeros(n * s)
    for k in range(n):
        own = np.arange(k * s, (k + 1) * s)
        columns = passed_on[:, own]
        by_region[:, k] = columns @ np.linalg.solve(columns[own], x[own])
        outside = columns.sum(axis=0) - columns[own].sum(axis=0)
        elsewhere[own] = outside * x[own] / np.diag(columns[own])
    return _Lost(by_region, elsewhere)


def concentration_table(
    web: SupplyWeb,
    before: Security,
    web_after: SupplyWeb | None,
    after: Security | None,
) -> pl.DataFrame:
    """Supplier concentration by region and input, the most concentrated first."""
    supplier, share = _largest_elsewhere(web)
    unknown = np.full(before.need.shape, np.nan)
    later = unknown if after is None else after.concentration
    values = {
        "need": before.need,
        "herfindahl": before.herfindahl,
        "concentration": before.concentration,
        "own_share": before.own_share,
        "largest_share": share,
        "need_after": unknown if after is None else after.need,
        "concentration_after": later,
        "change": later - before.concentration,
    }
    nobody = np.full(before.need.shape, None, dtype=object)
    suppliers = {
        "largest_supplier": supplier,
        "largest_supplier_after": (
            nobody if web_after is None else _largest_elsewhere(web_after)[0]
        ),
    }
    return (
        _labelled(web, values)
        .with_columns(
            pl.Series(name, labels.ravel().tolist(), pl.String)
            for name, labels in suppliers.items()
        )
        .filter(pl.max_horizontal("need", "need_after") > 0)
        .sort("concentration", "region", "input", descending=[True, False, False], nulls_last=True)
        .select(*CONCENTRATION)
    )


def _largest_elsewhere(web: SupplyWeb) -> tuple[NDArray[np.object_], Floats]:
    """(N, S) the region whose share in a region's purchases is the largest elsewhere; the share."""
    others = web.shares.copy()
    own = np.arange(len(web.regions))
    others[:, own, own] = 0.0
    labels = np.array(web.regions, dtype=object)
    return labels[others.argmax(axis=1).T], others.max(axis=1).T


def exposure_table(web: SupplyWeb, before: Security, after: Security | None) -> pl.DataFrame:
    """What each region would lose with the supplies of each other, the most exposed first."""
    n = len(web.regions)
    bought = np.einsum("ikr,ri->rk", web.shares, before.need)
    total = bought.sum(axis=1, keepdims=True)
    share = np.divide(bought, total, out=np.zeros_like(bought), where=total > 0)
    later = np.full((n, n), np.nan) if after is None else after.exposure
    r, k = np.nonzero(~np.eye(n, dtype=bool))
    labels = np.array(web.regions, dtype=object)
    return pl.DataFrame(
        {
            "region": labels[r].tolist(),
            "supplier_region": labels[k].tolist(),
            "share_bought": share[r, k],
            "exposure": before.exposure[r, k],
            "exposure_after": pl.Series(later[r, k], nan_to_null=True),
            "change": pl.Series((later - before.exposure)[r, k], nan_to_null=True),
        }
    ).sort("exposure", "region", "supplier_region", descending=[True, False, False])


def critical_table(web: SupplyWeb, before: Security, after: Security | None) -> pl.DataFrame:
    """Single points of failure: one product of one region, by what the others would lose."""
    total = web.output.sum(axis=0)
    elsewhere = web.output.sum() - web.output.sum(axis=1, keepdims=True)
    rate = _share_of(before.lost_elsewhere, elsewhere)
    later = (
        np.full(rate.shape, np.nan) if after is None else _share_of(after.lost_elsewhere, elsewhere)
    )
    values = {
        "output": web.output,
        "national_share": np.divide(
            web.output, total, out=np.zeros_like(web.output), where=total > 0
        ),
        "lost_elsewhere": before.lost_elsewhere,
        "lost_share": rate,
        "dependents": before.dependents,
        "lost_share_after": later,
        "change": later - rate,
    }
    return (
        _labelled(web, values)
        .rename({"input": "industry"})
        .with_columns(pl.col("dependents").cast(pl.Int64))
        .filter(pl.col("output") > 0)
        .sort("lost_elsewhere", "region", "industry", descending=[True, False, False])
    )


def _share_of(lost: Floats, elsewhere: Floats) -> Floats:
    """Share of the others' output; NaN where there are no others with output."""
    share: Floats = np.divide(lost, elsewhere, out=np.full(lost.shape, np.nan), where=elsewhere > 0)
    return share


def _labelled(web: SupplyWeb, values: dict[str, Floats]) -> pl.DataFrame:
    n, s = web.output.shape
    r, i = np.indices((n, s))
    return pl.DataFrame(
        {
            "region": np.array(web.regions, dtype=object)[r.ravel()].tolist(),
            "input": np.array(web.sectors, dtype=object)[i.ravel()].tolist(),
        },
        schema={"region": pl.String, "input": pl.String},
    ).with_columns(
        pl.Series(name, array.ravel(), nan_to_null=True) for name, array in values.items()
    )
