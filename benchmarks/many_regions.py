"""Plans of SYNTHETIC studies of many regions: time, memory and what is written, by size.

Usage: python benchmarks/many_regions.py [REGIONSxINDUSTRIES:DRAWS | STUDY:DRAWS] …

Every case is planned in a process of its own, from reading to the last file. A row of the table in
README.md each: seconds by the clock and of the processor, peak memory, seconds of the draws and of
the report, sizes of the workbook and the page, and how many draws cleared.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

CASES = ["100x40:0", "100x228:0", "361x228:0", "722x57:0", "722x114:0", "722x228:0"]
ABOUT = """title_zh = "随机（SYNTHETIC）"
title_en = "Random (SYNTHETIC)"
currency = "CNY"
base_year = 2023
region_classification = "made up"
industry_classification = "made up"
licence = ""
synthetic = true
[units]
money = "100 million CNY"
persons = "10,000 persons"
"""


def make(regions: int, industries: int, folder: Path) -> None:
    """Write a random study of two years with regions on a plane of a country's size."""
    random = np.random.default_rng(1000 * regions + industries)
    region = [f"R{n:04d}" for n in range(regions)]
    industry = [f"I{s:03d}" for s in range(industries)]
    longitude = random.uniform(100, 122, regions)
    pl.DataFrame(
        {
            "region": region,
            "name_zh": [f"地{n:04d}" for n in range(regions)],
            "name_en": [f"Region {n:04d}" for n in range(regions)],
            "macro_region": np.where(
                longitude > 114, "East", np.where(longitude > 107, "Central", "West")
            ),
            "longitude": longitude,
            "latitude": random.uniform(22, 41, regions),
        }
    ).write_csv(folder / "regions.csv")
    pl.DataFrame(
        {
            "industry": industry,
            "name_zh": [f"业{s:03d}" for s in range(industries)],
            "name_en": [f"Industry {s:03d}" for s in range(industries)],
            "sector": ["manufacturing"] * industries,
        }
    ).write_csv(folder / "industries.csv")
    size = np.exp(random.normal(0, 1, (regions, 1)) + random.normal(3, 1, industries))
    before = size * np.exp(random.normal(0, 1, size.shape))
    after = before * np.exp(random.normal(0.2, 0.3, size.shape))
    n, s = np.indices(size.shape)
    pl.concat(
        pl.DataFrame(
            {
                "region": np.array(region)[n.ravel()],
                "industry": np.array(industry)[s.ravel()],
                "year": [year] * n.size,
                "output": output.ravel(),
                "employment": output.ravel() * jobs,
            }
        )
        for year, output, jobs in ((2018, before, 0.008), (2023, after, 0.006))
    ).write_csv(folder / "activity.csv")
    (folder / "study.toml").write_text(ABOUT, encoding="utf-8")


def one(name: str, draws: int) -> dict[str, object]:
    """Plan one case in this process."""
    from yanzhen.pipeline import run_plan

    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        study = name
        size = re.fullmatch(r"(\d+)x(\d+)", name)
        if size:
            study = str(root / "study")
            (root / "study").mkdir()
            make(int(size[1]), int(size[2]), root / "study")
        clock, processor = time.perf_counter(), time.process_time()
        run = run_plan(study, root / "plan", "en", lambda stage, share: None, draws)
        leaving = run.plan.leaving
        usage = resource.getrusage(resource.RUSAGE_SELF)
        seconds = json.loads((root / "plan" / "run.json").read_text("utf-8"))["seconds"]
        return {
            "case": f"{name}, {draws} draws",
            "clock_s": round(time.perf_counter() - clock, 1),
            "processor_s": round(time.process_time() - processor, 1),
            "peak_gib": round(usage.ru_maxrss / 2**20, 2),
            "market_s": round(seconds["market"], 1),
            "draws_s": round(seconds["uncertainty"], 1),
            "report_s": round(seconds["report"], 1),
            "workbook_mb": round((root / "plan" / "plan.xlsx").stat().st_size / 1e6, 1),
            "page_mb": round((root / "plan" / "report.html").stat().st_size / 1e6, 1),
            "cleared": run.plan.uncertainty.cleared,
            "listed": round(float(leaving["listed"].sum() / leaving["output"].sum()), 3),
            "certificate": run.certificate_passed,
        }


def main(cases: list[str]) -> None:
    for case in cases or CASES:
        subprocess.run([sys.executable, __file__, "--case", *case.split(":")], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--case"]:
        print(json.dumps(one(sys.argv[2], int(sys.argv[3]))), flush=True)
    else:
        main(sys.argv[1:])
