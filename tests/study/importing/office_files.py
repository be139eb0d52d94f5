"""Files as offices keep them, each made of frames that an import has to give back. All SYNTHETIC.

Every maker writes one kind of file with the traps of its kind: merged cells, titles, units in
corners, totals, notes, marks of missing, footnote signs, digits of full width. What must come back
stands beside it, in the units of the study that the files make.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import xlsxwriter

from tests.study.importing.layouts import write_text

Cell = object
Merged = tuple[int, int, int, int]

CITIES = {"370100": "济南市", "370200": "青岛市", "370300": "淄博市", "370600": "烟台市"}
INDUSTRIES = {"C14": "食品制造业", "C17": "纺织业", "C27": "医药制造业"}
MARKS = ("…", "—", "-", "...", "x", ":", "", "……", "空白")
"""Ways in which yearbooks say that a figure is not known."""


@dataclass(frozen=True)
class OfficeFile:
    """A file, and what an import must make of it.

    Attributes
    ----------
    path : of the file or folder
    tables : by table, the columns and rows that must come back, the key first
    """

    path: Path
    tables: Mapping[str, pl.DataFrame]


def yearbook_of_sheets(folder: Path) -> OfficeFile:
    """A sheet a year; merged titles and headings, 万元 in the corner, 全省, notes, sources."""
    draw = random.Random(1)
    sheets: dict[str, tuple[list[list[Cell]], list[Merged]]] = {}
    made = []
    for year in (2016, 2017):
        across = len(INDUSTRIES)
        rows: list[list[Cell]] = [
            [f"13-7  各市按行业分规模以上工业总产值（{year}年）"],
            ["", "", "", "单位：万元"],
            ["市    别", "工业总产值", "", ""],
            ["", *INDUSTRIES.values()],
        ]
        figures = {
            (city, code): draw.randrange(10_000, 9_000_000)
            for city in CITIES
            for code in INDUSTRIES
        }
        totals = [sum(figures[city, code] for city in CITIES) for code in INDUSTRIES]
        rows.append(["全    省", *totals])
        for city, name in CITIES.items():
            cells: list[Cell] = []
            for code in INDUSTRIES:
                figure = figures[city, code]
                made.append((city, code, year, figure / 1e4))
                cells.append(_as_printed(figure, draw))
            rows.append([_spaced(name), *cells])
        rows += [["注：①为快报数。"], ["资料来源：合成数据（SYNTHETIC）"]]
        merged = [(0, 0, 0, across), (2, 0, 3, 0), (2, 1, 2, across)]
        sheets[f"{year}年"] = (rows, merged)
    return OfficeFile(
        _workbook(folder / "年鉴.xlsx", sheets), {"activity": _activity(made, "output")}
    )


def yearbook_of_years_across(folder: Path) -> OfficeFile:
    """Two lines of merged headings, a merged cell a city, 小计 and 其中, persons in thousands."""
    draw = random.Random(2)
    years = (2015, 2016, 2017)
    rows: list[list[Cell]] = [
        ["各市分行业主要指标"],
        ["城市", "行业", "从业人员平均人数（千人）", "", "", "增加值(亿元)", "", ""],
        ["", "", *years, *years],
    ]
    merged: list[Merged] = [(0, 0, 0, 7), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 4), (1, 5, 1, 7)]
    made = []
    for city, name in CITIES.items():
        top = len(rows)
        figures = {code: [draw.randrange(10, 900) / 10 for _ in range(6)] for code in INDUSTRIES}
        totals = [round(sum(column), 1) for column in zip(*figures.values(), strict=True)]
        rows.append([name, "小计", *totals])
        for code, title in INDUSTRIES.items():
            unknown = draw.randrange(6)
            shown: list[Cell] = list(figures[code])
            shown[unknown] = MARKS[draw.randrange(len(MARKS))]
            rows.append(["", title, *shown])
            for at, year in enumerate(years):
                people = None if unknown == at else figures[code][at] / 10
                added = None if unknown == at + 3 else figures[code][at + 3]
                made.append((city, code, year, people, added))
        rows.append(["", "其中：国有控股", *(1, 1, 1, 1, 1, 1)])
        merged.append((top, 0, len(rows) - 1, 0))
    rows.append(["注：小计为各行业之和。"])
    return OfficeFile(
        _workbook(folder / "各市主要指标.xlsx", {"Sheet1": (rows, merged)}),
        {"activity": _activity(made, "employment", "value_added")},
    )


def unicode_text_of_excel(folder: Path) -> OfficeFile:
    """UTF-16 with tabs, as Excel saves Unicode text: a row an observation, a unit a heading."""
    draw = random.Random(3)
    rows: list[list[Cell]] = [
        [
            *(
                "年份",
                "地区",
                "行业代码",
                "行业名称",
                "工业总产值(万元)",
                "全部从业人员平均人数(人)",
            ),
            *("综合能源消费量（吨标准煤）", "企业单位数(个)", "应交税金（千元）", "同比增长(%)"),
        ]
    ]
    made = []
    for year in (2016, 2017):
        for city, name in CITIES.items():
            for code, title in INDUSTRIES.items():
                output, people = draw.randrange(10**4, 10**7), draw.randrange(100, 90_000)
                energy, count = draw.randrange(10**3, 10**6), draw.randrange(3, 400)
                tax = draw.randrange(10**3, 10**6)
                rows.append(
                    [
                        *(year, name.removesuffix("市"), code[1:], title),
                        *(f"{output:,}", f"{people:,}", f"{energy:,}", count, f"{tax:,}"),
                        f"{draw.randrange(-90, 200) / 10}%",
                    ]
                )
                figures = (output / 1e4, people / 1e4, energy / 1e4, float(count), tax / 1e5)
                made.append((city, code, year, *figures))
    return OfficeFile(
        write_text(folder / "企业报表汇总.txt", rows, "utf-16", "\t"),
        {"activity": _activity(made, "output", "employment", "energy", "enterprises", "tax")},
    )


def measures_in_rows(folder: Path) -> OfficeFile:
    """GB18030: measure and unit in columns of their own, digits of full width, footnote signs."""
    draw = random.Random(4)
    measures = {
        "output": ("工业总产值", "亿元", 1.0),
        "employment": ("从业人员", "千人", 0.1),
        "emissions": ("二氧化碳排放量", "吨二氧化碳", 1e-6),
    }
    rows: list[list[Cell]] = [["指标", "计量单位", "地区", "行业", "2016年", "2017年"]]
    made: dict[tuple[str, str, int], dict[str, float | None]] = {}
    for column, (title, unit, factor) in measures.items():
        for city, name in CITIES.items():
            for code, industry in INDUSTRIES.items():
                shown: list[Cell] = []
                for year in (2016, 2017):
                    whole = draw.randrange(100, 99_999)
                    is_known = draw.random() > 0.15
                    shown.append(_full_width(whole) if is_known else draw.choice(MARKS))
                    cell = made.setdefault((city, code, year), {})
                    cell[column] = whole * factor if is_known else None
                rows.append([title, unit, name, industry, *shown])
    return OfficeFile(
        write_text(folder / "指标.csv", rows, "gb18030"),
        {
            "activity": _activity(
                [(*key, *(cells[column] for column in measures)) for key, cells in made.items()],
                *measures,
            )
        },
    )


def indicators_of_cities(folder: Path) -> OfficeFile:
    """GDP and population of whole cities, with growth in per cent between them, by commas."""
    draw = random.Random(5)
    rows: list[list[Cell]] = [
        ["表2-1 各市国民经济主要指标"],
        ["", "地区生产总值（亿元）", "", "比上年增长（%）", "年末常住人口（千人）", ""],
        ["市别", "2016", "2017", "2017", "2016", "2017"],
        ["全省合计", "", "", "", "", ""],
    ]
    made = []
    for city, name in CITIES.items():
        gdp = [draw.randrange(10**6, 10**7) / 1000 for _ in range(2)]
        people = [draw.randrange(2000, 9900) for _ in range(2)]
        growth = f"{draw.randrange(40, 90) / 10}%"
        rows.append([name, *(f"{each:,.3f}" for each in gdp), growth, *people])
        for at, year in enumerate((2016, 2017)):
            made.append((city, year, "gdp", gdp[at]))
            made.append((city, year, "population", people[at] / 10))
    return OfficeFile(
        write_text(folder / "综合.csv", rows, "utf-8-sig"),
        {
            "indicators": pl.DataFrame(
                made, schema=["region", "year", "indicator", "value"], orient="row"
            )
        },
    )


def list_of_enterprises(folder: Path) -> OfficeFile:
    """Enterprises by address; revenue in thousands of yuan, land in square metres, a total row."""
    draw = random.Random(6)
    addresses = (
        ("山东省济南市历城区工业北路1号", "370112"),
        ("青岛市城阳区", "370214"),
        ("淄博", "370300"),
    )
    heading = [
        "序号",
        "单位详细名称",
        "统一社会信用代码",
        "所在地",
        "国民经济行业",
        "主营业务收入（千元）",
    ]
    heading += ["从业人员数（人）", "用地面积（平方米）", "综合能源消费量（吨标准煤）", "备注"]
    rows: list[list[Cell]] = [["规模以上工业企业名录（SYNTHETIC）"], [], heading]
    made = []
    for at in range(9):
        address, city = addresses[at % 3]
        code = list(INDUSTRIES)[at // 3]
        output, jobs = draw.randrange(10**4, 10**6), draw.randrange(20, 900)
        land, energy = draw.randrange(10**3, 10**5), draw.randrange(10**2, 10**4)
        number = f"9137{at:04d}MA{at:08d}"
        shown: list[Cell] = [INDUSTRIES[code], code, f"{code[1:]} {INDUSTRIES[code]}"]
        is_known = at != 4
        rows.append(
            [
                *(at + 1, f"合成企业{at + 1}", number, address, shown[at % 3], output, jobs),
                *(land if is_known else "—", energy, "快报"),
            ]
        )
        needs = (jobs / 1e4, land / 1e4 if is_known else None, energy / 1e4)
        made.append((number, city, code, f"合成企业{at + 1}", output / 1e5, *needs))
    rows.append(["合  计", "", "", "", "", 1, 1, 1, 1])
    columns = ["enterprise", "origin", "industry", "name_zh", "output", "jobs", "land", "energy"]
    return OfficeFile(
        _workbook(folder / "企业名录.xlsx", {"名录": (rows, [(0, 0, 0, 9)])}),
        {"enterprises": pl.DataFrame(made, schema=columns, orient="row")},
    )


def list_of_parks(folder: Path) -> OfficeFile:
    """Parks with free land in hectares, its price in yuan a mu, quotas of energy and labour."""
    draw = random.Random(7)
    rows: list[list[Cell]] = [
        [
            "开发区名称",
            "所在市",
            "级别",
            "可供工业用地（公顷）",
            "工业地价（元/亩）",
            "能耗指标（万吨标准煤）",
            "可供劳动力（千人）",
        ]
    ]
    sites, resources = [], []
    for city, name in CITIES.items():
        park = f"{name.removesuffix('市')}合成产业园"
        land, price = draw.randrange(10, 900), draw.randrange(100, 400) * 1000
        energy, jobs = draw.randrange(10, 90) / 10, draw.randrange(1, 30)
        rows.append([park, name, "省级", land, f"{price:,}", energy, jobs])
        sites.append((park, city, "省级"))
        # A mu is a fifteenth of a hectare; 100 million yuan are the study's unit of money.
        resources += [
            (park, "land", float(land), price * 15 / 1e8, True),
            (park, "energy", energy, None, None),
            (park, "jobs", jobs / 10, None, None),
        ]
    return OfficeFile(
        write_text(folder / "园区.csv", rows, "gb18030"),
        {
            "sites": pl.DataFrame(sites, schema=["site", "region", "kind"], orient="row"),
            "resources": pl.DataFrame(
                resources,
                schema=["place", "resource", "capacity", "posted_price", "one_off"],
                orient="row",
            ),
        },
    )


def needs_of_industries(folder: Path) -> OfficeFile:
    """What industries need of land, labour and electricity, each a unit of money per another."""
    draw = random.Random(14)
    rows: list[list[Cell]] = [
        ["分行业用地用工用电效益（SYNTHETIC）"],
        [
            "行业代码",
            "行业",
            "亩均产值（万元/亩）",
            "人均产值（万元/人）",
            "单位产值电耗（千瓦时/万元）",
        ],
    ]
    made: list[tuple[object, ...]] = []
    for code, title in INDUSTRIES.items():
        land, jobs, power = draw.randrange(90, 700), draw.randrange(60, 300), draw.randrange(20, 99)
        is_known = code != "C17"
        rows.append([code[1:], title, land, jobs if is_known else "—", power])
        made.append((code, "land", float(land), "万元/亩"))
        if is_known:
            made.append((code, "jobs", float(jobs), "万元/人"))
        made.append((code, "electricity", float(power), "千瓦时/万元"))
    columns = ["industry", "resource", "amount", "unit"]
    return OfficeFile(
        _workbook(folder / "亩均效益.xlsx", {"亩均效益": (rows, [(0, 0, 0, 4)])}),
        {"intensities": pl.DataFrame(made, schema=columns, orient="row")},
    )


def english_table(folder: Path) -> OfficeFile:
    """A table in English of places that nothing knows: million USD, Total, of which, a source."""
    draw = random.Random(8)
    places, industries = ("Haven", "Lowbank", "Midford", "Uplands"), ("Food", "Textiles", "Steel")
    rows: list[list[Cell]] = [
        ["Table 4. Gross output by region and industry (million USD)"],
        ["Region", "Industry", "2016", "2017"],
    ]
    made = []
    for place in places:
        for industry in industries:
            figures = [draw.randrange(10_000, 900_000) / 100 for _ in range(2)]
            rows.append([place, industry, *(f"{each:,.2f}" for each in figures)])
            made += [
                (place, industry, year, each)
                for year, each in zip((2016, 2017), figures, strict=True)
            ]
        rows.append(["of which: state-owned", "", "1.0", "1.0"])
    totals = [sum(row[3] for row in made if row[2] == year) for year in (2016, 2017)]
    rows.append(["Total", "Total", *(f"{each:,.2f}" for each in totals)])
    rows += [["Note: all figures are made up (SYNTHETIC)."], ["Source: none"]]
    return OfficeFile(
        write_text(folder / "table4.csv", rows, separator=";"),
        {"activity": _activity(made, "output")},
    )


def eurostat_tsv(folder: Path) -> OfficeFile:
    """Eurostat's TSV: flags behind figures, NUTS and NACE at several levels."""
    draw = random.Random(9)
    lines = ["freq,unit,nace_r2,na_item,geo\\TIME_PERIOD\t2016 \t2017 "]
    parts = {"DE11": ("C10", "C11", "C13"), "DE12": ("C10", "C11", "C13")}
    flags = (" ", " p", " e", " b")
    figures = {
        (geo, code, year): draw.randrange(100, 9999) / 10
        for geo, codes in parts.items()
        for code in codes
        for year in (2016, 2017)
    }
    made = []
    for geo, codes in parts.items():
        for code in codes:
            shown = []
            for year in (2016, 2017):
                is_known = (geo, code, year) != ("DE12", "C13", 2017)
                flag = draw.choice(flags)
                figure = figures[geo, code, year]
                shown.append(f"{figure}{flag}" if is_known else ": c")
                status = "estimated" if flag == " e" and is_known else None
                made.append((geo, code, year, figure if is_known else None, status))
            lines.append(f"A,MIO_EUR,{code},B1G,{geo}\t" + "\t".join(shown))
    # A place above others stays above them; an industry that holds others does not stay.
    for geo in ("DE1", "DE11", "DE12"):
        inside = [each for each in parts if each.startswith(geo)]
        held = {"TOTAL": ("C10", "C11", "C13"), "C10-C12": ("C10", "C11")}
        held |= {code: (code,) for code in parts["DE11"]} if geo == "DE1" else {}
        for whole, codes in held.items():
            sums = [
                round(sum(figures[each, code, year] for each in inside for code in codes), 1)
                for year in (2016, 2017)
            ]
            lines.append(f"A,MIO_EUR,{whole},B1G,{geo}\t{sums[0]} \t{sums[1]} ")
            if whole in parts["DE11"]:
                made += [(geo, whole, 2016 + at, each, None) for at, each in enumerate(sums)]
    path = folder / "nama_10r_3gva.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = ["region", "industry", "year", "value_added", "value_added_status"]
    return OfficeFile(path, {"activity": pl.DataFrame(made, schema=columns, orient="row")})


def sdmx_csv(folder: Path) -> OfficeFile:
    """SDMX-CSV 1.0 with flags in a column of their own, confidential cells empty."""
    draw = random.Random(10)
    rows: list[list[Cell]] = [
        [
            *("DATAFLOW", "LAST UPDATE", "freq", "unit", "wstatus", "nace_r2", "na_item", "geo"),
            *("TIME_PERIOD", "OBS_VALUE", "OBS_FLAG"),
        ]
    ]
    made = []
    for geo in ("FR10", "FRB0"):
        for code in ("C13", "C14", "C15"):
            for year in (2016, 2017):
                figure, flag = draw.randrange(10, 900) / 10, draw.choice(("", "e", "p", "c"))
                is_known = flag != "c"
                rows.append(
                    [
                        *("ESTAT:NAMA_10R_3EMPERS(1.0)", "01/01/24 11:00:00", "A", "THS", "EMP"),
                        *(code, "EMP_DC", geo, year, figure if is_known else "", flag),
                    ]
                )
                status = "estimated" if flag == "e" else None
                made.append((geo, code, year, figure / 10 if is_known else None, status))
    columns = ["region", "industry", "year", "employment", "employment_status"]
    return OfficeFile(
        write_text(folder / "estat_nama_10r_3empers.csv", rows),
        {"activity": pl.DataFrame(made, schema=columns, orient="row")},
    )


def quarterly_census(folder: Path) -> OfficeFile:
    """QCEW's annual file of one ownership: state and county, NAICS at two levels, undisclosed."""
    draw = random.Random(11)
    rows: list[list[Cell]] = [
        [
            *("area_fips", "own_code", "industry_code", "agglvl_code", "size_code", "year", "qtr"),
            *("disclosure_code", "annual_avg_estabs", "annual_avg_emplvl", "total_annual_wages"),
        ]
    ]
    counties, industries = ("01001", "01003", "01005"), ("311", "313", "315")
    made = []
    sums = {code: [0, 0] for code in industries}
    for county in counties:
        for code in industries:
            count, people = draw.randrange(3, 90), draw.randrange(30, 9000)
            is_known = (county, code) != ("01005", "313")
            rows.append(
                [
                    *(county, 5, code, 75, 0, 2022, "A", "" if is_known else "N", count),
                    *((people, people * 40_000) if is_known else (0, 0)),
                ]
            )
            sums[code][0] += count
            sums[code][1] += people
            made.append((county, code, 2022, people / 1e4 if is_known else None, float(count)))
    for code, (count, people) in sums.items():
        rows.append(["01000", 5, code, 55, 0, 2022, "A", "", count, people, people * 40_000])
        made.append(("01000", code, 2022, people / 1e4, float(count)))
    return OfficeFile(
        write_text(folder / "2022.annual.singlefile.csv", rows),
        {"activity": _activity(made, "employment", "enterprises")},
    )


def county_business_patterns(folder: Path) -> OfficeFile:
    """County Business Patterns: codes in parts, withheld cells as zeros, the year in the name."""
    draw = random.Random(12)
    rows: list[list[Cell]] = [
        ["fipstate", "fipscty", "naics", "emp_nf", "emp", "ap_nf", "ap", "est"]
    ]
    made = []
    for county in ("001", "003"):
        people = {code: draw.randrange(20, 900) for code in ("311", "313", "315")}
        count = {code: draw.randrange(2, 60) for code in people}
        # A withheld cell is held in the totals above it all the same.
        for total in ("------", "31----"):
            rows.append(
                ["01", county, total, "G", sum(people.values()), "G", 1, sum(count.values())]
            )
        for code in people:
            is_known = (county, code) != ("003", "315")
            shown = ("H", people[code]) if is_known else ("D", 0)
            rows.append(["01", county, f"{code}///", *shown, "G", 1, count[code]])
            known = people[code] / 1e4 if is_known else None
            made.append((f"01{county}", code, 2016, known, float(count[code])))
    return OfficeFile(
        write_text(folder / "cbp16co.txt", rows),
        {"activity": _activity(made, "employment", "enterprises")},
    )


def saved_system(folder: Path) -> OfficeFile:
    """A system that pymrio saved: two regions of three sectors, six final uses, million euro."""
    import pandas as pd
    import pymrio

    draw = random.Random(13)
    regions, sectors = ("DE", "FR"), ("C10", "C13", "F")
    uses = ("Final consumption expenditure by households", "Changes in inventories", "Export")
    cells = [(region, sector) for region in regions for sector in sectors]
    z = [[float(draw.randrange(1, 90)) for _ in cells] for _ in cells]
    finals = [(region, use) for region in regions for use in uses]
    y = [[float(draw.randrange(400, 900)) for _ in finals] for _ in cells]
    rows = pd.MultiIndex.from_tuples(cells, names=["region", "sector"])
    columns = pd.MultiIndex.from_tuples(finals, names=["region", "category"])
    system = pymrio.IOSystem(
        Z=pd.DataFrame(z, index=rows, columns=rows),
        Y=pd.DataFrame(y, index=rows, columns=columns),
        unit=pd.DataFrame({"unit": ["M.EUR"] * len(cells)}, index=rows),
    )
    path = folder / "MRIO_2015"
    system.save_all(path)
    output = [sum(z[i]) + sum(y[i]) for i in range(len(cells))]
    added = [output[j] - sum(z[i][j] for i in range(len(cells))) for j in range(len(cells))]
    named = ("consumption", "capital_formation", "exports")
    flows = [
        *(
            (2015, *cells[i], *cells[j], "domestic", z[i][j])
            for i in range(len(cells))
            for j in range(len(cells))
        ),
        *(
            (2015, *cells[i], region, named[uses.index(use)], "domestic", y[i][k])
            for i in range(len(cells))
            for k, (region, use) in enumerate(finals)
        ),
        *(
            (2015, region, "surplus", region, sector, "value_added", added[j])
            for j, (region, sector) in enumerate(cells)
        ),
    ]
    heads = ["year", "supplier_region", "supplier", "user_region", "user", "origin", "value"]
    made = [(*cell, 2015, output[i], added[i]) for i, cell in enumerate(cells)]
    return OfficeFile(
        path,
        {
            "activity": _activity(made, "output", "value_added"),
            "input_output": pl.DataFrame(flows, schema=heads, orient="row"),
        },
    )


OFFICE_FILES: tuple[Callable[[Path], OfficeFile], ...] = (
    yearbook_of_sheets,
    yearbook_of_years_across,
    unicode_text_of_excel,
    measures_in_rows,
    indicators_of_cities,
    list_of_enterprises,
    list_of_parks,
    needs_of_industries,
    english_table,
    eurostat_tsv,
    sdmx_csv,
    quarterly_census,
    county_business_patterns,
    saved_system,
)


def _activity(rows: Sequence[tuple[object, ...]], *measures: str) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["region", "industry", "year", *measures], orient="row")


def _as_printed(figure: int, draw: random.Random) -> Cell:
    """A figure as a number, or as yearbooks print it."""
    return draw.choice(
        (figure, f"{figure:,}", _full_width(figure), f"{figure}①", f" {figure} ", f"{figure:,}*")
    )


def _full_width(figure: int) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in str(figure))


def _spaced(name: str) -> str:
    """A name of places with ideographic spaces between, as printed in columns of equal width."""
    return "\u3000".join(name)


def _workbook(path: Path, sheets: Mapping[str, tuple[list[list[Cell]], list[Merged]]]) -> Path:
    """A workbook with merged cells, which hold their value in the first of them."""
    with xlsxwriter.Workbook(path) as book:
        for name, (rows, merged) in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell not in ("", None):
                        sheet.write(row, column, cell)
            for top, left, bottom, right in merged:
                row = rows[top]
                sheet.merge_range(top, left, bottom, right, row[left] if left < len(row) else "")
    return path
