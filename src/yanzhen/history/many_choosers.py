"""Tastes from a great many choosers among all of their sites, none left out.

Chooser i in cell c takes site j by

    V_ij = Σ_d θ_d a_c(i)jd + Σ_k θ_k x_ik z_jk + δ_j,

as in `choices`. The maximum is found by the market's fused pass, whose sums over choosers give the
gradient, observed less predicted, exactly; the steps come from the curvature of a sample. One more
pass at the maximum gives every chooser's score and the whole information, and with them all
standard errors.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.history.choices import Choices, ManyChoices, likelihood
from yanzhen.history.conditional import ConditionalLogit, NoMaximum, NotIdentified, fit_conditional
from yanzhen.history.full_information import full_information
from yanzhen.market.large.demand_pass import Enterprises, evaluate_demand, pack, terms_at
from yanzhen.market.problem.market import Market

SAMPLE = 2000
MOST_PASSES = 50
LEVELLING = 4
"""Passes that set the constants of sites to the shares taken before the steps begin."""
ENOUGH = 1e-3
"""Largest step left, in standard errors."""
NEVER = -1e30
"""Payoff of staying where everyone observed has moved."""


@dataclass(frozen=True)
class _Packed:
    """Choosers of one cell packed for the pass, an intensity of 1 added for the sites' constants.

    Attributes
    ----------
    cell : row of the attributes
    market : the choosers as blocks that all move
    enterprises : the same, packed
    """

    cell: int
    market: Market
    enterprises: Enterprises


def fit_many(choices: ManyChoices, seed: int, site_constants: bool = False) -> ConditionalLogit:
    """Estimate tastes, and with `site_constants` a constant of every site but the first.

    Estimates lie within `ENOUGH` standard errors of the maximum; the standard errors are those of
    all choosers. `site_tastes` explains the constants in the second step.

    Parameters
    ----------
    choices : who took what
    seed : of the sample that the steps are drawn from
    site_constants : whether sites have constants

    Raises
    ------
    yanzhen.history.conditional.NotIdentified
        With each singular direction, and each site that nobody took if sites have constants.
    NoMaximum
        If the passes do not settle.
    """
    _require_taken(choices, site_constants)
    random = np.random.default_rng(seed)
    size = min(SAMPLE, len(choices.chosen))
    rows = np.sort(random.choice(len(choices.chosen), size=size, replace=False))
    sample = _sampled(choices, rows)
    tastes = fit_conditional(sample).estimates
    constants = np.zeros(choices.places)
    packed = list(_packed(choices))
    taken = np.bincount(choices.chosen, minlength=choices.places).astype(np.float64)
    for _ in range(LEVELLING if site_constants else 0):
        _, predicted = _pass(choices, packed, tastes, constants)
        constants += np.log(taken / predicted[len(tastes) :])
        constants -= constants[0]
    kept = slice(None) if site_constants else slice(len(tastes))
    observed = _observed(choices, taken)[kept]
    within = constants if site_constants else None
    curvature = likelihood(sample, tastes, within).information * (len(choices.chosen) / len(rows))
    error = np.sqrt(np.diag(np.linalg.inv(curvature)))
    for number in range(1, MOST_PASSES + 1):
        inclusive, predicted = _pass(choices, packed, tastes, constants)
        step = np.linalg.solve(curvature, _free(observed - predicted[kept], len(tastes)))
        if np.abs(step / error).max() <= ENOUGH:
            value = float(observed @ np.append(tastes, constants)[kept] - inclusive)
            return _estimated(choices, tastes, within, value, number)
        tastes = tastes + step[: len(tastes)]
        constants[1:] += step[len(tastes) :] if site_constants else 0.0
    raise NoMaximum(f"after {MOST_PASSES} passes the tastes have not settled")


def _free(values: Floats, tastes: int) -> Floats:
    """Without the first site's constant, which is zero by choice."""
    return np.delete(values, tastes) if len(values) > tastes else values


def _require_taken(choices: ManyChoices, site_constants: bool) -> None:
    refused: Booleans = np.logical_not(np.isfinite(choices.attributes).all(axis=2))
    if refused[choices.cell, choices.chosen].any():
        raise ValueError("a site that was taken is refused to its chooser")
    if site_constants:
        empty = np.setdiff1d(np.arange(choices.places), choices.chosen)
        if empty.size:
            raise NotIdentified(tuple(f"site {j}, which nobody took" for j in empty))


def _estimated(
    choices: ManyChoices, tastes: Floats, constants: Floats | None, value: float, passes: int
) -> ConditionalLogit:
    """Standard errors from one more pass over all choosers."""
    found = full_information(choices, tastes, constants)
    bread: Floats = np.linalg.inv(found.information).astype(np.float64)
    clusters = found.clusters
    correction = clusters / (clusters - 1) if clusters > 1 else np.nan
    admitted = (~np.isnan(choices.attributes).any(axis=2)).sum(axis=1)
    sites = () if constants is None else tuple(f"site {j}" for j in range(1, choices.places))
    return ConditionalLogit(
        names=(*choices.names, *sites),
        estimates=tastes if constants is None else np.append(tastes, constants[1:]),
        covariance=bread,
        robust=bread @ found.outer @ bread,
        clustered=correction * bread @ found.outer_of_clusters @ bread,
        log_likelihood=value,
        log_likelihood_at_zero=-float(np.log(admitted)[choices.cell].sum()),
        choices=float(len(choices.chosen)),
        steps=passes,
    )


def _observed(choices: ManyChoices, taken: Floats) -> Floats:
    """(D + K + J,) sums of the attributes, interactions and indicators of the sites taken."""
    common = choices.attributes[choices.cell, choices.chosen].sum(axis=0)
    own = np.einsum("ik,ik->k", choices.intensities, choices.qualities[choices.chosen])
    return np.concatenate([common, own, taken])


def _pass(
    choices: ManyChoices, packed: list[_Packed], tastes: Floats, constants: Floats
) -> tuple[float, Floats]:
    """Σ_i log Σ_j exp V_ij, and the predicted counterpart of `_observed`."""
    common, own = np.split(tastes, [choices.attributes.shape[2]])
    qualities = np.column_stack([choices.qualities * own, constants])
    inclusive, demand = 0.0, np.zeros(qualities.shape)
    predicted = np.zeros(len(common))
    for part in packed:
        attribute = choices.attributes[part.cell]
        admitted = ~np.isnan(attribute).any(axis=1)
        known = np.where(admitted[:, None], attribute, 0.0)
        base = np.where(admitted, known @ common, -np.inf)
        tasted = _market(part.market.intensities, qualities, base)
        terms = terms_at(tasted, np.zeros((len(qualities), 0)), np.zeros(0), 1.0)
        swept = evaluate_demand(part.enterprises, terms, uses=slice(0, qualities.shape[1]))
        inclusive += swept.inclusive
        demand += swept.demand
        predicted += swept.demand[:, -1] @ known
    interacted = np.einsum("jk,jk->k", choices.qualities, demand[:, :-1])
    return inclusive, np.concatenate([predicted, interacted, demand[:, -1]])


def _packed(choices: ManyChoices) -> Iterator[_Packed]:
    order = np.argsort(choices.cell, kind="stable")
    cells, first = np.unique(choices.cell[order], return_index=True)
    nothing = np.zeros((choices.places, choices.qualities.shape[1] + 1))
    for cell, rows in zip(cells, np.split(order, first[1:]), strict=True):
        own = np.column_stack([choices.intensities[rows], np.ones(len(rows))])
        market = _market(own, nothing, np.zeros(choices.places))
        yield _Packed(int(cell), market, pack(market))


def _market(intensities: Floats, qualities: Floats, base: Floats) -> Market:
    """Choosers as blocks of mass one, without scarce resources, that all move."""
    count, sites = len(intensities), len(qualities)
    none = np.zeros((sites, 0))
    return Market(
        mass=np.ones(count),
        needs=np.zeros((count, 0)),
        stay=np.full(count, NEVER),
        cell=np.zeros(count, dtype=np.int32),
        base=base[None],
        intensities=intensities,
        qualities=qualities,
        capacity=none,
        floor=none,
        group_member=np.zeros((0, sites), dtype=np.bool_),
        group_resource=np.zeros(0, dtype=np.int32),
        group_capacity=np.zeros(0),
        group_floor=np.zeros(0),
        calibration=np.full(count, -1, dtype=np.int32),
        stayers=np.zeros(0),
        sigma=1.0,
    )


def _sampled(choices: ManyChoices, rows: NDArray[np.int64]) -> Choices:
    counts = np.zeros((len(rows), choices.places))
    counts[np.arange(len(rows)), choices.chosen[rows]] = 1.0
    return Choices(
        choices.names,
        choices.attributes,
        choices.cell[rows],
        choices.intensities[rows],
        choices.qualities,
        counts,
        choices.cluster[rows],
    )
