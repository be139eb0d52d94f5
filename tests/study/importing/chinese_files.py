"""Files as Chinese offices keep them: yearbooks, reports, lists. All SYNTHETIC.

Every maker writes one kind of file with the traps of its kind: merged cells, titles, units in
corners, totals, notes, marks of missing, footnote signs, digits of full width. What must come back
stands beside it, in the units of the study that the files make.
"""

import random
from pathlib import Path

import polars as pl

from tests.study.importing.layouts import write_text
from tests.study.importing.office_cells import (
    CITIES,
    INDUSTRIES,
    MARKS,
    Cell,
    Merged,
    OfficeFile,
    activity,
    as_printed,
    full_width,
    spaced,
    workbook,
)


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
                cells.append(as_printed(figure, draw))
            rows.append([spaced(name), *cells])
        rows += [["注：①为快报数。"], ["资料来源：合成数据（SYNTHETIC）"]]
        merged = [(0, 0, 0, across), (2, 0, 3, 0), (2, 1, 2, across)]
        sheets[f"{year}年"] = (rows, merged)
    return OfficeFile(
        workbook(folder / "年鉴.xlsx", sheets), {"activity": activity(made, "output")}
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
        workbook(folder / "各市主要指标.xlsx", {"Sheet1": (rows, merged)}),
        {"activity": activity(made, "employment", "value_added")},
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
        {"activity": activity(made, "output", "employment", "energy", "enterprises", "tax")},
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
                    shown.append(full_width(whole) if is_known else draw.choice(MARKS))
                    cell = made.setdefault((city, code, year), {})
                    cell[column] = whole * factor if is_known else None
                rows.append([title, unit, name, industry, *shown])
    return OfficeFile(
        write_text(folder / "指标.csv", rows, "gb18030"),
        {
            "activity": activity(
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
        workbook(folder / "企业名录.xlsx", {"名录": (rows, [(0, 0, 0, 9)])}),
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
        workbook(folder / "亩均效益.xlsx", {"亩均效益": (rows, [(0, 0, 0, 4)])}),
        {"intensities": pl.DataFrame(made, schema=columns, orient="row")},
    )
