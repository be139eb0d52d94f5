"""The Chinese tables on scale hold the figures of the English ones."""

import csv
import re
from datetime import datetime
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
THOUSAND_MILLION = re.compile(r"([\d.,]+) thousand million")
DAY = re.compile(r"\d+ \w+ 20\d\d")


@pytest.mark.parametrize("name", ["scale.csv", "scale_measured.csv"])
def test_the_figures_are_the_same(name: str) -> None:
    chinese = DOCS / "zh" / "explanation" / name
    english = next(path for path in DOCS.rglob(name) if path != chinese)
    ours, theirs = figures(chinese), figures(english)
    assert len(theirs) > 3
    assert ours == theirs


def figures(path: Path) -> list[list[list[str]]]:
    """Of every cell of every row below the heading, its figures as Chinese writes them."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return [[re.findall(r"\d[\d,.]*", in_chinese(cell)) for cell in row] for row in rows]


def in_chinese(cell: str) -> str:
    """A cell with its dates and thousands of millions as Chinese writes them."""
    if DAY.fullmatch(cell):
        day = datetime.strptime(cell, "%d %B %Y")
        return f"{day.year}年{day.month}月{day.day}日"
    return THOUSAND_MILLION.sub(lambda found: f"{float(found[1].replace(',', '')) * 10:,g}亿", cell)
