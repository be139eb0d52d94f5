"""The data dictionary in the documentation."""

import re

import pytest

from yanzhen.phrasebook import Language
from yanzhen.study import TABLES
from yanzhen.study.dictionary import data_dictionary
from yanzhen.study.tables import description, meanings


def test_several_paragraphs_in_english_stay_apart_from_the_chinese() -> None:
    english, chinese = description("sites")
    assert "as a whole. A region" in english and '`sites = "all"` under' in english
    assert chinese.startswith("承接地：") and "写明 `sites" in chinese
    for table in TABLES:
        english, chinese = description(table)
        assert re.search(r"[\u4e00-\u9fff]", english) is None
        assert re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", chinese) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_dictionary_names_every_column_of_every_table(language: Language) -> None:
    parts = data_dictionary(language).split("\n## ")
    for table in TABLES:
        part = next(part for part in parts if part.startswith(f"{table}\n"))
        assert all(f"| `{column}`" in part for column in meanings(table))
