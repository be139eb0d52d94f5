"""Write the three files of an office of a province, and next year's yearbook. All SYNTHETIC.

    python scripts/make_office_files.py FOLDER

The places and industries exist; every figure, enterprise and park is made up, and every file says
so. The files look as an office's do: merged titles, units in corners and headings, a total row,
notes, marks of missing, a misspelt city. The same files every time.
"""

import csv
import random
import sys
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

CITIES = ("济南", "青岛", "淄博", "烟台", "潍坊", "济宁", "临沂", "菏则")
"""菏则 is a misspelt 菏泽, for the import to ask about."""
INDUSTRIES = (
    "食品制造业",
    "纺织业",
    "医药制造业",
    "专用设备制造业",
    "汽车制造业",
    "通用设备制造业",
)
YEARS = (2013, 2015, 2017)
NEXT = 2018
MADE_UP = "合成数据（SYNTHETIC），不代表任何地区的实际情况"
SIZE = {"济南": 900, "青岛": 1400, "淄博": 700, "烟台": 1200, "潍坊": 900, "济宁": 500}
"""Of a city's usual industry, in 10,000 yuan per thousandth; 300 where none is named."""


def outputs() -> Mapping[tuple[str, str, int], int]:
    """Output by city, industry and year, 10,000 yuan: coastal cities lose textiles and food."""
    draw = random.Random(20170)
    figures = {}
    for city in CITIES:
        coastal = city in ("青岛", "烟台", "潍坊")
        for industry in INDUSTRIES:
            level = SIZE.get(city, 300) * draw.uniform(0.4, 1.8) * 1000
            is_light = industry in ("食品制造业", "纺织业")
            growth = draw.uniform(0.88, 1.0) if coastal and is_light else draw.uniform(1.03, 1.16)
            for step, year in enumerate((*YEARS, NEXT)):
                figures[city, industry, year] = round(level * growth ** (2 * step))
    return figures


def write_yearbook(path: Path, years: tuple[int, ...]) -> None:
    """A sheet a year and measure, as a yearbook has them."""
    figures, draw = outputs(), random.Random(7)
    with xlsxwriter.Workbook(path) as book:
        bold = book.add_format({"bold": True, "align": "center"})
        for year in years:
            for measure, unit, size in (("工业总产值", "万元", 1.0), ("从业人员", "人", 0.011)):
                sheet = book.add_worksheet(f"{year}年{measure}")
                title = f"13-7  各市按行业分规模以上工业企业{measure}（{year}年）"
                sheet.merge_range(0, 0, 0, len(INDUSTRIES), title, bold)
                sheet.write(1, len(INDUSTRIES), f"单位：{unit}")
                sheet.write_row(2, 0, ["市    别", *INDUSTRIES], bold)
                cells = {
                    (city, industry): round(figures[city, industry, year] * size)
                    for city in CITIES
                    for industry in INDUSTRIES
                }
                sums = [sum(cells[city, industry] for city in CITIES) for industry in INDUSTRIES]
                sheet.write_row(3, 0, ["全    省", *sums])
                for row, city in enumerate(CITIES, start=4):
                    name = city if city == "菏则" and year != years[0] else f"{city[0]}　{city[1]}"
                    shown = [_shown(cells[city, industry], draw) for industry in INDUSTRIES]
                    sheet.write_row(row, 0, [name, *shown])
                last = 4 + len(CITIES)
                sheet.write(last, 0, "注：①为快报数；“…”表示数据不足或未公布。")
                sheet.write(last + 1, 0, f"资料来源：{MADE_UP}")
        needs = book.add_worksheet("分行业亩均产值")
        needs.write_row(0, 0, ["行业", "亩均产值（万元/亩）"], bold)
        for row, industry in enumerate(INDUSTRIES, start=1):
            needs.write_row(row, 0, [industry, draw.randrange(180, 620)])
        needs.write(len(INDUSTRIES) + 1, 0, f"注：{MADE_UP}")


def write_enterprises(path: Path) -> None:
    """A list of enterprises under their addresses, a total below."""
    draw = random.Random(11)
    heads = ["序号", "企业名称", "统一社会信用代码", "所在地", "所属行业", "营业收入（万元）"]
    heads += ["从业人数（人）", "占地（亩）"]
    places = ("青岛市城阳区", "青岛市即墨区", "烟台市福山区", "潍坊市寿光市")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("拟转移企业")
        sheet.merge_range(0, 0, 0, len(heads) - 1, f"拟转移企业摸底表  {MADE_UP}")
        sheet.write_row(2, 0, heads)
        total = 0
        for at in range(12):
            revenue = draw.randrange(3_000, 30_000)
            total += revenue
            number = f"9137{at:04d}MA{at:08d}"
            land = draw.randrange(15, 120) if at != 5 else "—"
            row = [at + 1, f"合成企业{at + 1}", number, places[at % 4], INDUSTRIES[at % 2]]
            sheet.write_row(at + 3, 0, [*row, revenue, draw.randrange(40, 600), land])
        sheet.write_row(15, 0, ["合计", "", "", "", "", total])


def write_parks(path: Path) -> None:
    """Parks with free land and its price, in GB18030 as a spreadsheet of the office saves it."""
    draw = random.Random(13)
    rows: list[list[object]] = [
        ["园区名称", "所在市", "级别", "剩余可用面积（公顷）", "工业地价（元/亩）"]
    ]
    for city, place in (("菏泽", "菏泽市"), ("临沂", "临沂市"), ("济宁", "济宁市")):
        for part in ("东", "西"):
            name = f"{city}{part}部合成产业园"
            price = f"{draw.randrange(90, 240) * 1000:,}"
            rows.append([name, place, "省级", draw.randrange(60, 400), price])
    rows.append([f"注：{MADE_UP}"])
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)


def _shown(figure: int, draw: random.Random) -> object:
    """A figure as yearbooks print it, now and then with a footnote, seldom not at all."""
    chance = draw.random()
    if chance < 0.03:
        return "…"
    return f"{figure:,}①" if chance < 0.1 else figure


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write_yearbook(folder / "年鉴.xlsx", YEARS)
    write_enterprises(folder / "企业名单.xlsx")
    write_parks(folder / "园区.csv")
    write_yearbook(folder / "年鉴2018.xlsx", (NEXT,))


if __name__ == "__main__":
    main()
