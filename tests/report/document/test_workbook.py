"""The workbook, opened again."""

import zipfile
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from yanzhen.market.plan.plan import Plan
from yanzhen.report.analyses.plan import plan_document
from yanzhen.report.document.folder import write_file
from yanzhen.report.document.workbook import FIRST_ROW, HEAD_ROW
from yanzhen.report.tables.plan import listed_tables
from yanzhen.report.text.reader import Reader


@pytest.fixture(scope="module", params=["zh", "en"])
def written(
    request: pytest.FixtureRequest, plan: Plan, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    path = tmp_path_factory.mktemp("workbook") / "plan.xlsx"
    write_file(plan_document(plan, Reader(plan.study, request.param)), path)
    return request.param, path


def sheet(path: Path, place: int | str) -> pl.DataFrame:
    return fastexcel.read_excel(path).load_sheet(place, header_row=HEAD_ROW).to_polars()


def test_there_is_a_sheet_a_table(plan: Plan, written: tuple[str, Path]) -> None:
    lang, path = written
    names = fastexcel.read_excel(path).sheet_names
    listed = {table.key for table in listed_tables(plan, Reader(plan.study, lang))}
    document = plan_document(plan, Reader(plan.study, lang))
    in_files = {Path(long.file).stem.removeprefix("SYNTHETIC_") for long in document.in_files}
    # Contents before; parameters, certificate and sources after.
    assert len(names) == 1 + len(listed - in_files) + 3


def test_long_tables_for_programs_are_files_that_the_first_sheet_names(
    plan: Plan, written: tuple[str, Path]
) -> None:
    lang, path = written
    document = plan_document(plan, Reader(plan.study, lang))
    first = fastexcel.read_excel(path).load_sheet(0, header_row=None).to_polars()
    told = dict(zip(first.to_series(0), first.to_series(2), strict=True))
    (long,) = document.in_files
    assert long.file == "tables/SYNTHETIC_schedule.csv" and long.file in told[long.title]
    assert long.rows == plan.schedule.height > 1_000
    assert "schedule" in document.frames and "schedule" not in {t.key for t in document.tables}


def test_sheets_hold_every_row(plan: Plan, written: tuple[str, Path]) -> None:
    lang, path = written
    for place, table in enumerate(plan_document(plan, Reader(plan.study, lang)).tables, 1):
        read = fastexcel.read_excel(path).load_sheet(place, header_row=None, skip_rows=0)
        assert read.total_height == (FIRST_ROW + len(table.rows)), table.key


def test_figures_come_back_as_they_were(plan: Plan, written: tuple[str, Path]) -> None:
    lang, path = written
    table = next(
        table
        for table in listed_tables(plan, Reader(plan.study, lang))
        if table.key == "macro_regions"
    )
    place = table.index("net")
    read = sheet(path, 1)
    values = read[read.columns[place]].slice(1).cast(pl.Float64)
    assert values.to_list() == pytest.approx([row[place] for row in table.rows], rel=1e-6)


def test_units_stand_under_the_heads(written: tuple[str, Path]) -> None:
    lang, path = written
    assert ("亿元" if lang == "zh" else "CNY billion") in sheet(path, 1).row(0)


def test_every_sheet_says_synthetic(written: tuple[str, Path]) -> None:
    _, path = written
    book = fastexcel.read_excel(path)
    for place in range(len(book.sheet_names)):
        first = book.load_sheet(place, header_row=None, n_rows=1).to_polars().row(0)
        assert "SYNTHETIC" in first[0]


def test_contents_link_to_every_sheet(written: tuple[str, Path]) -> None:
    _, path = written
    with zipfile.ZipFile(path) as parts:
        contents = parts.read("xl/worksheets/sheet1.xml").decode()
    assert contents.count("<hyperlink ") == len(fastexcel.read_excel(path).sheet_names) - 1


def test_heads_and_units_stay_in_view(written: tuple[str, Path]) -> None:
    _, path = written
    with zipfile.ZipFile(path) as parts:
        first = parts.read("xl/worksheets/sheet2.xml").decode()
    assert f'<pane ySplit="{FIRST_ROW}"' in first


def test_the_same_plan_gives_the_same_bytes(foreign_plan: Plan, tmp_path: Path) -> None:
    write_file(plan_document(foreign_plan, Reader(foreign_plan.study, "zh")), tmp_path / "a.xlsx")
    write_file(plan_document(foreign_plan, Reader(foreign_plan.study, "zh")), tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_name_like_a_formula_stays_text(foreign_plan: Plan, tmp_path: Path) -> None:
    from dataclasses import replace

    table = foreign_plan.study.tables["regions"].with_columns(name_zh=pl.lit("=1+1"))
    study = replace(foreign_plan.study, tables={**foreign_plan.study.tables, "regions": table})
    plan = replace(foreign_plan, study=study)
    write_file(plan_document(plan, Reader(study, "zh")), tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        text = "".join(parts.read(n).decode() for n in parts.namelist() if "sheet" in n)
    assert "<f>" not in text
