"""Which industries go together, and how close a region is to each (Hidalgo et al. 2007)."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.advantage.cross_table import Floats, cross_table, long_frame
from yanzhen.advantage.specialisation import location_quotient, presence
from yanzhen.study.result_columns import columns

COUNTS = np.float32
"""Counts of regions are exact in single precision up to 2²⁴, and twice as fast to make."""

PROXIMITIES = columns("industry related proximity")
"""Each unordered pair once, industry < related."""


def proximity(m: Floats) -> Floats:
    """Smaller of the two probabilities that a region with one industry has the other.

        φ_st = Σ_r M_rs M_rt / max(Σ_r M_rs, Σ_r M_rt)

    (Hidalgo, Klinger, Barabási and Hausmann 2007). All sums of a pair run over the regions in
    which both cells are there: a missing cell counts neither as present nor as absent. An
    industry present nowhere is related to nothing, itself included (0); a pair never seen
    together is NaN.

    Parameters
    ----------
    m : (N, S) presence, 1, 0 or NaN

    Returns
    -------
    (S, S), symmetric
    """
    both, mine, yours, seen = _co_occurrence(m)
    return _ratio(both, np.maximum(mine, yours), seen)


def cosine_proximity(m: Floats) -> Floats:
    """Cosine between the presence of two industries over regions.

        φ_st = Σ_r M_rs M_rt / √(Σ_r M_rs · Σ_r M_rt)

    Missing cells and empty industries as in `proximity`.
    """
    both, mine, yours, seen = _co_occurrence(m)
    return _ratio(both, np.sqrt(mine * yours), seen)


def jaccard_proximity(m: Floats) -> Floats:
    """Regions with both industries over regions with at least one.

        φ_st = Σ_r M_rs M_rt / (Σ_r M_rs + Σ_r M_rt − Σ_r M_rs M_rt)

    Missing cells and empty industries as in `proximity`.
    """
    both, mine, yours, seen = _co_occurrence(m)
    return _ratio(both, mine + yours - both, seen)


def relatedness_density(m: Floats, phi: Floats, least_coverage: float = 0.5) -> Floats:
    """Share of an industry's related industries that a region has.

        d_rs = Σ_t M_rt φ_ts / Σ_t φ_ts,

    both sums over the industries t whose cell in region r is there. Where these carry less than
    `least_coverage` of Σ_t φ_ts the density is NaN, so that a region of which little is known
    does not rank first.

    Parameters
    ----------
    m : (N, S) presence, 1, 0 or NaN
    phi : (S, S) proximity; a NaN pair counts as unrelated

    Returns
    -------
    (N, S); defined for a missing cell too, from the region's other industries
    """
    _require_presence(m)
    phi = np.nan_to_num(phi)
    all_related = phi.sum(axis=0)
    there = ~np.isnan(m)
    complete = bool(there.all())
    related_present = (m if complete else np.nan_to_num(m)) @ phi
    related_there = all_related if complete else there.astype(np.float64) @ phi
    with np.errstate(divide="ignore", invalid="ignore"):
        density: Floats = related_present / related_there
    enough = (related_there > 0) & (related_there >= least_coverage * all_related * (1 - 1e-12))
    density[~np.broadcast_to(enough, m.shape)] = np.nan
    return density


def relatedness(
    frame: pl.DataFrame, value: str, threshold: float = 1.0, least_coverage: float = 0.5
) -> pl.DataFrame:
    """Presence and relatedness density of a long frame (region, industry, `value`), one year.

    Returns
    -------
    region, industry, location_quotient, presence, density (null where missing)
    """
    table = cross_table(frame, value)
    quotient = location_quotient(table.values)
    m = presence(quotient, threshold)
    density = relatedness_density(m, proximity(m), least_coverage)
    return long_frame(
        table.regions,
        table.industries,
        {"location_quotient": quotient, "presence": m, "density": density},
    )


def proximities(frame: pl.DataFrame, value: str, threshold: float = 1.0) -> pl.DataFrame:
    """Proximity of every pair of industries of a long frame: region, industry, `value`."""
    table = cross_table(frame, value)
    phi = proximity(presence(location_quotient(table.values), threshold))
    first, second = np.triu_indices(len(table.industries), k=1)
    codes = np.asarray(table.industries, dtype=object)
    return pl.DataFrame(
        {"industry": codes[first], "related": codes[second]},
        schema={"industry": pl.String, "related": pl.String},
    ).with_columns(pl.Series("proximity", phi[first, second], nan_to_null=True))


def _co_occurrence(m: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Regions with both, with the first, with the second (of those seen in both), and seen."""
    _require_presence(m)
    there = ~np.isnan(m)
    has = np.nan_to_num(m).astype(COUNTS)
    both = _counted(has, has)
    if there.all():
        ubiquity = np.diag(both)
        seen = np.full((1, 1), float(len(m)))
        return both, ubiquity[:, None], ubiquity[None, :], seen
    known = there.astype(COUNTS)
    mine = _counted(has, known)
    return both, mine, mine.T, _counted(known, known)


def _counted(a: NDArray[np.float32], b: NDArray[np.float32]) -> Floats:
    counts: Floats = (a.T @ b).astype(np.float64)
    return counts


def _ratio(numerator: Floats, denominator: Floats, seen: Floats) -> Floats:
    ratio: Floats = np.zeros_like(numerator)
    np.divide(numerator, denominator, out=ratio, where=denominator > 0)
    if not seen.all():
        ratio[seen == 0] = np.nan
    return ratio


def _require_presence(m: Floats) -> None:
    if not (np.isnan(m) | (m == 0) | (m == 1)).all():
        raise ValueError("presence is 1, 0 or NaN; make it from a quotient with `presence`")
