"""What the plan would be under other values of its parameters and other room.

Every draw (see `yanzhen.market.plan.draws`) formulates the market again, calibration included, and
clears it from the prices of the plan. A draw that does not clear is counted and named.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Booleans, Floats, Panel
from yanzhen.advantage.attraction import locational_advantage_by_decay
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.newton_dense import Clearing, NotCleared, clear
from yanzhen.market.plan.draws import Draw, draw
from yanzhen.market.problem.departures import WHOLE
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import Study, StudyError
from yanzhen.study.result_columns import columns

DRAWS = 200
QUANTILES = (0.05, 0.5, 0.95)
MOST_MOVES = 20_000
"""Moves, the plan's largest, for which intervals are kept."""
INTERVAL = columns("plan low median high")
"""`low`, `median`, `high` are the 5, 50 and 95 per cent quantiles over the draws that cleared,
`plan` the figure at the plan's own values."""
SIZE = INTERVAL.of_kind("size")
FAILURES = columns("draw reason")
PARAMETERS = columns("draw parameter value", value="number")
ROOM = columns("draw place factor")
ARRIVALS = columns("draw industry site output")
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


@dataclass(frozen=True)
class Uncertainty:
    """Cleared markets of many draws, and intervals over them.

    Attributes
    ----------
    draws : number of draws
    cleared : how many of them cleared
    moves : the plan's largest, at most `MOST_MOVES`
    allocation, sites : arriving output
    """

    draws: int
    cleared: int
    failures: Annotated[pl.DataFrame, FAILURES]
    parameters: Annotated[pl.DataFrame, PARAMETERS]
    room: Annotated[pl.DataFrame, ROOM]
    arrivals: Annotated[pl.DataFrame, ARRIVALS]
    moves: Annotated[pl.DataFrame, MOVES]
    allocation: Annotated[pl.DataFrame, ALLOCATION]
    flows: Annotated[pl.DataFrame, FLOWS]
    macro_regions: Annotated[pl.DataFrame, MACRO_REGIONS]
    regions: Annotated[pl.DataFrame, REGIONS]
    departures: Annotated[pl.DataFrame, DEPARTURES]
    sites: Annotated[pl.DataFrame, SITES]
    prices: Annotated[pl.DataFrame, PRICES]
    ranks: Annotated[pl.DataFrame, RANKS]


@dataclass(frozen=True)
class _Outcome:
    """Sums of one cleared market, in an order that all draws share."""

    arrivals: Floats
    moves: Floats
    routes: Floats
    departures: Floats
    premiums: Floats


# Kept wide: all that the market of a plan was formulated from.
def uncertainty(
    cleared: ClearedStudy,
    seed: int,
    draws: int = DRAWS,
    progress: Callable[[float], None] = lambda share: None,
) -> Uncertainty:
    """Clear the market of a plan again under drawn parameters and room.

    Parameters
    ----------
    cleared : the plan's study and market
    seed : of the draws
    draws : how many
    progress : called with the share of the draws done
    """
    inputs, formulation, clearing = cleared.inputs, cleared.formulation, cleared.clearing
    study = inputs.study
    declared = study.tables["resources"]["place"].unique().sort()
    # Regions whose room of the past is a limit stand beside the places of the table.
    places = (*declared, *formulation.room.past_regions)
    summed = _Summary(study, inputs.panel, formulation, clearing)
    advantage_at = locational_advantage_by_decay(study, inputs.panel, inputs.advantage)
    ordered = inputs.parameters.sort("parameter")
    made: list[Draw] = []
    found: list[_Outcome] = []
    numbers: list[int] = []
    failures: list[tuple[int, str]] = []
    for number in range(draws):
        one = draw(ordered, study.tables["parameter_covariance"], len(places), seed, number)
        made.append(one)
        here = advantage_at(one.parameters["access_decay"])
        try:
            other = formulate(
                replace(_other_room(inputs, places, one.room), advantage=here).with_values(
                    one.parameters
                )
            )
            outcome = summed.of(
                other,
                clear(other.market, clearing.certificate.tolerance, clearing.prices, other.labels),
            )
        except (NotCleared, StudyError) as failure:
            failures.append((number, str(failure)))
        else:
            numbers.append(number)
            found.append(outcome)
        progress((number + 1) / draws)
    return _gathered(
        summed, summed.of(formulation, clearing), places, made, numbers, found, failures
    )


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


class _Summary:
    """Sums of cleared markets by labels that all draws share."""

    def __init__(
        self, study: Study, panel: Panel, formulation: Formulation, clearing: Clearing
    ) -> None:
        macro = dict(
            study.tables["regions"].select("region", pl.col("macro_region").fill_null(WHOLE)).rows()
        )
        self.panel = panel
        self.sites = formulation.room.sites["site"].to_list()
        self.places = formulation.place
        self.of_region = np.array([macro[region] for region in panel.regions])
        self.macro = sorted(set(self.of_region))
        self.inside = (self.of_region[:, None] == np.array(self.macro)[None]).astype(np.float64)
        room = formulation.room
        self.limited = np.isfinite(room.capacity)
        j, r = np.nonzero(self.limited)
        at_sites = pl.DataFrame(
            {
                "place": np.array(self.sites, dtype=object)[j],
                "resource": np.array(room.resources, dtype=object)[r],
            },
            schema={"place": pl.String, "resource": pl.String},
        )
        self.price_labels = pl.concat(
            [
                at_sites.select("place", pl.lit("site").alias("place_kind"), "resource"),
                room.groups.select("place", pl.lit("group").alias("place_kind"), "resource"),
            ]
        )
        self.floors = np.concatenate([room.floor[self.limited], room.group_floor])
        self.pairs, self.pair = np.unique(
            np.stack([formulation.industry, formulation.origin]), axis=1, return_inverse=True
        )
        moved = self._by_pair(formulation, clearing)
        largest = np.argsort(-moved, axis=None, kind="stable")[:MOST_MOVES]
        self.kept = largest[moved.ravel()[largest] > 0]

    def _by_pair(self, formulation: Formulation, clearing: Clearing) -> Floats:
        """(pairs of industry and origin, J) output that moves."""
        moving = formulation.market.mass[:, None] * clearing.choice.probability
        total = np.zeros((self.pairs.shape[1], moving.shape[1]))
        np.add.at(total, self.pair, moving)
        return total

    def move_labels(self) -> pl.DataFrame:
        """Industry, origin and destination of the moves that are kept."""
        pair, site = np.divmod(self.kept, max(len(self.sites), 1))
        industry, origin = self.pairs[:, pair]
        return pl.DataFrame(
            {
                "industry": pl.Series(self.panel.industries, dtype=pl.String).gather(industry),
                "origin": pl.Series(self.panel.regions, dtype=pl.String).gather(origin),
                "destination": pl.Series(self.sites, dtype=pl.String).gather(site),
            }
        )

    def of(self, formulation: Formulation, clearing: Clearing) -> _Outcome:
        """Arrivals (S, J), moves, routes (M, M), departures (N,) and premiums of one market."""
        moved = self._by_pair(formulation, clearing)
        arrivals = np.zeros((len(self.panel.industries), len(self.sites)))
        np.add.at(arrivals, self.pairs[0], moved)
        from_region = np.zeros((len(self.panel.regions), len(self.sites)))
        np.add.at(from_region, self.pairs[1], moved)
        return _Outcome(
            arrivals,
            moved.ravel()[self.kept],
            self.inside.T @ from_region @ self.inside[self.places],
            from_region.sum(axis=1),
            np.concatenate([clearing.prices.site[self.limited], clearing.prices.group]),
        )

    def region_arrivals(self, arrivals: Floats) -> Floats:
        """(…, N) arrivals at the regions' sites, of (…, J)."""
        in_region = self.places[:, None] == np.arange(len(self.panel.regions))[None]
        total: Floats = arrivals @ in_region.astype(np.float64)
        return total


def _gathered(
    summed: _Summary,
    plan: _Outcome,
    places: tuple[str, ...],
    made: list[Draw],
    numbers: list[int],
    found: list[_Outcome],
    failures: list[tuple[int, str]],
) -> Uncertainty:
    """The outcomes of all draws as frames."""
    everyone = [plan, *found]
    arrivals = np.stack([one.arrivals for one in everyone])
    at_site = arrivals.sum(axis=1)
    departures = np.stack([one.departures for one in everyone])
    net = summed.region_arrivals(at_site) - departures
    premiums = np.stack([one.premiums for one in everyone])
    routes = np.stack([one.routes for one in everyone]).reshape(len(everyone), -1)
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
        cleared=len(numbers),
        failures=FAILURES.frame(failures),
        parameters=PARAMETERS.frame(
            (number, name, value)
            for number, one in enumerate(made)
            for name, value in one.parameters.items()
        ),
        room=ROOM.frame(
            (number, place, factor)
            for number, one in enumerate(made)
            for place, factor in zip(places, one.room.tolist(), strict=True)
        ),
        arrivals=_arrivals(summed, numbers, arrivals[1:]),
        moves=_intervals(summed.move_labels(), np.stack([one.moves for one in everyone])),
        allocation=_intervals(
            pl.DataFrame({"industry": summed.panel.industries}).join(region_names, how="cross"),
            summed.region_arrivals(arrivals).reshape(len(everyone), -1),
        ),
        flows=_intervals(pairs, routes),
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
        quantiles = np.quantile(values[1:], QUANTILES, axis=0)
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


def _arrivals(summed: _Summary, numbers: list[int], arrivals: Floats) -> pl.DataFrame:
    d, s, j = np.nonzero(arrivals)
    return pl.DataFrame(
        {
            "draw": np.array(numbers, dtype=np.int64)[d],
            "industry": pl.Series(summed.panel.industries, dtype=pl.String).gather(s),
            "site": pl.Series(summed.sites, dtype=pl.String).gather(j),
            "output": arrivals[d, s, j],
        }
    )
