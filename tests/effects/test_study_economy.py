"""An economy from a study's tables: everything adds up, and what cannot be is refused."""

from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from tests.effects.studies import ADDED, gdp_of, small_economy, with_tables
from tests.study.small import INDUSTRIES, REGIONS, YEARS
from yanzhen.accounts.input_output import long_table
from yanzhen.accounts.multiregional import gravity_table
from yanzhen.accounts.panel import Floats
from yanzhen.accounts.regional_inputs import regional_inputs
from yanzhen.accounts.study_table import national_table_of
from yanzhen.effects.assumed import effects_parameters, effects_values
from yanzhen.effects.production import REMAINDER
from yanzhen.effects.spatial.economy import Economy
from yanzhen.effects.study_economy import StudyEconomy, study_economy
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.study import Study, StudyError, WantOfData, read_study

YEAR = YEARS[-1]
MOVABLE = INDUSTRIES[:3]


def economy_of_study(study: Study, changed: Mapping[str, float] | None = None) -> StudyEconomy:
    inputs = study_inputs(study)
    parameters = effects_parameters(inputs.parameters, dict(changed or {}))
    return study_economy(inputs, dict(parameters.select("parameter", "value").iter_rows()))


@pytest.fixture(scope="module")
def small() -> StudyEconomy:
    return economy_of_study(small_economy())


def outputs(study: Study) -> Floats:
    rows = study.tables["activity"].filter(
        pl.col("year") == YEAR, pl.col("region").is_in(REGIONS), pl.col("industry").is_in(MOVABLE)
    )
    return rows.pivot(on="industry", index="region", values="output").select(MOVABLE).to_numpy()


def test_what_is_made_and_earned_is_what_the_study_says(small: StudyEconomy) -> None:
    economy = small.economy
    assert economy.regions == REGIONS
    assert economy.industries == (*MOVABLE, REMAINDER)
    np.testing.assert_allclose(economy.output[:, :3], outputs(small_economy()), rtol=1e-6)
    np.testing.assert_allclose(economy.value_added, gdp_of(small_economy()), rtol=1e-6)
    np.testing.assert_allclose(economy.deficit, 0.0, atol=1e-5)
    np.testing.assert_allclose(economy.value_added_share, ADDED, rtol=1e-3)


def test_the_stated_part_of_sales_stays_at_home(small: StudyEconomy) -> None:
    shares = dict(small.fit.select("industry", "home_share").iter_rows())
    assert [shares[code] for code in MOVABLE] == pytest.approx([0.65] * 3, abs=1e-6)
    # What a region neither makes nor buys enough of cannot stay at home.
    assert 0.7 < shares[REMAINDER] < 0.86
    assert small.fit["residual"].max() < 1e-9
    known = {"effects_home_share": 0.4, "effects_home_share_remainder": 0.6}
    other = economy_of_study(small_economy(), known).fit["home_share"].to_list()
    assert other == pytest.approx([0.4, 0.4, 0.4, 0.6], abs=1e-6)


def test_flows_are_listed_and_marked_estimated(small: StudyEconomy) -> None:
    assert small.basis == "gravity"
    assert small.flows["status"].unique().to_list() == ["estimated"]
    assert small.flows["amount"].sum() == pytest.approx(small.economy.output.sum())
    assert {"remainder", "final_by_income", "closed", "balanced_trade"} <= set(small.assumptions)


def between(economy: Economy, s: int) -> tuple[Floats, Floats]:
    """What each region sends to the others and takes from them of one industry."""
    bought = economy.trade_share[s] * economy.spending[:, s][:, None]
    np.fill_diagonal(bought, 0.0)
    return bought.sum(axis=0), bought.sum(axis=1)


def test_recorded_sums_between_regions_are_kept() -> None:
    study = small_economy()
    sent, taken = between(economy_of_study(study, {"effects_home_share": 0.5}).economy, 0)
    trade = pl.DataFrame({"region": REGIONS, "outflow": sent, "inflow": taken}).with_columns(
        industry=pl.lit(MOVABLE[0]), year=pl.lit(YEAR, pl.Int64), status=pl.lit("synthetic")
    )
    found = economy_of_study(with_tables(study, trade=trade))
    for kept, recorded in zip(between(found.economy, 0), (sent, taken), strict=True):
        np.testing.assert_allclose(kept, recorded, rtol=1e-5)
    assert found.basis == "trade"
    assert found.fit["basis"].to_list() == ["trade", "gravity", "gravity", "gravity"]
    np.testing.assert_allclose(found.economy.deficit, 0.0, atol=1e-3)


def test_shares_of_another_year_are_carried_to_this_one() -> None:
    """Sums of an earlier year tell which part of its purchases a region makes itself."""
    study = small_economy()
    earlier = study.tables["activity"].filter(year=YEARS[0], industry=MOVABLE[0])
    made = earlier.join(pl.DataFrame({"region": REGIONS[:-1]}), on="region", maintain_order="right")
    trade = made.select(
        "region",
        "industry",
        "year",
        outflow=0.5 * pl.col("output"),
        inflow=pl.Series([0.2, 0.4, 0.6, 0.5]) * pl.col("output"),
        status=pl.lit("synthetic"),
    )
    found = economy_of_study(with_tables(study, trade=trade))
    kept = 0.5 / (0.5 + np.array([0.2, 0.4, 0.6, 0.5]))
    spending = found.economy.spending[:, 0]
    own = np.append(kept, kept @ spending[:4] / spending[:4].sum())
    here = np.diagonal(found.economy.trade_share[0]) * spending
    np.testing.assert_allclose(
        here, np.minimum(own * spending, found.economy.output[:, 0]), rtol=1e-3
    )
    assert found.basis == "own_shares" and "own_shares" in found.assumptions
    assert found.fit["basis"].to_list() == ["own_shares", "gravity", "gravity", "gravity"]
    np.testing.assert_allclose(found.economy.deficit, 0.0, atol=1e-3)


def test_a_multi_regional_table_is_taken_as_it_stands() -> None:
    study = small_economy()
    nation = national_table_of(study, YEAR)
    rng = np.random.default_rng(3)
    size = np.array(gdp_of(study))
    share = size[:, None] * rng.uniform(0.8, 1.2, (5, len(nation.sectors)))
    made = share / share.sum(axis=0) * nation.output
    table = gravity_table(nation, REGIONS, made, size, np.exp(rng.normal(size=(5, 5))))
    found = economy_of_study(with_tables(study, input_output=long_table(table)))
    economy = found.economy
    np.testing.assert_allclose(economy.output, made, rtol=1e-6)
    n, s = made.shape
    sold = table.domestic.reshape(n, s, n, s).sum(axis=3).transpose(1, 2, 0)
    of_final = np.array([[region == r for r in REGIONS] for region in table.final_regions])
    sold = sold + (table.final_domestic @ of_final).reshape(n, s, n).transpose(1, 2, 0)
    bought = economy.trade_share * economy.spending.T[:, :, None]
    np.testing.assert_allclose(bought, sold, rtol=1e-6, atol=1e-6 * made.max())
    assert found.basis == "multiregional"


def test_the_provinces_have_seventeen_industries_and_a_remainder() -> None:
    inputs = study_inputs(read_study("china-provinces"))
    found = study_economy(inputs, effects_values(inputs))
    assert len(found.economy.regions) == 31 and len(found.economy.industries) == 18
    np.testing.assert_allclose(
        found.economy.output[:, :17].sum(axis=0), np.nansum(inputs.advantage.output, axis=0)
    )
    assert found.economy.value_added.sum() == pytest.approx(847_000, rel=0.02)
    assert found.labour_share[0] == pytest.approx(0.514, abs=0.001)
    assert set(found.fit["basis"]) == {"own_shares"} and found.fit["residual"].max() < 1e-9
    assert {"own_coefficients", "own_shares"} <= set(found.assumptions)


def test_provinces_buy_in_the_proportions_of_their_own_tables() -> None:
    inputs = study_inputs(read_study("china-provinces"))
    economy = study_economy(inputs, effects_values(inputs)).economy
    nation = national_table_of(inputs.study, inputs.panel.base_year, inputs.panel.industries)
    made = np.nan_to_num(inputs.advantage.output)
    own = regional_inputs(inputs.study, inputs.panel, made, nation)
    assert own is not None
    # Between two products that the nation makes enough of; what is short comes from abroad.
    i, k, s = (inputs.panel.industries.index(code) for code in ("IO42-07", "IO42-12", "IO42-08"))
    ratio = economy.input_share[:, i, s] / economy.input_share[:, k, s]
    np.testing.assert_allclose(ratio, own.products[:, i, s] / own.products[:, k, s], rtol=1e-9)
    assert np.ptp(ratio) > 1


def refusal(study: Study, kind: type[StudyError] = StudyError) -> str:
    with pytest.raises(kind) as refused:
        economy_of_study(study)
    assert all(problem.found_zh != problem.found for problem in refused.value.problems)
    return str(refused.value)


def indicators(gdp: list[float | None]) -> pl.DataFrame:
    rows = small_economy().tables["indicators"]
    changed = dict(zip(REGIONS, gdp, strict=True))
    return rows.with_columns(
        value=pl.when(pl.col("indicator") == "gdp")
        .then(pl.col("region").replace_strict(changed, return_dtype=pl.Float64))
        .otherwise("value")
    ).drop_nulls("value")


def test_a_region_without_gdp_is_named() -> None:
    study = with_tables(small_economy(), indicators=indicators([11000.0, None, None, 1e4, 1e4]))
    said = refusal(study, WantOfData)
    assert REGIONS[1] in said and REGIONS[2] in said and REGIONS[0] not in said


def test_a_gdp_below_what_manufacturing_adds_is_refused() -> None:
    study = with_tables(small_economy(), indicators=indicators([1.0, 1e4, 1e4, 2.0, 1e4]))
    said = refusal(study, WantOfData)
    assert REGIONS[0] in said and REGIONS[3] in said and REGIONS[1] not in said


def test_more_sent_than_made_is_refused() -> None:
    trade = pl.DataFrame({"region": REGIONS, "outflow": 1e6, "inflow": 1e6}).with_columns(
        industry=pl.lit(MOVABLE[0]), year=pl.lit(YEAR, pl.Int64), status=pl.lit("synthetic")
    )
    said = refusal(with_tables(small_economy(), trade=trade))
    assert f"{REGIONS[0]} / {MOVABLE[0]}" in said


def test_a_region_that_the_regions_table_lacks_is_named() -> None:
    study = small_economy()
    nation = national_table_of(study, YEAR)
    made = np.tile(nation.output / 4, (4, 1))
    table = gravity_table(nation, REGIONS[:4], made, np.ones(4), np.ones((4, 4)))
    assert REGIONS[4] in refusal(with_tables(study, input_output=long_table(table)))


def test_a_study_sets_parameters_of_its_own() -> None:
    own = pl.DataFrame(
        {"parameter": ["effects_theta"], "value": [6.0], "unit": ["elasticity"], "source": ["x"]}
    )
    found = economy_of_study(with_tables(small_economy(), parameters=own))
    assert (found.economy.theta == 6.0).all()
