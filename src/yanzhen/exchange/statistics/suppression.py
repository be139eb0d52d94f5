"""Which cells of linked tables are hidden: those that tell of an enterprise, and what hides them.

Small sets of tables are solved to the optimum by Benders cuts (Fischetti and Salazar 2001). Large
ones get the pattern of the heuristic and a bound of the linear programme of what is necessary; the
gap between the two is stated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from time import monotonic

from yanzhen.exchange.statistics.arrays import Flags
from yanzhen.exchange.statistics.attacks import Attacks
from yanzhen.exchange.statistics.cells import Cells
from yanzhen.exchange.statistics.heuristic import Pattern, Progress, Unprotectable, protect
from yanzhen.exchange.statistics.master import Master
from yanzhen.exchange.statistics.problem import Problem, problem_of
from yanzhen.exchange.statistics.rules import SafetyRule, sensitive
from yanzhen.exchange.statistics.witnesses import Moves

EXACT = 400
"""Cells that may be hidden, up to which the optimum is sought."""
FOR_PATTERN, FOR_BOUND = 0.6, 0.15
"""Parts of the time after which no cell is tried for being shown again; for the bound."""


@dataclass(frozen=True)
class Suppression:
    """Which cells are hidden, and at what loss.

    Attributes
    ----------
    hidden : (C,)
    reasons : reason to the cells (C,) that are hidden because of it; the others of `hidden` are
        hidden to protect those
    loss : summed weights of the cells hidden
    bound : below which no pattern that protects all can be
    witnesses : measure to deviations that show why the cells hidden are enough, for the audit to
        check; none where they were not found
    """

    hidden: Flags
    reasons: Mapping[str, Flags]
    loss: float
    bound: float
    witnesses: Mapping[str, tuple[Moves, ...]] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """How much of the loss might have been spared, share."""
        return 0.0 if self.loss <= 0 else max(self.loss - self.bound, 0.0) / self.loss


def suppress(
    cells: Cells,
    rule: SafetyRule,
    weigh_by: str = "value",
    seconds: float = 100.0,
    shown: Flags | None = None,
    update: Progress = lambda _: None,
) -> Suppression:
    """Hide cells so that no attacker's interval of a sensitive one is narrower than the rule asks.

    Parameters
    ----------
    weigh_by : see `problem.problem_of`
    seconds : after which the best pattern found is taken; the first pattern is finished in any case
    shown : (C,) cells that cannot be hidden any more
    update : told the part that is done

    Raises
    ------
    yanzhen.exchange.statistics.heuristic.Unprotectable
        A cell cannot be protected.
    """
    began = monotonic()
    problem = problem_of(cells, rule, weigh_by, shown)
    pattern = protect(problem, began + FOR_PATTERN * seconds, lambda done: update(0.9 * done))
    hidden = pattern.hidden
    loss = float(problem.weights[hidden].sum())
    if (~problem.primary & ~problem.shown).sum() <= EXACT:
        hidden, bound = _optimum(problem, hidden, began + seconds)
        loss = float(problem.weights[hidden].sum())
    else:
        necessary = Master(problem, whole=False).solve(FOR_BOUND * seconds)
        bound = 0.0 if necessary is None else necessary.bound
    bound = max(bound, float(problem.weights[problem.primary].sum()))
    update(1.0)
    if hidden is not pattern.hidden:
        pattern = _shown_safe(problem, hidden)
    witnesses = witnesses_of(pattern, cells)
    return Suppression(hidden, sensitive(rule, cells), loss, min(bound, loss), witnesses)


def _shown_safe(problem: Problem, hidden: Flags) -> Pattern:
    """Look for what protects a pattern without hiding more; without it the audit has programmes."""
    try:
        found = protect(replace(problem, shown=~hidden), until=0.0)
    except Unprotectable:
        return Pattern(hidden, {})
    return Pattern(hidden, found.deviations)


def witnesses_of(pattern: Pattern, cells: Cells) -> dict[str, tuple[Moves, ...]]:
    """Return what protects cells as the audit is told it: by the codes of the cells."""
    keys = cells.keys.rows()
    return {
        measure: tuple(
            {
                keys[cell]: move
                for cell, move in zip(each.cells.tolist(), each.moves.tolist(), strict=True)
            }
            for each in deviations
        )
        for measure, deviations in pattern.deviations.items()
    }


def _optimum(problem: Problem, known: Flags, until: float) -> tuple[Flags, float]:
    """Return the best pattern found, and the bound when the optimum was reached or time ran out."""
    loss = float(problem.weights[known].sum())
    if not problem.primary.any():
        return known, loss
    master = Master(problem, whole=True)
    attacks = [Attacks(problem, measure) for measure in problem.measures]
    bound = 0.0
    while (left := until - monotonic()) > 0:
        necessary = master.solve(left)
        if necessary is None:
            break
        bound = max(bound, necessary.bound)
        if bound >= loss * (1 - NEGLIGIBLE_LOSS):
            return known, loss
        cuts = [cut for each in attacks for cut in each.cuts(necessary.hidden)]
        if not cuts:
            theirs = float(problem.weights[necessary.hidden].sum())
            return (necessary.hidden, bound) if theirs < loss else (known, bound)
        for cut in cuts:
            master.add(cut.coefficients, cut.least)
    return known, bound


NEGLIGIBLE_LOSS = 1e-9
"""Part of the loss that is rounding."""
