"""Draws of parameters and of room, each from a counter-based generator of its own.

A parameter with an interval is triangular on [low, high] with its value as mode. Parameters that
`parameter_covariance` names are jointly normal about their values with that covariance, drawn
again while outside their intervals. The room of every place is multiplied by a factor of its own,
triangular about one on the relative interval of `room_scale`, on top of the common `room_scale`.
Draw d uses Philox with the key (seed, d), so that it is the same whatever the number of draws.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats

SEED = 20220114
"""Of a plan's draws, and of the order in which cells are hidden to test the completion."""
HELD = ("plan_years", "min_balanced_share", "phase_in_shape")
"""Parameters that are never drawn: they say what the plan covers, not what is uncertain of it."""

MOST_TRIES = 1000


@dataclass(frozen=True)
class Draw:
    """One draw.

    Attributes
    ----------
    parameters : values by name
    room : (P,) factor of each place's room
    """

    parameters: dict[str, float]
    room: Floats


def draw(
    parameters: pl.DataFrame, covariance: pl.DataFrame, places: int, seed: int, number: int
) -> Draw:
    """Draw parameters and room factors.

    Parameters
    ----------
    parameters : parameter, value, low, high, sorted by parameter
    covariance : parameter_a, parameter_b, covariance; may give one half only
    places : how many places have room
    seed, number : key of the generator

    Raises
    ------
    ValueError
        When the covariance is not positive semidefinite, or the intervals leave it no room.
    """
    generator = np.random.Generator(np.random.Philox(key=[seed, number]))
    values = dict(parameters.select("parameter", "value").iter_rows())
    joint = _jointly(parameters, covariance, generator)
    for name, value, low, high in parameters.select(
        "parameter", "value", "low", "high"
    ).iter_rows():
        # A number is taken for every parameter, so that one without an interval shifts no other.
        uniform = generator.random()
        if name in joint:
            values[name] = joint[name]
        elif name not in HELD and low is not None and high is not None and low < high:
            values[name] = float(triangular(np.array([uniform]), low, value, high)[0])
    return Draw(values, _room_factors(parameters, generator.random(places)))


def triangular(uniform: Floats, low: float, mode: float, high: float) -> Floats:
    """Quantiles of the triangular distribution on [low, high] with a mode, of U(0, 1) numbers."""
    rise = (mode - low) / (high - low)
    left = low + np.sqrt(uniform * (high - low) * (mode - low))
    right = high - np.sqrt((1 - uniform) * (high - low) * (high - mode))
    return np.where(uniform < rise, left, right)


def _room_factors(parameters: pl.DataFrame, uniform: Floats) -> Floats:
    scale = parameters.filter(pl.col("parameter") == "room_scale").row(0, named=True)
    if scale["low"] is None or scale["high"] is None or not scale["low"] < scale["high"]:
        return np.ones(uniform.size)
    return triangular(uniform, scale["low"] / scale["value"], 1.0, scale["high"] / scale["value"])


def _jointly(
    parameters: pl.DataFrame, covariance: pl.DataFrame, generator: np.random.Generator
) -> dict[str, float]:
    """Values of the parameters that have a covariance."""
    named = {*covariance["parameter_a"], *covariance["parameter_b"]}
    rows = parameters.filter(pl.col("parameter").is_in(sorted(named)))
    if rows.is_empty():
        return {}
    names = rows["parameter"].to_list()
    place = {name: k for k, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names)))
    for a, b, value in covariance.select("parameter_a", "parameter_b", "covariance").iter_rows():
        if a in place and b in place:
            matrix[place[a], place[b]] = matrix[place[b], place[a]] = value
    roots, vectors = np.linalg.eigh(matrix)
    if roots.min() < -1e-9 * max(roots.max(), 1e-300):
        raise ValueError(f"the covariance of {', '.join(names)} is not positive semidefinite")
    root = vectors * np.sqrt(np.maximum(roots, 0.0))
    mean = rows["value"].to_numpy()
    low = rows["low"].cast(pl.Float64).fill_null(-np.inf).to_numpy()
    high = rows["high"].cast(pl.Float64).fill_null(np.inf).to_numpy()
    for _ in range(MOST_TRIES):
        found = mean + root @ generator.standard_normal(len(names))
        if ((found >= low) & (found <= high)).all():
            return dict(zip(names, found.tolist(), strict=True))
    raise ValueError(
        f"the intervals of {', '.join(names)} are too narrow for their covariance: "
        f"of {MOST_TRIES} draws none lies in all of them"
    )
