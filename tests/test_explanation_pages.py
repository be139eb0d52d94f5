"""Limits, comparison and performance: every figure is one that stands elsewhere.

The pages cite figures that other pages, the benchmarks or shipped tables state. So that none goes
stale, or is typed wrong, each is looked up where the page says that it comes from.
"""

import csv
import re
from importlib.resources import files
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
DOCS = REPOSITORY / "docs"
NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
LINK = re.compile(r"\]\(([\w./-]+\.md)(?:#[\w-]+)?\)")


def text_of(name: str, lang: str = "en") -> str:
    return (DOCS / lang / "explanation" / f"{name}.md").read_text(encoding="utf-8")


def numbers(text: str) -> list[str]:
    return NUMBER.findall(text)


def test_the_page_counts_the_assumptions_that_the_example_runs_with() -> None:
    table = files("yanzhen.study").joinpath("assumptions.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    assumed = sum(row["source"] == "assumption" for row in rows)
    assert f"{assumed} of the {len(rows)} parameters" in text_of("limits")
    assert f"{len(rows)}项参数中{assumed}项" in text_of("limits", "zh")


@pytest.mark.parametrize(
    "paragraph",
    [each for each in text_of("limits").split("\n\n") if LINK.search(each)],
    ids=lambda each: " ".join(each.split()[:4]),
)
def test_every_figure_of_the_limits_stands_on_a_page_that_the_paragraph_names(
    paragraph: str,
) -> None:
    folder = DOCS / "en" / "explanation"
    named = [folder / link for link in LINK.findall(paragraph)]
    said = {each for page in named for each in numbers(page.read_text(encoding="utf-8"))}
    prose = LINK.sub("]", paragraph)
    assert {each for each in numbers(prose) if len(each) > 2} <= said


def test_the_figures_of_each_row_of_performance_stand_in_one_section_of_the_benchmarks() -> None:
    measured = (REPOSITORY / "benchmarks" / "README.md").read_text(encoding="utf-8")
    sections = [set(numbers(each)) for each in re.split(r"^## ", measured, flags=re.MULTILINE)]
    shown = text_of("performance").partition("## How to make it faster")[0]
    rows = [line for line in shown.splitlines() if line.startswith(("| ", "- ")) and numbers(line)]
    assert len(rows) > 35
    nowhere = [row for row in rows if not any(set(numbers(row)) <= each for each in sections)]
    assert nowhere == []


def test_every_script_that_performance_names_is_there() -> None:
    named = set(re.findall(r"`(\w+\.py)[ `]", text_of("performance")))
    assert len(named) > 6
    assert [each for each in named if not (REPOSITORY / "benchmarks" / each).is_file()] == []


def test_the_page_on_trust_names_every_program_that_the_comparison_says_is_checked_against() -> (
    None
):
    checked = text_of("comparison").partition("## What our tests check against")[2]
    rows = [line.split("|")[1] for line in checked.splitlines() if line.startswith("| ")][2:]
    named = {each.strip() for row in rows for each in row.split(",")}
    assert len(named) > 15
    assert {each for each in named if each not in text_of("trust")} == set()


def test_every_other_tool_has_an_address_where_it_was_read() -> None:
    told = text_of("comparison").partition("## What our tests check against")[0]
    rows = [line for line in told.splitlines() if line.startswith("| ") and "---" not in line]
    tools = [row for row in rows if not row.endswith("when |")]
    assert len(tools) > 15
    assert [row[:40] for row in tools if "](http" not in row] == [
        "| The official catalogue of development "
    ]
