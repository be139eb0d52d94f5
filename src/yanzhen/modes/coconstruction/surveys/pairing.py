"""Which homes pair with which hosts: a maximum-weight b-matching with supporting transfers.

    max Σ_ij w_ij x_ij,   Σ_j x_ij ≤ b_i,   Σ_i x_ij ≤ b_j,   0 ≤ x_ij ≤ 1

The constraint matrix is totally unimodular, so a vertex of the linear program is whole. Its dual

    min Σ_i b_i u_i + Σ_j b_j v_j + Σ_ij z_ij,   u_i + v_j + z_ij ≥ w_ij,   u, v, z ≥ 0

gives what a further partner is worth to each side, u_i and v_j, and z_ij, what a pair is worth
beyond that because it can be formed but once. A home gets u_i and its part of z_ij from each of its
pairs, the host the rest (Shapley and Shubik 1971; Sotomayor 1992 for several partners). No pair
and price is left that both would prefer.
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array

from yanzhen.study.ratios import without_rounding
from yanzhen.study.result_columns import columns

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
PAIRS = columns("home host joint home_gain host_gain transfer")
"""What each side has of a pair, and what the host pays the home for it beyond what the contract
gives it."""


@dataclass(frozen=True)
class Pairing:
    """Pairs, what each side has of them, and the proof.

    Attributes
    ----------
    home_price, host_price : u and v
    worth : Σ w x
    gap : dual less primal value
    blocking : largest amount by which a home and a host not paired could both do better together;
        at most rounding
    """

    pairs: Annotated[pl.DataFrame, PAIRS]
    home_price: Floats
    host_price: Floats
    worth: float
    gap: float
    blocking: float


def pair(
    homes: tuple[str, ...],
    hosts: tuple[str, ...],
    home_gain: Floats,
    host_gain: Floats,
    home_places: Integers,
    host_places: Integers,
    home_part: float = 0.5,
) -> Pairing:
    """Pair homes with hosts for the largest joint gain, and divide it so that the pairs hold.

    Parameters
    ----------
    homes, hosts : names
    home_gain, host_gain : (A, B) gain of each by the contract of the pair before any transfer, NaN
        where a pair cannot be formed
    home_places, host_places : (A,) and (B,) most partners of each
    home_part : the home's part of z, what a pair is worth to both beyond their other chances

    Raises
    ------
    ValueError
        When shapes don't fit or places are negative.
    """
    shape = (len(homes), len(hosts))
    if home_gain.shape != shape or host_gain.shape != shape:
        raise ValueError(f"gains must be {shape}, not {home_gain.shape} and {host_gain.shape}")
    if (home_places < 0).any() or (host_places < 0).any():
        raise ValueError("places must not be negative")
    joint = home_gain + host_gain
    home, host = np.nonzero(np.nan_to_num(joint, nan=-1.0) > 0)
    weight = joint[home, host]
    if weight.size == 0:
        nothing = np.zeros(shape[0]), np.zeros(shape[1])
        return Pairing(_table([], [], *[np.zeros(0)] * 4), *nothing, 0.0, 0.0, 0.0)
    # Gains are scaled to one, so that the solver's tolerances mean the same in fen and in yuan.
    scale = float(weight.max())
    u, v, z, chosen = _solve(shape, home, host, weight / scale, home_places, host_places)
    u, v, z = u * scale, v * scale, z * scale
    dual = float(home_places @ u + host_places @ v + z.sum())
    i, j, extra = home[chosen], host[chosen], z[chosen]
    # What the dual leaves open by rounding is the host's, so that the two parts make the whole.
    to_home = u[i] + home_part * extra
    to_host = weight[chosen] - to_home
    table = _table(
        [homes[k] for k in i],
        [hosts[k] for k in j],
        weight[chosen],
        to_home,
        to_host,
        to_home - home_gain[i, j],
    )
    worth = float(weight[chosen].sum())
    blocking = largest_blocking(joint, table, homes, hosts, home_places, host_places)
    # Prices are of the size of a pair's worth, also where no pair has a place.
    gap, blocking = (without_rounding(each, worth + scale) for each in (dual - worth, blocking))
    return Pairing(table, u, v, worth, gap, blocking)


def largest_blocking(
    joint: Floats,
    pairs: pl.DataFrame,
    homes: tuple[str, ...],
    hosts: tuple[str, ...],
    home_places: Integers,
    host_places: Integers,
) -> float:
    """Largest amount that a home and a host not paired could gain together beyond what they forgo.

    To take a new partner, a side with all places taken gives up the pair of which it has least, a
    side with a free place nothing, and a side without places cannot.
    """
    a = np.array([homes.index(name) for name in pairs["home"]], dtype=np.int64)
    b = np.array([hosts.index(name) for name in pairs["host"]], dtype=np.int64)
    open_pairs = np.where(np.isfinite(joint), joint, -np.inf)
    open_pairs[a, b] = -np.inf
    forgone = [
        _forgone(index, pairs[gain].to_numpy(), places)
        for index, gain, places in ((a, "home_gain", home_places), (b, "host_gain", host_places))
    ]
    better = open_pairs - forgone[0][:, None] - forgone[1][None]
    return max(float(better.max(initial=0.0)), 0.0)


def _forgone(index: Integers, gain: Floats, places: Integers) -> Floats:
    """(A,) least gain of a full side, 0 with a free place, infinite without any place."""
    taken = np.bincount(index, minlength=places.size)
    least = np.full(places.size, np.inf)
    np.minimum.at(least, index, gain)
    return np.where(taken < places, 0.0, least)


def _solve(
    shape: tuple[int, int],
    home: Integers,
    host: Integers,
    weight: Floats,
    home_places: Integers,
    host_places: Integers,
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Prices u, v, z and the pairs chosen, by the dual simplex, whose solution is a vertex."""
    pairs = np.arange(weight.size)
    rows = np.concatenate([home, shape[0] + host])
    matrix = coo_array(
        (np.ones(rows.size), (rows, np.tile(pairs, 2))), shape=(sum(shape), weight.size)
    )
    # The stubs of SciPy do not know that a sparse matrix may be given.
    found = linprog(  # type: ignore[call-overload]
        -weight,
        A_ub=matrix.tocsr(),
        b_ub=np.concatenate([home_places, host_places]),
        bounds=(0, 1),
        method="highs-ds",
    )
    if not found.success:
        raise ArithmeticError(f"the pairing was not solved: {found.message}")
    price = np.maximum(-found.ineqlin.marginals, 0.0)
    u, v = price[: shape[0]], price[shape[0] :]
    z = np.maximum(weight - u[home] - v[host], 0.0)
    return u, v, z, found.x > 0.5


def _table(
    homes: list[str], hosts: list[str], joint: Floats, home: Floats, host: Floats, transfer: Floats
) -> pl.DataFrame:
    return pl.DataFrame([homes, hosts, joint, home, host, transfer], schema=PAIRS.types)
