"""Multipliers, leakage and footprints by input-output, before a plan and after it.

A plan changes where things are made, and so who is bought from. Nothing else answers: wages, prices
and final demand are as before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.input_output import Floats, leontief_inverse, technical_coefficients
from yanzhen.accounts.linkages import output_multipliers
from yanzhen.effects.plan_shock import PlanMoves
from yanzhen.effects.spatial.economy import inputs_of
from yanzhen.effects.study_economy import StudyEconomy
from yanzhen.modes.chain.network.multiregional_flows import SupplyWeb, with_output
from yanzhen.study.result_columns import columns

FOLLOWED = ("jobs", "energy", "emissions")
"""Measures whose footprints are followed."""
MULTIPLIERS = columns(
    "region industry output multiplier leakage multiplier_after leakage_after",
    multiplier="number", multiplier_after="number", leakage="share", leakage_after="share",
)  # fmt: skip
"""`multiplier` is output in all regions per unit of final demand for what the region makes;
`leakage` the part of it beyond the unit itself that arises in other regions. Null where the region
does not make it."""
LEAKAGE = MULTIPLIERS.only("region output multiplier leakage multiplier_after leakage_after")
"""Of all that a region makes, in the proportions of its output before and after."""
FOOTPRINTS = columns(
    "region measure made made_after used used_after",
    measure="term", made="number", made_after="number", used="number", used_after="number",
)  # fmt: skip
"""What the region's own production takes, and what production anywhere takes for its final uses;
exports and errors, which are booked where things are made, are in nobody's."""


@dataclass(frozen=True)
class Sourcing:
    """Input-output effects of a plan."""

    multipliers: Annotated[pl.DataFrame, MULTIPLIERS]
    leakage: Annotated[pl.DataFrame, LEAKAGE]
    footprints: Annotated[pl.DataFrame, FOOTPRINTS]


def nothing_sourced() -> Sourcing:
    """Empty tables, where they were not asked for or the study lacks data for them."""
    return Sourcing(MULTIPLIERS.frame(), LEAKAGE.frame(), FOOTPRINTS.frame())


def sourcing(of: StudyEconomy, moves: PlanMoves, measures: Mapping[str, Floats]) -> Sourcing:
    """Multipliers, leakage and footprints before and after moves.

    Every user of a product in a region buys it from the others in the same shares (Chenery 1953,
    Moses 1955). Trade after the moves is the trade there was, brought to the new sums by RAS; a
    region that begins to make something sells it to all in proportion to what they buy.

    Parameters
    ----------
    measures : (N, S) of the economy's first industries, NaN where not known; one that is not known
        of something that is made has no footprint
    """
    before = _web(of)
    n = len(before.regions)
    change = np.maximum(before.output + moves.net, 0.0)
    after = with_output(before, change, np.ones((n, n)))
    intensity = _intensities(before.output, measures)
    states = [_followed(web, intensity) for web in (before, after)]
    return Sourcing(
        MULTIPLIERS.frame(_cells(before, states)),
        LEAKAGE.frame(
            (region, float(before.output[n].sum()), *_known(each.region[n] for each in states))
            for n, region in enumerate(before.regions)
        ),
        FOOTPRINTS.frame(
            (
                *(region, name),
                *(float(each.made[name][n]) for each in states),
                *(float(each.used[name][n]) for each in states),
            )
            for name in intensity
            for n, region in enumerate(before.regions)
        ),
    )


def _web(of: StudyEconomy) -> SupplyWeb:
    """The economy as a web of supply; inputs from abroad are none of it, nor of anybody's."""
    economy = of.economy
    inputs = economy.input_share * of.domestic[None, :, None]
    bought = economy.trade_share * economy.spending.T[:, :, None]
    final = np.maximum(economy.spending - inputs_of(inputs, economy.output), 0.0)
    return SupplyWeb(
        economy.regions,
        economy.industries,
        economy.output,
        inputs,
        final,
        np.zeros_like(economy.output),
        bought.transpose(0, 2, 1),
    )


@dataclass(frozen=True)
class _Followed:
    """What a web of supply gives: of (N, S) cells and (N,) regions multiplier and leakage, and the
    footprints of (N,) regions by measure."""

    cell: Floats
    region: Floats
    made: Mapping[str, Floats]
    used: Mapping[str, Floats]


def _followed(web: SupplyWeb, intensity: Mapping[str, Floats]) -> _Followed:
    n, s = web.output.shape
    leontief = leontief_inverse(technical_coefficients(web.flows, web.output.ravel()))
    whole = output_multipliers(leontief).reshape(n, s)
    at_home = np.einsum("nins->ns", leontief.reshape(n, s, n, s))
    there = web.output > 0
    cell = np.stack([np.where(there, whole, np.nan), _leaking(whole, at_home, there)], axis=-1)
    weight = np.divide(
        web.output,
        web.output.sum(axis=1, keepdims=True),
        out=np.zeros_like(web.output),
        where=there,
    )
    mean, own = (weight * whole).sum(axis=1), (weight * at_home).sum(axis=1)
    some = np.asarray(there.any(axis=1))
    region = np.stack([np.where(some, mean, np.nan), _leaking(mean, own, some)], axis=-1)
    demand = np.einsum("ikr,ri->kir", web.shares, web.final).reshape(n * s, n)
    needed = (leontief @ demand).reshape(n, s, n)
    return _Followed(
        cell,
        region,
        {name: (each * web.output).sum(axis=1) for name, each in intensity.items()},
        {name: np.einsum("ks,ksr->r", each, needed) for name, each in intensity.items()},
    )


def _leaking(whole: Floats, at_home: Floats, there: NDArray[np.bool_]) -> Floats:
    beyond = whole - 1
    share: Floats = np.divide(
        whole - at_home, beyond, out=np.full(whole.shape, np.nan), where=there & (beyond > 1e-9)
    )
    return share


def _intensities(output: Floats, measures: Mapping[str, Floats]) -> dict[str, Floats]:
    """(N, S) of each measure that is known of all that its industries make, per output.

    Industries beyond those of the measure have none. A cell that begins to make something takes
    what its industry takes in all regions.
    """
    found = {}
    for name in FOLLOWED:
        level = measures.get(name)
        if level is None:
            continue
        of = output[:, : level.shape[1]]
        made = of > 0
        if not made.any() or not np.isfinite(level[made]).all():
            continue
        total, taken = (np.where(made, each, 0.0).sum(axis=0) for each in (of, level))
        usual = np.divide(taken, total, out=np.zeros_like(total), where=total > 0)
        each = np.divide(level, of, out=np.broadcast_to(usual, made.shape).copy(), where=made)
        found[name] = np.pad(each, ((0, 0), (0, output.shape[1] - level.shape[1])))
    return found


def _cells(web: SupplyWeb, states: Sequence[_Followed]) -> Iterator[tuple[object, ...]]:
    for n, region in enumerate(web.regions):
        for s, sector in enumerate(web.sectors):
            made = float(web.output[n, s])
            yield region, sector, made, *_known(each.cell[n, s] for each in states)


def _known(figures: Iterable[Floats]) -> list[float | None]:
    return [float(each) if np.isfinite(each) else None for each in np.concatenate(list(figures))]
