"""The workbench has words for everything that tables, pages and jobs can hold."""

from typing import get_args

import pytest

from yanzhen.pipeline import SHARE_DONE
from yanzhen.report.tables.table import Kind
from yanzhen.web.pages import GROUPS, PAGES
from yanzhen.web.words import phrases


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_column_is_explained(kind: str) -> None:
    assert f"kind.{kind}" in phrases()


def test_every_page_has_its_words_and_its_group() -> None:
    for page in PAGES:
        assert page.group in GROUPS
        for key in ("name", "title", "lead"):
            assert f"page.{page.key}.{key}" in phrases()


def test_every_stage_of_a_plan_is_named() -> None:
    assert {f"stage.{stage}" for stage in SHARE_DONE} - set(phrases()) == set()
