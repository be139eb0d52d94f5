"""What makes a pair of achievement and partner good, term by term."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import base_year, leaf_regions
from yanzhen.advantage.relatedness import relatedness
from yanzhen.modes.technology.matching.concordance import industries_by_class
from yanzhen.modes.technology.matching.parameters import MatchWeights
from yanzhen.modes.technology.search.candidates import Compared, Rows
from yanzhen.modes.technology.text.embedding import Encoder, cosines
from yanzhen.study import Study
from yanzhen.study.distances import distances, largest_where_unknown
from yanzhen.study.result_columns import NOT_EVALUATED, columns

Value = TypeVar("Value", bound=Hashable)

TERMS = ("relevance", "meaning", "concordance", "relatedness", "maturity", "distance", "accepted")
"""Terms of the value of a pair, in the order in which they are added up."""

FIGURES = columns("relevance meaning concordance relatedness levels_outside kilometres")


@dataclass(frozen=True)
class PairTerms:
    """Terms of candidate pairs.

    Attributes
    ----------
    worth : (n, terms) value of each term of `TERMS`, weight included
    figures : `FIGURES` of each pair, null where the study cannot say
    not_evaluated : terms that are off for all pairs and what would switch them on
    """

    worth: NDArray[np.float64]
    figures: pl.DataFrame
    not_evaluated: pl.DataFrame


def pair_terms(
    study: Study,
    achievements: pl.DataFrame,
    partners: pl.DataFrame,
    found: Compared,
    weights: MatchWeights,
    accepted: NDArray[np.bool_],
    concordance: pl.DataFrame | None,
    encode: Encoder | None,
) -> PairTerms:
    """Evaluate the terms of candidate pairs; a term that is not known adds nothing.

    A distance that is not known costs what the largest of the pairs does.

    Parameters
    ----------
    study : for activity, regions and distances
    achievements, partners : both sides
    found : candidate pairs with their relevance
    weights : of the terms
    accepted : (n,) pairs that users accepted
    concordance : level, industry; None switches the term off
    encode : sentence-embedding model; None switches the term off
    """
    a, p = found.achievement, found.partner
    unknown = np.full(a.size, np.nan)
    by_class = (
        None if concordance is None else industries_by_class(achievements["ipc"], concordance)
    )
    meaning = (
        unknown
        if encode is None
        else cosines(encode, (_texts(achievements), _texts(partners)), (a, p))
    )
    figures = pl.DataFrame(
        {
            "relevance": found.relevance,
            "meaning": meaning,
            "concordance": unknown if by_class is None else _met(by_class, partners, a, p),
            "relatedness": _relatedness(study, achievements, partners, by_class, a, p),
            "levels_outside": _levels_outside(achievements, partners, a, p),
            "kilometres": _kilometres(study, achievements, partners, a, p),
        }
    )
    weight = _weight_of_figures(weights)
    worth = np.zeros((a.size, len(TERMS)), order="F")
    for term, (name, each) in enumerate(weight.items()):
        figure = figures[name].to_numpy()
        if name == "kilometres":
            figure = largest_where_unknown(figure, np.isfinite(figure))
        worth[:, term] = each * np.nan_to_num(figure)
    worth[:, len(weight)] = weights.accepted * accepted
    off = [name for name in NEEDS if figures[name].is_nan().all()]
    lacking = NOT_EVALUATED.frame((name, NEEDS[name]) for name in off)
    return PairTerms(worth, figures.fill_nan(None), lacking)


NEEDS = {
    "meaning": "model",
    "concordance": "concordance",
    "relatedness": "activity.output, technologies.industry",
    "levels_outside": "technologies.trl, technology_needs.trl_low, incubators.stage_low",
    "kilometres": "regions.longitude, regions.latitude, technologies.region",
}


def _weight_of_figures(weights: MatchWeights) -> dict[str, float]:
    return {
        "relevance": weights.relevance,
        "meaning": weights.meaning,
        "concordance": weights.concordance,
        "relatedness": weights.relatedness,
        "levels_outside": -weights.maturity,
        "kilometres": -weights.distance / 1000,
    }


def _texts(table: pl.DataFrame) -> list[str]:
    joined = pl.concat_str("title", "text", separator="\n", ignore_nulls=True)
    return table.select(joined.fill_null("")).to_series().to_list()


def _parts(cell: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (cell or "").split(";") if part.strip())


def _numbered(values: Iterable[Value]) -> tuple[Rows, list[Value]]:
    """Number of each value, and the different values in the order of their first appearance."""
    known: dict[Value, int] = {}
    number = np.array([known.setdefault(value, len(known)) for value in values], dtype=np.int64)
    return number, list(known)


def _met(
    by_class: list[dict[str, float]], partners: pl.DataFrame, a: Rows, p: Rows
) -> NDArray[np.float64]:
    """Share of the patent classes that leads to an industry of the partner, or part of it."""
    led, shares = _numbered([tuple(shares.items()) for shares in by_class])
    own, industries = _numbered([_parts(cell) for cell in partners["industry"]])
    numbers, place = np.unique(led[a] * len(industries) + own[p], return_inverse=True)
    met = [
        sum(
            share
            for industry, share in shares[number // len(industries)]
            if industry.startswith(industries[number % len(industries)])
        )
        for number in numbers.tolist()
    ]
    return np.array(met, dtype=np.float64)[place]


def _relatedness(
    study: Study,
    achievements: pl.DataFrame,
    partners: pl.DataFrame,
    by_class: list[dict[str, float]] | None,
    a: Rows,
    p: Rows,
) -> NDArray[np.float64]:
    """Relatedness density of the achievement's industry in the region that receives it.

    The industry is the achievement's own, otherwise the likeliest by its patent classes.
    """
    measure = study.about.size
    activity = study.tables["activity"].filter(
        pl.col("region").is_in(leaf_regions(study.tables["regions"])),
        pl.col(measure).is_not_null(),
    )
    if activity.is_empty():
        return np.full(a.size, np.nan)
    last = activity.filter(pl.col("year") == base_year(study))
    found = relatedness(last.select("region", "industry", measure), measure)
    density = {
        (region, industry): value
        for region, industry, value in found.select("region", "industry", "density").iter_rows()
    }
    industry = achievements["industry"].to_list()
    if by_class is not None:
        likeliest = [
            max(shares, key=lambda s: shares[s]) if shares else None for shares in by_class
        ]
        industry = [own or other for own, other in zip(industry, likeliest, strict=True)]
    of_achievement, industries = _numbered(industry)
    of_partner, homes = _numbered(partners["home_region"])
    table = np.array([[density.get((home, code)) for code in industries] for home in homes], float)
    between: NDArray[np.float64] = table[of_partner[p], of_achievement[a]]
    return between


def _levels_outside(
    achievements: pl.DataFrame, partners: pl.DataFrame, a: Rows, p: Rows
) -> NDArray[np.float64]:
    trl = _numbers(achievements["trl"])[a]
    low, high = _numbers(partners["stage_low"])[p], _numbers(partners["stage_high"])[p]
    below = np.where(np.isnan(low), 0.0, np.maximum(low - trl, 0.0))
    above = np.where(np.isnan(high), 0.0, np.maximum(trl - high, 0.0))
    return np.where(np.isnan(low) & np.isnan(high), np.nan, below + above)


def _numbers(column: pl.Series) -> NDArray[np.float64]:
    return column.cast(pl.Float64).fill_null(np.nan).to_numpy()


def _kilometres(
    study: Study, achievements: pl.DataFrame, partners: pl.DataFrame, a: Rows, p: Rows
) -> NDArray[np.float64]:
    """Distance from the owner's region to the one where the partner stands."""
    regions = tuple(
        dict.fromkeys(
            region
            for side in (achievements, partners)
            for region in side["region"].to_list()
            if region is not None
        )
    )
    if not regions:
        return np.full(a.size, np.nan)
    between = distances(study.tables, regions).kilometres
    apart = np.pad(between, (0, 1), constant_values=np.nan)
    place = {region: k for k, region in enumerate(regions)}
    rows, columns = (
        np.array([place.get(region, len(regions)) for region in side["region"]], dtype=np.int64)
        for side in (achievements, partners)
    )
    apart_by: NDArray[np.float64] = apart[rows[a], columns[p]]
    return apart_by
