import numpy as np
import pytest

from yanzhen.advantage.opportunities import opportunities

REGIONS, INDUSTRIES = ["A", "B", "C"], ["x", "y"]
QUOTIENT = np.array([[0.2, 1.5], [0.9, 0.5], [np.nan, 0.1]])
DENSITY = np.array([[0.6, 0.5], [0.3, 0.4], [0.4, np.nan]])
COST = np.array([[3.0, 3.0], [1.0, 1.0], [2.0, 2.0]])


@pytest.fixture
def found():
    return opportunities(
        REGIONS,
        INDUSTRIES,
        QUOTIENT,
        {"density": DENSITY, "cost": COST, "pci": np.array([1.0, -1.0])},
        against=["cost"],
    )


def test_what_a_region_is_strong_in_is_no_opportunity(found):
    assert found.filter(region="A")["industry"].to_list() == ["x"]


def test_a_pair_that_is_missing_is_listed_as_unknown(found):
    assert found.filter(region="C", industry="x")["location_quotient"].to_list() == [None]


def test_a_reason_against_ranks_the_other_way(found):
    assert found.filter(region="A", industry="x")["cost_percentile"].item() == 0.0
    assert found.filter(region="B", industry="x")["cost_percentile"].item() == 1.0


def test_places_are_among_regions_for_the_same_industry(found):
    x = found.filter(industry="x").sort("region")
    assert x["density_percentile"].to_list() == [1.0, 0.0, 0.5]


def test_the_mean_is_over_the_places_that_are_known(found):
    row = found.filter(region="C", industry="y").row(0, named=True)
    assert (row["known"], row["density_percentile"], row["mean_percentile"]) == (1, None, 0.5)


def test_a_reason_of_the_industry_alone_has_no_place(found):
    assert "pci_percentile" not in found.columns
    assert found.filter(region="B")["pci"].to_list() == [1.0, -1.0]


def test_each_regions_best_comes_first(found):
    assert found.filter(region="B")["mean_percentile"].is_sorted(descending=True)


def test_without_reasons_the_list_is_the_absent_industries():
    found = opportunities(REGIONS, INDUSTRIES, QUOTIENT, {})
    assert found.height == 5
    assert found["mean_percentile"].null_count() == 5


def test_a_reason_against_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no such reasons: price"):
        opportunities(REGIONS, INDUSTRIES, QUOTIENT, {}, against=["price"])
