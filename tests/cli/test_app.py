"""The commands as a user meets them: what they say, where they say it, how they end."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from yanzhen.cli.app import app


def invoke(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, [*arguments], env=environment)


def yanzhen(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, which takes seconds: for what only that shows."""
    return subprocess.run(
        [sys.executable, "-m", "yanzhen", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_version_is_the_package_version() -> None:
    from yanzhen import __version__

    assert invoke("--version").stdout == f"yanzhen {__version__}\n"


def test_help_names_every_command_in_both_languages() -> None:
    shown = invoke("--help").stdout
    for command in ("demo", "plan", "check", "new", "examples"):
        assert command in shown
    assert "列出自带的示例研究" in shown


@pytest.mark.parametrize("module", ["polars", "numpy", "altair", "numba", "yanzhen.study"])
def test_help_does_not_import_what_only_the_work_needs(module: str) -> None:
    program = f"import sys, yanzhen.cli.app; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("pl", ["plan"]),
        ("contract ga", ["gains"]),
        ("plan china-p", ["china-provinces"]),
        ("check mi", ["mine", "mine.xlsx"]),
        ("plan sub/", ["sub/theirs"]),
        ("diagnose x --reg", ["--region"]),
    ],
)
def test_the_shell_completes_commands_options_and_studies(
    line: str, completed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("mine", "sub/theirs"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "mine.xlsx").touch()
    (tmp_path / "mine.txt").touch()
    monkeypatch.chdir(tmp_path)
    words = f"yanzhen {line}"
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    result = CliRunner().invoke(
        app, [], prog_name="yanzhen", env={"_YANZHEN_COMPLETE": "complete_bash", **asked}
    )
    assert result.stdout.split() == completed


@pytest.mark.parametrize(
    ("typed", "meant"), [("plna", "plan"), ("chek", "check"), ("exmaples", "examples")]
)
def test_a_mistyped_command_suggests_the_right_one(typed: str, meant: str) -> None:
    result = invoke(typed)
    assert result.exit_code == 2
    assert f"Did you mean '{meant}'?" in result.stderr


def test_a_mistyped_option_suggests_the_right_one() -> None:
    result = invoke("plan", "china-provinces", "--outt", "x")
    assert result.exit_code == 2
    assert "--out" in result.stderr.replace("--outt", "")


def test_a_language_that_is_not_spoken_names_those_that_are() -> None:
    result = invoke("examples", "--lang", "cn")
    assert result.exit_code == 2
    assert "'zh', 'en'" in result.stderr


@pytest.mark.parametrize("command", [("check",), ("plan", "--out", "x")])
def test_a_mistyped_study_suggests_the_right_one_and_ends_with_2(command: tuple[str, ...]) -> None:
    result = invoke(*command, "china-provinse", "--lang", "en")
    assert result.exit_code == 2
    assert "Did you mean china-provinces?" in result.stderr
    assert result.stdout == ""


def test_a_plan_cannot_be_written_over_a_file(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    assert invoke("plan", "china-provinces", "--out", str(taken)).exit_code == 2


def test_new_makes_a_study_that_check_finds_empty_rather_than_broken(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert invoke("new", str(folder), "--lang", "en").exit_code == 0
    result = invoke("check", str(folder), "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)


def test_new_does_not_write_into_a_folder_with_something_in_it(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    result = invoke("new", str(tmp_path), "--lang", "en")
    assert result.exit_code == 2
    assert "not empty" in result.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["mine.txt"]


def test_examples_lists_the_embedded_example_in_the_language_asked() -> None:
    listed = json.loads(invoke("examples", "--json").stdout)
    assert "china-provinces" in [example["name"] for example in listed]
    assert "示例" in invoke("examples", "--lang", "zh").stdout
    assert "Example" in invoke("examples", "--lang", "en").stdout


def test_check_of_the_example_finds_no_fault_and_ends_with_0() -> None:
    result = invoke("check", "china-provinces", "--json")
    assert result.exit_code == 0
    # The tier of a place is carried along, and nothing uses it yet.
    said = [(each["severity"], each["column"]) for each in json.loads(result.stdout)]
    assert said == [("warning", "tier")]
    assert result.stderr == ""


@pytest.fixture
def broken_study(tmp_path: Path) -> Path:
    """A new study with one activity row whose output is no number."""
    folder = tmp_path / "broken"
    assert invoke("new", str(folder)).exit_code == 0
    header = (folder / "activity.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    cells = {"region": "nowhere", "industry": "nothing", "year": "2017", "output": "plenty"}
    row = ",".join(cells.get(column, "") for column in header.split(","))
    (folder / "activity.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    return folder


def test_check_lists_problems_as_json_alone_on_stdout(broken_study: Path) -> None:
    result = invoke("check", str(broken_study), "--json")
    problems = json.loads(result.stdout)
    assert result.exit_code == 2
    assert result.stderr == ""
    assert ("activity", 2, "output") in [
        (problem["table"], problem["row"], problem["column"]) for problem in problems
    ]


@pytest.mark.parametrize(("language", "heading"), [("zh", "应为"), ("en", "Expected")])
def test_check_shows_problems_in_the_language_asked(
    broken_study: Path, language: str, heading: str
) -> None:
    result = invoke("check", str(broken_study), "--lang", language)
    assert result.exit_code == 2
    assert heading in result.stdout
    assert "plenty" in result.stdout


def test_the_locale_speaks_when_no_language_is_asked(broken_study: Path) -> None:
    clean = {"LC_ALL": "", "LC_MESSAGES": ""}
    said = invoke("check", str(broken_study), LANG="en_GB.UTF-8", **clean)
    assert "Expected" in said.stdout
    said = invoke("check", str(broken_study), LANG="zh_CN.UTF-8", **clean)
    assert "应为" in said.stdout


def test_a_plan_of_a_broken_study_ends_with_2_and_its_problems(
    broken_study: Path, tmp_path: Path
) -> None:
    arguments = ("plan", str(broken_study), "--out", str(tmp_path / "plan"), "--lang", "en")
    result = yanzhen(*arguments, folder=tmp_path)
    assert result.returncode == 2
    assert "plenty" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    result = invoke(*arguments, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problems"]


@dataclass(frozen=True)
class Run:
    folder: Path
    summary: dict[str, object]
    certificate_passed: bool
    comparison: None = None
    chains: None = None


def run_plan_returning(passed: bool) -> Callable[..., Run]:
    def run_plan(
        study: str, out: Path, language: str, progress: Callable[..., None], *others: object
    ) -> Run:
        progress("market", 0.5)
        return Run(out, {"标题": "方案"}, passed)

    return run_plan


def run_plan_raising(error: BaseException) -> Callable[..., Run]:
    def run_plan(*_: object) -> Run:
        raise error

    return run_plan


def test_a_plan_whose_certificate_fails_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("yanzhen.pipeline.run_plan", run_plan_returning(passed=False))
    result = invoke("plan", "china-provinces", "--out", str(tmp_path), "--lang", "en")
    assert result.exit_code == 1
    assert "must not be used" in result.stderr


def test_json_of_a_plan_is_its_summary_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("yanzhen.pipeline.run_plan", run_plan_returning(passed=True))
    result = invoke("plan", "china-provinces", "--out", str(tmp_path), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"标题": "方案"}
    assert result.stderr == ""


def test_the_command_draws_as_often_as_the_library_says() -> None:
    from yanzhen.cli.app import DRAWS
    from yanzhen.market.plan import uncertainty

    assert DRAWS == uncertainty.DRAWS


def test_a_log_file_has_one_line_for_each_stage(capsys: pytest.CaptureFixture[str]) -> None:
    from yanzhen.cli.screen import progress

    with progress("en", True) as update:
        for share in (0.2, 0.3, 0.4):
            update("uncertainty", share)
        update("report", 0.7)
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_progress_goes_to_stderr(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("yanzhen.pipeline.run_plan", run_plan_returning(passed=False))
    result = invoke("plan", "china-provinces", "--out", str(tmp_path), "--lang", "en")
    assert " 50%  Finding prices that clear the market" in result.stderr
    assert result.stdout == ""


def test_a_bad_scenario_ends_with_2_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("colour = 1\nwithout = 2\n", encoding="utf-8")
    command = ("plan", "china-provinces", "--out", str(tmp_path / "plan"), "--lang", "en")
    result = invoke(*command, "--scenario", str(tmp_path / "a.toml"), "--json")
    assert result.exit_code == 2
    assert len(json.loads(result.stdout)["problems"]) == 2
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (PermissionError(13, "Permission denied", "plan"), 1, "Permission denied"),
        (KeyboardInterrupt(), 130, "goes on"),
    ],
)
def test_what_a_user_can_mend_is_a_sentence_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException, code: int, said: str
) -> None:
    monkeypatch.setattr("yanzhen.pipeline.run_plan", run_plan_raising(error))
    result = invoke("plan", "china-provinces", "--out", str(tmp_path), "--lang", "en")
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_market_that_does_not_clear_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from yanzhen.market.equilibrium.certificate import Certificate
    from yanzhen.market.equilibrium.newton_dense import NotCleared

    certificate = Certificate(0.5, 0.0, 0.0, 0.2, 2.0, 1.0, 0.0, 0, 1e-6)
    monkeypatch.setattr(
        "yanzhen.pipeline.run_plan", run_plan_raising(NotCleared(certificate, "stalled"))
    )
    result = invoke("plan", "china-provinces", "--out", str(tmp_path), "--lang", "en")
    assert result.exit_code == 1
    assert "did not clear" in result.stderr
    said = " ".join(result.stderr.split())
    assert "largest excess of demand over room (share of it) 0.5" in said
    # Checks that pass, and names of the code, tell a reader nothing.
    assert "premium" not in said and "_" not in said
