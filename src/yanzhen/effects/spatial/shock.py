"""What changes from outside in a spatial model, as ratios to what was."""

from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.effects.spatial.economy import Economy
from yanzhen.effects.spatial.faults import BALANCE, after, listed
from yanzhen.study import Problem, StudyError
from yanzhen.study.ratios import ROUNDING


@dataclass(frozen=True)
class Shock:
    """Changes from outside; a ratio x̂ is new over old.

    Attributes
    ----------
    trade_cost : (S, N, N) ratio of the cost of trade other than tariffs, buyers in rows
    tariff : (S, N, N) new rates
    productivity : (N, S) ratio of output per bundle of inputs
    mass : (N, S) N̂, ratio of the number of enterprises or varieties, as a plan moves them
    deficit : (N,) new deficits, in money of which all value added stays what it was
    labour : (N,) ratio of labour where it doesn't move by itself
    """

    trade_cost: Floats
    tariff: Floats
    productivity: Floats
    mass: Floats
    deficit: Floats
    labour: Floats


def no_shock(economy: Economy) -> Shock:
    """Everything as it was; change it with `dataclasses.replace`."""
    regions, industries = economy.output.shape
    ones = np.ones((regions, industries))
    return Shock(
        trade_cost=np.broadcast_to(np.float64(1.0), (industries, regions, regions)),
        tariff=economy.tariff,
        productivity=ones,
        mass=ones,
        deficit=economy.deficit,
        labour=np.ones(regions),
    )


def mass_of_moves(economy: Economy, arrivals: Floats, departures: Floats) -> Floats:
    """(N, S) N̂ = (Y + arrivals − departures) / Y of a plan, one where nothing is made.

    Parameters
    ----------
    arrivals, departures : (N, S) output that moves, in the money of the economy

    Raises
    ------
    StudyError
        With everything that is wrong: more leaves than is made, something arrives where the
        industry is not made yet (a ratio to nothing), or an industry arrives more or less than it
        leaves.
    """
    made, net = economy.output > 0, arrivals - departures
    size = np.maximum(arrivals, departures).sum(axis=0)
    cells = [economy.regions, economy.industries]
    problems = [
        Problem.at("plan", table, None, "", after(found, listed(wrong, labels)), expected)
        for table, wrong, labels, found, expected in (
            (
                "departures", economy.output + net < -ROUNDING * economy.output, cells,
                ("more leaves than is made at", "迁出多于产出："), ("at most output", "不多于产出"),
            ),
            (
                "arrivals", ~made & (net > 0), cells,
                ("arrivals where the industry is not made at", "迁入尚无该行业之地："),
                ("arrivals where it is made", "迁入已有该行业之地"),
            ),
            (
                "arrivals", np.abs(net.sum(axis=0)) > BALANCE * size, [economy.industries],
                ("arrivals that do not match departures of", "迁入与迁出不符："),
                ("as much to arrive as leaves", "迁入等于迁出"),
            ),
        )
        if wrong.any()
    ]  # fmt: skip
    if problems:
        raise StudyError(problems)
    ratio = np.divide(economy.output + net, economy.output, out=np.ones_like(net), where=made)
    return np.maximum(ratio, 0.0)
