"""Whether an equilibrium is the only one: conditions that are known, and starts that are tried."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.changes import Changes
from yanzhen.effects.spatial.economy import Economy
from yanzhen.effects.spatial.equilibrium import Equilibrium, NoEquilibrium, equilibrium
from yanzhen.effects.spatial.mobility import (
    FreeMovement,
    Immobile,
    Migration,
    Mobility,
    labour_of,
)
from yanzhen.effects.spatial.shock import Shock

SPREAD = 0.5
"""Standard deviation of the logs that starts are drawn with."""


@dataclass(frozen=True)
class Starts:
    """What came of other starts.

    Attributes
    ----------
    tried : how many
    settled : of them those that came to rest at an equilibrium
    difference : largest |Δ log| of a region's real income between those and the first; zero to
        rounding where all are one
    """

    tried: int
    settled: int
    difference: float


def known_to_be_unique(
    economy: Economy, shock: Shock, mobility: Mobility, labour_share: Floats
) -> bool:
    """Whether a published condition says that there is one equilibrium.

    Of one industry without tariffs and deficits there is, where nobody moves and there are no
    economies of scale (Allen, Arkolakis and Takahashi 2020, theorem 1: elasticities of demand and
    supply both above zero), and where all move freely, nothing is an input and what people lose by
    company, ξ and the fixed factor's part 1 − β, is at least what they gain by scale (Allen and
    Arkolakis 2014, theorem 2). No condition is known of several industries with inputs: False
    then says that it is not known, and `from_other_starts` that others were looked for.
    """
    balanced = not shock.deficit.any()
    if len(economy.industries) > 1 or shock.tariff.any() or not balanced:
        return False
    scale = float(economy.scale[0])
    match mobility:
        case Immobile():
            return scale == 0
        case FreeMovement():
            alone = bool((economy.value_added_share == 1).all())
            alike = np.ptp(labour_share) == 0
            lost = mobility.congestion + 1 - float(labour_share[0])
            return bool(alone and alike and scale <= lost)
        case Migration():
            return False


def from_other_starts(
    found: Equilibrium,
    starts: int,
    seed: int,
    progress: Callable[[int], None] = lambda tried: None,
) -> Starts:
    """Look for other equilibria from starts drawn at random far from the one found.

    Parameters
    ----------
    starts : how many
    seed : of the draws
    progress : told how many have been tried
    """
    rng = np.random.default_rng(seed)
    first = np.log(found.real_income_change)
    settled, difference = 0, 0.0
    for tried in range(starts):
        start = _drawn(found, rng)
        try:
            other = equilibrium(
                found.before, found.shock, found.mobility, found.labour_share, start
            )
        except NoEquilibrium:
            continue
        finally:
            progress(tried + 1)
        settled += 1
        apart = np.abs(np.log(other.real_income_change) - first).max()
        difference = max(difference, float(apart))
    return Starts(starts, settled, difference)


def _drawn(found: Equilibrium, rng: np.random.Generator) -> Changes:
    """Ratios at random, with all value added and all people somewhere."""
    shape = found.before.output.shape
    added = np.exp(SPREAD * rng.normal(size=shape[0]))
    own = found.before.value_added
    labour = found.shock.labour
    if not isinstance(found.mobility, Immobile):
        there = labour_of(found.mobility)
        labour = np.exp(SPREAD * rng.normal(size=shape[0]))
        labour = labour * (there.sum() / (there @ labour))
    return Changes(
        added * (own.sum() / (own @ added)),
        labour,
        np.ones(shape),
        np.exp(SPREAD * rng.normal(size=shape)),
        np.exp(SPREAD * rng.normal(size=shape)),
    )
