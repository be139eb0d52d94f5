"""The page on scale: its commands are ones that there are, and its table follows its formula."""

import csv
import re
import shlex
from math import ceil
from pathlib import Path

import pytest
from typer.main import get_command

from yanzhen.cli.app import app
from yanzhen.market.large.demand_pass import CHUNKS, LARGEST_CHUNK

DOCS = Path(__file__).parents[1] / "docs/en/explanation"
SITES, CHARACTERISTICS, RESOURCES = 2543, 16, 3
PAIRS_A_SECOND = 3.2e9
COMMANDS = re.findall(r"^yanzhen .*$", (DOCS / "scale.md").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("line", sorted(set(COMMANDS)))
def test_the_commands_parse(line: str) -> None:
    name, *arguments = shlex.split(line.replace("$(hostname -i)", "10.0.0.1"))[1:]
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    parsed = command.make_context(name, arguments)
    assert parsed.params


def test_there_are_commands_of_every_way_to_run_it() -> None:
    said = " ".join(COMMANDS)
    for option in ("--memory", "--cluster local:", "--cluster tcp:", "--device cuda", "--nation"):
        assert option in said


def test_what_is_computed_follows_the_formula() -> None:
    with (DOCS / "scale.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    assert rows[-1][0] == "1,000,000,000"
    for row in rows:
        count = int(row[0].replace(",", ""))
        pairs = count * SITES
        seconds = pairs / PAIRS_A_SECOND
        memory = 4 * (CHARACTERISTICS + RESOURCES + 4) * count
        shards = max(CHUNKS, ceil(count / LARGEST_CHUNK))
        back = shards * 8 * (SITES * RESOURCES + 2)
        assert row[1:] == [
            f"{two_digits(pairs / 1e9)} thousand million",
            f"{two_digits(seconds)} s" if seconds < 120 else f"{seconds / 60:.0f} min",
            str(ceil(pairs / (PAIRS_A_SECOND / 2) / 10)),
            f"{two_digits(memory / 1e9)} GB",
            f"{shards:,}",
            f"{two_digits(back / 1e6)} MB",
        ]


def test_what_is_measured_is_recorded_with_its_machine_and_date() -> None:
    recorded = (DOCS.parents[2] / "benchmarks" / "README.md").read_text(encoding="utf-8")
    with (DOCS / "scale_measured.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert row["Machine"] and re.fullmatch(r"\d+ \w+ 20\d\d", row["Date"])
        for figure in ("Clearing", "Certificate", "Peak memory"):
            assert f" {row[figure]} " in recorded


def two_digits(number: float) -> str:
    """A number with its first two digits, without an exponent."""
    rounded = float(f"{number:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"
