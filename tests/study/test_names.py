"""A region or an industry has a name in one language at least, which stands for the other."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.study.small import REGIONS, small
from yanzhen.market.problem.labels import _named as labelled
from yanzhen.report.text.names import names
from yanzhen.study import Study, check_study, read_study, write_study
from yanzhen.study.checking import checked_frames
from yanzhen.study.names import name_in


def nameless(study: Study, table: str, *columns: str) -> Study:
    """The study without names in some columns of a table."""
    frame = study.tables[table].with_columns(
        pl.lit(None, pl.String).alias(name) for name in columns
    )
    return replace(study, tables={**study.tables, table: frame})


def test_the_name_in_the_other_language_stands_for_one_that_is_missing() -> None:
    rows = pl.DataFrame({"name_zh": ["甲", None, None], "name_en": ["A", "B", None]})
    assert rows.select(name_in("zh")).to_series().to_list() == ["甲", "B", None]
    assert rows.select(name_in("en")).to_series().to_list() == ["A", "B", None]


@pytest.mark.parametrize("table", ["regions", "industries"])
def test_one_name_is_enough_and_none_is_too_few(tmp_path: Path, table: str) -> None:
    for language in ("zh", "en"):
        write_study(nameless(small(), table, f"name_{language}"), tmp_path / language)
        assert check_study(tmp_path / language) == ()
    none = nameless(small(), table, "name_zh", "name_en")
    problems = checked_frames(none.about, none.tables, "study").problems
    assert (problems[0].table, problems[0].row) == (table, 1)
    assert "a name in Chinese or in English" in problems[0].expected


def test_reports_and_messages_show_the_name_that_is_there() -> None:
    study = nameless(nameless(small(), "regions", "name_en"), "industries", "name_zh")
    assert names(study, "en").regions[REGIONS[0]] == "合成区甲"
    assert names(study, "en").places[REGIONS[0]] == "合成区甲"
    assert names(study, "zh").industries["13"] == "SYNTHETIC industry 2"
    assert labelled(study, "regions", "region")[REGIONS[0]] == ("合成区甲", "合成区甲")


@pytest.mark.parametrize("given", ["title_zh", "title_en"])
def test_a_title_in_one_language_is_enough(tmp_path: Path, given: str) -> None:
    write_study(small(), tmp_path / "study")
    settings = tmp_path / "study" / "study.toml"
    kept = [
        line
        for line in settings.read_text(encoding="utf-8").splitlines()
        if not line.startswith("title_") or line.startswith(given)
    ]
    settings.write_text("\n".join(kept), encoding="utf-8")
    about = read_study(tmp_path / "study").about
    assert about.title_zh == about.title_en == getattr(small().about, given)
