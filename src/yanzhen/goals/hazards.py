"""Cause-specific hazards of projects by Cox, and what speaks for and against each open one."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import chdtrc, ndtr, ndtri

from yanzhen.accounts.panel import Floats
from yanzhen.goals.incidence import Spells
from yanzhen.study.result_columns import columns

EVENTS_PER_TERM = 10
"""Events for each term of a Cox model below which its estimates are not to be relied on
(Peduzzi, Concato, Feinstein and Holford 1995)."""
LEAST_GROUP = 5
"""Projects and events of a class or macro-region that is told apart."""
NONE = "none"
HAZARDS = columns(
    "origin cause term coefficient hazard_ratio low high p",
    origin="term", cause="term", term="text", coefficient="index", hazard_ratio="index",
    low="index", high="index",
)  # fmt: skip
"""`low` to `high` is the 95 % interval of the hazard ratio, `p` of no difference (Wald)."""
MODELS = columns(
    "origin cause outcome projects left_out events events_needed p_together",
    origin="term", cause="term", outcome="term", projects="count", left_out="count",
    events="count", events_needed="count", p_together="index",
)  # fmt: skip
"""`outcome` is `fitted`, `too_few`, `no_terms`, `not_converged` or `no_library`; `left_out` are
projects of which a term is not known; `p_together` is of no term making any difference (Wald)."""


class NoLibrary(Exception):
    """The extra `survival` is not installed."""


@dataclass(frozen=True)
class Design:
    """What is known of projects when they are signed, as numbers.

    Attributes
    ----------
    project : code of each
    terms : names, such as `class technology`, and `capital` for the doublings of signed capital
    values : (n, p), NaN where not known
    """

    project: pl.Series
    terms: tuple[str, ...]
    values: Floats


@dataclass(frozen=True)
class CoxFit:
    """Coefficients of a Cox model, (p,), and their covariance, (p, p)."""

    coefficients: Floats
    covariance: Floats


def cox(spells: Spells, cause: int, values: Floats) -> CoxFit | None:
    """Fit the hazard of one cause, h(t) exp(x · β), others censored; ties by Efron (1977).

    By `statsmodels.duration.hazard_regression.PHReg`. Times are whole days. Who enters on a day is
    at risk from the next on, as in `aalen_johansen`; statsmodels would count that day as well, so
    entries are half a day later.

    Parameters
    ----------
    spells : each with its end after its entry
    values : (n, p) terms

    Returns
    -------
    None where no maximum was found: a term tells events from the others without an exception.

    Raises
    ------
    NoLibrary
        Without the extra `survival`.
    """
    try:
        from statsmodels.duration.hazard_regression import PHReg
    except ModuleNotFoundError:
        raise NoLibrary from None
    entry = np.where(spells.entry > 0, spells.entry + 0.5, 0.0)
    status = (spells.cause == cause).astype(np.int64)
    model: Any = PHReg(spells.end, values, status=status, entry=entry, ties="efron")
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what did not converge is seen by its score below
            fitted = model.fit(disp=0)
            score = np.asarray(model.score(fitted.params))
            covariance = np.asarray(fitted.cov_params())
    except np.linalg.LinAlgError:
        return None
    sound = np.isfinite(covariance).all() and (np.diag(covariance) > 0).all()
    if not sound or np.abs(score).max() > 1e-4 * status.sum() or np.diag(covariance).max() > 100:
        return None
    return CoxFit(np.asarray(fitted.params), covariance)


def design(projects: pl.DataFrame, regions: pl.DataFrame, industries: pl.DataFrame) -> Design:
    """Lay out the terms of projects: doublings of signed capital, class, macro-region.

    Classes and macro-regions stand against the most frequent one; those of fewer than
    `LEAST_GROUP` projects are not told apart from it. An industry without a class and a region
    without a macro-region are of the group `NONE`; a project without either is not known.
    """
    rows = projects.join(
        industries.select("industry", pl.col("class").fill_null(NONE)),
        on="industry",
        how="left",
        maintain_order="left",
    ).join(
        regions.select("region", pl.col("macro_region").fill_null(NONE)),
        on="region",
        how="left",
        maintain_order="left",
    )
    names: list[str] = []
    values: list[Floats] = []
    capital = rows["capital_signed"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        doublings = np.where(capital > 0, np.log2(capital), np.nan)
    if np.isfinite(doublings).any() and np.nanstd(doublings) > 0:
        names.append("capital")
        values.append(doublings)
    for column in ("class", "macro_region"):
        said = rows[column]
        counts = (
            said.drop_nulls()
            .value_counts(sort=True)
            .sort("count", column, descending=[True, False])
        )
        for value in counts.filter(pl.col("count") >= LEAST_GROUP)[column].to_list()[1:]:
            names.append(f"{column} {value}")
            dummy = (said == value).cast(pl.Float64).fill_null(np.nan)
            values.append(dummy.to_numpy())
    laid = np.stack(values, axis=1) if values else np.zeros((rows.height, 0))
    return Design(rows["project"], tuple(names), laid)


def placed(of: Design, projects: pl.Series) -> Floats:
    """(n, p) terms of some projects, in their order."""
    at = pl.DataFrame({"project": of.project}).with_row_index("at")
    order = projects.to_frame("project").join(at, on="project", maintain_order="left", how="left")
    found: Floats = of.values[order["at"].to_numpy()]
    return found


def with_events(terms: Sequence[str], values: Floats, hits: Floats) -> list[int]:
    """Return the positions of terms that vary and whose group has events enough to be told apart.

    Parameters
    ----------
    hits : (n,) whether each had the event
    """
    kept = []
    for at, name in enumerate(terms):
        column = values[:, at]
        enough = name == "capital" or hits[column == 1].sum() >= LEAST_GROUP
        if column.size and column.std() > 0 and enough:
            kept.append(at)
    return kept


def p_together(fit: CoxFit) -> float:
    """Return the probability of coefficients so far from zero, all being zero: β' V⁻¹ β by χ²."""
    wald = fit.coefficients @ np.linalg.solve(fit.covariance, fit.coefficients)
    return float(chdtrc(fit.coefficients.size, wald))


def hazard_rows(origin: str, cause: str, terms: Sequence[str], fit: CoxFit) -> pl.DataFrame:
    """Return the columns of `HAZARDS` of one model."""
    error = np.sqrt(np.diag(fit.covariance))
    z = float(ndtri(0.975))
    rows = [
        (
            origin,
            cause,
            name,
            float(beta),
            float(np.exp(beta)),
            float(np.exp(beta - z * spread)),
            float(np.exp(beta + z * spread)),
            float(2 * ndtr(-abs(beta) / spread)),
        )
        for name, beta, spread in zip(terms, fit.coefficients, error, strict=True)
    ]
    return HAZARDS.frame(rows)
