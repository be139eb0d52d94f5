"""Files say in their heads what their cells are in."""

import csv

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
