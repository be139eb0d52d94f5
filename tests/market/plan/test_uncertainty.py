"""Intervals over draws that are cleared again."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.declared import undeclared
from tests.market.stages import TOLERANCE, Stages, stages
from tests.study.small import small
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.market.large import study_clearing
from yanzhen.market.plan import uncertainty as draws_of
from yanzhen.market.plan.draws import draw
from yanzhen.market.plan.uncertainty import Uncertainty, uncertainty
from yanzhen.market.problem.formulation import formulate

DRAWS = 12


@pytest.fixture(scope="module")
def ready() -> Stages:
    return stages(small())


def drawn(ready: Stages, draws: int = DRAWS, seed: int = 5) -> Uncertainty:
    return uncertainty(ready.cleared, seed, draws)


def with_parameters(ready: Stages, parameters: pl.DataFrame) -> Stages:
    inputs = replace(ready.inputs, parameters=parameters)
    return Stages(replace(ready.cleared, inputs=inputs))


@pytest.fixture(scope="module")
def found(ready: Stages) -> Uncertainty:
    return drawn(ready)


def test_tables_are_as_declared(found: Uncertainty) -> None:
    assert undeclared(found) == []


def test_the_same_seed_gives_the_same_frames(ready: Stages, found: Uncertainty) -> None:
    again = drawn(ready)
    for name, frame in vars(found).items():
        if isinstance(frame, pl.DataFrame):
            assert frame.equals(getattr(again, name)), name


def test_more_draws_leave_the_first_as_they_were(ready: Stages, found: Uncertainty) -> None:
    more = drawn(ready, DRAWS + 3)
    assert more.arrivals.filter(pl.col("draw") < DRAWS).equals(found.arrivals)


def test_every_draw_is_accounted_for(found: Uncertainty) -> None:
    assert found.cleared + found.failures.height == found.draws == DRAWS
    assert found.parameters["draw"].n_unique() == DRAWS


def test_a_warm_draw_is_what_a_cold_clearing_finds(ready: Stages, found: Uncertainty) -> None:
    covariance = ready.study.tables["parameter_covariance"]
    ordered = ready.parameters.sort("parameter")
    one = draw(ordered, covariance, len(ready.panel.regions), 5, 3)
    assert ready.past is not None
    past = replace(
        ready.past,
        room_growth=ready.past.room_growth * one.room,
        room_idle=ready.past.room_idle * one.room,
    )
    other = formulate(replace(ready.inputs, past=past).with_values(one.parameters))
    cold = clear(other.market, TOLERANCE)
    expected = other.market.mass @ cold.choice.probability
    arrivals = (
        found.arrivals.filter(pl.col("draw") == 3).group_by("site").agg(pl.col("output").sum())
    )
    np.testing.assert_allclose(arrivals.sort("site")["output"], expected, rtol=1e-6)


def test_departures_are_calibrated_in_every_draw(ready: Stages, found: Uncertainty) -> None:
    floor = found.parameters.filter(pl.col("parameter") == "departure_floor")
    assumed = ready.formulation.departures.filter("departures_assumed")["output"].sum()
    observed = ready.formulation.departures.filter(~pl.col("departures_assumed"))
    leaving = found.arrivals.group_by("draw", maintain_order=True).agg(pl.col("output").sum())
    expected = observed["departures"].sum() + assumed * floor["value"].to_numpy()
    np.testing.assert_allclose(leaving["output"], expected, rtol=1e-6)


def test_the_interval_holds_its_median(found: Uncertainty) -> None:
    for frame in (found.flows, found.regions, found.sites, found.prices, found.ranks):
        assert (frame["low"] <= frame["median"]).all()
        assert (frame["median"] <= frame["high"]).all()


def test_ranks_of_the_plan_order_its_arrivals(found: Uncertainty) -> None:
    joined = found.ranks.join(found.sites, on="site", suffix="_output").sort("plan")
    assert joined["plan_output"].is_sorted(descending=True)
    assert joined["plan"].to_list() == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_net_arrivals_of_the_plan_sum_to_nothing(found: Uncertainty) -> None:
    assert found.macro_regions["plan"].sum() == pytest.approx(0, abs=1e-6)


def test_without_intervals_every_draw_is_the_plan(ready: Stages) -> None:
    certain = ready.parameters.with_columns(low=pl.col("value"), high=pl.col("value"))
    same = drawn(with_parameters(ready, certain), 3)
    np.testing.assert_allclose(same.sites["low"], same.sites["plan"], rtol=1e-9)
    np.testing.assert_allclose(same.sites["high"], same.sites["plan"], rtol=1e-9)


def test_draws_that_do_not_clear_are_counted_and_named(ready: Stages) -> None:
    # Room between none of what leaves and a little more: some draws have too little.
    leaving = ready.formulation.departures["departures"].sum()
    shown = ready.formulation.room.capacity.sum()
    scale = leaving / shown
    name = pl.col("parameter") == "room_scale"
    tight = ready.parameters.with_columns(
        value=pl.when(name).then(scale * 1.6).otherwise("value"),
        low=pl.when(name).then(scale * 0.2).otherwise("low"),
        high=pl.when(name).then(scale * 2.0).otherwise("high"),
    )
    found = drawn(with_parameters(ready, tight), 30)
    assert found.failures.height > 0
    assert found.failures["reason"].str.contains("would have to be at least").any()
    assert set(found.arrivals["draw"]) == set(range(30)) - set(found.failures["draw"])


def test_draws_of_many_regions_keep_the_same_sums(
    ready: Stages, found: Uncertainty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_clearing, "HELD_WHOLE", 0)
    told: list[float] = []
    large = uncertainty(ready.cleared, 5, DRAWS, foretell=told.append)
    assert len(told) == 1
    assert large.cleared == found.cleared
    for name in ("moves", "allocation", "flows", "regions", "departures", "sites", "arrivals"):
        one, other = getattr(found, name), getattr(large, name)
        for column in one.columns:
            if one[column].dtype == pl.Float64:
                np.testing.assert_allclose(other[column], one[column], rtol=1e-5, atol=1e-6)
            else:
                assert other[column].equals(one[column]), (name, column)


def test_arrivals_of_draws_too_many_to_keep_leave_their_intervals(
    ready: Stages, found: Uncertainty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draws_of, "MOST_ARRIVALS", 1)
    few = drawn(ready)
    assert few.arrivals.is_empty()
    assert few.sites.equals(found.sites)
