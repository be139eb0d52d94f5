"""Scores and information of every chooser in one pass, by matrix products in blocks.

With m_i the mean of z_j over i's choice, and likewise of the attributes of its cell, the score of i
is s_i = a_iy(i) − ā_i with ā_ik = x_ik m_ik, and the information

    Σ_i Σ_j P_ij a_ij a_ijᵀ − Σ_i ā_i ā_iᵀ.

Where a_ijk = x_ik z_jk, Σ_j P_ij a_ijk a_ijl = x_ik x_il Σ_j P_ij z_jk z_jl, so that every sum over
sites is one product of the probabilities with a table of the sites. Probabilities are in single
precision, sums over choosers in double.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats
from yanzhen.history.choices import ManyChoices

PAIRS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class FullInformation:
    """Sums over all choosers at some tastes.

    Attributes
    ----------
    information : (P, P) minus the second derivatives; tastes, then the constants of sites 1 … J − 1
    outer : (P, P) Σ_i s_i s_iᵀ
    outer_of_clusters : (P, P) Σ_g s_g s_gᵀ, s_g the sum of its choosers' scores
    clusters : G
    """

    information: Floats
    outer: Floats
    outer_of_clusters: Floats
    clusters: int


def full_information(
    choices: ManyChoices, tastes: Floats, constants: Floats | None
) -> FullInformation:
    """Sum scores and information over all choosers.

    Parameters
    ----------
    choices : who took what
    tastes : (D + K,) θ
    constants : (J,) δ, or None for a model without
    """
    count, sites = len(tastes), choices.places
    size = count + (0 if constants is None else sites - 1)
    level = np.zeros(sites) if constants is None else constants
    information, outer = np.zeros((size, size)), np.zeros((size, size))
    _, member = np.unique(choices.cluster, return_inverse=True)
    clusters = int(member.max()) + 1
    alone = clusters == len(member)
    of_clusters = np.zeros((0 if alone else clusters, size))
    order = np.lexsort((member, choices.cell))
    for rows in _runs(choices.cell[order], max(PAIRS_AT_ONCE // sites, 1)):
        own = order[rows]
        x, taken = choices.intensities[own], choices.chosen[own]
        offered = _offered(choices, int(choices.cell[own[0]]), tastes, level)
        p = _probabilities(offered, x)
        factor = np.concatenate([np.ones((len(own), count - x.shape[1])), x], axis=1)
        mean, second = _moments(offered, p, factor)
        scores = np.zeros((len(own), size))
        scores[:, :count] = offered.table[taken] * factor - mean
        information[:count, :count] += second - mean.T @ mean
        if constants is not None:
            others = p[:, 1:]
            scores[:, count:] = -others
            some = np.flatnonzero(taken > 0)
            scores[some, count + taken[some] - 1] += 1.0
            weighted = offered.table * (p.T @ factor.astype(np.float32))
            cross = weighted[1:] - others.T @ mean
            information[count:, :count] += cross
            information[:count, count:] += cross.T
            information[count:, count:] += np.diag(others.sum(axis=0, dtype=np.float64))
            information[count:, count:] -= others.T @ others
        outer += scores.T @ scores
        if not alone:
            _add_by_cluster(of_clusters, member[own], scores)
    return FullInformation(
        information, outer, outer if alone else of_clusters.T @ of_clusters, clusters
    )


@dataclass(frozen=True)
class _Offered:
    """What sites offer all choosers of a cell.

    Attributes
    ----------
    base : (J,) payoff common to the cell, −inf where refused
    tasted : (K, J) qualities times tastes
    table : (J, D + K) attributes of the cell, then qualities
    first, second : pairs of the table's columns
    moments : (J, D + K + pairs) the table, then the products of its columns
    """

    base: NDArray[np.float32]
    tasted: NDArray[np.float32]
    table: Floats
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    moments: NDArray[np.float32]


def _offered(choices: ManyChoices, cell: int, tastes: Floats, level: Floats) -> _Offered:
    attribute = choices.attributes[cell]
    admitted = ~np.isnan(attribute).any(axis=1)
    known = np.where(admitted[:, None], attribute, 0.0)
    common, own = np.split(tastes, [known.shape[1]])
    table = np.concatenate([known, choices.qualities], axis=1)
    first, second = np.triu_indices(table.shape[1])
    return _Offered(
        np.where(admitted, known @ common + level, -np.inf).astype(np.float32),
        (choices.qualities * own).T.astype(np.float32),
        table,
        first,
        second,
        np.concatenate([table, table[:, first] * table[:, second]], axis=1).astype(np.float32),
    )


def _probabilities(offered: _Offered, intensities: Floats) -> NDArray[np.float32]:
    """(n, J) P_ij."""
    p: NDArray[np.float32] = intensities.astype(np.float32) @ offered.tasted + offered.base
    p -= p.max(axis=1, keepdims=True)
    np.exp(p, out=p)
    p /= p.sum(axis=1, keepdims=True)
    return p


def _moments(offered: _Offered, p: NDArray[np.float32], factor: Floats) -> tuple[Floats, Floats]:
    """(n, D + K) ā_i, and (D + K, D + K) Σ_i Σ_j P_ij a_ij a_ijᵀ.

    Parameters
    ----------
    factor : (n, D + K) what the table's columns are multiplied by: 1, then x_ik
    """
    count = factor.shape[1]
    summed = (p @ offered.moments).astype(np.float64)
    first, second = offered.first, offered.second
    found = np.einsum("ik,ik,ik->k", summed[:, count:], factor[:, first], factor[:, second])
    information = np.zeros((count, count))
    information[first, second] = information[second, first] = found
    mean: Floats = summed[:, :count] * factor
    return mean, information


def _runs(cell: NDArray[np.int64], step: int) -> list[slice]:
    """Slices of at most `step` choosers of one cell each."""
    edges = [0, *(np.flatnonzero(np.diff(cell)) + 1).tolist(), len(cell)]
    return [
        slice(start, min(start + step, last))
        for first, last in pairwise(edges)
        for start in range(first, last, step)
    ]


def _add_by_cluster(sums: Floats, member: NDArray[np.int64], scores: Floats) -> None:
    """Add scores to the sums of their clusters; members come sorted."""
    first = np.flatnonzero(np.diff(member, prepend=-1))
    sums[member[first]] += np.add.reduceat(scores, first, axis=0)
