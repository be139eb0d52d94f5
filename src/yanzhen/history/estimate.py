"""Parameters of the market from what happened: from observed moves, or from stocks alone.

The market gives site j the payoff v_ij = Σ_k β_k a_ijk before prices, and a taste of scale σ, so
that choices show θ = β / σ only. With σ of the parameter table (an assumption) the parameters are

    β_k = σ θ_k,     Cov(β) = σ² Cov(θ).

From moves, a chooser is an industry in an origin and every other region is a site. From stocks it
is known only where an industry gained: its gains max(0, Y_last − Y_first G) are taken as choices
among all regions, so that what a destination offers is estimated, and distance, σ and the cost of
moving stay assumptions. The log of the region's output stands beside the terms as its size.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.accounts.completion import completed
from yanzhen.accounts.panel import Floats, Panel, output_panel, positions
from yanzhen.accounts.share_shift_projection import project_share_shifts
from yanzhen.advantage.attraction import LocationalAdvantage, locational_advantage
from yanzhen.history.conditional import ConditionalLogit, maximum_likelihood
from yanzhen.history.offered_choices import (
    ANYWHERE,
    Evaluate,
    OfferedChoices,
    added_up,
    entries_of,
    evaluated_here,
)
from yanzhen.history.words import message
from yanzhen.market.problem.formulation import findings_industries
from yanzhen.study import Problem, Study, StudyError
from yanzhen.study.assumptions import parameter_values, used_parameters

Z_95 = 1.959963984540054
"""97.5 % point of the standard normal distribution."""
PLACE = (
    "relatedness_weight",
    "supplier_access_weight",
    "market_access_weight",
    "labour_cost_pass_through",
)
DISTANCE = "distance_cost"
SIZE = "region_size"


@dataclass(frozen=True)
class Estimate:
    """Estimated parameters.

    Attributes
    ----------
    seen : `moves` or `stocks`
    years : first and last year of what was seen
    parameters : rows of the table `parameters`, estimated ones only
    covariance : rows of the table `parameter_covariance`, each pair once
    fitted : tastes θ, the size among them
    assumed : parameters of the choice that stay assumptions
    """

    seen: str
    years: tuple[int, int]
    parameters: pl.DataFrame
    covariance: pl.DataFrame
    fitted: ConditionalLogit
    assumed: tuple[str, ...]


def estimate(
    study: Study, evaluated: Callable[[OfferedChoices], Evaluate] = evaluated_here
) -> Estimate:
    """Estimate what the study's moves, otherwise its stocks, can tell.

    Parameters
    ----------
    evaluated : makes what sums the likelihood, the threads of this machine unless told; the
        estimate is the same

    Raises
    ------
    StudyError
        With neither moves nor two years of output.
    yanzhen.history.conditional.NotIdentified
        With each singular direction.
    """
    panel = output_panel(study)
    table = used_parameters(study)
    values = parameter_values(table)
    moves = study.tables["moves"]
    if moves.is_empty():
        if len(panel.years) < 2:
            raise StudyError([_nothing_seen(study, panel)])
        years, seen = (panel.years[0], panel.years[-1]), "stocks"
        choices = _gains(study, panel, values)
    else:
        first, last = (int(year) for year in (moves["year"].min(), moves["year"].max()))  # type: ignore[arg-type]
        years, seen = (first, last), "moves"
        choices = _moves(study, panel, moves, values, first)
    fitted = _fitted(choices, evaluated(choices))
    names = [name for name in choices.names if name != SIZE]
    at = [choices.names.index(name) for name in names]
    sigma = values["sigma"]
    beta = sigma * fitted.estimates[at]
    spread = sigma**2 * fitted.clustered[np.ix_(at, at)]
    return Estimate(
        seen,
        years,
        _parameter_rows(table, names, beta, np.sqrt(np.diag(spread)), seen, years),
        _covariance_rows(names, spread),
        fitted,
        tuple(name for name in (*PLACE, DISTANCE, "sigma", "moving_cost") if name not in names),
    )


def _fitted(choices: OfferedChoices, evaluate: Evaluate) -> ConditionalLogit:
    return maximum_likelihood(
        choices.names,
        lambda tastes: added_up(evaluate(tastes)),
        choices.cluster,
        float(choices.times.sum()),
    )


def _nothing_seen(study: Study, panel: Panel) -> Problem:
    years = ", ".join(map(str, panel.years)) or "–"
    return Problem.at(study.path, "activity", None, "year", *message("one_year", years=years))


def with_estimates(study: Study, found: Estimate) -> Study:
    """The study with the estimated parameters, and their covariance, in place of its own."""
    own = study.tables["parameters"]
    kept = own.filter(~pl.col("parameter").is_in(found.parameters["parameter"].implode()))
    parameters = pl.concat([kept, found.parameters.select(own.columns).cast(own.schema)])
    old = study.tables["parameter_covariance"]
    tables = {
        **study.tables,
        "parameters": parameters,
        "parameter_covariance": found.covariance.cast(old.schema),
    }
    return replace(study, tables=tables)


def _offered(
    study: Study, panel: Panel, year: int, values: dict[str, float]
) -> LocationalAdvantage:
    """What places offered in a year, from that year's output."""
    t = panel.years.index(year)
    then = panel.of_years([t])
    output = completed(then)[:, :, 0]
    return locational_advantage(study, then, output, values["access_decay"])


def _terms(offered: LocationalAdvantage) -> dict[str, Floats]:
    """(N, S) multipliers of the parameters in the payoff, and the size; known ones only."""
    with np.errstate(divide="ignore"):
        found = {
            "relatedness_weight": offered.relatedness_density,
            "supplier_access_weight": offered.supplier_access,
            "market_access_weight": offered.market_access,
            "labour_cost_pass_through": -offered.labour_cost,
            SIZE: np.broadcast_to(
                np.log(np.nansum(offered.output, axis=1))[:, None], offered.output.shape
            ),
        }
    return {name: term for name, term in found.items() if np.isfinite(term).any()}


def _gains(study: Study, panel: Panel, values: dict[str, float]) -> OfferedChoices:
    """Gains of an industry, in shares, as its choices among the regions with a balanced cell."""
    terms = _terms(_offered(study, panel, panel.years[0], values))
    gains = project_share_shifts(panel).gains
    enough = findings_industries(panel, values["min_balanced_share"])["in_findings"].to_numpy()
    used = np.flatnonzero(enough & (gains.sum(axis=0) > 0))
    counts = (gains / np.where(gains.sum(axis=0) > 0, gains.sum(axis=0), 1.0))[:, used].T
    offers = np.stack(list(terms.values()))
    offers[:, ~panel.balanced] = np.nan
    counts = np.where(np.isnan(offers[:, :, used]).any(axis=0).T, 0.0, counts)
    everywhere = np.full(len(used), ANYWHERE)
    cluster = np.arange(len(used))
    return OfferedChoices(
        tuple(terms), offers, None, used, everywhere, *entries_of(counts), cluster
    )


def _moves(
    study: Study, panel: Panel, moves: pl.DataFrame, values: dict[str, float], first: int
) -> OfferedChoices:
    """Observed moves by industry and origin among the other regions."""
    before = [year for year in panel.years if year <= first]
    year = before[-1] if before else panel.years[0]
    offered = _offered(study, panel, year, values)
    terms = _terms(offered)
    grouped = (
        moves.filter(
            pl.col("origin").is_in(panel.regions),
            pl.col("destination").is_in(panel.regions),
            pl.col("industry").is_in(panel.industries),
            pl.col("origin") != pl.col("destination"),
        )
        .group_by("industry", "origin", "destination", maintain_order=True)
        .agg(times=pl.col("count").fill_null(1).sum())
        .sort("industry", "origin", "destination")
    )
    choosers = grouped.select("industry", "origin").unique(maintain_order=True)
    kind = positions(choosers["industry"], panel.industries)
    origin = positions(choosers["origin"], panel.regions)
    row = {pair: i for i, pair in enumerate(choosers.iter_rows())}
    chooser = np.array([row[pair] for pair in grouped.select("industry", "origin").iter_rows()])
    names, kilometres = tuple(terms), None
    if np.isfinite(offered.distance).all():
        names, kilometres = (*names, DISTANCE), offered.distance
    return OfferedChoices(
        names,
        np.stack(list(terms.values())),
        kilometres,
        kind,
        origin,
        np.searchsorted(chooser, np.arange(len(kind) + 1)),
        positions(grouped["destination"], panel.regions),
        grouped["times"].cast(pl.Float64).to_numpy(),
        origin,
    )


def _parameter_rows(
    table: pl.DataFrame,
    names: list[str],
    beta: Floats,
    error: Floats,
    seen: str,
    years: tuple[int, int],
) -> pl.DataFrame:
    span = f"{years[0]}-{years[1]}"
    zh = {"stocks": "存量变化", "moves": "观察到的转移"}[seen]
    estimates = pl.DataFrame(
        {
            "parameter": names,
            "value": beta,
            "low": beta - Z_95 * error,
            "high": beta + Z_95 * error,
        },
        schema_overrides={"parameter": pl.String},
    ).with_columns(
        source=pl.lit(f"estimated from {seen} {span}, given sigma"),
        note_zh=pl.lit(f"由 {span} 年{zh}估计，95% 区间；以 sigma 为给定"),
        note_en=pl.lit(f"Conditional logit of {seen} {span}, 95 % interval, sigma as given"),
    )
    units = table.select("parameter", "unit")
    return estimates.join(units, on="parameter", how="left", maintain_order="left").select(
        table.columns
    )


def _covariance_rows(names: list[str], spread: Floats) -> pl.DataFrame:
    rows = [
        (names[i], names[j], float(spread[i, j]))
        for i in range(len(names))
        for j in range(i, len(names))
    ]
    return pl.DataFrame(
        rows,
        schema={"parameter_a": pl.String, "parameter_b": pl.String, "covariance": pl.Float64},
        orient="row",
    )
