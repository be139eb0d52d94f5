"""A fund of the small SYNTHETIC study: its portfolio, decisions, limits and refusals."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.declared import undeclared
from tests.finance.fund.studies import small_fund
from tests.study.small import REGIONS
from yanzhen.finance.fund.additionality import held_market
from yanzhen.finance.fund.fund_tables import supports_table
from yanzhen.finance.fund.measured import measured
from yanzhen.finance.fund.offers import asking_of
from yanzhen.finance.fund.study_fund import Fund, fund_parameters, require_fund, study_fund
from yanzhen.finance.rates import discount_rates
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.market.equilibrium.cleared_study import ClearedStudy, clear_study
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.pipeline.checking import check_for_all
from yanzhen.study import Problem, Study, StudyError, WantOfData, write_study
from yanzhen.study.checking import checked


def cleared(study: Study) -> ClearedStudy:
    return clear_study(study_inputs(study))


def fund_of(study: Study, objective: str = "output", **changed: float) -> Fund:
    found = cleared(study)
    parameters = fund_parameters(found.inputs.parameters, {"fund_draws": 3.0, **changed})
    return study_fund(found, parameters, objective=objective)


@pytest.fixture(scope="module")
def fund() -> Fund:
    return fund_of(small_fund(), fund_gap=0.0, fund_tail=0.5)


def test_the_frames_have_the_declared_columns(fund: Fund) -> None:
    assert undeclared(fund) == []


def test_the_portfolio_is_the_best_of_all_that_keep_the_limits(fund: Fund) -> None:
    """By mean benefit alone, from the table of supports and the limits as the study has them."""
    found = fund_of(small_fund(), fund_gap=0.0, fund_tail_weight=0.0)
    rows = found.supports.to_dicts()
    codes = sorted({row["project"] for row in rows})
    choices = [[None, *(row for row in rows if row["project"] == code)] for code in codes]
    best = 0.0
    for picks in product(*choices):
        held = [row for row in picks if row is not None]
        amount = sum(row["amount"] for row in held)
        in_region = sum(row["amount"] for row in held if row["region"] == REGIONS[2])
        if amount <= 3.5 and in_region <= 2.4 + 1e-9:
            best = max(best, sum(row["region_change"] for row in held))
    assert found.worth == pytest.approx(best)
    assert found.benefit == pytest.approx(best)
    assert found.outlay["outlay"].sum() <= 3.5


def test_decisions_agree_with_the_choice_at_the_budget(fund: Fund) -> None:
    held = fund.decisions.filter("held")
    at_budget = fund.choices.filter(budget=fund.budget)
    assert sorted(held["project"]) == sorted(at_budget["project"])
    assert (held["lacking"] <= 1e-9).all()
    assert (fund.decisions.filter(~pl.col("held"))["lacking"] >= -1e-9).all()
    assert fund.decisions["exact"].all()
    limits = {row["limit"]: row for row in fund.limits.iter_rows(named=True)}
    assert limits["budget"]["used"] == pytest.approx(fund.outlay["outlay"].sum())
    for row in limits.values():
        assert row["most"] is None or row["used"] <= row["most"] + 1e-9


def test_the_frontier_never_falls_and_ends_above_the_portfolio(fund: Fund) -> None:
    worth = fund.frontier["worth"].to_list()
    assert worth == sorted(worth) and worth[-1] >= fund.worth - 1e-9
    assert (fund.frontier["gap"] <= 1e-6).all()
    assert (fund.frontier["amount"] <= fund.frontier["budget"] + 1e-9).all()


def test_what_is_added_alone_and_together(fund: Fund) -> None:
    rows = {row["measure"]: row for row in fund.together.iter_rows(named=True)}
    for row in rows.values():
        assert row["interaction"] == pytest.approx(row["at_once"] - row["one_by_one"])
        assert row["at_once"] == pytest.approx(row["one_by_one"], rel=1e-3)
    assert fund.excess < 1e-6


def test_a_job_that_rounding_left_has_no_cost() -> None:
    """Where jobs are what a place is short of, one that comes takes another's."""
    found = cleared(small_fund())
    parameters = fund_parameters(found.inputs.parameters, {})
    held_study = at_constants(found)
    row = found.inputs.study.tables["funds"].row(0, named=True)
    asking = asking_of(found.inputs, held_study.formulation, row, discount_rates(parameters))
    plan = measured(found, held_study, asking, "jobs", 0, lambda share: None)
    held = held_market(held_study)
    table = supports_table(asking, plan, 0.9, held.jobs_per_output[asking.places.block])
    full, roomy = (table.filter(project=code).row(0, named=True) for code in ("p0", "p1"))
    assert abs(full["region_jobs"]) < 1e-6 * roomy["region_jobs"]
    assert full["cost_per_job"] is None and 0 < roomy["cost_per_job"] < 1e4
    assert max(table["cost_per_job"].drop_nulls()) < 1e5


def test_where_no_project_fits_each_is_told_why_and_check_foretells_it(tmp_path: Path) -> None:
    study = small_fund()
    projects = study.tables["projects"]
    large = projects.with_columns(output=pl.lit(1e5))
    study = replace(study, tables={**study.tables, "projects": large})
    with pytest.raises(WantOfData, match="p0: Output exceeds that of the industry at its origin"):
        fund_of(study)
    nowhere = projects.with_columns(site=pl.lit(None, pl.String))
    study = replace(study, tables={**study.tables, "projects": nowhere})
    told = _of_fund(study, tmp_path / "a")
    assert [each.table for each in told] == ["projects"]
    assert "p5: No site, or a site outside the plan" in told[0].found
    assert "p5：没有承接地" in told[0].found_zh
    assert _of_fund(small_fund(), tmp_path / "b") == []


def _of_fund(study: Study, folder: Path) -> list[Problem]:
    """What `check` says that the command lacks."""
    write_study(study, folder)
    return [each for each in check_for_all(folder).warnings if "`yanzhen fund`" in each.found]


def test_jobs_may_be_what_counts() -> None:
    found = fund_of(small_fund(), "jobs")
    held = found.decisions.filter("held").select("project", "product")
    jobs = found.supports.join(held, on=["project", "product"])["region_jobs"].sum()
    assert found.benefit == pytest.approx(jobs)


def test_a_gift_is_called_one() -> None:
    found = fund_of(small_fund(), fund_gift=1e-4)
    assert found.supports["gift"].all()
    assert not fund_of(small_fund(), fund_gift=1.0).supports["gift"].any()


def test_offers_beyond_the_terms_are_refused_with_their_reason() -> None:
    for changed, told in (
        ({"fund_most_of_investment": 0.3}, ("L", "beyond_co_investment")),
        ({"fund_most_aid": 0.1}, ("GR", "beyond_aid")),
        ({"fund_least_amount": 1.2}, ("GR", "below_least")),
    ):
        found = fund_of(small_fund(), **changed)
        assert set(found.refused.select("product", "reason").iter_rows()) == {told}


def test_projects_without_a_place_in_the_market_are_refused_with_their_reason() -> None:
    study = small_fund()
    projects = study.tables["projects"].with_columns(
        output=pl.when(project="p0").then(1e9).otherwise("output"),
        origin=pl.when(project="p1").then(pl.lit("abroad")).otherwise("origin"),
        site=pl.when(project="p2").then(None).otherwise("site"),
        industry=pl.when(project="p3").then(None).otherwise("industry"),
    )
    found = fund_of(replace(study, tables={**study.tables, "projects": projects}))
    assert dict(found.refused.select("project", "reason").iter_rows()) == {
        "p0": "larger_than_left", "p1": "not_movable", "p2": "no_site", "p3": "no_origin",
    }  # fmt: skip


def test_limits_that_conflict_are_named() -> None:
    study = small_fund(fund="F", kind="industry", of="20", least=3.9)
    with pytest.raises(StudyError) as refused:
        fund_of(study)
    assert "industry:20" in str(refused.value)


def test_a_study_without_a_fund_or_with_several_is_told() -> None:
    study = small_fund()
    none = replace(study, tables={**study.tables, "funds": study.tables["funds"].clear()})
    with pytest.raises(StudyError, match="no fund named"):
        fund_of(none)
    empty = study.tables["projects"].with_columns(products=pl.lit(None, pl.String))
    with pytest.raises(WantOfData):
        fund_of(replace(study, tables={**study.tables, "projects": empty}))


@pytest.mark.parametrize("year", ["²⁰²⁶", "1200", "9999"])
def test_a_limit_of_no_year_is_refused(tmp_path: Path, year: str) -> None:
    write_study(small_fund(), tmp_path / "study")
    limits = f"fund,kind,of,least,most,most_share\nF,year,{year},,1,\n"
    (tmp_path / "study" / "fund_limits.csv").write_text(limits, encoding="utf-8")
    (problem,) = checked(tmp_path / "study").problems
    assert (problem.table, problem.row, problem.column) == ("fund_limits", 2, "of")


def test_a_limit_on_a_region_that_became_part_of_another_is_refused(tmp_path: Path) -> None:
    """Nothing of the fund goes there any more, so that the limit would hold nothing."""
    study = small_fund()
    ended = pl.col("region") == REGIONS[1]
    regions = study.tables["regions"].with_columns(
        successor=pl.when(ended).then(pl.lit(REGIONS[0])),
        successor_from=pl.when(ended).then(pl.lit(2018, pl.Int64)),
    )
    write_study(replace(study, tables={**study.tables, "regions": regions}), tmp_path / "study")
    limits = f"fund,kind,of,least,most,most_share\nF,region,{REGIONS[1]},,1,\n"
    (tmp_path / "study" / "fund_limits.csv").write_text(limits, encoding="utf-8")
    told = [each for each in checked(tmp_path / "study").problems if each.table == "fund_limits"]
    assert [(each.row, each.column) for each in told] == [(2, "of")]
    assert told[0].expected.startswith(REGIONS[0])


def test_check_tells_everything_wrong_with_funds_and_limits(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    write_study(small_fund(), folder)
    (folder / "funds.csv").write_text("fund,size\nF,0\n", encoding="utf-8")
    limits = f"""fund,kind,of,least,most,most_share
F,year,26,,1,
F,region,nowhere,,1,
F,industry,20,,,
F,aid,{REGIONS[0]},,1,
F,product,L,2,1,
F,product,GR,,,30
G,product,GR,,1,
"""
    (folder / "fund_limits.csv").write_text(limits, encoding="utf-8")
    found = checked(folder).problems
    rows = {(each.table, each.row, each.column) for each in found}
    assert ("funds", 2, "size") in rows
    told = {(row, column) for table, row, column in rows if table == "fund_limits"}
    assert told >= {(2, "of"), (3, "of"), (4, "most"), (5, "most"), (7, "most_share"), (8, "fund")}
    assert any(row == 6 for row, _ in told)
    assert all(each.found_zh != each.found or each.found for each in found)


def test_draws_are_common_to_both_markets(fund: Fund) -> None:
    """A support of nothing adds nothing in any draw."""
    rows = fund.supports
    assert (rows["additional_low"] >= 0).all()
    np.testing.assert_array_less(rows["without"], rows["with_support"])


def test_sizes_that_are_no_money_are_refused() -> None:
    """Output of projects would be taken out of enterprises counted in persons."""
    found = cleared(small_fund())
    study = found.inputs.study
    counted = replace(study, about=replace(study.about, size="employment"))
    with pytest.raises(WantOfData, match="not measured in money"):
        require_fund(counted)
    inputs = replace(found.inputs, study=counted)
    with pytest.raises(WantOfData, match="not measured in money"):
        study_fund(replace(found, inputs=inputs), fund_parameters(found.inputs.parameters, {}))
