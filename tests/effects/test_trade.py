"""Trade estimated by gravity adds up to what regions send out and take in."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.declared import undeclared
from yanzhen.accounts.panel import Floats
from yanzhen.effects.trade import EstimatedTrade, estimated_trade
from yanzhen.study import StudyError
from yanzhen.study.distances import great_circle

FEW = settings(max_examples=25)
SEEDS = st.integers(0, 10**6)


def apart(n: int, seed: int) -> Floats:
    points = np.random.default_rng(seed).uniform(0, 2000, (n, 2))
    return np.linalg.norm(points[:, None] - points[None], axis=2) + 50 * (1 - np.eye(n))


def gravity(n: int, s: int, seed: int, delta: float) -> tuple[Floats, Floats]:
    """(S, N, N) flows that are gravity, and distances."""
    rng = np.random.default_rng(seed)
    kilometres = apart(n, seed)
    weight = np.where(np.eye(n) > 0, 0.0, (kilometres + np.eye(n)) ** -delta)
    return rng.uniform(1, 9, (s, n, 1)) * rng.uniform(1, 9, (s, 1, n)) * weight, kilometres


def estimate(outflow: Floats, inflow: Floats, kilometres: Floats, delta: float) -> EstimatedTrade:
    n, s = outflow.shape
    codes = [tuple(f"{kind}{k}" for k in range(count)) for kind, count in (("r", n), ("i", s))]
    return estimated_trade(codes[0], codes[1], outflow, inflow, kilometres, np.full(s, delta))


@FEW
@given(SEEDS, st.integers(3, 7), st.floats(0.0, 2.0))
def test_flows_that_are_gravity_are_found_again(seed: int, n: int, delta: float) -> None:
    known, kilometres = gravity(n, 2, seed, delta)
    found = estimate(known.sum(axis=1).T, known.sum(axis=2).T, kilometres, delta)
    assert found.trade == pytest.approx(known, rel=1e-5, abs=1e-7 * known.max())
    assert found.fit["residual"].max() < 1e-8
    assert found.fit["no_supplier"].max() < 1e-7 * known.sum()


@FEW
@given(SEEDS, st.floats(0.5, 1.8))
def test_both_sums_are_met_and_what_is_beyond_them_is_booked_apart(seed: int, more: float) -> None:
    known, kilometres = gravity(5, 2, seed, 1.0)
    outflow, inflow = known.sum(axis=1).T, known.sum(axis=2).T * more
    found = estimate(outflow, inflow, kilometres, 1.0)
    assert (found.trade >= 0).all() and not np.diagonal(found.trade, axis1=1, axis2=2).any()
    from_nobody, to_nobody = (
        found.unallocated[name].to_numpy().reshape(2, 5) for name in ("inflow", "outflow")
    )
    scale = 1e-8 * known.sum()
    np.testing.assert_allclose(found.trade.sum(axis=1) + to_nobody, outflow.T, atol=scale)
    np.testing.assert_allclose(found.trade.sum(axis=2) + from_nobody, inflow.T, atol=scale)
    assert found.fit["no_supplier"].to_list() == pytest.approx(from_nobody.sum(axis=1).tolist())
    if more > 1.01 and found.fit["no_buyer"].max() == 0:
        np.testing.assert_allclose(
            from_nobody.sum(axis=1), (inflow - outflow).sum(axis=0), atol=scale
        )


def test_net_flows_count_on_the_other_side() -> None:
    known, kilometres = gravity(4, 1, 3, 1.0)
    outflow, inflow = known.sum(axis=1).T, known.sum(axis=2).T
    outflow[0], inflow[0] = outflow[0] - inflow[0], 0.0
    net = outflow.copy()
    found = estimate(outflow, inflow, kilometres, 1.0)
    sent, taken = found.trade.sum(axis=1)[0], found.trade.sum(axis=2)[0]
    assert (sent[0], taken[0]) == pytest.approx((max(net[0, 0], 0), max(-net[0, 0], 0)), abs=1e-6)


def test_the_nearer_the_more() -> None:
    kilometres = np.array([[0, 100, 1000], [100, 0, 1000], [1000, 1000, 0.0]])
    even = np.full((3, 1), 10.0)
    near = estimate(even, even * np.array([[1], [1], [0.5]]), kilometres, 2.0)
    far = estimate(even, even * np.array([[1], [1], [0.5]]), kilometres, 0.5)
    assert near.fit["kilometres"][0] < far.fit["kilometres"][0]
    assert near.trade[0, 0, 1] > near.trade[0, 0, 2]


def test_every_flow_is_marked_estimated() -> None:
    known, kilometres = gravity(4, 2, 1, 1.0)
    found = estimate(known.sum(axis=1).T, known.sum(axis=2).T, kilometres, 1.0)
    assert undeclared(found) == []
    assert found.flows["status"].unique().to_list() == ["estimated"]
    assert found.flows["amount"].sum() == pytest.approx(found.trade.sum())
    one = found.flows.row(
        by_predicate=(pl.col("industry") == "i1")
        & (pl.col("origin") == "r2")
        & (pl.col("destination") == "r0"),
        named=True,
    )
    assert one["amount"] == found.trade[1, 0, 2]


def test_what_nobody_sends_flows_nowhere() -> None:
    known, kilometres = gravity(3, 2, 1, 1.0)
    known[1] = 0.0
    found = estimate(known.sum(axis=1).T, known.sum(axis=2).T, kilometres, 1.0)
    assert not found.trade[1].any() and found.fit["kilometres"][1] is None


def test_all_that_is_wrong_is_in_one_message() -> None:
    known, kilometres = gravity(3, 2, 1, 1.0)
    outflow, inflow = known.sum(axis=1).T, known.sum(axis=2).T
    outflow[1, 0] = inflow[0, 1] = np.nan
    kilometres[0, 2] = 0.0
    with pytest.raises(StudyError) as refused:
        estimate(outflow, inflow, kilometres, -1.0)
    for words in ("r1 / i0", "r0 / i1", "from r0 to r2", "-1 of i0", "-1 of i1"):
        assert words in str(refused.value)


def test_what_a_region_alone_takes_in_and_sends_is_of_nobody_known() -> None:
    alone = np.array([[10.0], [0.0], [0.0]])
    found = estimate(alone, alone, apart(3, 1), 1.0)
    assert found.trade.sum() == pytest.approx(0.0, abs=1e-6)
    assert found.unallocated.row(0)[2:] == (pytest.approx(10.0), pytest.approx(10.0))


def test_the_provinces_of_2007(reference_data: Path) -> None:
    """Outflows and inflows of 30 provinces' tables of 2007 are met in manufacturing."""
    folder = reference_data / "china"
    if not (folder / "provincial_input_output_2007.parquet").exists():
        pytest.skip(f"tables of 2007 not found at {folder}")
    book = pl.read_parquet(folder / "provincial_input_output_2007.parquet")
    codes = sorted(book["region"].unique().to_list())
    places = pl.read_csv(folder / "provinces.csv").with_columns(pl.col("region") // 10_000)
    at = [places.row(by_predicate=pl.col("region") == code, named=True) for code in codes]
    kilometres = great_circle(
        np.array([place["capital_lon"] for place in at]),
        np.array([place["capital_lat"] for place in at]),
    )
    sectors = [str(k) for k in range(6, 22)]

    def of(column: str) -> Floats:
        rows = book.filter(pl.col("column") == column, pl.col("row").is_in(sectors))
        values = {(region, row): value for region, row, _, value in rows.iter_rows()}
        return np.array([[values.get((code, row), 0.0) for row in sectors] for code in codes])

    outflow, inflow = of("outflow"), of("inflow")
    assert outflow.sum() > 1e9 and inflow.sum() > 1e9
    found = estimated_trade(
        tuple(map(str, codes)), tuple(sectors), outflow, inflow, kilometres, np.ones(16)
    )
    to_nobody = found.unallocated["outflow"].to_numpy().reshape(16, 30).T
    np.testing.assert_allclose(found.trade.sum(axis=1).T + to_nobody, outflow, rtol=1e-6, atol=10)
    assert found.fit["residual"].max() < 1e-8
    assert 300 < found.fit["kilometres"].mean() < 1500
