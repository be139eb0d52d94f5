"""A plan of a study whose places have names in one language: report, workbook, maps."""

import json
import zipfile
from pathlib import Path

from tests.study.small import small
from tests.study.test_names import nameless
from yanzhen.pipeline import run_plan
from yanzhen.study import write_study


def test_the_english_report_shows_chinese_names_where_there_are_no_others(tmp_path: Path) -> None:
    study = nameless(nameless(small(), "regions", "name_en"), "industries", "name_zh")
    write_study(study, tmp_path / "study")
    run_plan(str(tmp_path / "study"), tmp_path / "plan", "en", lambda stage, share: None, draws=0)
    page = (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")
    assert "合成区甲" in page
    assert "SYNTHETIC industry 2" in page
    with zipfile.ZipFile(tmp_path / "plan" / "plan.xlsx") as book:
        assert "合成区甲" in book.read("xl/sharedStrings.xml").decode()
    regions = json.loads((tmp_path / "plan" / "regions.geojson").read_text(encoding="utf-8"))
    named = {each["properties"]["name_en"] for each in regions["features"]}
    assert "合成区甲" in named
