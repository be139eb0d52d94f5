"""Frames of activity written as offices lay them out. SYNTHETIC figures throughout."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import xlsxwriter

Rows = list[list[object]]
Sheets = dict[str, Rows]

HEADINGS = {"output": "工业总产值", "employment": "从业人员"}
UNITS = {"output": ("亿元", 1.0), "employment": ("万人", 1.0)}
SMALL_UNITS = {"output": ("万元", 1e4), "employment": ("人", 1e4)}


def long(frame: pl.DataFrame, units: dict[str, tuple[str, float]]) -> Sheets:
    """地区, 行业, 年份 and a column a measure."""
    heads = [f"{HEADINGS[name]}（{unit}）" for name, (unit, _) in units.items()]
    rows: Rows = [["地区", "行业", "年份", *heads]]
    for row in frame.iter_rows(named=True):
        figures = [_figure(row[name], size) for name, (_, size) in units.items()]
        rows.append([row["region"], row["industry"], row["year"], *figures])
    return {"数据": rows}


def merged_regions(frame: pl.DataFrame, units: dict[str, tuple[str, float]]) -> Sheets:
    """As `long`, each region's name only in its first row."""
    (rows,) = long(frame.sort("region", "industry", "year"), units).values()
    before = None
    for row in rows[1:]:
        row[0], before = ("" if row[0] == before else row[0]), row[0]
    return {"数据": rows}


def years_across(frame: pl.DataFrame, units: dict[str, tuple[str, float]]) -> Sheets:
    """A sheet a measure, named so, with a column a year."""
    years = _values(frame, "year")
    sheets: Sheets = {}
    for name, (unit, size) in units.items():
        rows: Rows = [["", "", *[""] * (len(years) - 1), f"单位：{unit}"]] if years else []
        rows.append(["地区", "行业", *(f"{year}年" for year in years)])
        for region, industry in (
            frame.select("region", "industry").unique(maintain_order=True).rows()
        ):
            figures = [_cell(frame, region, industry, year, name, size) for year in years]
            rows.append([region, industry, *figures])
        sheets[HEADINGS[name]] = rows
    return sheets


def industries_across(frame: pl.DataFrame, units: dict[str, tuple[str, float]]) -> Sheets:
    """A sheet a year and measure, with a column an industry, titled, the unit in a corner."""
    return _across(frame, units, "region", "industry", "地区")


def regions_across(frame: pl.DataFrame, units: dict[str, tuple[str, float]]) -> Sheets:
    """A sheet a year and measure, with a column a region."""
    return _across(frame, units, "industry", "region", "行业")


def measures_over_years(frame: pl.DataFrame, units: dict[str, tuple[str, float]]) -> Sheets:
    """Two lines of headings, measures above years; a measure stands over its first year alone."""
    years = _values(frame, "year")
    top: list[object] = ["地区", "行业"]
    below: list[object] = ["", ""]
    for name, (unit, _) in units.items():
        top += [f"{HEADINGS[name]}({unit})", *[""] * (len(years) - 1)]
        below += years
    return {"数据": [top, below, *_pairs(frame, units, years, by_year=False)]}


def years_over_measures(frame: pl.DataFrame, units: dict[str, tuple[str, float]]) -> Sheets:
    """Two lines of headings, years above measures."""
    years = _values(frame, "year")
    top: list[object] = ["地区", "行业"]
    below: list[object] = ["", ""]
    for year in years:
        top += [f"{year}年", *[""] * (len(units) - 1)]
        below += [f"{HEADINGS[name]}({unit})" for name, (unit, _) in units.items()]
    return {"数据": [top, below, *_pairs(frame, units, years, by_year=True)]}


def sheets_of_regions(frame: pl.DataFrame, units: dict[str, tuple[str, float]]) -> Sheets:
    """A sheet a region, with two lines of headings."""
    years = _values(frame, "year")
    sheets: Sheets = {}
    for region in _values(frame, "region"):
        top: list[object] = ["行业"]
        below: list[object] = [""]
        for name, (unit, _) in units.items():
            top += [f"{HEADINGS[name]}({unit})", *[""] * (len(years) - 1)]
            below += years
        own = frame.filter(pl.col("region") == region)
        pairs = _pairs(own, units, years, by_year=False)
        sheets[str(region)] = [[f"{region}主要指标"], top, below, *(row[1:] for row in pairs)]
    return sheets


LAYOUTS: tuple[Callable[[pl.DataFrame, dict[str, tuple[str, float]]], Sheets], ...] = (
    long,
    merged_regions,
    years_across,
    industries_across,
    regions_across,
    measures_over_years,
    years_over_measures,
    sheets_of_regions,
)


def write_workbook(path: Path, sheets: Sheets) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell not in ("", None):
                        sheet.write(at, column, cell)
    return path


def write_text(
    path: Path, rows: Sequence[Sequence[object]], encoding: str = "utf-8", separator: str = ","
) -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(
        [["" if cell is None else cell for cell in row] for row in rows]
    )
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def _across(
    frame: pl.DataFrame, units: dict[str, tuple[str, float]], down: str, across: str, head: str
) -> Sheets:
    columns = _values(frame, across)
    sheets: Sheets = {}
    for year in _values(frame, "year"):
        for name, (unit, size) in units.items():
            rows: Rows = [
                [f"表 各地区分行业{HEADINGS[name]}"],
                [*[""] * len(columns), f"单位：{unit}"],
                [head, *columns],
            ]
            for label in _values(frame, down):
                cells = [
                    _cell(
                        frame,
                        *((label, other) if down == "region" else (other, label)),
                        year,
                        name,
                        size,
                    )
                    for other in columns
                ]
                rows.append([label, *cells])
            sheets[f"{year}年{HEADINGS[name]}"] = rows
    return sheets


def _pairs(
    frame: pl.DataFrame, units: dict[str, tuple[str, float]], years: list[object], by_year: bool
) -> Rows:
    rows: Rows = []
    for region, industry in frame.select("region", "industry").unique(maintain_order=True).rows():
        places = (
            [(year, name) for year in years for name in units]
            if by_year
            else [(year, name) for name in units for year in years]
        )
        figures = [
            _cell(frame, region, industry, year, name, units[name][1]) for year, name in places
        ]
        rows.append([region, industry, *figures])
    return rows


def _values(frame: pl.DataFrame, column: str) -> list[object]:
    return frame[column].unique(maintain_order=True).to_list()


def _cell(
    frame: pl.DataFrame, region: object, industry: object, year: object, name: str, size: float
) -> object:
    found = frame.filter(
        (pl.col("region") == region) & (pl.col("industry") == industry) & (pl.col("year") == year)
    )[name]
    return _figure(found[0] if found.len() else None, size)


def _figure(value: float | None, size: float) -> object:
    return "…" if value is None else float(f"{value * size:.12g}")
