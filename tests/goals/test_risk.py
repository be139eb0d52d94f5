"""Who is at risk: the hazard of every open project is the product of what is said of it."""

import numpy as np
import polars as pl
import pytest

from tests.goals.made_up import Truth, tracked
from yanzhen.goals.tracking import Tracking, by_region, tracking


@pytest.fixture(scope="module")
def found() -> Tracking:
    pytest.importorskip("statsmodels")
    return tracking(tracked(600, seed=3, truth=Truth(doubling=0.4)))


def test_the_hazard_is_the_product_of_its_factors_and_that_of_the_model(found: Tracking) -> None:
    rows = found.at_risk.filter(cause="ended")
    product = rows.select(pl.col("^by_.*$").fill_null(1.0)).to_numpy().prod(axis=1)
    np.testing.assert_allclose(product, rows["relative_hazard"].to_numpy(), rtol=1e-12)
    capital = found.projects.select("project", pl.col("capital_signed").log(2).alias("doublings"))
    both = rows.join(capital, on="project", maintain_order="left")
    beta = found.hazards.filter(origin="signed", cause="ended", term="capital")["coefficient"][0]
    centred = both["doublings"] - both["doublings"].mean()
    np.testing.assert_allclose(both["by_capital"].log().to_numpy(), beta * centred.to_numpy())


def test_only_open_projects_are_at_risk_and_only_where_terms_tell_them_apart(
    found: Tracking,
) -> None:
    assert not set(found.at_risk["state"]) & {"closed", "moved_away", "in_production"}
    told = found.models.drop_nulls("p_together")
    assert set(found.at_risk["cause"]) == {"ended"}
    unsure = told.filter(pl.col("cause").is_in(["moved_away", "closed"]))
    assert unsure.height == 2 and (unsure["p_together"] >= 0.05).all()


def test_regions_count_every_project_once(found: Tracking) -> None:
    counted = by_region(found.projects)
    states = counted.select(pl.sum_horizontal("^now_.*$")).to_series()
    assert states.to_list() == counted["projects"].to_list()
    assert counted["projects"].sum() == found.projects.height
