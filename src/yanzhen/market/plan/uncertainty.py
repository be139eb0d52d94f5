"""What the plan would be under other values of its parameters and other room.

Every draw (see `yanzhen.market.plan.draws`) formulates the market again, calibration included, and
clears it from the prices of the plan. A draw that does not clear is counted and named.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.advantage.attraction import locational_advantage_by_decay
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.large.demand_pass import available_cores
from yanzhen.market.large.study_clearing import held_whole
from yanzhen.market.plan.draw_sums import DrawSums, Sums
from yanzhen.market.plan.draws import Draw, draw
from yanzhen.market.plan.shortlists import SHORTLISTS, shortlist_table
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import StudyError
from yanzhen.study.quantiles import ENDS, QUANTILES
from yanzhen.study.result_columns import columns
from yanzhen.study.short_repr import ShortRepr

DRAWS = 200
AT_A_TIME = 16_384
"""Figures whose quantiles are taken at once."""
MOST_ARRIVALS = 5_000_000
"""Figures of draw, industry and site that are kept one by one; of more only intervals are."""
INTERVAL = columns("plan low median high")
"""`low`, `median`, `high` are the 5, 50 and 95 per cent quantiles over the draws that cleared,
`plan` the figure at the plan's own values."""
SIZE = INTERVAL.of_kind("size")
FAILURES = columns("draw reason")
PARAMETERS = columns("draw parameter value", value="number")
ROOM = columns("draw place factor")
ARRIVALS = columns("draw industry site output")
LEAVING = columns("draw industry origin output")
MOVES = columns("industry origin destination") | SIZE
ALLOCATION = columns("industry region") | SIZE
FLOWS = columns("origin_macro_region destination_macro_region") | SIZE
MACRO_REGIONS = columns("macro_region") | SIZE | columns("gaining_share")
"""Net arrivals, and the share of draws in which they are positive."""
REGIONS = columns("region") | SIZE | columns("gaining_share")
DEPARTURES = columns("region") | SIZE
SITES = columns("site") | SIZE
PREMIUMS = columns("place place_kind resource") | INTERVAL.of_kind("premium")
PRICES = PREMIUMS | columns("binding_share")
"""`binding_share` is of the draws in which the premium is above its floor."""
RANKS = columns("site") | INTERVAL.of_kind("number") | columns("first_five_share")
"""Rank by arriving output, 1 the largest."""


@dataclass(frozen=True, repr=False)
class Uncertainty(ShortRepr):
    """Cleared markets of many draws, and intervals over them.

    Attributes
    ----------
    draws : number of draws
    cleared : how many of them cleared
    arrivals, leaving : of every draw; empty where they would be more than `MOST_ARRIVALS`
    moves : the plan's largest, at most `yanzhen.market.plan.moves.MOST_MOVES`
    allocation, sites : arriving output
    shortlists : empty where the market is too large to be held whole
    """

    draws: int
    cleared: int
    failures: Annotated[pl.DataFrame, FAILURES]
    parameters: Annotated[pl.DataFrame, PARAMETERS]
    room: Annotated[pl.DataFrame, ROOM]
    arrivals: Annotated[pl.DataFrame, ARRIVALS]
    leaving: Annotated[pl.DataFrame, LEAVING]
    moves: Annotated[pl.DataFrame, MOVES]
    allocation: Annotated[pl.DataFrame, ALLOCATION]
    flows: Annotated[pl.DataFrame, FLOWS]
    macro_regions: Annotated[pl.DataFrame, MACRO_REGIONS]
    regions: Annotated[pl.DataFrame, REGIONS]
    departures: Annotated[pl.DataFrame, DEPARTURES]
    sites: Annotated[pl.DataFrame, SITES]
    prices: Annotated[pl.DataFrame, PRICES]
    ranks: Annotated[pl.DataFrame, RANKS]
    shortlists: Annotated[pl.DataFrame, SHORTLISTS]


class Redrawn:
    """The market of a plan, to be cleared again under draws: of each its sums, or why not.

    Parameters
    ----------
    cleared : the plan's study and market

    Attributes
    ----------
    summed : the plan's own sums, and what those of draws are labelled by
    """

    def __init__(self, cleared: ClearedStudy) -> None:
        self.summed = DrawSums(
            cleared.inputs.study, cleared.inputs.panel, cleared.formulation, cleared.clearing
        )
        self._clearing = cleared.clearing
        self._market_of = drawn_market(cleared)

    def __call__(self, one: Draw) -> Sums | str:
        tolerance, prices = self._clearing.certificate.tolerance, self._clearing.prices
        try:
            return self.summed.cleared(self._market_of(one), tolerance, prices)
        except (NoPrices, StudyError) as failure:
            return str(failure)


Elsewhere = Callable[[ClearedStudy, Sequence[Draw]], Iterator[Sums | str]]
"""Clears draws in another place than this machine's threads, as `Redrawn` does, in their order."""


def uncertainty(
    cleared: ClearedStudy,
    seed: int,
    draws: int = DRAWS,
    progress: Callable[[float], None] = lambda share: None,
    foretell: Callable[[float], None] = lambda seconds: None,
    elsewhere: Elsewhere | None = None,
) -> Uncertainty:
    """Clear the market of a plan again under drawn parameters and room.

    Of each draw its sums are kept and nothing of the size of its market.

    Parameters
    ----------
    cleared : the plan's study and market
    seed : of the draws
    draws : how many
    progress : called with the share of the draws done
    foretell : called with the seconds that the other draws will take, once the first is done, where
        the market is too large to be held whole
    elsewhere : clears the draws, the threads of this machine unless told; the result is the same
    """
    redrawn = Redrawn(cleared)
    kept = _Kept(redrawn.summed, draws)
    made = draws_of(cleared, seed, draws)
    failures: list[tuple[int, str]] = []
    began = time.perf_counter()
    whole = held_whole(cleared.formulation.market)
    workers = 1 if whole else available_cores()
    found = _in_turn(redrawn, made, workers) if elsewhere is None else elsewhere(cleared, made)
    for number, sums in enumerate(found):
        if isinstance(sums, str):
            failures.append((number, sums))
        else:
            kept.add(number, sums)
        if number == 0 and not whole and elsewhere is None:
            foretell((time.perf_counter() - began) * (draws - 1) / workers)
        progress((number + 1) / draws)
    return _gathered(redrawn.summed, kept, places_with_room(cleared), made, failures)


def places_with_room(cleared: ClearedStudy) -> tuple[str, ...]:
    """The places whose room is drawn: those of the table, then regions whose past is a limit."""
    declared = cleared.inputs.study.tables["resources"]["place"].unique().sort()
    return (*declared, *cleared.formulation.room.past_regions)


def draws_of(cleared: ClearedStudy, seed: int, draws: int) -> list[Draw]:
    """The first draws of a study's parameters and room."""
    inputs, size = cleared.inputs, len(places_with_room(cleared))
    ordered = inputs.parameters.sort("parameter")
    covariance = inputs.study.tables["parameter_covariance"]
    return [draw(ordered, covariance, size, seed, number) for number in range(draws)]


def drawn_market(cleared: ClearedStudy) -> Callable[[Draw], Formulation]:
    """What formulates the market of a study again under a draw, calibration included.

    It raises a `StudyError` where a draw makes a term absurd.
    """
    inputs, places = cleared.inputs, places_with_room(cleared)
    advantage_at = locational_advantage_by_decay(inputs.study, inputs.panel, inputs.advantage)

    def market_of(one: Draw) -> Formulation:
        here = advantage_at(one.parameters["access_decay"])
        elsewhere = replace(_other_room(inputs, places, one.room), advantage=here)
        return formulate(elsewhere.with_values(one.parameters), cleared.formulation)

    return market_of


def _in_turn(
    work: Callable[[Draw], Sums | str], draws: Sequence[Draw], workers: int
) -> Iterator[Sums | str]:
    """Results of all draws in their order: the first alone, then as many at once as workers."""
    yield from map(work, draws[:1])
    if workers == 1:
        yield from map(work, draws[1:])
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting = deque(pool.submit(work, one) for one in draws[1 : 1 + workers])
        for one in draws[1 + workers :]:
            yield waiting.popleft().result()
            waiting.append(pool.submit(work, one))
        while waiting:
            yield waiting.popleft().result()


def _other_room(inputs: StudyInputs, places: tuple[str, ...], factor: Floats) -> StudyInputs:
    """The study and its past with the room of each place times its factor."""
    study, past = inputs.study, inputs.past
    times = dict(zip(places, factor.tolist(), strict=True))
    declared = study.tables["resources"]
    stated = pl.col("place").replace_strict(times, default=1.0, return_dtype=pl.Float64)
    changed = declared.with_columns(capacity=pl.col("capacity") * stated)
    if past is not None:
        of_region = np.array([times.get(region, 1.0) for region in inputs.panel.regions])
        past = replace(
            past, room_growth=past.room_growth * of_region, room_idle=past.room_idle * of_region
        )
    elsewhere = replace(study, tables={**study.tables, "resources": changed})
    return replace(inputs, study=elsewhere, past=past)


class _Kept:
    """Figures of the plan, then of each draw that cleared, a row each."""

    def __init__(self, summed: DrawSums, draws: int) -> None:
        plan, self.summed = summed.plan, summed
        self.numbers: list[int] = []
        self.one_by_one = draws * plan.arrivals.size <= MOST_ARRIVALS
        self.arrivals: list[pl.DataFrame] = [ARRIVALS.frame()]
        self.leaving: list[pl.DataFrame] = [LEAVING.frame()]
        rows, regions = draws + 1, len(summed.panel.regions)
        self._allocation = np.empty((rows, plan.arrivals.shape[0] * regions))
        self._at_site = np.empty((rows, plan.arrivals.shape[1]))
        self._moves = np.empty((rows, plan.moves.size))
        self._routes = np.empty((rows, plan.routes.size))
        self._departures = np.empty((rows, plan.departures.size))
        self._premiums = np.empty((rows, plan.premiums.size))
        self._listed = np.empty((rows, *plan.listed.shape))
        self._put(0, plan)

    def add(self, number: int, sums: Sums) -> None:
        """Keep the sums of a draw."""
        self.numbers.append(number)
        self._put(len(self.numbers), sums)
        if self.one_by_one:
            self.arrivals.append(_arrivals(self.summed, number, sums.arrivals))
            self.leaving.append(_leaving(self.summed, number, sums.leaving))

    def _put(self, row: int, sums: Sums) -> None:
        self._allocation[row] = self.summed.region_arrivals(sums.arrivals).ravel()
        self._at_site[row] = sums.arrivals.sum(axis=0)
        self._moves[row], self._routes[row] = sums.moves, sums.routes.ravel()
        self._departures[row], self._premiums[row] = sums.departures, sums.premiums
        self._listed[row] = sums.listed

    def rows(self, name: str) -> Floats:
        """(1 + cleared, …) figures of the plan and of the draws that cleared."""
        figures: Floats = getattr(self, f"_{name}")[: len(self.numbers) + 1]
        return figures


# Kept whole: a line for each table.
def _gathered(
    summed: DrawSums,
    kept: _Kept,
    places: tuple[str, ...],
    made: list[Draw],
    failures: list[tuple[int, str]],
) -> Uncertainty:
    """The figures of all draws as frames."""
    at_site, departures, premiums = (
        kept.rows(name) for name in ("at_site", "departures", "premiums")
    )
    net = summed.region_arrivals(at_site) - departures
    ranks = np.stack([_ranks(row) for row in at_site])
    m, k = np.divmod(np.arange(len(summed.macro) ** 2), len(summed.macro))
    names = np.array(summed.macro, dtype=object)
    pairs = pl.DataFrame(
        {"origin_macro_region": names[m], "destination_macro_region": names[k]},
        schema={"origin_macro_region": pl.String, "destination_macro_region": pl.String},
    )
    region_names = pl.DataFrame({"region": summed.panel.regions})
    site_names = pl.DataFrame({"site": summed.sites})
    gaining = net @ summed.inside
    return Uncertainty(
        draws=len(made),
        cleared=len(kept.numbers),
        failures=FAILURES.frame(failures),
        parameters=PARAMETERS.frame(
            (number, name, value)
            for number, one in enumerate(made)
            for name, value in one.parameters.items()
        ),
        room=_room(places, made),
        arrivals=pl.concat(kept.arrivals),
        leaving=pl.concat(kept.leaving),
        moves=_intervals(summed.move_labels(), kept.rows("moves")),
        allocation=_intervals(
            pl.DataFrame({"industry": summed.panel.industries}).join(region_names, how="cross"),
            kept.rows("allocation"),
        ),
        flows=_intervals(pairs, kept.rows("routes")),
        macro_regions=_intervals(pl.DataFrame({"macro_region": summed.macro}), gaining).hstack(
            [_share("gaining_share", gaining[1:] > 0)]
        ),
        regions=_intervals(region_names, net).hstack([_share("gaining_share", net[1:] > 0)]),
        departures=_intervals(region_names, departures),
        sites=_intervals(site_names, at_site),
        prices=_intervals(summed.price_labels, premiums).hstack(
            [_share("binding_share", premiums[1:] > summed.floors[None])]
        ),
        ranks=_intervals(site_names, ranks).hstack([_share("first_five_share", ranks[1:] <= 5)]),
        shortlists=shortlist_table(
            summed.shortlist,
            (summed.panel.industries, summed.panel.regions, summed.sites),
            kept.rows("listed"),
            ENDS,
        ),
    )


def _room(places: tuple[str, ...], made: list[Draw]) -> pl.DataFrame:
    """Factor of each place's room in each draw."""
    count = len(places)
    return pl.DataFrame(
        {
            "draw": np.repeat(np.arange(len(made), dtype=np.int64), count),
            "place": pl.Series(places * len(made), dtype=pl.String),
            "factor": np.concatenate([one.room for one in made]) if made else np.zeros(0),
        },
        schema=ROOM.types,
    )


def _ranks(values: Floats) -> Floats:
    """(J,) one and how many of the values are larger."""
    larger = values.size - np.searchsorted(np.sort(values), values, side="right")
    ranks: Floats = np.asarray(1.0 + larger, dtype=np.float64)
    return ranks


def _intervals(labels: pl.DataFrame, values: Floats) -> pl.DataFrame:
    """Labels beside the plan's value (first row) and the quantiles of the draws (the others)."""
    count = labels.height
    quantiles = np.full((3, count), np.nan)
    if values.shape[0] > 1:
        # In parts: the quantile holds a second copy of what it looks at.
        for first in range(0, count, AT_A_TIME):
            part = slice(first, first + AT_A_TIME)
            quantiles[:, part] = np.quantile(values[1:, part], QUANTILES, axis=0)
    return labels.with_columns(
        pl.Series(name, column, dtype=pl.Float64).fill_nan(None)
        for name, column in zip(
            ("plan", "low", "median", "high"), (values[0], *quantiles), strict=True
        )
    )


def _share(name: str, holds: Booleans) -> pl.Series:
    """Share of the draws in which something holds, null without draws."""
    share = holds.mean(axis=0) if holds.shape[0] else np.full(holds.shape[1], np.nan)
    return pl.Series(name, share, dtype=pl.Float64).fill_nan(None)


def _arrivals(summed: DrawSums, number: int, arrivals: Floats) -> pl.DataFrame:
    """What arrives in one draw, by industry and site."""
    s, j = np.nonzero(arrivals)
    return pl.DataFrame(
        {
            "draw": np.full(s.size, number, dtype=np.int64),
            "industry": pl.Series(summed.panel.industries, dtype=pl.String).gather(s),
            "site": pl.Series(summed.sites, dtype=pl.String).gather(j),
            "output": arrivals[s, j],
        }
    )


def _leaving(summed: DrawSums, number: int, leaving: Floats) -> pl.DataFrame:
    """What leaves in one draw, by industry and origin."""
    n, s = np.nonzero(leaving)
    return pl.DataFrame(
        {
            "draw": np.full(n.size, number, dtype=np.int64),
            "industry": pl.Series(summed.panel.industries, dtype=pl.String).gather(s),
            "origin": pl.Series(summed.panel.regions, dtype=pl.String).gather(n),
            "output": leaving[n, s],
        }
    )
