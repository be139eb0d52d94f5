"""The main job: restartable after a kill, the same bytes every time, clear when it fails."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tests.market.problem.test_formulation import with_table
from tests.study.small import INDUSTRIES, REGIONS, small, small_study
from yanzhen import pipeline
from yanzhen.cli.language import COMMANDS
from yanzhen.pipeline import planning, run_plan, stages
from yanzhen.pipeline.storage import load, store
from yanzhen.report.text.words import LANGUAGES
from yanzhen.study import StudyError, write_study
from yanzhen.web.words import word_or as web_word_or

RUNNER = """
import sys
from pathlib import Path
from yanzhen.pipeline import run_plan
run_plan(
    sys.argv[1], Path(sys.argv[2]), "zh", lambda stage, done: print(stage, flush=True), draws=8
)
"""
DRAWS = 8
STAGES = ("study", "accounts", "advantage", "market", "uncertainty", "report")


def ignore(stage: str, done: float) -> None: ...


def content(folder: Path) -> dict[str, bytes]:
    """Bytes of every file but the timings."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_study(tmp_path_factory.mktemp("study") / "small")


@pytest.fixture(scope="module")
def undisturbed(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "plan"
    run_plan(str(study), out, "zh", ignore, draws=DRAWS)
    return out


def test_every_stage_has_its_words_in_the_terminal_and_in_the_browser() -> None:
    for stage in pipeline.SHARE_DONE:
        assert f"stage.{stage}" in COMMANDS.phrases
        for lang in LANGUAGES:
            assert stage == "done" or web_word_or(lang, f"stage.{stage}", "") != ""


def killed_run(study: Path, out: Path, stage: str, after: float) -> int:
    """Start a run in a process of its own, kill it some seconds into a stage; its exit code."""
    command = [sys.executable, "-c", RUNNER, str(study), str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == stage:
                break
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        return process.wait()


def test_a_run_killed_at_random_moments_goes_on_to_the_same_bytes(
    study: Path, undisturbed: Path, tmp_path: Path
) -> None:
    moments = random.Random(7)
    expected = content(undisturbed)
    out = tmp_path / "plan"
    # Each run goes on from where the last one was killed, and is killed one stage later.
    for stage in STAGES:
        assert killed_run(study, out, stage, moments.uniform(0.0, 0.1)) == -signal.SIGKILL
    run_plan(str(study), out, "zh", ignore, draws=DRAWS)
    assert content(out) == expected


def test_finished_stages_are_not_repeated(
    study: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise AssertionError("a finished stage was run again")

    before = content(undisturbed)
    for name in ("complete", "locational_advantage", "clear"):
        monkeypatch.setattr(stages, name, fail)
    monkeypatch.setattr(planning, "uncertainty", fail)
    monkeypatch.setattr(pipeline, "write_plan", fail)
    run_plan(str(study), undisturbed, "zh", ignore, draws=DRAWS)
    assert content(undisturbed) == before


def test_other_sources_run_everything_again(
    study: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(undisturbed, tmp_path / "plan")
    cleared = tmp_path / "plan" / "stages" / "market" / "stage.json"
    before = cleared.read_text(encoding="utf-8")
    monkeypatch.setattr(planning, "sources_hash", lambda: "edited")
    run_plan(str(study), tmp_path / "plan", "zh", ignore, draws=DRAWS)
    assert cleared.read_text(encoding="utf-8") != before


def test_a_changed_parameter_runs_everything_again(
    study: Path, undisturbed: Path, tmp_path: Path
) -> None:
    shutil.copytree(undisturbed, tmp_path / "plan")
    before = json.loads((tmp_path / "plan" / "manifest.json").read_text(encoding="utf-8"))
    (study / "parameters.csv").write_text(
        "parameter,value,unit,low,high,source,note_zh,note_en\n"
        "sigma,0.05,margin on output,0.01,0.1,assumption,,\n",
        encoding="utf-8",
    )
    try:
        run_plan(str(study), tmp_path / "plan", "zh", ignore, draws=DRAWS)
    finally:
        (study / "parameters.csv").unlink()
    after = json.loads((tmp_path / "plan" / "manifest.json").read_text(encoding="utf-8"))
    assert after["key"] != before["key"]
    assert after["outputs"] != before["outputs"]


def test_scenarios_stand_beside_the_plan_and_leave_it_as_it_was(
    study: Path, undisturbed: Path, tmp_path: Path
) -> None:
    scenario = tmp_path / "dear.toml"
    scenario.write_text("[parameters]\nmoving_cost = 0.5\n", encoding="utf-8")
    out = tmp_path / "plan"
    run = run_plan(str(study), out, "zh", ignore, DRAWS, [str(scenario)])
    assert run.comparison is not None
    with_scenario = content(out)
    assert "scenarios/comparison.html" in with_scenario
    manifest = json.loads(with_scenario["manifest.json"])
    assert list(manifest["scenarios"]) == ["dear"]
    scenario.write_text("[parameters]\nmoving_cost = 0.4\n", encoding="utf-8")
    run_plan(str(study), out, "zh", ignore, DRAWS, [str(scenario)])
    assert content(out)["scenarios/comparison.json"] != with_scenario["scenarios/comparison.json"]
    run_plan(str(study), out, "zh", ignore, DRAWS)
    alone = {name: kept for name, kept in content(out).items() if "scenarios" not in name}
    assert alone == content(undisturbed)
    assert not (out / "scenarios").exists()


def test_everything_wrong_with_all_scenarios_is_said_at_once(study: Path, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[parameters]\nsigmma = 1\n", encoding="utf-8")
    (tmp_path / "b.toml").write_text("colour = 1\n", encoding="utf-8")
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "a.toml").write_text("without = ['P9']\n", encoding="utf-8")
    asked = [str(tmp_path / name) for name in ("a.toml", "b.toml", "again/a.toml")]
    with pytest.raises(StudyError) as raised:
        run_plan(str(study), tmp_path / "plan", "zh", ignore, DRAWS, asked)
    said = str(raised.value)
    for part in ("'sigmma'", "'colour'", "'P9'", "a second scenario of the name 'a'"):
        assert part in said
    assert not (tmp_path / "plan").exists()


def test_a_spoilt_output_is_written_again(study: Path, undisturbed: Path) -> None:
    before = content(undisturbed)
    (undisturbed / "report.html").write_text("spoilt")
    run_plan(str(study), undisturbed, "zh", ignore, draws=DRAWS)
    assert content(undisturbed) == before


def test_progress_ends_at_one(study: Path, undisturbed: Path) -> None:
    said: list[tuple[str, float]] = []
    run_plan(
        str(study), undisturbed, "zh", lambda stage, done: said.append((stage, done)), draws=DRAWS
    )
    shares = [done for _, done in said]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_the_manifest_names_what_went_in_and_what_came_out(undisturbed: Path) -> None:
    manifest = json.loads((undisturbed / "manifest.json").read_text(encoding="utf-8"))
    assert {"activity", "regions", "study.toml", "parameters"} <= set(manifest["inputs"])
    assert "report.html" in manifest["outputs"]
    assert manifest["certificate"]["relative_excess_demand"] <= manifest["certificate"]["tolerance"]
    assert manifest["synthetic"] is True


def test_a_stage_s_result_comes_back_as_it_was(undisturbed: Path, tmp_path: Path) -> None:
    accounts = load(stages.Accounts, undisturbed / "stages" / "accounts")
    store(accounts, tmp_path / "again", "key")
    again = load(stages.Accounts, tmp_path / "again")
    assert again.panel.regions == accounts.panel.regions
    assert again.completion.cells.equals(accounts.completion.cells)
    assert (again.panel.output == accounts.panel.output).sum() > 0
    assert isinstance(again.completion.cells, pl.DataFrame)


HASHER = """
import dataclasses, hashlib
import polars as pl
from yanzhen.pipeline import plan_study
from yanzhen.study import read_study
plan = plan_study(read_study("china-provinces"), draws=6)
for part in (plan, plan.uncertainty):
    for field in dataclasses.fields(part):
        table = getattr(part, field.name)
        if isinstance(table, pl.DataFrame):
            print(field.name, hashlib.sha256(table.write_csv().encode()).hexdigest())
"""


def test_the_plan_is_the_same_on_one_and_two_threads() -> None:
    one, two = (
        subprocess.run(
            [sys.executable, "-c", HASHER],
            env={**os.environ, "POLARS_MAX_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for threads in ("1", "2")
    )
    assert one
    assert one == two


def test_policies_and_conditions_reach_the_report(tmp_path: Path) -> None:
    subsidy = {"policy": "P1", "place": REGIONS[0], "instrument": "subsidy_per_output"}
    cap = {"policy": "P2", "place": REGIONS[1], "industry": INDUSTRIES[0], "instrument": "cap"}
    years = {"from_year": 2018, "to_year": 2022}
    study = with_table(
        small(),
        "policies",
        [
            {**subsidy, **years, "value": 0.02, "unit": "share"},
            {**cap, **years, "value": 100.0, "unit": "output"},
        ],
    )
    rule = {"rule": "R1", "title_zh": "规则", "title_en": "Rule", "source": "made up"}
    condition = "class = energy: clean_energy_share >= 0.4"
    study = with_table(study, "rules", [{**rule, "condition": condition}])
    write_study(study, tmp_path / "study")
    for lang in LANGUAGES:
        run = run_plan(str(tmp_path / "study"), tmp_path / lang, lang, ignore, draws=0)
    assert f"output:{INDUSTRIES[0]}" in run.plan.prices["resource"].to_list()
    assert "policy" in run.plan.reasons["term"].to_list()
    assert run.plan.policies["policy"].to_list() == ["P1", "P2"]
    assert run.plan.policies["arrivals"][0] > 0 > run.plan.policies["arrivals"][1]
    assert "R1" in run.plan.not_evaluated["term"].to_list()
    assert "clean_energy_share" in (tmp_path / "en" / "report.html").read_text(encoding="utf-8")
