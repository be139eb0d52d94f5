"""Writing: whole files or none."""

from pathlib import Path

import pytest

from yanzhen.market.plan.plan import Plan
from yanzhen.report.analyses.plan import write_plan
from yanzhen.report.document.writing import beside, write_text
from yanzhen.report.text.reader import Reader


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError), beside(path) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_write_makes_page_workbook_geojson_and_tables(foreign_plan: Plan, tmp_path: Path) -> None:
    write_plan(foreign_plan, tmp_path / "out", Reader(foreign_plan.study, "zh"))
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert made == {"report.html", "plan.xlsx", "regions.geojson", "flows.geojson", "tables"}
