"""What reaches the terminal: results on stdout, everything else on stderr."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from yanzhen.cli.language import Language, choose

if TYPE_CHECKING:
    from yanzhen.study import Problem

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
    """Write one JSON value on stdout, Chinese readable; text that JSON cannot hold is a bug."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")


def say(message: str) -> None:
    stderr().print(Text(message), soft_wrap=True)


def refuse(message: str) -> None:
    stderr().print(Text.assemble(("✗ ", "bold red"), message), soft_wrap=True)


def print_problems(problems: "Sequence[Problem]", console: Console, language: Language) -> None:
    """Print where each problem of a study is, what stands there and what is expected."""
    table = Table(show_lines=len(problems) <= 20, header_style="bold")
    headings = choose(language, "文件 表 行 列 现为 应为", "File Table Row Column Found Expected")
    for heading in headings.split():
        table.add_column(heading, overflow="fold")
    for problem in problems:
        cells = (
            problem.file,
            problem.table,
            "" if problem.row is None else str(problem.row),
            problem.column,
            choose(language, problem.found_zh, problem.found),
            choose(language, problem.expected_zh, problem.expected),
        )
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)


@contextmanager
def progress(shown: bool = True) -> Iterator[Callable[[str, float], None]]:
    """Give a function that takes a stage's name and the share done, and shows both on stderr.

    A terminal sees a moving bar, a log file one line for each stage.
    """
    console = stderr()
    if not shown:
        yield lambda stage, share: None
    elif console.is_terminal:
        with _bar(console) as update:
            yield update
    else:
        yield _lines(console)


@contextmanager
def _bar(console: Console) -> Iterator[Callable[[str, float], None]]:
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
            bar.update(task, description=stage, completed=share)

        yield update


def _lines(console: Console) -> Callable[[str, float], None]:
    said: set[str] = set()

    def update(stage: str, share: float) -> None:
        if stage not in said:
            said.add(stage)
            console.print(Text(f"{share:4.0%}  {stage}"), soft_wrap=True)

    return update
