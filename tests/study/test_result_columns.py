"""Columns of results are declared once, by name."""

import polars as pl
import pytest

from yanzhen.report.text.words import LANGUAGES, phrases
from yanzhen.study.result_columns import KINDS, columns

ROWS = columns("region year output rank share", rank="number")


def test_kinds_follow_from_names_unless_the_table_says_otherwise() -> None:
    assert dict(ROWS) == {
        "region": "region",
        "year": "year",
        "output": "size",
        "rank": "number",
        "share": "share",
    }


def test_types_follow_from_kinds() -> None:
    assert dict(ROWS.frame().schema) == {
        "region": pl.String,
        "year": pl.Int64,
        "output": pl.Float64,
        "rank": pl.Float64,
        "share": pl.Float64,
    }


def test_some_columns_keep_their_kinds_in_the_order_asked_for() -> None:
    assert list(ROWS.only("rank region").items()) == [("rank", "number"), ("region", "region")]


def test_a_name_that_is_not_declared_is_refused() -> None:
    with pytest.raises(KeyError):
        columns("region nonsense")


HEADS = (
    "column", "docking.column", "enterprise.column", "zone.column", "agreement_column",
    "pair_column", "scenario_column", "technology", "foresight", "method", "shortlist",
)  # fmt: skip
"""Where `words.toml` has heads of columns, by their names."""
BY_ANOTHER_NAME = {
    "alone": "column.cohort_alone",
    "channel": "technology.channel_head",
    "home_region": "technology.received_in",
    "relevance": "technology.term_relevance",
}
FILES_ONLY = {
    "alone_best", "code", "draw", "factor", "first_year", "ipc", "largest_supplier_after",
    "last_year", "median", "missing_zh", "need_after", "note_en", "note_zh", "owner", "plan",
    "received_third", "rows", "stage_high", "stage_low", "tax_kinds", "text", "title", "title_en",
    "title_zh", "trl",
}  # fmt: skip
"""Columns that no page or workbook shows."""


@pytest.mark.parametrize("name", sorted(KINDS.keys() - FILES_ONLY))
def test_every_column_has_a_head_in_both_languages(name: str) -> None:
    keys = [f"{place}.{name}" for place in HEADS]
    keys.append(BY_ANOTHER_NAME.get(name, ""))
    heads = [phrases()[key] for key in keys if key in phrases()]
    assert heads
    assert all(head[lang] for head in heads for lang in LANGUAGES)
