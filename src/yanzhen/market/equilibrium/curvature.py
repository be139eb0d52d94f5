"""The curvature of the dual of a market held whole, and Newton's direction by it.

With A the loading of θ on each option, the Hessian is

    H = (1/σ) Σ_i mass_i (E_i[A Aᵀ] − E_i[A] E_i[A]ᵀ) = (1/σ) (S − Lᵀ M L),

L (I × θ) the mean loadings of the blocks. Where one resource is limited, at sites alone, S is
diagonal, and where prices are more than blocks the direction follows from a system of the blocks'
number (Woodbury 1950).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from yanzhen.market.problem.choice import Choice, staying_output
from yanzhen.market.problem.constraints import Constraints
from yanzhen.market.problem.market import Booleans, Floats, Market

FLAT = 1e-28
"""Share of the largest curvature below which a price has none that can be told from rounding."""


@dataclass(frozen=True)
class WholeHessian:
    """H itself, (free, free)."""

    hessian: Floats

    def direction(self, ridge: float, gradient: Floats) -> Floats:
        """−(H + ridge diag H)⁻¹ g in the scaling that makes the diagonal one; zero if singular."""
        scale = 1 / np.sqrt(_curved(np.diag(self.hessian)))
        scaled = self.hessian * scale[:, None] * scale[None]
        scaled[np.diag_indices_from(scaled)] += ridge
        try:
            factor = cho_factor(scaled)
        except np.linalg.LinAlgError:
            return np.zeros_like(gradient)
        direction: Floats = -scale * cho_solve(factor, scale * gradient)
        return direction


@dataclass(frozen=True)
class DiagonalLessBlocks:
    """H = D − Uᵀ U: D (free,) the diagonal of S/σ, U = √(M/σ) L, (I, free)."""

    diagonal: Floats
    blocks: Floats

    def direction(self, ridge: float, gradient: Floats) -> Floats:
        """As of `WholeHessian`: (D − UᵀU)⁻¹ = D⁻¹ + D⁻¹Uᵀ (1 − U D⁻¹ Uᵀ)⁻¹ U D⁻¹.

        By the whole where what the blocks leave cannot be told from rounding.
        """
        curved = _curved(self.diagonal - np.einsum("if,if->f", self.blocks, self.blocks))
        inverse = 1 / (self.diagonal + ridge * curved)
        spread = self.blocks * np.sqrt(inverse)
        left = np.eye(len(spread)) - spread @ spread.T
        try:
            factor = cho_factor(left)
        except np.linalg.LinAlgError:
            whole = np.diag(self.diagonal) - self.blocks.T @ self.blocks
            return WholeHessian(whole).direction(ridge, gradient)
        alone = inverse * gradient
        direction: Floats = -alone - inverse * (
            self.blocks.T @ cho_solve(factor, self.blocks @ alone)
        )
        return direction


@dataclass(frozen=True)
class _Entries:
    """Which prices the free entries of θ are, by the place of each in the market's arrays."""

    site: NDArray[np.int64]
    resource: NDArray[np.int64]
    group: NDArray[np.int64]
    constant: NDArray[np.int64]


def curvature(
    constraints: Constraints, choice: Choice, free: Booleans
) -> WholeHessian | DiagonalLessBlocks:
    """Measure the curvature in the free entries of θ alone.

    So that a large market with little scarce is quick.

    Parameters
    ----------
    free : of each entry of θ, the prices that are limited
    """
    market = constraints.market
    at = np.flatnonzero(constraints.limited)[free]
    site, resource = np.divmod(at[at < constraints.at_sites], market.needs.shape[1])
    group = at[(at >= constraints.at_sites) & (at < constraints.places)] - constraints.at_sites
    entries = _Entries(site, resource, group, at[at >= constraints.places] - constraints.places)
    loading = _loadings(market, choice, entries)
    alone = market.needs.shape[1] == 1 and not market.group_capacity.size
    if alone and loading.shape[1] > len(loading):
        weight = np.sqrt(market.mass / market.sigma)
        diagonal = _own_moments(market, choice, entries) / market.sigma
        return DiagonalLessBlocks(diagonal, weight[:, None] * loading)
    second = _second_moments(market, choice, entries)
    return WholeHessian((second - loading.T @ (market.mass[:, None] * loading)) / market.sigma)


def _own_moments(market: Market, choice: Choice, free: _Entries) -> Floats:
    """(free,) Σ_i mass_i E_i[A²] of one resource at sites, and of the constants."""
    joint = (market.mass * market.needs[:, 0] ** 2) @ choice.probability
    return np.concatenate([joint[free.site], staying_output(market, choice)[free.constant]])


def _loadings(market: Market, choice: Choice, free: _Entries) -> Floats:
    """(I, free) E_i[A]."""
    count, groups = free.site.size, free.group.size
    loading = np.zeros((market.mass.size, count + groups + free.constant.size))
    loading[:, :count] = choice.probability[:, free.site] * market.needs[:, free.resource]
    for k, g in enumerate(free.group):
        weight = market.group_member[g].astype(np.float64)
        need = market.needs[:, market.group_resource[g]]
        loading[:, count + k] = need * (choice.probability @ weight)
    column = np.full(market.stayers.size + 1, -1)
    column[free.constant] = count + groups + np.arange(free.constant.size)
    columns = column[market.calibration]
    counted = np.flatnonzero(columns >= 0)
    loading[counted, columns[counted]] = -choice.stay[counted]
    return loading


def _second_moments(market: Market, choice: Choice, free: _Entries) -> Floats:
    """(free, free) Σ_i mass_i E_i[A Aᵀ]."""
    members = market.group_member[free.group].astype(np.float64)
    limits = market.group_resource[free.group]
    of_group = free.site.size + np.arange(free.group.size)
    of_constant = of_group.size + free.site.size + np.arange(free.constant.size)
    second = np.zeros((of_group.size + free.site.size + of_constant.size,) * 2)
    for r in range(market.needs.shape[1]):
        for q in range(market.needs.shape[1]):
            joint = (market.mass * market.needs[:, r] * market.needs[:, q]) @ choice.probability
            rows, cols = (np.flatnonzero(free.resource == resource) for resource in (r, q))
            same = free.site[rows][:, None] == free.site[cols][None]
            second[np.ix_(rows, cols)] = np.where(same, joint[free.site[rows]][:, None], 0.0)
            for g in np.flatnonzero(limits == q):
                inside = members[g] * joint
                second[rows, of_group[g]] = inside[free.site[rows]]
                second[of_group[g], rows] = inside[free.site[rows]]
                for h in np.flatnonzero(limits == r):
                    second[of_group[g], of_group[h]] = inside @ members[h]
    second[of_constant, of_constant] = staying_output(market, choice)[free.constant]
    return second


def _curved(diagonal: Floats) -> Floats:
    """The diagonal of the curvature, where rounding left nothing of it a trace of the largest."""
    largest = float(diagonal.max(initial=0.0))
    return np.maximum(diagonal, max(FLAT * largest, 1e-200))
