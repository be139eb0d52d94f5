"""Undertaking capacity of regions, with how far its ranks depend on weights and method."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.advantage.cross_table import Floats
from yanzhen.advantage.specialisation import ROUNDING
from yanzhen.study.quantiles import HIGH, LOW

Group = Literal["pull", "support", "potential", "resistance"]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
DIGITS = 10
"""Digits of a score between 0 and 1 beyond which a difference is rounding."""
GROUPS: tuple[Group, ...] = ("pull", "support", "potential", "resistance")


@dataclass(frozen=True)
class Indicator:
    """One indicator of undertaking capacity.

    Attributes
    ----------
    code : str
    group : what it stands for
    better : whether more or less of it raises the capacity
    name_zh, name_en : str
    """

    code: str
    group: Group
    better: Literal["more", "less"]
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Capacity:
    """Undertaking capacity of regions.

    Attributes
    ----------
    regions : region, score (mean over the draws, 0 to 1), rank_median, rank_low and rank_high
        (5 and 95 % of the draws), first (share of the draws in which it leads), missing
        (indicators without a value, for which the region is not ranked: null)
    groups : region, group, score (0 worst to 1 best of its indicators, equally weighted)
    weights : weighting, indicator, weight
    left_out : indicators of which too many regions have no value
    constant : indicators that are the same, but for rounding, in all regions ranked
    draws : int
    """

    regions: pl.DataFrame
    groups: pl.DataFrame
    weights: pl.DataFrame
    left_out: tuple[str, ...]
    constant: tuple[str, ...]
    draws: int


class NotRanked(ValueError):
    """No ranking can be made.

    Attributes
    ----------
    reason : missing (too few values), few_regions (fewer than two), constant (no indicator varies)
    """

    def __init__(self, reason: Literal["missing", "few_regions", "constant"], found: str) -> None:
        super().__init__(f"{found}: a ranking needs an indicator that varies and two regions")
        self.reason = reason


def undertaking_capacity(
    values: pl.DataFrame,
    indicators: Sequence[Indicator],
    user_weights: Mapping[str, float] | None = None,
    draws: int = 3000,
    seed: int = 0,
    most_missing: float = 0.2,
) -> Capacity:
    """Undertaking capacity by TOPSIS and by weighted sum over many draws of weights.

    Weightings: equal, entropy, CRITIC and, if given, the user's. Each draw mixes them with
    shares uniform on the simplex, and takes one of the two methods (Hwang and Yoon 1981, and
    the weighted sum of values between worst and best), half of the draws each.

    Parameters
    ----------
    values : region, indicator, value
    indicators : those to use
    user_weights : weight of each indicator, any scale
    draws, seed : of the rank intervals
    most_missing : an indicator with a larger share of regions without a value is left out, and so
        is one that does not vary among the regions ranked; a region without one of the others is
        not ranked. Scores that differ by rounding alone share a rank

    Raises
    ------
    NotRanked
        If fewer than two regions or no indicator are left.
    ValueError
        If a user's weight is missing or negative.
    """
    regions = values["region"].unique().sort().to_list()
    table = _arranged(values, regions, indicators)
    known = np.isnan(table).mean(axis=0) <= most_missing
    complete = ~np.isnan(table[:, known]).any(axis=1)
    kept = known & _varies(table[complete])
    used = [indicator for indicator, k in zip(indicators, kept, strict=True) if k]
    constant = tuple(i.code for i, k in zip(indicators, known & ~kept, strict=True) if k)
    left_out = tuple(i.code for i, k in zip(indicators, known, strict=True) if not k)
    table = table[:, kept]
    ranked = np.asarray(~np.isnan(table).any(axis=1))
    if not used or ranked.sum() < 2:
        missing = not known.any() or complete.sum() < 2
        raise NotRanked(
            "few_regions" if len(regions) < 2 else "missing" if missing else "constant",
            f"{len(used)} indicators and {int(ranked.sum())} regions with all of them",
        )
    best = _between_worst_and_best(table[ranked], used)
    weightings = _weightings(best, used, user_weights)
    scores = _drawn_scores(best, np.stack(list(weightings.values())), draws, seed)
    return Capacity(
        regions=_ranked(regions, ranked, scores, table, used),
        groups=_by_group(regions, ranked, best, used),
        weights=_weights_table(weightings, used),
        left_out=left_out,
        constant=constant,
        draws=draws,
    )


def _weightings(
    r: Floats, used: Sequence[Indicator], user_weights: Mapping[str, float] | None
) -> dict[str, Floats]:
    equal = np.full(len(used), 1.0 / len(used))
    known = {"equal": equal, "entropy": entropy_weights(r), "critic": critic_weights(r)}
    return known if user_weights is None else known | {"user": _users(user_weights, used)}


def _weights_table(weightings: Mapping[str, Floats], used: Sequence[Indicator]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (name, indicator.code, float(w))
            for name, vector in weightings.items()
            for indicator, w in zip(used, vector, strict=True)
        ],
        schema={"weighting": pl.String, "indicator": pl.String, "weight": pl.Float64},
        orient="row",
    )


def entropy_weights(r: Floats) -> Floats:
    """Weights by how unevenly an indicator is spread over regions (Shannon; Zeleny 1982).

        w_k ∝ 1 − e_k,   e_k = − Σ_i p_ik ln p_ik / ln n,   p_ik = r_ik / Σ_i r_ik,   0 ln 0 = 0

    Equal weights where every indicator is spread evenly.

    Parameters
    ----------
    r : (n, K) values, not negative, more being better
    """
    p = r / r.sum(axis=0)
    log = np.log(p, out=np.zeros_like(p), where=p > 0)
    unevenness = np.maximum(1 + (p * log).sum(axis=0) / np.log(len(r)), 0.0)
    return _to_one(unevenness)


def critic_weights(r: Floats) -> Floats:
    """Weights by spread and by disagreement with the others (CRITIC, Diakoulaki et al. 1995).

        w_k ∝ s_k Σ_l (1 − corr(r_k, r_l))

    Parameters
    ----------
    r : (n, K) values between 0, the worst, and 1, the best
    """
    correlation = np.atleast_2d(np.corrcoef(r, rowvar=False))
    return _to_one(r.std(axis=0, ddof=1) * (1 - correlation).sum(axis=0))


def _to_one(w: Floats) -> Floats:
    total = float(w.sum())
    return w / total if total > 0 else np.full(len(w), 1.0 / len(w))


def _arranged(
    values: pl.DataFrame, regions: Sequence[str], indicators: Sequence[Indicator]
) -> Floats:
    """(N, K) values, NaN where missing."""
    row = {region: k for k, region in enumerate(regions)}
    column = {indicator.code: k for k, indicator in enumerate(indicators)}
    table = np.full((len(row), len(column)), np.nan)
    for region, code, value in values.select("region", "indicator", "value").iter_rows():
        if code in column and value is not None:
            table[row[region], column[code]] = value
    return table


def _varies(table: Floats) -> Booleans:
    low = np.where(np.isnan(table), np.inf, table).min(axis=0, initial=np.inf)
    high = np.where(np.isnan(table), -np.inf, table).max(axis=0, initial=-np.inf)
    with np.errstate(invalid="ignore"):
        spread = high - low
    return np.asarray(spread > ROUNDING * np.maximum(np.abs(low), np.abs(high)))


def _between_worst_and_best(table: Floats, indicators: Sequence[Indicator]) -> Floats:
    """(n, K) 0 for the worst region, 1 for the best."""
    low, high = table.min(axis=0), table.max(axis=0)
    share: Floats = (table - low) / np.where(high > low, high - low, 1.0)
    less = np.array([indicator.better == "less" for indicator in indicators])
    return np.where(less, 1 - share, share)


def _users(user_weights: Mapping[str, float], used: Sequence[Indicator]) -> Floats:
    without = [i.code for i in used if i.code not in user_weights]
    if without or min(user_weights.values()) < 0:
        raise ValueError(
            f"weights are not negative and every indicator has one; without: {without or 'none'}"
        )
    return _to_one(np.array([float(user_weights[i.code]) for i in used]))


def _drawn_scores(best: Floats, weightings: Floats, draws: int, seed: int) -> Floats:
    """(draws, n) scores of values between 0, the worst, and 1, the best: methods in turn.

    TOPSIS, the nearness to the worst and to the best of all in the weighted indicators, and the
    weighted sum.
    """
    generator = np.random.default_rng(seed)
    mixed = generator.dirichlet(np.ones(len(weightings)), size=draws) @ weightings
    mixed /= mixed.sum(axis=1, keepdims=True)
    from_worst, from_best = (
        np.sqrt(np.einsum("dk,nk->dn", mixed[::2] ** 2, gap**2)) for gap in (best, 1 - best)
    )
    scores = np.empty((draws, len(best)))
    scores[::2] = from_worst / (from_worst + from_best)
    scores[1::2] = np.einsum("dk,nk->dn", mixed[1::2], best)
    return scores


def _ranks(falling: Floats) -> Integers:
    """(n, draws) ranks from 1 in each column; equals share the first of theirs."""
    order = np.argsort(falling, axis=0)
    sorted_ = np.take_along_axis(falling, order, axis=0)
    place = np.broadcast_to(np.arange(len(falling))[:, None], falling.shape).copy()
    place[1:][sorted_[1:] == sorted_[:-1]] = 0
    ranks = np.empty_like(place)
    np.put_along_axis(ranks, order, 1 + np.maximum.accumulate(place, axis=0), axis=0)
    return ranks


def _ranked(
    regions: Sequence[str],
    ranked: Booleans,
    scores: Floats,
    table: Floats,
    used: Sequence[Indicator],
) -> pl.DataFrame:
    # Adding zero makes −0 the 0 that it equals.
    falling = 0.0 - np.round(scores.T, DIGITS) + 0.0
    ranks = _ranks(falling).T
    columns = {
        "score": scores.mean(axis=0),
        "rank_median": np.median(ranks, axis=0),
        "rank_low": np.quantile(ranks, LOW, axis=0, method="inverted_cdf"),
        "rank_high": np.quantile(ranks, HIGH, axis=0, method="inverted_cdf"),
        "first": (ranks == 1).mean(axis=0),
    }
    missing = [[i.code for i, gap in zip(used, row, strict=True) if gap] for row in np.isnan(table)]
    frame = pl.DataFrame({"region": regions}, schema={"region": pl.String})
    for name, values in columns.items():
        spread = np.full(len(regions), np.nan)
        spread[ranked] = values
        frame = frame.with_columns(pl.Series(name, spread, nan_to_null=True))
    return frame.with_columns(
        pl.Series("missing", missing, dtype=pl.List(pl.String)),
        pl.col("rank_median", "rank_low", "rank_high").cast(pl.Float64),
    ).sort("rank_median", "score", "region", descending=[False, True, False], nulls_last=True)


def _by_group(
    regions: Sequence[str],
    ranked: Booleans,
    best: Floats,
    used: Sequence[Indicator],
) -> pl.DataFrame:
    names = [region for region, k in zip(regions, ranked, strict=True) if k]
    rows = []
    for group in GROUPS:
        own = [k for k, indicator in enumerate(used) if indicator.group == group]
        if own:
            rows += [
                (name, group, float(score))
                for name, score in zip(names, best[:, own].mean(axis=1), strict=True)
            ]
    schema = {"region": pl.String, "group": pl.String, "score": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
