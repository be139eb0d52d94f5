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
from yanzhen.market.problem.market import Booleans, Floats, Market

FLAT = 1e-28
"""Share of the largest curvature below which a price has none that can be told from rounding."""


@dataclass(frozen=True)
class Layout:
    """Which entries of θ are which."""

    site: NDArray[np.int64]
    resource: NDArray[np.int64]
    groups: int
    constants: int

    @property
    def size(self) -> int:
        return self.site.size + self.groups + self.constants


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


def curvature(
    market: Market, choice: Choice, layout: Layout, free: Booleans
) -> WholeHessian | DiagonalLessBlocks:
    """Measure the curvature in the free entries of θ alone.

    So that a large market with little scarce is quick.
    """
    loading = _loadings(market, choice, layout, free)
    if market.needs.shape[1] == 1 and not layout.groups and loading.shape[1] > len(loading):
        weight = np.sqrt(market.mass / market.sigma)
        diagonal = _own_moments(market, choice, layout)[free] / market.sigma
        return DiagonalLessBlocks(diagonal, weight[:, None] * loading)
    second = _second_moments(market, choice, layout)[np.ix_(free, free)]
    return WholeHessian((second - loading.T @ (market.mass[:, None] * loading)) / market.sigma)


def _own_moments(market: Market, choice: Choice, layout: Layout) -> Floats:
    """(θ,) Σ_i mass_i E_i[A²] of one resource at sites, and of the constants."""
    joint = (market.mass * market.needs[:, 0] ** 2) @ choice.probability
    return np.concatenate([joint[layout.site], staying_output(market, choice)])


def _loadings(market: Market, choice: Choice, layout: Layout, free: NDArray[np.bool_]) -> Floats:
    """(I, free) E_i[A]."""
    at_site = np.flatnonzero(free[: layout.site.size])
    in_group = np.flatnonzero(free[layout.site.size : layout.site.size + layout.groups])
    of_constant = np.flatnonzero(free[layout.site.size + layout.groups :])
    loading = np.zeros((market.mass.size, int(free.sum())))
    count = at_site.size
    loading[:, :count] = (
        choice.probability[:, layout.site[at_site]] * market.needs[:, layout.resource[at_site]]
    )
    for k, g in enumerate(in_group):
        weight = market.group_member[g].astype(np.float64)
        need = market.needs[:, market.group_resource[g]]
        loading[:, count + k] = need * (choice.probability @ weight)
    column = np.full(layout.constants, -1)
    column[of_constant] = count + in_group.size + np.arange(of_constant.size)
    calibrated = np.flatnonzero(market.calibration >= 0)
    columns = column[market.calibration[calibrated]]
    loading[calibrated[columns >= 0], columns[columns >= 0]] = -choice.stay[calibrated][
        columns >= 0
    ]
    return loading


def _second_moments(market: Market, choice: Choice, layout: Layout) -> Floats:
    """(θ, θ) Σ_i mass_i E_i[A Aᵀ]."""
    mass = market.mass
    members = market.group_member.astype(np.float64)
    second = np.zeros((layout.size, layout.size))
    of_group = layout.site.size + np.arange(layout.groups)
    of_constant = layout.site.size + layout.groups + np.arange(layout.constants)
    for r in range(market.needs.shape[1]):
        for q in range(market.needs.shape[1]):
            joint = (mass * market.needs[:, r] * market.needs[:, q]) @ choice.probability
            rows, cols = (np.flatnonzero(layout.resource == resource) for resource in (r, q))
            same = layout.site[rows][:, None] == layout.site[cols][None]
            second[np.ix_(rows, cols)] = np.where(same, joint[layout.site[rows]][:, None], 0.0)
            for g, column in enumerate(of_group):
                if market.group_resource[g] != q:
                    continue
                inside = members[g] * joint
                second[rows, column] = inside[layout.site[rows]]
                second[column, rows] = second[rows, column]
                for h, other in enumerate(of_group):
                    if market.group_resource[h] == r:
                        second[column, other] = inside @ members[h]
    second[of_constant, of_constant] = staying_output(market, choice)
    return second


def _curved(diagonal: Floats) -> Floats:
    """The diagonal of the curvature, where rounding left nothing of it a trace of the largest."""
    largest = float(diagonal.max(initial=0.0))
    return np.maximum(diagonal, max(FLAT * largest, 1e-200))
