"""What no economy, shock or mobility can be is refused, everything in one message."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.effects.spatial.cases import Drawn, accounts
from yanzhen.effects.spatial.baseline import economy_of, without_negative_uses
from yanzhen.effects.spatial.economy import Accounts
from yanzhen.effects.spatial.equilibrium import equilibrium
from yanzhen.effects.spatial.mobility import FreeMovement, Migration
from yanzhen.effects.spatial.shock import mass_of_moves, no_shock
from yanzhen.study import StudyError

BOOKS = accounts(Drawn(1, 3, 2, True, False, True, False))


def put(values: np.ndarray, at: Any, value: float) -> np.ndarray:
    changed = values.copy()
    changed[at] = value
    return changed


def scaled_sales(factor: float) -> Accounts:
    """r0 sells `factor` times as much; its output too."""
    return replace(
        BOOKS,
        trade=np.where(np.arange(3) == 0, BOOKS.trade * factor, BOOKS.trade),
        output=np.where(np.arange(3)[:, None] == 0, BOOKS.output * factor, BOOKS.output),
    )


@pytest.mark.parametrize(
    ("books", "found", "expected"),
    [
        (replace(BOOKS, theta=np.array([4.0, 0.0])), "not above zero: i1", "θ > 0"),
        (replace(BOOKS, theta=np.array([-1.0, np.nan])), "not above zero: i0; i1", "θ > 0"),
        (
            replace(BOOKS, input_share=BOOKS.input_share * 2.5),
            "per unit of output at r0 / i0",
            "add up to one",
        ),
        (
            replace(BOOKS, value_added_share=put(BOOKS.value_added_share, (1, 1), 1.2)),
            "outside (0, 1] at r1 / i1",
            "part of output",
        ),
        (
            replace(BOOKS, output=put(BOOKS.output, (2, 0), 9.0)),
            "sales that do not match output",
            "the region's own included",
        ),
        (
            replace(BOOKS, trade=put(BOOKS.trade, (slice(None), 1), np.nan)),
            "no trade of r1",
            "trade of every region",
        ),
        (
            replace(BOOKS, trade=put(BOOKS.trade, (0, 1, 2), -1.0)),
            "missing or negative figures at i0 / r1 / r2",
            "not below zero",
        ),
        (replace(BOOKS, regions=("r0", "r1", "r1")), "r1 more than once", "each once"),
        (replace(BOOKS, regions=("r0", "r1")), "2 × 3 × 3 figures", "2 × 2 × 2"),
        (scaled_sales(0.2), "deficits larger than income in r0", "below income"),
        (scaled_sales(0.0), "no output in r0", "something made in every region"),
    ],
)
def test_accounts_are_refused_with_a_sentence(books: Accounts, found: str, expected: str) -> None:
    with pytest.raises(StudyError) as refused:
        economy_of(books)
    told = [problem for problem in refused.value.problems if found in problem.found]
    assert told and expected in told[0].expected, str(refused.value)
    assert all(problem.found_zh and problem.expected_zh for problem in refused.value.problems)


def test_all_that_is_wrong_is_in_one_message() -> None:
    books = replace(
        BOOKS,
        theta=-BOOKS.theta,
        input_share=BOOKS.input_share * 3,
        output=BOOKS.output * 1.1,
        tariff=put(BOOKS.tariff, (0, 0, 1), -2.0),
        source="nation.xlsx",
    )
    with pytest.raises(StudyError) as refused:
        economy_of(books)
    tables = [problem.table for problem in refused.value.problems]
    assert {"theta", "input_share", "trade", "tariff"} <= set(tables)
    assert str(refused.value).startswith("nation.xlsx, table ")


def test_inputs_beyond_what_is_bought_are_refused_until_balanced() -> None:
    rng = np.random.default_rng(0)
    mixed = rng.permuted(BOOKS.input_share, axis=1)
    mixed[0] = 0.0
    mixed[0, 1] = 1 - BOOKS.value_added_share[0]
    trade = BOOKS.trade.copy()
    trade[1, 0] *= 0.05
    books = replace(BOOKS, trade=trade, output=trade.sum(axis=1).T, input_share=mixed)
    economy = economy_of(books)
    with pytest.raises(StudyError, match="inputs larger than what is bought at r0 / i1"):
        equilibrium(economy, no_shock(economy))
    assert equilibrium(without_negative_uses(economy), no_shock(economy)).certificate.passed


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("trade_cost", np.zeros((2, 3, 3)), "figures out of range at i0 / r0 / r0"),
        ("trade_cost", np.ones((3, 3, 2)), "3 × 3 × 2 figures"),
        ("tariff", np.full((2, 3, 3), -0.1), "figures out of range"),
        ("productivity", np.full((3, 2), np.nan), "figures out of range at r0 / i0"),
        ("mass", np.zeros((3, 2)), "nobody left to sell to r0 / i0"),
        ("mass", put(np.ones((3, 2)), 1, 0.0), "no enterprise left in r1"),
        ("labour", np.array([1.0, 0.0, 1.0]), "figures out of range at r1"),
        ("deficit", np.array([0.5, 0.0, 0.0]), "deficits that add up to"),
        ("deficit", np.array([50.0, -50.0, 0.0]), "deficits larger than income in r0"),
        ("deficit", np.array([50.0, -50.0, 0.0]), "leave nothing to spend in r1"),
    ],
)
def test_shocks_are_refused_with_a_sentence(name: str, value: np.ndarray, found: str) -> None:
    economy = economy_of(BOOKS)
    with pytest.raises(StudyError) as refused:
        equilibrium(economy, replace(no_shock(economy), **{name: value}))
    assert found in str(refused.value)


EQUAL = np.full((3, 3), 1 / 3)
ONES = np.ones(3)


@pytest.mark.parametrize(
    ("mobility", "found"),
    [
        (Migration(EQUAL * 2, ONES, np.ones((3, 3)), ONES, 1.5, 0.0), "do not add up to one"),
        (Migration(EQUAL, ONES, np.full((3, 3), np.inf), ONES, 1.5, 0.0), "nowhere open to people"),
        (Migration(EQUAL, ONES, np.ones((2, 2)), ONES, 0.0, 0.0), "ε > 0"),
        (Migration(EQUAL, -ONES, np.ones((3, 3)), ONES, 1.5, 0.0), "3 figures, or some out of"),
        (
            Migration(np.eye(3)[[0, 0, 2]], ONES, np.ones((3, 3)), ONES, 1.5, 0.0),
            "nobody who may live in r1",
        ),
        (FreeMovement(ONES, ONES, -1.0), "ξ ≥ 0"),
        (FreeMovement(np.zeros(3), ONES, 0.1), "some out of range"),
    ],
)
def test_mobility_is_refused_with_a_sentence(
    mobility: Migration | FreeMovement, found: str
) -> None:
    economy = economy_of(BOOKS)
    with pytest.raises(StudyError) as refused:
        equilibrium(economy, no_shock(economy), mobility)
    assert found in str(refused.value)


def test_a_factors_share_beyond_one_is_refused() -> None:
    economy = economy_of(BOOKS)
    with pytest.raises(StudyError, match="labour_share"):
        equilibrium(economy, no_shock(economy), labour_share=np.array([0.5, 1.2, 0.0]))


def test_moves_that_cannot_be_are_refused_all_at_once() -> None:
    economy = economy_of(accounts(Drawn(2, 3, 2, False, False, True, True)))
    arrivals, departures = np.zeros((3, 2)), np.zeros((3, 2))
    arrivals[0, 0] = 0.1
    departures[1, 1] = 10 * economy.output[1, 1]
    with pytest.raises(StudyError) as refused:
        mass_of_moves(economy, arrivals, departures)
    for words in ("more leaves than is made at r1 / i1", "not made at r0 / i0", "do not match"):
        assert words in str(refused.value)
