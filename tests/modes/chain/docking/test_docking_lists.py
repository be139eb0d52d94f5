"""Docking lists: reasons that add up, tables that agree, needs nobody can supply."""

import warnings
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.declared import undeclared
from tests.modes.chain.docking.drawn_markets import WEIGHTS
from tests.modes.chain.docking_studies import drawn_enterprises, with_enterprises
from yanzhen.accounts.input_output import national_table
from yanzhen.market.problem.tolerance import NO_PRICE
from yanzhen.modes.chain.docking import docking_lists as docking
from yanzhen.modes.chain.docking.clearing import (
    DockingMarket,
    completed,
)
from yanzhen.modes.chain.docking.docking_lists import dock
from yanzhen.modes.chain.docking.parties import parties_of
from yanzhen.modes.chain.docking.weights import (
    TERMS,
    docking_parameters,
    with_values,
)
from yanzhen.report.findings.docking import docking_findings
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, StudyError


def alike(count: int) -> Study:
    """Enterprises of one size, which differ by industry and region alone."""
    rows = drawn_enterprises(count, 2).tables["enterprises"]
    return with_enterprises(rows.with_columns(output=pl.lit(1.0), spare_output=pl.lit(0.05)))


def test_nobody_better_is_left_out_among_many_that_are_alike() -> None:
    found = dock(alike(1500), inputs=4)
    assert (found.suppliers["price"] > 0).any()
    assert found.certificate.passed
    assert found.certificate.regret == found.certificate.sampled_regret == 0.0
    assert found.certificate.indifference == 0.0


def test_lists_that_cannot_be_completed_are_good_to_a_tenth_of_sigma(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The certificate then allows and says so, and the lists are those of before."""
    markets = []

    def one_round(market: DockingMarket, tolerance: float, *_: int, **__: None) -> DockingMarket:
        left = completed(market, tolerance, 1)
        markets.append((market, left))
        return left

    monkeypatch.setattr(docking, "completed", one_round)
    found = dock(alike(600), inputs=4)
    assert markets[0][0] is markets[0][1]
    assert found.certificate.passed
    assert 0 < found.certificate.regret <= found.certificate.indifference == 0.1 * WEIGHTS.sigma


def test_reasons_add_up_exactly_and_ranks_follow_them() -> None:
    found = dock(drawn_enterprises(150, 1, 0.1), inputs=3, listed=4)
    total = found.pairs[TERMS[0]]
    for name in (*TERMS[1:], "price"):
        total = total + found.pairs[name]
    assert total.to_list() == found.pairs["net"].to_list()
    assert found.pairs["price"].max() == 0.0 and found.pairs["price"].min() < 0.0
    falling = found.pairs.select(
        (pl.col("net").diff().over("buyer", "input").fill_null(0.0) <= 0).all()
    ).item()
    assert falling
    counted = found.pairs.group_by("buyer", "input").agg(pl.col("rank").max(), pl.len())
    assert (counted["rank"] == counted["len"]).all() and counted["len"].max() <= 4
    assert found.pairs.filter(pl.col("buyer") == pl.col("supplier")).is_empty()


def test_tables_agree_with_one_another() -> None:
    found = dock(drawn_enterprises(150, 2, 0.1))
    assert undeclared(found) == []
    docked = found.needs["docked"].sum()
    assert found.suppliers["sold"].sum() == pytest.approx(docked)
    by_input = found.industries
    assert (by_input["same_region"] + by_input["other_regions"]).sum() == pytest.approx(docked)
    parts = ("same_region", "other_regions", "present", "no_supplier", "not_sought")
    assert by_input.select(pl.sum_horizontal(parts)).to_series().to_list() == pytest.approx(
        by_input["need"].to_list()
    )
    sought = found.needs.filter(pl.col("state") == "docked")
    assert (sought["docked"] + sought["present"]).sum() == pytest.approx(
        by_input.select(parts[:3]).sum_horizontal().sum()
    )
    assert found.pairs["amount"].sum() + found.needs["other"].sum() == pytest.approx(docked)
    assert found.suppliers["buyers"].sum() == found.pairs.height
    assert found.certificate.passed
    # No premium is what rounding left.
    priced = found.suppliers.filter(pl.col("price") != 0)["price"]
    assert (priced >= NO_PRICE * WEIGHTS.sigma).all()
    nothing = by_input.with_columns(pl.col("need", *parts) * 0.0)
    said = "\n".join(
        docking_findings(replace(found, industries=nothing), Reader(found.study, "en"))
    )
    assert "a share that is not defined" in said
    assert not any(wrong in said.lower() for wrong in ("nan", "inf%", "e−"))


def with_one_supplier() -> pl.DataFrame:
    """Of three enterprises one has something to spare."""
    return pl.DataFrame(
        {
            "enterprise": ["buyer", "full", "only"],
            "industry": ["IO42-08", "IO42-12", "IO42-07"],
            "origin": ["110000"] * 3,
            "count": [1, 1, 1],
            "output": [10.0, 20.0, 30.0],
            "spare_output": [0.0, 0.0, 5.0],
        }
    )


def test_means_of_an_input_of_which_nothing_docks_are_not_defined() -> None:
    """They are weighed by what is sold: nothing of what only one without spare makes."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        found = dock(with_enterprises(with_one_supplier()), inputs=50)
    means = {
        row[0]: row[1:] for row in found.industries.select("input", "price", "kilometres").rows()
    }
    assert means["IO42-12"] == (None, None)
    price, kilometres = means["IO42-07"]
    assert price >= 0 and kilometres >= 0


def test_needs_that_nobody_on_the_list_can_supply_are_said() -> None:
    """Those of industries not listed, of one without spare, and of an only supplier of itself."""
    rows = with_one_supplier()
    found = dock(with_enterprises(rows), inputs=50)
    assert undeclared(found) == []
    states = {
        (buyer, code): state
        for buyer, code, state in found.needs.select("buyer", "input", "state").iter_rows()
    }
    assert states["buyer", "IO42-07"] == "docked"
    assert states["only", "IO42-07"] == "no_supplier"
    assert states["buyer", "IO42-12"] == "no_supplier"
    listed = {code for _, code in states}
    assert listed - set(rows["industry"])
    table = national_table(found.study.tables["input_output"], 2017)
    for buyer, industry, output in rows.select("enterprise", "industry", "output").iter_rows():
        user = table.sectors.index(industry)
        bought = WEIGHTS.open * table.intermediate[:, user].sum() / table.output[user] * output
        own = found.needs.filter(pl.col("buyer") == buyer)
        assert own["need"].sum() == pytest.approx(bought)
    assert found.industries["not_sought"].sum() == 0
    assert found.industries["need"].sum() == pytest.approx(found.needs["need"].sum())
    alone = found.needs.filter(pl.col("state") == "no_supplier")
    assert found.industries["no_supplier"].sum() == pytest.approx(alone["need"].sum())
    few = dock(with_enterprises(rows), inputs=1)
    assert few.industries["need"].sum() == pytest.approx(found.industries["need"].sum())
    assert few.industries["no_supplier"].sum() == pytest.approx(alone["need"].sum())


def test_needs_are_coefficients_times_output_and_the_largest() -> None:
    """By hand from the national table: apparel buys of textiles."""
    rows = pl.DataFrame(
        {
            "enterprise": ["cloth", "shirts"],
            "industry": ["IO42-07", "IO42-08"],
            "origin": ["320000", "330000"],
            "count": [1, 2],
            "output": [10.0, 5.0],
            "spare_output": [3.0, None],
        }
    )
    study = with_enterprises(rows)
    table = study.tables["input_output"].filter(year=2017, user="IO42-08")
    inputs = table.filter(pl.col("origin").is_in(["domestic", "imported"]))
    of_textiles = inputs.filter(pl.col("supplier") == "IO42-07")["value"].sum()
    coefficient = of_textiles / table["value"].sum()
    found = dock(study, inputs=1, listed=4)
    need = found.needs.filter(pl.col("buyer") == "shirts").row(0, named=True)
    assert need["input"] == "IO42-07"
    assert need["need"] == pytest.approx(0.2 * coefficient * 10.0, rel=1e-6)
    pair = found.pairs.filter(pl.col("buyer") == "shirts").row(0, named=True)
    share = of_textiles / inputs["value"].sum()
    assert pair["input_share"] == pytest.approx(WEIGHTS.input_share * share)
    assert pair["size"] == pytest.approx(-WEIGHTS.size * np.log10(2.0))
    assert pair["coverage"] == pytest.approx(WEIGHTS.coverage * min(1.0, 3.0 / need["need"]))
    assert pair["distance"] == pytest.approx(-WEIGHTS.freight * pair["kilometres"] / 1000)
    spare = dict(found.suppliers.select("supplier", "spare").iter_rows())
    assert spare == {"cloth": 3.0, "shirts": pytest.approx(2 * 0.2 * 5.0)}


def test_blocks_stand_in_where_no_enterprise_is_listed() -> None:
    from yanzhen.study import read_study

    found = dock(read_study("china-provinces"), inputs=2, listed=3)
    assert found.basis == "blocks" and found.certificate.passed
    assert (found.pairs["size"] == 0).all()
    assert not found.pairs.filter(pl.col("buyer") == pl.col("supplier")).is_empty()


def test_rows_that_are_no_party_are_counted() -> None:
    study = drawn_enterprises(30, 1)
    rows = study.tables["enterprises"].with_columns(
        output=pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise("output"),
        origin=pl.when(pl.int_range(pl.len()) == 9).then(pl.lit("abroad")).otherwise("origin"),
    )
    found = dock(with_enterprises(rows))
    assert dict(found.left_aside.iter_rows()) == {"abroad": 1, "no_output": 3}
    assert found.suppliers.height <= 26


def test_a_study_without_an_input_output_table_is_refused() -> None:
    study = drawn_enterprises(30, 1)
    empty = {**study.tables, "input_output": study.tables["input_output"].clear()}
    with pytest.raises(StudyError) as error:
        dock(replace(study, tables=empty))
    assert [problem.table for problem in error.value.problems] == ["input_output"]


def test_wrong_weights_are_named_together() -> None:
    wrong = {"docking_frieght": 1.0, "docking_spare": 2.0, "docking_sigma": 0.0, "docking_size": -1}
    with pytest.raises(StudyError) as error:
        with_values(docking_parameters(), wrong)
    assert [(problem.found, problem.expected) for problem in error.value.problems] == [
        ("'docking_frieght', which nothing uses", "'docking_freight'"),
        ("docking_spare = 2", "a number above 0 and of at most 1"),
        ("docking_sigma = 0", "a number above 0"),
        ("docking_size = -1", "a number of at least 0"),
    ]
    changed = with_values(docking_parameters(), {"docking_sigma": 0.02})
    row = changed.filter(parameter="docking_sigma").row(0, named=True)
    assert (row["value"], row["source"]) == (0.02, "user")


def test_a_region_without_a_point_docks_as_the_farthest() -> None:
    study = drawn_enterprises(60, 3)
    lost = pl.col("region") == "320000"
    regions = study.tables["regions"].with_columns(
        pl.when(~lost).then(name).alias(name) for name in ("longitude", "latitude")
    )
    found = dock(replace(study, tables={**study.tables, "regions": regions}))
    place = dict(study.tables["enterprises"].select("enterprise", "origin").iter_rows())
    crossing = [
        row["kilometres"]
        for row in found.pairs.iter_rows(named=True)
        if (place[row["buyer"]] == "320000") != (place[row["supplier"]] == "320000")
    ]
    assert crossing
    parties, _ = parties_of(study, WEIGHTS)
    kept = [k for k, region in enumerate(parties.regions) if region != "320000"]
    assert set(crossing) == {parties.kilometres[np.ix_(kept, kept)].max()}


def test_without_any_distance_freight_is_off_for_all() -> None:
    study = drawn_enterprises(40, 5)
    regions = study.tables["regions"].with_columns(
        pl.lit(None, pl.Float64).alias(name) for name in ("longitude", "latitude")
    )
    found = dock(replace(study, tables={**study.tables, "regions": regions}))
    assert (found.pairs["distance"] == 0).all()
    place = dict(study.tables["enterprises"].select("enterprise", "origin").iter_rows())
    for buyer, supplier, apart in found.pairs.select("buyer", "supplier", "kilometres").iter_rows():
        assert apart == (0 if place[buyer] == place[supplier] else None)
