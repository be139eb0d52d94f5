"""Observed choices of destinations, and the logit likelihood that they give.

Chooser i (one enterprise, or a group of n_i alike) takes site j with probability

    P_ij = exp(V_ij) / Σ_k exp(V_ik),   V_ij = Σ_d θ_d a_c(i)jd + Σ_k θ_k x_ik z_jk + δ_j

(McFadden 1974), the payoff of the market over σ: θ = β/σ. Choosers are taken in blocks, so that
nothing of size choosers × sites is kept, and no alternative is sampled.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yanzhen.accounts.panel import Booleans, Floats

PAIRS_AT_ONCE = 2_000_000
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Choices:
    """Who chose what, and what they could have chosen.

    Attributes
    ----------
    names : (D + K,) of the attributes of pairs, then of the interactions
    attributes : (C, J, D) a_cjd common to a cell such as industry × origin; NaN in any of them
        where the pair is refused
    cell : (I,) c(i)
    intensities : (I, K) x_ik
    qualities : (J, K) z_jk
    counts : (I, J) how many of group i took site j
    cluster : (I,) choosers that may share what is not observed
    """

    names: tuple[str, ...]
    attributes: Floats
    cell: Integers
    intensities: Floats
    qualities: Floats
    counts: Floats
    cluster: Integers

    @property
    def sites(self) -> int:
        """J."""
        return int(self.attributes.shape[1])


@dataclass(frozen=True)
class ManyChoices:
    """Which site each of a great many choosers took.

    Attributes
    ----------
    names : (D + K,) of the attributes of pairs, then of the interactions
    attributes : (C, J, D) a_cjd common to a cell; NaN in any of them where the pair is refused
    cell : (I,) c(i)
    intensities : (I, K) x_ik
    qualities : (J, K) z_jk
    chosen : (I,) site taken
    cluster : (I,) choosers that may share what is not observed
    """

    names: tuple[str, ...]
    attributes: Floats
    cell: NDArray[np.int64]
    intensities: Floats
    qualities: Floats
    chosen: NDArray[np.int64]
    cluster: NDArray[np.int64]

    @property
    def places(self) -> int:
        """J."""
        return int(self.attributes.shape[1])


@dataclass(frozen=True)
class Likelihood:
    """Log likelihood at some tastes, with its derivatives.

    Attributes
    ----------
    value : Σ_ij n_ij log P_ij
    scores : (I, P) gradient of each chooser's part; tastes, then the constants of sites 1 … J − 1
    information : (P, P) minus the second derivatives
    """

    value: float
    scores: Floats
    information: Floats


def likelihood(
    choices: Choices, tastes: Floats, constants: Floats | None = None, weight: Floats | None = None
) -> Likelihood:
    """Evaluate the likelihood; its gradient is what was observed less what is predicted.

    Parameters
    ----------
    choices : who chose what
    tastes : (D + K,) θ
    constants : (J,) δ with δ_0 = 0, and the scores and information then have J − 1 columns more
    weight : (I,) times each chooser counts, once unless told
    """
    count = len(choices.names)
    size = count + (0 if constants is None else choices.sites - 1)
    scores = np.zeros((len(choices.cell), size))
    information = np.zeros((size, size))
    value = 0.0
    for rows in _blocks(choices):
        attribute, admitted = pair_attributes(choices, rows)
        observed = choices.counts[rows] * (1.0 if weight is None else weight[rows, None])
        log_p = _log_probability(attribute @ tastes, admitted, constants)
        taken = observed > 0
        value += float(observed[taken] @ log_p[taken])
        p = np.exp(log_p)
        mass = observed.sum(axis=1)
        mean = np.einsum("ij,ijk->ik", p, attribute)
        scores[rows, :count] = np.einsum("ij,ijk->ik", observed, attribute) - mass[:, None] * mean
        centred = (attribute - mean[:, None]).reshape(-1, count)
        weighted = centred * (mass[:, None] * p).reshape(-1, 1)
        information[:count, :count] += centred.T @ weighted
        if constants is not None:
            scores[rows, count:] = (observed - mass[:, None] * p)[:, 1:]
            cross = weighted.reshape(len(mass), -1, count).sum(axis=0)[1:]
            information[count:, :count] += cross
            information[:count, count:] += cross.T
            expected = mass @ p
            own = np.diag(expected) - p.T @ (mass[:, None] * p)
            information[count:, count:] += own[1:, 1:]
    return Likelihood(value, scores, information)


def chooser_log_likelihood(
    choices: Choices, tastes: Floats, constants: Floats | None = None
) -> Floats:
    """(I,) Σ_j n_ij log P_ij of each chooser."""
    found = np.zeros(len(choices.cell))
    for rows in _blocks(choices):
        attribute, admitted = pair_attributes(choices, rows)
        log_p = _log_probability(attribute @ tastes, admitted, constants)
        observed = choices.counts[rows]
        found[rows] = np.where(observed > 0, observed * log_p, 0.0).sum(axis=1)
    return found


def pair_attributes(choices: Choices, rows: slice) -> tuple[Floats, Booleans]:
    """(n, J, D + K) attributes of some choosers' pairs, 0 where refused, and who is admitted."""
    common = choices.attributes[choices.cell[rows]]
    admitted: Booleans = np.logical_not(np.isnan(common).any(axis=2))
    own = choices.intensities[rows, None] * choices.qualities[None]
    joined = np.concatenate([common, own], axis=2)
    return np.where(admitted[:, :, None], joined, 0.0), admitted


def _blocks(choices: Choices) -> Iterator[slice]:
    step = max(PAIRS_AT_ONCE // (choices.sites * max(len(choices.names), 1)), 1)
    for start in range(0, len(choices.cell), step):
        yield slice(start, min(start + step, len(choices.cell)))


def _log_probability(payoff: Floats, admitted: Booleans, constants: Floats | None) -> Floats:
    """(n, J) log P, −inf where refused."""
    if constants is not None:
        payoff = payoff + constants
    payoff = np.where(admitted, payoff, -np.inf)
    payoff = payoff - payoff.max(axis=1, keepdims=True)
    log_p: Floats = payoff - np.log(np.exp(payoff).sum(axis=1, keepdims=True))
    return log_p
