"""What `import yanzhen as yz` offers: light to import, the same results as the rooms give."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import yanzhen as yz
from tests.study.small import small
from yanzhen.market.counterfactuals.scenario import read_scenario
from yanzhen.modes.chain import chain_analysis
from yanzhen.notebook.plans import PlanResult
from yanzhen.pipeline import compare_study
from yanzhen.report.analyses.analysis import NotThere
from yanzhen.report.tables.table import frames_of
from yanzhen.study import StudyError, example, write_study

CALLS = (
    *("examples", "read_study", "read_frames", "check", "diagnose", "plan", "compare", "chain"),
    *("docking", "contract", "effects", "fund"),
)


def test_the_calls_are_offered_and_found_by_completion() -> None:
    assert set(CALLS) <= set(dir(yz))
    assert all(callable(getattr(yz, name)) for name in CALLS if name != "examples")
    with pytest.raises(AttributeError, match="no attribute 'plam'"):
        yz.plam  # noqa: B018


def test_importing_takes_nothing_along_and_effects_can_be_called_whoever_imports_it() -> None:
    program = """
import sys
import yanzhen
assert not {"polars", "numpy", "altair", "yanzhen.study"} & set(sys.modules)
import yanzhen.effects.assumed
from yanzhen import effects
assert callable(effects) and effects.assumed is yanzhen.effects.assumed
assert callable(yanzhen.effects)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_study_is_taken_by_name_by_path_and_of_a_result(plan: PlanResult, tmp_path: Path) -> None:
    write_study(small(), tmp_path / "mine")
    by_path = yz.plan(tmp_path / "mine", draws=0, lang="zh")
    assert by_path.study.about.title_en == small().about.title_en
    assert yz.plan(by_path, draws=0).lang == "zh"
    assert yz.diagnose(plan, region="Anhui").asked["region"] == "340000"
    assert yz.diagnose("china-provinces", lang="en").findings == yz.diagnose(plan).findings
    with pytest.raises(TypeError, match="found DataFrame; expected a study, its path or name"):
        yz.plan(plan.moves)


def test_every_example_has_its_function() -> None:
    names = {name.replace("-", "_") for name in example.example_names()}
    assert all(callable(getattr(yz.examples, name)) for name in names)
    assert yz.examples.china_provinces() is yz.examples.china_provinces()
    assert yz.examples.synthetic_docking().path == "synthetic-docking"


def test_a_comparison_is_that_of_the_room(plan: PlanResult) -> None:
    mine = {"title_en": "Cheaper moves", "parameters": {"moving_cost": 0.05}}
    found = yz.compare(plan, "west_subsidy", read_scenario("all_match"), cheaper=mine)
    assert found.scenarios["scenario"].to_list() == ["west_subsidy", "all_match", "cheaper"]
    expected = compare_study(plan.study, ["west_subsidy", "all_match"])[1]
    for table in ("totals", "regions"):
        own = found.tables[table].filter(pl.col("scenario") != "cheaper")
        assert own.equals(getattr(expected, table)), table
    assert found.passed


def test_everything_wrong_with_scenarios_is_said(plan: PlanResult) -> None:
    with pytest.raises(StudyError) as refused:
        yz.compare(plan, one={"parameters": {"sigm": 1.0}}, two={"policies": [{"value": 1.0}]})
    assert "sigm" in str(refused.value)
    assert "table policies, row 1" in str(refused.value)
    with pytest.raises(ValueError, match="no scenario"):
        yz.compare(plan)


def test_chains_of_a_plan_are_those_of_its_study(plan: PlanResult) -> None:
    expected = frames_of(chain_analysis(plan.study))
    found = yz.chain(plan).tables
    assert {name: frame.equals(expected[name]) for name, frame in found.items()} == dict.fromkeys(
        expected, True
    )


def test_a_broken_guard_is_named(plan: PlanResult) -> None:
    guarded = yz.chain(plan, max_exposure=0.13)
    assert not guarded.guard_holds
    assert guarded.broken["region"].to_list() == ["110000"]
    assert yz.chain(plan, max_exposure=0.5).guard_holds


def test_effects_go_as_far_as_is_asked_and_refuse_what_is_unknown(plan: PlanResult) -> None:
    books = yz.effects(plan, model="accounting")
    assert books.ledger.height > 0
    assert books.response.is_empty()
    with pytest.raises(NotThere, match="No model 'spacial'; there are accounting"):
        yz.effects(plan, model="spacial")
    with pytest.raises(StudyError, match="effects_tetha"):
        yz.effects(plan, model="accounting", effects_tetha=5)


def test_a_diagnosis_looks_at_what_is_asked_by_name() -> None:
    study = yz.examples.china_provinces()
    found = yz.diagnose(study, year=2015, region="安徽", lang="en")
    assert (found.year, found.asked["region"]) == (2015, "340000")
    with pytest.raises(StudyError, match=r"column region: .* unknown 'Anhuy'.* such as 'Anhui'"):
        yz.diagnose(study, region="Anhuy")
    with pytest.raises(NotThere, match="years with output: 2007, 2012, 2015, 2017"):
        yz.diagnose(study, year=1999)


def test_a_contract_takes_schemes_and_files_by_name(plan: PlanResult, tmp_path: Path) -> None:
    from yanzhen.modes.coconstruction import Given, preset, write_terms

    terms = preset("zibo").complete(Given(tax_kinds=("value_added_tax",)))
    (tmp_path / "ours.toml").write_text(write_terms(terms), encoding="utf-8")
    by_name = yz.contract(plan, "Shanghai", "安徽", "zibo", industry="Textiles")
    by_file = yz.contract(plan, "310000", "340000", tmp_path / "ours.toml", industry=["Textiles"])
    assert by_name.home_gain == by_file.home_gain
    assert (by_name.scheme, by_file.scheme) == ("zibo", "ours")
    with pytest.raises(StudyError, match=r"column terms: found the unknown 'zibbo'.* 'zibo'"):
        yz.contract(plan, "Shanghai", "Anhui", "zibbo")
    with pytest.raises(StudyError, match=r"home_weight: found 1\.5; expected a number from 0"):
        yz.contract(plan, "Shanghai", "Anhui", home_weight=1.5)
    with pytest.raises(StudyError, match="column home: found the unknown 'Shangai'"):
        yz.contract(plan, "Shangai", "Anhui")


def test_check_says_what_read_study_refuses(tmp_path: Path) -> None:
    write_study(small(), tmp_path / "mine")
    activity = tmp_path / "mine" / "activity.csv"
    text = activity.read_text(encoding="utf-8-sig")
    activity.write_text(text.replace("110000", "119999", 1), encoding="utf-8")
    found = yz.check(tmp_path / "mine", lang="en")
    with pytest.raises(StudyError) as refused:
        yz.read_study(tmp_path / "mine")
    assert found.problems == refused.value.problems
    assert found.frame.filter(severity="error").height == len(found.problems)
    assert repr(found).startswith(f"Problems: {len(found.problems)}")
