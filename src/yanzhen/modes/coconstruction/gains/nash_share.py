"""The share that Nash's bargain comes to where only a named share can be bargained over.

It maximises home^w · host^{1 − w} over the shares for which neither party loses (Nash 1950; Kalai
1977 for weights), to the millionth to which the ends of these shares are known.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from yanzhen.modes.coconstruction.gains.gains import Case, Floats
from yanzhen.modes.coconstruction.gains.share_curve import LATTICE, GainInterval, curve_at
from yanzhen.study.problem import Words

FIRST_PARTS, PARTS = 100, 10
"""Parts into which a run of shares is cut at first, and then the stretch that holds the best."""
ALIKE = 1e-12
"""Part of the gains below which two are alike but for the rounding of sums."""

NO_AGREEMENT: Words = (
    "没有使双方都不受损的份额",
    "no share leaves both without loss",
)
NO_MATTER: Words = (
    "双方得益不随份额变化",
    "the gains of neither depend on the share",
)


@dataclass(frozen=True)
class NashShare:
    """The share of the home that Nash's bargain comes to.

    Attributes
    ----------
    share : a whole number of millionths; None where it is not defined
    because : why it is not defined, in Chinese and English; empty where it is
    """

    share: float | None
    because: Words = ("", "")


def nash_share(
    case: Case,
    share: str,
    interval: GainInterval,
    home_weight: float,
    probability: Callable[[float], Floats] | None = None,
) -> NashShare:
    """Share of the home that maximises home^w · host^{1 − w}.

    Every run of `interval` is cut into equal parts and the stretch about the best share cut again,
    until all its millionths are tried: exact where the product rises and then falls within the
    stretch, as it does where gains are straight in the share. The lowest where several are best.

    Not defined where no share leaves both without loss, nor where there are several such shares
    and the gains of neither depend on them.

    Parameters
    ----------
    case, share, probability : as in `share_curve.gain_curve`
    interval : as `share_curve.gain_interval` gives it
    home_weight : w, between 0 and 1

    Raises
    ------
    ValueError
        When the weight is not between 0 and 1.
    """
    if not 0 <= home_weight <= 1:
        raise ValueError(f"the home's weight is between 0 and 1, not {home_weight}")
    runs = [(round(low * LATTICE), round(high * LATTICE)) for low, high in interval.intervals]
    if not runs:
        return NashShare(None, NO_AGREEMENT)
    found: list[tuple[float, int]] = []
    gains: list[Floats] = []
    for low, high in runs:
        stretch, parts = (low, high), FIRST_PARTS
        while True:
            tried = _cut(*stretch, parts)
            curve = curve_at(case, share, [(part, LATTICE) for part in tried], probability)
            both = curve.select("home", "host").to_numpy()
            gains.append(both)
            product = log_product(both[:, 0], both[:, 1], home_weight)
            best = int(np.argmax(product >= product.max() - ALIKE))
            if stretch[1] - stretch[0] <= parts:
                found.append((float(product[best]), tried[best]))
                break
            stretch = (tried[max(best - 1, 0)], tried[min(best + 1, len(tried) - 1)])
            parts = PARTS
    if len({*sum(runs, ())}) > 1 and _alike(np.concatenate(gains)):
        return NashShare(None, NO_MATTER)
    # The first of the largest: runs stand in the order of their shares.
    most = max(product for product, _ in found) - ALIKE
    return NashShare(next(part for product, part in found if product >= most) / LATTICE)


def log_product(home: Floats, host: Floats, home_weight: float) -> Floats:
    """Logarithm of home^w · host^{1 − w}, with 0^0 = 1; −∞ where either loses."""
    agreed = (home >= 0) & (host >= 0)
    logs = np.zeros_like(home)
    with np.errstate(divide="ignore"):
        for weight, gain in ((home_weight, home), (1 - home_weight, host)):
            if weight > 0:
                logs = logs + weight * np.log(np.where(agreed, gain, 0.0))
    return np.where(agreed, logs, -np.inf)


def _cut(low: int, high: int, parts: int) -> list[int]:
    """Shares that cut a stretch into equal parts, every one of it where it is no longer."""
    parts = max(min(parts, high - low), 1)
    return sorted({low + (high - low) * k // parts for k in range(parts + 1)})


def _alike(gains: Floats) -> bool:
    """Whether home and host have the same at every share tried, (K, 2)."""
    spread = np.ptp(gains, axis=0)
    return bool((spread <= ALIKE * np.abs(gains).max(axis=0)).all())
