"""A study damaged in every way we have met, one damage a test: one clear message each."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from tests.study.small import INDUSTRIES, NATION, REGIONS, YEARS, small, small_study
from yanzhen.study import Problem, check_study, read_study, write_study
from yanzhen.study.checking import checked

Cell = str | float | bool | None
Rows = list[list[Cell]]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return small_study(tmp_path / "study")


def said_once(
    problems: Sequence[Problem],
    *,
    file: str,
    table: str,
    row: int | None,
    column: str,
    found: str,
    expected: str,
) -> None:
    """The one problem says where it is, what was found and what was expected, in both languages."""
    assert len(problems) == 1, "\n".join(map(str, problems))
    (problem,) = problems
    assert (problem.file, problem.table) == (file, table)
    assert (problem.row, problem.column) == (row, column)
    assert found in problem.found
    assert expected in problem.expected
    for language in ("en", "zh"):
        sentence = problem.text(language)
        assert file in sentence and table in sentence and column in sentence
        assert row is None or str(row) in sentence
        assert "Traceback" not in sentence and "\n" not in sentence
    found_by, wanted = (
        ("", "suggested: ") if problem.severity == "warning" else ("found ", "expected ")
    )
    assert f": {found_by}{problem.found}" in str(problem)
    assert f"{wanted}{problem.expected}" in str(problem)
    assert re.search(r"[一-鿿]", problem.text("zh"))


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def put(path: Path, changed: list[str]) -> None:
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")


def change(study: Path, table: str, row: int, column: str, cell: str) -> None:
    """Put a text into one cell of a table; the header is row 1."""
    path = study / f"{table}.csv"
    cells = pl.read_csv(path, infer_schema=False, has_header=False)
    position = cells.row(0).index(column)
    columns = cells.columns
    changed = cells.with_row_index("at", offset=1).with_columns(
        pl.when(pl.col("at") == row)
        .then(pl.lit(cell or None))
        .otherwise(columns[position])
        .alias(columns[position])
    )
    changed.drop("at").write_csv(path, include_header=False)


def add(study: Path, table: str, *rows: str) -> None:
    """Write a table, or rows below those it has."""
    path = study / f"{table}.csv"
    put(path, [*(lines(path) if path.exists() else []), *rows])


def row_of(study: Path, region: str, industry: str, year: int) -> int:
    """The row of a cell of activity as the spreadsheet counts it."""
    start = f"{region},{industry},{year},"
    return next(
        n for n, line in enumerate(lines(study / "activity.csv"), 1) if line.startswith(start)
    )


def settings(study: Path, old: str, new: str) -> int:
    """Replace a line of study.toml and return its number."""
    path = study / "study.toml"
    number = next(n for n, line in enumerate(lines(path), 1) if line.startswith(old))
    put(path, [new if n == number else line for n, line in enumerate(lines(path), 1)])
    return number


def workbook(path: Path, damage: Callable[[dict[str, Rows]], None] = lambda sheets: None) -> Path:
    """Write the small study as a workbook whose rows were tampered with."""
    sound = path.parent / "sound.xlsx"
    write_study(small(), sound)
    sheets: dict[str, Rows] = {}
    for name, frame in pl.read_excel(sound, sheet_id=0, engine="calamine").items():
        sheets[name] = [list(frame.columns), *map(list, frame.iter_rows())]
    # The reader guesses that the codes are numbers; in the workbook they are text.
    for row in sheets["activity"][1:]:
        row[0], row[1] = f"{int(str(row[0]))}", f"{int(str(row[1])):02d}"
    damage(sheets)
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, cells in enumerate(rows):
                for c, cell in enumerate(cells):
                    if isinstance(cell, str) and cell.startswith("="):
                        sheet.write_formula(r, c, cell, None, "#DIV/0!")
                    elif isinstance(cell, str) and cell.startswith("merged:"):
                        height = int(cell.removeprefix("merged:"))
                        sheet.merge_range(r, c, r + height - 1, c, REGIONS[0])
                    elif isinstance(cell, str) and cell.startswith("date:"):
                        sheet.write_number(r, c, int(cell.removeprefix("date:")), day)
                    elif isinstance(cell, str):
                        sheet.write_string(r, c, cell)
                    elif cell is not None:
                        sheet.write(r, c, cell)
    return path


# Tables and columns


def test_unknown_table(study: Path) -> None:
    add(study, "site", "site,region")
    said_once(
        check_study(study),
        file="site.csv",
        table="site",
        row=None,
        column="",
        found="unknown table site",
        expected="sites",
    )


def test_missing_table(study: Path) -> None:
    (study / "industries.csv").unlink()
    said_once(
        check_study(study),
        file=str(study),
        table="industries",
        row=None,
        column="",
        found="no table industries",
        expected="industry, sector",
    )


def test_unknown_column(study: Path) -> None:
    path = study / "activity.csv"
    put(path, [lines(path)[0].replace("output,", "outptu,"), *lines(path)[1:]])
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=1,
        column="outptu",
        found="unknown column outptu",
        expected="output",
    )


def test_missing_column(study: Path) -> None:
    path = study / "industries.csv"
    pl.read_csv(path, infer_schema=False).drop("sector").write_csv(path)
    said_once(
        check_study(study),
        file="industries.csv",
        table="industries",
        row=1,
        column="sector",
        found="no such column",
        expected="sector (",
    )


def test_column_twice(study: Path) -> None:
    path = study / "industries.csv"
    put(path, [f"{line},{'class' if n == 0 else ''}" for n, line in enumerate(lines(path))])
    said_once(
        check_study(study),
        file="industries.csv",
        table="industries",
        row=1,
        column="class",
        found="twice",
        expected="once",
    )


def test_empty_file(study: Path) -> None:
    (study / "regions.csv").write_text("", encoding="utf-8")
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=1,
        column="",
        found="an empty file",
        expected="a header row",
    )


def test_header_without_rows(study: Path) -> None:
    put(study / "activity.csv", lines(study / "activity.csv")[:1])
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=2,
        column="",
        found="a header and no rows",
        expected="at least one row",
    )


# The form of the file


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_spreadsheet_programs_are_read(study: Path, encoding: str) -> None:
    for path in (study / "regions.csv", study / "study.toml"):
        path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert check_study(study) == ()
    assert read_study(study).tables["regions"].equals(small().tables["regions"])
    assert read_study(study).about == small().about


def test_text_of_an_encoding_that_cannot_be_told(study: Path) -> None:
    path = study / "regions.csv"
    # What a Big5 file holds, row 2 on, is no UTF-8 and makes no sense as GB18030.
    put(path, [line.replace("合成国", "國").replace("合成区", "區") for line in lines(path)])
    path.write_bytes(path.read_text(encoding="utf-8").encode("big5"))
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=2,
        column="",
        found="encoding that cannot be told",
        expected="CSV UTF-8",
    )


def test_a_table_of_a_folder_in_every_form_at_once_is_refused(study: Path) -> None:
    frame = small().tables["regions"]
    frame.write_parquet(study / "regions.parquet")
    frame.write_excel(study / "Regions.xlsx")
    found = [p.found for p in check_study(study)]
    assert set(found) == {"the table twice: Regions.xlsx, regions.csv, regions.parquet"}
    (study / "regions.parquet").unlink()
    (study / "regions.csv").unlink()
    assert check_study(study) == ()


def test_other_workbooks_of_a_folder_are_no_tables(study: Path) -> None:
    (study / "template.xlsx").write_bytes(b"")
    assert check_study(study) == ()


def test_semicolons_instead_of_commas(study: Path) -> None:
    path = study / "industries.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    said_once(
        check_study(study),
        file="industries.csv",
        table="industries",
        row=1,
        column="",
        found="semicolons",
        expected="commas",
    )


def test_workbook_named_csv_is_read_as_what_it_is(study: Path) -> None:
    write_study(small(), study / "all.xlsx")
    (study / "all.xlsx").replace(study / "regions.csv")
    assert check_study(study) == ()


def test_row_with_too_few_cells(study: Path) -> None:
    path = study / "regions.csv"
    put(
        path,
        [line[: line.rindex(",")] if n == 3 else line for n, line in enumerate(lines(path), 1)],
    )
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=3,
        column="",
        found="9 cells",
        expected="10 cells",
    )


def test_empty_row(study: Path) -> None:
    path = study / "regions.csv"
    put(path, [*lines(path)[:3], "," * lines(path)[0].count(","), *lines(path)[3:]])
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=4,
        column="",
        found="an empty row",
        expected="without gaps",
    )


def test_title_above_the_header_of_a_file(study: Path) -> None:
    path = study / "regions.csv"
    put(path, ["各地区代码表" + "," * lines(path)[0].count(","), "", *lines(path)])
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=3,
        column="",
        found="names of the columns in row 3",
        expected="row 1",
    )


def test_quotation_mark_that_is_not_closed(study: Path) -> None:
    path = study / "industries.csv"
    put(path, [line.replace("合成行业乙", '"合成行业乙') for line in lines(path)])
    problems = check_study(study)
    said_once(
        problems[:1],
        file="industries.csv",
        table="industries",
        row=3,
        column="",
        found="2 cells",
        expected="7 cells",
    )


def test_column_without_a_name(study: Path) -> None:
    path = study / "industries.csv"
    put(path, [f"{line},{'' if n == 0 else n}" for n, line in enumerate(lines(path))])
    said_once(
        check_study(study),
        file="industries.csv",
        table="industries",
        row=1,
        column="(8)",
        found="no name",
        expected="a name in the header",
    )


def test_malformed_toml(study: Path) -> None:
    row = settings(study, "base_year", "base_year = 2017年")
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row,
        column="",
        found="base_year = 2017年",
        expected="base_year = 2017",
    )


def test_missing_settings(study: Path) -> None:
    (study / "study.toml").unlink()
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=None,
        column="",
        found="no such file",
        expected="study.toml",
    )


# Settings


def test_unknown_unit(study: Path) -> None:
    row = settings(study, "persons", 'persons = "10000 persons"')
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row,
        column="units.persons",
        found="10000 persons",
        expected="'10,000 persons'",
    )


def test_base_year_without_figures(study: Path) -> None:
    row = settings(study, "base_year", "base_year = 2022")
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row,
        column="base_year",
        found="2022",
        expected="2012, 2017",
    )


def test_unknown_flagged_region(study: Path) -> None:
    row = settings(study, "flagged_regions", 'flagged_regions = ["32"]')
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row,
        column="flagged_regions",
        found="32",
        expected="320000",
    )


def test_unknown_setting(study: Path) -> None:
    row = settings(study, "licence", 'license = "CC0"')
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row,
        column="license",
        found="license",
        expected="licence",
    )


# Codes and keys


def test_unknown_code(study: Path) -> None:
    row = row_of(study, REGIONS[1], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "region", "320001")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="region",
        found="320001",
        expected="320000",
    )


def test_name_instead_of_code(study: Path) -> None:
    change(study, "regions", 4, "parent", "合成国")
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=4,
        column="parent",
        found="the name 合成国",
        expected=NATION,
    )


def test_lost_leading_zero(study: Path) -> None:
    row = row_of(study, REGIONS[0], "06", YEARS[0])
    change(study, "activity", row, "industry", "6")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="industry",
        found="6, which lost its leading zeros",
        expected="06",
    )


def test_code_turned_into_number(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "region", f"{REGIONS[0]}.0")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="region",
        found="110000.0, a code turned into a number",
        expected="110000",
    )


def test_space_in_code(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "region", f"{REGIONS[0]} ")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="region",
        found="'110000 ' with space",
        expected="110000",
    )


def test_full_width_code(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "region", "１１００００")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="region",
        found="full-width",
        expected="110000",
    )


def test_missing_key(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "industry", "")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="industry",
        found="nothing",
        expected="a code: Industry",
    )


def test_missing_name(study: Path) -> None:
    change(study, "regions", 5, "name_en", "")
    assert check_study(study) == ()
    change(study, "regions", 5, "name_zh", "")
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=5,
        column="name_zh",
        found="name_zh nothing, name_en nothing",
        expected="a name in Chinese or in English",
    )


def test_duplicate_key(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    last = len(lines(study / "activity.csv"))
    add(study, "activity", lines(study / "activity.csv")[row - 1])
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=last + 1,
        column="region, industry, year",
        found=f"110000, 06, 2012 again, as in row {row}",
        expected="one row for each",
    )


def test_hierarchy_in_a_circle(study: Path) -> None:
    change(study, "regions", 3, "parent", REGIONS[0])
    said_once(
        check_study(study),
        file="regions.csv",
        table="regions",
        row=3,
        column="parent",
        found="110000 → 110000",
        expected="a region without parent",
    )


def test_industry_that_is_a_part_of_itself(study: Path) -> None:
    change(study, "industries", 5, "parent", "30")
    first = check_study(study)[0]
    assert (first.table, first.row, first.column, first.found) == (
        *("industries", 5, "parent"),
        "30 → 30",
    )
    assert "an industry without parent" in first.expected


def test_figures_of_an_industry_that_others_are_parts_of(study: Path) -> None:
    change(study, "industries", 3, "parent", "06")
    problems = check_study(study)
    assert {(each.table, each.column) for each in problems} == {("activity", "industry")}
    assert {each.found for each in problems} == {"06, of which other industries are parts"}
    assert all("the figures of its parts" in each.expected for each in problems)


def test_past_that_begins_after_the_base_year(study: Path) -> None:
    row = settings(study, "base_year", "base_year = 2017\npast_from = 2018")
    said_once(
        check_study(study),
        file="study.toml",
        table="study",
        row=row + 1,
        column="past_from",
        found="2018",
        expected="no later than 2017",
    )


def test_rule_that_is_not_there(study: Path) -> None:
    add(study, "catalogue", "place,industry,listing,rule", f"{REGIONS[0]},06,priority,R1")
    said_once(
        check_study(study),
        file="catalogue.csv",
        table="catalogue",
        row=2,
        column="rule",
        found="R1",
        expected="rules",
    )


def damaged_rule(study: Path, condition: str, found: str, expected: str) -> None:
    add(study, "rules", "rule,condition", f"R1,{condition}")
    said_once(
        check_study(study),
        file="rules.csv",
        table="rules",
        row=2,
        column="condition",
        found=found,
        expected=expected,
    )


def test_condition_that_cannot_be_read(study: Path) -> None:
    damaged_rule(
        study, "class = energy: clean share over 0.4", "clean share over 0.4", "a condition such as"
    )


def test_condition_for_a_class_that_is_none(study: Path) -> None:
    damaged_rule(study, "class = enrgy: x >= 1", "class = enrgy", "class = energy")


def test_condition_for_a_macro_region_that_is_not_there(study: Path) -> None:
    damaged_rule(study, "macro_region = Mars: x >= 1", "macro_region = Mars", "one of")


def damaged_policy(study: Path, policy: str, column: str, found: str, expected: str) -> None:
    add(study, "policies", "policy,instrument,value,unit,industry", policy)
    said_once(
        check_study(study),
        file="policies.csv",
        table="policies",
        row=2,
        column=column,
        found=found,
        expected=expected,
    )


def test_policy_without_a_value(study: Path) -> None:
    damaged_policy(study, "P1,tax,,,", "value", "nothing", "a value")


def test_cap_of_nothing(study: Path) -> None:
    damaged_policy(study, "P1,cap,0,,", "value", "0", "the catalogue closes a place")


def test_subsidy_in_per_cent(study: Path) -> None:
    damaged_policy(study, "P1,subsidy_per_output,5,,", "value", "5", "0.05 = 5 %")


def test_share_in_another_unit(study: Path) -> None:
    damaged_policy(study, "P1,tax,0.5,%,", "unit", "'%'", "share")


def test_cap_on_a_resource_that_is_none(study: Path) -> None:
    damaged_policy(study, "P1,cap,5,water,", "unit", "'water'", "output, land")


def test_price_floor_of_an_industry(study: Path) -> None:
    damaged_policy(study, "P1,price_floor,5,,06", "industry", "'06'", "a tax may have one")


def test_subsidy_of_land_that_nobody_knows(study: Path) -> None:
    damaged_policy(
        study, "P1,subsidy_per_land,5,,", "instrument", "subsidy_per_land", "enterprises.land"
    )


# Figures


def damaged_figure(study: Path, cell: str, found: str, expected: str) -> None:
    """One figure of activity is damaged, and the message says how."""
    row = row_of(study, REGIONS[2], INDUSTRIES[1], YEARS[1])
    change(study, "activity", row, "output", cell)
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="output",
        found=found,
        expected=expected,
    )


def test_negative_figure(study: Path) -> None:
    damaged_figure(study, "-812.5", "-812.5", "at least 0")


def test_words_for_a_figure(study: Path) -> None:
    damaged_figure(study, "约800", "'约800', which is not a number", "a number alone")


def test_dash_for_a_missing_figure(study: Path) -> None:
    damaged_figure(study, "—", "'—'", "an empty cell where the figure is not known")


@pytest.mark.parametrize("mark", ["…", "...", "不详", "x", "N.A."])
def test_every_mark_for_a_missing_figure(study: Path, mark: str) -> None:
    damaged_figure(study, mark, f"'{mark}'", "an empty cell where the figure is not known")


def test_figure_beyond_range(study: Path) -> None:
    damaged_figure(study, "1e400", "beyond range", "a number between")


def test_a_code_beside_another_is_not_taken_for_it(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "region", "110001")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="region",
        found="the unknown code 110001",
        expected="the nearest there is 110000 SYNTHETIC region 1, which is another entry",
    )


def test_separators_of_thousands(study: Path) -> None:
    damaged_figure(study, "1,812.5", "separators of thousands", "1812.5")


def test_percent_sign(study: Path) -> None:
    damaged_figure(study, "81%", "percent sign", "81")


def test_full_width_figure(study: Path) -> None:
    damaged_figure(study, "８１２．５", "full-width", "812.5")


def test_infinite_figure(study: Path) -> None:
    damaged_figure(study, "inf", "not a finite number", "a finite number")


def test_not_a_number(study: Path) -> None:
    damaged_figure(study, "NaN", "not a finite number", "an empty cell")


def test_percent_sign_at_a_share(study: Path) -> None:
    header = "agreement,home,host,terms,from_year,top_up_share"
    add(study, "agreements", header, "A1,110000,410000,zibo,2018,40%")
    said_once(
        check_study(study),
        file="agreements.csv",
        table="agreements",
        row=2,
        column="top_up_share",
        found="40%",
        expected="0.4",
    )


def test_date_instead_of_year(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "year", "2012-12-31")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="year",
        found="2012-12-31",
        expected="the year 2012",
    )


def test_unknown_status(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "output_status", "estimate")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="output_status",
        found="estimate",
        expected="estimated",
    )


def test_unknown_sector(study: Path) -> None:
    change(study, "industries", 3, "sector", "Manufacture")
    said_once(
        check_study(study),
        file="industries.csv",
        table="industries",
        row=3,
        column="sector",
        found="Manufacture",
        expected="manufacturing",
    )


def test_made_up_figure_called_observed(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "output_status", "observed")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="output_status",
        found="observed",
        expected="synthetic",
    )


def test_value_added_above_output(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0])
    change(study, "activity", row, "value_added", "99999")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="value_added",
        found="value_added 99999, output ",
        expected="at most output",
    )


def test_interval_beside_its_value(study: Path) -> None:
    add(
        study,
        "parameters",
        "parameter,value,unit,low,high,source",
        "sigma,0.1,share,0.2,0.3,assumption",
    )
    said_once(
        check_study(study),
        file="parameters.csv",
        table="parameters",
        row=2,
        column="low",
        found="low 0.2, value 0.1",
        expected="low at most value",
    )


# Magnitudes, places and years


def test_figure_in_another_unit(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[1])
    change(study, "activity", row, "emissions", "1234567")
    found = checked(study)
    assert found.problems == ()
    said_once(
        found.warnings,
        file="activity.csv",
        table="activity",
        row=row,
        column="emissions",
        found=f"1234567 in {YEARS[1]} after ",
        expected="1,000-fold",
    )


def test_column_in_another_unit(study: Path) -> None:
    path = study / "activity.csv"
    table = pl.read_csv(path, schema_overrides={"region": pl.String, "industry": pl.String})
    table.with_columns(pl.col("employment") * 10_000).write_csv(path)
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=None,
        column="output, employment",
        found="100 CNY per person",
        expected="100 million CNY, 10,000 persons",
    )


def test_single_employment_in_another_unit(study: Path) -> None:
    row = row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[1])
    change(study, "activity", row, "employment", "4000")
    change(
        study, "activity", row_of(study, REGIONS[0], INDUSTRIES[0], YEARS[0]), "employment", "90"
    )
    change(study, "activity", row, "output", "30")
    change(study, "activity", row, "value_added", "10")
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=row,
        column="output",
        found="75 CNY per person",
        expected="1,000 to 100,000,000 CNY",
    )


def test_population_in_another_unit(study: Path) -> None:
    add(
        study,
        "indicators",
        "region,year,indicator,value,unit",
        "110000,2017,gdp,30000,100 million CNY",
        '110000,2017,population,21710000,"10,000 persons"',
    )
    said_once(
        check_study(study),
        file="indicators.csv",
        table="indicators",
        row=2,
        column="value",
        found="14 CNY per head",
        expected="CNY per head",
    )


def test_swapped_coordinates(study: Path) -> None:
    change(study, "regions", 3, "longitude", "39.9")
    change(study, "regions", 3, "latitude", "116.4")
    problems = check_study(study)
    assert [problem.column for problem in problems] == ["longitude", "latitude"]
    said_once(
        problems[1:],
        file="regions.csv",
        table="regions",
        row=3,
        column="latitude",
        found="116.4, longitude and latitude swapped",
        expected="39.9",
    )


def test_region_without_a_year(study: Path) -> None:
    path = study / "activity.csv"
    put(
        path,
        [
            line
            for line in lines(path)
            if not line.startswith(f"{REGIONS[3]},") or "2017" not in line
        ],
    )
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=None,
        column="region, year",
        found="no row of region 520000 in 2017",
        expected="rows of 2017",
    )


def test_year_left_out_of_a_series(study: Path) -> None:
    path = study / "activity.csv"
    header, *rows = lines(path)
    first = [row for row in rows if f",{YEARS[0]}," in row]
    put(
        path,
        [
            header,
            *(
                row.replace(",2012,", f",{year},")
                for year in (2013, 2014, 2016, 2017)
                for row in first
            ),
        ],
    )
    said_once(
        check_study(study),
        file="activity.csv",
        table="activity",
        row=None,
        column="year",
        found="2014 and 2016 without 2015",
        expected="missing_years = [2015]",
    )


# Workbooks


def test_number_stored_as_text(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        sheets["activity"][4][3] = "812.5"
        sheets["activity"][4][4] = None

    said_once(
        check_study(workbook(tmp_path / "study.xlsx", damage)),
        file="study.xlsx",
        table="activity",
        row=5,
        column="output",
        found="812.5 stored as text",
        expected="Convert to Number",
    )


def test_leading_zeros_lost_in_a_workbook(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        sheets["activity"][1][1] = 6

    said_once(
        check_study(workbook(tmp_path / "study.xlsx", damage)),
        file="study.xlsx",
        table="activity",
        row=2,
        column="industry",
        found="lost its leading zeros",
        expected="06",
    )


def test_year_formatted_as_a_date(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        for row in sheets["activity"][1:]:
            if row[:3] == [REGIONS[0], INDUSTRIES[0], YEARS[0]]:
                row[2] = "date:2012"

    problems = check_study(workbook(tmp_path / "study.xlsx", damage))
    said_once(
        problems,
        file="study.xlsx",
        table="activity",
        row=10,
        column="year",
        found="1905-07-04",
        expected="the year 2012",
    )


def test_error_cell(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        sheets["activity"][2][5] = "=1/0"

    said_once(
        check_study(workbook(tmp_path / "study.xlsx", damage)),
        file="study.xlsx",
        table="activity",
        row=3,
        column="employment",
        found="#DIV/0!",
        expected="an empty cell",
    )


def test_merged_cells(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        at = next(n for n, row in enumerate(sheets["activity"]) if row[0] == REGIONS[0])
        sheets["activity"][at][0] = "merged:2"
        sheets["activity"][at + 1][0] = None

    problems = check_study(workbook(tmp_path / "study.xlsx", damage))
    merged = [problem for problem in problems if "merged" in problem.found]
    said_once(
        merged,
        file="study.xlsx",
        table="activity",
        row=10,
        column="region",
        found="merged cells",
        expected="single cells",
    )


def test_title_above_the_header(tmp_path: Path) -> None:
    def damage(sheets: dict[str, Rows]) -> None:
        sheets["regions"].insert(0, ["各地区代码表"])

    said_once(
        check_study(workbook(tmp_path / "study.xlsx", damage)),
        file="study.xlsx",
        table="regions",
        row=2,
        column="",
        found="row 2",
        expected="row 1",
    )


def test_empty_sheet(tmp_path: Path) -> None:
    said_once(
        check_study(workbook(tmp_path / "study.xlsx", lambda sheets: sheets["regions"].clear())),
        file="study.xlsx",
        table="regions",
        row=1,
        column="",
        found="an empty sheet",
        expected="a header row",
    )


# Whole files


def test_torn_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path / "study.xlsx")
    path.write_bytes(path.read_bytes()[:2000])
    (problem, *_) = [p for p in check_study(path) if p.file == "study.xlsx"]
    assert "cannot be read as Excel" in problem.found


def test_torn_parquet(study: Path) -> None:
    (study / "regions.csv").unlink()
    (study / "regions.parquet").write_bytes(b"PAR1 torn")
    said_once(
        check_study(study),
        file="regions.parquet",
        table="regions",
        row=None,
        column="",
        found="cannot be read as Parquet",
        expected="a Parquet file",
    )


def test_table_twice(study: Path) -> None:
    pl.read_csv(study / "regions.csv", infer_schema=False).write_parquet(study / "regions.parquet")
    said_once(
        check_study(study),
        file=str(study),
        table="regions",
        row=None,
        column="",
        found="twice",
        expected="once",
    )


def test_no_such_study(tmp_path: Path) -> None:
    small_study(tmp_path / "river")
    path = str(tmp_path / "rivre")
    said_once(
        check_study(path),
        file=path,
        table="",
        row=None,
        column="",
        found="no such file",
        expected="river",
    )
