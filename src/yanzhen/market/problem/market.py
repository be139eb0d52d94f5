"""The market as arrays: who chooses, where they may go, what is scarce, and at what prices."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class SummedPayoffs:
    """Payoffs of cells, the sum of a part of the origin and one of the industry: row o S + s is

        base[o S + s, j] = origin[o, j] + industry[s, j].

    Rows are made where they are read, so that nothing of size cells × sites is held.

    Attributes
    ----------
    origin : (N, J) what a site offers those of an origin, −inf where refused
    industry : (S, J) what it offers those of an industry, −inf where refused
    """

    origin: Floats
    industry: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Cells and sites."""
        return self.origin.shape[0] * self.industry.shape[0], self.origin.shape[1]

    def __getitem__(self, cell: NDArray[np.integer[Any]] | np.integer[Any]) -> Floats:
        """(…, J) rows of some cells."""
        origin, industry = np.divmod(cell, self.industry.shape[0])
        rows: Floats = self.industry[industry] + self.origin[origin]
        return rows

    def __array__(self, dtype: object = None, copy: bool | None = None) -> Floats:
        """(C, J) all of them."""
        every: Floats = (self.industry[None] + self.origin[:, None]).reshape(self.shape)
        return every


@dataclass(frozen=True)
class Market:
    """Blocks of enterprises choosing among sites and staying.

    The systematic payoff, as profit margin on output, of block i at site j is

        ū_ij = v_ij − Σ_r needs_ir p̃_jr,     v_ij = base[cell_i, j] + x_i · z_j,
        p̃_jr = p_jr + Σ_{g ∋ j, r_g = r} p_g,

    and of staying v_i0 + a_{m(i)} with the calibrated constant a of the block's group m(i).

    Attributes
    ----------
    mass : (I,) n_i w_i, output per year of the whole block
    needs : (I, R) q_ir / w_i, need of resource r per unit of output
    stay : (I,) v_i0, payoff of staying before the calibrated constant
    cell : (I,) row of `base`, industry × origin
    base : (C, J) payoff common to a cell, −inf where the pair is refused; an array, or the sum of
        two parts
    intensities : (I, K) x_i
    qualities : (J, K) z_j
    capacity : (J, R) room net of incumbents, inf where the resource is only accounted
    floor : (J, R) lowest premium p_jr, max(0, price floor − posted price)
    group_member : (G, J) whether the site belongs to the group, or the weight with which its
        demand counts there and the group's price is paid there
    group_resource : (G,) the resource that the group limits
    group_capacity : (G,)
    group_floor : (G,)
    calibration : (I,) group m(i) whose observed stayers fix a constant, −1 for none
    stayers : (M,) observed staying output of each calibration group
    sigma : scale σ > 0 of the Gumbel taste, in margin on output
    """

    mass: Floats
    needs: Floats
    stay: Floats
    cell: Integers
    base: Floats | SummedPayoffs
    intensities: Floats
    qualities: Floats
    capacity: Floats
    floor: Floats
    group_member: Booleans | Floats
    group_resource: Integers
    group_capacity: Floats
    group_floor: Floats
    calibration: Integers
    stayers: Floats
    sigma: float

    def of_rows(self, rows: slice | NDArray[np.int64]) -> "Market":
        """The same market with some of its blocks."""
        return replace(
            self,
            mass=self.mass[rows],
            needs=self.needs[rows],
            stay=self.stay[rows],
            cell=self.cell[rows],
            intensities=self.intensities[rows],
            calibration=self.calibration[rows],
        )


@dataclass(frozen=True)
class Prices:
    """Scarcity premiums per unit and year, and the calibrated constants of staying.

    Attributes
    ----------
    site : (J, R) p_jr
    group : (G,) p_g
    constants : (M,) a_m
    """

    site: Floats
    group: Floats
    constants: Floats
