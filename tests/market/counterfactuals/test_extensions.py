"""Options and chains that a study switches on, in its plan and its report."""

from pathlib import Path

import polars as pl
import pytest

from tests.market.problem.test_formulation import with_table
from tests.study.small import small
from yanzhen.pipeline import plan_study
from yanzhen.report.analyses.plan import plan_document
from yanzhen.report.document.html import page
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, StudyError, check_study, read_study, write_study


def switched(study: Study, **values: float) -> Study:
    """The study with parameters of its own."""
    rows = [
        {"parameter": name, "value": value, "unit": "margin on output", "source": "assumption"}
        for name, value in values.items()
    ]
    return with_table(study, "parameters", rows)


def test_a_study_without_switches_mentions_no_option() -> None:
    plan = plan_study(small())
    assert plan.options.is_empty()
    assert plan.chains.is_empty()
    assert "Who does what where further options are open" not in page(
        plan_document(plan, Reader(plan.study, "en"))
    )


def test_options_that_the_study_opens_are_in_plan_and_report() -> None:
    study = switched(small(), abroad_worth=-0.05, branch_share=0.3, branch_cost=0.01)
    plan = plan_study(study)
    output = dict(plan.options.group_by("option").agg(pl.col("output").sum()).iter_rows())
    assert set(output) == {"stay", "move", "branch", "abroad"}
    assert all(value > 0 for value in output.values())
    assert plan.moves.equals(plan_study(small()).moves)
    shown = page(plan_document(plan, Reader(plan.study, "en")))
    assert "Who does what where further options are open" in shown
    assert "open a branch" in shown


def test_a_branch_without_a_cost_is_refused() -> None:
    with pytest.raises(StudyError, match="branch_share"):
        plan_study(switched(small(), branch_share=0.3))


def test_chains_that_the_study_sets_settle_and_say_how_often() -> None:
    plan = plan_study(switched(read_study("china-provinces"), chain_strength=0.02))
    assert plan.chain_points["converged"].all()
    followed = plan.chain_points.row(0, named=True)
    assert followed["point"] == "followed"
    assert followed["residual"] <= 1e-5
    alone, drawn = (
        plan.chains.filter(point=point).group_by("site").agg(pl.col("output").sum()).sort("site")
        for point in ("without", "followed")
    )
    assert alone["output"].sum() == pytest.approx(plan.moves["output"].sum(), rel=1e-4)
    assert (alone["output"] - drawn["output"]).abs().max() > 1.0


def test_chains_without_an_input_output_table_are_refused() -> None:
    bare = with_table(small(), "input_output", [])
    with pytest.raises(StudyError, match="chain_strength"):
        plan_study(switched(bare, chain_strength=0.02))


def test_services_follow_where_the_study_has_their_table() -> None:
    plan = plan_study(read_study("china-provinces"))
    assert plan.services["net"].sum() == pytest.approx(0, abs=1e-6)
    assert "Producer services that follow" in page(plan_document(plan, Reader(plan.study, "en")))


def test_check_knows_the_switches(tmp_path: Path) -> None:
    write_study(switched(small(), chain_strength=0.02, exit_worth=-0.1), tmp_path / "study")
    assert check_study(tmp_path / "study") == ()
