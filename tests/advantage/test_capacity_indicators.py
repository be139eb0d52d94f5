import numpy as np
import polars as pl
import pytest

from yanzhen.advantage.capacity import GROUPS
from yanzhen.advantage.capacity_indicators import EMBEDDED, embedded_values


@pytest.fixture(scope="module")
def study():
    generator = np.random.default_rng(8)
    regions, industries = [f"r{k}" for k in range(6)], [f"s{k}" for k in range(5)]
    cells = [(r, s, y) for r in regions for s in industries for y in (2012, 2017)]
    activity = pl.DataFrame(
        cells, schema=["region", "industry", "year"], orient="row"
    ).with_columns(
        output=pl.Series(generator.uniform(1, 50, len(cells))),
        emissions=pl.Series(generator.uniform(1, 5, len(cells))),
    )
    indicators = pl.DataFrame(
        [
            {"region": r, "year": y, "indicator": i, "value": float(100 + 10 * k + (y - 2012))}
            for k, r in enumerate(regions)
            for y in (2012, 2017)
            for i in ("gdp", "population")
        ]
    )
    distance = 96.0 * np.abs(np.subtract.outer(np.arange(6.0), np.arange(6.0)))
    return activity, indicators, regions, distance


def value_of(values, region, indicator):
    return values.filter(region=region, indicator=indicator)["value"].item()


def test_every_embedded_indicator_has_a_value_for_every_region(study):
    values = embedded_values(*study, 2012, 2017, 500.0)
    assert values.height == 6 * len(EMBEDDED)
    assert set(values["indicator"]) == {i.code for i in EMBEDDED}
    assert values["value"].null_count() == 0


def test_the_embedded_set_has_all_four_groups():
    assert {i.group for i in EMBEDDED} == set(GROUPS)


def test_figures_in_closed_form(study):
    activity, *_ = study
    values = embedded_values(*study, 2012, 2017, 500.0)
    assert value_of(values, "r0", "market") == 105.0
    assert value_of(values, "r0", "growth") == pytest.approx(0.05)
    own = activity.filter(region="r0", year=2017)
    assert value_of(values, "r0", "industrial_base") == pytest.approx(own["output"].sum())
    assert value_of(values, "r0", "emission_intensity") == pytest.approx(
        own["emissions"].sum() / own["output"].sum()
    )


def test_gains_beyond_the_industries_cancel_out_over_regions(study):
    activity, *_ = study
    values = embedded_values(*study, 2012, 2017, 500.0)
    before = activity.filter(year=2012).group_by("region").agg(pl.col("output").sum())
    shift = values.filter(indicator="competitive_shift").join(before, on="region")
    assert (shift["value"] * shift["output"]).sum() == pytest.approx(0, abs=1e-9)


def test_within_reach_of_nothing_the_potential_is_the_regions_own_market(study):
    values = embedded_values(*study, 2012, 2017, 1e-3)
    assert value_of(values, "r3", "market_potential") == value_of(values, "r3", "market")


def test_what_is_not_known_is_null(study):
    activity, indicators, regions, distance = study
    without = activity.with_columns(
        emissions=pl.when(pl.col("region") == "r1").then(None).otherwise(pl.col("emissions"))
    )
    known = indicators.filter(pl.col("region") != "r2")
    values = embedded_values(without, known, regions, distance, 2012, 2017, 500.0)
    assert value_of(values, "r1", "emission_intensity") is None
    assert value_of(values, "r2", "market") is None
    assert value_of(values, "r2", "market_potential") is not None
