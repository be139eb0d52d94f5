"""Files as offices of other countries publish them, each with the frames that an import has to
give back. All SYNTHETIC.
"""

import random
from pathlib import Path

import polars as pl

from tests.study.importing.layouts import write_text
from tests.study.importing.office_cells import (
    Cell,
    OfficeFile,
    activity,
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
        {"activity": activity(made, "output")},
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
        {"activity": activity(made, "employment", "enterprises")},
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
        {"activity": activity(made, "employment", "enterprises")},
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
            "activity": activity(made, "output", "value_added"),
            "input_output": pl.DataFrame(flows, schema=heads, orient="row"),
        },
    )
