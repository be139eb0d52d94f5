"""Files say in their heads what their cells are in."""

import csv
import io
from dataclasses import replace

import pytest

from yanzhen.api.downloads import as_csv, as_json
from yanzhen.report.tables.table import Column, Table

TABLE = Table(
    "shares",
    "Shares",
    "",
    (
        Column("place", "Place", "", "text"),
        Column("share", "Share", "%", "share"),
        Column("weighted_error", "Error", "%", "percent"),
        Column("output", "Output", "CNY billion", "money"),
    ),
    [("A", 0.07, 7.5, 1.5), ("B", None, None, 0)],
    frozenset(),
)


def test_shares_in_a_csv_file_are_in_per_cent_as_their_heads_say() -> None:
    heads, *rows = csv.reader(as_csv(TABLE, False, "en").decode("utf-8-sig").splitlines())
    assert heads == ["Place", "Share (%)", "Error (%)", "Output (CNY billion)"]
    assert rows == [["A", "7.0", "7.5", "1.5"], ["B", "", "", "0"]]


def test_shares_for_programs_are_fractions_and_their_unit_says_so() -> None:
    said = as_json(TABLE, 0, len(TABLE.rows))
    assert {each["name"]: each["unit"] for each in said["columns"]}["share"] == "1"
    assert said["rows"][0][1] == 0.07


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_a_name_like_a_formula_is_text_for_excel_and_figures_stay_figures(begins: str) -> None:
    named = f'{begins}HYPERLINK("http://evil.example")'
    table = replace(TABLE, rows=[(named, -0.5, -7.5, -1.5)])
    _, (place, *figures) = csv.reader(io.StringIO(as_csv(table, False, "en").decode("utf-8-sig")))
    assert place == f"'{named}" and figures == ["-50.0", "-7.5", "-1.5"]
    assert as_json(table, 0, 1)["rows"][0][0] == named
