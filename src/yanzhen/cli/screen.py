"""What reaches the terminal: results on stdout, everything else on stderr."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from yanzhen.cli.language import Language, word
from yanzhen.phrasebook import in_language

if TYPE_CHECKING:
    from yanzhen.study import About, Problem

PLAIN_WIDTH = 120


def stdout() -> Console:
    return _console(Console(highlight=False))


def stderr() -> Console:
    return _console(Console(stderr=True, highlight=False))


def _console(console: Console) -> Console:
    """Where no terminal sets the width, one that leaves room for a sentence."""
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    return console


def print_json(value: object) -> None:
    """Write one JSON value on stdout, Chinese readable, or nothing where it cannot be said."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write(f"{text}\n")


def print_list(sentences: Iterable[str]) -> None:
    """Print sentences on stdout, a bullet before each and wrapped under it."""
    table = Table.grid(padding=(0, 1))
    table.add_column()
    table.add_column(overflow="fold")
    for sentence in sentences:
        table.add_row("•", Text(sentence))
    stdout().print(table)


def warn(message: str) -> None:
    stdout().print(Text(message, style="bold yellow"), soft_wrap=True)


def warn_of_synthetic(about: "About", language: Language) -> None:
    """Say that the figures of a study are made up, where they are."""
    if about.synthetic:
        warn(word(language, "synthetic"))


def point_to(page: Path, language: Language) -> None:
    """Say which page to open."""
    stdout().print(word(language, "open", page=page), soft_wrap=True)


def refuse(message: str) -> None:
    stderr().print(Text.assemble(("✗ ", "bold red"), message), soft_wrap=True)


def print_problems(problems: "Sequence[Problem]", console: Console, language: Language) -> None:
    """Print where each problem of a study is, what stands there and what is expected."""
    table = Table(show_lines=len(problems) <= 20, header_style="bold")
    headings = word(language, "headings.problems")
    if all(problem.severity == "warning" for problem in problems):
        headings = word(language, "headings.warnings")
    for heading in headings.split():
        table.add_column(heading, overflow="fold")
    for problem in problems:
        cells = (
            problem.file,
            problem.table,
            "" if problem.row is None else str(problem.row),
            problem.column,
            in_language((problem.found, problem.found_zh), language),
            in_language((problem.expected, problem.expected_zh), language),
        )
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)


def working(message: str) -> Status:
    """Show on a terminal's stderr that something is being done."""
    return stderr().status(Text(message))


@dataclass(frozen=True)
class Shown:
    """Progress on stderr: called with a stage and the share done.

    Attributes
    ----------
    update : shows both
    console : None where nothing is shown
    """

    language: Language
    update: Callable[[str, float], None]
    console: Console | None

    def __call__(self, stage: str, share: float) -> None:
        self.update(stage, share)

    def foretell(self, seconds: float) -> None:
        """Say how long what has begun will take."""
        if self.console is not None:
            in_minutes = seconds >= 100
            key = "draws_minutes" if in_minutes else "draws_seconds"
            number = f"{seconds / 60 if in_minutes else max(seconds, 1.0):.0f}"
            self.console.print(Text(word(self.language, key, number=number)), soft_wrap=True)


@contextmanager
def progress(language: Language, shown: bool) -> Iterator[Shown]:
    """Show on stderr how far some work is.

    A terminal sees a moving bar, a log file one line for each stage.
    """
    console = stderr()
    if not shown:
        yield Shown(language, lambda stage, share: None, None)
    elif console.is_terminal:
        with _bar(console, language) as update:
            yield Shown(language, update, console)
    else:
        yield Shown(language, _lines(console, language), console)


def _lines(console: Console, language: Language) -> Callable[[str, float], None]:
    """One line when a stage begins."""
    begun: list[str] = []

    def update(stage: str, share: float) -> None:
        if stage not in begun:
            begun.append(stage)
            console.print(Text(f"{share:4.0%}  {_stage(stage, language)}"), soft_wrap=True)

    return update


def _stage(name: str, language: Language) -> str:
    return word(language, f"stage.{name}")


@contextmanager
def _bar(console: Console, language: Language) -> Iterator[Callable[[str, float], None]]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def update(stage: str, share: float) -> None:
            bar.update(task, description=_stage(stage, language), completed=share)

        yield update
