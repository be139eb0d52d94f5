import numpy as np
import polars as pl
import pytest

from yanzhen.advantage.capacity import (
    Indicator,
    NotRanked,
    _drawn_scores,
    critic_weights,
    entropy_weights,
    undertaking_capacity,
)

INDICATORS = (
    Indicator("market", "pull", "more", "市场", "Market"),
    Indicator("base", "support", "more", "基础", "Base"),
    Indicator("cost", "resistance", "less", "成本", "Cost"),
)


def long(rows):
    return pl.DataFrame(
        [
            {"region": region, "indicator": i.code, "value": value}
            for region, values in rows.items()
            for i, value in zip(INDICATORS, values, strict=True)
        ]
    )


@pytest.fixture
def values():
    return long(
        {"A": [9.0, 9.0, 1.0], "B": [5.0, 1.0, 5.0], "C": [1.0, 5.0, 6.0], "D": [2.0, 4.0, 9.0]}
    )


@pytest.fixture(scope="module")
def r():
    return np.random.default_rng(6).uniform(0.1, 1, (12, 5))


@pytest.fixture(scope="module")
def pymcdm():
    # Imported here: every worker collects all tests, one compares.
    import pymcdm.methods
    import pymcdm.weights

    return pymcdm


def test_entropy_weights_equal_pymcdm(r, pymcdm):
    np.testing.assert_allclose(entropy_weights(r), pymcdm.weights.entropy_weights(r), rtol=1e-9)


def test_critic_weights_equal_pymcdm(r, pymcdm):
    best = (r - r.min(axis=0)) / (r.max(axis=0) - r.min(axis=0))
    np.testing.assert_allclose(critic_weights(best), pymcdm.weights.critic_weights(r), rtol=1e-9)


def test_drawn_scores_equal_pymcdm(r, pymcdm):
    best = (r - r.min(axis=0)) / (r.max(axis=0) - r.min(axis=0))
    weightings = np.stack([entropy_weights(best), critic_weights(best), np.eye(5)[0]])
    mixed = np.random.default_rng(3).dirichlet(np.ones(3), size=41) @ weightings
    methods = [
        method(lambda x, cost=False: x) for method in (pymcdm.methods.TOPSIS, pymcdm.methods.WSM)
    ]
    theirs = [methods[k % 2](best, w / w.sum(), np.ones(5)) for k, w in enumerate(mixed)]
    np.testing.assert_allclose(_drawn_scores(best, weightings, 41, 3), theirs, rtol=1e-13)


def test_a_zero_carries_no_entropy():
    """0 ln 0 = 0: the weight is the limit of ever smaller values."""
    zero = np.array([[1.0, 1.0], [2.0, 3.0], [3.0, 0.0]])
    limit = np.where(zero == 0, 1e-12, zero)
    np.testing.assert_allclose(entropy_weights(zero), entropy_weights(limit), atol=1e-9)


def test_evenly_spread_indicators_have_equal_weights():
    np.testing.assert_allclose(entropy_weights(np.ones((4, 3))), 1 / 3)


def test_the_region_best_in_everything_always_leads(values):
    result = undertaking_capacity(values, INDICATORS, draws=200)
    best = result.regions.row(0, named=True)
    assert (best["region"], best["first"], best["rank_low"], best["rank_high"]) == ("A", 1.0, 1, 1)


def test_regions_that_no_weighting_can_order_have_wide_intervals(values):
    result = undertaking_capacity(values, INDICATORS, draws=500).regions
    b, c = (result.row(by_predicate=pl.col("region") == x, named=True) for x in "BC")
    assert b["rank_low"] < b["rank_high"] or c["rank_low"] < c["rank_high"]


def test_rank_intervals_hold_the_median(values):
    result = undertaking_capacity(values, INDICATORS, draws=300).regions
    assert (result["rank_low"] <= result["rank_median"]).all()
    assert (result["rank_median"] <= result["rank_high"]).all()


def test_with_one_weighting_the_scores_are_those_of_the_two_methods(values, pymcdm):
    """Users' weights equal to all others leave only the choice of the method open."""
    single = [INDICATORS[0]]
    market = values.filter(indicator="market")
    result = undertaking_capacity(market, single, draws=10)
    x = np.array([[9.0], [5.0], [1.0], [2.0]])
    best = (x - 1) / 8
    topsis = pymcdm.methods.TOPSIS(lambda v, cost=False: v)(
        best, np.ones(1), np.ones(1), validation=False
    )
    expected = dict(zip("ABCD", (topsis + best[:, 0]) / 2, strict=True))
    for row in result.regions.iter_rows(named=True):
        assert row["score"] == pytest.approx(expected[row["region"]])


def test_less_is_better_where_it_says_so(values):
    cost = values.filter(indicator="cost")
    result = undertaking_capacity(cost, [INDICATORS[2]], draws=10)
    assert result.regions["region"].to_list() == ["A", "B", "C", "D"]


def test_the_ranking_does_not_depend_on_units(values):
    scaled = values.with_columns(
        value=pl.when(pl.col("indicator") == "market")
        .then(pl.col("value") * 1e4)
        .otherwise(pl.col("value"))
    )
    first, second = (undertaking_capacity(v, INDICATORS, draws=100) for v in (values, scaled))
    np.testing.assert_allclose(first.regions["score"], second.regions["score"])


def test_a_region_without_a_value_is_not_ranked_and_says_why():
    rows = {f"r{k}": [1.0 + k, 2.0, 3.0 + k % 2] for k in range(8)}
    rows["best"] = [99.0, None, 0.1]
    rows["r0"] = [1.0, 1.0, 3.0]
    result = undertaking_capacity(long(rows), INDICATORS, draws=50).regions
    last = result.row(-1, named=True)
    assert (last["region"], last["rank_median"], last["missing"]) == ("best", None, ["base"])


def test_an_indicator_that_most_regions_lack_is_left_out(values):
    thin = values.with_columns(
        value=pl.when((pl.col("indicator") == "cost") & pl.col("region").is_in(["A", "B"]))
        .then(None)
        .otherwise(pl.col("value"))
    )
    assert undertaking_capacity(thin, INDICATORS, draws=20).left_out == ("cost",)


def test_an_indicator_that_does_not_vary_is_left_out(values):
    flat = values.with_columns(
        value=pl.when(pl.col("indicator") == "base").then(1.0).otherwise(pl.col("value"))
    )
    found = undertaking_capacity(flat, INDICATORS, draws=20)
    assert (found.constant, found.left_out) == (("base",), ())
    assert "base" not in found.weights["indicator"]


def test_the_weights_of_every_weighting_add_up_to_one(values):
    weights = {"market": 3.0, "base": 1.0, "cost": 0.0}
    result = undertaking_capacity(values, INDICATORS, weights, draws=20)
    sums = result.weights.group_by("weighting").agg(pl.col("weight").sum())
    assert set(sums["weighting"]) == {"equal", "entropy", "critic", "user"}
    np.testing.assert_allclose(sums["weight"], 1.0)


def test_groups_stand_apart(values):
    groups = undertaking_capacity(values, INDICATORS, draws=20).groups
    assert groups.filter(region="A", group="resistance")["score"].item() == 1.0
    assert groups.filter(region="D", group="resistance")["score"].item() == 0.0


def test_the_same_seed_gives_the_same_ranking(values):
    first, second = (undertaking_capacity(values, INDICATORS, draws=100) for _ in range(2))
    assert first.regions.equals(second.regions)


def test_a_missing_or_negative_weight_is_refused(values):
    with pytest.raises(ValueError, match="without: \\['cost'\\]"):
        undertaking_capacity(values, INDICATORS, {"market": 1.0, "base": 1.0})
    with pytest.raises(ValueError, match="not negative"):
        undertaking_capacity(values, INDICATORS, {"market": -1.0, "base": 1.0, "cost": 1.0})


def test_nothing_to_rank_is_refused(values):
    with pytest.raises(NotRanked, match="an indicator that varies and two regions") as alone:
        undertaking_capacity(values.filter(region="A"), INDICATORS)
    with pytest.raises(NotRanked) as alike:
        undertaking_capacity(values.with_columns(value=pl.lit(0.1) + 0.2), INDICATORS)
    with pytest.raises(NotRanked) as missing:
        undertaking_capacity(values.with_columns(value=pl.lit(None, pl.Float64)), INDICATORS)
    reasons = [each.value.reason for each in (alone, alike, missing)]
    assert reasons == ["few_regions", "constant", "missing"]


def test_what_varies_only_by_a_region_that_is_not_ranked_is_left_out(values):
    """The one that differs lacks another indicator: among the ranked all have the same."""
    odd = values["region"].sort()[0]
    told = values.filter(
        ~((pl.col("region") == odd) & (pl.col("indicator") == "cost"))
    ).with_columns(
        value=pl.when(pl.col("indicator") == "base")
        .then(pl.when(pl.col("region") == odd).then(9.0).otherwise(1.0))
        .otherwise(pl.col("value"))
    )
    found = undertaking_capacity(told, INDICATORS, draws=20, most_missing=0.5)
    assert found.constant == ("base",)
    assert found.weights["weight"].is_finite().all()
