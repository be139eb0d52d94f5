"""What can be known of a region and an industry at the start of a period.

All covariates come from the amounts of one year. None is a name: a region or an industry is
described by what it looks like, so that a model of them says something of places and industries
that it has never seen.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats
from yanzhen.advantage.relatedness import jaccard_proximity, proximity, relatedness_density
from yanzhen.advantage.specialisation import least, location_quotient, presence

ABSENT = 0.5
"""A location quotient below this is absence."""
NEIGHBOURS = {"similar_regions": 1 / 12, "most_similar_regions": 1 / 36, "same_mix": 1 / 18}
RELATED = 1 / 9
"""Share of the regions, or industries, that are taken for the nearest."""
FACTORS = 5
SMALLEST_QUOTIENT = 0.05


@dataclass(frozen=True)
class Covariates:
    """Covariates of every pair, dated at the start of the period.

    Attributes
    ----------
    names : (K,), those said to matter most by the literature first
    values : (N, S, K); a covariate that is not defined takes its mean over the pairs
    quotient : (N, S) location quotient, NaN where missing
    """

    names: tuple[str, ...]
    values: Floats
    quotient: Floats

    def named(self, name: str) -> Floats:
        """(N, S) one covariate."""
        return self.values[:, :, self.names.index(name)]


# Kept whole: a line for each covariate, over parts that several of them share.
def covariates(amount: Floats) -> Covariates:
    """Describe every pair of region and industry by the amounts of one year.

    - location_quotient: log(LQ + 0.05), and absent: LQ = 0
    - ubiquity, diversity: log share of the regions (industries) with LQ ≥ 1
    - region_size, industry_size: log of the total over the mean total
    - density, density_jaccard: relatedness density without the industry itself
    - similar_regions, same_mix: share of the nearest regions that have the industry, nearest by the
      correlation of standardised log(1 + LQ), or by Hellinger affinity of industry shares
    - most_similar_regions: mean log(1 + LQ) of the nearest few
    - related_industries: presence of the industries most correlated over regions, weighted
    - factors: log(1 + LQ), standardised, as five singular vectors give it back
    - concentration: log Herfindahl of the industry over regions
    - band, band_of_region: share of LQ in [0.5, 1) over regions, and over industries
    - never, never_of_region: share of LQ = 0
    - lean_to_size: mean of log(1 + LQ) times the log size of the region

    Parameters
    ----------
    amount : (N, S), NaN where missing
    """
    quotient = location_quotient(amount)
    m = presence(quotient)
    there = np.isfinite(quotient)
    known = np.nan_to_num(amount)
    shape = amount.shape
    region, industry = known.sum(axis=1), known.sum(axis=0)
    size = np.log(np.maximum(region, 1e-12) / region.mean())
    logged = np.where(there, np.log1p(np.nan_to_num(quotient)), np.nan)
    standard = _standardised(logged)
    has = np.nan_to_num(m)

    def of_regions(values: Floats) -> Floats:
        return np.broadcast_to(values[:, None], shape)

    def of_industries(values: Floats) -> Floats:
        return np.broadcast_to(values[None], shape)

    with np.errstate(divide="ignore", invalid="ignore"):
        share = known / np.where(industry > 0, industry, np.nan)
        mix = np.sqrt(known / np.where(region > 0, region, np.nan)[:, None])
    profile = _standardised(standard.T).T
    alike = profile @ profile.T
    affinity = np.nan_to_num(mix) @ np.nan_to_num(mix).T
    correlation = np.clip(standard.T @ standard, 0.0, None)
    near = {
        name: _nearest(affinity if name == "same_mix" else alike, part)
        for name, part in NEIGHBOURS.items()
    }
    related = _nearest(correlation, RELATED)
    in_band = (quotient >= least(ABSENT)) & (m == 0)
    empty = quotient == 0
    found: dict[str, Floats] = {
        "density": relatedness_density(m, _without_self(proximity(m))),
        "ubiquity": of_industries(_log_share(m, 0)),
        "similar_regions": _mean_of(near["similar_regions"], has, there),
        "location_quotient": np.log(quotient + SMALLEST_QUOTIENT),
        "most_similar_regions": _mean_of(
            near["most_similar_regions"], np.nan_to_num(logged), there
        ),
        "same_mix": _mean_of(near["same_mix"], has, there),
        "absent": np.where(there, empty, np.nan),
        "diversity": of_regions(_log_share(m, 1)),
        "region_size": of_regions(size),
        "industry_size": of_industries(np.log(np.maximum(industry, 1e-12) / industry.mean())),
        "density_jaccard": relatedness_density(m, _without_self(jaccard_proximity(m))),
        "related_industries": _mean_of(related, has.T, there.T).T,
        "factors": _factors(standard),
        "concentration": of_industries(np.log(np.nansum(share**2, axis=0) + 1e-12)),
        "band": of_industries(_share(there, in_band, 0)),
        "band_of_region": of_regions(_share(there, in_band, 1)),
        "never": of_industries(_share(there, empty, 0)),
        "never_of_region": of_regions(_share(there, empty, 1)),
        "lean_to_size": of_industries(size @ np.nan_to_num(logged) / len(size)),
    }
    values = np.stack([_filled(np.asarray(each, dtype=np.float64)) for each in found.values()], 2)
    return Covariates(tuple(found), values, quotient)


def _standardised(x: Floats) -> Floats:
    """Columns less their mean over their deviation, 0 where missing or constant."""
    there = np.isfinite(x)
    count = np.maximum(there.sum(axis=0), 1)
    centred = np.where(there, x - np.where(there, x, 0.0).sum(axis=0) / count, 0.0)
    deviation = np.sqrt((centred**2).sum(axis=0) / count)
    scaled: Floats = centred / np.where(deviation > 0, deviation, 1.0)
    return scaled


def _log_share(m: Floats, axis: int) -> Floats:
    """log of the share present, half a region (industry) added."""
    there = np.isfinite(m).sum(axis=axis)
    share: Floats = np.log((np.nansum(m, axis=axis) + 0.5) / (there + 1.0))
    return share


def _without_self(phi: Floats) -> Floats:
    return phi - np.diag(np.diag(phi))


def _nearest(similarity: Floats, part: float) -> Floats:
    """(N, N) similarity to the nearest others as weights, at least three of them, itself out."""
    n = len(similarity)
    count = min(max(round(part * n), 3), n - 1)
    others = similarity.copy()
    np.fill_diagonal(others, -np.inf)
    least = np.partition(others, n - count, axis=1)[:, n - count]
    return np.where(others >= least[:, None], np.clip(similarity, 0.0, None), 0.0)


def _mean_of(weight: Floats, values: Floats, there: NDArray[np.bool_]) -> Floats:
    """Mean of the others' values, by weight, over those that are there."""
    total = weight @ there.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: Floats = (weight @ values) / total
    return np.where(total > 0, mean, np.nan)


def _factors(standard: Floats) -> Floats:
    """The standardised table as its first singular vectors give it back (Eckart and Young 1936)."""
    first = np.linalg.eigh(standard.T @ standard).eigenvectors[:, -FACTORS:]
    given_back: Floats = standard @ first @ first.T
    return given_back


def _share(there: NDArray[np.bool_], condition: NDArray[np.bool_], axis: int) -> Floats:
    """Share of the cells that are there for which the condition holds."""
    part: Floats = (condition & there).sum(axis=axis) / np.maximum(there.sum(axis=axis), 1)
    return part


def _filled(values: Floats) -> Floats:
    known = np.isfinite(values)
    return np.where(known, values, values[known].mean() if known.any() else 0.0)
