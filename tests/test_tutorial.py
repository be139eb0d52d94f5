"""The tutorials, executed as they stand: files written, commands run, outputs found."""

import os
import re
import shlex
import subprocess
import sys
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yanzhen.cli.app import app

REPOSITORY = Path(__file__).parents[1]
DOCS = REPOSITORY / "docs"
LANGUAGES = ("en", "zh")
FENCE = re.compile(
    r"^```(?:\{code-block\} )?(?P<language>\w+)\n"
    r"(?::caption: (?P<file>\S+)\n\n)?(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Said:
    """What a block of the page printed, and what the page says that it prints."""

    block: str
    output: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Walk:
    """The folder in which a page was followed, and what was said on the way."""

    folder: Path
    said: tuple[Said, ...]


@pytest.fixture(scope="module", params=LANGUAGES)
def own_study(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return walk(
        DOCS / request.param / "tutorials" / "first-plan.md", tmp_path_factory.mktemp("tutorial")
    )


@pytest.fixture(scope="module", params=LANGUAGES)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    folder = tmp_path_factory.mktemp("office")
    (folder / "scripts").symlink_to(REPOSITORY / "scripts")
    return walk(DOCS / request.param / "tutorials" / "office-files.md", folder)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """The page in English: to fill an exchange takes longest of all."""
    return walk(DOCS / "en" / "tutorials" / "exchange.md", tmp_path_factory.mktemp("exchange"))


def walk(page: Path, folder: Path) -> Walk:
    said: list[Said] = []
    names: dict[str, object] = {"__name__": "__main__"}
    for fence in FENCE.finditer(page.read_text(encoding="utf-8")):
        language, file, body = fence["language"], fence["file"], fence["body"]
        if file is not None:
            (folder / file).write_text(body, encoding="utf-8")
        elif language == "text":
            last = said.pop()
            said.append(Said(last.block, last.output, tuple(body.splitlines())))
        else:
            said.append(Said(body, run(language, body, folder, names), ()))
    return Walk(folder, tuple(said))


def run(language: str, body: str, folder: Path, names: dict[str, object]) -> str:
    """What a block prints; our own commands run here: processes of their own would only import.

    The blocks of Python of a page share their names, as in one session.
    """
    if language == "bash":
        return "".join(
            ours(line, folder) if line.startswith("yanzhen ") else shell(line, folder)
            for line in body.splitlines()
        )
    with chdir(folder), redirect_stdout(StringIO()) as said:
        exec(compile(body, "<page>", "exec"), names)
    return said.getvalue()


def ours(line: str, folder: Path) -> str:
    command, otherwise, rest = line.partition(" || ")
    with chdir(folder):
        ended = CliRunner().invoke(app, shlex.split(command)[1:])
    if otherwise:
        return ended.output + shell(f"(exit {ended.exit_code}) || {rest}", folder)
    assert ended.exit_code == 0, f"{line}\n{ended.output}"
    return ended.output


def shell(line: str, folder: Path) -> str:
    search = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    ended = subprocess.run(
        ["bash", "-eu", "-c", line],
        cwd=folder,
        env={**os.environ, "PATH": search},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert ended.returncode == 0, f"{line}\n{ended.stdout}"
    return ended.stdout


def assert_shown_is_said(walked: Walk) -> None:
    """A page may leave out what it marks by …; where lines break is left to the terminal."""
    shown = [(said, line) for said in walked.said for line in said.shown]
    assert shown
    for said, line in shown:
        output = "".join(said.output.split())
        parts = ["".join(part.split()) for part in line.split("…")]
        assert all(part in output for part in parts), f"{line}\n{said.block}\n{said.output}"


def test_every_output_on_the_page_is_what_the_commands_print(own_study: Walk) -> None:
    assert_shown_is_said(own_study)


def test_the_walk_ends_with_a_report_that_says_the_data_are_made_up(own_study: Walk) -> None:
    page = (own_study.folder / "plan" / "report.html").read_text(encoding="utf-8")
    assert "SYNTHETIC" in page
    (language,) = re.findall(r'<html lang="([^"]+)"', page)
    assert {"en": "Midford", "zh-CN": "中津"}[language] in page


def test_an_office_gets_from_its_files_to_a_plan_as_the_page_says(office: Walk) -> None:
    assert_shown_is_said(office)
    page = (office.folder / "plan" / "report.html").read_text(encoding="utf-8")
    assert "SYNTHETIC" in page
    assert "菏泽市" in page
    commands = [line for said in office.said for line in said.block.splitlines()]
    assert sum(line.startswith("yanzhen") for line in commands) == 5


def test_an_exchange_is_filled_and_looked_into_as_the_page_says(exchange: Walk) -> None:
    assert_shown_is_said(exchange)
    assert "SYNTHETIC" in (exchange.folder / "register.csv").read_text(encoding="utf-8")
    assert (exchange.folder / "exchange.zip").is_file()
