"""The tutorial, executed as it stands: its files written, its commands run, its outputs found."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
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


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Said, ...]]:
    """The folder in which the page was followed, and what was said on the way."""
    folder = tmp_path_factory.mktemp("tutorial")
    said: list[Said] = []
    for fence in FENCE.finditer(PAGE.read_text(encoding="utf-8")):
        language, file, body = fence["language"], fence["file"], fence["body"]
        if file is not None:
            (folder / file).write_text(body, encoding="utf-8")
        elif language == "text":
            last = said.pop()
            said.append(Said(last.block, last.output, tuple(body.splitlines())))
        else:
            said.append(Said(body, run(language, body, folder), ()))
    return folder, tuple(said)


def run(language: str, body: str, folder: Path) -> str:
    command = {"bash": ["bash", "-eu", "-c", body], "python": [sys.executable, "-c", body]}
    search = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    ended = subprocess.run(
        command[language],
        cwd=folder,
        env={**os.environ, "PATH": search},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert ended.returncode == 0, f"{body}\n{ended.stdout}"
    return ended.stdout


def test_every_output_on_the_page_is_what_the_commands_print(
    walked: tuple[Path, tuple[Said, ...]],
) -> None:
    shown = [(said, line) for said in walked[1] for line in said.shown]
    assert shown
    for said, line in shown:
        assert line in " ".join(said.output.split()), f"{said.block}\n{said.output}"


def test_the_walk_ends_with_a_report_that_says_the_data_are_made_up(
    walked: tuple[Path, tuple[Said, ...]],
) -> None:
    page = (walked[0] / "plan" / "report.html").read_text(encoding="utf-8")
    assert "SYNTHETIC" in page
    assert "Midford" in page
